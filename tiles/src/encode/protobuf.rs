//! The little of protobuf that a tile needs.

/// Wire type of integers.
pub const VARINT: u32 = 0;
/// Wire type of doubles.
pub const FIXED64: u32 = 1;
/// Wire type of what has a length.
pub const BYTES: u32 = 2;
/// Wire type of floats.
pub const FIXED32: u32 = 5;

/// Seven bits a byte, the low ones first.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low seven bits are what is wanted")]
pub fn varint(out: &mut Vec<u8>, mut value: u64) {
    // Nearly all that a tile holds takes one byte or two.
    if value < 0x80 {
        out.push(value as u8);
    } else if value < 0x4000 {
        out.extend_from_slice(&[value as u8 | 0x80, (value >> 7) as u8]);
    } else {
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
    }
}

/// Signed to unsigned, small magnitudes to small numbers.
#[inline]
#[must_use]
#[expect(clippy::cast_sign_loss, reason = "the sign goes to the lowest bit")]
pub fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// Number and wire type of a field.
#[inline]
pub fn tag(out: &mut Vec<u8>, field: u32, wire: u32) {
    varint(out, u64::from(field << 3 | wire));
}

/// A field of bytes.
#[inline]
pub fn bytes(out: &mut Vec<u8>, field: u32, content: &[u8]) {
    tag(out, field, BYTES);
    varint(out, content.len() as u64);
    out.extend_from_slice(content);
}

/// Bytes that a varint takes.
#[inline]
#[must_use]
pub fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_varint_says_its_length(value in any::<u64>(), shift in 0_u32..64) {
            let mut out = Vec::new();
            varint(&mut out, value >> shift);
            prop_assert_eq!(out.len(), varint_len(value >> shift));
            let read = out.iter().rev().fold(0_u64, |read, byte| read << 7 | u64::from(byte & 0x7f));
            prop_assert_eq!(read, value >> shift);
        }
    }
}
