//! Arcs made simpler, each once, without any meeting another.
//!
//! Visvalingam and Whyatt (1993): the vertex that makes the smallest triangle with its neighbours goes first. It goes only
//! when no other vertex lies in that triangle, edge included, but those of the same arc between the two neighbours, which
//! are gone. Arcs are looked at as they all were before: the result of one depends on no other, so that they are done
//! together and in any order. It is enough for them never to cross. Were the chord `ac` of one arc to cross the chord `df`
//! of another, `df` would cross the first arc between `a` and `c` too, or have an end in what was swept; the second arc,
//! which does not cross the first, would then close around `a` or `c`, and that vertex would have kept it from going.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::arcs::Arcs;
use super::cells::Cells;
use super::exact::{self, minus};
use super::shapes::{Point, number};

/// Arcs a task.
const CHUNK: usize = 2048;
/// Each pass sees the vertices that the former one left: those of parallel arcs stand no more in the way.
const PASSES: usize = 2;
/// No vertex takes away or adds more than one part in so many of a shape beside its arc.
const SHARE: u64 = 16;
/// No arc holds the vertex within it: it ends arcs.
const NONE: u32 = u32::MAX;

/// Takes away vertices whose triangle is under `area` (square grid units), and keeps every arc and every face.
///
/// `area_of` gives the area of a shape, in square grid units: what is small keeps its corners.
pub(super) fn simplify(arcs: &mut Arcs, area: u64, area_of: impl Fn(u32) -> u64) {
    let of_least = |arc| arcs.uses(arc).iter().map(|side| area_of(side.shape()) / SHARE).fold(area, u64::min);
    let areas: Vec<u64> = (0..arcs.len()).map(of_least).collect();
    for _ in 0..PASSES {
        let before = arcs.ids.len();
        pass(arcs, &areas);
        if arcs.ids.len() == before {
            break;
        }
    }
}

fn pass(arcs: &mut Arcs, areas: &[u64]) {
    let least = least_inside(arcs);
    let ground = Ground::new(arcs);
    let parts: Vec<(Vec<u32>, Vec<u32>)> = (0..arcs.len().div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut thinner = Thinner::new(&ground);
            let (mut ids, mut lengths) = (Vec::new(), Vec::new());
            for arc in chunk * CHUNK..arcs.len().min((chunk + 1) * CHUNK) {
                let before = ids.len();
                thinner.area = i128::from(areas[arc]) * 2;
                thinner.thin(number(arc), usize::from(least[arc]), &mut ids);
                lengths.push(number(ids.len() - before));
            }
            (ids, lengths)
        })
        .collect();
    let (mut ids, mut ends) = (Vec::new(), Vec::with_capacity(arcs.len()));
    let mut end = 0;
    for (part, lengths) in parts {
        ids.extend_from_slice(&part);
        ends.extend(lengths.iter().map(|length| {
            end += length;
            end
        }));
    }
    arcs.replace(ids, ends);
}

/// How many vertices each arc must keep between its ends so that no face closes: two on a closed arc; one on arcs that
/// join the same two vertices, but the shortest of them.
fn least_inside(arcs: &Arcs) -> Vec<u8> {
    let mut least = vec![0; arcs.len()];
    let mut open = Vec::with_capacity(arcs.len());
    for (arc, least) in least.iter_mut().enumerate() {
        let ids = arcs.arc(arc);
        let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else { continue };
        if first == last {
            *least = 2;
        } else {
            let (low, high, second) =
                if first < last { (first, last, ids[1]) } else { (last, first, ids[ids.len() - 2]) };
            open.push((low, high, number(ids.len()), second, number(arc)));
        }
    }
    open.par_sort_unstable();
    for pair in open.windows(2) {
        if (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1) {
            least[pair[1].4 as usize] = 1;
        }
    }
    least
}

/// All arcs as they were, and where their vertices are.
struct Ground<'a> {
    arcs: &'a Arcs,
    cells: Cells,
    /// The arc that each vertex lies within, and its place there.
    places: Vec<(u32, u32)>,
}

impl<'a> Ground<'a> {
    fn new(arcs: &'a Arcs) -> Self {
        let mut places = vec![(NONE, 0); arcs.points.len()];
        for arc in 0..arcs.len() {
            let ids = arcs.arc(arc);
            for (place, &id) in ids.iter().enumerate().take(ids.len().saturating_sub(1)).skip(1) {
                places[id as usize] = (number(arc), number(place));
            }
        }
        Self { arcs, cells: arcs.cells(), places }
    }

    /// Whether a vertex stands in the triangle of three of an arc, but those of it between the first and the last.
    fn is_occupied(&self, arc: u32, ids: [u32; 3], (first, last): (u32, u32)) -> bool {
        let points = &self.arcs.points;
        let corners = ids.map(|id| points[id as usize]);
        let (from, to, height) = longest_side(corners);
        let triangle = corners.map(exact::wide);
        let mut occupied = false;
        self.cells.along(points, from, to, height, |id| {
            let (within, place) = self.places[id];
            let is_of_it = ids.contains(&number(id)) || (within == arc && first < place && place < last);
            occupied = occupied || (!is_of_it && exact::triangle_holds(triangle, exact::wide(points[id])));
        });
        occupied
    }
}

/// The side of a triangle that spans most along an axis, and how far from it the triangle reaches along the other.
fn longest_side([a, b, c]: [Point; 3]) -> (Point, Point, u32) {
    let length = |(from, to): (Point, Point)| from[0].abs_diff(to[0]).max(from[1].abs_diff(to[1]));
    let longest = [(a, b), (b, c), (c, a)].into_iter().max_by_key(|&side| length(side)).unwrap_or((a, c));
    let area = exact::doubled_area(&[a, b, c]).unsigned_abs();
    // The third corner is between the two others along that axis: across it, twice the area is the span times the height.
    // One unit more is for stretches, whose ends are rounded.
    let height = area.div_ceil(u128::from(length(longest).max(1)));
    (longest.0, longest.1, u32::try_from(height).unwrap_or(u32::MAX).saturating_add(1))
}

/// Thins arcs one after the other, keeping its room.
struct Thinner<'a> {
    ground: &'a Ground<'a>,
    /// Twice the area under which a vertex goes.
    area: i128,
    before: Vec<u32>,
    after: Vec<u32>,
    /// Twice the area of the triangle of each vertex as it now is.
    triangles: Vec<i128>,
    /// Vertices to look at: area, vertex, place in the arc. What no longer has that area is old.
    queue: BinaryHeap<Reverse<(i128, u32, u32)>>,
}

impl<'a> Thinner<'a> {
    fn new(ground: &'a Ground<'a>) -> Self {
        Self { ground, area: 0, before: Vec::new(), after: Vec::new(), triangles: Vec::new(), queue: BinaryHeap::new() }
    }

    /// Adds to `kept` the vertices that are left of an arc, at least `least` of them between its ends.
    fn thin(&mut self, arc: u32, least: usize, kept: &mut Vec<u32>) {
        let ids = self.ground.arcs.arc(arc as usize);
        let mut inside = ids.len().saturating_sub(2);
        if inside <= least {
            kept.extend_from_slice(ids);
            return;
        }
        let last = number(ids.len() - 1);
        self.before.clear();
        self.before.extend((0..=last).map(|place| place.saturating_sub(1)));
        self.after.clear();
        self.after.extend((0..=last).map(|place| place + 1));
        self.triangles.clear();
        self.triangles.resize(ids.len(), -1);
        self.queue.clear();
        (1..last).for_each(|place| self.look(ids, place));
        while let Some(Reverse((area, _, place))) = self.queue.pop() {
            let at = place as usize;
            if inside <= least {
                break;
            }
            if self.triangles[at] != area {
                continue;
            }
            let (first, third) = (self.before[at], self.after[at]);
            let corners = [ids[first as usize], ids[at], ids[third as usize]];
            if self.ground.is_occupied(arc, corners, (first, third)) {
                continue;
            }
            self.triangles[at] = -1;
            self.after[first as usize] = third;
            self.before[third as usize] = first;
            inside -= 1;
            if first != 0 {
                self.look(ids, first);
            }
            if third != last {
                self.look(ids, third);
            }
        }
        let mut place = 0;
        while place <= last {
            kept.push(ids[place as usize]);
            place = self.after[place as usize];
        }
    }

    /// Measures the triangle of a vertex and puts it in the queue when it may go.
    fn look(&mut self, ids: &[u32], place: u32) {
        let at = place as usize;
        let [a, b, c] =
            [self.before[at] as usize, at, self.after[at] as usize].map(|place| self.ground.arcs.point(ids[place]));
        let area = exact::cross(minus(b, a), minus(c, a)).abs();
        self.triangles[at] = area;
        if area < self.area {
            self.queue.push(Reverse((area, ids[at], place)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generalise::grid::Grid;
    use crate::generalise::noding::Edges;
    use crate::generalise::shapes::{Role, Shapes};
    use crate::generalise::topology::{Sides, Walls};
    use crate::generalise::vertices::Vertices;

    /// Points left of rings given in grid units of zoom 12, when triangles under `area` go and shapes have their own area.
    fn left(rings: &[&[Point]], area: u64) -> Vec<Point> {
        left_of(rings, area, |area| area)
    }

    fn left_of(rings: &[&[Point]], area: u64, area_of: fn(u64) -> u64) -> Vec<Point> {
        let grid = Grid::at_zoom(12);
        let mut shapes = Shapes::default();
        for ring in rings {
            shapes.add_ring(ring.iter().map(|&point| grid.world(point)), Role::Outer);
            shapes.end_shape();
        }
        let vertices = Vertices::new(&shapes, grid);
        let sides = Sides::new(&Edges::new(&shapes, &vertices, |_| true), vertices.len());
        let mut arcs = Arcs::new(&vertices, &Walls::new(&sides, |shape| shape));
        simplify(&mut arcs, area, |shape| area_of(shapes.area(shape as usize) >> (2 * grid.shift())));
        let mut points = arcs.points;
        points.sort_unstable();
        points
    }

    const BUMP: &[Point] = &[[0, 0], [45, 0], [50, 8], [55, 0], [100, 0], [100, 100], [0, 100]];

    #[test]
    fn what_is_under_the_area_goes() {
        assert_eq!(left(&[BUMP], 128), [[0, 0], [0, 100], [100, 0], [100, 100]]);
        assert_eq!(left(&[BUMP], 30).len(), 7);
    }

    #[test]
    fn a_vertex_in_the_triangle_keeps_its_corner() {
        // The tip of another shape stands in the dent, which can't close over it.
        let bumped: Vec<Point> = BUMP.iter().map(|&[x, y]| [x, y + 100]).collect();
        let kept = left(&[&bumped, &[[50, 104], [60, 60], [40, 60]]], 128);
        assert!(kept.contains(&[50, 108]) && kept.contains(&[50, 104]), "{kept:?}");
    }

    #[test]
    fn what_is_small_keeps_its_corners() {
        let square: &[Point] = &[[0, 0], [8, 0], [8, 8], [0, 8]];
        assert_eq!(left(&[square], 128).len(), 4);
        assert_eq!(left_of(&[square], 128, |_| u64::MAX).len(), 3);
    }

    #[test]
    fn arcs_between_the_same_vertices_do_not_close_on_each_other() {
        // A sliver between two shapes, which the straight border of both would cover.
        let north: &[Point] = &[[0, 100], [50, 103], [100, 100], [100, 0], [0, 0]];
        let sliver: &[Point] = &[[0, 100], [50, 103], [100, 100], [50, 97]];
        let kept = left_of(&[north, sliver], 2000, |_| u64::MAX);
        assert!(kept.contains(&[50, 97]) || kept.contains(&[50, 103]), "{kept:?}");
    }
}
