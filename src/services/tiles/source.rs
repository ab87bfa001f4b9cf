//! How the layer of a module is read whole, and what of it is read again when rows change.

use finage_tiles::{ColumnType, Kind, Schema};

use super::build::Plan;
use crate::modules::objets::{Couche, Nature};

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
    /// `None` for a layer whose shapes are of several kinds, or that has none.
    #[must_use]
    pub fn of(couche: &'static Couche) -> Option<Self> {
        let geometrie = couche.modele.geometrie?;
        let kind = match geometrie.genre {
            "Point" | "MultiPoint" => Kind::Point,
            "LineString" | "MultiLineString" => Kind::Line,
            "Polygon" | "MultiPolygon" => Kind::Polygon,
            _ => return None,
        };
        let mut schema = Schema::new(couche.id, kind).publishes(KEY, ColumnType::Text);
        let mut cells = vec!["o.id::text".to_owned(), "o.id::text".to_owned()];
        // What is in a snapshot is of level 0, whatever accounts may see elsewhere.
        let champs = couche.modele.objet.champs.iter().filter(|champ| champ.niveau == 0);
        for champ in champs.filter(|champ| couche.publie(champ.nom) && ![KEY, COLLECTIVITE, INSEE].contains(&champ.nom))
        {
            let nombre = couche.modele.regle(champ.nom).is_some_and(|regle| regle.nature == Nature::Entier);
            schema = schema.publishes(champ.nom, if nombre { ColumnType::Integer } else { ColumnType::Dictionary });
            cells.push(format!("({})::{}", champ.expression(), if nombre { "bigint" } else { "text" }));
        }
        schema = schema.right(COLLECTIVITE).right(INSEE);
        cells.extend(["o.collectivite::text".to_owned(), "o.insee::text".to_owned()]);
        cells.push(format!("st_asewkb(st_transform(o.{}, 3857))", geometrie.colonne));
        let query =
            format!("select {} from {} o where o.archivee_le is null", cells.join(", "), couche.modele.relation());
        Some(Self { couche, plan: Plan { schema, queries: vec![query] } })
    }

    /// The kind of object whose rows it draws.
    #[must_use]
    pub fn objet(&self) -> &'static str {
        self.couche.modele.objet.nom
    }
}
