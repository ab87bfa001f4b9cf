//! Is a shape in a tile, and what of it is: the rule, in units of the tile.
//!
//! A shape is in a tile when, rounded to the tile's grid, it meets the tile with its buffer of 64 units on the same footing
//! as `ST_AsMVTGeom`: a polygon by its inside, a line by some length, a point by its position, edges of the box included.
//! What stays within one tile of the tile's edge is written whole; the rest is cut to the tile with its buffer, points
//! always are. Cutting rounds: a polygon of which it leaves nothing, though it meets, is written whole too.

use crate::bounds::Bounds;
use crate::geometry::{Geometry, Kind, cross};
use crate::grid::Pos;
use crate::overlay::Overlayer;
use crate::valid::holds;

/// Where a shape stands to a tile, by its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Outside the tile with its buffer.
    Out,
    /// Inside it.
    In,
    /// Within one tile of the tile's edge: whole, if it meets.
    Whole,
    /// To be cut.
    Cut,
}

impl Reach {
    /// Of a box in units of the tile.
    #[inline]
    #[must_use]
    pub fn of(bounds: &Bounds, kind: Kind) -> Self {
        let meets = match kind {
            Kind::Polygon => Bounds::BUFFERED.overlaps(bounds),
            Kind::Point | Kind::Line => Bounds::BUFFERED.touches(bounds),
        };
        if !meets {
            Self::Out
        } else if Bounds::BUFFERED.holds(bounds) {
            Self::In
        } else if kind != Kind::Point && Bounds::WHOLE.holds(bounds) {
            Self::Whole
        } else {
            Self::Cut
        }
    }
}

/// Does a valid polygon share some of its inside with the inside of the tile with its buffer? Exact.
#[must_use]
pub fn polygon_meets(shape: &Geometry) -> bool {
    let bounds = Bounds::BUFFERED;
    let mut edges = shape.paths().flat_map(edges);
    if edges.any(|(a, b)| passes_inside(a, b, &bounds)) {
        return true;
    }
    // No edge passes: the box is all inside or all outside.
    let middle = Pos::new(i64::midpoint(bounds.min.x, bounds.max.x), i64::midpoint(bounds.min.y, bounds.max.y));
    shape.paths().filter(|ring| holds(ring, middle)).count() % 2 == 1
}

/// The edges of a ring.
fn edges(ring: &[Pos]) -> impl Iterator<Item = (Pos, Pos)> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// Does a segment share a position with the inside of a box? They share none when an axis of the box or the segment's own
/// line has them on its two sides.
fn passes_inside(a: Pos, b: Pos, bounds: &Bounds) -> bool {
    let (min, max) = (bounds.min, bounds.max);
    if a.x.max(b.x) <= min.x || a.x.min(b.x) >= max.x || a.y.max(b.y) <= min.y || a.y.min(b.y) >= max.y {
        return false;
    }
    let corners = [min, Pos::new(max.x, min.y), max, Pos::new(min.x, max.y)].map(|corner| cross(a, b, corner));
    corners.iter().any(|side| *side < 0) && corners.iter().any(|side| *side > 0)
}

/// What of a shape the tile with its buffer keeps, into `out`, which is empty when that is nothing.
pub fn cut(shape: &Geometry, overlayer: &mut Overlayer, rough: &mut Geometry, out: &mut Geometry) {
    match shape.kind() {
        Kind::Point => {
            out.clear(Kind::Point);
            shape.points().iter().filter(|pos| Bounds::BUFFERED.has(**pos)).for_each(|pos| out.push(*pos));
        }
        Kind::Line => cut_lines(shape, &Bounds::BUFFERED, out),
        Kind::Polygon => {
            // Far vertices go first, ring by ring: edges that this leaves along the larger box are outside the smaller one.
            // Each is a part by itself: the overlay counts rings, whichever is in which.
            rough.clear(Kind::Polygon);
            for ring in shape.paths() {
                cut_ring(ring, &Bounds::WHOLE, rough);
                rough.end_part();
            }
            overlayer.repair(rough, Some(&Bounds::BUFFERED), out);
        }
    }
}

/// The pieces of lines inside a box.
fn cut_lines(shape: &Geometry, bounds: &Bounds, out: &mut Geometry) {
    out.clear(Kind::Line);
    for line in shape.paths() {
        let mut open = false;
        for (a, b) in line.iter().zip(line.iter().skip(1)) {
            match inside_piece(*a, *b, bounds) {
                Some((from, to)) => {
                    if open && from != *a {
                        out.end_line();
                    }
                    out.push(from);
                    out.push(to);
                    open = true;
                    if to != *b {
                        out.end_line();
                        open = false;
                    }
                }
                None if open => {
                    out.end_line();
                    open = false;
                }
                None => {}
            }
        }
        if open {
            out.end_line();
        }
    }
}

/// The part of a segment inside a box, its new ends rounded to the grid; `None` when it is outside.
fn inside_piece(a: Pos, b: Pos, bounds: &Bounds) -> Option<(Pos, Pos)> {
    if !bounds.touches(&Bounds::of(&[a, b])) {
        return None;
    }
    let (mut from, mut to) = (a, b);
    for side in Wall::all(bounds) {
        match (side.keeps(from), side.keeps(to)) {
            (true, true) => {}
            (false, false) => return None,
            (false, true) => from = side.crossing(a, b),
            (true, false) => to = side.crossing(a, b),
        }
    }
    (bounds.has(from) && bounds.has(to)).then_some((from, to))
}

/// A ring less what is outside a box, side after side of it.
fn cut_ring(ring: &[Pos], bounds: &Bounds, out: &mut Geometry) {
    let mut kept: Vec<Pos> = ring.to_vec();
    for side in Wall::all(bounds) {
        let before = std::mem::take(&mut kept);
        for (a, b) in edges(&before) {
            if side.keeps(a) {
                kept.push(a);
            }
            if side.keeps(a) != side.keeps(b) {
                kept.push(side.crossing(a, b));
            }
        }
    }
    for pos in &kept {
        out.push(*pos);
    }
    out.end_ring();
}

/// A side of a box, and the half plane that it keeps.
#[derive(Debug, Clone, Copy)]
struct Wall {
    at: i64,
    vertical: bool,
    /// Keeps what is greater.
    low: bool,
}

impl Wall {
    fn all(bounds: &Bounds) -> [Self; 4] {
        [
            Self { at: bounds.min.x, vertical: true, low: true },
            Self { at: bounds.max.x, vertical: true, low: false },
            Self { at: bounds.min.y, vertical: false, low: true },
            Self { at: bounds.max.y, vertical: false, low: false },
        ]
    }

    fn keeps(self, pos: Pos) -> bool {
        let value = if self.vertical { pos.x } else { pos.y };
        if self.low { value >= self.at } else { value <= self.at }
    }

    /// Where a segment that has an end on each side meets the wall: the same whichever end is named first.
    fn crossing(self, a: Pos, b: Pos) -> Pos {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        let (across, along) = if self.vertical { ((a.x, b.x), (a.y, b.y)) } else { ((a.y, b.y), (a.x, b.x)) };
        let (mut run, mut rise) =
            (i128::from(across.1 - across.0), i128::from(along.1 - along.0) * i128::from(self.at - across.0));
        if run < 0 {
            (run, rise) = (-run, -rise);
        }
        // To the nearest, halves up; a segment along the wall meets it everywhere.
        let step = (2 * rise + run).checked_div_euclid(2 * run).unwrap_or_default();
        let value = along.0 + i64::try_from(step).unwrap_or_default();
        if self.vertical { Pos::new(self.at, value) } else { Pos::new(value, self.at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::valid::Verdict;
    use proptest::prelude::*;

    fn polygon(ring: &[(i64, i64)]) -> Geometry {
        let mut shape = Geometry::new(Kind::Polygon);
        for (x, y) in ring {
            shape.push(Pos::new(*x, *y));
        }
        shape.end_ring();
        shape.end_part();
        shape
    }

    #[test]
    fn the_edge_of_the_box_is_out_for_a_polygon_and_in_for_the_rest() {
        assert!(!polygon_meets(&polygon(&[(4160, 0), (4200, 0), (4200, 50)])));
        assert!(polygon_meets(&polygon(&[(4159, 0), (4200, 0), (4200, 50)])));
        assert!(polygon_meets(&polygon(&[(-900, -900), (5000, -900), (5000, 5000), (-900, 5000)])), "all around");
        assert_eq!(Reach::of(&polygon(&[(4160, 0), (4200, 0), (4200, 50)]).bounds(), Kind::Polygon), Reach::Out);
        let edge = Bounds { min: Pos::new(4160, 0), max: Pos::new(4160, 9) };
        assert_eq!(Reach::of(&edge, Kind::Line), Reach::In);
        assert_eq!(Reach::of(&edge, Kind::Point), Reach::In);
    }

    #[test]
    fn a_line_leaves_and_comes_back() {
        let mut line = Geometry::new(Kind::Line);
        for (x, y) in [(0, 0), (9000, 0), (9000, 100), (0, 100), (-1000, 1100)] {
            line.push(Pos::new(x, y));
        }
        line.end_line();
        let mut out = Geometry::new(Kind::Line);
        cut_lines(&line, &Bounds::BUFFERED, &mut out);
        let paths: Vec<Vec<(i64, i64)>> =
            out.paths().map(|path| path.iter().map(|pos| (pos.x, pos.y)).collect()).collect();
        assert_eq!(paths, [vec![(0, 0), (4160, 0)], vec![(4160, 100), (0, 100), (-64, 164)]]);
    }

    /// Positions around a tile whose intersections with the box are far from slivers.
    fn around() -> impl Strategy<Value = (i64, i64)> {
        (-6_i64..15, -6_i64..15).prop_map(|(x, y)| (x * 528 - 64, y * 528 - 64))
    }

    proptest! {
        #[test]
        fn a_polygon_meets_when_its_cut_is_something(ring in prop::collection::vec(around(), 3..8)) {
            let shape = polygon(&ring);
            let mut overlayer = Overlayer::default();
            if shape.is_empty() || overlayer.check(&shape) != Verdict::Valid {
                return Ok(());
            }
            let (mut rough, mut out) = (Geometry::new(Kind::Polygon), Geometry::new(Kind::Polygon));
            cut(&shape, &mut overlayer, &mut rough, &mut out);
            prop_assert_eq!(polygon_meets(&shape), !out.is_empty());
            prop_assert!(out.is_empty() || Bounds::BUFFERED.holds(&out.bounds()));
            prop_assert_eq!(overlayer.check(&out), Verdict::Valid);
        }

        #[test]
        fn a_line_keeps_what_is_inside(line in prop::collection::vec(around(), 2..6)) {
            let mut shape = Geometry::new(Kind::Line);
            for (x, y) in &line { shape.push(Pos::new(*x, *y)); }
            shape.end_line();
            let mut out = Geometry::new(Kind::Line);
            cut_lines(&shape, &Bounds::BUFFERED, &mut out);
            prop_assert!(out.points().iter().all(|pos| Bounds::BUFFERED.has(*pos)));
            let near = |at: Pos| out.paths().flat_map(|path| path.windows(2)).any(|edge| {
                let (a, b) = (edge[0], edge[1]);
                let beside = Bounds {
                    min: Pos::new(a.x.min(b.x) - 2, a.y.min(b.y) - 2),
                    max: Pos::new(a.x.max(b.x) + 2, a.y.max(b.y) + 2),
                };
                // The distance to the line, times its length, is the cross product.
                let length_squared = i128::from((b.x - a.x).pow(2) + (b.y - a.y).pow(2));
                beside.has(at) && cross(a, b, at).pow(2) <= 4 * length_squared
            });
            for path in shape.paths() {
                for edge in path.windows(2) {
                    for step in 0..=32 {
                        let at = Pos::new(
                            edge[0].x + (edge[1].x - edge[0].x) * step / 32,
                            edge[0].y + (edge[1].y - edge[0].y) * step / 32,
                        );
                        let inside = Bounds { min: Pos::new(-60, -60), max: Pos::new(4156, 4156) };
                        prop_assert!(!inside.has(at) || near(at), "{at:?} is lost");
                    }
                }
            }
        }
    }
}
