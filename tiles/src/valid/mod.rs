//! Is a polygon on a grid valid, as OGC and MVT 2.1 say?
//!
//! Rings are simple (none meets itself), rings of a shape neither cross nor share a segment, interiors are inside their
//! exterior and not inside one another, polygons of a shape do not overlap, and the inside of each polygon is in one piece.
//! All tests are exact.

mod clearance;
mod meeting;
mod nesting;

pub(crate) use clearance::safe_grid;
use meeting::{Edge, Meeting, meeting};
use nesting::nested;
pub(crate) use nesting::{holds, ring_inside};

use crate::bounds::Bounds;
use crate::geometry::{Geometry, Kind, cross};
use crate::grid::Pos;

/// What the check says of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Valid.
    Valid,
    /// Not valid.
    Invalid,
    /// So many edges lie near one another that the check gave up: [`PAIRS_PER_EDGE`].
    Unproven,
}

/// Pairs of edges looked at, for each edge of a shape, before the check gives up.
pub const PAIRS_PER_EDGE: usize = 4096;
/// Vertices up to which all pairs of edges of a lone ring are looked at without sorting them.
const SMALL: usize = 24;

/// The ends of an edge along an axis.
type Span = fn(&Edge) -> (i64, i64);

/// Checks shapes, keeping its memory from one to the next.
#[derive(Debug, Default)]
pub struct Validator {
    edges: Vec<Edge>,
    touches: Vec<Touch>,
}

/// Two rings meet at a position without crossing there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Touch {
    at: Pos,
    rings: [u32; 2],
}

impl Validator {
    /// Is this shape valid? Points and lines are.
    pub fn check(&mut self, shape: &Geometry) -> Verdict {
        if shape.kind() != Kind::Polygon {
            return Verdict::Valid;
        }
        let mut rings = shape.paths();
        if let (Some(ring), None) = (rings.next(), rings.next())
            && ring.len() <= SMALL
        {
            return if is_simple_small(ring) { Verdict::Valid } else { Verdict::Invalid };
        }
        match self.meetings(shape) {
            Verdict::Valid => nested(shape, &mut self.touches),
            other => other,
        }
    }

    /// Looks at all pairs of edges whose boxes meet, in the order of their west or north ends; fills `touches`.
    fn meetings(&mut self, shape: &Geometry) -> Verdict {
        self.touches.clear();
        self.edges.clear();
        for (ring, path) in (0_u32..).zip(shape.paths()) {
            self.edges.extend(Edge::of_ring(ring, path));
        }
        let extent = |of: Span| self.edges.iter().map(&of).map(|(low, high)| i128::from(high - low)).sum::<i128>();
        // Along the axis where edges are shorter, fewer of them lie above one another.
        let (along, other): (Span, Span) = if extent(Edge::span_x) <= extent(Edge::span_y) {
            (Edge::span_x, Edge::span_y)
        } else {
            (Edge::span_y, Edge::span_x)
        };
        self.edges.sort_unstable_by_key(|edge| along(edge).0);
        let mut left = self.edges.len().saturating_mul(PAIRS_PER_EDGE);
        for (at, edge) in self.edges.iter().enumerate() {
            let (_, end) = along(edge);
            let (low, high) = other(edge);
            for next in &self.edges[at + 1..] {
                if along(next).0 > end {
                    break;
                }
                left = left.saturating_sub(1);
                let (next_low, next_high) = other(next);
                if next_low > high || low > next_high {
                    continue;
                }
                match meeting(edge, next) {
                    Meeting::Apart => {}
                    Meeting::Fault => return Verdict::Invalid,
                    Meeting::Touch(at) => {
                        let rings = [edge.ring.min(next.ring), edge.ring.max(next.ring)];
                        self.touches.push(Touch { at, rings });
                    }
                }
            }
            if left == 0 {
                return Verdict::Unproven;
            }
        }
        Verdict::Valid
    }
}

/// Is a lone ring simple? All pairs of its edges, without a list of them.
fn is_simple_small(ring: &[Pos]) -> bool {
    let count = ring.len();
    if count < 3 {
        return false;
    }
    let edge = |at: usize| (ring[at], ring[if at + 1 == count { 0 } else { at + 1 }]);
    for at in 0..count {
        let (a, b) = edge(at);
        let bounds = Bounds::of(&[a, b]);
        // The next edge begins where this one ends: it may only not come back over it.
        let (_, after) = edge(if at + 1 == count { 0 } else { at + 1 });
        if meeting::turns_back(a, b, after) {
            return false;
        }
        let last = if at == 0 { count - 1 } else { count };
        for next in at + 2..last {
            let (c, d) = edge(next);
            if bounds.touches(&Bounds::of(&[c, d])) && share_a_point(a, b, c, d) {
                return false;
            }
        }
    }
    true
}

/// Do two segments whose boxes meet share a point?
fn share_a_point(a: Pos, b: Pos, c: Pos, d: Pos) -> bool {
    let sides = |p: Pos, q: Pos, r: Pos, s: Pos| (cross(p, q, r).signum(), cross(p, q, s).signum());
    let (c_side, d_side) = sides(a, b, c, d);
    let (a_side, b_side) = sides(c, d, a, b);
    c_side * d_side <= 0 && a_side * b_side <= 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shape(parts: &[&[&[(i64, i64)]]]) -> Geometry {
        let mut shape = Geometry::new(Kind::Polygon);
        for part in parts {
            for ring in *part {
                for (x, y) in *ring {
                    shape.push(Pos::new(*x, *y));
                }
                shape.end_ring();
            }
            shape.end_part();
        }
        shape
    }

    fn verdict(parts: &[&[&[(i64, i64)]]]) -> bool {
        Validator::default().check(&shape(parts)) == Verdict::Valid
    }

    const BOX: &[(i64, i64)] = &[(0, 0), (10, 0), (10, 10), (0, 10)];

    #[test]
    fn rings_are_simple() {
        assert!(verdict(&[&[BOX]]));
        assert!(!verdict(&[&[&[(0, 0), (10, 10), (10, 0), (0, 11)]]]), "crossing");
        assert!(!verdict(&[&[&[(0, 0), (10, 0), (15, 0), (10, 0), (10, 10), (0, 10)]]]), "spike");
        assert!(!verdict(&[&[&[(0, 0), (10, 0), (5, 5), (10, 10), (0, 10), (5, 5)]]]), "meets itself at a vertex");
        assert!(!verdict(&[&[&[(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)]]]), "vertex on an edge");
        assert!(verdict(&[&[&[(0, 0), (5, 0), (10, 0), (10, 10), (0, 10)]]]), "vertices in line");
    }

    #[test]
    fn interiors_are_inside() {
        let hole: &[(i64, i64)] = &[(2, 2), (4, 2), (4, 4), (2, 4)];
        assert!(verdict(&[&[BOX, hole]]));
        assert!(!verdict(&[&[BOX, &[(12, 2), (14, 2), (14, 4)]]]), "outside");
        assert!(!verdict(&[&[BOX, &[(8, 2), (14, 2), (14, 4)]]]), "across");
        assert!(!verdict(&[&[BOX, &[(10, 2), (10, 4), (8, 3)]]]), "along a segment");
        assert!(verdict(&[&[BOX, &[(10, 2), (8, 4), (8, 1)]]]), "touching at a point");
        assert!(!verdict(&[&[BOX, &[(10, 5), (5, 8), (0, 5), (5, 2)]]]), "cutting the inside in two");
        assert!(!verdict(&[&[BOX, hole, &[(3, 3), (4, 3), (3, 4)]]]), "in one another");
        assert!(!verdict(&[&[BOX, hole, hole]]), "doubled");
        let chain: [&[(i64, i64)]; 3] =
            [&[(1, 1), (3, 1), (2, 3)], &[(3, 1), (5, 1), (4, 3)], &[(2, 3), (4, 3), (3, 5)]];
        assert!(verdict(&[&[BOX, chain[0], chain[1]]]), "two in a row");
        assert!(!verdict(&[&[BOX, chain[0], chain[1], chain[2]]]), "a ring of three around a piece");
    }

    #[test]
    fn a_crossing_through_a_vertex_is_a_crossing() {
        // The interior's vertices are on the exterior or outside, no edge crosses another in its middle.
        assert!(!verdict(&[&[BOX, &[(10, 5), (15, 2), (15, 8)]]]));
        let notch: &[(i64, i64)] = &[(0, 0), (10, 0), (5, 5), (10, 10), (0, 10)];
        assert!(verdict(&[&[notch, &[(5, 5), (3, 6), (3, 4)]]]));
        assert!(!verdict(&[&[notch, &[(5, 5), (8, 6), (8, 4)]]]));
        assert!(!verdict(&[&[notch, &[(3, 5), (8, 5), (4, 4)]]]));
    }

    #[test]
    fn polygons_do_not_overlap() {
        assert!(verdict(&[&[BOX], &[&[(10, 10), (20, 10), (20, 20)]]]));
        assert!(!verdict(&[&[BOX], &[&[(10, 0), (20, 0), (10, 10)]]]), "a shared segment");
        assert!(!verdict(&[&[BOX], &[&[(2, 2), (4, 2), (4, 4)]]]), "one inside the other");
        let ring: &[&[(i64, i64)]] = &[BOX, &[(1, 1), (9, 1), (9, 9), (1, 9)]];
        assert!(verdict(&[ring, &[&[(2, 2), (4, 2), (4, 4)]]]), "inside an interior");
        assert!(!verdict(&[&[BOX], &[BOX]]), "doubled");
    }

    proptest! {
        #[test]
        fn both_ways_to_check_a_ring_agree(points in prop::collection::vec((0_i64..12, 0_i64..12), 3..9)) {
            let drawn = shape(&[&[&points]]);
            if let Some(ring) = drawn.paths().next() {
                let mut validator = Validator::default();
                let swept = validator.meetings(&drawn) == Verdict::Valid;
                prop_assert_eq!(is_simple_small(ring), swept);
            }
        }
    }
}
