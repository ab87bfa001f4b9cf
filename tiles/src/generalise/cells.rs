//! Which points of a grid are near: a table of cells over points in Morton order.
//!
//! Points are in blocks of 2,048 units a side; each block that holds points has a table of cells, fine when it holds many.
//! A cell is a run of points. Memory is bounded by the number of points, wherever they are.

use rustc_hash::FxHashMap;

use super::morton;
use super::shapes::{Point, number};

/// Units a block's side, as a power of two.
const BLOCK: u32 = 11;
/// Finest cut of a block's side, as a power of two: cells of 32 units.
const FINEST: u32 = 6;
/// Units a stretch of a long segment.
const STRETCH: u64 = 256;
/// Points a cell that are sought, as a power of four.
const POINTS_A_CELL: u32 = 1;

#[derive(Debug, Clone, Copy)]
struct Block {
    /// First entry of its table; there is one entry more than cells.
    table: u32,
    /// Cut of the side, as a power of two.
    cut: u32,
}

/// The table over points that the caller keeps.
#[derive(Debug, Default)]
pub(super) struct Cells {
    blocks: FxHashMap<u64, Block>,
    table: Vec<u32>,
}

impl Cells {
    /// Table of `points`, which are distinct and in Morton order.
    pub(super) fn new(points: &[Point]) -> Self {
        let mut cells = Self::default();
        let mut start = 0;
        while start < points.len() {
            let block = points[start].map(|value| value >> BLOCK);
            let end = start + points[start..].partition_point(|point| point.map(|value| value >> BLOCK) == block);
            cells.add(morton::code(block), points, start..end);
            start = end;
        }
        cells
    }

    fn add(&mut self, block: u64, points: &[Point], run: std::ops::Range<usize>) {
        let log4 = run.len().ilog2() / 2;
        let cut = log4.saturating_sub(POINTS_A_CELL - 1).min(FINEST);
        let table = number(self.table.len());
        let mut filled = 0;
        for index in run.clone() {
            let cell = cell_of(points[index], cut) + 1;
            while filled < cell {
                self.table.push(number(index));
                filled += 1;
            }
        }
        while filled < (1 << (2 * cut)) + 1 {
            self.table.push(number(run.end));
            filled += 1;
        }
        self.blocks.insert(block, Block { table, cut });
    }

    /// Calls `seen` with the index of each of `points` within `reach` of a segment along both axes, and of others near.
    ///
    /// A long segment is walked in stretches; a point may be seen in two of them. Gives back how many times it looked
    /// around, 1 when no point was seen twice.
    pub(super) fn along(
        &self,
        points: &[Point],
        from: Point,
        to: Point,
        reach: u32,
        mut seen: impl FnMut(usize),
    ) -> u64 {
        let length = u64::from(from[0].abs_diff(to[0]).max(from[1].abs_diff(to[1])));
        let wanted = length / STRETCH + 1;
        let stretches = if wanted > self.blocks.len() as u64 { 1 } else { wanted };
        let at = |stretch: u64, axis: usize| {
            let whole = i64::from(to[axis]) - i64::from(from[axis]);
            from[axis].saturating_add_signed(
                i32::try_from(whole * stretch.cast_signed() / stretches.cast_signed()).unwrap_or(0),
            )
        };
        for stretch in 0..stretches {
            let (start, end) = ([0, 1].map(|axis| at(stretch, axis)), [0, 1].map(|axis| at(stretch + 1, axis)));
            let low = [0, 1].map(|axis| start[axis].min(end[axis]).saturating_sub(reach));
            let high = [0, 1].map(|axis| start[axis].max(end[axis]).saturating_add(reach));
            self.near(low, high, |run| {
                for index in run {
                    let point = points[index];
                    if (0..2).all(|axis| low[axis] <= point[axis] && point[axis] <= high[axis]) {
                        seen(index);
                    }
                }
            });
        }
        wanted.min(self.blocks.len() as u64)
    }

    /// Calls `seen` with runs of indexes that hold all points from `low` to `high` (corners included), and others near.
    fn near(&self, low: Point, high: Point, mut seen: impl FnMut(std::ops::Range<usize>)) {
        let (first, last) = (low.map(|value| value >> BLOCK), high.map(|value| value >> BLOCK));
        let spanned = u64::from(last[0] - first[0] + 1) * u64::from(last[1] - first[1] + 1);
        if spanned > self.blocks.len() as u64 {
            for (&code, &block) in &self.blocks {
                let place = morton::point(code);
                if (0..2).all(|axis| first[axis] <= place[axis] && place[axis] <= last[axis]) {
                    self.near_in(place, block, low, high, &mut seen);
                }
            }
            return;
        }
        for y in first[1]..=last[1] {
            for x in first[0]..=last[0] {
                if let Some(&block) = self.blocks.get(&morton::code([x, y])) {
                    self.near_in([x, y], block, low, high, &mut seen);
                }
            }
        }
    }

    fn near_in(
        &self,
        place: Point,
        block: Block,
        low: Point,
        high: Point,
        seen: &mut impl FnMut(std::ops::Range<usize>),
    ) {
        let origin = place.map(|value| value << BLOCK);
        let reach = (1 << BLOCK) - 1;
        let clip = |point: Point, axis: usize| {
            (point[axis].max(origin[axis]) - origin[axis]).min(reach) >> (BLOCK - block.cut)
        };
        let columns = clip(low, 0)..=clip(high, 0);
        for y in clip(low, 1)..=clip(high, 1) {
            for x in columns.clone() {
                let cell = block.table as usize + woven(x, y);
                let (start, end) = (self.table[cell] as usize, self.table[cell + 1] as usize);
                if start < end {
                    seen(start..end);
                }
            }
        }
    }

    /// Index of a point among `points`, those the table was made of.
    pub(super) fn find(&self, points: &[Point], sought: Point) -> Option<u32> {
        let block = self.blocks.get(&morton::code(sought.map(|value| value >> BLOCK)))?;
        let cell = block.table as usize + cell_of(sought, block.cut);
        let (start, end) = (self.table[cell] as usize, self.table[cell + 1] as usize);
        points[start..end].iter().position(|&point| point == sought).map(|place| number(start + place))
    }
}

/// Number of the cell of a point in its block cut so.
fn cell_of(point: Point, cut: u32) -> usize {
    let [x, y] = point.map(|value| (value & ((1 << BLOCK) - 1)) >> (BLOCK - cut));
    woven(x, y)
}

/// Morton code of the place of a cell in its block, where bits are few.
fn woven(x: u32, y: u32) -> usize {
    const SPREAD: [usize; 1 << FINEST] = spread();
    SPREAD[x as usize] | SPREAD[y as usize] << 1
}

const fn spread() -> [usize; 1 << FINEST] {
    let mut spread = [0; 1 << FINEST];
    let mut value = 0;
    while value < spread.len() {
        let mut bit = 0;
        while bit < FINEST {
            spread[value] |= (value >> bit & 1) << (2 * bit);
            bit += 1;
        }
        value += 1;
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_in_a_square_is_seen_once(
            mut points in proptest::collection::vec((0_u32..9000, 0_u32..9000).prop_map(|(x, y)| [x, y]), 1..600),
            low in [0_u32..9000, 0..9000], size in [0_u32..3000, 0..3000],
        ) {
            points.sort_by_key(|&point| morton::code(point));
            points.dedup();
            let cells = Cells::new(&points);
            let high = [low[0] + size[0], low[1] + size[1]];
            let inside = |point: &Point| (0..2).all(|axis| low[axis] <= point[axis] && point[axis] <= high[axis]);
            let mut seen = Vec::new();
            cells.near(low, high, |run| seen.extend(run.filter(|&index| inside(&points[index]))));
            seen.sort_unstable();
            let expected: Vec<usize> = (0..points.len()).filter(|&index| inside(&points[index])).collect();
            prop_assert_eq!(seen, expected);
            let far = points[points.len() / 2];
            let mut along = Vec::new();
            cells.along(&points, low, far, 9, |index| along.push(index));
            for (index, &point) in points.iter().enumerate() {
                let wide = |point: Point| point.map(f64::from);
                let ([ax, ay], [bx, by], [px, py]) = (wide(low), wide(far), wide(point));
                let length2 = (bx - ax).powi(2) + (by - ay).powi(2);
                let share = if length2 > 0.0 { (((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length2).clamp(0.0, 1.0) } else { 0.0 };
                let off = (px - ax - share * (bx - ax)).hypot(py - ay - share * (by - ay));
                prop_assert!(off > 8.0 || along.contains(&index), "{point:?} is {off} from {low:?} to {far:?}");
                prop_assert_eq!(cells.find(&points, point), Some(number(index)));
            }
        }
    }
}
