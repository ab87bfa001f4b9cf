//! Shapes as binary: read, kept in a snapshot, drawn in tiles. A first byte gives the kind and the zoom, the rest is WKB.

use std::sync::Arc;

use finage_tiles::{
    Cell, Geometry, Kind, Layer, Overlayer, Predicate, Schema, SnapshotWriter, TileCoord, TileRequest, TileScratch,
    Verdict, read_wkb,
};

/// Reads an input and checks what every shape promises.
pub fn run(input: &[u8]) {
    let Some((first, wkb)) = input.split_first() else { return };
    let kind = [Kind::Point, Kind::Line, Kind::Polygon][usize::from(first % 3)];
    let zoom = first / 3 % 23;
    let mut shape = Geometry::new(kind);
    if read_wkb(wkb, kind, &mut shape).is_err() {
        return;
    }
    check_repair(&shape);
    let writer = SnapshotWriter::new(Schema::new("essai", kind).right("audience")).expect("the schema can be");
    let mut batch = writer.batch(0).expect("there is a level");
    batch.push(7, &shape, &[Cell::Text("public")]).expect("the cells follow the schema");
    writer.add(batch).expect("the batch is of the layer");
    let snapshot = writer.finish_in_memory().expect("a snapshot that is written is read");
    let level = snapshot.level(0).expect("there is a level");
    assert_eq!(level.len(), usize::from(!shape.is_empty()));
    if shape.is_empty() {
        return;
    }
    let mut read = Geometry::new(kind);
    let (key, _) = level.row(0, &mut read).expect("a row that is written is read");
    assert_eq!((key, &read), (7, &shape));
    check_tiles(&Layer::new(Arc::new(snapshot)), &shape, zoom);
}

/// What is repaired is valid or nothing.
fn check_repair(shape: &Geometry) {
    if shape.kind() == Kind::Polygon {
        let mut overlayer = Overlayer::default();
        let mut out = Geometry::new(Kind::Polygon);
        if overlayer.repair(shape, None, &mut out) {
            assert_ne!(overlayer.check(&out), Verdict::Invalid);
        }
    }
}

/// The tiles of the first vertices.
fn check_tiles(layer: &Layer, shape: &Geometry, zoom: u8) {
    let predicate = Predicate::everything();
    let mut scratch = <TileScratch>::default();
    for pos in shape.points().iter().take(4) {
        let cell = |units: i64| u32::try_from(units >> (32 - zoom)).expect("a position is in the world");
        let coord = TileCoord::new(zoom, cell(pos.x), cell(pos.y)).expect("a position is in a tile");
        let mut tile = Vec::new();
        let request = TileRequest::new(coord, &[], &predicate);
        let stats = layer.tile(&request, &mut scratch, &mut tile).expect("a sound snapshot is read");
        assert_eq!(stats.features == 0, tile.is_empty());
    }
}
