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
    let mut steps = Steps { bytes, at: 0, pen: corner };
    let drawn = match kind {
        Kind::Point => steps.path(&place, out),
        Kind::Line => steps.count().and_then(|count| {
            for _ in 0..count {
                steps.path(&place, out)?;
                out.end_line();
            }
            Some(())
        }),
        Kind::Polygon => steps.polygons(&place, out),
    };
    drawn.filter(|()| steps.at == bytes.len()).ok_or(SnapshotError::Corrupt("forme"))
}

struct Steps<'a> {
    bytes: &'a [u8],
    at: usize,
    pen: Pos,
}

impl Steps<'_> {
    #[inline]
    fn varint(&mut self) -> Option<u64> {
        let first = u64::from(*self.bytes.get(self.at)?);
        self.at += 1;
        if first < 0x80 {
            return Some(first);
        }
        let mut value = first & 0x7f;
        for shift in (7..64).step_by(7) {
            let byte = u64::from(*self.bytes.get(self.at)?);
            self.at += 1;
            value |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A step, in 32 bits and a sign.
    #[inline]
    #[expect(clippy::cast_possible_wrap, reason = "bounded to 33 bits")]
    fn step(&mut self) -> Option<i64> {
        let value = self.varint().filter(|value| *value < 1 << 34)?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A number of things that take a byte at least each.
    #[inline]
    fn count(&mut self) -> Option<usize> {
        let count = self.varint()?;
        usize::try_from(count).ok().filter(|count| *count <= self.bytes.len() - self.at)
    }

    #[inline]
    fn path(&mut self, place: &impl Fn(Pos) -> Pos, out: &mut Geometry) -> Option<()> {
        for _ in 0..self.count()? {
            // What no writer made stays within 32 bits too.
            let x = (self.pen.x + self.step()?) & 0xffff_ffff;
            let y = (self.pen.y + self.step()?) & 0xffff_ffff;
            self.pen = Pos::new(x, y);
            out.push(place(self.pen));
        }
        Some(())
    }

    fn polygons(&mut self, place: &impl Fn(Pos) -> Pos, out: &mut Geometry) -> Option<()> {
        let parts = self.count()?;
        if parts == 0 {
            self.path(place, out)?;
            out.end_ring();
            out.end_part();
            return Some(());
        }
        let mut counts = Vec::with_capacity(parts);
        for _ in 0..parts {
            counts.push(self.count()?);
        }
        for count in counts {
            for _ in 0..count {
                self.path(place, out)?;
                out.end_ring();
            }
            out.end_part();
        }
        Some(())
    }
}
