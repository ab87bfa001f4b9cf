//! Rings made into valid polygons, where what came in or what rounding did leaves them crossing.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{ContourDirection, IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;
use rustc_hash::FxHashMap;

use super::exact;
use super::polygons::{self, Polygons};
use super::shapes::Point;

/// The polygons that rings wind around, none when what comes out is still not valid.
pub(super) fn repair(rings: &[Vec<Point>]) -> Polygons {
    let low = |axis: usize| rings.iter().flatten().map(|point| point[axis]).min().unwrap_or(0);
    let origin = [low(0), low(1)];
    let mut polygons = union(rings, origin);
    // Splitting at crossings rounds to the grid, which may rarely take another round.
    for _ in 0..2 {
        match polygons::from_rings(polygons) {
            Ok(valid) if polygons::are_valid(&valid) => return valid,
            Ok(crossing) => polygons = union(&crossing.into_iter().flatten().collect::<Vec<_>>(), origin),
            Err(_) => return Vec::new(),
        }
    }
    Vec::new()
}

fn union(rings: &[Vec<Point>], origin: Point) -> Vec<Vec<Point>> {
    let options = IntOverlayOptions {
        preserve_input_collinear: false,
        output_direction: ContourDirection::CounterClockwise,
        preserve_output_collinear: false,
        min_output_area: 0,
        ogc: true,
    };
    let mut overlay =
        Overlay::new_custom(rings.iter().map(Vec::len).sum(), options, i_overlay::core::solver::Solver::default());
    let local = |value: u32, axis: usize| i32::try_from(value - origin[axis]).unwrap_or(i32::MAX);
    for ring in rings {
        overlay.add_path_iter(ring.iter().map(|&[x, y]| IntPoint::new(local(x, 0), local(y, 1))), ShapeType::Subject);
    }
    let shapes = overlay.overlay(OverlayRule::Subject, FillRule::NonZero);
    let world = |value: i32, axis: usize| origin[axis].saturating_add_signed(value);
    let ring = |contour: Vec<IntPoint>| contour.into_iter().map(|point| [world(point.x, 0), world(point.y, 1)]);
    turned(shapes.into_iter().flatten().flat_map(|contour| simple_rings(ring(contour))).collect())
}

/// Rings that go through no point twice, from one that may.
fn simple_rings(contour: impl Iterator<Item = Point>) -> Vec<Vec<Point>> {
    let (mut rings, mut open) = (Vec::new(), Vec::new());
    let mut places: FxHashMap<Point, usize> = FxHashMap::default();
    for point in contour {
        if let Some(&back) = places.get(&point) {
            let closed = open.split_off(back);
            for point in &closed {
                places.remove(point);
            }
            rings.push(closed);
        }
        places.insert(point, open.len());
        open.push(point);
    }
    rings.push(open);
    rings.retain(|ring| ring.len() > 2);
    rings
}

/// Rings turned by how many others are around them, for where contours touch the library may take an edge for a hole.
fn turned(mut rings: Vec<Vec<Point>>) -> Vec<Vec<Point>> {
    let is_outer: Vec<bool> = (0..rings.len())
        .map(|ring| {
            let others = (0..rings.len()).filter(|&other| other != ring);
            others.filter(|&other| polygons::is_around(&rings[other], &rings[ring])).count() % 2 == 0
        })
        .collect();
    for (ring, is_outer) in rings.iter_mut().zip(is_outer) {
        if (exact::doubled_area(ring) > 0) != is_outer {
            ring.reverse();
        }
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_cut_where_it_comes_back_to_a_point() {
        let eight = [[5, 5], [0, 0], [0, 10], [5, 5], [10, 10], [10, 0]];
        assert_eq!(simple_rings(eight.into_iter()), [vec![[5, 5], [0, 0], [0, 10]], vec![[5, 5], [10, 10], [10, 0]]]);
    }

    #[test]
    fn a_ring_in_a_hole_is_turned_like_an_edge() {
        let square = |low: u32, high: u32| vec![[low, low], [high, low], [high, high], [low, high]];
        let areas: Vec<i128> = turned(vec![square(4, 6), square(0, 10), square(2, 8)])
            .iter()
            .map(|ring| exact::doubled_area(ring))
            .collect();
        assert_eq!(areas, [8, 200, -72]);
    }

    #[test]
    fn overlapping_squares_become_one_polygon() {
        let square = |from: u32| vec![[from, from], [from + 10, from], [from + 10, from + 10], [from, from + 10]];
        let polygons = repair(&[square(100), square(105)]);
        assert_eq!(polygons.len(), 1);
        assert_eq!(exact::doubled_area(&polygons[0][0]), 2 * (100 + 100 - 25));
    }

    #[test]
    fn a_bow_tie_becomes_two_triangles() {
        let polygons = repair(&[vec![[0, 0], [10, 10], [10, 0], [0, 10]]]);
        assert_eq!(polygons.len(), 2);
        assert!(polygons.iter().all(|polygon| exact::doubled_area(&polygon[0]) == 50));
    }
}
