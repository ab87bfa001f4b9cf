//! No object is lost: each stands behind one shape, or is told as dropped or collapsed.

use finage_tiles::generalise::{Alone, Layer, Level, Levels, Role, Rule, Shapes, Small};
use proptest::prelude::*;

use crate::cadastre::cadastre;
use crate::coverage::parts;

/// Fails unless each of `count` sources is in one place of the level, in ascending order there.
pub fn each_source_is_in_one_place(level: &Level, count: usize) -> Result<(), TestCaseError> {
    let mut seen = vec![0; count];
    let shown = (0..level.shapes.len()).map(|shape| level.sources(shape));
    for sources in shown.chain([level.dropped.as_slice(), level.collapsed.as_slice()]) {
        prop_assert!(sources.is_sorted());
        for &source in sources {
            seen[source as usize] += 1;
        }
    }
    prop_assert!(seen.iter().all(|&times| times == 1), "z{}: {seen:?}", level.zoom);
    prop_assert!((0..level.shapes.len()).all(|shape| !level.sources(shape).is_empty()));
    prop_assert!((0..level.shapes.len()).all(|shape| level.shapes.area(shape) > 0));
    Ok(())
}

fn small() -> impl Strategy<Value = Small> {
    let alone = prop_oneof![Just(Alone::Keep), (0.0..20.0).prop_map(|below_px2| Alone::Drop { below_px2 })];
    prop_oneof![
        Just(Small::Keep),
        (0.0..20.0).prop_map(|below_px2| Small::Drop { below_px2 }),
        (0.0..20.0, alone).prop_map(|(below_px2, alone)| Small::Merge { below_px2, alone }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_source_is_lost(town in cadastre(60..20_000), small in small(), part in parts()) {
        for level in Levels::new(town.layer(), Rule { tolerance_px: 1.0, small }, 8, 13).unwrap().in_parts_of(part) {
            each_source_is_in_one_place(&level, town.cells.len())?;
        }
    }

    #[test]
    fn what_is_under_the_area_is_dropped_and_nothing_else(town in cadastre(3_000..40_000), quarters in 0_u32..160) {
        let layer = town.layer();
        let areas: Vec<u64> = (0..layer.shapes.len()).map(|shape| layer.shapes.area(shape)).collect();
        let rule = Rule { tolerance_px: 1.0, small: Small::Drop { below_px2: f64::from(quarters) / 4.0 } };
        for level in Levels::new(layer, rule, 11, 13).unwrap() {
            let below = u64::from(quarters) << (2 * (24 - level.zoom) - 2);
            let small = (0..).zip(&areas).filter(|(_, area)| **area < below);
            let expected: Vec<u32> = small.map(|(source, _)| source).collect();
            prop_assert_eq!(&level.dropped, &expected);
            prop_assert!(level.collapsed.is_empty());
        }
    }
}

#[test]
fn an_area_thinner_than_the_grid_is_told_as_collapsed() {
    let mut shapes = Shapes::default();
    shapes.add_ring([[0, 0], [90_000, 0], [90_000, 90_000], [0, 90_000]], Role::Outer);
    shapes.end_shape();
    shapes.add_ring([[200_000, 0], [200_040, 0], [200_040, 90_000]], Role::Outer);
    shapes.end_shape();
    shapes.end_shape();
    let levels = Levels::new(Layer { shapes, groups: Vec::new() }, Rule::default(), 11, 12).unwrap();
    for level in levels {
        assert_eq!((level.shapes.len(), level.sources(0)), (1, &[0][..]));
        assert_eq!((level.collapsed, level.dropped), (vec![1, 2], vec![]));
    }
}
