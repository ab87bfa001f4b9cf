//! Reprojection through the system's PROJ. Axes are always x/east/longitude first.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

use geo::{CoordsIter as _, MapCoordsInPlace as _};
use geo_types::{Coord, Geometry};
use proj::Proj;
use thiserror::Error;

/// A coordinate could not be projected.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProjectionError {
    /// PROJ knows no way from one system to the other.
    #[error("la projection EPSG:{from} → EPSG:{to} n'est pas disponible dans PROJ : installez le paquet proj-data")]
    Unavailable {
        /// Source EPSG code.
        from: u32,
        /// Target EPSG code.
        to: u32,
    },
    /// The coordinates are outside what the projection can express.
    #[error("coordonnées hors du domaine de la projection EPSG:{from} → EPSG:{to}")]
    Domain {
        /// Source EPSG code.
        from: u32,
        /// Target EPSG code.
        to: u32,
    },
}

/// Vertices remembered: enough for the parcels of a section, a bound for memory.
const REMEMBERED: usize = 1 << 16;

/// A reprojection from one EPSG code to another; one per thread (`Proj` is not `Send`).
///
/// Remembers what it projected: in a coverage each vertex belongs to two or three neighbours, and PROJ costs more than a look-up.
pub struct Projection {
    from: u32,
    to: u32,
    proj: Option<Proj>,
    known: HashMap<(u64, u64), Coord<f64>, BuildHasherDefault<VertexHasher>>,
    asked: Vec<(f64, f64)>,
}

/// Hashes two doubles by their bits: multiply and fold, as fast hashers do; keys come from no adversary that could gain
/// more than slowness, and the map is emptied when full.
#[derive(Default)]
struct VertexHasher(u64);

impl Hasher for VertexHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        let mixed = u128::from(self.0 ^ value) * 0x9E37_79B9_7F4A_7C15;
        let bytes = mixed.to_le_bytes();
        let (low, high) = bytes.split_at(8);
        let word = |half: &[u8]| half.try_into().map_or(0, u64::from_le_bytes);
        self.0 = word(low) ^ word(high);
    }
}

impl fmt::Debug for Projection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Projection({} → {})", self.from, self.to)
    }
}

impl Projection {
    /// Prepares a reprojection; identity when both codes are equal.
    ///
    /// # Errors
    /// PROJ does not know one of the codes.
    pub fn new(from: u32, to: u32) -> Result<Self, ProjectionError> {
        let proj = if from == to {
            None
        } else {
            let unavailable = |_| ProjectionError::Unavailable { from, to };
            Some(Proj::new_known_crs(&format!("EPSG:{from}"), &format!("EPSG:{to}"), None).map_err(unavailable)?)
        };
        Ok(Self { from, to, proj, known: HashMap::default(), asked: Vec::new() })
    }

    /// Reprojects a geometry in place; units of the target system.
    ///
    /// # Errors
    /// A coordinate outside the projection's domain; the geometry is then unspecified.
    pub fn apply(&mut self, geometry: &mut Geometry<f64>) -> Result<(), ProjectionError> {
        let Some(proj) = &self.proj else { return Ok(()) };
        let domain = || ProjectionError::Domain { from: self.from, to: self.to };
        if self.known.len() > REMEMBERED {
            self.known.clear();
        }
        let key = |c: Coord<f64>| (c.x.to_bits(), c.y.to_bits());
        self.asked.clear();
        self.asked.extend(geometry.coords_iter().filter(|c| !self.known.contains_key(&key(*c))).map(|c| (c.x, c.y)));
        if !self.asked.is_empty() {
            let keys: Vec<(u64, u64)> = self.asked.iter().map(|(x, y)| (x.to_bits(), y.to_bits())).collect();
            proj.convert_array(&mut self.asked).map_err(|_| domain())?;
            if self.asked.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
                return Err(domain());
            }
            self.known.extend(keys.into_iter().zip(self.asked.iter().map(|&(x, y)| Coord { x, y })));
        }
        let known = &self.known;
        geometry.map_coords_in_place(|coord| known.get(&key(coord)).copied().unwrap_or(coord));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Point, polygon};

    #[test]
    fn arles_is_where_the_ign_says() {
        let mut place: Geometry<f64> = Point::new(4.6309653, 43.6776223).into();
        Projection::new(4326, 2154).unwrap().apply(&mut place).unwrap();
        let Geometry::Point(point) = place else { unreachable!() };
        assert!((point.x() - 831_490.0).abs() < 500.0 && (point.y() - 6_287_700.0).abs() < 1500.0, "{point:?}");
    }

    #[test]
    fn rings_stay_closed_and_come_back() {
        let there =
            polygon![(x: 951086.45, y: 6703682.13), (x: 951616.17, y: 6704399.59), (x: 951633.69, y: 6704053.13)];
        let mut back: Geometry<f64> = there.clone().into();
        Projection::new(2154, 3947).unwrap().apply(&mut back).unwrap();
        Projection::new(3947, 2154).unwrap().apply(&mut back).unwrap();
        let Geometry::Polygon(back) = back else { unreachable!() };
        assert!(back.exterior().is_closed());
        for (a, b) in there.exterior().coords().zip(back.exterior().coords()) {
            assert!((a.x - b.x).abs() < 1e-4 && (a.y - b.y).abs() < 1e-4);
        }
    }

    #[test]
    fn nonsense_is_an_error() {
        let mut place: Geometry<f64> = Point::new(f64::INFINITY, 3.0).into();
        assert!(Projection::new(4326, 2154).unwrap().apply(&mut place).is_err());
    }
}
