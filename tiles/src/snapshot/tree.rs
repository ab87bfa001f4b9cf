//! A packed tree of boxes over rows in Hilbert order: sixteen children a node, found by their rank, no pointers.

use crate::bounds::Bounds;
use crate::grid::Pos;

/// Children of a node.
const FAN: usize = 16;
/// Levels that 2^32 rows can need.
const DEPTH: usize = 8;

/// A box as it is in the file: west, north, east, south.
pub type RawBounds = [u8; 16];

/// World units fit in 32 bits.
#[must_use]
pub fn to_raw(bounds: &Bounds) -> RawBounds {
    let mut raw = RawBounds::default();
    let units = [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y];
    for (into, units) in raw.as_chunks_mut::<4>().0.iter_mut().zip(units) {
        *into = u32::try_from(units).unwrap_or(if units < 0 { 0 } else { u32::MAX }).to_le_bytes();
    }
    raw
}

/// World units of a box in the file.
#[inline]
#[must_use]
pub fn from_raw(raw: &RawBounds) -> Bounds {
    let [west, north, east, south] = *raw.as_chunks::<4>().0 else { return Bounds::EMPTY };
    let units = |bytes| i64::from(u32::from_le_bytes(bytes));
    Bounds { min: Pos::new(units(west), units(north)), max: Pos::new(units(east), units(south)) }
}

/// Nodes of each level above `rows` rows, from the one just above them; none for a few rows.
#[must_use]
pub fn level_sizes(rows: usize) -> Vec<usize> {
    let mut sizes = Vec::with_capacity(DEPTH);
    let mut size = rows;
    while size > FAN {
        size = size.div_ceil(FAN);
        sizes.push(size);
    }
    sizes
}

/// The boxes of all nodes above these rows, level after level.
#[must_use]
pub fn build(rows: &[Bounds]) -> Vec<Bounds> {
    let mut nodes: Vec<Bounds> = Vec::with_capacity(rows.len() / (FAN - 1) + DEPTH);
    let mut below = 0..0;
    for size in level_sizes(rows.len()) {
        let start = nodes.len();
        for node in 0..size {
            let mut bounds = Bounds::EMPTY;
            let children = if below.is_empty() { rows } else { &nodes[below.clone()] };
            children.iter().skip(node * FAN).take(FAN).for_each(|child| bounds.join(child));
            nodes.push(bounds);
        }
        below = start..nodes.len();
    }
    nodes
}

/// A tree in a file.
#[derive(Debug, Clone, Copy)]
pub struct Tree<'a> {
    /// Boxes of rows.
    pub rows: &'a [RawBounds],
    /// Boxes of nodes, as [`build`] gives them.
    pub nodes: &'a [RawBounds],
}

impl Tree<'_> {
    /// Visits the rows whose box meets `bounds`, in their order, until `visit` fails. Under a node whose box is `sure`, rows
    /// are visited as such, their own boxes not compared.
    ///
    /// # Errors
    /// Those of `visit`.
    pub fn query<E>(
        &self,
        bounds: &Bounds,
        sure: impl Fn(&Bounds) -> bool,
        mut visit: impl FnMut(usize, &Bounds, bool) -> Result<(), E>,
    ) -> Result<(), E> {
        // Levels from the rows up, each with its boxes.
        let mut levels = Vec::with_capacity(DEPTH);
        levels.push(self.rows);
        let mut rest = self.nodes;
        for size in level_sizes(self.rows.len()) {
            let (level, after) = rest.split_at_checked(size).unwrap_or((rest, &[]));
            levels.push(level);
            rest = after;
        }
        let Some(top) = levels.len().checked_sub(1) else { return Ok(()) };
        // Runs of children still to look at, the next on top.
        let mut stack: Vec<Run> = Vec::with_capacity(DEPTH + 1);
        stack.push(Run { level: top, at: 0, end: levels[top].len(), sure: false });
        while let Some(run) = stack.pop() {
            let boxes = levels[run.level];
            for (rank, raw) in boxes.iter().enumerate().take(run.end).skip(run.at) {
                let child = from_raw(raw);
                if !run.sure && !child.touches(bounds) {
                    continue;
                }
                if run.level == 0 {
                    visit(rank, &child, run.sure)?;
                } else {
                    stack.push(Run { at: rank + 1, ..run });
                    let sure = run.sure || sure(&child);
                    stack.push(Run { level: run.level - 1, at: rank * FAN, end: rank * FAN + FAN, sure });
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Children still to look at.
#[derive(Clone, Copy)]
struct Run {
    level: usize,
    at: usize,
    end: usize,
    sure: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_query_finds_what_looking_at_all_finds(
            corners in prop::collection::vec((0_i64..1000, 0_i64..1000, 0_i64..50, 0_i64..50), 0..700),
            (x, y, w, h) in (0_i64..1000, 0_i64..1000, 0_i64..300, 0_i64..300),
        ) {
            let of = |(x, y, w, h): (i64, i64, i64, i64)| Bounds { min: Pos::new(x, y), max: Pos::new(x + w, y + h) };
            let rows: Vec<Bounds> = corners.into_iter().map(of).collect();
            let raw = |bounds: &[Bounds]| bounds.iter().map(to_raw).collect::<Vec<_>>();
            let (raw_rows, nodes) = (raw(&rows), raw(&build(&rows)));
            let tree = Tree { rows: &raw_rows, nodes: &nodes };
            let asked = of((x, y, w, h));
            let mut found = Vec::new();
            let sure = |bounds: &Bounds| asked.holds(bounds);
            tree.query::<()>(&asked, sure, |row, _, _| { found.push(row); Ok(()) }).unwrap();
            let expected: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].touches(&asked)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
