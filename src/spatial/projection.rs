//! Reprojection through the system's PROJ. Axes are always x/east/longitude first.

use std::cell::Cell;
use std::fmt;

use geo::{CoordsIter as _, MapCoordsInPlace as _};
use geo_types::Geometry;
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

/// A reprojection from one EPSG code to another; one per thread (`Proj` is not `Send`).
pub struct Projection {
    from: u32,
    to: u32,
    proj: Option<Proj>,
    buffer: Vec<(f64, f64)>,
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
        Ok(Self { from, to, proj, buffer: Vec::new() })
    }

    /// Reprojects a geometry in place; units of the target system.
    ///
    /// # Errors
    /// A coordinate outside the projection's domain; the geometry is then unspecified.
    pub fn apply(&mut self, geometry: &mut Geometry<f64>) -> Result<(), ProjectionError> {
        let Some(proj) = &self.proj else {
            return Ok(());
        };
        let domain = || ProjectionError::Domain { from: self.from, to: self.to };
        self.buffer.clear();
        self.buffer.extend(geometry.coords_iter().map(|c| (c.x, c.y)));
        proj.convert_array(&mut self.buffer).map_err(|_| domain())?;
        if self.buffer.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
            return Err(domain());
        }
        let (buffer, rank) = (&self.buffer, Cell::new(0));
        geometry.map_coords_in_place(|coord| {
            let projected = buffer.get(rank.replace(rank.get() + 1));
            projected.map_or(coord, |&(x, y)| geo_types::coord! { x: x, y: y })
        });
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
