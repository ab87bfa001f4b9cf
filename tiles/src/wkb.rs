//! Well-known binary, ISO and EWKB, as PostgreSQL's binary COPY gives it: to world units.
//!
//! Z and M are dropped. Curves, surfaces and collections are refused. The reader recurses nowhere and believes no count
//! that the bytes left could not hold.

use thiserror::Error;

use crate::geometry::{Geometry, Kind};
use crate::grid::GridError;
use crate::project::{MercatorMetres, Project, SRID};

/// Bytes of the largest shape read.
pub const MAX_BYTES: usize = 64 << 20;
/// Why bytes are no shape of the layer.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum WkbError {
    /// More than [`MAX_BYTES`].
    #[error("la géométrie fait {0} octets, plus que les {MAX_BYTES} lus")]
    TooLong(usize),
    /// The bytes end inside the shape.
    #[error("la géométrie est tronquée à l'octet {0}")]
    Truncated(usize),
    /// Bytes follow the shape.
    #[error("{0} octets suivent la géométrie")]
    Trailing(usize),
    /// Neither little nor big endian.
    #[error("l'ordre des octets {0} est inconnu")]
    Order(u8),
    /// A curve, a surface, a collection, or nothing known.
    #[error("le type de géométrie {0} n'est pas pris en charge")]
    Unsupported(u32),
    /// A shape of another kind than the layer's, or a part of another kind than its whole.
    #[error("la géométrie est de type {found:?}, la couche de type {expected:?}")]
    Kind {
        /// Kind of the layer.
        expected: Kind,
        /// Kind read.
        found: Kind,
    },
    /// A reference system that cannot be brought to EPSG:3857.
    #[error("la géométrie est en EPSG:{0}, qu'on ne sait pas ramener en EPSG:3857")]
    Srid(u32),
    /// A position outside the world.
    #[error(transparent)]
    Position(#[from] GridError),
}

/// Reads a shape in EPSG:3857 into `out`, which is emptied first; an empty one leaves it empty.
///
/// # Errors
/// The bytes are no shape of `kind`: see [`WkbError`].
pub fn read_wkb(bytes: &[u8], kind: Kind, out: &mut Geometry) -> Result<(), WkbError> {
    read_wkb_by(bytes, kind, &mut MercatorMetres, out)
}

/// The same in any system that `project` knows.
///
/// # Errors
/// Those of [`read_wkb`] and of `project`.
pub fn read_wkb_by(bytes: &[u8], kind: Kind, project: &mut impl Project, out: &mut Geometry) -> Result<(), WkbError> {
    if bytes.len() > MAX_BYTES {
        return Err(WkbError::TooLong(bytes.len()));
    }
    out.clear(kind);
    project.system(SRID)?;
    let mut reader = Reader { bytes, at: 0, little: true, project };
    let head = reader.head(kind)?;
    if head.many {
        // Order, type and count at least.
        let parts = reader.count(9)?;
        for _ in 0..parts {
            let part = reader.head(kind)?;
            if part.many {
                return Err(WkbError::Unsupported(part.code));
            }
            reader.single(kind, part.dimensions, out)?;
        }
    } else {
        reader.single(kind, head.dimensions, out)?;
    }
    if reader.at < bytes.len() {
        return Err(WkbError::Trailing(bytes.len() - reader.at));
    }
    Ok(())
}

/// What opens each shape.
struct Head {
    code: u32,
    many: bool,
    dimensions: usize,
}

struct Reader<'a, P> {
    bytes: &'a [u8],
    at: usize,
    little: bool,
    project: &'a mut P,
}

impl<P: Project> Reader<'_, P> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], WkbError> {
        let rest = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<N>());
        let taken = *rest.ok_or(WkbError::Truncated(self.at))?;
        self.at += N;
        Ok(taken)
    }

    fn u32(&mut self) -> Result<u32, WkbError> {
        let bytes = self.take()?;
        Ok(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn f64(&mut self) -> Result<f64, WkbError> {
        let bytes = self.take()?;
        Ok(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A number of things of at least `size` bytes each, that the bytes left can hold.
    fn count(&mut self, size: usize) -> Result<u32, WkbError> {
        let count = self.u32()?;
        let left = self.bytes.len() - self.at;
        if (count as usize).checked_mul(size).is_none_or(|needed| needed > left) {
            return Err(WkbError::Truncated(self.bytes.len()));
        }
        Ok(count)
    }

    fn head(&mut self, kind: Kind) -> Result<Head, WkbError> {
        self.little = match self.take()? {
            [0] => false,
            [1] => true,
            [other] => return Err(WkbError::Order(other)),
        };
        let code = self.u32()?;
        let (ewkb_z, ewkb_m) = (code >> 31 & 1, code >> 30 & 1);
        if code >> 29 & 1 == 1 {
            let srid = self.u32()?;
            self.project.system(srid)?;
        }
        let iso = code & 0x1fff_ffff;
        let iso_dimensions = match iso / 1000 {
            0 => 0,
            1 | 2 => 1,
            3 => 2,
            _ => return Err(WkbError::Unsupported(code)),
        };
        let (found, many) = match iso % 1000 {
            1 => (Kind::Point, false),
            2 => (Kind::Line, false),
            3 => (Kind::Polygon, false),
            4 => (Kind::Point, true),
            5 => (Kind::Line, true),
            6 => (Kind::Polygon, true),
            _ => return Err(WkbError::Unsupported(code)),
        };
        if found != kind {
            return Err(WkbError::Kind { expected: kind, found });
        }
        Ok(Head { code, many, dimensions: 2 + iso_dimensions.max((ewkb_z + ewkb_m) as usize) })
    }

    fn single(&mut self, kind: Kind, dimensions: usize, out: &mut Geometry) -> Result<(), WkbError> {
        match kind {
            Kind::Point => {
                let (x, y) = self.position(dimensions)?;
                // An empty point is written as not-a-numbers.
                if !(x.is_nan() && y.is_nan()) {
                    out.push(self.project.place(x, y)?);
                }
            }
            Kind::Line => {
                self.path(dimensions, out)?;
                out.end_line();
            }
            Kind::Polygon => {
                for _ in 0..self.count(4)? {
                    self.path(dimensions, out)?;
                    out.end_ring();
                }
                out.end_part();
            }
        }
        Ok(())
    }

    fn path(&mut self, dimensions: usize, out: &mut Geometry) -> Result<(), WkbError> {
        for _ in 0..self.count(8 * dimensions)? {
            let (x, y) = self.position(dimensions)?;
            out.push(self.project.place(x, y)?);
        }
        Ok(())
    }

    fn position(&mut self, dimensions: usize) -> Result<(f64, f64), WkbError> {
        let position = (self.f64()?, self.f64()?);
        for _ in 2..dimensions {
            self.f64()?;
        }
        Ok(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A polygon of one ring, under this type code.
    fn polygon(code: u32, ring: &[(f64, f64)], more: &[f64]) -> Vec<u8> {
        let mut bytes = vec![1];
        bytes.extend(code.to_le_bytes());
        if code & 0x2000_0000 != 0 {
            bytes.extend(3857_u32.to_le_bytes());
        }
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(u32::try_from(ring.len()).unwrap().to_le_bytes());
        for (x, y) in ring {
            [*x, *y].iter().chain(more).for_each(|value| bytes.extend(value.to_le_bytes()));
        }
        bytes
    }

    const SQUARE: [(f64, f64); 5] = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0), (0.0, 0.0)];

    #[test]
    fn every_flavour_reads_the_same_shape() {
        let expected = Geometry::of_polygons([[SQUARE]]).unwrap();
        for (code, more) in [
            (3, vec![]),
            (0x2000_0003, vec![]),
            (0xa000_0003, vec![1.0]),
            (0xe000_0003, vec![1.0, f64::NAN]),
            (1003, vec![1.0]),
            (2003, vec![2.0]),
            (3003, vec![1.0, 2.0]),
        ] {
            let mut read = Geometry::new(Kind::Polygon);
            read_wkb(&polygon(code, &SQUARE, &more), Kind::Polygon, &mut read).unwrap();
            assert_eq!(read, expected, "{code:x}");
        }
    }

    #[test]
    fn what_is_not_read_is_named() {
        let mut out = Geometry::new(Kind::Polygon);
        let read = |bytes: &[u8], out: &mut Geometry| read_wkb(bytes, Kind::Polygon, out).unwrap_err();
        let with = |code: u32| [&[1][..], &code.to_le_bytes(), &[0; 12]].concat();
        assert_eq!(read(&with(7), &mut out), WkbError::Unsupported(7));
        assert_eq!(read(&with(10), &mut out), WkbError::Unsupported(10));
        assert_eq!(read(&with(0x2000_0003), &mut out), WkbError::Srid(0));
        assert!(matches!(read(&with(2), &mut out), WkbError::Kind { found: Kind::Line, .. }));
        assert_eq!(read(&[2], &mut out), WkbError::Order(2));
        assert_eq!(read(&with(3), &mut out), WkbError::Trailing(8));
        let huge = [&[1][..], &6_u32.to_le_bytes(), &u32::MAX.to_le_bytes()].concat();
        assert!(matches!(read(&huge, &mut out), WkbError::Truncated(_)));
    }

    #[test]
    fn empty_shapes_are_empty() {
        let mut out = Geometry::new(Kind::Point);
        let nan = f64::NAN.to_le_bytes();
        let point = [&[1][..], &1_u32.to_le_bytes(), &nan, &nan].concat();
        read_wkb(&point, Kind::Point, &mut out).unwrap();
        assert!(out.is_empty());
        read_wkb(&[1, 6, 0, 0, 0, 0, 0, 0, 0], Kind::Polygon, &mut out).unwrap();
        assert!(out.is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), code in 0_u32..20) {
            let mut out = Geometry::new(Kind::Polygon);
            let _ = read_wkb(&bytes, Kind::Polygon, &mut out);
            let typed = [&[1][..], &code.to_le_bytes(), &bytes].concat();
            for kind in [Kind::Point, Kind::Line, Kind::Polygon] {
                let _ = read_wkb(&typed, kind, &mut out);
            }
        }

        #[test]
        fn a_cut_shape_is_refused(cut in 1_usize..90) {
            let bytes = polygon(0x2000_0003, &SQUARE, &[]);
            prop_assume!(cut < bytes.len());
            let mut out = Geometry::new(Kind::Polygon);
            prop_assert!(read_wkb(&bytes[..cut], Kind::Polygon, &mut out).is_err());
        }
    }
}
