//! The outline of a group of polygons that share their vertices.

use std::collections::{BTreeMap, BTreeSet};

use geo::Contains;
use geo_types::{LineString, Point, Polygon};

use super::noding::Key;
use super::polygonize::{angle, clockwise, from_key};
use super::{key, midpoint, ring_area};

/// Merges polygons along their common sides. They must be noded together, without overlap;
/// exterior rings counter-clockwise. Returns one polygon a connected part, holes included.
#[must_use]
pub fn dissolve<'a>(polygons: impl IntoIterator<Item = &'a Polygon<f64>>) -> Vec<Polygon<f64>> {
    let mut edges: BTreeSet<(Key, Key)> = BTreeSet::new();
    for polygon in polygons {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            for pair in ring.0.windows(2) {
                let (a, b) = (key(pair[0]), key(pair[1]));
                if !edges.remove(&(b, a)) {
                    edges.insert((a, b));
                }
            }
        }
    }
    let mut outgoing: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
    for &(a, b) in &edges {
        outgoing.entry(a).or_default().push(b);
    }
    let mut shells = Vec::new();
    let mut holes = Vec::new();
    while let Some(&(start, second)) = edges.first() {
        let mut ring = vec![from_key(start)];
        let (mut a, mut b) = (start, second);
        edges.remove(&(a, b));
        while b != start {
            ring.push(from_key(b));
            let back = angle(b, a);
            let next = outgoing
                .get(&b)
                .into_iter()
                .flatten()
                .copied()
                .filter(|&n| edges.contains(&(b, n)))
                .min_by(|&l, &r| clockwise(back, angle(b, l)).total_cmp(&clockwise(back, angle(b, r))));
            let Some(next) = next else { break };
            edges.remove(&(b, next));
            (a, b) = (b, next);
        }
        ring.push(ring[0]);
        if ring_area(&ring) > 0.0 {
            shells.push(ring);
        } else {
            holes.push(ring);
        }
    }
    let mut merged: Vec<Polygon<f64>> = shells.into_iter().map(|ring| Polygon::new(LineString(ring), vec![])).collect();
    for hole in holes {
        let middle = Point::from(midpoint(hole[0], hole[1]));
        if let Some(owner) = merged.iter_mut().find(|p| Polygon::new(p.exterior().clone(), vec![]).contains(&middle)) {
            owner.interiors_push(LineString(hole));
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use geo::Area;

    use super::*;

    fn square(x: f64, y: f64) -> Polygon<f64> {
        Polygon::new(LineString::from(vec![(x, y), (x + 1.0, y), (x + 1.0, y + 1.0), (x, y + 1.0)]), vec![])
    }

    #[test]
    fn a_ring_of_eight_squares_has_a_hole() {
        let squares: Vec<_> = (0..9).filter(|i| *i != 4).map(|i| square(f64::from(i % 3), f64::from(i / 3))).collect();
        let merged = dissolve(&squares);
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].interiors().len(), 1);
        assert!((merged[0].unsigned_area() - 8.0).abs() < 1e-9);
    }
}
