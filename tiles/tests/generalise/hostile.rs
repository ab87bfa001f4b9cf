//! Whatever comes in, what comes out is valid and every object is accounted for.

use finage_tiles::generalise::{Alone, Layer, Levels, MAX_POINTS, Point, Role, Rule, Shapes, Small, ZOOM_MAX};
use proptest::prelude::*;

use crate::accounts::each_source_is_in_one_place;
use crate::coverage::cross_or_overlap;

/// Layers of rings drawn without any care: they cross themselves and one another, and may be holes of nothing.
fn scribbles(reach: u32) -> impl Strategy<Value = Layer> {
    let ring = (proptest::collection::vec([0..reach, 0..reach], 3..9), any::<bool>());
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_comes_out_is_valid(layer in scribbles(60_000), below_px2 in 0.0..30.0_f64, is_merging: bool) {
        let small = if is_merging { Small::Merge { below_px2, alone: Alone::Keep } } else { Small::Drop { below_px2 } };
        let count = layer.shapes.len();
        for level in Levels::new(layer, Rule { tolerance_px: 1.0, small }, 9, 13).unwrap() {
            each_source_is_in_one_place(&level, count)?;
            no_edge_crosses_another_of_its_shape(&level.shapes)?;
        }
    }

    #[test]
    fn the_whole_world_is_no_trouble(layer in scribbles(u32::MAX), zoom in 0..=ZOOM_MAX) {
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
fn what_makes_no_sense_is_refused() {
    let layer = Layer { shapes: Shapes::default(), groups: vec![1] };
    let refusal = |layer: Layer, from, to| Levels::new(layer, Rule::default(), from, to).unwrap_err().to_string();
    assert_eq!(refusal(layer, 8, 12), "1 groupes sont donnés pour 0 objets");
    assert!(refusal(Layer::default(), 12, 8).contains("du plus petit au plus grand"));
    assert!(refusal(Layer::default(), 8, ZOOM_MAX + 1).contains("18 au plus"));
    assert!(Levels::new(Layer::default(), Rule::default(), 0, 3).unwrap().all(|level| level.shapes.is_empty()));
    assert!(MAX_POINTS < u32::MAX as usize / 2);
}
