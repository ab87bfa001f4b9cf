//! Elementary plane geometry, on coordinates shifted to a local origin so that nothing is lost to their size.

use geo_types::Coord;

/// A key by which equal coordinates meet (`-0` is `0`).
pub(crate) type PointKey = (u64, u64);

pub(crate) fn key(point: Coord<f64>) -> PointKey {
    ((point.x + 0.0).to_bits(), (point.y + 0.0).to_bits())
}

/// Signed area of a closed ring, positive counter-clockwise, square units.
pub(crate) fn signed_area(ring: &[Coord<f64>]) -> f64 {
    let Some(&origin) = ring.first() else {
        return 0.0;
    };
    let twice: f64 = ring
        .windows(2)
        .map(|pair| match pair {
            [a, b] => (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y),
            _ => 0.0,
        })
        .sum();
    twice / 2.0
}

/// Where a point lies with regard to a closed ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Inside,
    Border,
    Outside,
}

/// Ray casting, the border told apart.
pub(crate) fn place(point: Coord<f64>, ring: &[Coord<f64>]) -> Place {
    let mut is_inside = false;
    for pair in ring.windows(2) {
        let [a, b] = pair else { continue };
        let (ax, ay, bx, by) = (a.x - point.x, a.y - point.y, b.x - point.x, b.y - point.y);
        let cross = ax * by - bx * ay;
        let is_between = ax * bx <= 0.0 && ay * by <= 0.0;
        if cross.abs() <= 0.0 && is_between {
            return Place::Border;
        }
        if (ay > 0.0) != (by > 0.0) && (cross > 0.0) == (by > ay) {
            is_inside = !is_inside;
        }
    }
    if is_inside { Place::Inside } else { Place::Outside }
}

/// Whether a ring lies in another, which it may touch: settled by the first point of it that is not on the border.
pub(crate) fn is_within(inner: &[Coord<f64>], outer: &[Coord<f64>]) -> bool {
    let vertices = inner.iter().copied();
    let middles = inner.windows(2).filter_map(|pair| match pair {
        [a, b] => Some(Coord { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) }),
        _ => None,
    });
    vertices
        .chain(middles)
        .map(|point| place(point, outer))
        .find(|place| *place != Place::Border)
        .is_some_and(|place| place == Place::Inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        points.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    #[test]
    fn a_square() {
        let square = ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]);
        assert!((signed_area(&square) - 16.0).abs() < f64::EPSILON);
        assert_eq!(place(Coord { x: 1.0, y: 1.0 }, &square), Place::Inside);
        assert_eq!(place(Coord { x: 4.0, y: 2.0 }, &square), Place::Border);
        assert_eq!(place(Coord { x: 0.0, y: 0.0 }, &square), Place::Border);
        assert_eq!(place(Coord { x: 5.0, y: 4.0 }, &square), Place::Outside);
        assert_eq!(place(Coord { x: -1.0, y: 0.0 }, &square), Place::Outside);
    }

    #[test]
    fn a_ring_that_touches_is_within() {
        let square = ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]);
        let touching = ring(&[(0.0, 0.0), (2.0, 1.0), (1.0, 2.0), (0.0, 0.0)]);
        assert!(is_within(&touching, &square));
        assert!(!is_within(&square, &touching));
    }
}
