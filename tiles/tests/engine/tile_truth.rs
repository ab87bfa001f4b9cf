//! Tiles against brute force and a library that shares nothing with the encoder.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::mvt::{self, Feature};
use crate::parcels::{FIELDS, Row, place, rows, writer};
use finage_tiles::{
    Condition, Geometry, Kind, Layer, Overlayer, Pos, Predicate, TileCoord, TileRequest, TileScratch, Validator,
    Verdict,
};
use geo::{Area, BooleanOps, Relate, Validation};
use proptest::prelude::*;

fn features(layer: &Layer, (z, x, y): (u8, u32, u32), predicate: &Predicate) -> Vec<Feature> {
    let coord = TileCoord::new(z, x, y).unwrap();
    let mut out = Vec::new();
    let request = TileRequest::new(coord, &FIELDS, predicate);
    let stats = layer.tile(&request, &mut <TileScratch>::default(), &mut out).unwrap();
    let features = mvt::decode(&out).into_iter().next().map_or(Vec::new(), |layer| {
        assert_eq!(layer.name, "parcelles");
        layer.features
    });
    assert_eq!(stats.features as usize, features.len());
    features
}

fn layer(kind: Kind, rows: &[Row]) -> Layer {
    Layer::new(Arc::new(writer(kind, rows).finish_in_memory().unwrap()))
}

/// A position on the grid of a tile, as the specification of the world's units has it.
fn rounded(pos: Pos, (z, x, y): (u8, u32, u32)) -> (i64, i64) {
    #[expect(clippy::cast_possible_truncation, reason = "units of the grid have 34 bits")]
    let at = |units: i64, cell: u32| {
        let exact = units as f64 / 2_f64.powi(32 - i32::from(z) - 12);
        (exact + 0.5).floor() as i64 - i64::from(cell) * 4096
    };
    (at(pos.x, x), at(pos.y, y))
}

/// The rounded shape as the library sees it, repaired where it has to be, and whether it had not; `None` when nothing is
/// left.
fn truth(shape: &Geometry, tile: (u8, u32, u32)) -> Option<(geo::MultiPolygon<f64>, bool)> {
    let mut drawn = Geometry::new(Kind::Polygon);
    shape.draw_into(&mut drawn, |pos| {
        let (x, y) = rounded(pos, tile);
        Pos::new(x, y)
    });
    let mut overlayer = Overlayer::default();
    let valid = overlayer.check(&drawn) == Verdict::Valid;
    if !valid {
        let mut repaired = Geometry::new(Kind::Polygon);
        overlayer.repair(&drawn, None, &mut repaired);
        drawn = repaired;
    }
    (!drawn.is_empty()).then(|| (to_geo(&drawn), valid))
}

fn to_geo(shape: &Geometry) -> geo::MultiPolygon<f64> {
    let line =
        |ring: &[Pos]| geo::LineString::from(ring.iter().map(|pos| (pos.x as f64, pos.y as f64)).collect::<Vec<_>>());
    let polygon = |part| {
        let mut rings = shape.paths_of(part);
        geo::Polygon::new(line(rings.next().unwrap()), rings.map(line).collect())
    };
    geo::MultiPolygon(shape.parts().map(polygon).collect())
}

/// The tile with `margin` units around it.
fn around(margin: f64) -> geo::Polygon<f64> {
    geo::Rect::new((-margin, -margin), (4096.0 + margin, 4096.0 + margin)).to_polygon()
}

fn insides_meet(shape: &geo::MultiPolygon<f64>, other: &geo::Polygon<f64>) -> bool {
    shape.relate(other).matches("T********").unwrap()
}

fn by_key(features: Vec<Feature>) -> BTreeMap<u64, Feature> {
    features.into_iter().map(|feature| (feature.id.unwrap(), feature)).collect()
}

fn properties(row: &Row) -> BTreeMap<String, String> {
    let mut properties = BTreeMap::from([("idu".to_owned(), row.idu.clone())]);
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            properties.insert(name.to_owned(), value);
        }
    };
    put("section", row.section.map(str::to_owned));
    put("contenance", row.contenance.map(|number| number.to_string()));
    put("arpentee", row.arpentee.map(|yes| yes.to_string()));
    put("angle", row.angle.map(|angle| angle.to_string()));
    properties
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn polygons_of_a_tile_are_valid_and_those_that_are_in_it(rows in rows(Kind::Polygon, 30), tile in place()) {
        let found = by_key(features(&layer(Kind::Polygon, &rows), tile, &Predicate::everything()));
        for row in &rows {
            let feature = found.get(&row.key);
            if let Some(feature) = feature {
                prop_assert_eq!(&feature.properties, &properties(row));
                let drawn = mvt::polygons(feature);
                prop_assert!(drawn.is_valid(), "{:?}", drawn);
            }
            match (truth(&row.shape, tile), feature) {
                (Some((shape, true)), _) => prop_assert_eq!(feature.is_some(), insides_meet(&shape, &around(64.0))),
                // What is repaired by being cut is told within a unit of the edge, less the needles that go.
                (Some((shape, false)), Some(_)) => prop_assert!(insides_meet(&shape, &around(65.0))),
                (Some((shape, false)), None) => {
                    let lost = shape.intersection(&geo::MultiPolygon(vec![around(63.0)])).unsigned_area();
                    prop_assert!(lost < 20_000.0, "{} is missing", row.key);
                }
                (None, _) => prop_assert!(feature.is_none()),
            }
        }
    }

    #[test]
    fn what_stays_near_a_tile_is_whole(rows in rows(Kind::Polygon, 30), tile in place()) {
        let found = by_key(features(&layer(Kind::Polygon, &rows), tile, &Predicate::everything()));
        for row in &rows {
            let points: Vec<(i64, i64)> = row.shape.points().iter().map(|pos| rounded(*pos, tile)).collect();
            let near = points.iter().all(|(x, y)| (-4096..=8192).contains(x) && (-4096..=8192).contains(y));
            if let Some((shape, _)) = truth(&row.shape, tile).filter(|_| near) {
                let expected = insides_meet(&shape, &around(64.0)).then_some(shape);
                let drawn = found.get(&row.key).map(mvt::polygons);
                prop_assert_eq!(drawn.map(|drawn| drawn.unsigned_area()), expected.map(|shape| shape.unsigned_area()));
            }
        }
    }

    #[test]
    fn points_of_a_tile_are_those_in_its_box(rows in rows(Kind::Point, 30), tile in place()) {
        let found = by_key(features(&layer(Kind::Point, &rows), tile, &Predicate::everything()));
        for row in &rows {
            let mut expected: Vec<(i64, i64)> = row.shape.points().iter().map(|pos| rounded(*pos, tile))
                .filter(|(x, y)| (-64..=4160).contains(x) && (-64..=4160).contains(y)).collect();
            expected.dedup();
            let drawn = found.get(&row.key).map_or(Vec::new(), |feature| feature.paths.concat());
            prop_assert_eq!(drawn, expected);
        }
    }

    #[test]
    fn lines_of_a_tile_are_in_it(rows in rows(Kind::Line, 30), tile in place()) {
        let found = by_key(features(&layer(Kind::Line, &rows), tile, &Predicate::everything()));
        for row in &rows {
            let inside = row.shape.paths().any(|line| {
                let line: Vec<_> = line.iter().map(|pos| rounded(*pos, tile)).collect();
                line.windows(2).any(|edge| edge[0] != edge[1] && {
                    let at = |(x, y): (i64, i64)| geo::coord! { x: x as f64, y: y as f64 };
                    let edge = geo::LineString::new(vec![at(edge[0]), at(edge[1])]);
                    edge.relate(&around(60.0)).matches("T********").unwrap()
                })
            });
            prop_assert!(!inside || found.contains_key(&row.key), "{} is missing", row.key);
        }
    }

    #[test]
    fn a_predicate_is_what_looking_at_each_row_says(
        rows in rows(Kind::Polygon, 40),
        tile in place(),
        any in prop::collection::vec((0_u8..8, 0_u8..16), 0..3),
    ) {
        // Bits say which values open: none, then each.
        let (audiences, territoires) = ([None, Some("public"), Some("agents")], [None, Some("nord"), Some("sud"), Some("est")]);
        let pick = |of: &[Option<&str>], bits: u8| -> Vec<Option<String>> {
            let chosen = of.iter().enumerate().filter(|(rank, _)| bits >> rank & 1 == 1);
            chosen.map(|(_, value)| value.map(str::to_owned)).chain([Some("inconnu".to_owned())]).collect()
        };
        let mut predicate = Predicate::nothing();
        for (first, second) in &any {
            predicate = predicate.or_all(vec![
                Condition { column: "audience".to_owned(), values: pick(&audiences, *first) },
                Condition { column: "territoire".to_owned(), values: pick(&territoires, *second) },
            ]);
        }
        let has = |of: &[Option<&str>], bits: u8, value: Option<&str>| {
            of.iter().position(|known| *known == value).is_some_and(|rank| bits >> rank & 1 == 1)
        };
        let layer = layer(Kind::Polygon, &rows);
        let all = by_key(features(&layer, tile, &Predicate::everything()));
        let seen = by_key(features(&layer, tile, &predicate));
        for row in &rows {
            let allowed = any.iter().any(|(first, second)| {
                has(&audiences, *first, row.audience) && has(&territoires, *second, row.territoire)
            });
            prop_assert_eq!(seen.get(&row.key), all.get(&row.key).filter(|_| allowed));
        }
    }

    #[test]
    fn a_tile_that_would_be_too_large_loses_its_smallest_shapes(
        (kind, rows) in prop::sample::select(vec![Kind::Polygon, Kind::Point])
            .prop_flat_map(|kind| (Just(kind), rows(kind, 60))),
        (z, x, y) in place(),
        max_bytes in 0_usize..4000,
    ) {
        let layer = layer(kind, &rows);
        let coord = TileCoord::new(z, x, y).unwrap();
        let predicate = Predicate::everything();
        let all = by_key(features(&layer, (z, x, y), &predicate));
        let mut out = Vec::new();
        let request = TileRequest::new(coord, &FIELDS, &predicate).at_most(max_bytes);
        match layer.tile(&request, &mut <TileScratch>::default(), &mut out) {
            Ok(stats) => {
                // Keys and names come on top.
                prop_assert!(out.len() <= max_bytes + 100);
                let kept = by_key(mvt::decode(&out).into_iter().flat_map(|layer| layer.features).collect());
                prop_assert!(kept.iter().all(|(key, feature)| all.get(key) == Some(feature)));
                prop_assert!(stats.left_out as usize >= all.len() - kept.len());
                prop_assert!(!stats.thinning.is_none() || kept.len() == all.len());
                if kind == Kind::Polygon {
                    let side = |row: &Row| {
                        let points: Vec<_> = row.shape.points().iter().map(|pos| rounded(*pos, (z, x, y))).collect();
                        let span = |of: fn(&(i64, i64)) -> i64| {
                            points.iter().map(of).max().unwrap() - points.iter().map(of).min().unwrap()
                        };
                        span(|point| point.0).max(span(|point| point.1))
                    };
                    for row in rows.iter().filter(|row| all.contains_key(&row.key)) {
                        prop_assert_eq!(kept.contains_key(&row.key), side(row) >= stats.thinning.smallest());
                    }
                }
            }
            Err(_) => prop_assert!(out.is_empty() && !all.is_empty()),
        }
    }

    #[test]
    fn the_library_agrees_on_what_is_valid(
        rings in prop::collection::vec(prop::collection::vec((0_i64..14, 0_i64..14), 3..8), 1..4), parts in any::<bool>(),
    ) {
        let mut shape = Geometry::new(Kind::Polygon);
        for ring in &rings {
            for (x, y) in ring { shape.push(Pos::new(*x, *y)); }
            shape.end_ring();
            if parts {
                shape.end_part();
            }
        }
        shape.end_part();
        let ours = Validator::default().check(&shape) == Verdict::Valid;
        let theirs = to_geo(&shape).is_valid();
        if rings.len() == 1 {
            prop_assert_eq!(ours, theirs);
        } else {
            prop_assert!(!ours || theirs, "{:?}", shape);
        }
    }
}

#[test]
fn a_zoom_without_a_level_draws_nothing() {
    let empty = layer(Kind::Polygon, &[]);
    let mut change = empty.change().unwrap();
    let at = |x: i64, y: i64| Pos::new(crate::parcels::CORNER.0 + x, crate::parcels::CORNER.1 + y);
    let mut shape = Geometry::new(Kind::Polygon);
    for pos in [at(0, 0), at(90_000, 0), at(0, 90_000)] {
        shape.push(pos);
    }
    shape.end_ring();
    shape.end_part();
    change.put(1, &shape, &[finage_tiles::Cell::Null; 7]).unwrap();
    let changed = empty.apply(change).unwrap().layer;
    let predicate = Predicate::everything();
    let drawn = [(9, 262, 186), (10, 525, 373), (14, 8402, 5977), (22, 8402 << 8, 5977 << 8)]
        .map(|place| features(&changed, place, &predicate).len());
    assert_eq!(drawn, [0, 1, 1, 1]);
    let coord = TileCoord::new(14, 8402, 5977).unwrap();
    let request = TileRequest::new(coord, &["idu", "idu"], &predicate);
    assert!(changed.tile(&request, &mut <TileScratch>::default(), &mut Vec::new()).is_err());
}

#[test]
fn a_predicate_over_what_is_no_right_is_refused() {
    let layer = layer(Kind::Polygon, &[]);
    let coord = TileCoord::new(14, 0, 0).unwrap();
    let mut out = Vec::new();
    for (column, field) in
        [("section", "idu"), ("inconnue", "idu"), ("audience", "territoire"), ("audience", "inconnu")]
    {
        let predicate = Predicate::nothing().or_all(vec![Condition::one_of(column, ["public"])]);
        let fields = [field];
        let request = TileRequest::new(coord, &fields, &predicate);
        assert!(layer.tile(&request, &mut <TileScratch>::default(), &mut out).is_err(), "{column}, {field}");
    }
    assert!(out.is_empty());
}
