//! Vector tiles of the layers: TileJSON, versions, and tiles from PostGIS.

use std::time::{Duration, Instant};

use finage_tiles::{TileCoord, TileJson, VectorLayer};
use sqlx::PgPool;
use tokio::sync::Mutex;

use crate::cadastre::layers::{Layer, ZOOM_MAX, layer};

/// Layers that one address may ask for.
pub const MAX_LAYERS: usize = 16;
/// How long a layer's version is trusted without asking the database again.
const VERSIONS_FOR: Duration = Duration::from_millis(500);

/// The layers of a comma-separated list, in the order asked; `None` when one is unknown, doubled, or there are too many.
#[must_use]
pub fn parse_layers(list: &str) -> Option<Vec<&'static Layer>> {
    let mut layers: Vec<&'static Layer> = Vec::new();
    for id in list.split(',') {
        let found = layer(id)?;
        if layers.len() == MAX_LAYERS || layers.iter().any(|seen| seen.id == found.id) {
            return None;
        }
        layers.push(found);
    }
    Some(layers)
}

/// When versions were read, the database's identity, and each layer's version.
type Read = (Instant, String, Vec<(String, i64)>);

/// Versions of the layers, read at most twice a second.
#[derive(Debug, Default)]
pub struct Versions {
    read: Mutex<Option<Read>>,
}

impl Versions {
    /// A string that changes when one of these layers, the database or the program changes.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn of(&self, pool: &PgPool, layers: &[&Layer]) -> sqlx::Result<String> {
        let mut read = self.read.lock().await;
        let fresh = read.as_ref().is_some_and(|(at, ..)| at.elapsed() < VERSIONS_FOR);
        if !fresh {
            let base: String = sqlx::query_scalar("select left(valeur, 8) from core.parametre where nom = 'base'")
                .fetch_one(pool)
                .await?;
            let rows: Vec<(String, i64)> =
                sqlx::query_as("select id, version from core.couche order by id").fetch_all(pool).await?;
            *read = Some((Instant::now(), base, rows));
        }
        let Some((_, base, versions)) = read.as_ref() else { return Ok(String::new()) };
        let of = |id: &str| versions.iter().find(|(name, _)| name == id).map_or(0, |(_, version)| *version);
        let versions = layers.iter().map(|layer| of(layer.id).to_string()).collect::<Vec<_>>().join(".");
        Ok(format!("{base}-{}-{versions}", env!("CARGO_PKG_VERSION")))
    }
}

/// The MVT of these layers in one tile, uncompressed; empty when nothing is there.
///
/// # Errors
/// The database refused or timed out.
pub async fn tile(pool: &PgPool, layers: &[&Layer], coord: TileCoord) -> sqlx::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for layer in layers.iter().filter(|layer| coord.z() >= layer.zoom_min) {
        let part: Vec<u8> = sqlx::query_scalar(layer.sql)
            .bind(i32::from(coord.z()))
            .bind(i32::try_from(coord.x()).unwrap_or(i32::MAX))
            .bind(i32::try_from(coord.y()).unwrap_or(i32::MAX))
            .fetch_one(pool)
            .await?;
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// Identifier and label of every layer, in drawing order.
///
/// # Errors
/// The database refused or timed out.
pub async fn labels(pool: &PgPool) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("select id, libelle from core.couche where audience = 'public' order by ordre").fetch_all(pool).await
}

/// TileJSON of these layers; `list` as asked, `origin` without trailing slash.
///
/// # Errors
/// The database refused or timed out.
pub async fn tilejson(pool: &PgPool, layers: &[&Layer], list: &str, origin: &str) -> sqlx::Result<TileJson> {
    let labels = labels(pool).await?;
    let label =
        |id: &str| labels.iter().find(|(name, _)| name == id).map_or_else(|| id.to_owned(), |(_, label)| label.clone());
    let bounds = crate::territory::extent::whole(pool).await?;
    Ok(TileJson {
        tilejson: "3.0.0",
        name: layers.iter().map(|layer| label(layer.id)).collect::<Vec<_>>().join(", "),
        tiles: vec![format!("{origin}/tiles/{list}/{{z}}/{{x}}/{{y}}")],
        vector_layers: layers
            .iter()
            .map(|layer| VectorLayer {
                id: layer.id.to_owned(),
                description: label(layer.id),
                minzoom: layer.zoom_min,
                maxzoom: ZOOM_MAX,
                fields: layer
                    .fields
                    .iter()
                    .map(|(name, meaning)| ((*name).to_owned(), (*meaning).to_owned()))
                    .collect(),
            })
            .collect(),
        attribution: "Plan cadastral informatisé, DGFiP".to_owned(),
        bounds,
        minzoom: layers.iter().map(|layer| layer.zoom_min).min().unwrap_or(0),
        maxzoom: ZOOM_MAX,
        scheme: "xyz",
        version: "1.0.0".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_known_layers_once() {
        assert_eq!(parse_layers("parcelles,labels").unwrap().len(), 2);
        assert!(parse_layers("parcelles,parcelles").is_none());
        assert!(parse_layers("parcelles,proprietaires").is_none());
        assert!(parse_layers("").is_none());
    }
}
