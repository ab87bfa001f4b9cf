//! Walls: the edges of a level once each, with the shapes on either side.

use std::ops::Range;

use rayon::prelude::*;

use super::noding::Edges;
use super::shapes::{number, start_of};

/// Vertices a task.
const RUN: usize = 1 << 15;

/// A shape beside an edge or an arc, and whether its ring follows it backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Use(u32);

impl Use {
    pub(super) fn new(shape: u32, backward: bool) -> Self {
        Self(shape << 1 | u32::from(backward))
    }

    pub(super) fn shape(self) -> u32 {
        self.0 >> 1
    }

    pub(super) fn is_backward(self) -> bool {
        self.0 & 1 == 1
    }

    /// The same, seen from the other end when `turned`.
    pub(super) fn seen(self, turned: bool) -> Self {
        Self(self.0 ^ u32::from(turned))
    }
}

/// Every use of every edge, by lower vertex, then by higher, then by shape.
#[derive(Debug)]
pub(super) struct Sides {
    /// Where the uses of the edges of each vertex end.
    ends: Vec<u32>,
    /// Higher vertex and use.
    uses: Vec<(u32, Use)>,
}

impl Sides {
    /// Gathers the edges of all shapes by their vertices, which are below `vertices`.
    pub(super) fn new(edges: &Edges, vertices: usize) -> Self {
        let mut ends = vec![0_u32; vertices + 1];
        for edge in &edges.edges {
            ends[edge[0].min(edge[1]) as usize + 1] += 1;
        }
        for vertex in 1..ends.len() {
            ends[vertex] += ends[vertex - 1];
        }
        let mut uses = vec![(0, Use(0)); edges.edges.len()];
        for shape in 0..edges.shape_ends.len() {
            for &[from, to] in &edges.edges[start_of(&edges.shape_ends, shape)..edges.shape_ends[shape] as usize] {
                let next = &mut ends[from.min(to) as usize];
                uses[*next as usize] = (from.max(to), Use::new(number(shape), from > to));
                *next += 1;
            }
        }
        // Filling moved each start to its end.
        ends.pop();
        let mut sides = Self { ends, uses };
        sides.sort();
        sides
    }

    fn sort(&mut self) {
        let mut rest = self.uses.as_mut_slice();
        let mut runs = Vec::new();
        for vertices in ranges(self.ends.len()) {
            let start = start_of(&self.ends, vertices.start);
            let (run, after) = rest.split_at_mut(start_of(&self.ends, vertices.end) - start);
            runs.push((vertices, run));
            rest = after;
        }
        runs.into_par_iter().for_each(|(vertices, mut run)| {
            for vertex in vertices {
                let (uses, after) = run.split_at_mut(self.ends[vertex] as usize - start_of(&self.ends, vertex));
                uses.sort_unstable();
                run = after;
            }
        });
    }

    /// Does `work` on the edges by runs, together, and gives what it made in order.
    pub(super) fn by_runs<T: Send>(&self, work: impl Fn(&mut dyn Iterator<Item = Edge<'_>>) -> T + Sync) -> Vec<T> {
        let runs: Vec<Range<usize>> = ranges(self.ends.len()).collect();
        runs.into_par_iter().map(|vertices| work(&mut self.edges(vertices))).collect()
    }

    /// The edges from each of `vertices` to a higher one.
    fn edges(&self, vertices: Range<usize>) -> impl Iterator<Item = Edge<'_>> {
        vertices.flat_map(move |vertex| {
            self.uses[start_of(&self.ends, vertex)..self.ends[vertex] as usize]
                .chunk_by(|a, b| a.0 == b.0)
                .map(move |uses| Edge { ends: [number(vertex), uses[0].0], uses })
        })
    }
}

/// An edge and its uses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge<'a> {
    /// Lower and higher vertex.
    ends: [u32; 2],
    /// Its uses, each after the higher vertex, sorted by shape.
    uses: &'a [(u32, Use)],
}

impl Edge<'_> {
    /// Uses in order of their shapes.
    pub(super) fn uses(&self) -> impl Iterator<Item = Use> + Clone {
        self.uses.iter().map(|&(_, side)| side)
    }
}

/// All vertices by runs.
fn ranges(vertices: usize) -> impl Iterator<Item = Range<usize>> {
    (0..vertices.div_ceil(RUN)).map(move |run| run * RUN..vertices.min((run + 1) * RUN))
}

/// The edges that part shapes, each with its uses.
#[derive(Debug, Default)]
pub(super) struct Walls {
    /// Lower and higher vertex.
    pub(super) ends: Vec<[u32; 2]>,
    use_ends: Vec<u32>,
    uses: Vec<Use>,
}

impl Walls {
    /// Walls between the shapes that `merged` gives for those of the layer.
    ///
    /// An edge with the same shape on both sides parts nothing and is left out.
    pub(super) fn new(sides: &Sides, merged: impl Fn(u32) -> u32 + Sync) -> Self {
        let mut all = Self::default();
        for part in sides.by_runs(|edges| Self::of(edges, &merged)) {
            let start = number(all.uses.len());
            all.ends.extend_from_slice(&part.ends);
            all.uses.extend_from_slice(&part.uses);
            all.use_ends.extend(part.use_ends.iter().map(|end| end.saturating_add(start)));
        }
        all
    }

    fn of(edges: &mut dyn Iterator<Item = Edge<'_>>, merged: impl Fn(u32) -> u32) -> Self {
        let mut walls = Self::default();
        let mut net: Vec<(u32, i32)> = Vec::new();
        for edge in edges {
            net.clear();
            net.extend(edge.uses().map(|side| (merged(side.shape()), if side.is_backward() { -1 } else { 1 })));
            net.sort_unstable();
            let before = walls.uses.len();
            for group in net.chunk_by(|a, b| a.0 == b.0) {
                let turn: i32 = group.iter().map(|&(_, turn)| turn).sum();
                // More than one turn is a shape that covers ground twice: all are kept, for its rings to close.
                walls.uses.extend((0..turn.abs()).map(|_| Use::new(group[0].0, turn < 0)));
            }
            if walls.uses.len() > before {
                walls.ends.push(edge.ends);
                walls.use_ends.push(number(walls.uses.len()));
            }
        }
        walls
    }

    pub(super) fn uses(&self, wall: u32) -> &[Use] {
        let wall = wall as usize;
        &self.uses[start_of(&self.use_ends, wall)..self.use_ends[wall] as usize]
    }
}
