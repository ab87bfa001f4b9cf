//! The little WKT that GDAL writes for EDIGEO, and a form in which equal geometries are equal.

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};

/// Reads POINT, LINESTRING, POLYGON and their multiples.
pub fn parse(wkt: &str) -> Geometry<f64> {
    let (kind, body) = wkt.split_once('(').expect("a body");
    let body = body.strip_suffix(')').expect("a closing bracket");
    match kind.trim() {
        "POINT" => Geometry::Point(Point(coords(body)[0])),
        "LINESTRING" => Geometry::LineString(LineString::new(coords(body))),
        "POLYGON" => Geometry::Polygon(polygon(body)),
        "MULTILINESTRING" => Geometry::MultiLineString(MultiLineString::new(
            parts(body).into_iter().map(|part| LineString::new(coords(part))).collect(),
        )),
        "MULTIPOLYGON" => Geometry::MultiPolygon(MultiPolygon::new(parts(body).into_iter().map(polygon).collect())),
        other => panic!("{other}"),
    }
}

fn polygon(body: &str) -> Polygon<f64> {
    let mut rings = parts(body).into_iter().map(|part| LineString::new(coords(part)));
    let shell = rings.next().expect("a shell");
    Polygon::new(shell, rings.collect())
}

fn coords(body: &str) -> Vec<Coord<f64>> {
    body.split(',')
        .map(|pair| {
            let mut numbers = pair.split_whitespace().map(|number| number.parse().expect("a number"));
            Coord { x: numbers.next().unwrap(), y: numbers.next().unwrap() }
        })
        .collect()
}

/// Contents of the brackets of the first level.
fn parts(body: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (index, character) in body.char_indices() {
        match character {
            '(' => {
                depth += 1;
                if depth == 1 {
                    start = index + 1;
                }
            }
            ')' => {
                depth -= 1;
                if depth == 0 {
                    parts.push(&body[start..index]);
                }
            }
            _ => {}
        }
    }
    parts
}

/// Lines and rings as sorted lists of coordinates, whatever their direction and first point.
pub fn normal_form(geometry: &Geometry<f64>) -> Vec<Vec<(i64, i64)>> {
    let mut lines: Vec<_> = match geometry {
        Geometry::Point(point) => vec![vec![millimetres(point.0)]],
        Geometry::LineString(line) => vec![open(line)],
        Geometry::MultiLineString(lines) => lines.iter().map(open).collect(),
        Geometry::Polygon(polygon) => rings(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().flat_map(rings).collect(),
        other => panic!("{other:?}"),
    };
    lines.sort();
    lines
}

fn rings(polygon: &Polygon<f64>) -> Vec<Vec<(i64, i64)>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(closed).collect()
}

fn open(line: &LineString<f64>) -> Vec<(i64, i64)> {
    let points = distinct(line);
    let mut backward = points.clone();
    backward.reverse();
    points.min(backward)
}

fn closed(ring: &LineString<f64>) -> Vec<(i64, i64)> {
    let mut points = distinct(ring);
    points.pop();
    let least = (0..points.len()).min_by_key(|&index| points[index]).unwrap_or(0);
    points.rotate_left(least);
    if points.len() > 2 && points[1] > points[points.len() - 1] {
        points[1..].reverse();
    }
    points
}

fn distinct(line: &LineString<f64>) -> Vec<(i64, i64)> {
    let mut points: Vec<_> = line.coords().copied().map(millimetres).collect();
    points.dedup();
    points
}

#[expect(clippy::cast_possible_truncation, reason = "coordinates of some thousands of kilometres")]
fn millimetres(point: Coord<f64>) -> (i64, i64) {
    ((point.x * 1e3).round() as i64, (point.y * 1e3).round() as i64)
}
