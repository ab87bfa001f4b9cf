//! Coordinates out of Lambert-93: conic conformal zones, longitude and latitude.

use geo_types::{LineString, Polygon};
use proj::Proj;

use crate::SampleError;
use crate::geometry::{Pt, pt, ring_area, snap};

const LAMBERT93: &str = "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80";

/// From Lambert-93 to another system. Pipelines are written out, so that the result does not hang on
/// the operation a given PROJ database prefers; RGF93 and WGS 84 are one within a metre-free null shift.
pub struct Projection {
    srid: u32,
    proj: Option<Proj>,
}

impl Projection {
    /// Towards `srid`: 2154 (nothing to do), 3942 to 3950 (conic zones), 4326 (degrees).
    ///
    /// # Errors
    /// [`SampleError::Projection`] for another code or when PROJ refuses.
    pub fn from_lambert93(srid: u32) -> Result<Self, SampleError> {
        let fail = |cause: String| SampleError::Projection { from: 2154, to: srid, cause };
        let target = match srid {
            2154 => return Ok(Self { srid, proj: None }),
            3942..=3950 => {
                let zone = f64::from(srid - 3900);
                format!(
                    "+proj=lcc +lat_0={zone} +lon_0=3 +lat_1={} +lat_2={} +x_0=1700000 +y_0={} +ellps=GRS80",
                    zone - 0.75,
                    zone + 0.75,
                    (zone - 41.0) * 1_000_000.0 + 200_000.0
                )
            }
            4326 => "+proj=unitconvert +xy_in=rad +xy_out=deg".to_owned(),
            _ => return Err(fail("système non prévu par l'échantillon".to_owned())),
        };
        let pipeline = format!("+proj=pipeline +step +inv {LAMBERT93} +step {target}");
        let proj = Proj::new(&pipeline).map_err(|e| fail(e.to_string()))?;
        Ok(Self { srid, proj: Some(proj) })
    }

    /// The point in the target system, unrounded.
    ///
    /// # Errors
    /// [`SampleError::Projection`] when PROJ refuses the point.
    pub fn exact(&self, p: Pt) -> Result<Pt, SampleError> {
        let Some(proj) = &self.proj else { return Ok(p) };
        let (x, y) = proj.convert((p.x, p.y)).map_err(|e| SampleError::Projection {
            from: 2154,
            to: self.srid,
            cause: e.to_string(),
        })?;
        Ok(pt(x, y))
    }

    /// The point rounded as files hold it: 7 decimals of a degree, or a centimetre.
    ///
    /// # Errors
    /// [`SampleError::Projection`] when PROJ refuses the point.
    pub fn point(&self, p: Pt) -> Result<Pt, SampleError> {
        let exact = self.exact(p)?;
        Ok(if self.srid == 4326 {
            pt((exact.x * 1e7).round() / 1e7, (exact.y * 1e7).round() / 1e7)
        } else {
            snap(exact)
        })
    }

    /// Every point of a line, rounded.
    ///
    /// # Errors
    /// [`SampleError::Projection`] when PROJ refuses a point.
    pub fn line(&self, line: &[Pt]) -> Result<Vec<Pt>, SampleError> {
        line.iter().map(|p| self.point(*p)).collect()
    }

    /// Every ring of a polygon, rounded.
    ///
    /// # Errors
    /// [`SampleError::Projection`] when PROJ refuses a point.
    pub fn polygon(&self, polygon: &Polygon<f64>) -> Result<Polygon<f64>, SampleError> {
        let ring = |l: &LineString<f64>| self.line(&l.0).map(LineString);
        let holes = polygon.interiors().iter().map(ring).collect::<Result<_, _>>()?;
        Ok(Polygon::new(ring(polygon.exterior())?, holes))
    }

    /// Area of a polygon in the target system, in square metres.
    ///
    /// # Errors
    /// [`SampleError::Projection`] when PROJ refuses a point.
    pub fn area_m2(&self, polygon: &Polygon<f64>) -> Result<f64, SampleError> {
        let ring = |l: &LineString<f64>| -> Result<f64, SampleError> {
            let points: Vec<Pt> = l.0.iter().map(|p| self.exact(*p)).collect::<Result<_, _>>()?;
            Ok(ring_area(&points).abs())
        };
        let mut area = ring(polygon.exterior())?;
        for hole in polygon.interiors() {
            area -= ring(hole)?;
        }
        Ok(area)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_false_origin_of_lambert93_is_at_46_5_north_3_east() {
        let degrees = Projection::from_lambert93(4326).unwrap().point(pt(700_000.0, 6_600_000.0)).unwrap();
        assert!((degrees.x - 3.0).abs() < 1e-7 && (degrees.y - 46.5).abs() < 1e-7);
    }

    #[test]
    fn a_conic_zone_has_its_own_false_origin() {
        let on_meridian = Projection::from_lambert93(3944).unwrap().point(pt(700_000.0, 6_366_000.0)).unwrap();
        assert!((on_meridian.x - 1_700_000.0).abs() < 0.011);
        assert!((3_200_000.0..3_300_000.0).contains(&on_meridian.y));
    }
}
