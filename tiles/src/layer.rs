//! A layer in step: a snapshot, and over it the rows that are gone or new since.
//!
//! What is new is kept as small snapshots in memory, the later over the earlier, so that a tile is written in one way from
//! all of them. They are merged by size: an edit is copied a number of times that grows as the logarithm of the edits.
//! A layer never changes: a change makes another, and what reads the first is not disturbed.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::bounds::Bounds;
use crate::change::Change;
use crate::coord::TileCoord;
use crate::encode::Format;
use crate::geometry::Geometry;
use crate::rowset::RowSet;
use crate::snapshot::{Simplification, Snapshot, SnapshotError, SnapshotWriter};
use crate::thinning::Thinning;
use crate::tile::{Stop, TileRequest, TileScratch, TileStats, has_rows_in, write_level};

/// Rows that a thread copies at a time.
const CHUNK: usize = 8192;

/// A snapshot and what changed since.
#[derive(Debug, Clone)]
pub struct Layer {
    segments: Vec<Segment>,
}

/// Rows of one age.
#[derive(Debug, Clone)]
struct Segment {
    snapshot: Arc<Snapshot>,
    /// Rows that are gone, by level.
    gone: Vec<RowSet>,
}

impl Segment {
    fn new(snapshot: Arc<Snapshot>) -> Self {
        let gone = snapshot.schema().zooms().iter().map(|_| RowSet::default()).collect();
        Self { snapshot, gone }
    }

    /// Rows of a level that are not gone.
    fn live(&self, level: usize) -> usize {
        let rows = self.snapshot.level(level).map_or(0, |level| level.len());
        rows.saturating_sub(self.gone.get(level).map_or(0, RowSet::len))
    }
}

/// A layer after a change.
#[derive(Debug)]
pub struct Applied {
    /// The layer.
    pub layer: Layer,
    /// Boxes, in world units, of what went and of what came: tiles that meet none of them are as they were.
    pub touched: Vec<Bounds>,
}

impl Layer {
    /// A snapshot as it is.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        Self { segments: vec![Segment::new(snapshot)] }
    }

    /// The snapshot under what changed.
    #[must_use]
    pub fn base(&self) -> Option<&Arc<Snapshot>> {
        self.segments.first().map(|segment| &segment.snapshot)
    }

    /// Rows in full detail.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.segments.iter().map(|segment| segment.live(0)).sum()
    }

    /// Rows that are not in the snapshot, and rows of it that are gone.
    #[must_use]
    pub fn pending(&self) -> usize {
        let gone = |segment: &Segment| segment.gone.first().map_or(0, RowSet::len);
        self.segments.iter().skip(1).map(|segment| segment.live(0)).sum::<usize>()
            + self.segments.first().map_or(0, gone)
    }

    /// Its snapshots, the oldest first, and the rows of each that are gone, by level.
    pub(crate) fn segments(&self) -> impl Iterator<Item = (&Arc<Snapshot>, &[RowSet])> {
        self.segments.iter().map(|segment| (&segment.snapshot, &*segment.gone))
    }

    /// Is a row drawn at this zoom in the tile with its buffer, by the box of the row? A tile of a lower zoom answers for all
    /// those of this zoom that are inside it.
    #[must_use]
    pub fn has_rows_in(&self, coord: TileCoord, zoom: u8) -> bool {
        self.segments.iter().any(|segment| {
            let Some((rank, level)) = segment.snapshot.level_at(zoom) else { return false };
            let gone = segment.gone.get(rank).filter(|gone| gone.len() > 0);
            has_rows_in(segment.snapshot.schema(), &level, gone, coord, coord.z() == zoom)
        })
    }

    /// A change to fill.
    ///
    /// # Errors
    /// The layer has no snapshot, or has shapes that stand for several rows: it does not follow them one by one.
    pub fn change(&self) -> Result<Change, SnapshotError> {
        let base = self.base().ok_or(SnapshotError::Schema("aucun instantané"))?;
        if base.schema().simplification().is_some_and(Simplification::merges) {
            return Err(SnapshotError::Schema("une couche dont des lignes sont réunies se construit entière"));
        }
        Ok(Change::new(base.schema().in_full_detail()))
    }

    /// The layer after a change.
    ///
    /// A row that is gone is so at every level where its key is, and a new one is drawn in full detail at every zoom until
    /// the layer is compacted.
    ///
    /// # Errors
    /// A snapshot is corrupt, or is of another layer.
    pub fn apply(&self, change: Change) -> Result<Applied, SnapshotError> {
        let mut segments = self.segments.clone();
        let mut touched = Vec::new();
        for step in change.steps {
            for segment in &mut segments {
                segment.lose(&step.gone, &mut touched);
            }
            if step.batch.is_empty() {
                continue;
            }
            touched.extend(step.batch.boxes());
            step.writer.add(step.batch)?;
            segments.push(Segment::new(Arc::new(step.writer.finish_in_memory()?)));
        }
        let mut layer = Self { segments };
        layer.merge()?;
        Ok(Applied { layer, touched })
    }

    /// Merges the newest segments while one is not twice as large as the next.
    fn merge(&mut self) -> Result<(), SnapshotError> {
        while let [_, .., older, newer] = &self.segments[..] {
            if newer.live(0) > 0 && older.live(0) >= 2 * newer.live(0) {
                break;
            }
            let writer = SnapshotWriter::new(newer.snapshot.schema().clone())?;
            copy_level(older, 0, &writer, 0)?;
            copy_level(newer, 0, &writer, 0)?;
            let merged = Segment::new(Arc::new(writer.finish_in_memory()?));
            self.segments.truncate(self.segments.len() - 2);
            self.segments.push(merged);
        }
        if self.segments.len() > 1 && self.segments.last().is_some_and(|segment| segment.live(0) == 0) {
            self.segments.pop();
        }
        Ok(())
    }

    /// A writer with the rows of now at every level, to be stamped and finished: a snapshot without changes over it. Simpler
    /// levels are made again from full detail; levels of rows of their own have what they had, less what is gone, and new
    /// rows in full detail.
    ///
    /// # Errors
    /// A snapshot is corrupt, or is of another layer.
    pub fn compact(&self) -> Result<SnapshotWriter, SnapshotError> {
        let base = self.base().ok_or(SnapshotError::Schema("aucun instantané"))?;
        let writer = SnapshotWriter::new(base.schema().clone())?;
        let own = if base.schema().simplification().is_some() { 1 } else { base.schema().zooms().len() };
        for level in 0..own {
            for (rank, segment) in self.segments.iter().enumerate() {
                copy_level(segment, if rank == 0 { level } else { 0 }, &writer, level)?;
            }
        }
        Ok(writer)
    }

    /// Compacts into a file.
    ///
    /// # Errors
    /// Those of [`Self::compact`] and of the file system.
    pub fn compact_to(&self, path: &Path, stamp: &[u8]) -> Result<(), SnapshotError> {
        let mut writer = self.compact()?;
        writer.stamp(stamp)?;
        writer.finish(path)
    }

    /// Appends the layer of a tile to `out`; nothing when no row that may be seen is in it. Where it would take more bytes than
    /// asked, the smallest shapes are left out: see [`Thinning`].
    ///
    /// # Errors
    /// A field is not published or is asked twice, no thinning makes the tile small enough, the predicate names a column that is not of rights, or a snapshot is corrupt: `out` is as
    /// it was.
    pub fn tile<F: Format>(
        &self,
        request: &TileRequest<'_>,
        scratch: &mut TileScratch<F>,
        out: &mut Vec<u8>,
    ) -> Result<TileStats, SnapshotError> {
        let Some(schema) = self.base().map(|base| base.schema()) else { return Ok(TileStats::default()) };
        if let Some((_, twice)) =
            request.fields.iter().enumerate().find(|(rank, name)| request.fields[..*rank].contains(name))
        {
            return Err(SnapshotError::Twice((*twice).to_owned()));
        }
        if schema.level_at(request.coord.z()).is_none() {
            return Ok(TileStats::default());
        }
        let mut thinning = Thinning::NONE;
        loop {
            match self.write(request, thinning, scratch) {
                Ok(stats) => {
                    scratch.encoder.finish(schema.layer(), request.fields, out);
                    return Ok(stats);
                }
                Err(Stop::Full) => thinning = thinning.more().ok_or(SnapshotError::TooLarge("tuile"))?,
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
    }

    /// Writes the features of a tile.
    fn write<F: Format>(
        &self,
        request: &TileRequest<'_>,
        thinning: Thinning,
        scratch: &mut TileScratch<F>,
    ) -> Result<TileStats, Stop> {
        scratch.encoder.clear();
        let mut stats = TileStats { thinning, ..TileStats::default() };
        for segment in &self.segments {
            let Some((rank, level)) = segment.snapshot.level_at(request.coord.z()) else { continue };
            let gone = segment.gone.get(rank).filter(|gone| gone.len() > 0);
            let written = write_level(segment.snapshot.schema(), &level, gone, request, thinning, scratch)?;
            stats.features += written.features;
            stats.cut += written.cut;
            stats.repaired += written.repaired;
            stats.left_out += written.left_out;
        }
        if scratch.encoder.bytes() > request.max_bytes { Err(Stop::Full) } else { Ok(stats) }
    }
}

impl Segment {
    /// Notes that the rows of these keys are gone, and where they were.
    fn lose(&mut self, keys: &HashSet<u64>, touched: &mut Vec<Bounds>) {
        for (rank, gone) in self.gone.iter_mut().enumerate() {
            let Some(level) = self.snapshot.level(rank) else { continue };
            for row in keys.iter().flat_map(|key| level.rows_of(*key)) {
                if !gone.has(row) {
                    gone.insert(row);
                    touched.extend(level.bounds(row));
                }
            }
        }
    }
}

/// Copies the rows of a level that are not gone to a level of a writer.
fn copy_level(from: &Segment, level: usize, writer: &SnapshotWriter, to: usize) -> Result<(), SnapshotError> {
    let (Some(view), Some(gone)) = (from.snapshot.level(level), from.gone.get(level)) else { return Ok(()) };
    if !from.snapshot.schema().same_rows(writer.schema()) {
        return Err(SnapshotError::Schema("les lignes sont d'une autre couche"));
    }
    (0..view.len().div_ceil(CHUNK)).into_par_iter().try_for_each(|chunk| {
        let mut batch = writer.batch(to)?;
        let mut shape = Geometry::new(from.snapshot.schema().kind());
        for row in (chunk * CHUNK..view.len().min((chunk + 1) * CHUNK)).filter(|row| !gone.has(*row)) {
            let (key, cells) = view.row(row, &mut shape)?;
            batch.push(key, &shape, &cells)?;
        }
        writer.add(batch)
    })
}
