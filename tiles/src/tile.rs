//! Encoding the rows of a level that are in a tile and may be seen.

use crate::bounds::Bounds;
use crate::clip::{Reach, cut, polygon_meets};
use crate::coord::TileCoord;
use crate::encode::{Format, Mvt, Value};
use crate::geometry::{Geometry, Kind};
use crate::grid::TileGrid;
use crate::overlay::Overlayer;
use crate::predicate::Predicate;
use crate::rowset::RowSet;
use crate::snapshot::{Cell, ColumnType, ColumnView, LevelView, NO_KEY, Role, Schema, SnapshotError};
use crate::thinning::Thinning;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct TileRequest<'a> {
    /// Which tile.
    pub coord: TileCoord,
    /// Columns wanted as properties, among those that the layer publishes.
    pub fields: &'a [&'a str],
    /// Rows that may be seen: others are neither written nor counted.
    pub predicate: &'a Predicate,
    /// Bytes that the layer may take: above, the tile is thinned.
    pub max_bytes: usize,
}

impl<'a> TileRequest<'a> {
    /// These fields of the rows that may be seen, whatever their size.
    #[must_use]
    pub fn new(coord: TileCoord, fields: &'a [&'a str], predicate: &'a Predicate) -> Self {
        Self { coord, fields, predicate, max_bytes: usize::MAX }
    }

    /// In so many bytes at most.
    #[must_use]
    pub fn at_most(self, max_bytes: usize) -> Self {
        Self { max_bytes, ..self }
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TileStats {
    /// Features written.
    pub features: u32,
    /// Of them, those cut to the tile with its buffer.
    pub cut: u32,
    /// Of them, those whose rounded shape was not valid and was repaired.
    pub repaired: u32,
    /// How the tile was thinned to hold in its bytes.
    pub thinning: Thinning,
    /// Rows that the thinning left out.
    pub left_out: u32,
}

/// Why writing stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The tile is larger than asked.
    Full,
    /// The snapshot or the request is at fault.
    Failed(SnapshotError),
}

impl From<SnapshotError> for Stop {
    fn from(error: SnapshotError) -> Self {
        Self::Failed(error)
    }
}

/// Memory that serves one tile after the other; one a thread.
#[derive(Debug)]
pub struct TileScratch<F = Mvt> {
    pub(crate) encoder: F,
    overlayer: Overlayer,
    shape: Geometry,
    other: Geometry,
    rough: Geometry,
}

impl<F: Default> Default for TileScratch<F> {
    fn default() -> Self {
        let shape = || Geometry::new(Kind::Polygon);
        Self { encoder: F::default(), overlayer: Overlayer::default(), shape: shape(), other: shape(), rough: shape() }
    }
}

/// Writes the rows of a level that are in the tile, but those of `gone`.
pub(crate) fn write_level<F: Format>(
    schema: &Schema,
    level: &LevelView<'_>,
    gone: Option<&RowSet>,
    request: &TileRequest<'_>,
    thinning: Thinning,
    scratch: &mut TileScratch<F>,
) -> Result<TileStats, Stop> {
    let mut stats = TileStats { thinning, ..TileStats::default() };
    let predicate = request.predicate.compile(schema, level)?;
    let fields = request.fields.iter().zip(0_u32..).map(|(name, key)| {
        let column = schema.column(name, Role::Published)?;
        let column = level.column(column).ok_or(SnapshotError::Corrupt("colonne"))?;
        Ok(Field { key, column, last: None })
    });
    let mut fields: Vec<Field> = fields.collect::<Result<_, SnapshotError>>()?;
    if predicate.is_nothing() {
        return Ok(stats);
    }
    let grid = TileGrid::new(request.coord);
    let kind = schema.kind();
    scratch.encoder.forget_codes();
    let inside = |bounds: &Bounds| Bounds::BUFFERED.holds(&grid.place_bounds(bounds));
    level.tree().query::<Stop>(&grid.reach(), inside, |row, bounds, sure| {
        let reach = if sure { Reach::In } else { Reach::of(&grid.place_bounds(bounds), kind) };
        if reach == Reach::Out || gone.is_some_and(|gone| gone.has(row)) || !predicate.allows(row) {
            return Ok(());
        }
        if schema.is_in_one_tile() && !grid.is_corner_of(bounds) {
            return Ok(());
        }
        if !thinning.is_none() && !thinning.keeps(kind, &grid.place_bounds(bounds), level.key(row)) {
            stats.left_out += 1;
            return Ok(());
        }
        if scratch.encoder.bytes() > request.max_bytes {
            return Err(Stop::Full);
        }
        let id = if schema.feature_ids() { level.key(row).filter(|key| *key != NO_KEY) } else { None };
        let valid = level.is_valid_at(row, grid.zoom());
        // Most shapes are one ring, inside the tile and valid once rounded.
        if reach == Reach::In
            && valid
            && kind == Kind::Polygon
            && level.stored_ring(row, bounds.min, grid).is_some_and(|ring| scratch.encoder.ring(ring))
        {
            write_tags(&mut fields, &mut scratch.encoder, row)?;
            scratch.encoder.end_ring(id);
            stats.features += 1;
            return Ok(());
        }
        level.draw(row, bounds.min, |pos| grid.place(pos), &mut scratch.shape)?;
        let Some(shown) = scratch.shown(reach, valid, &mut stats) else { return Ok(()) };
        write_tags(&mut fields, &mut scratch.encoder, row)?;
        let shape = match shown {
            Shown::AsDrawn => &scratch.shape,
            Shown::Changed => &scratch.other,
        };
        scratch.encoder.feature(id, shape);
        stats.features += 1;
        Ok(())
    })?;
    Ok(stats)
}

/// Is the box of a row of a level, but those of `gone`, in the tile? `exactly` as it is when the tile is written; otherwise
/// anywhere that a tile inside this one may want.
pub(crate) fn has_rows_in(
    schema: &Schema,
    level: &LevelView<'_>,
    gone: Option<&RowSet>,
    coord: TileCoord,
    exactly: bool,
) -> bool {
    let grid = TileGrid::new(coord);
    let drawn = |bounds: &Bounds| {
        let alone = !schema.is_in_one_tile() || grid.is_corner_of(bounds);
        alone && Reach::of(&grid.place_bounds(bounds), schema.kind()) != Reach::Out
    };
    let found = level.tree().query(
        &grid.reach(),
        |_| false,
        |row, bounds, _| {
            let here = (!exactly || drawn(bounds)) && !gone.is_some_and(|gone| gone.has(row));
            if here { Err(()) } else { Ok(()) }
        },
    );
    found.is_err()
}

#[inline]
fn write_tags<F: Format>(fields: &mut [Field<'_>], encoder: &mut F, row: usize) -> Result<(), SnapshotError> {
    for field in fields {
        if let Some(value) = field.value_of(encoder, row)? {
            encoder.tag(field.key, value);
        }
    }
    Ok(())
}

/// Which of the shapes of the scratch is in the tile.
enum Shown {
    AsDrawn,
    Changed,
}

impl<F> TileScratch<F> {
    /// Brings the drawn shape to what the tile has of it; `None` when that is nothing.
    #[inline]
    fn shown(&mut self, reach: Reach, valid: bool, stats: &mut TileStats) -> Option<Shown> {
        if self.shape.is_empty() {
            return None;
        }
        let kind = self.shape.kind();
        match reach {
            Reach::Out => None,
            Reach::In if valid => Some(Shown::AsDrawn),
            Reach::Whole if valid && kind == Kind::Polygon => polygon_meets(&self.shape).then_some(Shown::AsDrawn),
            Reach::In | Reach::Whole if kind == Kind::Polygon => {
                let repaired = self.overlayer.repair(&self.shape, None, &mut self.other)
                    && (reach == Reach::In || polygon_meets(&self.other));
                stats.repaired += u32::from(repaired);
                repaired.then_some(Shown::Changed)
            }
            Reach::In | Reach::Whole => {
                cut(&self.shape, &mut self.overlayer, &mut self.rough, &mut self.other);
                (!self.other.is_empty()).then_some(Shown::AsDrawn)
            }
            Reach::Cut => {
                let known = valid && kind == Kind::Polygon;
                if known && !polygon_meets(&self.shape) {
                    return None;
                }
                cut(&self.shape, &mut self.overlayer, &mut self.rough, &mut self.other);
                if !self.other.is_empty() {
                    stats.cut += 1;
                    return Some(Shown::Changed);
                }
                // A needle, narrower than a unit where it is cut: whole, rather than lost.
                (known && Bounds::FAR.holds(&self.shape.bounds())).then_some(Shown::AsDrawn)
            }
        }
    }
}

/// A column wanted.
struct Field<'a> {
    key: u32,
    column: ColumnView<'a>,
    /// The code written last and its index: neighbours often share it.
    last: Option<(u64, u32)>,
}

impl Field<'_> {
    /// The index of a row's value in the table of the layer; `None` when it has none.
    #[inline]
    fn value_of<F: Format>(&mut self, encoder: &mut F, row: usize) -> Result<Option<u32>, SnapshotError> {
        let column = &self.column;
        match column.kind {
            ColumnType::Dictionary | ColumnType::Bool | ColumnType::Integer => {
                let Some(code) = column.code(row) else { return Err(SnapshotError::Corrupt("code")) };
                let none = if column.kind == ColumnType::Integer { column.is_null(row) } else { code == 0 };
                if none {
                    return Ok(None);
                }
                if let Some((last, index)) = self.last
                    && last == code
                {
                    return Ok(Some(index));
                }
                let index = if code >> 48 == 0 {
                    encoder.coded(u64::from(self.key) << 48 | code, || value_of_code(column, code))?
                } else {
                    // Numbers too far from the least of the column are written where they are, each time.
                    encoder.value(value_of_code(column, code)?)
                };
                self.last = Some((code, index));
                Ok(Some(index))
            }
            ColumnType::Text => Ok(column.utf8(row)?.map(|text| encoder.text(text))),
            ColumnType::Decimal => Ok(match column.cell(row)? {
                Cell::Decimal(number) => Some(encoder.value(Value::Decimal(number))),
                _ => None,
            }),
        }
    }
}

fn value_of_code<'a>(column: &ColumnView<'a>, code: u64) -> Result<Value<'a>, SnapshotError> {
    match column.cell_of_code(code)? {
        Cell::Text(text) => Ok(Value::Text(text)),
        Cell::Integer(number) => Ok(Value::Integer(number)),
        Cell::Bool(yes) => Ok(Value::Bool(yes)),
        Cell::Null | Cell::Decimal(_) => Err(SnapshotError::Corrupt("code")),
    }
}
