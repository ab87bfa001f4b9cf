//! Snapping to the centimetre and shared vertices: after this, neighbours have exactly the same points.

use std::collections::HashMap;

use geo_types::{LineString, Polygon};

use super::{Pt, distance_to_segment, pt};

/// A point in whole centimetres: what the delivered files can hold, and a key for maps.
pub type Key = (i64, i64);

/// The point in whole centimetres.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "coordinates are a few thousand kilometres at most")]
pub fn key(p: Pt) -> Key {
    ((p.x * 100.0).round() as i64, (p.y * 100.0).round() as i64)
}

/// The point rounded to the centimetre.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "centimetres of metropolitan coordinates fit in 53 bits")]
pub fn snap(p: Pt) -> Pt {
    let (x, y) = key(p);
    pt(x as f64 / 100.0, y as f64 / 100.0)
}

/// Collects points, merges those closer than `cluster` metres, then puts every point that lies within
/// `tolerance` metres of a segment on that segment.
#[derive(Debug)]
pub struct Noder {
    cluster: f64,
    tolerance: f64,
    canonical: HashMap<Key, Pt>,
    grid: HashMap<(i64, i64), Vec<Pt>>,
}

const CELL: f64 = 8.0;

impl Noder {
    /// An empty noder; distances in metres.
    #[must_use]
    pub fn new(cluster: f64, tolerance: f64) -> Self {
        Self { cluster, tolerance, canonical: HashMap::new(), grid: HashMap::new() }
    }

    /// Adds a point and says where it is merged.
    pub fn add(&mut self, p: Pt) -> Pt {
        let rounded = snap(p);
        if let Some(known) = self.canonical.get(&key(rounded)) {
            return *known;
        }
        let (cx, cy) = cell(rounded);
        let mut near: Option<(f64, Pt)> = None;
        for x in cx - 1..=cx + 1 {
            for y in cy - 1..=cy + 1 {
                for &other in self.grid.get(&(x, y)).into_iter().flatten() {
                    let distance = (other.x - rounded.x).hypot(other.y - rounded.y);
                    if distance <= self.cluster && near.is_none_or(|n| distance < n.0) {
                        near = Some((distance, other));
                    }
                }
            }
        }
        let merged = near.map_or(rounded, |n| n.1);
        self.canonical.insert(key(rounded), merged);
        if near.is_none() {
            self.grid.entry((cx, cy)).or_default().push(rounded);
        }
        merged
    }

    /// The line with every known point that lies on it as a vertex.
    #[must_use]
    pub fn node_line(&self, line: &[Pt]) -> Vec<Pt> {
        let merged: Vec<Pt> = line.iter().map(|p| self.canonical.get(&key(*p)).copied().unwrap_or(*p)).collect();
        let mut out: Vec<Pt> = Vec::with_capacity(merged.len());
        for pair in merged.windows(2) {
            push_new(&mut out, pair[0]);
            for p in self.on_segment(pair[0], pair[1]) {
                push_new(&mut out, p);
            }
        }
        if let Some(&last) = merged.last() {
            push_new(&mut out, last);
        }
        out
    }

    /// The polygon with shared vertices; `None` when nothing is left of its outline.
    #[must_use]
    pub fn node_polygon(&self, polygon: &Polygon<f64>) -> Option<Polygon<f64>> {
        let ring = |line: &LineString<f64>| clean_ring(self.node_line(&line.0));
        let exterior = ring(polygon.exterior())?;
        let holes = polygon.interiors().iter().filter_map(ring).collect();
        Some(Polygon::new(exterior, holes))
    }

    fn on_segment(&self, a: Pt, b: Pt) -> Vec<Pt> {
        let (low, high) = (cell(pt(a.x.min(b.x), a.y.min(b.y))), cell(pt(a.x.max(b.x), a.y.max(b.y))));
        let mut found: Vec<(f64, Pt)> = Vec::new();
        for x in low.0 - 1..=high.0 + 1 {
            for y in low.1 - 1..=high.1 + 1 {
                for &p in self.grid.get(&(x, y)).into_iter().flatten() {
                    if p == a || p == b {
                        continue;
                    }
                    let (distance, t) = distance_to_segment(p, a, b);
                    if distance <= self.tolerance && t > 0.0 && t < 1.0 {
                        found.push((t, p));
                    }
                }
            }
        }
        found.sort_by(|l, r| l.0.total_cmp(&r.0));
        found.into_iter().map(|f| f.1).collect()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "grid cells of a few metres")]
fn cell(p: Pt) -> (i64, i64) {
    ((p.x / CELL).floor() as i64, (p.y / CELL).floor() as i64)
}

fn push_new(line: &mut Vec<Pt>, p: Pt) {
    if line.last() != Some(&p) {
        line.push(p);
    }
}

/// Drops the spikes `a b a` left by merging; `None` when fewer than three corners remain.
fn clean_ring(mut points: Vec<Pt>) -> Option<LineString<f64>> {
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    loop {
        let n = points.len();
        if n < 3 {
            return None;
        }
        let spike =
            (0..n).find(|&i| points[i] == points[(i + 1) % n] || points[(i + n - 1) % n] == points[(i + 1) % n]);
        match spike {
            Some(i) => {
                points.remove(i);
            }
            None => break,
        }
    }
    points.push(points[0]);
    Some(LineString(points))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corner_on_a_neighbours_side_becomes_its_vertex() {
        let big = Polygon::new(LineString::from(vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]), vec![]);
        let mut noder = Noder::new(0.04, 0.03);
        for p in &big.exterior().0 {
            noder.add(*p);
        }
        noder.add(pt(10.012, 5.0));
        let shared = noder.node_polygon(&big).unwrap();
        assert!(shared.exterior().0.contains(&pt(10.01, 5.0)));
    }
}
