//! How often a shape crosses itself: GEOS cuts every line at every crossing, and cannot be interrupted while it does.

use geo::LinesIter as _;
use geo::line_intersection::{LineIntersection, line_intersection};
use geo_types::{Geometry, Line};

/// Crossings accepted.
pub(super) const MAX: usize = 1_000;
/// Pairs of edges compared at most: a shape that asks for more is as tangled.
const MAX_PAIRS: usize = 20_000_000;

/// Whether the edges of a shape cross one another more than [`MAX`] times.
pub(super) fn trop(geometry: &Geometry<f64>) -> bool {
    let mut edges: Vec<Line<f64>> = match geometry {
        Geometry::LineString(line) => line.lines_iter().collect(),
        Geometry::MultiLineString(lines) => lines.lines_iter().collect(),
        Geometry::Polygon(surface) => surface.lines_iter().collect(),
        Geometry::MultiPolygon(surfaces) => surfaces.lines_iter().collect(),
        _ => return false,
    };
    let west = |edge: &Line<f64>| edge.start.x.min(edge.end.x);
    edges.sort_by(|a, b| west(a).total_cmp(&west(b)));
    let (mut pairs, mut found) = (0, 0);
    for (rank, edge) in edges.iter().enumerate() {
        let east = edge.start.x.max(edge.end.x);
        for other in edges[rank + 1..].iter().take_while(|other| west(other) <= east) {
            pairs += 1;
            found += usize::from(crosses(*edge, *other));
            if found > MAX || pairs > MAX_PAIRS {
                return true;
            }
        }
    }
    false
}

/// Edges that meet elsewhere than at their ends.
fn crosses(a: Line<f64>, b: Line<f64>) -> bool {
    match line_intersection(a, b) {
        Some(LineIntersection::SinglePoint { is_proper, .. }) => is_proper,
        Some(LineIntersection::Collinear { intersection }) => intersection.start != intersection.end,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Coord, LineString};

    fn star(points: u32) -> Geometry<f64> {
        let turn = |k: u32| f64::from(k) * 2.399_963;
        let line: LineString<f64> =
            (0..points).map(|k| Coord { x: 2.3 + 0.01 * turn(k).cos(), y: 44.4 + 0.01 * turn(k).sin() }).collect();
        line.into()
    }

    #[test]
    fn a_tangle_is_told_from_a_long_road() {
        assert!(trop(&star(1_000)));
        assert!(!trop(&star(20)));
        let road: LineString<f64> =
            (0..20_000).map(|k| Coord { x: 2.0 + f64::from(k) * 1e-5, y: 44.0 + f64::from(k % 7) * 1e-5 }).collect();
        assert!(!trop(&road.into()));
        let there_and_back: LineString<f64> =
            (0..5_000).map(|k| Coord { x: 2.0 + f64::from(k % 2), y: 44.0 }).collect();
        assert!(trop(&there_and_back.into()));
    }
}
