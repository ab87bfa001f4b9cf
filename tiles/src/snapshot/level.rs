//! A level of a snapshot: a full set of rows for some zooms.

use std::ops::Range;

use super::cells::Cell;
use super::columns_in::{ColumnParts, ColumnView, Ends, ends_fit, to_range};
use super::error::SnapshotError;
use super::format::Part;
use super::head::Head;
use super::ring::StoredRing;
use super::shape;
use super::tree::{RawBounds, Tree, from_raw, level_sizes};
use crate::bounds::Bounds;
use crate::geometry::{Geometry, Kind};
use crate::grid::{Pos, TileGrid};

/// Where the sections of a level are, their lengths checked against the number of rows.
#[derive(Debug)]
pub struct LevelParts {
    rows: usize,
    kind: Kind,
    bounds: Range<usize>,
    nodes: Range<usize>,
    shapes: Range<usize>,
    ends: Range<usize>,
    masks: Range<usize>,
    keys: Range<usize>,
    by_key: Range<usize>,
    columns: Vec<ColumnParts>,
}

impl LevelParts {
    /// Finds the sections of a level.
    pub fn find(head: &Head, level: usize) -> Result<Self, SnapshotError> {
        let of = head.levels.get(level).ok_or(SnapshotError::Corrupt("niveau absent"))?;
        let rows = of.rows as usize;
        let range = |part| head.section(level, part, 0).and_then(|section| to_range(&section.range));
        let columns = head.schema.columns().iter().enumerate();
        let parts = Self {
            rows,
            kind: head.schema.kind(),
            bounds: range(Part::Bounds)?,
            nodes: range(Part::Nodes)?,
            shapes: range(Part::Shapes)?,
            ends: range(Part::ShapeEnds)?,
            masks: range(Part::Masks)?,
            keys: range(Part::Keys)?,
            by_key: range(Part::ByKey)?,
            columns: columns
                .map(|(rank, column)| ColumnParts::find(head, level, rank, column.kind, rows))
                .collect::<Result<_, _>>()?,
        };
        let nodes: usize = level_sizes(rows).iter().sum();
        let fits = Some(parts.bounds.len()) == rows.checked_mul(16)
            && parts.nodes.len() == nodes * 16
            && ends_fit(parts.ends.len(), rows)
            && (parts.masks.is_empty() || parts.masks.len() == rows * 4)
            && parts.keys.len() == rows * 8
            && parts.by_key.len() == rows * 4;
        if fits { Ok(parts) } else { Err(SnapshotError::Corrupt("longueur d'une section")) }
    }

    /// The level in the bytes of its file.
    #[must_use]
    pub fn view<'a>(&'a self, file: &'a [u8]) -> LevelView<'a> {
        let bytes = |range: &Range<usize>| file.get(range.clone()).unwrap_or_default();
        LevelView {
            file,
            parts: self,
            bounds: bytes(&self.bounds).as_chunks().0,
            nodes: bytes(&self.nodes).as_chunks().0,
            shapes: bytes(&self.shapes),
            ends: Ends::new(bytes(&self.ends), self.rows),
            masks: bytes(&self.masks).as_chunks().0,
            keys: bytes(&self.keys).as_chunks().0,
            by_key: bytes(&self.by_key).as_chunks().0,
        }
    }
}

/// A level, to read.
#[derive(Debug, Clone, Copy)]
pub struct LevelView<'a> {
    file: &'a [u8],
    parts: &'a LevelParts,
    bounds: &'a [RawBounds],
    nodes: &'a [RawBounds],
    shapes: &'a [u8],
    ends: Ends<'a>,
    masks: &'a [[u8; 4]],
    keys: &'a [[u8; 8]],
    by_key: &'a [[u8; 4]],
}

impl<'a> LevelView<'a> {
    /// Rows of the level.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.rows
    }

    /// It has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The index of its boxes.
    #[must_use]
    pub fn tree(&self) -> Tree<'a> {
        Tree { rows: self.bounds, nodes: self.nodes }
    }

    /// The box of a row, in world units.
    #[must_use]
    pub fn bounds(&self, row: usize) -> Option<Bounds> {
        self.bounds.get(row).map(from_raw)
    }

    /// The key of a row.
    #[must_use]
    pub fn key(&self, row: usize) -> Option<u64> {
        self.keys.get(row).map(|key| u64::from_le_bytes(*key))
    }

    /// The rows of a key.
    pub fn rows_of(&self, key: u64) -> impl Iterator<Item = usize> {
        let row = move |at: usize| self.by_key.get(at).map(|row| u32::from_le_bytes(*row) as usize);
        let key_at = move |at: usize| row(at).and_then(|row| self.key(row));
        let (mut low, mut high) = (0, self.by_key.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if key_at(middle).is_some_and(|found| found < key) { low = middle + 1 } else { high = middle }
        }
        (low..self.by_key.len()).take_while(move |at| key_at(*at) == Some(key)).filter_map(row)
    }

    /// Is the rounded shape of a row known to be valid at this zoom?
    #[inline]
    #[must_use]
    pub fn is_valid_at(&self, row: usize, zoom: u8) -> bool {
        let bit = zoom.min(crate::grid::GRID_ZOOM);
        self.masks.get(row).is_none_or(|mask| u32::from_le_bytes(*mask) >> bit & 1 == 0)
    }

    /// Draws the shape of a row into `out`, each vertex moved by `place`; `corner` is the north-west of its box.
    ///
    /// # Errors
    /// The file is corrupt.
    pub fn draw(
        &self,
        row: usize,
        corner: Pos,
        place: impl Fn(Pos) -> Pos,
        out: &mut Geometry,
    ) -> Result<(), SnapshotError> {
        let bytes = self.ends.range(row).and_then(|range| self.shapes.get(range));
        shape::read(bytes.ok_or(SnapshotError::Corrupt("forme"))?, self.parts.kind, corner, place, out)
    }

    /// The shape of a row as it is stored, for what writes it near a tile in one pass.
    #[inline]
    pub(crate) fn stored_ring(&self, row: usize, corner: Pos, grid: TileGrid) -> Option<StoredRing<'a>> {
        let bytes = self.ends.range(row).and_then(|range| self.shapes.get(range))?;
        Some(StoredRing { bytes, corner, grid })
    }

    /// A column, by its rank in the schema.
    #[must_use]
    pub fn column(&self, rank: usize) -> Option<ColumnView<'a>> {
        self.parts.columns.get(rank).map(|column| column.view(self.file))
    }

    /// A whole row, in world units: its key and its cells, its shape into `out`.
    ///
    /// # Errors
    /// The file is corrupt.
    pub fn row(&self, row: usize, out: &mut Geometry) -> Result<(u64, Vec<Cell<'a>>), SnapshotError> {
        let corrupt = || SnapshotError::Corrupt("ligne");
        let (Some(key), Some(bounds)) = (self.key(row), self.bounds(row)) else { return Err(corrupt()) };
        self.draw(row, bounds.min, |pos| pos, out)?;
        let cells = self.parts.columns.iter().map(|column| column.view(self.file).cell(row));
        Ok((key, cells.collect::<Result<_, _>>()?))
    }
}
