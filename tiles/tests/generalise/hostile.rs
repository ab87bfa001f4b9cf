//! Whatever comes in, what comes out is valid and every object is accounted for.

use finage_tiles::generalise::{Alone, Layer, Levels, MAX_POINTS, Point, Role, Rule, Shapes, Small, ZOOM_MAX};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::Overlay;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;
use proptest::prelude::*;

use crate::accounts::each_source_is_in_one_place;
use crate::coverage::cross_or_overlap;

/// Layers of rings drawn without any care: they cross themselves and one another, and may be holes of nothing.
fn scribbles(reach: u32, holes: f64) -> impl Strategy<Value = Layer> {
    let ring = (proptest::collection::vec([0..reach, 0..reach], 3..9), prop::bool::weighted(holes));
    let shape = proptest::collection::vec(ring, 0..3);
    proptest::collection::vec(shape, 1..12).prop_map(|drawn| {
        let mut shapes = Shapes::default();
        for rings in drawn {
            for (ring, is_hole) in rings {
                shapes.add_ring(ring, if is_hole { Role::Hole } else { Role::Outer });
            }
            shapes.end_shape();
        }
        Layer { shapes, groups: Vec::new() }
    })
}

fn no_edge_crosses_another_of_its_shape(shapes: &Shapes) -> Result<(), TestCaseError> {
    for shape in 0..shapes.len() {
        let edges: Vec<(Point, Point)> = shapes
            .rings(shape)
            .flat_map(|ring| (0..ring.len()).map(|index| (ring[index], ring[(index + 1) % ring.len()])))
            .collect();
        for (index, &edge) in edges.iter().enumerate() {
            for &other in &edges[index + 1..] {
                prop_assert!(!cross_or_overlap(edge, other), "{edge:?} and {other:?}");
            }
        }
        for ring in shapes.rings(shape) {
            let mut points = ring.to_vec();
            points.sort_unstable();
            points.dedup();
            prop_assert_eq!(points.len(), ring.len());
        }
    }
    Ok(())
}

/// Twice the area that the rings of a shape wind around, by another library.
fn doubled_area_wound(shapes: &Shapes, shape: usize) -> i128 {
    let point = |&[x, y]: &Point| IntPoint::new(i32::try_from(x).unwrap_or(0), i32::try_from(y).unwrap_or(0));
    let rings: Vec<Vec<IntPoint>> = shapes.rings(shape).map(|ring| ring.iter().map(point).collect()).collect();
    let polygons = Overlay::with_contours(&rings, &[]).overlay(OverlayRule::Subject, FillRule::NonZero);
    let contours = polygons.iter().flatten();
    contours
        .map(|contour| {
            let cross =
                |(a, b): (&IntPoint, &IntPoint)| i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y);
            contour.iter().zip(contour.iter().cycle().skip(1)).map(cross).sum::<i128>()
        })
        .sum::<i128>()
        .abs()
}

/// Length of the rings of a shape, along both axes.
fn length(shapes: &Shapes, shape: usize) -> i128 {
    let edges = shapes.rings(shape).flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    edges.map(|(from, to)| i128::from(from[0].abs_diff(to[0])) + i128::from(from[1].abs_diff(to[1]))).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_shape_keeps_the_ground_that_its_rings_wind_around(layer in scribbles(60_000, 0.0), zoom in 15..=ZOOM_MAX) {
        let rule = Rule { tolerance_px: 0.0, small: Small::Keep };
        let shapes = layer.shapes.clone();
        let level = Levels::new(layer, rule, zoom, zoom).unwrap().next().unwrap();
        let mut left = vec![0; shapes.len()];
        for shape in 0..level.shapes.len() {
            left[level.sources(shape)[0] as usize] = 2 * i128::from(level.shapes.area(shape));
        }
        for (shape, left) in left.into_iter().enumerate() {
            // Edges move by a grid unit and by what brings a vertex to them.
            let slack = 2 * length(&shapes, shape) * ((1 << (20 - zoom)) + 4);
            let whole = doubled_area_wound(&shapes, shape);
            prop_assert!((left - whole).abs() <= slack, "{shape}: {left} of {whole}");
        }
    }

    #[test]
    fn what_comes_out_is_valid(layer in scribbles(60_000, 0.5), below_px2 in 0.0..30.0_f64, is_merging: bool) {
        let small = if is_merging { Small::Merge { below_px2, alone: Alone::Keep } } else { Small::Drop { below_px2 } };
        let count = layer.shapes.len();
        for level in Levels::new(layer, Rule { tolerance_px: 1.0, small }, 9, 13).unwrap() {
            each_source_is_in_one_place(&level, count)?;
            no_edge_crosses_another_of_its_shape(&level.shapes)?;
        }
    }

    #[test]
    fn the_whole_world_is_no_trouble(layer in scribbles(u32::MAX, 0.5), zoom in 0..=ZOOM_MAX) {
        let count = layer.shapes.len();
        let level = Levels::new(layer, Rule::default(), zoom, zoom).unwrap().next().unwrap();
        each_source_is_in_one_place(&level, count)?;
        no_edge_crosses_another_of_its_shape(&level.shapes)?;
    }
}

#[test]
fn the_same_parcel_twice_stays_twice_and_merges_into_one() {
    let square = [[0, 0], [50_000, 0], [50_000, 50_000], [0, 50_000]];
    let mut shapes = Shapes::default();
    for _ in 0..2 {
        shapes.add_ring(square, Role::Outer);
        shapes.end_shape();
    }
    let layer = Layer { shapes, groups: Vec::new() };
    let kept = Levels::new(layer.clone(), Rule::default(), 12, 12).unwrap().next().unwrap();
    assert_eq!((kept.shapes.len(), kept.repaired), (2, 0));
    let small = Small::Merge { below_px2: 1000.0, alone: Alone::Keep };
    let merged = Levels::new(layer, Rule { tolerance_px: 1.0, small }, 12, 12).unwrap().next().unwrap();
    assert_eq!((merged.shapes.len(), merged.sources(0), merged.repaired), (1, &[0, 1][..], 1));
    assert_eq!(merged.shapes.area(0), kept.shapes.area(0));
}

#[test]
fn a_parcel_that_crosses_itself_keeps_both_its_parts() {
    let mut shapes = Shapes::default();
    shapes.add_ring([[0, 0], [60_000, 60_000], [60_000, 0], [0, 50_000]], Role::Outer);
    shapes.end_shape();
    let level = Levels::new(Layer { shapes, groups: Vec::new() }, Rule::default(), 13, 13).unwrap().next().unwrap();
    assert_eq!((level.shapes.rings(0).count(), level.repaired), (2, 1));
}

#[test]
fn a_hole_that_rounding_brings_to_both_sides_parts_the_polygon() {
    let mut shapes = Shapes::default();
    shapes.add_ring([[0, 0], [50_000, 0], [50_000, 50_000], [0, 50_000]], Role::Outer);
    shapes.add_ring([[20, 25_000], [25_000, 10_000], [49_990, 25_000], [25_000, 40_000]], Role::Hole);
    shapes.end_shape();
    let rule = Rule { tolerance_px: 0.0, small: Small::Keep };
    let level = Levels::new(Layer { shapes, groups: Vec::new() }, rule, 12, 12).unwrap().next().unwrap();
    let tops: Vec<u32> = level.shapes.rings(0).filter_map(|ring| ring.iter().map(|point| point[1]).min()).collect();
    assert_eq!((tops, level.repaired), (vec![0, 25_088], 0));
}

#[test]
fn a_bow_tie_whose_parts_are_equal_keeps_both() {
    let mut shapes = Shapes::default();
    shapes.add_ring([[0, 0], [64_000, 64_000], [64_000, 0], [0, 64_000]], Role::Outer);
    shapes.end_shape();
    let level = Levels::new(Layer { shapes, groups: Vec::new() }, Rule::default(), 13, 13).unwrap().next().unwrap();
    assert_eq!((level.shapes.rings(0).count(), level.shapes.area(0)), (2, 2 * 32_000 * 32_000));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let layer = Layer { shapes: Shapes::default(), groups: vec![1] };
    let refusal = |layer: Layer, from, to| Levels::new(layer, Rule::default(), from, to).unwrap_err().to_string();
    assert_eq!(refusal(layer, 8, 12), "1 groupes sont donnés pour 0 objets");
    assert!(refusal(Layer::default(), 12, 8).contains("du plus petit au plus grand"));
    assert!(refusal(Layer::default(), 8, ZOOM_MAX + 1).contains("18 au plus"));
    assert!(Levels::new(Layer::default(), Rule::default(), 0, 3).unwrap().all(|level| level.shapes.is_empty()));
    assert!(MAX_POINTS < u32::MAX as usize / 2);
}
