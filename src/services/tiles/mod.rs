//! Vector tiles of the layers: TileJSON, versions, and tiles, from snapshots of layers or from PostGIS.
//!
//! A list may mix layers open to all and layers of rows that belong to collectivités ([`Couche`]). The latter are known to
//! who may read them alone; to others they are as layers that do not exist.

mod build;
mod encode;
mod followed;
mod moment;
mod snapshots;
mod source;
mod versions;

use std::sync::Arc;

use finage_tiles::{Predicate, TileCoord, TileJson, VectorLayer};
use sqlx::PgPool;

pub use build::BuildError;
pub use followed::Followed;
pub use snapshots::{Ready, Snapshots};
pub use source::Source;
pub use versions::{Seen, Versions};

use encode::{Drawn, encoded};

use crate::cadastre::layers::{Layer, ZOOM_MAX, layer};
use crate::db::TenantTx;
use crate::modules::objets::{Couche, Filtre, Regard};

/// Layers that one address may ask for.
pub const MAX_LAYERS: usize = 16;

/// A layer asked for.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "sixteen of them at most, for one request")]
pub enum Demandee {
    /// Open to all.
    Ouverte(&'static Layer),
    /// Drawn under this right.
    Reservee(&'static Couche, Regard),
}

impl Demandee {
    fn id(&self) -> &'static str {
        match self {
            Self::Ouverte(layer) => layer.id,
            Self::Reservee(couche, _) => couche.id,
        }
    }

    fn zoom_min(&self) -> u8 {
        match self {
            Self::Ouverte(layer) => layer.zoom_min,
            Self::Reservee(couche, _) => couche.zoom_min,
        }
    }
}

/// The layers of a comma-separated list, in the order asked; `None` when one is unknown, or `permet` opens it not, or it is
/// doubled, or there are too many.
#[must_use]
pub fn parse_layers(
    list: &str,
    couche: impl Fn(&str) -> Option<&'static Couche>,
    permet: impl Fn(&'static Couche) -> Option<Regard>,
) -> Option<Vec<Demandee>> {
    let mut layers: Vec<Demandee> = Vec::new();
    for id in list.split(',') {
        let found = match layer(id) {
            Some(layer) => Demandee::Ouverte(layer),
            None => couche(id).and_then(|couche| Some(Demandee::Reservee(couche, permet(couche)?)))?,
        };
        if layers.len() == MAX_LAYERS || layers.iter().any(|seen| seen.id() == found.id()) {
            return None;
        }
        layers.push(found);
    }
    Some(layers)
}

/// Those of a list that are open to all.
#[must_use]
pub fn ouvertes(layers: &[Demandee]) -> Vec<&'static Layer> {
    let ouverte = |demandee: &Demandee| match demandee {
        Demandee::Ouverte(layer) => Some(*layer),
        Demandee::Reservee(..) => None,
    };
    layers.iter().filter_map(ouverte).collect()
}

/// The looks under which layers of a list are drawn.
pub fn regards(layers: &[Demandee]) -> impl Iterator<Item = &Regard> {
    layers.iter().filter_map(|layer| match layer {
        Demandee::Reservee(_, regard) => Some(regard),
        Demandee::Ouverte(_) => None,
    })
}

/// The MVT of the layers of a list that are drawn under rights, in one tile; empty when nothing is there. `publiques` says which:
/// under anybody's, in a transaction of nobody, or under an account's, in one of its collectivité.
///
/// # Errors
/// The database refused or timed out.
pub async fn reservees(
    tx: &mut TenantTx,
    followed: &Followed,
    layers: &[Demandee],
    filtre: &Filtre,
    coord: TileCoord,
    publiques: bool,
) -> sqlx::Result<Vec<u8>> {
    let place = (
        i32::from(coord.z()),
        i32::try_from(coord.x()).unwrap_or(i32::MAX),
        i32::try_from(coord.y()).unwrap_or(i32::MAX),
    );
    let mut bytes = Vec::new();
    for layer in layers.iter().filter(|layer| coord.z() >= layer.zoom_min()) {
        if let Demandee::Reservee(couche, regard) = layer
            && regard.est_public() == publiques
        {
            // What a list filters is drawn by PostGIS, which alone knows how.
            let whole = *filtre == Filtre::default();
            let part = if whole { followed.tile(tx, couche, regard, coord).await? } else { None };
            bytes.extend(match part {
                Some(part) => part,
                None => couche.tuile(regard, tx, filtre, place).await?,
            });
        }
    }
    Ok(bytes)
}

/// The MVT of these layers in one tile, uncompressed; empty when nothing is there. `seen` says which versions are drawn: a layer
/// that has a snapshot of its own is encoded from it, the others are from PostGIS.
///
/// # Errors
/// The database refused or timed out.
pub async fn tile(
    pool: &PgPool,
    snapshots: &Snapshots,
    seen: &Seen,
    layers: &[&Layer],
    coord: TileCoord,
) -> sqlx::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for layer in layers.iter().filter(|layer| coord.z() >= layer.zoom_min) {
        if let Some(ready) = snapshots.of(layer, &seen.of(layer))
            && let Some(part) = encoded(Drawn {
                layer: Arc::clone(&ready.layer),
                coord,
                fields: layer.fields.iter().map(|(name, _)| *name).collect(),
                predicate: Predicate::everything(),
            })
            .await
        {
            bytes.extend_from_slice(&part);
            continue;
        }
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
pub async fn tilejson(pool: &PgPool, layers: &[Demandee], list: &str, origin: &str) -> sqlx::Result<TileJson> {
    let labels = labels(pool).await?;
    let label =
        |id: &str| labels.iter().find(|(name, _)| name == id).map_or_else(|| id.to_owned(), |(_, label)| label.clone());
    let bounds = crate::territory::extent::whole(pool).await?;
    let vector_layers: Vec<VectorLayer> = layers.iter().map(|layer| described(layer, &label)).collect();
    let ouverte = layers.iter().any(|layer| matches!(layer, Demandee::Ouverte(_)));
    Ok(TileJson {
        tilejson: "3.0.0",
        name: vector_layers.iter().map(|layer| layer.description.as_str()).collect::<Vec<_>>().join(", "),
        tiles: vec![format!("{origin}/tiles/{list}/{{z}}/{{x}}/{{y}}")],
        vector_layers,
        attribution: if ouverte { "Plan cadastral informatisé, DGFiP".to_owned() } else { String::new() },
        bounds,
        minzoom: layers.iter().map(Demandee::zoom_min).min().unwrap_or(0),
        maxzoom: ZOOM_MAX,
        scheme: "xyz",
        version: "1.0.0".to_owned(),
    })
}

fn described(layer: &Demandee, label: &impl Fn(&str) -> String) -> VectorLayer {
    let fields = match layer {
        Demandee::Ouverte(layer) => {
            layer.fields.iter().map(|(name, meaning)| ((*name).to_owned(), (*meaning).to_owned())).collect()
        }
        Demandee::Reservee(couche, regard) => std::iter::once(("id".to_owned(), "Clé".to_owned()))
            .chain(couche.champs(regard).map(|champ| (champ.nom.to_owned(), champ.libelle.to_owned())))
            .collect(),
    };
    let description = match layer {
        Demandee::Ouverte(layer) => label(layer.id),
        Demandee::Reservee(couche, _) => couche.libelle.to_owned(),
    };
    VectorLayer { id: layer.id().to_owned(), description, minzoom: layer.zoom_min(), maxzoom: ZOOM_MAX, fields }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_known_layers_once() {
        let parse = |list| parse_layers(list, Couche::de, |_| None);
        assert_eq!(parse("parcelles,labels").unwrap().len(), 2);
        assert!(parse("parcelles,parcelles").is_none());
        assert!(parse("parcelles,proprietaires").is_none());
        assert!(parse("parcelles,annotations").is_none(), "nobody opens it");
        assert!(parse("").is_none());
    }
}
