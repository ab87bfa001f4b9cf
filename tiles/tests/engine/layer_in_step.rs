//! A layer with changes over it draws what a snapshot of its rows of now draws.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::mvt::{self, Feature};
use crate::parcels::{FIELDS, Row, place, rows, writer};
use finage_tiles::{Kind, Layer, Predicate, TileCoord, TileRequest, TileScratch};
use proptest::prelude::*;

fn features(layer: &Layer, (z, x, y): (u8, u32, u32)) -> BTreeMap<u64, Feature> {
    let coord = TileCoord::new(z, x, y).unwrap();
    let predicate = Predicate::everything();
    let mut out = Vec::new();
    let request = TileRequest::new(coord, &FIELDS, &predicate);
    layer.tile(&request, &mut <TileScratch>::default(), &mut out).unwrap();
    let features = mvt::decode(&out).into_iter().flat_map(|layer| layer.features);
    let mut keyed = BTreeMap::new();
    for feature in features {
        assert!(keyed.insert(feature.id.unwrap(), feature).is_none(), "a row is drawn once");
    }
    keyed
}

fn layer(rows: &[Row]) -> Layer {
    Layer::new(Arc::new(writer(Kind::Polygon, rows).finish_in_memory().unwrap()))
}

#[test]
fn threads_share_a_layer_and_each_has_its_memory() {
    fn shared<T: Send + Sync>() {}
    fn moved<T: Send>() {}
    shared::<Layer>();
    shared::<finage_tiles::SnapshotWriter>();
    moved::<TileScratch>();
    moved::<finage_tiles::Batch>();
    moved::<finage_tiles::Change>();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn changes_are_drawn(
        before in rows(Kind::Polygon, 25),
        new in rows(Kind::Polygon, 30),
        edits in prop::collection::vec(prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..8), 0..6),
        tile in place(),
    ) {
        let mut now: BTreeMap<u64, Row> = before.iter().map(|row| (row.key, row.clone())).collect();
        let mut current = layer(&before);
        for edits in edits {
            let mut change = current.change().unwrap();
            for (put, which) in edits {
                if let Some(row) = (!new.is_empty()).then(|| which.get(&new)) {
                    if put {
                        change.put(row.key, &row.shape, &row.cells()).unwrap();
                        now.insert(row.key, row.clone());
                    } else {
                        change.remove(row.key).unwrap();
                        now.remove(&row.key);
                    }
                }
            }
            let former = features(&current, tile);
            let applied = current.apply(change).unwrap();
            let latter = features(&applied.layer, tile);
            if former != latter {
                let coord = TileCoord::new(tile.0, tile.1, tile.2).unwrap();
                let reach = finage_tiles::TileGrid::new(coord).reach();
                prop_assert!(applied.touched.iter().any(|bounds| bounds.touches(&reach)), "a change says where it is");
            }
            current = applied.layer;
        }
        let now: Vec<Row> = now.into_values().collect();
        let expected = features(&layer(&now), tile);
        prop_assert_eq!(&features(&current, tile), &expected);
        prop_assert_eq!(current.rows(), now.iter().filter(|row| !row.shape.is_empty()).count());
        let compacted = Layer::new(Arc::new(current.compact().unwrap().finish_in_memory().unwrap()));
        prop_assert_eq!(compacted.pending(), 0);
        prop_assert_eq!(features(&compacted, tile), expected);
    }
}
