//! How much the vertices of a valid shape may move before it can stop being valid.
//!
//! While vertices move in straight lines, rings stay as they are to one another until some vertex meets an edge that is not
//! its own. A vertex that moves by `r` at most comes nearer to an edge of which the ends move by `r` at most by `2 r` at most.
//! Rounding to a grid of `u` moves by half its diagonal: a shape whose vertices are all farther than `√2 u` from the edges of
//! others is as valid once rounded as it was.

use crate::geometry::Geometry;
use crate::grid::Pos;

/// Vertices up to which all pairs of vertex and edge are looked at.
const MOST: usize = 64;

/// The largest grid, in units of the shape, on which it stays valid for sure; 0 when none is known.
#[must_use]
pub fn safe_grid(shape: &Geometry) -> f64 {
    if shape.points().len() > MOST {
        return 0.0;
    }
    let mut nearest = f64::INFINITY;
    for ring in shape.paths() {
        for (at, a) in ring.iter().enumerate() {
            let b = ring.get(at + 1).or(ring.first()).unwrap_or(a);
            let edge = Edge::new(*a, *b);
            for vertex in shape.points().iter().filter(|vertex| *vertex != a && *vertex != b) {
                nearest = nearest.min(edge.distance_squared(*vertex));
            }
        }
    }
    // A vertex shared by two rings is at no distance: such shapes are checked grid by grid.
    if shape.paths().count() > 1 && shares_a_vertex(shape) {
        return 0.0;
    }
    // A hundredth for what floating point rounds.
    (nearest / 2.0).sqrt() * 0.99
}

fn shares_a_vertex(shape: &Geometry) -> bool {
    let mut points = shape.points().to_vec();
    points.sort_unstable();
    points.windows(2).any(|pair| pair[0] == pair[1])
}

/// An edge from its first end.
struct Edge {
    from: Pos,
    along: (f64, f64),
    length_squared: f64,
}

impl Edge {
    fn new(a: Pos, b: Pos) -> Self {
        let along = offset(a, b);
        Self { from: a, along, length_squared: along.0 * along.0 + along.1 * along.1 }
    }

    fn distance_squared(&self, to: Pos) -> f64 {
        let (x, y) = offset(self.from, to);
        let share = ((x * self.along.0 + y * self.along.1) / self.length_squared).clamp(0.0, 1.0);
        let (x, y) = (x - share * self.along.0, y - share * self.along.1);
        x * x + y * y
    }
}

#[expect(clippy::cast_precision_loss, reason = "units of the world have 32 bits")]
fn offset(a: Pos, b: Pos) -> (f64, f64) {
    ((b.x - a.x) as f64, (b.y - a.y) as f64)
}

#[cfg(test)]
mod tests {
    use super::super::{Validator, Verdict};
    use super::*;
    use crate::Kind;
    use proptest::prelude::*;

    #[test]
    fn a_square_may_move_by_half_its_side() {
        let mut square = Geometry::new(Kind::Polygon);
        for (x, y) in [(0, 0), (100, 0), (100, 100), (0, 100)] {
            square.push(Pos::new(x, y));
        }
        square.end_ring();
        square.end_part();
        assert!((69.0..70.8).contains(&safe_grid(&square)));
    }

    proptest! {
        #[test]
        fn a_shape_is_valid_on_every_grid_that_is_safe(
            rings in prop::collection::vec(prop::collection::vec((0_i64..300, 0_i64..300), 3..7), 1..3),
            shift in 1_u8..7,
            (x, y) in (0_i64..64, 0_i64..64),
        ) {
            let mut shape = Geometry::new(Kind::Polygon);
            for ring in &rings {
                for (px, py) in ring {
                    shape.push(Pos::new(px + x, py + y));
                }
                shape.end_ring();
            }
            shape.end_part();
            let mut validator = Validator::default();
            if shape.is_empty() || validator.check(&shape) != Verdict::Valid {
                return Ok(());
            }
            if f64::from(1_u32 << shift) <= safe_grid(&shape) {
                let mut rounded = Geometry::new(Kind::Polygon);
                let to = |units: i64| (units + (1 << (shift - 1))) >> shift;
                shape.draw_into(&mut rounded, |pos| Pos::new(to(pos.x), to(pos.y)));
                prop_assert_eq!(validator.check(&rounded), Verdict::Valid);
                prop_assert_eq!(rounded.paths().count(), shape.paths().count());
            }
        }
    }
}
