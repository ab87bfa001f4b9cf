//! Rings from the border of an area: which edges follow one another, which ring is inside which.
//!
//! A border is a set of directed edges that only meet at their ends, all with the area on the same hand. Following it keeps
//! to the area that one started along, so that pieces which only touch come out apart; what then meets itself at a vertex is
//! an exterior with an interior that touches it, and is taken apart there.

use std::cmp::Ordering;

use crate::bounds::Bounds;
use crate::geometry::{Geometry, cross, double_area};
use crate::grid::Pos;
use crate::valid::ring_inside;

/// Draws into `out` the polygons of a border, given as edges that have the area on the side of positive cross products.
pub fn draw(edges: &mut [(Pos, Pos)], out: &mut Geometry) {
    edges.sort_unstable();
    let mut used = vec![false; edges.len()];
    let (mut exteriors, mut interiors) = (Vec::new(), Vec::new());
    for start in 0..edges.len() {
        if used[start] {
            continue;
        }
        for ring in simple_rings(&follow(edges, &mut used, start)) {
            match double_area(&ring).cmp(&0) {
                Ordering::Greater => exteriors.push(Exterior::new(ring)),
                Ordering::Less => interiors.push(ring),
                Ordering::Equal => {}
            }
        }
    }
    // The smallest exterior around an interior is its own.
    exteriors.sort_by_key(|exterior| exterior.area);
    for interior in interiors {
        let bounds = Bounds::of(&interior);
        let own = exteriors
            .iter_mut()
            .find(|exterior| exterior.bounds.holds(&bounds) && ring_inside(&interior, &exterior.ring));
        if let Some(own) = own {
            own.interiors.push(interior);
        }
    }
    for exterior in &exteriors {
        for ring in std::iter::once(&exterior.ring).chain(&exterior.interiors) {
            for pos in ring {
                out.push(*pos);
            }
            out.end_ring();
        }
        out.end_part();
    }
}

struct Exterior {
    ring: Vec<Pos>,
    area: i128,
    bounds: Bounds,
    interiors: Vec<Vec<Pos>>,
}

impl Exterior {
    fn new(ring: Vec<Pos>) -> Self {
        Self { area: double_area(&ring), bounds: Bounds::of(&ring), ring, interiors: Vec::new() }
    }
}

/// The closed path that begins with an edge; empty when it does not close.
fn follow(edges: &[(Pos, Pos)], used: &mut [bool], start: usize) -> Vec<Pos> {
    let mut path = Vec::new();
    let mut at = start;
    loop {
        used[at] = true;
        let (from, to) = edges[at];
        path.push(from);
        if to == edges[start].0
            && next(edges, used, from, to).is_none_or(|next| !before(to, from, edges[next].1, edges[start].1))
        {
            return path;
        }
        match next(edges, used, from, to) {
            Some(next) => at = next,
            None => return Vec::new(),
        }
    }
}

/// The edge to follow after `from → to`: of those that leave `to`, the first met when turning, over the area, from where one
/// came.
fn next(edges: &[(Pos, Pos)], used: &[bool], from: Pos, to: Pos) -> Option<usize> {
    let first = edges.partition_point(|edge| edge.0 < to);
    let leaving = edges[first..].iter().take_while(|edge| edge.0 == to).count();
    let mut best: Option<usize> = None;
    for at in (first..first + leaving).filter(|at| !used[*at]) {
        if best.is_none_or(|best| before(to, from, edges[at].1, edges[best].1)) {
            best = Some(at);
        }
    }
    best
}

/// Turning around `at` from the direction of `from`, angles falling, is `a` met before `b`?
fn before(at: Pos, from: Pos, a: Pos, b: Pos) -> bool {
    // The first half turn has negative cross products; straight ahead is between the halves, a full turn is last.
    let half = |pos: Pos| {
        let turn = cross(at, from, pos);
        let dot =
            i128::from(from.x - at.x) * i128::from(pos.x - at.x) + i128::from(from.y - at.y) * i128::from(pos.y - at.y);
        match turn.cmp(&0) {
            Ordering::Less => 0,
            Ordering::Equal if dot < 0 => 1,
            Ordering::Greater => 2,
            Ordering::Equal => 3,
        }
    };
    let (ha, hb) = (half(a), half(b));
    if ha == hb { cross(at, a, b) < 0 } else { ha < hb }
}

/// A closed path taken apart where it comes back to a vertex.
fn simple_rings(path: &[Pos]) -> Vec<Vec<Pos>> {
    let mut sorted = path.to_vec();
    sorted.sort_unstable();
    if sorted.windows(2).all(|pair| pair[0] != pair[1]) {
        return vec![path.to_vec()];
    }
    let mut rings = Vec::new();
    // Places of each vertex in the path that is left, found by binary search.
    sorted.dedup();
    let mut place = vec![usize::MAX; sorted.len()];
    let mut left: Vec<Pos> = Vec::new();
    for pos in path {
        let Ok(rank) = sorted.binary_search(pos) else { continue };
        if let Some(ring) = left.get(place[rank]..).map(<[Pos]>::to_vec).filter(|_| place[rank] != usize::MAX) {
            for gone in &ring {
                if let Ok(gone) = sorted.binary_search(gone) {
                    place[gone] = usize::MAX;
                }
            }
            left.truncate(left.len() - ring.len());
            rings.push(ring);
        }
        place[rank] = left.len();
        left.push(*pos);
    }
    rings.push(left);
    rings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn border(rings: &[&[(i64, i64)]]) -> Vec<(Pos, Pos)> {
        let at = |ring: &[(i64, i64)], rank: usize| Pos::new(ring[rank % ring.len()].0, ring[rank % ring.len()].1);
        rings.iter().flat_map(|ring| (0..ring.len()).map(move |rank| (at(ring, rank), at(ring, rank + 1)))).collect()
    }

    fn drawn(rings: &[&[(i64, i64)]]) -> Vec<usize> {
        let mut out = Geometry::new(Kind::Polygon);
        draw(&mut border(rings), &mut out);
        out.parts().map(|part| part.len()).collect()
    }

    #[test]
    fn pieces_that_touch_come_apart() {
        let hourglass: &[(i64, i64)] = &[(0, 0), (10, 0), (5, 5), (10, 10), (0, 10), (5, 5)];
        assert_eq!(drawn(&[hourglass]), [1, 1]);
    }

    #[test]
    fn an_interior_that_touches_its_exterior_is_an_interior() {
        let square: &[(i64, i64)] = &[(0, 0), (10, 0), (10, 10), (0, 10)];
        assert_eq!(drawn(&[square, &[(0, 0), (3, 6), (6, 3)]]), [2]);
        assert_eq!(drawn(&[&[(0, 0), (10, 0), (10, 10), (0, 10), (0, 0), (3, 6), (6, 3)]]), [2]);
    }

    #[test]
    fn an_interior_that_cuts_its_polygon_makes_two() {
        let square: &[(i64, i64)] = &[(0, 0), (10, 0), (10, 10), (0, 10)];
        assert_eq!(drawn(&[square, &[(0, 0), (3, 6), (10, 10), (6, 3)]]), [1, 1]);
    }
}
