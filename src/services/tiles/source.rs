//! How the layer of a module is read whole, and what of it is read again when rows change.

use finage_tiles::{ColumnType, Kind, Schema};

use super::build::Plan;
use crate::cadastre::layers::{Simplified, ZOOM_MAX};
use crate::modules::objets::Couche;

/// Column of the key of rows, among the properties of a tile.
pub const KEY: &str = "id";
/// Column of the collectivité whose rows they are.
pub const COLLECTIVITE: &str = "collectivite";
/// Column of the commune where they are.
pub const INSEE: &str = "insee";

/// A layer of a module, and how it is read.
#[derive(Debug, Clone)]
pub struct Source {
    /// The layer.
    pub couche: &'static Couche,
    /// How it is read.
    pub plan: Plan,
}

impl Source {
    /// `None` for a layer whose shapes are of several kinds, or that has none. Areas are simpler at low zooms where
    /// `simplifiees` says so: each row for itself, since rows change one by one.
    #[must_use]
    pub fn of(couche: &'static Couche, simplifiees: bool) -> Option<Self> {
        let geometrie = couche.modele.geometrie?;
        let kind = kind(couche)?;
        let mut schema = Schema::new(couche.id, kind).publishes(KEY, ColumnType::Text);
        let mut cells = vec!["o.id::text".to_owned(), "o.id::text".to_owned()];
        // What is in a snapshot is of level 0, whatever accounts may see elsewhere.
        let champs = couche.modele.objet.champs.iter().filter(|champ| champ.niveau == 0);
        for champ in champs.filter(|champ| couche.publie(champ.nom) && ![KEY, COLLECTIVITE, INSEE].contains(&champ.nom))
        {
            let nombre = couche.est_nombre(champ.nom);
            schema = schema.publishes(champ.nom, if nombre { ColumnType::Integer } else { ColumnType::Dictionary });
            cells.push(format!("({})::{}", champ.expression(), if nombre { "bigint" } else { "text" }));
        }
        schema = schema.right(COLLECTIVITE).right(INSEE);
        cells.extend(["o.collectivite::text".to_owned(), "o.insee::text".to_owned()]);
        cells.push(format!("st_asewkb(o.{})", geometrie.colonne));
        let query =
            format!("select {} from {} o where o.archivee_le is null", cells.join(", "), couche.modele.relation());
        Some(Self { couche, plan: Plan { schema: levelled(schema, couche, simplifiees), queries: vec![query] } })
    }

    /// The kind of object whose rows it draws.
    #[must_use]
    pub fn objet(&self) -> &'static str {
        self.couche.modele.objet.nom
    }
}

/// What a layer draws; `None` where it draws shapes of several kinds, or none.
pub(super) fn kind(couche: &Couche) -> Option<Kind> {
    match couche.modele.geometrie?.genre {
        "Point" | "MultiPoint" => Some(Kind::Point),
        "LineString" | "MultiLineString" => Some(Kind::Line),
        "Polygon" | "MultiPolygon" => Some(Kind::Polygon),
        _ => None,
    }
}

/// The schema with the levels of its layer, simpler at low zooms or not.
pub(super) fn levelled(schema: Schema, couche: &Couche, simplifiees: bool) -> Schema {
    match simplified(couche).filter(|_| simplifiees) {
        Some(simplified) => {
            schema.levels(&[simplified.detail_zoom..=ZOOM_MAX]).simplified(couche.zoom_min, simplified.simplification())
        }
        None => schema.levels(&[couche.zoom_min..=ZOOM_MAX]),
    }
}

/// How a layer is drawn at low zooms; `None` when it is always as it is.
pub(super) fn simplified(couche: &Couche) -> Option<Simplified> {
    (kind(couche)? == Kind::Polygon && couche.zoom_min < Simplified::BORDERS.detail_zoom).then_some(Simplified::BORDERS)
}
