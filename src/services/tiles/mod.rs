//! Vector tiles of the layers: TileJSON, versions, and tiles, from snapshots of layers or from PostGIS.
//!
//! A list may mix layers open to all and layers of rows that belong to collectivités ([`Couche`]). The latter are known to
//! who may read them alone; to others they are as layers that do not exist.

mod build;
mod coding;
mod export;
mod followed;
mod kept;
mod lag;
mod measures;
mod moment;
mod rebuild;
mod served;
mod snapshots;
mod source;
mod touches;
mod verify;
mod versions;

use std::sync::Arc;

use finage_tiles::{Kind, Predicate, Thinning, TileCoord, TileJson, VectorLayer};
use sqlx::PgPool;

pub use build::BuildError;
pub use coding::Coding;
pub use export::{ExportError, Exported, Means, Wanted, Zone, export};
pub use followed::Followed;
pub use kept::Kept;
pub use lag::Lag;
pub use measures::{Measures, Origin};
pub use rebuild::rebuild;
pub use served::{MAX_LAYER_BYTES, Part, Served, TileError, Tiles};
pub use snapshots::{Ready, Snapshots};
pub use source::Source;
pub use verify::{Ecart, Etat, Quoi, Verified, verify};
pub use versions::{Seen, Versions};

use source::KEY;
use touches::State;

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

    /// Whether its features have a property, for who asks.
    fn publishes(&self, name: &str) -> bool {
        match self {
            Self::Ouverte(layer) => layer.fields.iter().any(|(field, _)| *field == name),
            Self::Reservee(couche, regard) => name == KEY || couche.champs(regard).any(|champ| champ.nom == name),
        }
    }

    /// What its features are; none when they are of several kinds.
    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Ouverte(layer) => layer.whole.as_ref().map(|whole| whole.kind),
            Self::Reservee(couche, _) => source::kind(couche),
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

/// Which properties features have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Option<Vec<String>>);

impl Fields {
    /// Those of a comma-separated list, each of one layer at least.
    ///
    /// # Errors
    /// The first that no layer of the list publishes to who asks.
    pub fn of(list: &str, layers: &[Demandee]) -> Result<Self, String> {
        let names: Vec<String> = list.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let unknown = names.iter().find(|name| !layers.iter().any(|layer| layer.publishes(name)));
        unknown.map_or_else(|| Ok(Self(Some(names.clone()))), |name| Err(name.clone()))
    }

    fn keeps(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|names| names.iter().any(|kept| kept == name))
    }
}

/// What is drawn of a list of layers.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The layers, of zooms where they have something.
    pub layers: &'a [Demandee],
    /// Which tile.
    pub coord: TileCoord,
    /// Properties of features.
    pub fields: &'a Fields,
    /// Rows of the only layer.
    pub filtre: &'a Filtre,
}

impl Asked<'_> {
    /// Parts of the layers that are drawn under rights; `publiques` says which: under anybody's, in a transaction of nobody, or under
    /// an account's, in one of its collectivité.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn reservees(
        &self,
        tx: &mut TenantTx,
        followed: &Followed,
        publiques: bool,
        parts: &mut [Option<Part>],
    ) -> sqlx::Result<()> {
        let place = (
            i32::from(self.coord.z()),
            i32::try_from(self.coord.x()).unwrap_or(i32::MAX),
            i32::try_from(self.coord.y()).unwrap_or(i32::MAX),
        );
        for (layer, part) in self.layers.iter().zip(parts) {
            if let Demandee::Reservee(couche, regard) = layer
                && regard.est_public() == publiques
                && self.coord.z() >= layer.zoom_min()
            {
                let proprietes = couche.proprietes(regard, |name| self.fields.keeps(name));
                // What a list filters is drawn by PostGIS, which alone knows how.
                let whole = *self.filtre == Filtre::default();
                let drawn =
                    if whole { followed.part(tx, couche, regard, &proprietes, self.coord).await? } else { None };
                *part = Some(match drawn {
                    Some(drawn) => drawn,
                    None => Part::Given(couche.id, couche.tuile(regard, tx, self.filtre, &proprietes, place).await?),
                });
            }
        }
        Ok(())
    }

    /// Parts of the layers that are open to all: from the snapshot of the version that is `seen`, else by PostGIS.
    pub fn ouvertes(&self, snapshots: &Snapshots, seen: &Seen, parts: &mut [Option<Part>]) {
        for (layer, part) in self.layers.iter().zip(parts) {
            if let Demandee::Ouverte(layer) = layer
                && self.coord.z() >= layer.zoom_min
            {
                let version = seen.of(layer);
                let fields = layer.fields.iter().map(|(name, _)| *name).filter(|name| self.fields.keeps(name));
                *part = Some(match snapshots.of(layer, &version) {
                    Some(ready) => Part::Drawn {
                        id: layer.id,
                        layer: Arc::clone(&ready.layer),
                        state: ready.state,
                        fields: fields.collect(),
                        predicate: Predicate::everything(),
                    },
                    None => Part::Read {
                        id: layer.id,
                        sql: layer.sql,
                        state: State::of_version(&version),
                        waits: layer.whole.is_some(),
                        fields: self.fields.0.is_some().then(|| fields.collect()),
                    },
                });
            }
        }
    }
}

/// Identifier and label of every layer, in drawing order.
///
/// # Errors
/// The database refused or timed out.
pub async fn labels(pool: &PgPool) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("select id, libelle from core.couche where audience = 'public' order by ordre").fetch_all(pool).await
}

/// What a TileJSON says beside its layers.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The list of layers, as asked.
    pub list: &'a str,
    /// Address of the server, without trailing slash.
    pub origin: &'a str,
    /// What follows the addresses of tiles that are kept for good.
    pub version: Option<&'a str>,
    /// Whether low zooms are drawn from simpler shapes.
    pub simplified: bool,
}

/// TileJSON of these layers.
///
/// # Errors
/// The database refused or timed out.
pub async fn tilejson(pool: &PgPool, layers: &[Demandee], told: Told<'_>) -> sqlx::Result<TileJson> {
    let labels = labels(pool).await?;
    let label =
        |id: &str| labels.iter().find(|(name, _)| name == id).map_or_else(|| id.to_owned(), |(_, label)| label.clone());
    let bounds = crate::territory::extent::whole(pool).await?;
    let vector_layers: Vec<VectorLayer> =
        layers.iter().map(|layer| described(layer, &label, told.simplified)).collect();
    let ouverte = layers.iter().any(|layer| matches!(layer, Demandee::Ouverte(_)));
    Ok(TileJson {
        tilejson: "3.0.0",
        name: vector_layers.iter().map(|layer| layer.description.as_str()).collect::<Vec<_>>().join(", "),
        tiles: vec![format!(
            "{}/tiles/{}/{{z}}/{{x}}/{{y}}{}",
            told.origin,
            told.list,
            told.version.unwrap_or_default()
        )],
        vector_layers,
        attribution: if ouverte { "Plan cadastral informatisé, DGFiP".to_owned() } else { String::new() },
        bounds,
        minzoom: layers.iter().map(Demandee::zoom_min).min().unwrap_or(0),
        maxzoom: ZOOM_MAX,
        scheme: "xyz",
        version: "1.0.0".to_owned(),
    })
}

fn described(layer: &Demandee, label: &impl Fn(&str) -> String, simplifies: bool) -> VectorLayer {
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
    let simplified = match layer {
        Demandee::Ouverte(layer) => layer.whole.as_ref().and_then(|whole| whole.simplified),
        Demandee::Reservee(couche, _) => source::simplified(couche),
    };
    VectorLayer {
        id: layer.id().to_owned(),
        description,
        minzoom: layer.zoom_min(),
        maxzoom: ZOOM_MAX,
        fields,
        limite: limit(layer.kind()),
        simplification: simplified.filter(|_| simplifies).map(|simplified| simplified.sentence()),
    }
}

/// What becomes of a tile that would be too large, for shapes of a kind, or of several.
fn limit(kind: Option<Kind>) -> String {
    match kind {
        Some(kind) => Thinning::rule(kind, MAX_LAYER_BYTES),
        None => [Kind::Line, Kind::Point].map(|kind| Thinning::rule(kind, MAX_LAYER_BYTES)).join(" "),
    }
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
