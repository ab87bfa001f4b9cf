//! Arcs: walls end to end, from a vertex where something changes to the next, so that a shared border is one thing.

use super::cells::Cells;
use super::exact::{self, minus, wide};
use super::shapes::{Point, number, start_of};
use super::topology::{Use, Walls};
use super::vertices::Vertices;

/// Arcs over their own vertices.
#[derive(Debug, Default)]
pub(super) struct Arcs {
    /// Grid points in Morton order.
    pub(super) points: Vec<Point>,
    /// Vertices of each arc, both ends in; the two are the same on a closed arc.
    pub(super) ids: Vec<u32>,
    pub(super) ends: Vec<u32>,
    use_ends: Vec<u32>,
    uses: Vec<Use>,
}

impl Arcs {
    /// Arcs of walls: a vertex ends arcs unless two walls meet there with the same shapes on the same sides.
    pub(super) fn new(vertices: &Vertices, walls: &Walls) -> Self {
        let star = Star::new(vertices.len(), walls);
        let mut arcs = Self { points: vertices.points.clone(), ..Self::default() };
        let mut walked = vec![false; walls.ends.len()];
        for vertex in (0..number(vertices.len())).filter(|&vertex| !star.passes(walls, vertex)) {
            for &wall in star.walls(vertex) {
                if !walked[wall as usize] {
                    arcs.walk(&star, walls, &mut walked, vertex, wall);
                }
            }
        }
        for wall in 0..number(walls.ends.len()) {
            if !walked[wall as usize] {
                let from = arcs.ids.len();
                arcs.walk(&star, walls, &mut walked, walls.ends[wall as usize][0], wall);
                arcs.start_at_a_corner(from);
            }
        }
        arcs.compact();
        arcs
    }

    /// Follows walls from a vertex until the next that ends arcs, or back to it.
    fn walk(&mut self, star: &Star, walls: &Walls, walked: &mut [bool], from: u32, first: u32) {
        self.ids.push(from);
        let turned = walls.ends[first as usize][0] != from;
        self.uses.extend(walls.uses(first).iter().map(|side| side.seen(turned)));
        self.use_ends.push(number(self.uses.len()));
        let (mut at, mut wall) = (from, first);
        loop {
            walked[wall as usize] = true;
            let [low, high] = walls.ends[wall as usize];
            at = if at == low { high } else { low };
            self.ids.push(at);
            if at == from || !star.passes(walls, at) {
                break;
            }
            let both = star.walls(at);
            wall = if both[0] == wall { both[1] } else { both[0] };
        }
        self.ends.push(number(self.ids.len()));
    }

    /// Turns the closed arc that starts at `from` in the column, so that its ends are where it bends most.
    fn start_at_a_corner(&mut self, from: usize) {
        let Self { ids, points, .. } = self;
        ids.pop();
        let ring = &mut ids[from..];
        let at = |index: usize| wide(points[ring[index % ring.len()] as usize]);
        let bend = |index: usize| {
            let here = at(index);
            exact::cross(minus(at(index + ring.len() - 1), here), minus(at(index + 1), here)).abs()
        };
        let corner = (0..ring.len()).max_by_key(|&index| (bend(index), std::cmp::Reverse(ring[index]))).unwrap_or(0);
        ring.rotate_left(corner);
        let start = ring[0];
        ids.push(start);
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Vertices of an arc.
    pub(super) fn arc(&self, arc: usize) -> &[u32] {
        &self.ids[start_of(&self.ends, arc)..self.ends[arc] as usize]
    }

    /// Shapes on both sides of an arc.
    pub(super) fn uses(&self, arc: usize) -> &[Use] {
        &self.uses[start_of(&self.use_ends, arc)..self.use_ends[arc] as usize]
    }

    pub(super) fn point(&self, vertex: u32) -> exact::Wide {
        wide(self.points[vertex as usize])
    }

    /// Table of the vertices that are left.
    pub(super) fn cells(&self) -> Cells {
        Cells::new(&self.points)
    }

    /// Replaces the vertices of all arcs, then forgets those that none uses.
    pub(super) fn replace(&mut self, ids: Vec<u32>, ends: Vec<u32>) {
        (self.ids, self.ends) = (ids, ends);
        self.compact();
    }

    fn compact(&mut self) {
        let mut numbers = vec![u32::MAX; self.points.len()];
        self.ids.iter().for_each(|&id| numbers[id as usize] = 0);
        let mut points = Vec::with_capacity(self.points.len());
        for (entry, &point) in numbers.iter_mut().zip(&self.points).filter(|(entry, _)| **entry == 0) {
            *entry = number(points.len());
            points.push(point);
        }
        self.points = points;
        self.ids.iter_mut().for_each(|id| *id = numbers[*id as usize]);
    }
}

/// The walls at each vertex.
struct Star {
    ends: Vec<u32>,
    walls: Vec<u32>,
}

impl Star {
    fn new(vertices: usize, walls: &Walls) -> Self {
        let mut ends = vec![0_u32; vertices + 1];
        for vertex in walls.ends.iter().flatten() {
            ends[*vertex as usize + 1] += 1;
        }
        for vertex in 1..ends.len() {
            ends[vertex] += ends[vertex - 1];
        }
        let mut list = vec![0; 2 * walls.ends.len()];
        for (wall, vertices) in walls.ends.iter().enumerate() {
            for &vertex in vertices {
                let next = &mut ends[vertex as usize];
                list[*next as usize] = number(wall);
                *next += 1;
            }
        }
        ends.pop();
        Self { ends, walls: list }
    }

    fn walls(&self, vertex: u32) -> &[u32] {
        let vertex = vertex as usize;
        &self.walls[start_of(&self.ends, vertex)..self.ends[vertex] as usize]
    }

    /// Whether a border goes through the vertex with nothing changing there.
    fn passes(&self, walls: &Walls, vertex: u32) -> bool {
        let &[one, other] = self.walls(vertex) else { return false };
        let (before, after) = (walls.uses(one), walls.uses(other));
        // One wall is followed to the vertex and the other from it: uses agree when one of the two is turned.
        let turned = (walls.ends[one as usize][1] == vertex) == (walls.ends[other as usize][1] == vertex);
        before.len() == after.len() && before.iter().zip(after).all(|(a, b)| *a == b.seen(turned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generalise::grid::Grid;
    use crate::generalise::noding::Edges;
    use crate::generalise::shapes::{Role, Shapes};
    use crate::generalise::topology::Sides;

    /// Arcs of rings given in grid units of zoom 12, one shape each, and the vertices of each arc as points.
    fn arcs(rings: &[&[Point]]) -> (Arcs, Vec<Vec<Point>>) {
        let grid = Grid::at_zoom(12);
        let mut shapes = Shapes::default();
        for ring in rings {
            shapes.add_ring(ring.iter().map(|&point| grid.world(point)), Role::Outer);
            shapes.end_shape();
        }
        let vertices = Vertices::new(&shapes, grid);
        let sides = Sides::new(&Edges::new(&shapes, &vertices, |_| true), vertices.len());
        let arcs = Arcs::new(&vertices, &Walls::new(&sides, |shape| shape));
        let drawn =
            (0..arcs.len()).map(|arc| arcs.arc(arc).iter().map(|&id| arcs.points[id as usize]).collect()).collect();
        (arcs, drawn)
    }

    #[test]
    fn a_shared_side_is_one_arc_with_a_shape_on_each_side() {
        let west: &[Point] = &[[0, 0], [10, 0], [10, 5], [10, 10], [0, 10]];
        let east: &[Point] = &[[10, 0], [20, 0], [20, 10], [10, 10], [10, 5]];
        let (arcs, mut drawn) = arcs(&[west, east]);
        let shared = drawn.iter().position(|arc| arc == &[[10, 0], [10, 5], [10, 10]]).unwrap();
        let shapes: Vec<(u32, bool)> =
            arcs.uses(shared).iter().map(|side| (side.shape(), side.is_backward())).collect();
        assert_eq!(shapes, [(0, false), (1, true)]);
        drawn.sort_unstable();
        assert_eq!(drawn.iter().map(Vec::len).collect::<Vec<_>>(), [4, 3, 4]);
    }

    #[test]
    fn a_ring_on_its_own_is_a_closed_arc_that_starts_at_a_corner() {
        let (_, drawn) = arcs(&[&[[10, 0], [20, 0], [20, 20], [0, 20], [0, 10], [0, 0]]]);
        assert_eq!(drawn.len(), 1);
        assert_eq!((drawn[0].len(), drawn[0][0]), (7, drawn[0][6]));
        assert!([[20, 0], [20, 20], [0, 20]].contains(&drawn[0][0]), "{drawn:?}");
    }

    #[test]
    fn an_edge_with_one_shape_on_both_sides_is_in_no_arc() {
        let (_, drawn) = arcs(&[&[[0, 0], [10, 0], [10, 10], [15, 10], [10, 10], [0, 10]]]);
        assert_eq!(drawn.len(), 1);
        assert!(!drawn[0].contains(&[15, 10]), "{drawn:?}");
    }
}
