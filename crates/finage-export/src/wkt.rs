//! Well-known text of a geometry, coordinates trimmed to the precision of the system.

use std::fmt::Write as _;

use geo_types::{Coord, Geometry, LineString, Polygon};

/// The text of a geometry, at most `decimales` decimals.
pub(crate) fn texte(geometry: &Geometry<f64>, decimales: usize) -> String {
    let mut out = String::new();
    let ecrivain = Ecrivain { decimales };
    ecrivain.geometrie(&mut out, geometry);
    out
}

/// A coordinate without trailing zeros, at most `decimales` decimals.
pub(crate) fn nombre(value: f64, decimales: usize) -> String {
    let written = format!("{value:.decimales$}");
    let trimmed = if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.') } else { &written };
    if trimmed == "-0" { "0".to_owned() } else { trimmed.to_owned() }
}

struct Ecrivain {
    decimales: usize,
}

impl Ecrivain {
    fn geometrie(&self, out: &mut String, geometry: &Geometry<f64>) {
        match geometry {
            Geometry::Point(point) => {
                out.push_str("POINT ");
                self.positions(out, std::iter::once(&point.0));
            }
            Geometry::Line(line) => {
                out.push_str("LINESTRING ");
                self.positions(out, [line.start, line.end].iter());
            }
            Geometry::LineString(line) => {
                out.push_str("LINESTRING ");
                self.ligne(out, line);
            }
            Geometry::Polygon(polygon) => {
                out.push_str("POLYGON ");
                self.surface(out, polygon);
            }
            Geometry::MultiPoint(points) => {
                out.push_str("MULTIPOINT ");
                self.suite(out, &points.0, |ecrivain, out, point| ecrivain.positions(out, std::iter::once(&point.0)));
            }
            Geometry::MultiLineString(lines) => {
                out.push_str("MULTILINESTRING ");
                self.suite(out, &lines.0, Self::ligne);
            }
            Geometry::MultiPolygon(polygons) => {
                out.push_str("MULTIPOLYGON ");
                self.suite(out, &polygons.0, Self::surface);
            }
            Geometry::GeometryCollection(geometries) => {
                out.push_str("GEOMETRYCOLLECTION ");
                self.suite(out, &geometries.0, Self::geometrie);
            }
            Geometry::Rect(rect) => self.geometrie(out, &rect.to_polygon().into()),
            Geometry::Triangle(triangle) => self.geometrie(out, &triangle.to_polygon().into()),
        }
    }

    fn suite<T>(&self, out: &mut String, parts: &[T], ecrit: impl Fn(&Self, &mut String, &T)) {
        if parts.is_empty() {
            out.push_str("EMPTY");
            return;
        }
        for (rang, part) in parts.iter().enumerate() {
            out.push(if rang == 0 { '(' } else { ',' });
            ecrit(self, out, part);
        }
        out.push(')');
    }

    fn surface(&self, out: &mut String, polygon: &Polygon<f64>) {
        let rings: Vec<&LineString<f64>> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
        if polygon.exterior().0.is_empty() {
            out.push_str("EMPTY");
        } else {
            self.suite(out, &rings, |ecrivain, out, ring| ecrivain.ligne(out, ring));
        }
    }

    fn ligne(&self, out: &mut String, line: &LineString<f64>) {
        if line.0.is_empty() {
            out.push_str("EMPTY");
        } else {
            self.positions(out, line.0.iter());
        }
    }

    fn positions<'a>(&self, out: &mut String, positions: impl Iterator<Item = &'a Coord<f64>>) {
        for (rang, position) in positions.enumerate() {
            out.push(if rang == 0 { '(' } else { ',' });
            // Writing to a string does not fail.
            let _ = write!(out, "{} {}", nombre(position.x, self.decimales), nombre(position.y, self.decimales));
        }
        out.push(')');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPolygon, Point, polygon};

    #[test]
    fn text_is_well_known() {
        assert_eq!(texte(&Point::new(4.5, -0.000_000_001).into(), 7), "POINT (4.5 0)");
        let square = polygon![(x: 0.0, y: 0.0), (x: 1.25, y: 0.0), (x: 1.25, y: 1.0)];
        assert_eq!(texte(&MultiPolygon(vec![square]).into(), 2), "MULTIPOLYGON (((0 0,1.25 0,1.25 1,0 0)))");
        assert_eq!(texte(&MultiPolygon::<f64>(Vec::new()).into(), 2), "MULTIPOLYGON EMPTY");
        assert_eq!(nombre(842_000.0, 0), "842000");
    }
}
