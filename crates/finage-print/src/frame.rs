//! The frame of a map: from metres of the zone to points of the page, and nothing further than its edges.

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect};

use crate::drawing::Chemin;

/// Ground kept beyond the frame so that the clipped edge of a shape is never seen, in points.
const DEBORD: f64 = 15.0;

/// Ground read around a small map, in metres: a street crosses it whose name is written further on.
const ALENTOURS_M: f64 = 150.0;
/// Side of a map that is no longer small, in metres: there, a street has its name where it is seen.
const PETIT_M: f64 = 500.0;

/// The ground to read for a map of `terrain`: parcels and names there tell which streets cross it.
#[must_use]
pub fn alentours(terrain: Rect<f64>) -> Rect<f64> {
    if terrain.width().max(terrain.height()) > PETIT_M {
        return terrain;
    }
    let edge = Coord { x: ALENTOURS_M, y: ALENTOURS_M };
    Rect::new(terrain.min() - edge, terrain.max() + edge)
}

/// Where a map stands on its page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// Ground shown, in metres.
    pub(crate) terrain: Rect<f64>,
    /// Left edge on the page.
    pub(crate) x: f64,
    /// Top edge on the page.
    pub(crate) y: f64,
    /// Points (or pixels) for a metre.
    pub(crate) per_metre: f64,
}

impl Frame {
    /// Width on the page.
    pub(crate) fn width(&self) -> f64 {
        self.terrain.width() * self.per_metre
    }

    /// Height on the page.
    pub(crate) fn height(&self) -> f64 {
        self.terrain.height() * self.per_metre
    }

    /// Place of a ground point on the page.
    pub(crate) fn place(&self, point: Coord<f64>) -> Coord<f64> {
        Coord {
            x: self.x + (point.x - self.terrain.min().x) * self.per_metre,
            y: self.y + (self.terrain.max().y - point.y) * self.per_metre,
        }
    }

    /// The frame itself on the page.
    pub(crate) fn rect(&self) -> Rect<f64> {
        Rect::new(Coord { x: self.x, y: self.y }, Coord { x: self.x + self.width(), y: self.y + self.height() })
    }

    fn beyond(&self) -> Rect<f64> {
        let edge = Coord { x: DEBORD, y: DEBORD };
        Rect::new(self.rect().min() - edge, self.rect().max() + edge)
    }

    /// Adds to `path` what the frame shows of the outlines of `shape`, exteriors and holes turning opposite ways.
    pub(crate) fn polygons(&self, shape: &MultiPolygon<f64>, path: &mut Chemin) {
        for polygon in &shape.0 {
            for ring in self.rings(polygon, self.beyond()) {
                path.close(ring);
            }
        }
    }

    /// The part of `polygon` inside the frame, on the page: exterior first, then holes.
    pub(crate) fn visible(&self, polygon: &Polygon<f64>) -> Vec<Vec<Coord<f64>>> {
        self.rings(polygon, self.rect())
    }

    fn rings(&self, polygon: &Polygon<f64>, bounds: Rect<f64>) -> Vec<Vec<Coord<f64>>> {
        let Some(exterior) = self.ring(polygon.exterior(), bounds, true) else { return Vec::new() };
        let holes = polygon.interiors().iter().filter_map(|hole| self.ring(hole, bounds, false));
        std::iter::once(exterior).chain(holes).collect()
    }

    fn ring(&self, line: &LineString<f64>, bounds: Rect<f64>, exterior: bool) -> Option<Vec<Coord<f64>>> {
        let mut ring: Vec<_> = self.line_on_page(line)?;
        ring.pop_if(|last| line.0.len() > 1 && line.0.first() == line.0.last() && last.x.is_finite());
        let mut ring = clip_ring(ring, bounds);
        if ring.len() < 3 {
            return None;
        }
        if (area(&ring) > 0.0) != exterior {
            ring.reverse();
        }
        Some(ring)
    }

    /// Adds to `path` what the frame shows of any geometry, lines open and surfaces closed.
    pub(crate) fn geometry(&self, geometry: &Geometry<f64>, lines: &mut Chemin, surfaces: &mut Chemin) {
        match geometry {
            Geometry::LineString(line) => self.line(line, lines),
            Geometry::MultiLineString(many) => many.0.iter().for_each(|line| self.line(line, lines)),
            Geometry::Line(line) => self.line(&LineString::new(vec![line.start, line.end]), lines),
            Geometry::Polygon(polygon) => self.polygons(&MultiPolygon::new(vec![polygon.clone()]), surfaces),
            Geometry::MultiPolygon(many) => self.polygons(many, surfaces),
            Geometry::GeometryCollection(many) => {
                // One level: what PostGIS gives is never deeper, and a hostile depth would exhaust the stack.
                for part in many.0.iter().filter(|part| !matches!(part, Geometry::GeometryCollection(_))) {
                    self.geometry(part, lines, surfaces);
                }
            }
            _ => {}
        }
    }

    fn line(&self, line: &LineString<f64>, path: &mut Chemin) {
        let Some(points) = self.line_on_page(line) else { return };
        let bounds = self.beyond();
        let mut run: Vec<Coord<f64>> = Vec::new();
        for pair in points.windows(2) {
            let Some((start, end)) = clip_segment(pair[0], pair[1], bounds) else {
                path.open(std::mem::take(&mut run));
                continue;
            };
            if run.last() != Some(&start) {
                path.open(std::mem::take(&mut run));
                run.push(start);
            }
            run.push(end);
        }
        path.open(run);
    }

    /// What the frame shows of the lines of a geometry, each run apart.
    pub(crate) fn runs(&self, geometry: &Geometry<f64>) -> Vec<Vec<Coord<f64>>> {
        let (mut lines, mut surfaces) = (Chemin::default(), Chemin::default());
        if matches!(geometry, Geometry::LineString(_) | Geometry::MultiLineString(_) | Geometry::Line(_)) {
            self.geometry(geometry, &mut lines, &mut surfaces);
        }
        let point = |[x, y]: &[f32; 2]| Coord { x: f64::from(*x), y: f64::from(*y) };
        lines.parts.iter().map(|part| part.points.iter().map(point).collect()).collect()
    }

    /// The line on the page, or nothing if one of its points is no place.
    pub(crate) fn line_on_page(&self, line: &LineString<f64>) -> Option<Vec<Coord<f64>>> {
        let points: Vec<_> = line.0.iter().map(|point| self.place(*point)).collect();
        points.iter().all(|point| point.x.abs() < 1e12 && point.y.abs() < 1e12).then_some(points)
    }
}

/// Twice the signed area of a ring without its closing point.
pub(crate) fn area(ring: &[Coord<f64>]) -> f64 {
    let Some(last) = ring.last() else { return 0.0 };
    let mut previous = last;
    let mut sum = 0.0;
    for point in ring {
        sum += previous.x * point.y - point.x * previous.y;
        previous = point;
    }
    sum
}

/// Sutherland and Hodgman: a ring cut by the four sides of `bounds`, one after the other.
fn clip_ring(mut ring: Vec<Coord<f64>>, bounds: Rect<f64>) -> Vec<Coord<f64>> {
    let (min, max) = (bounds.min(), bounds.max());
    if ring.iter().all(|point| inside(*point, bounds)) {
        return ring;
    }
    // For each side: how far inside a point is.
    let sides: [&dyn Fn(Coord<f64>) -> f64; 4] =
        [&|p| p.x - min.x, &|p| max.x - p.x, &|p| p.y - min.y, &|p| max.y - p.y];
    for depth in sides {
        let Some(&last) = ring.last() else { return ring };
        let mut kept = Vec::with_capacity(ring.len() + 4);
        let mut previous = last;
        for &point in &ring {
            let (from, to) = (depth(previous), depth(point));
            if (from < 0.0) != (to < 0.0) {
                kept.push(previous + (point - previous) * (from / (from - to)));
            }
            if to >= 0.0 {
                kept.push(point);
            }
            previous = point;
        }
        ring = kept;
    }
    ring
}

/// Liang and Barsky: the part of a segment inside `bounds`.
fn clip_segment(start: Coord<f64>, end: Coord<f64>, bounds: Rect<f64>) -> Option<(Coord<f64>, Coord<f64>)> {
    let delta = end - start;
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let sides = [
        (-delta.x, start.x - bounds.min().x),
        (delta.x, bounds.max().x - start.x),
        (-delta.y, start.y - bounds.min().y),
        (delta.y, bounds.max().y - start.y),
    ];
    for (slope, room) in sides {
        if slope == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if slope < 0.0 {
            enter = enter.max(room / slope);
        } else {
            leave = leave.min(room / slope);
        }
    }
    if enter > leave {
        return None;
    }
    // An end that was inside is kept to the bit, so that the next segment starts where this one stops.
    let first = if enter > 0.0 { start + delta * enter } else { start };
    let last = if leave < 1.0 { start + delta * leave } else { end };
    Some((first, last))
}

/// Whether a point lies in a rectangle, edges included.
pub(crate) fn inside(point: Coord<f64>, bounds: Rect<f64>) -> bool {
    point.x >= bounds.min().x && point.x <= bounds.max().x && point.y >= bounds.min().y && point.y <= bounds.max().y
}

#[cfg(test)]
mod tests {
    use geo_types::line_string;

    use super::*;

    fn frame() -> Frame {
        Frame {
            terrain: Rect::new(Coord { x: 1000.0, y: 2000.0 }, Coord { x: 1100.0, y: 2050.0 }),
            x: 10.0,
            y: 20.0,
            per_metre: 2.0,
        }
    }

    #[test]
    fn north_is_up() {
        assert_eq!(frame().place(Coord { x: 1000.0, y: 2050.0 }), Coord { x: 10.0, y: 20.0 });
        assert_eq!(frame().place(Coord { x: 1100.0, y: 2000.0 }), Coord { x: 210.0, y: 120.0 });
    }

    #[test]
    fn a_shape_larger_than_the_frame_fills_it() {
        let huge = Polygon::new(
            line_string![(x: -1e9, y: -1e9), (x: 1e9, y: -1e9), (x: 1e9, y: 1e9), (x: -1e9, y: 1e9), (x: -1e9, y: -1e9)],
            vec![],
        );
        let rings = frame().visible(&huge);
        assert!((area(&rings[0]) / 2.0 - 200.0 * 100.0).abs() < 1.0);
    }

    #[test]
    fn a_line_is_cut_where_it_leaves() {
        let mut path = Chemin::default();
        frame().line(&line_string![(x: 900.0, y: 2025.0), (x: 1200.0, y: 2025.0)], &mut path);
        assert_eq!(path.parts.len(), 1);
        let ends = path.parts[0].points.iter().map(|point| point.map(|value| format!("{value:.2}")));
        assert_eq!(ends.collect::<Vec<_>>(), [["-5.00", "70.00"], ["225.00", "70.00"]]);
    }

    #[test]
    fn coordinates_that_are_no_places_are_left_out() {
        let mut path = Chemin::default();
        frame().line(&line_string![(x: f64::NAN, y: 0.0), (x: 1.0, y: f64::INFINITY)], &mut path);
        assert!(path.parts.is_empty());
    }
}
