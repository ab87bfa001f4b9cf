//! Sorts rings into shells and holes.

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use super::plane::{is_within, signed_area};
use super::rings::{Edge, join};
use crate::model::Defect;

/// Most comparisons of a ring with a point: bounds the time that a hostile face can take (0.2 s or so).
const MAX_COMPARISONS: usize = 50_000_000;

type Ring = Vec<Coord<f64>>;

struct Shell {
    ring: Ring,
    area: f64,
    holes: Vec<LineString<f64>>,
}

/// How far the sides given by the file are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sides {
    /// Topological subset: arcs are shared, their sides are what says which face is which.
    Binding,
    /// Spaghetti: an arc serves one face, the DGFiP delivers some the wrong way round, and nesting tells better.
    Indicative,
}

/// The surface on the left of directed edges: a shell turns counter-clockwise, a hole clockwise.
///
/// A face whose sides are all given the wrong way round encloses the same surface.
///
/// # Errors
/// [`Defect::OpenRing`], [`Defect::Degenerate`], [`Defect::StrayHole`], [`Defect::TooComplex`].
pub(crate) fn surface(edges: &[Edge<'_>], sides: Sides) -> Result<Vec<Polygon<f64>>, Defect> {
    let mut rings: Vec<(Ring, f64)> = join(edges)?
        .into_iter()
        .map(|ring| {
            let area = signed_area(&ring);
            (ring, area)
        })
        .filter(|(_, area)| area.abs() > 0.0)
        .collect();
    if rings.is_empty() {
        return Err(Defect::Degenerate);
    }
    let points: usize = rings.iter().map(|(ring, _)| ring.len()).sum();
    if rings.len() > 1 && points.saturating_mul(rings.len()) > MAX_COMPARISONS {
        return Err(Defect::TooComplex);
    }
    let wrong = turned_wrong(&rings);
    let is_mixed = wrong.contains(&true) && wrong.contains(&false);
    if is_mixed && sides == Sides::Binding {
        return Err(Defect::StrayHole);
    }
    for (ring, is_wrong) in rings.iter_mut().zip(wrong) {
        if is_wrong {
            ring.0.reverse();
            ring.1 = -ring.1;
        }
    }
    Ok(polygons(rings))
}

/// For each ring, whether its direction contradicts its nesting: inside an even number of others it is a shell.
fn turned_wrong(rings: &[(Ring, f64)]) -> Vec<bool> {
    let depth = |(ring, area): &(Ring, f64)| {
        let around = |(other, size): &&(Ring, f64)| size.abs() > area.abs() && is_within(ring, other);
        rings.iter().filter(around).count()
    };
    rings.iter().map(|ring| (ring.1 > 0.0) != (depth(ring) % 2 == 0)).collect()
}

/// Gives each hole to the smallest shell around it.
fn polygons(rings: Vec<(Ring, f64)>) -> Vec<Polygon<f64>> {
    let (outer, inner): (Vec<_>, Vec<_>) = rings.into_iter().partition(|(_, area)| *area > 0.0);
    let mut shells: Vec<Shell> =
        outer.into_iter().map(|(ring, area)| Shell { ring, area, holes: Vec::new() }).collect();
    for (hole, area) in inner {
        let owner = shells
            .iter_mut()
            .filter(|shell| shell.area > -area && is_within(&hole, &shell.ring))
            .min_by(|a, b| a.area.total_cmp(&b.area));
        if let Some(shell) = owner {
            shell.holes.push(LineString::new(hole));
        }
    }
    shells.into_iter().map(|shell| Polygon::new(LineString::new(shell.ring), shell.holes)).collect()
}

/// One polygon, or several as a multipolygon.
pub(crate) fn geometry(mut polygons: Vec<Polygon<f64>>) -> Option<Geometry<f64>> {
    match polygons.len() {
        0 => None,
        1 => polygons.pop().map(Geometry::Polygon),
        _ => Some(Geometry::MultiPolygon(MultiPolygon::new(polygons))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(coords: &[(f64, f64)]) -> Vec<Coord<f64>> {
        coords.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    fn forward(points: &[Coord<f64>]) -> Edge<'_> {
        Edge { points, is_reversed: false }
    }

    #[test]
    fn two_arcs_one_reversed_make_a_square() {
        let a = points(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0)]);
        let b = points(&[(0.0, 0.0), (0.0, 4.0), (4.0, 4.0)]);
        let polygons = surface(&[forward(&a), Edge { points: &b, is_reversed: true }], Sides::Binding).unwrap();
        assert_eq!(polygons.len(), 1);
        assert_eq!(polygons[0].exterior().0.len(), 5);
        assert!((signed_area(&polygons[0].exterior().0) - 16.0).abs() < f64::EPSILON);
    }

    #[test]
    fn an_hourglass_is_two_shells() {
        // Both triangles counter-clockwise, meeting at (0, 0), in one arc each way of cutting it.
        let whole = points(&[(0.0, 0.0), (2.0, -1.0), (2.0, 1.0), (0.0, 0.0), (-2.0, 1.0), (-2.0, -1.0), (0.0, 0.0)]);
        assert_eq!(surface(&[forward(&whole)], Sides::Binding).unwrap().len(), 2);
        let (right, left) = (&whole[..4], &whole[3..]);
        assert_eq!(surface(&[forward(right), forward(left)], Sides::Binding).unwrap().len(), 2);
        let (a, b) = (points(&[(2.0, 1.0), (0.0, 0.0), (-2.0, 1.0)]), points(&[(-2.0, -1.0), (0.0, 0.0), (2.0, -1.0)]));
        let (c, d) = (points(&[(-2.0, 1.0), (-2.0, -1.0)]), points(&[(2.0, -1.0), (2.0, 1.0)]));
        let polygons = surface(&[forward(&a), forward(&b), forward(&c), forward(&d)], Sides::Binding).unwrap();
        assert_eq!(polygons.len(), 2);
        assert!(polygons.iter().all(|polygon| polygon.exterior().0.len() == 4));
    }

    #[test]
    fn a_hole_that_touches_its_shell_stays_a_hole() {
        let shell = points(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]);
        let hole = points(&[(0.0, 0.0), (1.0, 2.0), (2.0, 1.0), (0.0, 0.0)]);
        for edges in [[forward(&shell), forward(&hole)], [forward(&hole), forward(&shell)]] {
            let polygons = surface(&edges, Sides::Binding).unwrap();
            assert_eq!(polygons.len(), 1);
            assert_eq!(polygons[0].interiors().len(), 1);
        }
    }

    #[test]
    fn a_hole_elsewhere_and_an_open_ring_are_refused() {
        let shell = points(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)]);
        let stray = points(&[(10.0, 0.0), (10.0, 1.0), (11.0, 1.0), (10.0, 0.0)]);
        assert_eq!(surface(&[forward(&shell), forward(&stray)], Sides::Binding), Err(Defect::StrayHole));
        let open = points(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0)]);
        assert_eq!(surface(&[forward(&open)], Sides::Binding), Err(Defect::OpenRing { x: 4.0, y: 4.0 }));
    }

    #[test]
    fn a_clockwise_shell_is_turned() {
        let shell = points(&[(0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (0.0, 0.0)]);
        let polygons = surface(&[forward(&shell)], Sides::Binding).unwrap();
        assert!(signed_area(&polygons[0].exterior().0) > 0.0);
    }

    #[test]
    fn a_stroke_encloses_nothing() {
        let stroke = points(&[(0.0, 0.0), (4.0, 0.0), (0.0, 0.0)]);
        assert_eq!(surface(&[forward(&stroke)], Sides::Binding), Err(Defect::Degenerate));
    }

    #[test]
    fn sides_given_wrong_are_mended_where_nesting_tells() {
        let shell = points(&[(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0), (0.0, 0.0)]);
        let hole = points(&[(1.0, 1.0), (1.0, 2.0), (2.0, 2.0), (1.0, 1.0)]);
        let backward = |points| Edge { points, is_reversed: true };
        let all_wrong = surface(&[backward(&shell), backward(&hole)], Sides::Binding).unwrap();
        assert_eq!(all_wrong, surface(&[forward(&shell), forward(&hole)], Sides::Binding).unwrap());
        // A hole turned as a shell would count twice; seen in buildings of Paris.
        let mixed = [forward(&shell), backward(&hole)];
        assert_eq!(surface(&mixed, Sides::Binding), Err(Defect::StrayHole));
        assert_eq!(surface(&mixed, Sides::Indicative).unwrap(), all_wrong);
    }
}
