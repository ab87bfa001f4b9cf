//! What rings that do not cross are to one another: inside, outside, and whether the inside of a polygon is in one piece.

use std::ops::Range;

use super::{Touch, Verdict};
use crate::bounds::Bounds;
use crate::geometry::{Geometry, cross};
use crate::grid::Pos;

/// Vertices and pairs of rings looked at to tell rings inside from rings outside, before the check gives up.
const BUDGET: usize = 1 << 26;

/// A ring with its box.
struct Ring<'a> {
    path: &'a [Pos],
    bounds: Bounds,
}

/// Checks the nesting of a shape whose rings are simple and only touch, at `touches`.
pub fn nested(shape: &Geometry, touches: &mut Vec<Touch>) -> Verdict {
    let rings: Vec<Ring> = shape.paths().map(|path| Ring { path, bounds: Bounds::of(path) }).collect();
    let parts: Vec<Range<usize>> = shape.parts().collect();
    let mut left = BUDGET;
    touches.sort_unstable();
    touches.dedup();
    for part in &parts {
        let Some((exterior, interiors)) = rings.get(part.clone()).and_then(<[Ring]>::split_first) else {
            return Verdict::Invalid;
        };
        for (rank, interior) in interiors.iter().enumerate() {
            if !inside(interior, exterior, &mut left) {
                return Verdict::Invalid;
            }
            for other in &interiors[rank + 1..] {
                left = left.saturating_sub(1);
                if left == 0 {
                    return Verdict::Unproven;
                }
                if inside(interior, other, &mut left) || inside(other, interior, &mut left) {
                    return Verdict::Invalid;
                }
            }
        }
        if !in_one_piece(part, touches) {
            return Verdict::Invalid;
        }
    }
    for (rank, part) in parts.iter().enumerate() {
        for other in &parts[rank + 1..] {
            left = left.saturating_sub(1);
            if left == 0 {
                return Verdict::Unproven;
            }
            if overlap(&rings[part.clone()], &rings[other.clone()], &mut left) {
                return Verdict::Invalid;
            }
        }
        if left == 0 {
            return Verdict::Unproven;
        }
    }
    if left == 0 { Verdict::Unproven } else { Verdict::Valid }
}

/// Do two polygons whose rings do not cross share more than touches? Each is free of the other when it lies outside, or in
/// one of its interiors.
fn overlap(one: &[Ring], other: &[Ring], left: &mut usize) -> bool {
    let covers = |whole: &[Ring], part: &Ring, left: &mut usize| {
        let Some((exterior, interiors)) = whole.split_first() else { return false };
        inside(part, exterior, left) && !interiors.iter().any(|interior| inside(part, interior, left))
    };
    match (one.first(), other.first()) {
        (Some(first), Some(second)) => covers(one, second, left) || covers(other, first, left),
        _ => false,
    }
}

/// Is a ring inside another that it does not cross?
///
/// Told by the first vertex, or middle of an edge, that is not on the other ring. A ring of which all of those are on the
/// other is its double: it counts as inside.
fn inside(ring: &Ring, of: &Ring, left: &mut usize) -> bool {
    if !of.bounds.holds(&ring.bounds) {
        return false;
    }
    let next = ring.path.iter().cycle().skip(1);
    let doubled = |pos: &Pos| Pos::new(pos.x * 2, pos.y * 2);
    let vertices = ring.path.iter().map(doubled);
    let middles = ring.path.iter().zip(next).map(|(a, b)| Pos::new(a.x + b.x, a.y + b.y));
    for at in vertices.chain(middles) {
        *left = left.saturating_sub(of.path.len());
        match side(of.path, at) {
            Side::Inside => return true,
            Side::Outside => return false,
            Side::On if *left == 0 => return false,
            Side::On => {}
        }
    }
    true
}

enum Side {
    Inside,
    Outside,
    On,
}

/// Where a position in half units is, of a ring in units.
fn side(ring: &[Pos], at: Pos) -> Side {
    let mut odd = false;
    let mut a = ring.last().map_or(at, |last| Pos::new(last.x * 2, last.y * 2));
    for b in ring {
        let b = Pos::new(b.x * 2, b.y * 2);
        if (a.y > at.y) != (b.y > at.y) {
            let turn = cross(a, b, at);
            if turn == 0 {
                return Side::On;
            }
            odd ^= (turn > 0) == (b.y > a.y);
        } else if a.y.min(b.y) <= at.y && at.y <= a.y.max(b.y) {
            // Ends at the height of `at`, on the same side of it: only a vertex or a level edge can hold it.
            if a == at || b == at || (a.y == b.y && a.x.min(b.x) <= at.x && at.x <= a.x.max(b.x)) {
                return Side::On;
            }
        }
        a = b;
    }
    if odd { Side::Inside } else { Side::Outside }
}

/// Is a ring inside another that it does not cross?
pub fn ring_inside(ring: &[Pos], of: &[Pos]) -> bool {
    let with_bounds = |path| Ring { path, bounds: Bounds::of(path) };
    let mut left = BUDGET;
    inside(&with_bounds(ring), &with_bounds(of), &mut left)
}

/// Is a position strictly inside a ring?
pub fn holds(ring: &[Pos], at: Pos) -> bool {
    matches!(side(ring, Pos::new(at.x * 2, at.y * 2)), Side::Inside)
}

/// Is the inside of a polygon in one piece? It is when rings and the positions where they touch make no loop.
fn in_one_piece(part: &Range<usize>, touches: &[Touch]) -> bool {
    let mut roots: Vec<usize> = (0..part.len()).collect();
    let mut rest = touches;
    while let Some(first) = rest.first() {
        let run = rest.partition_point(|touch| touch.at == first.at);
        let (here, after) = rest.split_at(run);
        rest = after;
        // Rings of the part that meet here, each once: joining them all must join what was apart.
        let mut met: Vec<usize> = here
            .iter()
            .filter(|touch| touch.rings.iter().all(|ring| part.contains(&(*ring as usize))))
            .flat_map(|touch| touch.rings)
            .map(|ring| ring as usize - part.start)
            .collect();
        met.sort_unstable();
        met.dedup();
        for pair in met.windows(2) {
            let (one, other) = (root(&mut roots, pair[0]), root(&mut roots, pair[1]));
            if one == other {
                return false;
            }
            roots[one] = other;
        }
    }
    true
}

fn root(roots: &mut [usize], mut at: usize) -> usize {
    while roots[at] != at {
        roots[at] = roots[roots[at]];
        at = roots[at];
    }
    at
}
