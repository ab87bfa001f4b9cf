//! Sorts rings into shells and holes.

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use super::plane::{is_within, signed_area};
use super::rings::{Edge, join};
use crate::model::Defect;

struct Shell {
    ring: Vec<Coord<f64>>,
    area: f64,
    holes: Vec<LineString<f64>>,
}

/// The surface on the left of directed edges: a shell turns counter-clockwise, a hole clockwise.
///
/// # Errors
/// [`Defect::OpenRing`], [`Defect::Degenerate`], [`Defect::StrayHole`].
pub(crate) fn surface(edges: &[Edge<'_>]) -> Result<Vec<Polygon<f64>>, Defect> {
    let mut rings: Vec<(Vec<Coord<f64>>, f64)> = join(edges)?
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
    // Sides given the wrong way round throughout: what is enclosed is not in doubt.
    if rings.iter().all(|(_, area)| *area < 0.0) {
        for (ring, area) in &mut rings {
            ring.reverse();
            *area = -*area;
        }
    }
    let (outer, inner): (Vec<_>, Vec<_>) = rings.into_iter().partition(|(_, area)| *area > 0.0);
    let mut shells: Vec<Shell> = outer
        .into_iter()
        .map(|(ring, area)| Shell {
            ring,
            area,
            holes: Vec::new(),
        })
        .collect();
    for (hole, area) in inner {
        let owner = shells
            .iter_mut()
            .filter(|shell| shell.area > -area && is_within(&hole, &shell.ring))
            .min_by(|a, b| a.area.total_cmp(&b.area));
        owner
            .ok_or(Defect::StrayHole)?
            .holes
            .push(LineString::new(hole));
    }
    Ok(shells
        .into_iter()
        .map(|shell| Polygon::new(LineString::new(shell.ring), shell.holes))
        .collect())
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
        Edge {
            points,
            is_reversed: false,
        }
    }

    #[test]
    fn two_arcs_one_reversed_make_a_square() {
        let a = points(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0)]);
        let b = points(&[(0.0, 0.0), (0.0, 4.0), (4.0, 4.0)]);
        let polygons = surface(&[
            forward(&a),
            Edge {
                points: &b,
                is_reversed: true,
            },
        ])
        .unwrap();
        assert_eq!(polygons.len(), 1);
        assert_eq!(polygons[0].exterior().0.len(), 5);
        assert!((signed_area(&polygons[0].exterior().0) - 16.0).abs() < f64::EPSILON);
    }

    #[test]
    fn an_hourglass_is_two_shells() {
        // Both triangles counter-clockwise, meeting at (0, 0), in one arc each way of cutting it.
        let whole = points(&[
            (0.0, 0.0),
            (2.0, -1.0),
            (2.0, 1.0),
            (0.0, 0.0),
            (-2.0, 1.0),
            (-2.0, -1.0),
            (0.0, 0.0),
        ]);
        assert_eq!(surface(&[forward(&whole)]).unwrap().len(), 2);
        let (right, left) = (&whole[..4], &whole[3..]);
        assert_eq!(surface(&[forward(right), forward(left)]).unwrap().len(), 2);
        let (a, b) = (
            points(&[(2.0, 1.0), (0.0, 0.0), (-2.0, 1.0)]),
            points(&[(-2.0, -1.0), (0.0, 0.0), (2.0, -1.0)]),
        );
        let (c, d) = (
            points(&[(-2.0, 1.0), (-2.0, -1.0)]),
            points(&[(2.0, -1.0), (2.0, 1.0)]),
        );
        let polygons = surface(&[forward(&a), forward(&b), forward(&c), forward(&d)]).unwrap();
        assert_eq!(polygons.len(), 2);
        assert!(
            polygons
                .iter()
                .all(|polygon| polygon.exterior().0.len() == 4)
        );
    }

    #[test]
    fn a_hole_that_touches_its_shell_stays_a_hole() {
        let shell = points(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]);
        let hole = points(&[(0.0, 0.0), (1.0, 2.0), (2.0, 1.0), (0.0, 0.0)]);
        for edges in [
            [forward(&shell), forward(&hole)],
            [forward(&hole), forward(&shell)],
        ] {
            let polygons = surface(&edges).unwrap();
            assert_eq!(polygons.len(), 1);
            assert_eq!(polygons[0].interiors().len(), 1);
        }
    }

    #[test]
    fn a_hole_elsewhere_and_an_open_ring_are_refused() {
        let shell = points(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)]);
        let stray = points(&[(10.0, 0.0), (10.0, 1.0), (11.0, 1.0), (10.0, 0.0)]);
        assert_eq!(
            surface(&[forward(&shell), forward(&stray)]),
            Err(Defect::StrayHole)
        );
        let open = points(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0)]);
        assert_eq!(
            surface(&[forward(&open)]),
            Err(Defect::OpenRing { x: 4.0, y: 4.0 })
        );
    }

    #[test]
    fn a_clockwise_shell_is_turned() {
        let shell = points(&[(0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (0.0, 0.0)]);
        let polygons = surface(&[forward(&shell)]).unwrap();
        assert!(signed_area(&polygons[0].exterior().0) > 0.0);
    }

    #[test]
    fn a_stroke_encloses_nothing() {
        let stroke = points(&[(0.0, 0.0), (4.0, 0.0), (0.0, 0.0)]);
        assert_eq!(surface(&[forward(&stroke)]), Err(Defect::Degenerate));
    }
}
