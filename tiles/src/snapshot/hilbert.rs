//! Distance along the Hilbert curve over the world: near on the curve is near on the ground.

use crate::grid::Pos;

/// Distance along the curve of a position in world units.
#[must_use]
pub fn distance(pos: Pos) -> u64 {
    let (mut x, mut y) = (pos.x & 0xffff_ffff, pos.y & 0xffff_ffff);
    let mut distance = 0_u64;
    for bit in (0..32).rev() {
        let (right, down) = (x >> bit & 1, y >> bit & 1);
        distance = distance << 2 | ((3 * right) ^ down).unsigned_abs();
        // The quadrant is turned so that the curve goes on where the one before ended.
        if down == 0 {
            if right == 1 {
                (x, y) = (!x & 0xffff_ffff, !y & 0xffff_ffff);
            }
            std::mem::swap(&mut x, &mut y);
        }
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_of_the_curve_goes_to_a_neighbour() {
        // The first 4,096 positions of the curve fill a square of 64 units, each next to the one before.
        let mut positions: Vec<(u64, Pos)> =
            (0..64).flat_map(|x| (0..64).map(move |y| Pos::new(x, y))).map(|pos| (distance(pos), pos)).collect();
        positions.sort_unstable();
        for (expected, pair) in (0_u64..).zip(positions.windows(2)) {
            assert_eq!(pair[0].0, expected);
            assert_eq!((pair[1].1.x - pair[0].1.x).abs() + (pair[1].1.y - pair[0].1.y).abs(), 1);
        }
    }
}
