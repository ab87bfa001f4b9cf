//! A tile encoded from a layer, on a thread that may compute.

use std::cell::RefCell;
use std::sync::Arc;

use finage_tiles::{Layer, Predicate, TileCoord, TileRequest, TileScratch};

thread_local! {
    static SCRATCH: RefCell<TileScratch> = RefCell::default();
}

/// What is drawn of a layer.
#[derive(Debug)]
pub(super) struct Drawn {
    /// The layer as it is now.
    pub layer: Arc<Layer>,
    /// Which tile.
    pub coord: TileCoord,
    /// Properties wanted.
    pub fields: Vec<&'static str>,
    /// Rows that may be seen.
    pub predicate: Predicate,
}

/// The MVT of a layer in a tile, empty when nothing that may be seen is there; `None`, and a line in the log, when its snapshot
/// cannot be read.
pub(super) async fn encoded(drawn: Drawn) -> Option<Vec<u8>> {
    let encoding = tokio::task::spawn_blocking(move || {
        let request = TileRequest::new(drawn.coord, &drawn.fields, &drawn.predicate);
        let mut bytes = Vec::new();
        SCRATCH.with_borrow_mut(|scratch| drawn.layer.tile(&request, scratch, &mut bytes)).map(|_| bytes)
    });
    match encoding.await {
        Ok(Ok(bytes)) => Some(bytes),
        Ok(Err(error)) => {
            tracing::error!(%error, "instantané illisible : la tuile vient de PostGIS");
            None
        }
        Err(error) => {
            tracing::error!(%error, "la tuile n'a pas pu être encodée : elle vient de PostGIS");
            None
        }
    }
}
