//! A tile with fewer properties or fewer features: what others drew, when only some of it is wanted or may be sent.

use std::collections::HashMap;

use super::protobuf::{bytes, varint};
use super::reader::{Content, Fields, NOT_A_TILE};
use crate::bounds::Bounds;
use crate::geometry::Kind;
use crate::grid::Pos;
use crate::snapshot::{SnapshotError, key_of};
use crate::thinning::Thinning;

/// The same tile whose features have these properties only, in every layer.
///
/// # Errors
/// The bytes are no vector tile.
pub fn only_fields(tile: &[u8], fields: &[&str]) -> Result<Vec<u8>, SnapshotError> {
    let mut out = Vec::with_capacity(tile.len());
    each_layer(tile, |layer| {
        let wanted = |key: &[u8]| fields.iter().any(|field| field.as_bytes() == key);
        bytes(&mut out, 3, &of_layer(layer, wanted, |_| Ok(true))?);
        Ok(())
    })?;
    Ok(out)
}

/// The same tile, of which no layer takes more than `max_bytes`, and how many features were left out for it: see [`Thinning`].
///
/// # Errors
/// The bytes are no vector tile, or no thinning makes a layer small enough.
pub fn thinned(tile: Vec<u8>, max_bytes: usize) -> Result<(Vec<u8>, u32), SnapshotError> {
    if tile.len() <= max_bytes {
        return Ok((tile, 0));
    }
    let (mut out, mut left_out) = (Vec::with_capacity(max_bytes), 0);
    each_layer(&tile, |layer| {
        let mut thinning = Thinning::NONE;
        let mut kept = None;
        while layer.len() > max_bytes && kept.is_none() {
            thinning = thinning.more().ok_or(SnapshotError::TooLarge("tuile"))?;
            let mut gone = 0;
            let thinner = of_layer(
                layer,
                |_| true,
                |feature| {
                    let stays = stays(thinning, feature)?;
                    gone += u32::from(!stays);
                    Ok(stays)
                },
            )?;
            kept = (thinner.len() <= max_bytes).then_some((thinner, gone));
        }
        match kept {
            Some((layer, gone)) => {
                left_out += gone;
                bytes(&mut out, 3, &layer);
            }
            None => bytes(&mut out, 3, layer),
        }
        Ok(())
    })?;
    Ok((out, left_out))
}

/// Whether a thinning leaves a feature.
fn stays(thinning: Thinning, feature: &[u8]) -> Result<bool, SnapshotError> {
    let (mut kind, mut bounds) = (Kind::Point, Bounds::EMPTY);
    let mut reader = Fields { rest: feature };
    while let Some((field, content)) = reader.next()? {
        match (field, content) {
            (3, Content::Number(2)) => kind = Kind::Line,
            (3, Content::Number(3)) => kind = Kind::Polygon,
            (4, Content::Bytes(commands)) => bounds = bounds_of(commands)?,
            _ => {}
        }
    }
    Ok(bounds == Bounds::EMPTY || thinning.keeps(kind, &bounds, Some(key_of(feature))))
}

/// The box of a shape, from its commands.
fn bounds_of(commands: &[u8]) -> Result<Bounds, SnapshotError> {
    let (mut pen, mut bounds, mut reader) = (Pos::default(), Bounds::EMPTY, Fields { rest: commands });
    while !reader.rest.is_empty() {
        let command = reader.varint()?;
        if command & 7 == 7 {
            continue;
        }
        for _ in 0..command >> 3 {
            let mut step = || reader.varint().map(|step| (step >> 1).cast_signed() ^ -(step & 1).cast_signed());
            pen = Pos::new(pen.x.wrapping_add(step()?), pen.y.wrapping_add(step()?));
            bounds.extend(pen);
        }
    }
    Ok(bounds)
}

fn each_layer(tile: &[u8], mut of: impl FnMut(&[u8]) -> Result<(), SnapshotError>) -> Result<(), SnapshotError> {
    let mut reader = Fields { rest: tile };
    while let Some((field, layer)) = reader.next()? {
        match (field, layer) {
            (3, Content::Bytes(layer)) => of(layer)?,
            _ => return Err(NOT_A_TILE),
        }
    }
    Ok(())
}

/// A layer with the properties and the features that are wanted, and no value that none of them has.
fn of_layer(
    layer: &[u8],
    wanted: impl Fn(&[u8]) -> bool,
    mut stays: impl FnMut(&[u8]) -> Result<bool, SnapshotError>,
) -> Result<Vec<u8>, SnapshotError> {
    let (mut keys, mut values, mut features, mut out) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut reader = Fields { rest: layer };
    while let Some((field, content)) = reader.next()? {
        match (field, content) {
            (3, Content::Bytes(key)) => keys.push(key),
            (4, Content::Bytes(value)) => values.push(value),
            (2, Content::Bytes(feature)) => {
                if stays(feature)? {
                    features.push(feature);
                }
            }
            (1, Content::Bytes(name)) => bytes(&mut out, 1, name),
            (5 | 15, Content::Number(number)) => {
                varint(&mut out, u64::from(field) << 3);
                varint(&mut out, number);
            }
            _ => return Err(NOT_A_TILE),
        }
    }
    let kept = keys.iter().map(|key| wanted(key));
    let mut tables = Tables { kept: kept.collect(), keys: HashMap::new(), values: HashMap::new() };
    let (mut keys_out, mut values_out) = (Vec::new(), Vec::new());
    for feature in features {
        let feature = tables.of_feature(feature, |key| keys_out.push(key), |value| values_out.push(value))?;
        bytes(&mut out, 2, &feature);
    }
    for key in keys_out {
        bytes(&mut out, 3, keys.get(key).ok_or(NOT_A_TILE)?);
    }
    for value in values_out {
        bytes(&mut out, 4, values.get(value).ok_or(NOT_A_TILE)?);
    }
    Ok(out)
}

/// The new numbers of keys and values, by their old ones.
struct Tables {
    kept: Vec<bool>,
    keys: HashMap<usize, u64>,
    values: HashMap<usize, u64>,
}

impl Tables {
    /// A feature with the tags that are kept; `key` and `value` are told the old numbers of those met for the first time.
    fn of_feature(
        &mut self,
        feature: &[u8],
        mut key: impl FnMut(usize),
        mut value: impl FnMut(usize),
    ) -> Result<Vec<u8>, SnapshotError> {
        let (mut out, mut tags) = (Vec::with_capacity(feature.len()), Vec::new());
        let mut reader = Fields { rest: feature };
        while let Some((field, content)) = reader.next()? {
            match (field, content) {
                (2, Content::Bytes(pairs)) => {
                    let mut pairs = Fields { rest: pairs };
                    while !pairs.rest.is_empty() {
                        let (old_key, old_value) = (pairs.index()?, pairs.index()?);
                        if *self.kept.get(old_key).ok_or(NOT_A_TILE)? {
                            varint(&mut tags, number(&mut self.keys, old_key, &mut key));
                            varint(&mut tags, number(&mut self.values, old_value, &mut value));
                        }
                    }
                }
                (_, Content::Number(number)) => {
                    varint(&mut out, u64::from(field) << 3);
                    varint(&mut out, number);
                }
                (_, Content::Bytes(content)) => bytes(&mut out, field, content),
                (_, Content::Fixed) => return Err(NOT_A_TILE),
            }
        }
        if !tags.is_empty() {
            bytes(&mut out, 2, &tags);
        }
        Ok(out)
    }
}

fn number(table: &mut HashMap<usize, u64>, old: usize, told: &mut impl FnMut(usize)) -> u64 {
    let next = table.len() as u64;
    *table.entry(old).or_insert_with(|| {
        told(old);
        next
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::encode::{Format as _, Mvt, Value};
    use crate::geometry::Geometry;

    fn tile(fields: &[&str]) -> Vec<u8> {
        let square = Geometry::of_polygons([[[(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)]]]).unwrap();
        let (mut encoder, mut out) = (Mvt::default(), Vec::new());
        let keys: Vec<&str> = ["idu", "section", "numero"].into_iter().filter(|key| fields.contains(key)).collect();
        for row in 0..40_i64 {
            for (rank, key) in (0..).zip(&keys) {
                let value = match *key {
                    "idu" => encoder.value(Value::Text(&format!("i{row}"))),
                    "section" => encoder.value(Value::Text(if row < 20 { "AB" } else { "AC" })),
                    _ => encoder.value(Value::Integer(row % 7)),
                };
                encoder.tag(rank, value);
            }
            encoder.feature(Some(7), &square);
        }
        encoder.finish("parcelles", &keys, &mut out);
        out
    }

    /// Names and values.
    type Tags = Vec<(String, Vec<u8>)>;

    /// Its features as they would be read: identifier, properties, other bytes.
    fn read(tile: &[u8]) -> Vec<(Tags, Vec<u8>)> {
        let mut reader = Fields { rest: tile };
        let Some((3, Content::Bytes(layer))) = reader.next().unwrap() else { panic!("no layer") };
        let (mut keys, mut values, mut features) = (Vec::new(), Vec::new(), Vec::new());
        let mut reader = Fields { rest: layer };
        while let Some((field, content)) = reader.next().unwrap() {
            match (field, content) {
                (3, Content::Bytes(key)) => keys.push(String::from_utf8(key.to_vec()).unwrap()),
                (4, Content::Bytes(value)) => values.push(value.to_vec()),
                (2, Content::Bytes(feature)) => features.push(feature),
                _ => {}
            }
        }
        let one = |feature: &[u8]| {
            let (mut tags, mut rest, mut reader) = (Vec::new(), Vec::new(), Fields { rest: feature });
            while let Some((field, content)) = reader.next().unwrap() {
                match (field, content) {
                    (2, Content::Bytes(pairs)) => {
                        let mut pairs = Fields { rest: pairs };
                        while !pairs.rest.is_empty() {
                            let (key, value) = (pairs.index().unwrap(), pairs.index().unwrap());
                            tags.push((keys[key].clone(), values[value].clone()));
                        }
                    }
                    (_, Content::Bytes(bytes)) => rest.extend_from_slice(bytes),
                    (_, Content::Number(number)) => varint(&mut rest, number),
                    (_, Content::Fixed) => panic!("no such field"),
                }
            }
            (tags, rest)
        };
        features.into_iter().map(one).collect()
    }

    #[test]
    fn a_tile_keeps_the_properties_wanted_and_its_shapes() {
        let whole = tile(&["idu", "section", "numero"]);
        for wanted in [&["section"][..], &["idu", "numero"], &[], &["inconnu"]] {
            let less = only_fields(&whole, wanted).unwrap();
            assert_eq!(read(&less), read(&tile(wanted)), "{wanted:?}");
            assert!(less.len() < whole.len());
        }
        assert_eq!(read(&only_fields(&whole, &["numero", "idu", "section"]).unwrap()), read(&whole));
        assert!(only_fields(b"", &["idu"]).unwrap().is_empty());
    }

    #[test]
    fn a_tile_that_is_too_large_loses_its_smallest_shapes() {
        let (mut encoder, mut whole) = (Mvt::default(), Vec::new());
        for row in 0..200_u32 {
            let side = f64::from(row % 40 + 1);
            let square = Geometry::of_polygons([[[(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)]]]).unwrap();
            let value = encoder.value(Value::Text(&format!("parcelle numéro {row}")));
            encoder.tag(0, value);
            encoder.feature(None, &square);
        }
        encoder.finish("parcelles", &["idu"], &mut whole);
        assert_eq!(thinned(whole.clone(), whole.len()).unwrap(), (whole.clone(), 0));
        let mut before = read(&whole).len();
        for max_bytes in [whole.len() - 1, whole.len() / 2, whole.len() / 4] {
            let (less, left_out) = thinned(whole.clone(), max_bytes).unwrap();
            let features = read(&less);
            assert!(less.len() <= max_bytes + 8, "{} > {max_bytes}", less.len());
            assert_eq!(features.len() + left_out as usize, 200);
            assert!(features.len() <= before && !features.is_empty());
            assert_eq!(features.last(), read(&whole).iter().rfind(|one| features.contains(one)));
            before = features.len();
        }
        assert!(thinned(whole, 100).is_err());
    }

    proptest! {
        #[test]
        fn what_is_no_tile_is_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_usize..400) {
            let _ = only_fields(&bytes, &["idu"]);
            let mut whole = tile(&["idu", "section"]);
            whole.truncate(at);
            let _ = only_fields(&whole, &["section"]);
            let _ = thinned(bytes, 1);
            let _ = thinned(whole, 10);
        }
    }
}
