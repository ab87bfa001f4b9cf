//! A strict reader of MVT 2.1, apart from what writes it: anything that the specification forbids is a panic.

use std::collections::BTreeMap;

/// A layer read.
#[derive(Debug)]
pub struct Layer {
    pub name: String,
    pub features: Vec<Feature>,
}

/// A feature read.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    pub id: Option<u64>,
    pub kind: u64,
    /// Values as text, by key.
    pub properties: BTreeMap<String, String>,
    /// Points alone, lines, or open rings.
    pub paths: Vec<Vec<(i64, i64)>>,
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn varint(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..70).step_by(7) {
            let (byte, rest) = self.0.split_first().expect("a varint goes on");
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                return value;
            }
        }
        panic!("a varint of more than ten bytes");
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    fn block(&mut self) -> &'a [u8] {
        let length = usize::try_from(self.varint()).unwrap();
        self.take(length)
    }

    fn field(&mut self) -> Option<(u64, u64)> {
        (!self.0.is_empty()).then(|| self.varint()).map(|tag| (tag >> 3, tag & 7))
    }
}

fn signed(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

/// The layers of a tile.
pub fn decode(tile: &[u8]) -> Vec<Layer> {
    let mut tile = Bytes(tile);
    let mut layers = Vec::new();
    while let Some(field) = tile.field() {
        assert_eq!(field, (3, 2), "a tile has layers");
        layers.push(layer(tile.block()));
    }
    layers
}

fn layer(bytes: &[u8]) -> Layer {
    let (mut name, mut keys, mut values, mut raw) = (None, Vec::new(), Vec::new(), Vec::new());
    let (mut extent, mut version) = (None, None);
    let mut bytes = Bytes(bytes);
    while let Some(field) = bytes.field() {
        match field {
            (1, 2) => name = Some(String::from_utf8(bytes.block().to_vec()).unwrap()),
            (2, 2) => raw.push(bytes.block()),
            (3, 2) => keys.push(String::from_utf8(bytes.block().to_vec()).unwrap()),
            (4, 2) => values.push(value(bytes.block())),
            (5, 0) => extent = Some(bytes.varint()),
            (15, 0) => version = Some(bytes.varint()),
            other => panic!("field {other:?} in a layer"),
        }
    }
    assert_eq!((extent, version), (Some(4096), Some(2)));
    let features: Vec<Feature> = raw.into_iter().map(|bytes| feature(bytes, &keys, &values)).collect();
    assert!(!features.is_empty(), "a layer has a feature at least");
    Layer { name: name.expect("a layer has a name"), features }
}

fn value(bytes: &[u8]) -> String {
    let mut bytes = Bytes(bytes);
    let value = match bytes.field().expect("a value has something") {
        (1, 2) => String::from_utf8(bytes.block().to_vec()).unwrap(),
        (2, 5) => f32::from_le_bytes(bytes.take(4).try_into().unwrap()).to_string(),
        (3, 1) => f64::from_le_bytes(bytes.take(8).try_into().unwrap()).to_string(),
        (5, 0) => bytes.varint().to_string(),
        (6, 0) => signed(bytes.varint()).to_string(),
        (7, 0) => (bytes.varint() == 1).to_string(),
        other => panic!("field {other:?} in a value"),
    };
    assert!(bytes.0.is_empty(), "a value has one field");
    value
}

fn feature(bytes: &[u8], keys: &[String], values: &[String]) -> Feature {
    let mut read = Feature { id: None, kind: 0, properties: BTreeMap::new(), paths: Vec::new() };
    let mut bytes = Bytes(bytes);
    let mut commands = Vec::new();
    while let Some(field) = bytes.field() {
        match field {
            (1, 0) => read.id = Some(bytes.varint()),
            (2, 2) => {
                let mut tags = Bytes(bytes.block());
                while !tags.0.is_empty() {
                    let (key, value) = (tags.varint(), tags.varint());
                    let key = keys[usize::try_from(key).unwrap()].clone();
                    let before = read.properties.insert(key, values[usize::try_from(value).unwrap()].clone());
                    assert!(before.is_none(), "a key is given once");
                }
            }
            (3, 0) => read.kind = bytes.varint(),
            (4, 2) => {
                let mut packed = Bytes(bytes.block());
                while !packed.0.is_empty() {
                    commands.push(packed.varint());
                }
            }
            other => panic!("field {other:?} in a feature"),
        }
    }
    read.paths = paths(read.kind, &commands);
    read
}

fn paths(kind: u64, commands: &[u64]) -> Vec<Vec<(i64, i64)>> {
    let mut at = (0_i64, 0_i64);
    let mut paths: Vec<Vec<(i64, i64)>> = Vec::new();
    let mut commands = commands.iter();
    let mut step = |commands: &mut std::slice::Iter<u64>| {
        let mut one = || signed(*commands.next().expect("a command has its parameters"));
        at = (at.0 + one(), at.1 + one());
        at
    };
    let mut last = 7;
    while let Some(command) = commands.next() {
        let (command, count) = (command & 7, command >> 3);
        match (kind, last, command) {
            (1, 7, 1) => paths.extend((0..count).map(|_| vec![step(&mut commands)])),
            (2, 7 | 2, 1) | (3, 7, 1) => {
                assert_eq!(count, 1);
                paths.push(vec![step(&mut commands)]);
            }
            (2 | 3, 1, 2) => {
                assert!(count >= kind - 1, "{count} steps are too few");
                let path = paths.last_mut().unwrap();
                for _ in 0..count {
                    let next = step(&mut commands);
                    assert_ne!(Some(&next), path.last(), "a step of no length");
                    path.push(next);
                }
            }
            (3, 2, 7) => {
                assert_eq!(count, 1);
                let path = paths.last().unwrap();
                assert_ne!(path.first(), path.last(), "a ring is closed by its command alone");
            }
            other => panic!("command {other:?} out of place"),
        }
        last = command;
    }
    assert!(kind != 3 || last == 7, "the last ring is closed");
    assert!(!paths.is_empty(), "a feature has a geometry");
    paths
}

/// Twice the area by the surveyor's formula.
pub fn area(ring: &[(i64, i64)]) -> i64 {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|((ax, ay), (bx, by))| ax * by - bx * ay).sum()
}

/// The polygons of a feature: a ring of positive area begins one.
pub fn polygons(feature: &Feature) -> geo::MultiPolygon<f64> {
    let line = |ring: &Vec<(i64, i64)>| {
        geo::LineString::from(ring.iter().map(|(x, y)| (*x as f64, *y as f64)).collect::<Vec<_>>())
    };
    let mut polygons: Vec<geo::Polygon<f64>> = Vec::new();
    for ring in &feature.paths {
        assert_ne!(area(ring), 0, "a ring has an area");
        if area(ring) > 0 {
            polygons.push(geo::Polygon::new(line(ring), vec![]));
        } else {
            polygons.last_mut().expect("the first ring is an exterior").interiors_push(line(ring));
        }
    }
    geo::MultiPolygon(polygons)
}
