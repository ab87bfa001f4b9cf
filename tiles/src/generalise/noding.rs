//! Edges brought to the grid so that they meet at vertices only.
//!
//! Snap rounding (Hobby 1999; Guibas and Marimont 1998): an edge goes through the grid point of every vertex whose square
//! it crosses. Rounding may then bring edges together, never across one another. Before that, a vertex that lies within
//! [`TOLERANCE`] of an edge (a T-junction, which projection and rounding have moved off it) is made a point of the edge.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::exact::{self, Wide, minus, wide};
use super::shapes::{Point, Shapes, number};
use super::vertices::Vertices;

/// World units within which a vertex belongs to an edge: about 3 cm, what seven decimals of a degree leave in doubt.
const TOLERANCE: i64 = 3;
/// How many times an edge may be halved by T-junctions one within the other.
const DEPTH: u32 = 12;
/// Vertices that may be looked at for each edge, on average over a task; a cadastre needs about ten. Beyond that a task
/// takes edges as they are: shapes that then cross themselves are repaired.
const LOOKS_AN_EDGE: u64 = 512;
/// Vertices that any task may look at, however few its edges.
const LOOKS: u64 = 1 << 20;
/// Shapes a task.
const CHUNK: usize = 4096;

/// Edges of every shape between vertices, in the direction that keeps the shape to their left.
#[derive(Debug, Default)]
pub(super) struct Edges {
    pub(super) edges: Vec<[u32; 2]>,
    /// Where the edges of each shape end.
    pub(super) shape_ends: Vec<u32>,
}

impl Edges {
    /// Edges of the shapes that `wanted` accepts; the others have none.
    pub(super) fn new(shapes: &Shapes, vertices: &Vertices, wanted: impl Fn(usize) -> bool + Sync) -> Self {
        let parts: Vec<Self> = (0..shapes.len().div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let mut part = Self::default();
                let mut noder = Noder::new(vertices, LOOKS);
                for shape in chunk * CHUNK..shapes.len().min((chunk + 1) * CHUNK) {
                    if wanted(shape) {
                        shapes.rings(shape).for_each(|ring| noder.ring(ring, &mut part.edges));
                    }
                    part.shape_ends.push(number(part.edges.len()));
                }
                part
            })
            .collect();
        let mut all = Self {
            edges: Vec::with_capacity(parts.iter().map(|part| part.edges.len()).sum()),
            shape_ends: Vec::with_capacity(shapes.len()),
        };
        for part in parts {
            let start = number(all.edges.len());
            all.edges.extend_from_slice(&part.edges);
            all.shape_ends.extend(part.shape_ends.iter().map(|end| end.saturating_add(start)));
        }
        all
    }
}

/// An end of an edge.
#[derive(Debug, Clone, Copy)]
struct End {
    world: Point,
    vertex: u32,
}

/// Nodes edges one after the other, keeping its room.
struct Noder<'a> {
    vertices: &'a Vertices,
    /// Vertices near the edge.
    near: Vec<u32>,
    /// Vertices that the edge goes through, in order.
    chain: Vec<u32>,
    /// How many more vertices may be looked at.
    looks: u64,
    /// Edges that go through no other vertex, met on one side and not yet on the other.
    straight: FxHashSet<(Point, Point)>,
}

impl<'a> Noder<'a> {
    fn new(vertices: &'a Vertices, looks: u64) -> Self {
        let (near, chain, straight) = (Vec::new(), Vec::new(), FxHashSet::default());
        Self { vertices, near, chain, looks, straight }
    }

    fn ring(&mut self, ring: &[Point], edges: &mut Vec<[u32; 2]>) {
        let Some(mut from) = ring.last().and_then(|&last| self.end(last)) else { return };
        self.looks += LOOKS_AN_EDGE * ring.len() as u64;
        for &point in ring {
            let Some(to) = self.end(point) else { return };
            // Both sides of a border must find the same way: it is sought in one direction.
            let forward = from.world <= to.world;
            let key = if forward { (from.world, to.world) } else { (to.world, from.world) };
            if self.straight.remove(&key) {
                edges.extend((from.vertex != to.vertex).then_some([from.vertex, to.vertex]));
                from = to;
                continue;
            }
            self.chain.clear();
            if forward {
                self.way(from, to, 0);
            } else {
                self.way(to, from, 0);
            }
            if self.chain.len() == 2 {
                self.straight.insert(key);
            }
            if !forward {
                self.chain.reverse();
            }
            edges.extend(self.chain.windows(2).filter(|link| link[0] != link[1]).map(|link| [link[0], link[1]]));
            from = to;
        }
    }

    /// A point of the layer and its vertex, which it has.
    fn end(&self, world: Point) -> Option<End> {
        Some(End { world, vertex: self.vertices.of(world)? })
    }

    /// Adds the way from `from` to `to`, both in.
    fn way(&mut self, from: End, to: End, depth: u32) {
        if self.looks == 0 {
            self.chain.extend([from.vertex, to.vertex]);
            return;
        }
        self.seek(from, to);
        let junction = (depth < DEPTH).then(|| self.junction(from.world, to.world)).flatten();
        if let Some(junction) = junction.and_then(|junction| self.end(junction)) {
            self.way(from, junction, depth + 1);
            self.way(junction, to, depth + 1);
        } else {
            self.through(from, to);
        }
    }

    /// Finds the vertices around the edge, with a grid unit to spare on each side of those that it may cross.
    fn seek(&mut self, from: End, to: End) {
        self.near.clear();
        let Self { vertices, near, .. } = self;
        let [start, end] = [from, to].map(|end| vertices.points[end.vertex as usize]);
        let stretches = vertices.cells.along(&vertices.points, start, end, 2, |index| near.push(number(index)));
        self.looks = self.looks.saturating_sub(near.len() as u64 + stretches);
        if stretches > 1 {
            near.sort_unstable();
            near.dedup();
        }
    }

    /// The world point nearest to the edge among those near enough to belong to it.
    fn junction(&self, from: Point, to: Point) -> Option<Point> {
        let (a, b) = (wide(from), wide(to));
        let along = minus(b, a);
        let reach = i128::from(TOLERANCE * TOLERANCE) * exact::dot(along, along);
        let low = [a[0].min(b[0]) - TOLERANCE, a[1].min(b[1]) - TOLERANCE];
        let high = [a[0].max(b[0]) + TOLERANCE, a[1].max(b[1]) + TOLERANCE];
        let worlds = self.near.iter().flat_map(|&vertex| self.vertices.worlds(vertex));
        let belongs = |&point: &Point| {
            let p = wide(point);
            if point == from || point == to || (0..2).any(|axis| p[axis] < low[axis] || p[axis] > high[axis]) {
                return None;
            }
            let off = exact::cross(along, minus(p, a)).abs();
            let between = exact::dot(minus(a, p), minus(b, p)) < 0;
            (between && off.checked_mul(off).is_some_and(|squared| squared <= reach)).then_some((off, point))
        };
        worlds.filter_map(belongs).min().map(|(_, point)| point)
    }

    /// Adds the vertices whose squares the edge crosses.
    ///
    /// The rounded edge then touches no other: a point of it is as far from a point of the edge, along each axis, as its ends
    /// are from those of the edge, so that a vertex on it has a square that the edge crosses.
    fn through(&mut self, from: End, to: End) {
        let Self { vertices, near, chain, .. } = self;
        let (start, end) = (from.vertex, to.vertex);
        let (a, b) = (wide(from.world), wide(to.world));
        let first = chain.len();
        chain.push(start);
        if start == end {
            return;
        }
        chain.extend(near.iter().copied().filter(|&vertex| {
            let (low, high) = vertices.grid.square(vertices.points[vertex as usize]);
            vertex != start && vertex != end && exact::meets_square(a, b, low, high)
        }));
        let centre = |vertex: u32| wide(vertices.grid.world(vertices.points[vertex as usize]));
        sort_along(&mut chain[first + 1..], minus(b, a), a, centre);
        chain.push(end);
    }
}

/// Sorts vertices by where they stand along a direction.
fn sort_along(vertices: &mut [u32], along: Wide, origin: Wide, centre: impl Fn(u32) -> Wide) {
    if vertices.len() > 1 {
        vertices.sort_unstable_by_key(|&vertex| (exact::dot(minus(centre(vertex), origin), along), vertex));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generalise::grid::Grid;
    use crate::generalise::shapes::Role;

    /// Grid units of zoom 13 (128 world units each) as the corners of a ring.
    fn ring(corners: &[[u32; 2]]) -> Vec<Point> {
        corners.iter().map(|corner| corner.map(|value| value * 128)).collect()
    }

    fn edges(rings: &[Vec<Point>]) -> (Vertices, Edges) {
        let mut shapes = Shapes::default();
        for ring in rings {
            shapes.add_ring(ring.iter().copied(), Role::Outer);
            shapes.end_shape();
        }
        let vertices = Vertices::new(&shapes, Grid::at_zoom(13));
        let edges = Edges::new(&shapes, &vertices, |_| true);
        (vertices, edges)
    }

    #[test]
    fn a_vertex_beside_an_edge_becomes_a_point_of_it() {
        // The middle vertex of the lower square is 2 world units off the edge, and over the border of two grid squares.
        let mut lower = ring(&[[0, 10], [20, 10], [20, 20], [0, 20]]);
        lower.insert(1, [10 * 128, 10 * 128 + 65]);
        let mut upper = ring(&[[0, 0], [20, 0], [20, 10], [0, 10]]);
        for point in upper.iter_mut().chain(&mut lower) {
            if point[1] == 10 * 128 {
                point[1] += 63;
            }
        }
        let (vertices, edges) = edges(&[upper, lower]);
        let middle = vertices.of([10 * 128, 10 * 128 + 65]).unwrap();
        let of_upper = &edges.edges[..edges.shape_ends[0] as usize];
        assert!(of_upper.iter().any(|edge| edge[0] == middle), "{of_upper:?}");
    }

    #[test]
    fn work_on_an_edge_is_bounded() {
        // A long edge through a crowd of 4,000 vertices, more than what three edges may look at.
        let mut rings = vec![ring(&[[0, 50], [8_100, 50], [8_100, 60]])];
        rings.extend((1..2_000).map(|place| ring(&[[place * 4, 50], [place * 4 + 2, 50], [place * 4, 49]])));
        let (vertices, edges) = edges(&rings);
        assert!(edges.shape_ends[0] > 3_000, "{}", edges.shape_ends[0]);
        let mut bounded = Vec::new();
        Noder::new(&vertices, 0).ring(&rings[0], &mut bounded);
        let [west, east] = [0, 1].map(|end| vertices.of(rings[0][end]).unwrap());
        assert!(bounded.contains(&[west, east]), "{bounded:?}");
    }

    #[test]
    fn an_edge_goes_through_the_vertices_whose_squares_it_crosses() {
        let long = ring(&[[0, 0], [1000, 100], [0, 100]]);
        let mut small = ring(&[[500, 50], [520, 40], [510, 30]]);
        small[0][1] -= 40;
        let (vertices, edges) = edges(&[long, small.clone()]);
        let crossed = vertices.of(small[0]).unwrap();
        let of_long = &edges.edges[..edges.shape_ends[0] as usize];
        assert_eq!(of_long.len(), 4, "{of_long:?}");
        assert!(of_long.iter().any(|edge| edge[0] == crossed));
    }
}
