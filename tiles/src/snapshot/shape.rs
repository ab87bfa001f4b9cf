//! A shape in the column of shapes: counts, and steps from vertex to vertex as zigzag varints.
//!
//! Points: their number and them. Lines: their number, then each as points are. Polygons: 0 for one polygon of one ring, else
//! their number, then for each the number of its rings; then each ring as points are. The first step is from the
//! north-west corner of the shape's box.

use super::error::SnapshotError;
use crate::encode::{varint, zigzag};
use crate::geometry::{Geometry, Kind};
use crate::grid::Pos;

/// Appends a shape in world units.
pub fn write(shape: &Geometry, corner: Pos, out: &mut Vec<u8>) {
    let mut pen = corner;
    match shape.kind() {
        Kind::Point => write_path(shape.points(), &mut pen, out),
        Kind::Line => {
            varint(out, shape.paths().count() as u64);
            shape.paths().for_each(|path| write_path(path, &mut pen, out));
        }
        Kind::Polygon => {
            if shape.paths().take(2).count() == 1 {
                out.push(0);
            } else {
                varint(out, shape.parts().count() as u64);
                shape.parts().for_each(|part| varint(out, part.len() as u64));
            }
            shape.paths().for_each(|path| write_path(path, &mut pen, out));
        }
    }
}

fn write_path(path: &[Pos], pen: &mut Pos, out: &mut Vec<u8>) {
    varint(out, path.len() as u64);
    for pos in path {
        varint(out, zigzag(pos.x - pen.x));
        varint(out, zigzag(pos.y - pen.y));
        *pen = *pos;
    }
}

/// Draws a shape into `out`, each vertex moved by `place`.
///
/// # Errors
/// The bytes are not what [`write`] makes.
pub fn read(
    bytes: &[u8],
    kind: Kind,
    corner: Pos,
    place: impl Fn(Pos) -> Pos,
    out: &mut Geometry,
) -> Result<(), SnapshotError> {
    out.clear(kind);
    let steps = Steps { rest: bytes, pen: corner };
    let drawn = match kind {
        Kind::Point => steps.path(&place, out),
        Kind::Line => steps.lines(&place, out),
        Kind::Polygon => steps.polygons(&place, out),
    };
    drawn.filter(|steps| steps.rest.is_empty()).map(|_| ()).ok_or(SnapshotError::Corrupt("forme"))
}

/// Where the reading is: passed by value, so that it stays in registers.
#[derive(Clone, Copy)]
struct Steps<'a> {
    rest: &'a [u8],
    pen: Pos,
}

impl Steps<'_> {
    #[inline]
    fn varint(&mut self) -> Option<u64> {
        let (first, rest) = self.rest.split_first()?;
        let first = u64::from(*first);
        if first < 0x80 {
            self.rest = rest;
            return Some(first);
        }
        let (second, rest) = rest.split_first()?;
        let second = u64::from(*second);
        if second < 0x80 {
            self.rest = rest;
            return Some(first & 0x7f | second << 7);
        }
        let (value, rest) = long_varint(self.rest)?;
        self.rest = rest;
        Some(value)
    }

    /// A step, in 33 bits and a sign.
    #[inline]
    fn step(&mut self) -> Option<i64> {
        let value = self.varint()?.cast_signed();
        Some((value >> 1) ^ -(value & 1))
    }

    /// A number of things that take a byte at least each.
    #[inline]
    fn count(&mut self) -> Option<usize> {
        let count = self.varint()?;
        usize::try_from(count).ok().filter(|count| *count <= self.rest.len())
    }

    #[inline]
    fn path(mut self, place: &impl Fn(Pos) -> Pos, out: &mut Geometry) -> Option<Self> {
        let count = self.count()?;
        out.push_all(count, self, |steps| {
            // What no writer made stays within 32 bits too.
            let x = steps.pen.x.wrapping_add(steps.step()?) & 0xffff_ffff;
            let y = steps.pen.y.wrapping_add(steps.step()?) & 0xffff_ffff;
            steps.pen = Pos::new(x, y);
            Some(place(steps.pen))
        })
    }

    fn lines(mut self, place: &impl Fn(Pos) -> Pos, out: &mut Geometry) -> Option<Self> {
        for _ in 0..self.count()? {
            self = self.path(place, out)?;
            out.end_line();
        }
        Some(self)
    }

    fn polygons(mut self, place: &impl Fn(Pos) -> Pos, out: &mut Geometry) -> Option<Self> {
        let parts = self.count()?;
        if parts == 0 {
            self = self.path(place, out)?;
            out.end_ring();
            out.end_part();
            return Some(self);
        }
        let mut counts = Vec::with_capacity(parts);
        for _ in 0..parts {
            counts.push(self.count()?);
        }
        for count in counts {
            for _ in 0..count {
                self = self.path(place, out)?;
                out.end_ring();
            }
            out.end_part();
        }
        Some(self)
    }
}

/// A varint of any length, and what follows it.
fn long_varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if *byte < 0x80 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}
