//! A layer cut in parts that are worked on a few at a time, so that memory is bounded whatever its size.
//!
//! A part has shapes of its own, whole groups of them, and around these the shapes of others that may share a border with
//! them. Borders between parts are brought to the grid and left there with all their points: both parts do the same to them,
//! so that neighbours stay neighbours across.

use rustc_hash::FxHashMap;

use super::NO_GROUP;
use super::grid::Grid;
use super::shapes::{Point, Shapes, number};

/// Cells that a shape may lie over; one that lies over more is compared with all.
const CELLS: u64 = 256;
/// Shapes that may lie over more: beyond, the layer is taken whole.
const WIDE: usize = 256;

/// Which shapes are worked on together.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The part of each shape; nothing when there is one.
    of: Vec<u32>,
    /// Shapes of its own of each part, then those of others around it, ascending both.
    lists: Vec<(Vec<u32>, Vec<u32>)>,
}

impl Parts {
    /// Parts of about `most` points each, or none when the layer is small enough; shapes of one of the `groups` stay together.
    pub(super) fn new(shapes: &Shapes, groups: Option<&[u32]>, grid: Grid, most: usize) -> Self {
        if shapes.points().len() <= most {
            return Self::default();
        }
        let mut parts = Self { of: assign(shapes, groups, most), lists: Vec::new() };
        let count = parts.of.iter().max().map_or(0, |last| *last as usize + 1);
        if count < 2 {
            return Self::default();
        }
        parts.lists.resize_with(count, Default::default);
        for (shape, part) in (0..).zip(&parts.of) {
            parts.lists[*part as usize].0.push(shape);
        }
        if parts.surround(shapes, grid) { parts } else { Self::default() }
    }

    /// Shapes of its own of each part, and those around it; nothing when the layer is one part.
    pub(super) fn lists(&self) -> &[(Vec<u32>, Vec<u32>)] {
        &self.lists
    }

    /// The part of a shape.
    pub(super) fn of(&self, shape: usize) -> usize {
        self.of[shape] as usize
    }

    /// Finds the shapes around each part; false when too many shapes are too wide for that.
    fn surround(&mut self, shapes: &Shapes, grid: Grid) -> bool {
        let boxes: Vec<Box2> = (0..shapes.len()).map(|shape| Box2::of(shapes, shape, grid)).collect();
        let cut = cell_side(&boxes);
        let wide: Vec<usize> = (0..boxes.len()).filter(|&shape| boxes[shape].cells(cut) > CELLS).collect();
        if wide.len() > WIDE {
            return false;
        }
        let mut places: Vec<(u64, u32)> = Vec::with_capacity(boxes.len());
        for (bounds, &part) in boxes.iter().zip(&self.of).filter(|(bounds, _)| bounds.cells(cut) <= CELLS) {
            bounds.each_cell(cut, |cell| {
                if places.last() != Some(&(cell, part)) {
                    places.push((cell, part));
                }
            });
        }
        places.sort_unstable();
        places.dedup();
        // Cells of one part alone have no frontier.
        let mut shared: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for cell in places.chunk_by(|a, b| a.0 == b.0).filter(|cell| cell.len() > 1) {
            shared.insert(cell[0].0, cell.iter().map(|&(_, part)| part).collect());
        }
        for (shape, bounds) in (0..).zip(&boxes) {
            let own = self.of[shape as usize];
            let lists = &mut self.lists;
            let mut add = |part: u32| {
                let around = &mut lists[part as usize].1;
                if part != own && around.last() != Some(&shape) {
                    around.push(shape);
                }
            };
            if bounds.cells(cut) <= CELLS {
                bounds.each_cell(cut, |cell| shared.get(&cell).into_iter().flatten().for_each(|&part| add(part)));
            }
            for &other in wide.iter().filter(|&&other| boxes[other].touches(bounds)) {
                add(self.of[other]);
            }
        }
        for &shape in &wide {
            for (part, (own, around)) in (0_u32..).zip(&mut self.lists) {
                let is_beside =
                    self.of[shape] != part && own.iter().any(|&other| boxes[other as usize].touches(&boxes[shape]));
                if is_beside {
                    around.push(number(shape));
                }
            }
        }
        for (_, around) in &mut self.lists {
            around.sort_unstable();
            around.dedup();
        }
        true
    }
}

/// A part for each shape, in their order: a group goes where its first shape is.
fn assign(shapes: &Shapes, groups: Option<&[u32]>, most: usize) -> Vec<u32> {
    let group_of = |shape: usize| groups.map_or(NO_GROUP, |groups| groups[shape]);
    let mut sizes: FxHashMap<u32, usize> = FxHashMap::default();
    for shape in (0..shapes.len()).filter(|&shape| group_of(shape) != NO_GROUP) {
        *sizes.entry(group_of(shape)).or_default() += shapes.size(shape);
    }
    let mut parts: FxHashMap<u32, u32> = FxHashMap::default();
    let (mut part, mut held) = (0, 0);
    let mut next = |size: usize| {
        if held > 0 && held + size > most {
            (part, held) = (part + 1, 0);
        }
        held += size;
        part
    };
    let assigned = (0..shapes.len()).map(|shape| match group_of(shape) {
        NO_GROUP => next(shapes.size(shape)),
        group => *parts.entry(group).or_insert_with(|| next(sizes.get(&group).copied().unwrap_or_default())),
    });
    assigned.collect()
}

/// A box that holds a shape and all that may be noded with it.
#[derive(Debug, Clone, Copy)]
struct Box2 {
    low: Point,
    high: Point,
}

impl Box2 {
    fn of(shapes: &Shapes, shape: usize, grid: Grid) -> Self {
        let margin = 2_u32 << grid.shift();
        let (mut low, mut high) = ([u32::MAX; 2], [0; 2]);
        for point in shapes.rings(shape).flatten() {
            low = [0, 1].map(|axis| low[axis].min(point[axis]));
            high = [0, 1].map(|axis| high[axis].max(point[axis]));
        }
        Self {
            low: low.map(|value| value.saturating_sub(margin)),
            high: high.map(|value| value.saturating_add(margin)),
        }
    }

    fn is_empty(&self) -> bool {
        self.low[0] > self.high[0]
    }

    /// How many cells of `1 << cut` units a side it lies over.
    fn cells(&self, cut: u32) -> u64 {
        if self.is_empty() {
            return 0;
        }
        let along = |axis: usize| u64::from((self.high[axis] >> cut) - (self.low[axis] >> cut)) + 1;
        along(0) * along(1)
    }

    fn each_cell(&self, cut: u32, mut seen: impl FnMut(u64)) {
        if self.is_empty() {
            return;
        }
        for y in self.low[1] >> cut..=self.high[1] >> cut {
            for x in self.low[0] >> cut..=self.high[0] >> cut {
                seen(u64::from(y) << 32 | u64::from(x));
            }
        }
    }

    fn touches(&self, other: &Self) -> bool {
        (0..2).all(|axis| self.low[axis] <= other.high[axis] && other.low[axis] <= self.high[axis])
    }
}

/// Side of the cells, as a power of two: twice what shapes span on average.
fn cell_side(boxes: &[Box2]) -> u32 {
    let spans = boxes.iter().filter(|bounds| !bounds.is_empty());
    let (mut sum, mut count) = (0_u64, 0_u64);
    for bounds in spans {
        sum += u64::from((bounds.high[0] - bounds.low[0]).max(bounds.high[1] - bounds.low[1]));
        count += 1;
    }
    (2 * sum / count.max(1)).max(1).ilog2().min(31) + 1
}

#[cfg(test)]
mod tests {
    use super::super::shapes::Role;
    use super::*;

    /// Squares of 1,000 units side by side, in rows of ten.
    fn squares(count: u32) -> Shapes {
        let mut shapes = Shapes::default();
        for square in 0..count {
            let (west, north) = (square % 10 * 1_000, square / 10 * 1_000);
            shapes.add_ring(
                [[west, north], [west + 1_000, north], [west + 1_000, north + 1_000], [west, north + 1_000]],
                Role::Outer,
            );
            shapes.end_shape();
        }
        shapes
    }

    #[test]
    fn every_shape_is_of_one_part_and_its_neighbours_are_there_or_around() {
        let shapes = squares(100);
        let groups: Vec<u32> = (0..100).map(|square| square / 5).collect();
        let parts = Parts::new(&shapes, Some(&groups), Grid::at_zoom(18), 100);
        assert!(parts.lists().len() > 3, "{}", parts.lists().len());
        let all: usize = parts.lists().iter().map(|(own, _)| own.len()).sum();
        assert_eq!(all, 100);
        for (own, around) in parts.lists() {
            for &square in own {
                let (x, y) = (square % 10, square / 10);
                let near = (0_u32..100).filter(|other| (other % 10).abs_diff(x) <= 1 && (other / 10).abs_diff(y) <= 1);
                for other in near {
                    assert!(own.contains(&other) || around.contains(&other), "{square} without {other}");
                }
                assert!((0..5).all(|rank| own.contains(&(square / 5 * 5 + rank))), "{square} without its group");
                assert!(!around.contains(&square));
            }
        }
    }

    #[test]
    fn a_small_layer_is_one_part() {
        assert!(Parts::new(&squares(10), None, Grid::at_zoom(12), 40).lists().is_empty());
        assert!(!Parts::new(&squares(10), None, Grid::at_zoom(12), 39).lists().is_empty());
    }
}
