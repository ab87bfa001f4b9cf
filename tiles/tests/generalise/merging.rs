//! Small neighbours of one group become one, at each zoom as the rule says and whatever happened at deeper ones.

use std::collections::BTreeSet;

use finage_tiles::generalise::{Alone, Layer, Levels, NO_GROUP, Role, Rule, Shapes, Small};
use proptest::prelude::*;

use crate::cadastre::{Cadastre, cadastre};
use crate::coverage::{outline, parts};

/// Cells that are one, by the rule said plainly.
fn expected(town: &Cadastre, areas: &[u64], below: u64) -> BTreeSet<Vec<u32>> {
    let mut label: Vec<usize> = (0..areas.len()).collect();
    loop {
        let before = label.clone();
        for (a, b) in town.neighbours() {
            if areas[a].max(areas[b]) < below && town.groups[a] == town.groups[b] {
                let least = label[a].min(label[b]);
                (label[a], label[b]) = (least, least);
            }
        }
        if label == before {
            break;
        }
    }
    let members = |name: usize| (0..).zip(&label).filter(|(_, other)| **other == name).map(|(cell, _)| cell).collect();
    label.iter().map(|&name| members(name)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn small_neighbours_of_a_group_are_merged_and_no_others(
        town in cadastre(5_000..20_000), quarters in 0_u32..48, part in parts(),
    ) {
        let layer = town.layer();
        let areas: Vec<u64> = (0..layer.shapes.len()).map(|shape| layer.shapes.area(shape)).collect();
        let below_px2 = f64::from(quarters) / 4.0;
        let rule = Rule { tolerance_px: 1.0, small: Small::Merge { below_px2, alone: Alone::Keep } };
        for level in Levels::new(layer, rule, 11, 14).unwrap().in_parts_of(part) {
            let below = u64::from(quarters) << (2 * (24 - level.zoom) - 2);
            let merged: BTreeSet<Vec<u32>> =
                (0..level.shapes.len()).map(|shape| level.sources(shape).to_vec()).collect();
            prop_assert_eq!(merged, expected(&town, &areas, below), "z{}", level.zoom);
            outline(&level)?;
        }
    }
}

/// Squares of ten grid units of zoom 12 side by side, in a row.
fn row(squares: u32) -> Shapes {
    let mut shapes = Shapes::default();
    for west in (0..squares).map(|square| square * 2560) {
        shapes.add_ring([[west, 0], [west + 2560, 0], [west + 2560, 2560], [west, 2560]], Role::Outer);
        shapes.end_shape();
    }
    shapes
}

#[test]
fn what_has_no_group_is_not_merged() {
    let small = Small::Merge { below_px2: 4.0, alone: Alone::Keep };
    let layer = Layer { shapes: row(4), groups: vec![NO_GROUP, NO_GROUP, 7, 7] };
    let level = Levels::new(layer, Rule { tolerance_px: 1.0, small }, 12, 12).unwrap().next().unwrap();
    let sources: Vec<&[u32]> = (0..level.shapes.len()).map(|shape| level.sources(shape)).collect();
    assert_eq!(sources, [&[0][..], &[1], &[2, 3]]);
}

#[test]
fn what_stays_small_alone_is_dropped() {
    // At zoom 12 the squares are 0.39 px² each: the pair is shown, the lonely one is not.
    let small = Small::Merge { below_px2: 0.5, alone: Alone::Drop { below_px2: 0.5 } };
    let layer = Layer { shapes: row(3), groups: vec![1, 1, 2] };
    let level = Levels::new(layer, Rule { tolerance_px: 0.5, small }, 12, 12).unwrap().next().unwrap();
    assert_eq!((level.shapes.len(), level.sources(0), &level.dropped[..]), (1, &[0, 1][..], &[2][..]));
}

#[test]
fn what_was_dropped_alone_is_shown_where_it_merges() {
    // At zoom 12 each square is too small to be shown and too large to merge; at zoom 11 the six make 0.59 px².
    let small = Small::Merge { below_px2: 0.3, alone: Alone::Drop { below_px2: 0.5 } };
    let layer = Layer { shapes: row(6), groups: Vec::new() };
    let levels: Vec<_> = Levels::new(layer, Rule { tolerance_px: 0.5, small }, 11, 12).unwrap().collect();
    assert_eq!((levels[0].shapes.len(), levels[0].dropped.len()), (0, 6));
    assert_eq!((levels[1].sources(0), levels[1].dropped.len()), (&[0, 1, 2, 3, 4, 5][..], 0));
}

#[test]
fn a_ring_of_small_areas_keeps_its_hole() {
    // Eight small squares around a large gap: merged, they are one polygon with a hole.
    let mut shapes = Shapes::default();
    for (x, y) in [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)] {
        let [west, north] = [x * 12_800, y * 12_800];
        shapes.add_ring(
            [[west, north], [west + 12_800, north], [west + 12_800, north + 12_800], [west, north + 12_800]],
            Role::Outer,
        );
        shapes.end_shape();
    }
    let small = Small::Merge { below_px2: 16.0, alone: Alone::Keep };
    let level = Levels::new(Layer { shapes, groups: Vec::new() }, Rule { tolerance_px: 1.0, small }, 12, 12)
        .unwrap()
        .next()
        .unwrap();
    assert_eq!((level.shapes.len(), level.shapes.rings(0).count()), (1, 2));
    assert_eq!(level.shapes.area(0), 8 * 12_800 * 12_800);
}
