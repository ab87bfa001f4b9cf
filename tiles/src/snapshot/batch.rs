//! Rows gathered by one thread, ready to be added to a snapshot.

use super::cells::{Cell, Cells, Dictionary};
use super::error::SnapshotError;
use super::hilbert;
use super::schema::Schema;
use super::shape;
use super::tree::{self, RawBounds};
use crate::bounds::Bounds;
use crate::geometry::{Geometry, Kind};
use crate::grid::{GRID_ZOOM, Pos, to_zoom};
use crate::project::{MercatorMetres, Project};
use crate::valid::{Validator, Verdict, safe_grid};
use crate::wkb::read_wkb_by;

/// Rows of one level.
#[derive(Debug)]
pub struct Batch {
    pub(super) level: usize,
    pub(super) keys: Vec<u64>,
    pub(super) bounds: Vec<RawBounds>,
    pub(super) hilbert: Vec<u64>,
    pub(super) masks: Vec<u32>,
    pub(super) shapes: Vec<u8>,
    pub(super) shape_ends: Vec<usize>,
    pub(super) columns: Vec<Cells>,
    zooms: (u8, u8),
    kind: Kind,
    scratch: Geometry,
    read: Geometry,
    validator: Validator,
    empty: u64,
}

impl Batch {
    /// No rows yet, of a level of a layer.
    pub(super) fn new(schema: &Schema, level: usize) -> Result<Self, SnapshotError> {
        let zooms = schema.zooms().get(level).ok_or(SnapshotError::Schema("le niveau n'existe pas"))?;
        Ok(Self {
            level,
            keys: Vec::new(),
            bounds: Vec::new(),
            hilbert: Vec::new(),
            masks: Vec::new(),
            shapes: Vec::new(),
            shape_ends: Vec::new(),
            columns: schema.columns().iter().map(|column| Cells::new(column.kind)).collect(),
            zooms: *zooms,
            kind: schema.kind(),
            scratch: Geometry::new(schema.kind()),
            read: Geometry::new(schema.kind()),
            validator: Validator::default(),
            empty: 0,
        })
    }

    /// Rows gathered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// No row is gathered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The box of each row, in world units.
    pub(crate) fn boxes(&self) -> impl Iterator<Item = Bounds> {
        self.bounds.iter().map(tree::from_raw)
    }

    /// Rows left out because their shape is empty, or degenerate at the finest grid.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.empty
    }

    /// Gives its texts the codes that these tables say, by column, and forgets its own.
    pub(super) fn recode(&mut self, tables: &[Vec<u32>]) {
        for (column, table) in self.columns.iter_mut().zip(tables) {
            if let Cells::Dictionary(codes, own) = column {
                for code in codes.iter_mut() {
                    *code = table.get(*code as usize).copied().unwrap_or_default();
                }
                *own = Dictionary::default();
            }
        }
    }

    /// Gives back the memory that was held for rows to come.
    pub(super) fn shrink(&mut self) {
        self.keys.shrink_to_fit();
        self.bounds.shrink_to_fit();
        self.hilbert.shrink_to_fit();
        self.masks.shrink_to_fit();
        self.shapes.shrink_to_fit();
        self.shape_ends.shrink_to_fit();
        self.columns.iter_mut().for_each(Cells::shrink);
        (self.scratch, self.read) = (Geometry::new(self.kind), Geometry::new(self.kind));
        self.validator = Validator::default();
    }

    /// Adds a row: its key, its shape as WKB or EWKB in EPSG:3857, a cell a column in the order of the schema.
    ///
    /// # Errors
    /// The shape can't be read, or the cells do not follow the schema: the row is not added and others may be.
    pub fn push_wkb(&mut self, key: u64, wkb: &[u8], cells: &[Cell<'_>]) -> Result<(), SnapshotError> {
        self.push_wkb_by(&mut MercatorMetres, key, wkb, cells)
    }

    /// The same, with a shape in any system that `project` knows.
    ///
    /// # Errors
    /// Those of [`Self::push_wkb`].
    pub fn push_wkb_by(
        &mut self,
        project: &mut impl Project,
        key: u64,
        wkb: &[u8],
        cells: &[Cell<'_>],
    ) -> Result<(), SnapshotError> {
        let mut shape = std::mem::replace(&mut self.read, Geometry::new(self.kind));
        let pushed = match read_wkb_by(wkb, self.kind, project, &mut shape) {
            Ok(()) => self.push(key, &shape, cells),
            Err(error) => Err(error.into()),
        };
        self.read = shape;
        pushed
    }

    /// Adds a row: its key, its shape in world units, a cell a column in the order of the schema.
    ///
    /// # Errors
    /// The cells do not follow the schema: the row is not added and others may be.
    pub fn push(&mut self, key: u64, shape: &Geometry, cells: &[Cell<'_>]) -> Result<(), SnapshotError> {
        let follows = cells.len() == self.columns.len()
            && shape.kind() == self.kind
            && self.columns.iter().zip(cells).all(|(column, cell)| column.takes(*cell));
        if !follows {
            return Err(SnapshotError::Row);
        }
        if shape.is_empty() {
            self.empty += 1;
            return Ok(());
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(*cell)?;
        }
        let bounds = shape.bounds();
        self.keys.push(key);
        self.hilbert.push(hilbert::distance(Pos::new(
            i64::midpoint(bounds.min.x, bounds.max.x),
            i64::midpoint(bounds.min.y, bounds.max.y),
        )));
        shape::write(shape, bounds.min, &mut self.shapes);
        self.shape_ends.push(self.shapes.len());
        self.bounds.push(tree::to_raw(&bounds));
        let mask = self.mask(shape);
        self.masks.push(mask);
        Ok(())
    }

    /// Zooms of the level at which the rounded shape is not known to be valid, a bit each; the deepest bit is for the finest
    /// grid and beyond.
    fn mask(&mut self, shape: &Geometry) -> u32 {
        if self.kind != Kind::Polygon {
            return 0;
        }
        let (first, last) = (self.zooms.0.min(GRID_ZOOM), self.zooms.1.min(GRID_ZOOM));
        let sound = self.validator.check(shape) == Verdict::Valid;
        let safe = if sound { safe_grid(shape) } else { 0.0 };
        let mut mask = 0;
        for zoom in first..=last {
            let unit = f64::from(1_u32 << (GRID_ZOOM - zoom));
            // At the finest grid the shape is as it is.
            if unit <= safe || (zoom == GRID_ZOOM && sound) {
                continue;
            }
            shape.draw_into(&mut self.scratch, |pos| Pos::new(to_zoom(pos.x, zoom), to_zoom(pos.y, zoom)));
            if self.validator.check(&self.scratch) != Verdict::Valid {
                mask |= 1 << zoom;
            }
        }
        mask
    }
}
