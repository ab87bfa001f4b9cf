//! Lines and rings: lengths, directions, smoothing, rectangles.

use geo::Area;
use geo_types::{LineString, MultiPolygon, Polygon};

use super::{Pt, pt};

/// Length of a line, in metres.
#[must_use]
pub fn length(line: &[Pt]) -> f64 {
    line.windows(2).map(|w| (w[1] - w[0]).x.hypot((w[1] - w[0]).y)).sum()
}

/// The point half way between two points.
#[must_use]
pub fn midpoint(a: Pt, b: Pt) -> Pt {
    pt(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y))
}

/// Unit vector from `a` to `b` (zero when they are the same point).
#[must_use]
pub fn direction(a: Pt, b: Pt) -> Pt {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let norm = dx.hypot(dy);
    if norm > 0.0 { pt(dx / norm, dy / norm) } else { pt(0.0, 0.0) }
}

/// The vector turned by `angle` radians, counter-clockwise.
#[must_use]
pub fn rotate(v: Pt, angle: f64) -> Pt {
    let (sin, cos) = angle.sin_cos();
    pt(v.x * cos - v.y * sin, v.x * sin + v.y * cos)
}

/// Distance from `p` to the segment `a b`, and the position of the foot along it (0 at `a`, 1 at `b`).
#[must_use]
pub fn distance_to_segment(p: Pt, a: Pt, b: Pt) -> (f64, f64) {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let squared = dx * dx + dy * dy;
    let t = if squared > 0.0 { (((p.x - a.x) * dx + (p.y - a.y) * dy) / squared).clamp(0.0, 1.0) } else { 0.0 };
    ((p.x - a.x - t * dx).hypot(p.y - a.y - t * dy), t)
}

/// Distance from `p` to a line, the distance run along it to the foot, and the index of the segment.
#[must_use]
pub fn project_on_line(p: Pt, line: &[Pt]) -> Option<(f64, f64, usize)> {
    let mut run = 0.0;
    let mut best: Option<(f64, f64, usize)> = None;
    for (index, pair) in line.windows(2).enumerate() {
        let (distance, t) = distance_to_segment(p, pair[0], pair[1]);
        let step = length(pair);
        if best.is_none_or(|b| distance < b.0) {
            best = Some((distance, run + t * step, index));
        }
        run += step;
    }
    best
}

/// The point found `run` metres along a line, with the unit direction there.
#[must_use]
pub fn point_at(line: &[Pt], run: f64) -> Option<(Pt, Pt)> {
    let mut left = run.max(0.0);
    let mut last = None;
    for pair in line.windows(2) {
        let step = length(pair);
        let along = direction(pair[0], pair[1]);
        if left <= step {
            return Some((pt(pair[0].x + along.x * left, pair[0].y + along.y * left), along));
        }
        left -= step;
        last = Some((pair[1], along));
    }
    last
}

/// A Catmull-Rom curve through the points, one vertex every `step` metres or so.
#[must_use]
pub fn smooth(points: &[Pt], step: f64) -> Vec<Pt> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut out = Vec::new();
    for i in 0..points.len() - 1 {
        let p1 = points[i];
        let p2 = points[i + 1];
        let p0 = if i == 0 { pt(2.0 * p1.x - p2.x, 2.0 * p1.y - p2.y) } else { points[i - 1] };
        let p3 = points.get(i + 2).copied().unwrap_or_else(|| pt(2.0 * p2.x - p1.x, 2.0 * p2.y - p1.y));
        let pieces = (length(&[p1, p2]) / step).ceil().clamp(1.0, 200.0);
        let mut k = 0.0;
        while k < pieces {
            let t = k / pieces;
            let axis = |a: f64, b: f64, c: f64, d: f64| {
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
                    + (3.0 * b - a - 3.0 * c + d) * t * t * t)
            };
            out.push(pt(axis(p0.x, p1.x, p2.x, p3.x), axis(p0.y, p1.y, p2.y, p3.y)));
            k += 1.0;
        }
    }
    out.extend(points.last());
    out
}

/// The line moved `distance` metres to its left (to its right when negative).
#[must_use]
pub fn offset_line(line: &[Pt], distance: f64) -> Vec<Pt> {
    (0..line.len())
        .map(|i| {
            let along = direction(line[i.saturating_sub(1)], line[(i + 1).min(line.len() - 1)]);
            pt(line[i].x - along.y * distance, line[i].y + along.x * distance)
        })
        .collect()
}

/// A rectangle of `width` along `along` and `height` across it, around `centre`.
#[must_use]
pub fn oriented_rectangle(centre: Pt, along: Pt, width: f64, height: f64) -> Polygon<f64> {
    let corner = |u: f64, v: f64| {
        let (u, v) = (u * width / 2.0, v * height / 2.0);
        pt(centre.x + along.x * u - along.y * v, centre.y + along.y * u + along.x * v)
    };
    Polygon::new(
        LineString::from(vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)]),
        vec![],
    )
}

/// Signed area of a closed ring given by its coordinates (positive when counter-clockwise).
#[must_use]
pub fn ring_area(ring: &[Pt]) -> f64 {
    let Some(&origin) = ring.first() else {
        return 0.0;
    };
    let twice: f64 = (0..ring.len())
        .map(|i| {
            let (a, b) = (ring[i] - origin, ring[(i + 1) % ring.len()] - origin);
            a.x * b.y - b.x * a.y
        })
        .sum();
    twice / 2.0
}

/// 1 for a disc, towards 0 for a sliver.
#[must_use]
pub fn compactness(polygon: &Polygon<f64>) -> f64 {
    let perimeter = length(&polygon.exterior().0);
    4.0 * std::f64::consts::PI * polygon.unsigned_area() / (perimeter * perimeter).max(1e-9)
}

/// The largest polygon of a set.
#[must_use]
pub fn largest(shapes: MultiPolygon<f64>) -> Option<Polygon<f64>> {
    shapes.0.into_iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smoothed_line_passes_through_its_points() {
        let points = [pt(0.0, 0.0), pt(10.0, 5.0), pt(30.0, -4.0)];
        let curve = smooth(&points, 2.0);
        assert!(points.iter().all(|p| curve.contains(p)));
    }

    #[test]
    fn offset_goes_left() {
        assert_eq!(offset_line(&[pt(0.0, 0.0), pt(10.0, 0.0)], 3.0), vec![pt(0.0, 3.0), pt(10.0, 3.0)]);
    }
}
