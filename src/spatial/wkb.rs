//! Geometries to and from PostGIS, as EWKB with the storage SRID.

use geo_types::{Geometry, MultiPolygon};
use geozero::wkb::Ewkb;
use geozero::{CoordDimensions, ToGeo as _, ToWkb as _};
use thiserror::Error;

/// A geometry that PostGIS' binary form cannot carry.
#[derive(Debug, Error)]
#[error("géométrie impossible à transmettre à la base : {0}")]
pub struct WkbError(#[from] geozero::error::GeozeroError);

/// EWKB (little endian, XY) of a geometry in the system `srid`.
///
/// # Errors
/// A geometry kind that WKB does not know.
pub fn encode(geometry: &Geometry<f64>, srid: u32) -> Result<Vec<u8>, WkbError> {
    Ok(geometry.to_ewkb(CoordDimensions::xy(), i32::try_from(srid).ok())?)
}

/// The geometry of an EWKB.
///
/// # Errors
/// Bytes that are no EWKB.
pub fn decode(bytes: &[u8]) -> Result<Geometry<f64>, WkbError> {
    Ok(Ewkb(bytes).to_geo()?)
}

/// A surface as the multi-polygon that tables store; other kinds are returned unchanged.
#[must_use]
pub fn multi(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::Polygon(polygon) => Geometry::MultiPolygon(MultiPolygon(vec![polygon])),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    #[test]
    fn a_surface_comes_back_from_its_bytes() {
        let surface = multi(polygon![(x: 0.0, y: 0.0), (x: 1.5, y: 0.0), (x: 1.5, y: 1.25)].into());
        assert_eq!(decode(&encode(&surface, 2154).unwrap()).unwrap(), surface);
    }
}
