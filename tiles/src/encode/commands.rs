//! A geometry as MVT commands: MoveTo, LineTo and ClosePath, with zigzag steps from the vertex before.

use super::protobuf::{varint, zigzag};
use crate::geometry::{Geometry, Kind};
use crate::grid::Pos;

/// MoveTo.
pub const MOVE_TO: u64 = 1;
/// LineTo.
pub const LINE_TO: u64 = 2;
/// ClosePath, once.
pub const CLOSE: u8 = 7 | 1 << 3;

/// Writes the commands of a shape in units of its tile.
///
/// The shape is what [`Geometry`] promises: no vertex repeats the one before, rings are open with their winding.
pub fn commands(out: &mut Vec<u8>, shape: &Geometry) {
    let mut pen = Pos::default();
    match shape.kind() {
        Kind::Point => {
            varint(out, MOVE_TO | (shape.points().len() as u64) << 3);
            shape.points().iter().for_each(|pos| step(out, &mut pen, *pos));
        }
        Kind::Line => shape.paths().for_each(|line| path(out, &mut pen, line)),
        Kind::Polygon => {
            for ring in shape.paths() {
                path(out, &mut pen, ring);
                out.push(CLOSE);
            }
        }
    }
}

#[inline]
fn path(out: &mut Vec<u8>, pen: &mut Pos, positions: &[Pos]) {
    let Some((first, rest)) = positions.split_first() else { return };
    out.reserve(4 * positions.len() + 16);
    varint(out, MOVE_TO | 1 << 3);
    step(out, pen, *first);
    varint(out, LINE_TO | (rest.len() as u64) << 3);
    for pos in rest {
        step(out, pen, *pos);
    }
}

/// Two varints. In a tile nearly all steps take one byte or two: both go in one word, written at once.
#[inline]
pub fn step(out: &mut Vec<u8>, pen: &mut Pos, to: Pos) {
    let (x, y) = (zigzag(to.x.wrapping_sub(pen.x)), zigzag(to.y.wrapping_sub(pen.y)));
    *pen = to;
    if (x | y) < 0x4000 {
        let ((x, x_bytes), (y, y_bytes)) = (short(x), short(y));
        let length = out.len() + (x_bytes + y_bytes) as usize;
        out.extend_from_slice(&(x | y << (8 * x_bytes)).to_le_bytes());
        out.truncate(length);
    } else {
        far_step(out, x, y);
    }
}

#[cold]
#[inline(never)]
fn far_step(out: &mut Vec<u8>, x: u64, y: u64) {
    varint(out, x);
    varint(out, y);
}

/// The bytes of a varint below 2^14, the first the lowest, and how many.
#[inline]
fn short(value: u64) -> (u64, u32) {
    let two = u32::from(value >= 0x80);
    (value & 0x7f | u64::from(two) << 7 | value >> 7 << 8, 1 + two)
}
