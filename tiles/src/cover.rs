//! The tiles of a zoom that have something, found by the index from the top of the pyramid down, in the order in which
//! PMTiles 3 keeps them.

use crate::coord::TileCoord;
use crate::layer::Layer;

/// What of a square of the world is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Nothing.
    Out,
    /// Some of it.
    Partly,
    /// All of it: squares inside are not asked about.
    Whole,
}

/// The tiles of a zoom in which a layer has a row, by the boxes of rows: a few may turn out empty, none is missing.
#[derive(Debug)]
pub struct Cover<'a, Z> {
    layers: &'a [&'a Layer],
    zone: Z,
    zoom: u8,
    /// Tiles still to look at, the next on top, and whether their zone is known to be wanted whole.
    stack: Vec<(TileCoord, bool)>,
}

impl<'a, Z: Fn(TileCoord) -> Within> Cover<'a, Z> {
    /// Of these layers at this zoom (that of [`crate::ZOOM_MAX`] at most), where `zone` wants it.
    #[must_use]
    pub fn new(layers: &'a [&'a Layer], zoom: u8, zone: Z) -> Self {
        Self { layers, zone, zoom: zoom.min(crate::ZOOM_MAX), stack: vec![(TileCoord::WORLD, false)] }
    }
}

impl<Z: Fn(TileCoord) -> Within> Iterator for Cover<'_, Z> {
    type Item = TileCoord;

    fn next(&mut self) -> Option<TileCoord> {
        while let Some((coord, whole)) = self.stack.pop() {
            let within = if whole { Within::Whole } else { (self.zone)(coord) };
            if within == Within::Out || !self.layers.iter().any(|layer| layer.has_rows_in(coord, self.zoom)) {
                continue;
            }
            if coord.z() == self.zoom {
                return Some(coord);
            }
            let mut children = coord.children();
            children.sort_unstable_by_key(|child| std::cmp::Reverse(child.along_curve()));
            self.stack.extend(children.map(|child| (child, within == Within::Whole)));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::{ColumnType, Geometry, Kind, Predicate, Schema, SnapshotWriter, TileRequest, TileScratch};

    /// A layer of squares of some metres around places of a town.
    fn squares(places: &[(f64, f64, f64)]) -> Layer {
        let writer =
            SnapshotWriter::new(Schema::new("carres", Kind::Polygon).publishes("n", ColumnType::Integer)).unwrap();
        let mut batch = writer.batch(0).unwrap();
        for (key, (x, y, side)) in (0..).zip(places) {
            let (x, y) = (515_000.0 + x, 5_413_000.0 + y);
            let ring = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)];
            batch.push(key, &Geometry::of_polygons([[ring]]).unwrap(), &[crate::Cell::Null]).unwrap();
        }
        writer.add(batch).unwrap();
        Layer::new(Arc::new(writer.finish_in_memory().unwrap()))
    }

    fn draws(layer: &Layer, coord: TileCoord) -> bool {
        let (mut out, predicate) = (Vec::new(), Predicate::everything());
        layer.tile(&TileRequest::new(coord, &["n"], &predicate), &mut <TileScratch>::default(), &mut out).unwrap();
        !out.is_empty()
    }

    /// Every tile of a zoom around the town, and some more.
    fn around(zoom: u8) -> Vec<TileCoord> {
        let middle = TileCoord::containing(4.6268, 43.6605, zoom);
        let near = |at: u32| at.saturating_sub(6)..=(at + 6).min((1 << zoom) - 1);
        near(middle.x()).flat_map(|x| near(middle.y()).map(move |y| TileCoord::new(zoom, x, y).unwrap())).collect()
    }

    proptest! {
        #[test]
        fn every_tile_that_draws_is_there_once_in_order_and_few_others(
            places in prop::collection::vec((-500.0..500.0_f64, -500.0..500.0_f64, 1.0..200.0_f64), 0..40),
            zoom in 0_u8..18,
        ) {
            let layer = squares(&places);
            let found: Vec<TileCoord> = Cover::new(&[&layer], zoom, |_| Within::Whole).collect();
            prop_assert!(found.windows(2).all(|pair| pair[0].along_curve() < pair[1].along_curve()));
            for coord in around(zoom) {
                let (here, drawn) = (found.contains(&coord), draws(&layer, coord));
                // Far from the ground a square may round to nothing.
                prop_assert!(here == drawn || here && zoom < 14, "{:?}", coord);
            }
            prop_assert!(found.iter().all(|coord| around(zoom).contains(coord)));
        }

        #[test]
        fn a_zone_keeps_what_it_wants(
            places in prop::collection::vec((-500.0..500.0_f64, -500.0..500.0_f64, 1.0..200.0_f64), 1..20),
            east in -500.0..500.0_f64,
        ) {
            let layer = squares(&places);
            let edge = TileCoord::containing(4.6268 + east / 90_000.0, 43.66, 17).x();
            // What is to the east of a column of zoom 17.
            let zone = |coord: TileCoord| {
                let (first, after) = (coord.x() << (17 - coord.z()), (coord.x() + 1) << (17 - coord.z()));
                if first >= edge { Within::Whole } else if after <= edge { Within::Out } else { Within::Partly }
            };
            let all: Vec<TileCoord> = Cover::new(&[&layer], 17, |_| Within::Whole).collect();
            let kept: Vec<TileCoord> = Cover::new(&[&layer], 17, zone).collect();
            prop_assert_eq!(kept, all.into_iter().filter(|coord| coord.x() >= edge).collect::<Vec<_>>());
        }
    }
}
