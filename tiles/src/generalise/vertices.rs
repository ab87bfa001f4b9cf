//! The vertices of a level: every point of the layer brought to the grid, once.

use rayon::prelude::*;

use super::cells::Cells;
use super::grid::Grid;
use super::morton;
use super::shapes::{Point, Shapes, number, start_of};

/// Grid points in Morton order, with the world points that each stands for.
#[derive(Debug)]
pub(super) struct Vertices {
    pub(super) grid: Grid,
    /// Distinct grid points.
    pub(super) points: Vec<Point>,
    /// Distinct world points, in the order of the grid points that stand for them.
    worlds: Vec<Point>,
    world_ends: Vec<u32>,
    pub(super) cells: Cells,
}

impl Vertices {
    pub(super) fn new(shapes: &Shapes, grid: Grid) -> Self {
        let mut codes: Vec<u64> = shapes.points().par_iter().map(|&point| morton::code(grid.biased(point))).collect();
        codes.par_sort_unstable();
        codes.dedup();
        let worlds: Vec<Point> = codes.par_iter().map(|&code| grid.unbiased(morton::point(code))).collect();
        let (mut points, mut world_ends) = (Vec::new(), Vec::new());
        let same = 2 * grid.shift();
        let mut start = 0;
        while start < codes.len() {
            let cell = codes[start] >> same;
            let end = start + codes[start..].iter().take_while(|&code| code >> same == cell).count();
            points.push(morton::point(cell));
            world_ends.push(number(end));
            start = end;
        }
        let cells = Cells::new(&points);
        Self { grid, points, worlds, world_ends, cells }
    }

    pub(super) fn len(&self) -> usize {
        self.points.len()
    }

    /// Gives back the room of world points, of which there is no more need once edges are noded.
    pub(super) fn forget_worlds(&mut self) {
        (self.worlds, self.world_ends) = (Vec::new(), Vec::new());
    }

    /// World points that a grid point stands for.
    pub(super) fn worlds(&self, vertex: u32) -> &[Point] {
        let vertex = vertex as usize;
        match self.world_ends.get(vertex) {
            Some(&end) => &self.worlds[start_of(&self.world_ends, vertex)..end as usize],
            None => &[],
        }
    }

    /// The vertex that stands for a world point of the layer.
    pub(super) fn of(&self, world: Point) -> Option<u32> {
        self.cells.find(&self.points, self.grid.cell(world))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generalise::shapes::Role;

    #[test]
    fn points_of_one_grid_point_are_one_vertex() {
        let mut shapes = Shapes::default();
        shapes.add_ring([[1000, 1000], [9000, 1000], [9001, 9000], [1003, 9000]], Role::Outer);
        shapes.add_ring([[9001, 1001], [20000, 1000], [9000, 9000]], Role::Outer);
        shapes.end_shape();
        let vertices = Vertices::new(&shapes, Grid::at_zoom(12));
        assert_eq!(vertices.len(), 5);
        let corner = vertices.of([9000, 1000]).unwrap();
        assert_eq!(vertices.of([9001, 1001]), Some(corner));
        assert_eq!(vertices.worlds(corner), [[9000, 1000], [9001, 1001]]);
        assert_eq!(vertices.of([500_000, 0]), None);
    }
}
