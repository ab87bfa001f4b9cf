//! The grid of a zoom: where the points of a level may stand.

use super::exact::{Wide, wide};
use super::shapes::Point;

/// Deepest zoom that can be generalised: under it the grid is still four times coarser than world units.
pub const ZOOM_MAX: u8 = 18;

/// The grid of 4,096 units a tile at a zoom. A grid point stands for the world units nearer to it than to others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    /// World units a grid unit, as a power of two: 2 to 20.
    shift: u32,
}

impl Grid {
    pub(super) fn at_zoom(zoom: u8) -> Self {
        Self { shift: 20 - u32::from(zoom.min(ZOOM_MAX)) }
    }

    pub(super) fn shift(self) -> u32 {
        self.shift
    }

    fn half(self) -> u32 {
        1 << (self.shift - 1)
    }

    /// The grid's own coordinates, with what is left of world units in the low bits.
    pub(super) fn biased(self, world: Point) -> Point {
        world.map(|value| value.saturating_add(self.half()))
    }

    /// World units again from [`Self::biased`].
    pub(super) fn unbiased(self, biased: Point) -> Point {
        biased.map(|value| value.saturating_sub(self.half()))
    }

    /// The grid point that stands for a point.
    pub(super) fn cell(self, world: Point) -> Point {
        self.biased(world).map(|value| value >> self.shift)
    }

    /// A grid point in world units.
    pub(super) fn world(self, cell: Point) -> Point {
        cell.map(|value| value << self.shift)
    }

    /// The square of world units that a grid point stands for, both corners in it.
    pub(super) fn square(self, cell: Point) -> (Wide, Wide) {
        let half = i64::from(self.half());
        let centre = wide(self.world(cell));
        (centre.map(|value| value - half), centre.map(|value| value + half - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_point_is_in_the_square_of_its_cell(x in 0..u32::MAX - (1 << 20), y in 0..u32::MAX - (1 << 20), zoom in 0..=ZOOM_MAX) {
            let grid = Grid::at_zoom(zoom);
            let (low, high) = grid.square(grid.cell([x, y]));
            let point = wide([x, y]);
            prop_assert!((0..2).all(|axis| low[axis] <= point[axis] && point[axis] <= high[axis]));
            prop_assert_eq!(grid.unbiased(grid.biased([x, y])), [x, y]);
        }

        #[test]
        fn the_east_edge_of_the_world_stays_in_it(x in u32::MAX - (1 << 20)..=u32::MAX, zoom in 0..=ZOOM_MAX) {
            let grid = Grid::at_zoom(zoom);
            prop_assert!(u64::from(grid.cell([x, 0])[0]) < 1 << (32 - grid.shift()));
        }
    }
}
