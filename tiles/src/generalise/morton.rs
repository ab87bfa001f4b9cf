//! Morton codes: two coordinates woven into one number, so that what is near on the ground is near in memory.

use super::shapes::Point;

/// The code of a point: bits of the first coordinate in even places, of the second in odd ones.
pub(super) fn code([x, y]: Point) -> u64 {
    spread(x) | spread(y) << 1
}

/// The point of a code.
pub(super) fn point(code: u64) -> Point {
    [gather(code), gather(code >> 1)]
}

const MASKS: [u64; 6] = [
    0xffff_ffff,
    0x0000_ffff_0000_ffff,
    0x00ff_00ff_00ff_00ff,
    0x0f0f_0f0f_0f0f_0f0f,
    0x3333_3333_3333_3333,
    0x5555_5555_5555_5555,
];

fn spread(value: u32) -> u64 {
    let mut bits = u64::from(value);
    for (mask, shift) in MASKS[1..].iter().zip([16, 8, 4, 2, 1]) {
        bits = (bits | bits << shift) & mask;
    }
    bits
}

fn gather(code: u64) -> u32 {
    let mut bits = code & MASKS[5];
    for (mask, shift) in MASKS[..5].iter().rev().zip([1, 2, 4, 8, 16]) {
        bits = (bits | bits >> shift) & mask;
    }
    #[expect(clippy::cast_possible_truncation, reason = "masked to 32 bits")]
    let value = bits as u32;
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_is_read_back(x: u32, y: u32) {
            prop_assert_eq!(point(code([x, y])), [x, y]);
        }

        #[test]
        fn a_prefix_of_the_code_is_the_code_of_the_square(x: u32, y: u32, shift in 0_u32..32) {
            prop_assert_eq!(code([x, y]) >> (2 * shift), code([x >> shift, y >> shift]));
        }
    }
}
