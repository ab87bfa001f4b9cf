//! Reads vector tiles as the specification writes them, apart from what encodes them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A feature of a tile.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    pub properties: BTreeMap<String, Value>,
    /// 1 points, 2 lines, 3 polygons.
    pub kind: u64,
    /// Points of each path, in units of the tile.
    pub paths: Vec<Vec<(i64, i64)>>,
}

impl Feature {
    /// West, south, east, north of its points, in units of the tile.
    pub fn bounds(&self) -> [i64; 4] {
        let points = || self.paths.iter().flatten();
        [
            points().map(|point| point.0).min().unwrap(),
            points().map(|point| point.1).min().unwrap(),
            points().map(|point| point.0).max().unwrap(),
            points().map(|point| point.1).max().unwrap(),
        ]
    }

    /// As WKT; polygons by the sign of their rings.
    pub fn wkt(&self) -> String {
        assert_eq!(self.kind, 3);
        let ring = |path: &Vec<(i64, i64)>| {
            let closed = path.iter().chain(path.first());
            format!("({})", closed.map(|(x, y)| format!("{x} {}", -y)).collect::<Vec<_>>().join(","))
        };
        let mut polygons: Vec<Vec<String>> = Vec::new();
        for path in &self.paths {
            let next = path.iter().skip(1).chain(path.first());
            let area: i64 = path.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
            assert_ne!(area, 0, "a ring without area: {path:?}");
            if area > 0 {
                polygons.push(vec![ring(path)]);
            } else {
                polygons.last_mut().unwrap().push(ring(path));
            }
        }
        let polygons: Vec<String> = polygons.iter().map(|rings| format!("({})", rings.join(","))).collect();
        format!("MULTIPOLYGON({})", polygons.join(","))
    }
}

/// The layers of a tile.
pub fn layers(bytes: &[u8]) -> BTreeMap<String, Vec<Feature>> {
    let mut layers = BTreeMap::new();
    for (field, layer) in fields(bytes) {
        assert_eq!(field, 3);
        let layer = layer.bytes();
        let of =
            |wanted: u64| fields(layer).into_iter().filter(move |(field, _)| *field == wanted).map(|(_, value)| value);
        assert_eq!(of(15).next().unwrap().number(), 2, "version");
        assert_eq!(of(5).next().unwrap().number(), 4096, "extent");
        let name = text(of(1).next().unwrap().bytes());
        let keys: Vec<String> = of(3).map(|key| text(key.bytes())).collect();
        let values: Vec<Value> = of(4).map(|value| decoded(value.bytes())).collect();
        let features = of(2).map(|feature| read(feature.bytes(), &keys, &values)).collect();
        assert!(layers.insert(name, features).is_none(), "a layer twice");
    }
    layers
}

fn read(bytes: &[u8], keys: &[String], values: &[Value]) -> Feature {
    let (mut feature, mut commands) = (Feature { properties: BTreeMap::new(), kind: 0, paths: Vec::new() }, Vec::new());
    for (field, value) in fields(bytes) {
        match field {
            2 => {
                let tags = packed(value.bytes());
                for pair in tags.chunks(2) {
                    let (key, value) = (&keys[usize(pair[0])], &values[usize(pair[1])]);
                    assert!(feature.properties.insert(key.clone(), value.clone()).is_none());
                }
            }
            3 => feature.kind = value.number(),
            4 => commands = packed(value.bytes()),
            _ => {}
        }
    }
    let (mut x, mut y, mut at) = (0, 0, 0);
    while at < commands.len() {
        let (command, count) = (commands[at] & 7, commands[at] >> 3);
        at += 1;
        match command {
            7 => assert_eq!((count, feature.kind), (1, 3)),
            1 | 2 => {
                for _ in 0..count {
                    x += signed(commands[at]);
                    y += signed(commands[at + 1]);
                    at += 2;
                    if command == 1 {
                        feature.paths.push(Vec::new());
                    }
                    feature.paths.last_mut().unwrap().push((x, y));
                }
            }
            other => panic!("command {other}"),
        }
    }
    feature
}

fn decoded(bytes: &[u8]) -> Value {
    let (field, value) = fields(bytes).into_iter().next().unwrap();
    match (field, value) {
        (1, Wire::Bytes(bytes)) => json!(text(bytes)),
        (2, Wire::Four(bits)) => json!(f64::from(f32::from_bits(bits))),
        (3, Wire::Eight(bits)) => json!(f64::from_bits(bits)),
        (4 | 5, Wire::Varint(number)) => json!(number.cast_signed()),
        (6, Wire::Varint(number)) => json!(signed(number)),
        (7, Wire::Varint(number)) => json!(number == 1),
        other => panic!("value {other:?}"),
    }
}

#[derive(Debug, Clone, Copy)]
enum Wire<'a> {
    Varint(u64),
    Eight(u64),
    Bytes(&'a [u8]),
    Four(u32),
}

impl<'a> Wire<'a> {
    fn bytes(self) -> &'a [u8] {
        let Self::Bytes(bytes) = self else { panic!("{self:?}") };
        bytes
    }

    fn number(self) -> u64 {
        let Self::Varint(number) = self else { panic!("{self:?}") };
        number
    }
}

fn fields(mut bytes: &[u8]) -> Vec<(u64, Wire<'_>)> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let value = match tag & 7 {
            0 => Wire::Varint(varint(&mut bytes)),
            1 => Wire::Eight(u64::from_le_bytes(*take(&mut bytes, 8).first_chunk().unwrap())),
            2 => {
                let length = usize(varint(&mut bytes));
                Wire::Bytes(take(&mut bytes, length))
            }
            5 => Wire::Four(u32::from_le_bytes(*take(&mut bytes, 4).first_chunk().unwrap())),
            other => panic!("wire {other}"),
        };
        found.push((tag >> 3, value));
    }
    found
}

fn packed(mut bytes: &[u8]) -> Vec<u64> {
    std::iter::from_fn(|| (!bytes.is_empty()).then(|| varint(&mut bytes))).collect()
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)[0];
        number |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return number;
        }
    }
    panic!("a number without end")
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(count);
    *bytes = rest;
    taken
}

fn signed(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn usize(number: u64) -> usize {
    usize::try_from(number).unwrap()
}
