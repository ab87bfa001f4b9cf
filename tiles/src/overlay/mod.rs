//! Repairing and cutting polygons by an exact overlay on integers: what comes out is on the grid and is checked.

mod rings;

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;

use crate::bounds::Bounds;
use crate::geometry::Geometry;
use crate::grid::Pos;
use crate::valid::{Validator, Verdict};

/// Overlays tried until the result is valid.
const ROUNDS: usize = 4;
/// Largest distance from a shape's corner that the overlay is given, in units.
const REACH: i64 = 1 << 28;

/// Repairs and cuts polygons, keeping its memory from one to the next.
pub struct Overlayer {
    overlay: Overlay,
    ring: Vec<IntPoint>,
    border: Vec<(Pos, Pos)>,
    validator: Validator,
    again: Geometry,
}

impl std::fmt::Debug for Overlayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Overlayer").finish_non_exhaustive()
    }
}

impl Default for Overlayer {
    fn default() -> Self {
        Self {
            overlay: Overlay::new(64),
            ring: Vec::new(),
            border: Vec::new(),
            validator: Validator::default(),
            again: Geometry::new(crate::Kind::Polygon),
        }
    }
}

impl Overlayer {
    /// Is this shape valid?
    pub fn check(&mut self, shape: &Geometry) -> Verdict {
        self.validator.check(shape)
    }

    /// The valid polygons that cover what an odd number of the rings of `shape` cover, on the same grid; within `bounds`
    /// only, where given. `false` when nothing valid came out, `out` being empty then.
    ///
    /// A shape more than 2^28 units wide is not repaired: it is cut first.
    pub fn repair(&mut self, shape: &Geometry, bounds: Option<&Bounds>, out: &mut Geometry) -> bool {
        self.overlay(shape, bounds, out);
        for _ in 1..ROUNDS {
            match self.validator.check(out) {
                Verdict::Valid => return !out.is_empty(),
                Verdict::Unproven => break,
                Verdict::Invalid => {}
            }
            let mut again = std::mem::replace(&mut self.again, Geometry::new(crate::Kind::Polygon));
            std::mem::swap(&mut again, out);
            self.overlay(&again, bounds, out);
            self.again = again;
        }
        if self.validator.check(out) == Verdict::Invalid {
            out.clear(crate::Kind::Polygon);
        }
        !out.is_empty()
    }

    fn overlay(&mut self, shape: &Geometry, bounds: Option<&Bounds>, out: &mut Geometry) {
        out.clear(crate::Kind::Polygon);
        let whole = shape.bounds();
        if shape.is_empty() || whole.max.x - whole.min.x > REACH || whole.max.y - whole.min.y > REACH {
            return;
        }
        let corner = whole.min;
        self.overlay.clear();
        for path in shape.paths() {
            self.ring.clear();
            self.ring.extend(path.iter().map(|pos| from_corner(corner, *pos)));
            self.overlay.add_contour(&self.ring, ShapeType::Subject);
        }
        let rule = if let Some(bounds) = bounds {
            let (min, max) = (bounds.min, bounds.max);
            self.ring.clear();
            let corners = [min, Pos::new(max.x, min.y), max, Pos::new(min.x, max.y)];
            self.ring.extend(corners.iter().map(|pos| from_corner(corner, *pos)));
            self.overlay.add_contour(&self.ring, ShapeType::Clip);
            OverlayRule::Intersect
        } else {
            OverlayRule::Subject
        };
        self.border.clear();
        for ring in self.overlay.overlay(rule, FillRule::EvenOdd).iter().flatten() {
            let place = |point: &IntPoint| {
                let pos = Pos::new(i64::from(point.x) + corner.x, i64::from(point.y) + corner.y);
                // Vertices that are near one another are made one, be it across the edge of the box.
                bounds.map_or(pos, |bounds| bounds.nearest(pos))
            };
            let ends = ring.iter().zip(ring.iter().cycle().skip(1));
            self.border.extend(ends.map(|(a, b)| (place(a), place(b))).filter(|(a, b)| a != b));
        }
        rings::draw(&mut self.border, out);
    }
}

/// A position from a corner, in what the overlay counts with; what is too far stays at the limit.
fn from_corner(corner: Pos, pos: Pos) -> IntPoint {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to 30 bits")]
    let near = |units: i64| units.clamp(-2 * REACH, 2 * REACH) as i32;
    IntPoint::new(near(pos.x - corner.x), near(pos.y - corner.y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::geometry::double_area;
    use proptest::prelude::*;

    fn polygon(rings: &[Vec<(i64, i64)>]) -> Geometry {
        let mut shape = Geometry::new(Kind::Polygon);
        for ring in rings {
            for (x, y) in ring {
                shape.push(Pos::new(*x, *y));
            }
            shape.end_ring();
        }
        shape.end_part();
        shape
    }

    #[test]
    fn a_bowtie_becomes_two_triangles() {
        let bowtie = polygon(&[vec![(0, 0), (10, 10), (10, 0), (0, 10)]]);
        let mut out = Geometry::new(Kind::Polygon);
        assert!(Overlayer::default().repair(&bowtie, None, &mut out));
        assert_eq!(out.parts().count(), 2);
        assert_eq!(out.paths().map(double_area).sum::<i128>(), 100);
    }

    proptest! {
        #[test]
        fn what_is_repaired_is_valid(
            rings in prop::collection::vec(prop::collection::vec((0_i64..40, 0_i64..40), 3..12), 1..4),
            cut in any::<bool>(),
        ) {
            let shape = polygon(&rings);
            let bounds = Bounds { min: Pos::new(5, 5), max: Pos::new(30, 30) };
            let mut overlayer = Overlayer::default();
            let mut out = Geometry::new(Kind::Polygon);
            if overlayer.repair(&shape, cut.then_some(&bounds), &mut out) {
                prop_assert_eq!(overlayer.check(&out), Verdict::Valid);
                prop_assert!(!cut || bounds.holds(&out.bounds()));
            } else {
                prop_assert!(out.is_empty());
            }
        }

        #[test]
        fn a_valid_shape_keeps_its_area(points in prop::collection::vec((0_i64..400, 0_i64..400), 3..7)) {
            let shape = polygon(&[points]);
            let mut overlayer = Overlayer::default();
            if !shape.is_empty() && overlayer.check(&shape) == Verdict::Valid {
                let mut out = Geometry::new(Kind::Polygon);
                overlayer.repair(&shape, None, &mut out);
                let area = |shape: &Geometry| shape.paths().map(double_area).sum::<i128>();
                prop_assert_eq!(area(&out), area(&shape));
            }
        }
    }
}
