//! Rows to test with: shapes near a tile, cells and rights drawn by proptest.

use finage_tiles::{Cell, ColumnType, Geometry, Kind, Pos, Schema, SnapshotWriter};
use proptest::prelude::*;

/// World units of a corner at zoom 14, in France.
pub const CORNER: (i64, i64) = (8402 * 64 * 4096, 5977 * 64 * 4096);

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    pub key: u64,
    pub shape: Geometry,
    pub idu: String,
    pub section: Option<&'static str>,
    pub contenance: Option<i64>,
    pub audience: Option<&'static str>,
    pub territoire: Option<&'static str>,
    pub arpentee: Option<bool>,
    pub angle: Option<f64>,
}

impl Row {
    pub fn cells(&self) -> [Cell<'_>; 7] {
        let text = |text: Option<&'static str>| text.map_or(Cell::Null, Cell::Text);
        [
            Cell::Text(&self.idu),
            text(self.section),
            self.contenance.map_or(Cell::Null, Cell::Integer),
            text(self.audience),
            text(self.territoire),
            self.arpentee.map_or(Cell::Null, Cell::Bool),
            self.angle.map_or(Cell::Null, Cell::Decimal),
        ]
    }
}

/// The layer of these rows.
pub fn schema(kind: Kind) -> Schema {
    Schema::new("parcelles", kind)
        .with_feature_ids()
        .publishes("idu", ColumnType::Text)
        .publishes("section", ColumnType::Dictionary)
        .publishes("contenance", ColumnType::Integer)
        .right("audience")
        .right("territoire")
        .publishes("arpentee", ColumnType::Bool)
        .publishes("angle", ColumnType::Decimal)
        .levels(&[14..=22, 10..=13])
}

pub const FIELDS: [&str; 5] = ["idu", "section", "contenance", "arpentee", "angle"];

/// A writer that has these rows at both levels.
pub fn writer(kind: Kind, rows: &[Row]) -> SnapshotWriter {
    let writer = SnapshotWriter::new(schema(kind)).unwrap();
    for level in [0, 1] {
        for rows in rows.chunks(7) {
            let mut batch = writer.batch(level).unwrap();
            for row in rows {
                batch.push(row.key, &row.shape, &row.cells()).unwrap();
            }
            writer.add(batch).unwrap();
        }
    }
    writer
}

fn shape(kind: Kind) -> impl Strategy<Value = Geometry> {
    // From a few units to several tiles at zoom 18.
    let path = (0_i64..40_000, 0_i64..40_000, 1_u32..9).prop_flat_map(|(x, y, size)| {
        let side = 4_i64.pow(size);
        prop::collection::vec((0..side, 0..side), 3..10)
            .prop_map(move |points| points.into_iter().map(|(dx, dy)| (x + dx, y + dy)).collect::<Vec<_>>())
    });
    prop::collection::vec(path, 1..3).prop_map(move |paths| {
        let mut shape = Geometry::new(kind);
        for path in paths {
            for (x, y) in &path {
                shape.push(Pos::new(CORNER.0 + x, CORNER.1 + y));
            }
            match kind {
                Kind::Point => {}
                Kind::Line => shape.end_line(),
                Kind::Polygon => shape.end_ring(),
            }
        }
        if kind == Kind::Polygon {
            shape.end_part();
        }
        shape
    })
}

fn row(kind: Kind) -> impl Strategy<Value = Row> {
    let rights = (
        prop::option::of(prop::sample::select(vec!["public", "agents"])),
        prop::option::of(prop::sample::select(vec!["nord", "sud", "est"])),
    );
    (
        shape(kind),
        prop::option::of(prop::sample::select(vec!["AB", "AC", "", "0D"])),
        prop::option::of(prop_oneof![0_i64..5000, any::<i64>()]),
        rights,
        prop::option::of(any::<bool>()),
        prop::option::of(prop_oneof![Just(0.5), -360.0..360.0_f64]),
        "[A-Z]{0,3}é?",
    )
        .prop_map(|(shape, section, contenance, (audience, territoire), arpentee, angle, suffix)| Row {
            key: 0,
            shape,
            idu: suffix,
            section,
            contenance,
            audience,
            territoire,
            arpentee,
            angle,
        })
}

/// Rows of different keys.
pub fn rows(kind: Kind, most: usize) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(row(kind), 0..most).prop_map(|mut rows| {
        for (rank, row) in (1_u64..).zip(&mut rows) {
            row.key = rank * 7919 % 65_537;
            row.idu = format!("{}{}", row.key, row.idu);
        }
        rows
    })
}

/// A tile at the rows, or near.
pub fn place() -> impl Strategy<Value = (u8, u32, u32)> {
    (12_u8..=22, 0_i64..50_000, 0_i64..50_000, -1_i64..2).prop_map(|(z, x, y, off)| {
        let cell = |units: i64| u32::try_from((units >> (32 - z)) + off).unwrap();
        (z, cell(CORNER.0 + x), cell(CORNER.1 + y))
    })
}
