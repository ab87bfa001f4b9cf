//! A snapshot gives back what was put in it, and a corrupt file is an error.

use std::collections::BTreeMap;

use crate::parcels::{CORNER, FIELDS, Row, rows, writer};
use finage_tiles::{Cell, Check, Geometry, Kind, Predicate, Snapshot, TileCoord, TileRequest, TileScratch};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

fn content(snapshot: &Snapshot, level: usize) -> BTreeMap<u64, (Geometry, String)> {
    let view = snapshot.level(level).unwrap();
    let row = |row| {
        let mut shape = Geometry::new(snapshot.schema().kind());
        let (key, cells) = view.row(row, &mut shape).unwrap();
        (key, (shape, format!("{cells:?}")))
    };
    (0..view.len()).map(row).collect()
}

fn expected(rows: &[Row]) -> BTreeMap<u64, (Geometry, String)> {
    let drawn = rows.iter().filter(|row| !row.shape.is_empty());
    drawn.map(|row| (row.key, (row.shape.clone(), format!("{:?}", row.cells())))).collect()
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![Kind::Point, Kind::Line, Kind::Polygon])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_goes_in_comes_out((kind, rows) in kinds().prop_flat_map(|kind| (Just(kind), rows(kind, 60)))) {
        let snapshot = writer(kind, &rows).finish_in_memory().unwrap();
        for level in [0, 1] {
            prop_assert_eq!(content(&snapshot, level), expected(&rows));
            let view = snapshot.level(level).unwrap();
            for row in rows.iter().filter(|row| !row.shape.is_empty()) {
                let found: Vec<usize> = view.rows_of(row.key).collect();
                prop_assert_eq!(found.len(), 1);
                prop_assert_eq!(view.key(found[0]), Some(row.key));
            }
            prop_assert_eq!(view.rows_of(0).count(), 0);
        }
    }
}

proptest! {
    // Each case writes and syncs two files.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn the_order_of_rows_makes_no_difference(rows in rows(Kind::Polygon, 40), seed in any::<u64>()) {
        let file = |rows: &[Row]| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("couche");
            writer(Kind::Polygon, rows).finish(&path).unwrap();
            std::fs::read(path).unwrap()
        };
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|row| row.key.wrapping_mul(seed | 1));
        prop_assert_eq!(file(&rows), file(&shuffled));
    }
}

/// A small file with all that a file can have.
fn small() -> Vec<u8> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let made = rows(Kind::Polygon, 24).new_tree(&mut runner).unwrap().current();
    assert!(made.len() > 3);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("couche");
    let mut writer = writer(Kind::Polygon, &made);
    writer.stamp(b"0/16B3748").unwrap();
    writer.finish(&path).unwrap();
    assert_eq!(Snapshot::open(&path, Check::Everything).unwrap().stamp(), b"0/16B3748");
    std::fs::read(path).unwrap()
}

/// Reads all that there is to read: errors are welcome, panics are not.
fn read_all(snapshot: &Snapshot) {
    for level in 0..snapshot.schema().zooms().len() {
        let view = snapshot.level(level).unwrap();
        let mut shape = Geometry::new(snapshot.schema().kind());
        for row in 0..view.len() {
            let _ = view.row(row, &mut shape);
        }
        for key in [0, 7919, u64::MAX] {
            let _ = view.rows_of(key).count();
        }
    }
}

#[test]
fn every_flipped_byte_is_seen() {
    let bytes = small();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("couche");
    for at in 0..bytes.len() {
        let mut wrong = bytes.clone();
        wrong[at] ^= 1 << (at % 8);
        std::fs::write(&path, &wrong).unwrap();
        assert!(Snapshot::open(&path, Check::Everything).is_err(), "byte {at}");
        // Opened on trust, it may be read wrong; it is not read beyond its end.
        if let Ok(snapshot) = Snapshot::open(&path, Check::Head) {
            read_all(&snapshot);
            let layer = finage_tiles::Layer::new(std::sync::Arc::new(snapshot));
            let (x, y) = (CORNER.0 >> 18, CORNER.1 >> 18);
            let coord = TileCoord::new(14, u32::try_from(x).unwrap(), u32::try_from(y).unwrap()).unwrap();
            let predicate = Predicate::everything();
            let request = TileRequest::new(coord, &FIELDS, &predicate);
            let _ = layer.tile(&request, &mut <TileScratch>::default(), &mut Vec::new());
        }
    }
}

#[test]
fn every_cut_file_is_refused() {
    let bytes = small();
    for length in 0..bytes.len() {
        assert!(Snapshot::from_bytes(bytes[..length].to_vec()).is_err(), "{length} bytes");
    }
    assert!(Snapshot::from_bytes([&bytes[..], &[0]].concat()).is_err());
    assert!(Snapshot::from_bytes(bytes).is_ok());
}

#[test]
fn a_file_that_can_not_be_written_leaves_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("couche");
    writer(Kind::Polygon, &[]).finish(&path).unwrap();
    let before = std::fs::read(&path).unwrap();
    let missing = folder.path().join("absent").join("couche");
    assert!(writer(Kind::Polygon, &[]).finish(&missing).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// The child of [`a_disk_that_fills_up_leaves_the_one_before`] writes there.
const FULL: &str = "FINAGE_TILES_FULL_DISK";

#[test]
fn a_disk_that_fills_up_leaves_the_one_before() {
    let made: Vec<Row> = {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let rows = rows(Kind::Polygon, 60);
        std::iter::repeat_with(|| rows.new_tree(&mut runner).unwrap().current()).flatten().take(2_000).collect()
    };
    if let Some(path) = std::env::var_os(FULL) {
        // In the process whose files may not grow: writing stops midway.
        let error = writer(Kind::Polygon, &made).finish(std::path::Path::new(&path)).unwrap_err();
        assert!(matches!(error, finage_tiles::SnapshotError::Io { .. }), "{error}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("couche");
    writer(Kind::Polygon, &[]).finish(&path).unwrap();
    let before = std::fs::read(&path).unwrap();
    let child = std::process::Command::new("bash")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 64; exec \"$0\" --exact snapshot_file::a_disk_that_fills_up_leaves_the_one_before",
        ])
        .arg(std::env::current_exe().unwrap())
        .env(FULL, &path)
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert!(String::from_utf8_lossy(&child.stdout).contains("1 passed"));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside");
    // The same rows, where there is room.
    writer(Kind::Polygon, &made).finish(&path).unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > 65_536);
}

#[test]
fn rows_that_do_not_follow_the_schema_are_refused() {
    let writer = writer(Kind::Polygon, &[]);
    let mut batch = writer.batch(0).unwrap();
    let shape = Geometry::new(Kind::Polygon);
    assert!(batch.push(1, &shape, &[Cell::Null]).is_err());
    assert!(batch.push(1, &shape, &[Cell::Integer(1); 7]).is_err());
    assert!(batch.push(1, &Geometry::new(Kind::Line), &[Cell::Null; 7]).is_err());
    batch.push(1, &shape, &[Cell::Null; 7]).unwrap();
    assert_eq!((batch.len(), batch.left_out()), (0, 1));
    assert!(writer.batch(2).is_err());
}
