//! A polygon of one ring, from the file to the commands of a tile in one pass.
//!
//! It is what most shapes are, and where most of the time of a tile goes. Anything else is left to the general way: several
//! rings, a ring that is degenerate once rounded, turned over by rounding, or of more vertices than a short count says.

use crate::encode::{CLOSE, LINE_TO, MOVE_TO, step};
use crate::grid::{Pos, TileGrid};

/// LineTo of so many vertices takes one byte.
const SHORT: u64 = 15;

/// A shape as it is stored, and the tile near which it lies: within some tiles of it.
#[derive(Debug, Clone, Copy)]
pub struct StoredRing<'a> {
    /// See `shape`.
    pub(super) bytes: &'a [u8],
    /// North-west of the shape's box, in world units.
    pub(super) corner: Pos,
    /// The tile's grid.
    pub(super) grid: TileGrid,
}

impl StoredRing<'_> {
    /// Appends the commands of MVT to `out`; `false`, with nothing appended, when the shape is not of those written here.
    #[must_use]
    pub fn write_commands(self, out: &mut Vec<u8>) -> bool {
        // 0 is one polygon of one ring, then comes the number of its vertices.
        let [0, count @ 3..=127, steps @ ..] = self.bytes else { return false };
        let start = out.len();
        let written = ring(u64::from(*count), steps, self.corner, self.grid, out).is_some();
        if !written {
            out.truncate(start);
        }
        written
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "counts are below 128")]
fn ring(count: u64, mut steps: &[u8], corner: Pos, grid: TileGrid, out: &mut Vec<u8>) -> Option<()> {
    let mut pen = corner;
    let mut next = |steps: &mut &[u8]| {
        let (x, y) = pair(steps)?;
        pen = Pos::new(pen.x.wrapping_add(x) & 0xffff_ffff, pen.y.wrapping_add(y) & 0xffff_ffff);
        Some(grid.place(pen))
    };
    out.reserve(4 * count as usize + 16);
    let first = next(&mut steps)?;
    out.push((MOVE_TO | 1 << 3) as u8);
    let mut cursor = Pos::default();
    step(out, &mut cursor, first);
    let head = out.len();
    let long = count > SHORT + 1;
    out.extend_from_slice(if long { &[0, 0] } else { &[0] });
    let (mut lines, mut area) = (0, 0_i64);
    for _ in 1..count {
        let from = cursor;
        let to = next(&mut steps)?;
        if to == from {
            continue;
        }
        let (ax, ay) = (from.x.wrapping_sub(first.x), from.y.wrapping_sub(first.y));
        let (bx, by) = (to.x.wrapping_sub(first.x), to.y.wrapping_sub(first.y));
        area = area.wrapping_add(ax.wrapping_mul(by).wrapping_sub(bx.wrapping_mul(ay)));
        step(out, &mut cursor, to);
        lines += 1;
    }
    if area <= 0 || cursor == first || (lines > SHORT) != long || !steps.is_empty() {
        return None;
    }
    let command = LINE_TO | lines << 3;
    let head = out.get_mut(head..)?;
    if let [low, high, ..] = head
        && long
    {
        (*low, *high) = (command as u8 | 0x80, (command >> 7) as u8);
    } else {
        *head.first_mut()? = command as u8;
    }
    out.push(CLOSE);
    Some(())
}

/// Two steps; in nearly all shapes each takes two bytes, told at once.
#[inline]
fn pair(steps: &mut &[u8]) -> Option<(i64, i64)> {
    let signed = |value: u32| i64::from((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
    if let Some((four, rest)) = steps.split_first_chunk() {
        let word = u32::from_le_bytes(*four);
        if word & 0x8080_8080 == 0x0080_0080 {
            *steps = rest;
            let x = word & 0x7f | word >> 1 & 0x3f80;
            let y = word >> 16 & 0x7f | word >> 17 & 0x3f80;
            return Some((signed(x), signed(y)));
        }
    }
    any_pair(steps)
}

#[cold]
#[inline(never)]
fn any_pair(steps: &mut &[u8]) -> Option<(i64, i64)> {
    Some((one(steps)?, one(steps)?))
}

/// A step of any length.
fn one(steps: &mut &[u8]) -> Option<i64> {
    let mut value = 0_u64;
    for (at, byte) in steps.iter().enumerate().take(6) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if *byte < 0x80 {
            *steps = steps.get(at + 1..)?;
            let value = value.cast_signed();
            return Some((value >> 1) ^ -(value & 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::shape;
    use super::*;
    use crate::encode::{Format as _, Mvt, varint, zigzag};
    use crate::{Geometry, Kind, TileCoord};
    use proptest::prelude::*;

    #[test]
    fn steps_of_all_lengths_are_read() {
        for value in [0_i64, -1, 63, -64, 64, 8191, -8192, 8192, 1 << 31, -(1 << 31)] {
            for other in [0_i64, 100, -70_000] {
                let mut bytes = Vec::new();
                for value in &[value, other] {
                    varint(&mut bytes, zigzag(*value));
                }
                let mut steps = &bytes[..];
                assert_eq!(pair(&mut steps), Some((value, other)));
                assert!(steps.is_empty());
            }
        }
    }

    proptest! {
        #[test]
        fn it_writes_what_the_general_way_writes(
            ring in prop::collection::vec((0_i64..5000, 0_i64..5000), 3..40), zoom in 12_u8..=22, far in 1_i64..20,
        ) {
            let corner = (8402 << 18, 5977 << 18);
            let mut drawn = Geometry::new(Kind::Polygon);
            for (x, y) in &ring { drawn.push(Pos::new(corner.0 + x * far, corner.1 + y)); }
            drawn.end_ring();
            drawn.end_part();
            if drawn.is_empty() {
                return Ok(());
            }
            let north_west = drawn.bounds().min;
            let mut bytes = Vec::new();
            shape::write(&drawn, north_west, &mut bytes);
            let cell = |units: i64| u32::try_from(units >> (32 - zoom)).unwrap();
            let grid = TileGrid::new(TileCoord::new(zoom, cell(corner.0), cell(corner.1)).unwrap());
            let (mut general, mut quick) = (Mvt::default(), Mvt::default());
            if quick.ring(StoredRing { bytes: &bytes, corner: north_west, grid }) {
                let mut placed = Geometry::new(Kind::Polygon);
                shape::read(&bytes, Kind::Polygon, north_west, |pos| grid.place(pos), &mut placed).unwrap();
                general.feature(None, &placed);
                quick.end_ring(None);
                let (mut one, mut other) = (Vec::new(), Vec::new());
                general.finish("a", &[], &mut one);
                quick.finish("a", &[], &mut other);
                prop_assert_eq!(one, other);
            } else {
                let mut commands = vec![7];
                let _ = StoredRing { bytes: &bytes, corner: north_west, grid }.write_commands(&mut commands);
                prop_assert_eq!(commands, [7]);
            }
        }
    }
}
