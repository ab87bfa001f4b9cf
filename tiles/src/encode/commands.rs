//! A geometry as MVT commands: MoveTo, LineTo and ClosePath, with zigzag steps from the vertex before.

use super::protobuf::{varint, zigzag};
use crate::geometry::{Geometry, Kind};
use crate::grid::Pos;

const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
/// ClosePath, once.
const CLOSE: u8 = 7 | 1 << 3;

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
    varint(out, MOVE_TO | 1 << 3);
    step(out, pen, *first);
    varint(out, LINE_TO | (rest.len() as u64) << 3);
    rest.iter().for_each(|pos| step(out, pen, *pos));
}

#[inline]
fn step(out: &mut Vec<u8>, pen: &mut Pos, to: Pos) {
    varint(out, zigzag(to.x - pen.x));
    varint(out, zigzag(to.y - pen.y));
    *pen = to;
}
