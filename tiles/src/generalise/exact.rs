//! Plane geometry on integers, without rounding.

use super::shapes::Point;

/// A point or a displacement with room for differences.
pub(super) type Wide = [i64; 2];

pub(super) fn wide(point: Point) -> Wide {
    [i64::from(point[0]), i64::from(point[1])]
}

pub(super) fn minus(a: Wide, b: Wide) -> Wide {
    [a[0] - b[0], a[1] - b[1]]
}

/// Bound under which products of two displacements add up within 64 bits.
const NEAR: i64 = 1 << 30;

fn is_near(a: Wide) -> bool {
    a[0].abs() < NEAR && a[1].abs() < NEAR
}

/// Cross product: positive when `b` is to the left of `a` (east first, then south).
pub(super) fn cross(a: Wide, b: Wide) -> i128 {
    if is_near(a) && is_near(b) {
        i128::from(a[0] * b[1] - a[1] * b[0])
    } else {
        i128::from(a[0]) * i128::from(b[1]) - i128::from(a[1]) * i128::from(b[0])
    }
}

/// Scalar product.
pub(super) fn dot(a: Wide, b: Wide) -> i128 {
    if is_near(a) && is_near(b) {
        i128::from(a[0] * b[0] + a[1] * b[1])
    } else {
        i128::from(a[0]) * i128::from(b[0]) + i128::from(a[1]) * i128::from(b[1])
    }
}

/// Side of `c` as seen along the line from `a` to `b`: 1 left, -1 right, 0 on it.
pub(super) fn side(a: Wide, b: Wide, c: Wide) -> i32 {
    let (along, to) = (minus(b, a), minus(c, a));
    if is_near(along) && is_near(to) {
        return sign((along[0] * to[1]).cmp(&(along[1] * to[0])));
    }
    sign(cross(along, to).cmp(&0))
}

fn sign(order: std::cmp::Ordering) -> i32 {
    order as i32
}

/// Twice the area of a ring by the surveyor's formula, signed.
pub(super) fn doubled_area(ring: &[Point]) -> i128 {
    let Some((&first, rest)) = ring.split_first() else { return 0 };
    let origin = wide(first);
    rest.windows(2).map(|pair| cross(minus(wide(pair[0]), origin), minus(wide(pair[1]), origin))).sum()
}

/// Whether `p` lies in the triangle or on its edge. A flat triangle is its longest side.
pub(super) fn triangle_holds([a, b, c]: [Wide; 3], p: Wide) -> bool {
    let sides = [side(a, b, p), side(b, c, p), side(c, a, p)];
    let turns = |wanted: i32| sides.iter().all(|&s| s != -wanted);
    if sides == [0, 0, 0] {
        return [(a, b), (b, c), (c, a)].iter().any(|&(from, to)| dot(minus(from, p), minus(to, p)) <= 0);
    }
    turns(1) || turns(-1)
}

/// Whether the segment from `p` to `q` meets the square from `low` to `high`, edges included.
pub(super) fn meets_square(p: Wide, q: Wide, low: Wide, high: Wide) -> bool {
    let apart = |axis: usize| p[axis].max(q[axis]) < low[axis] || p[axis].min(q[axis]) > high[axis];
    if apart(0) || apart(1) {
        return false;
    }
    let corners = [low, [high[0], low[1]], high, [low[0], high[1]]].map(|corner| side(p, q, corner));
    corners.iter().any(|&s| s >= 0) && corners.iter().any(|&s| s <= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_holds_its_edge_and_not_what_is_beside() {
        let triangle = [[0, 0], [10, 0], [0, 10]];
        assert!(triangle_holds(triangle, [1, 1]));
        assert!(triangle_holds(triangle, [5, 5]));
        assert!(!triangle_holds(triangle, [6, 5]));
        assert!(triangle_holds([[0, 0], [5, 0], [10, 0]], [7, 0]));
        assert!(!triangle_holds([[0, 0], [5, 0], [10, 0]], [11, 0]));
    }

    #[test]
    fn far_points_do_not_overflow() {
        let far = i64::from(u32::MAX);
        assert_eq!(side([0, 0], [far, far], [far, 0]), -1);
        assert_eq!(
            doubled_area(&[[0, 0], [u32::MAX, 0], [u32::MAX, u32::MAX], [0, u32::MAX]]),
            2 * i128::from(far).pow(2)
        );
    }

    #[test]
    fn a_segment_meets_a_square_it_crosses_without_an_end_inside() {
        assert!(meets_square([-5, 0], [5, 0], [-1, -1], [1, 1]));
        assert!(meets_square([-2, 0], [0, 2], [-1, -1], [1, 1]));
        assert!(!meets_square([-3, 0], [0, 3], [-1, -1], [1, 1]));
    }
}
