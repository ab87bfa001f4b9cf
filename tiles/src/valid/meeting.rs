//! How two edges of a shape meet: apart, touching at one position, or at fault.

use crate::geometry::cross;
use crate::grid::Pos;

/// An edge, with what comes before and after it on its ring.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// The vertex before the edge.
    pub before: Pos,
    /// Where it begins.
    pub a: Pos,
    /// Where it ends.
    pub b: Pos,
    /// The vertex after the edge.
    pub after: Pos,
    /// Rank of its ring in the shape.
    pub ring: u32,
    /// Rank in its ring.
    pub rank: u32,
    /// Edges of its ring.
    pub of: u32,
}

impl Edge {
    /// The edges of a ring.
    pub fn of_ring(ring: u32, path: &[Pos]) -> impl Iterator<Item = Self> {
        let of = u32::try_from(path.len()).unwrap_or(u32::MAX);
        let at = move |rank: usize| path[rank % path.len()];
        (0..path.len()).zip(0_u32..).map(move |(start, rank)| Self {
            before: at(start + path.len() - 1),
            a: at(start),
            b: at(start + 1),
            after: at(start + 2),
            ring,
            rank,
            of,
        })
    }

    /// West and east ends.
    pub fn span_x(&self) -> (i64, i64) {
        (self.a.x.min(self.b.x), self.a.x.max(self.b.x))
    }

    /// North and south ends.
    pub fn span_y(&self) -> (i64, i64) {
        (self.a.y.min(self.b.y), self.a.y.max(self.b.y))
    }

    /// The positions next to `at` on the ring, `at` being on this edge.
    fn around(&self, at: Pos) -> [Pos; 2] {
        if at == self.a {
            [self.before, self.b]
        } else if at == self.b {
            [self.a, self.after]
        } else {
            [self.a, self.b]
        }
    }
}

/// How two edges meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meeting {
    /// Nothing in common, or neighbours on a ring.
    Apart,
    /// Two rings share this position and do not cross there.
    Touch(Pos),
    /// What no valid shape has.
    Fault,
}

/// How two edges whose boxes meet do meet.
pub fn meeting(e: &Edge, f: &Edge) -> Meeting {
    if e.ring == f.ring {
        let apart = e.rank.abs_diff(f.rank);
        if apart == 1 || apart + 1 == e.of {
            let (first, second) = if (e.rank + 1) % e.of == f.rank { (e, f) } else { (f, e) };
            return if turns_back(first.a, first.b, second.b) { Meeting::Fault } else { Meeting::Apart };
        }
        return if super::share_a_point(e.a, e.b, f.a, f.b) { Meeting::Fault } else { Meeting::Apart };
    }
    let side = |p: Pos, q: Pos, r: Pos| cross(p, q, r).signum();
    let (fa, fb) = (side(e.a, e.b, f.a), side(e.a, e.b, f.b));
    let (ea, eb) = (side(f.a, f.b, e.a), side(f.a, f.b, e.b));
    if fa * fb > 0 || ea * eb > 0 {
        return Meeting::Apart;
    }
    if fa == 0 && fb == 0 {
        return in_line(e, f);
    }
    if fa * fb < 0 && ea * eb < 0 {
        return Meeting::Fault;
    }
    // One end lies on the other edge.
    let at = if fa == 0 {
        f.a
    } else if fb == 0 {
        f.b
    } else if ea == 0 {
        e.a
    } else {
        e.b
    };
    touch(e, f, at)
}

/// Two edges of one line whose boxes meet: a shared segment, or one end on another.
fn in_line(e: &Edge, f: &Edge) -> Meeting {
    let (ex, fx) = (e.span_x(), f.span_x());
    let (ey, fy) = (e.span_y(), f.span_y());
    if ex.0.max(fx.0) < ex.1.min(fx.1) || ey.0.max(fy.0) < ey.1.min(fy.1) {
        return Meeting::Fault;
    }
    let at = if e.a == f.a || e.a == f.b { e.a } else { e.b };
    touch(e, f, at)
}

/// Two rings at a position that both have: do they cross there?
fn touch(e: &Edge, f: &Edge, at: Pos) -> Meeting {
    let [from, to] = e.around(at);
    let [p, q] = f.around(at);
    match (in_sector(at, from, to, p), in_sector(at, from, to, q)) {
        (Some(first), Some(second)) if first == second => Meeting::Touch(at),
        _ => Meeting::Fault,
    }
}

/// Turning from `at → from` to `at → to` as the angle grows, does one pass `at → p`? `None` when `p` lies on one of them.
fn in_sector(at: Pos, from: Pos, to: Pos, p: Pos) -> Option<bool> {
    let along = |a: Pos, b: Pos| cross(at, a, b) == 0 && !opposite(at, a, b);
    if along(from, p) || along(to, p) {
        return None;
    }
    let before = |a: Pos, b: Pos| cross(at, a, b) > 0 || (cross(at, a, b) == 0 && opposite(at, a, b));
    // Of the sector and what is left of the turn, one is at most half a turn: that one is told by two comparisons.
    Some(if before(from, to) { before(from, p) && before(p, to) } else { !(before(to, p) && before(p, from)) })
}

/// Is `b` on the other side of `at` than `a`, the three being on one line?
fn opposite(at: Pos, a: Pos, b: Pos) -> bool {
    let dot = i128::from(a.x - at.x) * i128::from(b.x - at.x) + i128::from(a.y - at.y) * i128::from(b.y - at.y);
    dot < 0
}

/// Does the path `a → b → c` come back over itself after `b`?
#[inline]
pub fn turns_back(a: Pos, b: Pos, c: Pos) -> bool {
    cross(a, b, c) == 0 && !opposite(b, a, c)
}
