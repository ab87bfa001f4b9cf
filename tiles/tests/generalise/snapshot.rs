//! Snapshots with simpler levels: what stands for several rows says what they all say, to those who may see them all.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use finage_tiles::generalise::{Alone, Layer as Areas, Levels, Rule, Small};
use finage_tiles::{
    Cell, ColumnType, Geometry, Group, Kind, Layer, NO_KEY, Pos, Predicate, Schema, Simplification, Snapshot,
    SnapshotError, SnapshotWriter, TileCoord, TileRequest, TileScratch,
};
use proptest::prelude::*;

use crate::cadastre::{Cadastre, cadastre};

const DETAIL: u8 = 14;
const FROM: u8 = 11;

/// A row on a cell of a town.
#[derive(Debug, Clone)]
struct Row {
    idu: String,
    contenance: Option<i64>,
    audience: Option<&'static str>,
}

fn row() -> impl Strategy<Value = Row> {
    let audience = prop::option::of(prop::sample::select(vec!["public", "agents"]));
    ("[AB]{2}", 0_u32..10_000, prop::option::of(0_i64..3), audience).prop_map(
        |(section, numero, contenance, audience)| Row { idu: format!("{section}{numero:04}"), contenance, audience },
    )
}

/// A town and its rows.
fn town() -> impl Strategy<Value = (Cadastre, Vec<Row>)> {
    cadastre(3_000..30_000).prop_flat_map(|town| {
        let rows = prop::collection::vec(row(), town.cells.len());
        (Just(town), rows)
    })
}

fn schema(small: Small) -> Schema {
    let group = Some(Group { column: "idu".to_owned(), characters: Some(2) });
    Schema::new("parcelles", Kind::Polygon)
        .with_feature_ids()
        .publishes("idu", ColumnType::Text)
        .publishes("contenance", ColumnType::Integer)
        .right("audience")
        .levels(&[DETAIL..=22])
        .simplified(FROM, Simplification { rule: Rule { tolerance_px: 1.0, small }, group })
}

fn drawn(ring: &[[u32; 2]]) -> Geometry {
    let mut shape = Geometry::new(Kind::Polygon);
    for [x, y] in ring {
        shape.push(Pos::new(i64::from(*x), i64::from(*y)));
    }
    shape.end_ring();
    shape.end_part();
    shape
}

fn cells(row: &Row) -> [Cell<'_>; 3] {
    let (contenance, audience) = (row.contenance.map(Cell::Integer), row.audience.map(Cell::Text));
    [Cell::Text(&row.idu), contenance.unwrap_or(Cell::Null), audience.unwrap_or(Cell::Null)]
}

/// The key of the row of a cell.
fn key(cell: usize) -> u64 {
    cell as u64 + 1
}

fn snapshot(town: &Cadastre, rows: &[Row], small: Small) -> Snapshot {
    let writer = SnapshotWriter::new(schema(small)).unwrap();
    let mut batch = writer.batch(0).unwrap();
    for (cell, (ring, row)) in town.cells.iter().zip(rows).enumerate() {
        batch.push(key(cell), &drawn(ring), &cells(row)).unwrap();
    }
    writer.add(batch).unwrap();
    assert!(writer.batch(1).is_err(), "the levels below are made from the first");
    writer.finish_in_memory().unwrap()
}

/// The rows of a level: key, cells as text, shape.
fn content(snapshot: &Snapshot, level: usize) -> Vec<(u64, Vec<String>, Geometry)> {
    let view = snapshot.level(level).unwrap();
    let one = |row| {
        let mut shape = Geometry::new(Kind::Polygon);
        let (key, cells) = view.row(row, &mut shape).unwrap();
        (key, cells.iter().map(|cell| format!("{cell:?}")).collect(), shape)
    };
    (0..view.len()).map(one).collect()
}

/// A value that all rows have, or none.
fn agreed<'a>(mut values: impl Iterator<Item = Cell<'a>>) -> String {
    let first = values.next().unwrap();
    format!("{:?}", if values.all(|value| value == first) { first } else { Cell::Null })
}

fn small() -> impl Strategy<Value = Small> {
    prop_oneof![
        Just(Small::Keep),
        (0.0..40.0).prop_map(|below_px2| Small::Drop { below_px2 }),
        (0.0..60.0).prop_map(|below_px2| Small::Merge { below_px2, alone: Alone::Keep }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn a_shape_says_what_all_its_rows_say((town, rows) in town(), small in small()) {
        let snapshot = snapshot(&town, &rows, small);
        prop_assert_eq!(snapshot.left_out(0), 0);
        // The group and the rights of a row, said plainly.
        let mut numbers = HashMap::new();
        let groups = rows.iter().map(|row| {
            let next = u32::try_from(numbers.len()).unwrap();
            *numbers.entry((row.idu[..2].to_owned(), row.audience)).or_insert(next)
        });
        let layer = Areas { groups: groups.collect(), ..town.layer() };
        let levels = Levels::new(layer, Rule { tolerance_px: 1.0, small }, FROM, DETAIL - 1).unwrap();
        for (rank, level) in (1..).zip(levels) {
            prop_assert_eq!(snapshot.schema().level_at(level.zoom), Some(rank));
            let left_out = level.dropped.len() + level.collapsed.len();
            prop_assert_eq!(snapshot.left_out(rank) as usize, left_out);
            let mut expected = Vec::new();
            for shape in 0..level.shapes.len() {
                let sources: Vec<usize> = level.sources(shape).iter().map(|source| *source as usize).collect();
                let of = |column: usize| agreed(sources.iter().map(|source| cells(&rows[*source])[column]));
                let audiences: BTreeSet<_> = sources.iter().map(|source| rows[*source].audience).collect();
                prop_assert_eq!(audiences.len(), 1, "rights are never merged across");
                let key = if let [alone] = sources[..] { key(alone) } else { NO_KEY };
                let rings: Vec<Geometry> = level.shapes.rings(shape).map(drawn).collect();
                let points: usize = rings.iter().map(|ring| ring.points().len()).sum();
                expected.push((key, (0..3).map(of).collect::<Vec<_>>(), points, rings[0].bounds()));
            }
            let found = content(&snapshot, rank).into_iter();
            let mut found: Vec<_> = found
                .map(|(key, cells, shape)| {
                    let outer = shape.paths().next().unwrap().to_vec();
                    (key, cells, shape.points().len(), finage_tiles::Bounds::of(&outer))
                })
                .collect();
            let order = |row: &(u64, Vec<String>, usize, finage_tiles::Bounds)| (row.0, row.3.min, row.3.max);
            found.sort_by_key(order);
            expected.sort_by_key(order);
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn no_feature_has_the_identifier_of_one_row_of_several((town, rows) in town(), below_px2 in 0.0..60.0_f64) {
        let snapshot = Arc::new(snapshot(&town, &rows, Small::Merge { below_px2, alone: Alone::Keep }));
        let alone: BTreeSet<u64> = content(&snapshot, 2).into_iter().map(|(key, ..)| key).filter(|key| *key != NO_KEY).collect();
        let layer = Layer::new(snapshot);
        let Err(SnapshotError::Schema(_)) = layer.change() else { panic!("rows that are merged do not change one by one") };
        let [x, y] = town.cells[0][0].map(|units| units >> 20);
        let (predicate, mut out) = (Predicate::everything(), Vec::new());
        let request = TileRequest::new(TileCoord::new(12, x, y).unwrap(), &["idu"], &predicate);
        let stats = layer.tile(&request, &mut <TileScratch>::default(), &mut out).unwrap();
        let ids = identifiers(&out);
        prop_assert!(ids.len() <= stats.features as usize);
        prop_assert!(ids.iter().all(|id| alone.contains(id)), "{ids:?} are not among {alone:?}");
    }

    /// Rows change one by one over a layer where none is merged; once compacted it is as if built from what is there now.
    #[test]
    fn what_changes_is_never_drawn_as_it_was(
        (town, rows) in town(), (other, more) in town(),
        gone in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let mut layer = Layer::new(Arc::new(snapshot(&town, &rows, Small::Keep)));
        let mut now: Vec<(u64, Geometry, Row)> =
            town.cells.iter().zip(&rows).enumerate().map(|(cell, (ring, row))| (key(cell), drawn(ring), row.clone())).collect();
        let mut change = layer.change().unwrap();
        for (rank, index) in gone.iter().enumerate() {
            let cell = index.index(town.cells.len());
            now.retain(|(kept, ..)| *kept != key(cell));
            if rank % 2 == 0 {
                change.remove(key(cell)).unwrap();
            } else {
                let (ring, row) = (&other.cells[cell % other.cells.len()], &more[cell % more.len()]);
                change.put(key(cell), &drawn(ring), &cells(row)).unwrap();
                now.push((key(cell), drawn(ring), row.clone()));
            }
        }
        layer = layer.apply(change).unwrap().layer;
        let [x, y] = town.cells[0][0].map(|units| units >> 20);
        let (predicate, mut out) = (Predicate::everything(), Vec::new());
        let request = TileRequest::new(TileCoord::new(12, x, y).unwrap(), &["idu"], &predicate);
        layer.tile(&request, &mut <TileScratch>::default(), &mut out).unwrap();
        let keys: BTreeSet<u64> = now.iter().map(|(key, ..)| *key).collect();
        prop_assert!(identifiers(&out).iter().all(|id| keys.contains(id)), "what is gone is drawn");
        let built = SnapshotWriter::new(schema(Small::Keep)).unwrap();
        let mut batch = built.batch(0).unwrap();
        for (key, shape, row) in &now {
            batch.push(*key, shape, &cells(row)).unwrap();
        }
        built.add(batch).unwrap();
        let (built, compacted) = (built.finish_in_memory().unwrap(), layer.compact().unwrap().finish_in_memory().unwrap());
        for level in 0..built.schema().zooms().len() {
            prop_assert_eq!(content(&compacted, level), content(&built, level));
        }
    }
}

/// Identifiers of the features of a tile of one layer, each once: fields 1 of the fields 2 of its field 3.
fn identifiers(tile: &[u8]) -> Vec<u64> {
    let mut ids = Vec::new();
    for (_, layer) in fields(tile) {
        for (_, feature) in fields(layer).into_iter().filter(|(tag, _)| *tag == 2 << 3 | 2) {
            let Some((8, rest)) = feature.split_first() else { continue };
            ids.push(varint(&mut { rest }));
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an identifier is drawn once");
    ids
}

/// Tags and bytes of fields; those that are numbers have none.
fn fields(mut bytes: &[u8]) -> Vec<(u64, &[u8])> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let value = varint(&mut bytes);
        if tag & 7 == 2 {
            let (block, rest) = bytes.split_at(usize::try_from(value).unwrap());
            found.push((tag, block));
            bytes = rest;
        }
    }
    found
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}
