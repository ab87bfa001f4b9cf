//! Writing the rows of a level, in Hilbert order.

use std::io::Write;
use std::path::Path;

use rayon::slice::ParallelSliceMut;

use super::batch::Batch;
use super::cells::Dictionary;
use super::columns_out::{Rows, write_columns, write_ends};
use super::error::SnapshotError;
use super::format::{Part, Sections};
use super::head::LevelHead;
use super::schema::ColumnType;
use super::tree;
use crate::bounds::Bounds;

/// Rows gathered of a level.
#[derive(Debug, Default)]
pub struct Gathered {
    /// As threads gave them.
    pub batches: Vec<Batch>,
    /// By rank of column; unused for those that have none.
    pub dictionaries: Vec<Dictionary>,
    /// Rows of full detail that none of them stands for.
    pub left_out: u32,
}

/// Writes a level of this rank.
///
/// # Errors
/// The file system refused, or the level holds more than 2^32 rows.
pub fn write_level<W: Write>(
    out: &mut Sections<W>,
    rank: u8,
    level: &Gathered,
    columns: &[ColumnType],
    path: &Path,
) -> Result<LevelHead, SnapshotError> {
    let batches = &level.batches;
    let total: usize = batches.iter().map(Batch::len).sum();
    let rows = u32::try_from(total).map_err(|_| SnapshotError::TooLarge("lignes"))?;
    let places = Rows { places: order(batches, total), batches };
    let failed = |source| SnapshotError::io("écriture", path)(source);
    let bounds = write_tree(out, rank, &places, path)?;
    for (batch, row) in places.iter() {
        let start = row.checked_sub(1).map_or(0, |before| batch.shape_ends[before]);
        out.put(&batch.shapes[start..batch.shape_ends[row]]).map_err(failed)?;
    }
    out.end(rank, Part::Shapes, (0, 0, 0));
    let lengths = places
        .iter()
        .map(|(batch, row)| batch.shape_ends[row] - row.checked_sub(1).map_or(0, |before| batch.shape_ends[before]));
    write_ends(out, lengths, path)?;
    out.end(rank, Part::ShapeEnds, (0, 0, 0));
    if batches.iter().any(|batch| batch.masks.iter().any(|mask| *mask != 0)) {
        for (batch, row) in places.iter() {
            out.put(&batch.masks[row].to_le_bytes()).map_err(failed)?;
        }
    }
    out.end(rank, Part::Masks, (0, 0, 0));
    for (batch, row) in places.iter() {
        out.put(&batch.keys[row].to_le_bytes()).map_err(failed)?;
    }
    out.end(rank, Part::Keys, (0, 0, 0));
    let mut by_key: Vec<(u64, u32)> = places.iter().map(|(batch, row)| batch.keys[row]).zip(0..).collect();
    by_key.par_sort_unstable();
    for (_, row) in by_key {
        out.put(&row.to_le_bytes()).map_err(failed)?;
    }
    out.end(rank, Part::ByKey, (0, 0, 0));
    write_columns(out, rank, columns, &places, &level.dictionaries, path)?;
    Ok(LevelHead { rows, bounds, left_out: level.left_out })
}

/// Rows along the curve, then by key, so that the same rows make the same file.
fn order(batches: &[Batch], total: usize) -> Vec<(u32, u32)> {
    let mut order: Vec<(u64, u64, u32, u32)> = Vec::with_capacity(total);
    for (batch, number) in batches.iter().zip(0_u32..) {
        let keyed = batch.hilbert.iter().zip(&batch.keys).zip(0_u32..);
        order.extend(keyed.map(|((hilbert, key), row)| (*hilbert, *key, number, row)));
    }
    order.par_sort_unstable();
    order.into_iter().map(|(_, _, batch, row)| (batch, row)).collect()
}

/// Writes the boxes of rows and of the nodes above them; the box of all.
fn write_tree<W: Write>(
    out: &mut Sections<W>,
    rank: u8,
    places: &Rows<'_>,
    path: &Path,
) -> Result<Bounds, SnapshotError> {
    let boxes: Vec<Bounds> = places.iter().map(|(batch, row)| tree::from_raw(&batch.bounds[row])).collect();
    for (part, bounds) in [(Part::Bounds, &boxes), (Part::Nodes, &tree::build(&boxes))] {
        for one in bounds {
            out.put(&tree::to_raw(one)).map_err(SnapshotError::io("écriture", path))?;
        }
        out.end(rank, part, (0, 0, 0));
    }
    let mut all = Bounds::EMPTY;
    for one in &boxes {
        all.join(one);
    }
    Ok(all)
}
