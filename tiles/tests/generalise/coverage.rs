//! Neighbours stay neighbours: no gap, no overlap, the same points on both sides.

use std::collections::{HashMap, HashSet};

use finage_tiles::generalise::{Alone, Level, Levels, Point, Rule, Small};
use proptest::prelude::*;

use crate::cadastre::cadastre;

/// Every edge of a level, in its direction.
fn edges(level: &Level) -> impl Iterator<Item = (Point, Point)> {
    (0..level.shapes.len())
        .flat_map(|shape| level.shapes.rings(shape))
        .flat_map(|ring| ring.iter().enumerate().map(|(index, &from)| (from, ring[(index + 1) % ring.len()])))
}

/// Points worked on at once: all, or so few that a town is many parts.
pub fn parts() -> impl Strategy<Value = usize> {
    prop_oneof![Just(usize::MAX), 12_usize..300]
}

/// The borders with nothing on the other side, as rings that go through no point twice.
///
/// Fails when an edge is drawn twice the same way, when two of these borders cross, or when one turns around a gap. What is
/// left, with no shape that turns the wrong way, leaves no room for a gap nor an overlap: shapes wind around every point as
/// many times as their outline does.
pub fn outline(level: &Level) -> Result<Vec<Vec<Point>>, TestCaseError> {
    let mut all = HashSet::new();
    for edge in edges(level) {
        prop_assert!(all.insert(edge), "z{}: {edge:?} is drawn twice", level.zoom);
    }
    let mut left: Vec<(Point, Point)> = all.iter().filter(|(from, to)| !all.contains(&(*to, *from))).copied().collect();
    left.sort_unstable();
    for (index, &edge) in left.iter().enumerate() {
        let crossed = left[index + 1..].iter().find(|&&other| cross_or_overlap(edge, other));
        prop_assert!(crossed.is_none(), "z{}: {edge:?} crosses {crossed:?}", level.zoom);
    }
    let mut next: HashMap<Point, Vec<Point>> = HashMap::new();
    for &(from, to) in &left {
        next.entry(from).or_default().push(to);
    }
    let mut rings = Vec::new();
    for &(start, _) in &left {
        let mut path = Vec::new();
        let mut at = start;
        while let Some(to) = next.get_mut(&at).and_then(Vec::pop) {
            path.push(at);
            at = to;
            if let Some(back) = path.iter().position(|&point| point == at) {
                rings.push(path.split_off(back));
            }
        }
        prop_assert!(path.is_empty(), "z{}: the outline is open at {at:?}", level.zoom);
    }
    prop_assert!(rings.iter().all(|ring| doubled_area(ring) > 0), "z{}: a gap stays between shapes", level.zoom);
    Ok(rings)
}

/// Whether two segments have more than an end in common, in the plane of integers.
pub fn cross_or_overlap((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let wide = |point: Point| point.map(i128::from);
    let side = |p: Point, q: Point, r: Point| {
        let ([px, py], [qx, qy], [rx, ry]) = (wide(p), wide(q), wide(r));
        ((qx - px) * (ry - py) - (qy - py) * (rx - px)).signum()
    };
    let sides = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
    if sides == [0; 4] {
        let axis = usize::from(a[0] == b[0]);
        let (low, high) = (a[axis].min(b[axis]), a[axis].max(b[axis]));
        return c[axis].min(d[axis]) < high && c[axis].max(d[axis]) > low;
    }
    sides[0] * sides[1] < 0 && sides[2] * sides[3] < 0
}

fn doubled_area(ring: &[Point]) -> i128 {
    ring.iter()
        .enumerate()
        .map(|(index, from)| {
            let to = ring[(index + 1) % ring.len()];
            i128::from(from[0]) * i128::from(to[1]) - i128::from(to[0]) * i128::from(from[1])
        })
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// At zoom 12 a grid unit is 256 world units and a pixel 4,096: cells are a fifth of a grid unit to five pixels wide.
    #[test]
    fn neighbours_stay_neighbours(
        town in cadastre(60..20_000), merge in 0.0..40.0_f64, is_merging: bool, part in parts(),
    ) {
        let small = if is_merging { Small::Merge { below_px2: merge, alone: Alone::Keep } } else { Small::Keep };
        let layer = town.layer();
        // Points of the outline.
        let points = town.outer_sides() * 4;
        let whole: i128 = (0..layer.shapes.len()).map(|shape| i128::from(layer.shapes.area(shape))).sum();
        for level in Levels::new(layer, Rule { tolerance_px: 1.0, small }, 9, 13).unwrap().in_parts_of(part) {
            prop_assert_eq!(level.repaired, 0);
            for ring in (0..level.shapes.len()).filter_map(|shape| level.shapes.rings(shape).next()) {
                prop_assert!(doubled_area(ring) > 0);
            }
            let covered: i128 = outline(&level)?.iter().map(|ring| doubled_area(ring)).sum::<i128>() / 2;
            // Each cut of the outline takes or gives less than half a square pixel; there is one a point at most, and
            // those of deeper zooms add a third.
            let px2 = 1_i128 << (2 * (24 - u32::from(level.zoom)));
            prop_assert!((covered - whole).abs() <= points as i128 * px2, "z{}: {covered} of {whole}", level.zoom);
        }
    }

    #[test]
    fn points_are_those_of_the_layer_brought_to_the_grid(town in cadastre(60..20_000), zoom in 9_u8..15) {
        let layer = town.layer();
        let unit = 1_u32 << (20 - zoom);
        let grid: HashSet<Point> =
            layer.shapes.points().iter().map(|point| point.map(|value| (value + unit / 2) / unit * unit)).collect();
        let level = Levels::new(layer, Rule::default(), zoom, zoom).unwrap().next().unwrap();
        prop_assert!(level.shapes.points().iter().all(|point| grid.contains(point)));
    }

    #[test]
    fn a_level_does_not_depend_on_the_order_of_the_layer(
        (town, order) in cadastre(60..20_000).prop_flat_map(|town| {
            let order: Vec<usize> = (0..town.cells.len()).collect();
            (Just(town), Just(order).prop_shuffle())
        }),
        turn in 0_usize..12,
    ) {
        let small = Small::Merge { below_px2: 6.0, alone: Alone::Drop { below_px2: 1.0 } };
        let rule = Rule { tolerance_px: 1.0, small };
        let levels = Levels::new(town.layer(), rule, 10, 13).unwrap();
        let shuffled = Levels::new(town.layer_in(&order, turn), rule, 10, 13).unwrap();
        for (level, other) in levels.zip(shuffled) {
            prop_assert_eq!(drawn(&level, |source| source as usize), drawn(&other, |source| order[source as usize]));
        }
    }
}

/// A level as cells and rings, in an order of its own.
fn drawn(level: &Level, cell: impl Fn(u32) -> usize) -> Vec<(Vec<usize>, Vec<Vec<Point>>)> {
    let mut drawn: Vec<_> = (0..level.shapes.len())
        .map(|shape| {
            let mut cells: Vec<usize> = level.sources(shape).iter().map(|&source| cell(source)).collect();
            cells.sort_unstable();
            (cells, level.shapes.rings(shape).map(<[Point]>::to_vec).collect())
        })
        .collect();
    drawn.sort_unstable();
    drawn
}
