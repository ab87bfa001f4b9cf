//! Shapes put together again from the arcs around them.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::arcs::Arcs;
use super::exact::{self, Wide, minus};
use super::grid::Grid;
use super::polygons::{self, Polygons};
use super::repair;
use super::shapes::{Point, Role, Shapes, number, start_of};
use super::topology::Use;

/// Shapes a task.
const CHUNK: usize = 2048;

/// The shapes of a level in world units, and how many had to be repaired.
#[derive(Debug, Default)]
pub(super) struct Assembled {
    pub(super) shapes: Shapes,
    pub(super) repaired: usize,
}

/// Shapes from arcs, for each number below `shapes`, of the `all` that arcs name; a shape that no arc surrounds has no ring.
pub(super) fn assemble(arcs: &Arcs, shapes: usize, all: usize, grid: Grid) -> Assembled {
    let around = Around::new(arcs, all);
    let parts: Vec<Assembled> = (0..shapes.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut part = Assembled::default();
            let mut tracer = Tracer { arcs, ways: Vec::new(), used: Vec::new(), rings: Vec::new() };
            for shape in chunk * CHUNK..shapes.min((chunk + 1) * CHUNK) {
                tracer.trace(around.arcs(shape));
                part.add(&mut tracer.rings, grid);
            }
            part
        })
        .collect();
    let mut all = Assembled::default();
    for part in parts {
        all.shapes.append(&part.shapes);
        all.repaired += part.repaired;
    }
    all
}

impl Assembled {
    /// Adds the shape that rings on the grid surround, made valid.
    fn add(&mut self, rings: &mut Vec<Vec<Point>>, grid: Grid) {
        let polygons = match polygons::from_rings(std::mem::take(rings)) {
            Ok(polygons) if polygons::are_valid(&polygons) => polygons,
            Ok(polygons) => self.repaired(&polygons.into_iter().flatten().collect::<Vec<_>>()),
            Err(rings) if polygons::are_mere_holes(&rings) => Vec::new(),
            Err(rings) => self.repaired(&rings),
        };
        self.write(&polygons, grid);
    }

    fn repaired(&mut self, rings: &[Vec<Point>]) -> Polygons {
        self.repaired += 1;
        repair::repair(rings)
    }

    fn write(&mut self, polygons: &Polygons, grid: Grid) {
        for polygon in polygons {
            for (index, ring) in polygon.iter().enumerate() {
                let role = if index == 0 { Role::Outer } else { Role::Hole };
                self.shapes.add_ring(ring.iter().map(|&point| grid.world(point)), role);
            }
        }
        self.shapes.end_shape();
    }
}

/// The arcs around each shape.
struct Around {
    ends: Vec<u32>,
    /// Arc, and whether the shape follows it backwards.
    arcs: Vec<(u32, bool)>,
}

impl Around {
    fn new(arcs: &Arcs, shapes: usize) -> Self {
        let mut ends = vec![0_u32; shapes + 1];
        let uses = |arc: usize| arcs.uses(arc).iter().copied();
        for side in (0..arcs.len()).flat_map(uses) {
            ends[side.shape() as usize + 1] += 1;
        }
        for shape in 1..ends.len() {
            ends[shape] += ends[shape - 1];
        }
        let mut list = vec![(0, false); ends[shapes] as usize];
        for arc in 0..arcs.len() {
            for side in uses(arc) {
                let next = &mut ends[side.shape() as usize];
                list[*next as usize] = (number(arc), Use::is_backward(side));
                *next += 1;
            }
        }
        ends.pop();
        Self { ends, arcs: list }
    }

    fn arcs(&self, shape: usize) -> &[(u32, bool)] {
        &self.arcs[start_of(&self.ends, shape)..self.ends[shape] as usize]
    }
}

/// An arc as a shape follows it.
#[derive(Debug, Clone, Copy)]
struct Way {
    from: u32,
    to: u32,
    arc: u32,
    backward: bool,
}

/// Follows the arcs around a shape until they close, keeping its room.
struct Tracer<'a> {
    arcs: &'a Arcs,
    /// Ways by the vertex they leave from.
    ways: Vec<Way>,
    used: Vec<bool>,
    rings: Vec<Vec<Point>>,
}

impl Tracer<'_> {
    /// Fills `rings` with rings that go through no vertex twice.
    fn trace(&mut self, around: &[(u32, bool)]) {
        self.rings.clear();
        self.ways.clear();
        for &(arc, backward) in around {
            let ids = self.arcs.arc(arc as usize);
            let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else { continue };
            let (from, to) = if backward { (last, first) } else { (first, last) };
            let way = Way { from, to, arc, backward };
            if from == to {
                self.close(&[way]);
            } else {
                self.ways.push(way);
            }
        }
        self.ways.sort_unstable_by_key(|way| (way.from, way.to, way.arc));
        self.used.clear();
        self.used.resize(self.ways.len(), false);
        let mut path: Vec<Way> = Vec::new();
        for start in 0..self.ways.len() {
            let mut next = (!self.used[start]).then_some(start);
            path.clear();
            while let Some(index) = next {
                self.used[index] = true;
                path.push(self.ways[index]);
                next = self.next(self.ways[index], start).filter(|&next| next != start);
            }
            self.split(&path);
        }
    }

    /// The way to take after another: the first one to its left, around the same inside. It may be `start`, once more.
    fn next(&self, way: Way, start: usize) -> Option<usize> {
        let first = self.ways.partition_point(|other| other.from < way.to);
        let leaving = (first..self.ways.len()).take_while(|&index| self.ways[index].from == way.to);
        let mut free = leaving.filter(|&index| !self.used[index] || index == start);
        let one = free.next()?;
        let Some(another) = free.next() else { return Some(one) };
        let here = self.arcs.point(way.to);
        let back = minus(self.beside(way, true), here);
        let turn = |index: usize| minus(self.beside(self.ways[index], false), here);
        [one, another]
            .into_iter()
            .chain(free)
            .reduce(|best, other| if is_before(back, turn(best), turn(other)) { other } else { best })
    }

    /// Closes the rings of a path that comes back to its start: one each time it comes back to a vertex.
    ///
    /// The path goes around one inside. A vertex that it meets twice is where a hole touches the edge, or another hole.
    fn split(&mut self, path: &[Way]) {
        let mut open: Vec<Way> = Vec::with_capacity(path.len());
        let mut places: FxHashMap<u32, usize> = FxHashMap::default();
        for &way in path {
            places.insert(way.from, open.len());
            open.push(way);
            if let Some(&back) = places.get(&way.to) {
                self.close(&open[back..]);
                for closed in open.drain(back..) {
                    places.remove(&closed.from);
                }
            }
        }
    }

    /// The vertex of a way next to its end, or to its start.
    fn beside(&self, way: Way, end: bool) -> Wide {
        let ids = self.arcs.arc(way.arc as usize);
        let id = if way.backward == end { ids[1] } else { ids[ids.len() - 2] };
        self.arcs.point(id)
    }

    fn close(&mut self, path: &[Way]) {
        let mut ring = Vec::new();
        for way in path {
            let ids = self.arcs.arc(way.arc as usize);
            let point = |&id: &u32| self.arcs.points[id as usize];
            if way.backward {
                ring.extend(ids[1..].iter().rev().map(point));
            } else {
                ring.extend(ids[..ids.len() - 1].iter().map(point));
            }
        }
        self.rings.push(ring);
    }
}

/// Whether, turning left from `back`, one meets `a` before `b`.
fn is_before(back: Wide, a: Wide, b: Wide) -> bool {
    let quarter = |d: Wide| match exact::cross(back, d) {
        0 if exact::dot(back, d) < 0 => 1,
        0 => 3,
        left if left > 0 => 0,
        _ => 2,
    };
    let (qa, qb) = (quarter(a), quarter(b));
    if qa == qb { exact::cross(a, b) > 0 } else { qa < qb }
}
