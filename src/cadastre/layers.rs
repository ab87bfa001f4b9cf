//! The cadastre's map layers: what each publishes in tiles.

use finage_tiles::ColumnType::{Bool, Decimal, Dictionary, Integer, Text};
use finage_tiles::generalise::{Alone, Rule, Small};
use finage_tiles::{ColumnType, Group, Kind, Simplification};

/// One property of a layer's features, as TileJSON names it.
pub type Field = (&'static str, &'static str);

/// A layer of the map.
#[derive(Debug)]
pub struct Layer {
    /// Identifier: tile layer, OGC collection, WFS type.
    pub id: &'static str,
    /// Lowest zoom with features.
    pub zoom_min: u8,
    /// Query giving the layer's MVT: `$1` zoom, `$2` column, `$3` row.
    pub sql: &'static str,
    /// Published properties: name and description.
    pub fields: &'static [Field],
    /// How it is read whole, for the snapshot that its tiles come from; none for a layer whose shapes are of several kinds.
    pub whole: Option<Whole>,
}

/// How a layer is read whole.
#[derive(Debug)]
pub struct Whole {
    /// What it draws.
    pub kind: Kind,
    /// How each of its fields is kept, in their order.
    pub columns: &'static [ColumnType],
    /// Whether each feature is in one tile alone: labels, that would be written twice.
    pub in_one_tile: bool,
    /// First and last zooms drawn by the same rows, from the deepest.
    pub levels: &'static [(u8, u8)],
    /// How areas are drawn at low zooms, from the rows of the only level; none where they are always as they are.
    pub simplified: Option<Simplified>,
    /// Query of the rows of a level: a key, the fields in their order, the shape as EWKB in the system of the database. `{zoom}` stands for the
    /// first zoom of the level.
    pub sql: &'static str,
}

/// How areas are drawn below the zoom from which they are as they are.
#[derive(Debug, Clone, Copy)]
pub struct Simplified {
    /// First zoom of full detail.
    pub detail_zoom: u8,
    /// What is straightened, and what becomes of small areas.
    rule: Rule,
    /// What areas that become one have in common.
    group: Option<SameStart>,
}

/// The first characters of a field, and what they name.
#[derive(Debug, Clone, Copy)]
struct SameStart {
    field: &'static str,
    characters: u8,
    named: &'static str,
}

impl Simplified {
    /// Borders alone, simplified to one pixel below zoom 14: no area is merged nor left out.
    pub const BORDERS: Self =
        Self { detail_zoom: 14, rule: Rule { tolerance_px: 1.0, small: Small::Keep }, group: None };

    /// Parcels of one section that touch become one when each has less than 10 square pixels: the heaviest tile of zoom 12 of a
    /// million made-up parcels has 179 kB then, 321 kB for 6. An identifier begins with its section (commune, prefix, section: ten characters).
    const PARCELLES: Self = Self {
        rule: Rule { tolerance_px: 1.0, small: Small::Merge { below_px2: 10.0, alone: Alone::Keep } },
        group: Some(SameStart { field: "idu", characters: 10, named: "section" }),
        ..Self::BORDERS
    };

    /// As a snapshot keeps it.
    #[must_use]
    pub fn simplification(&self) -> Simplification {
        let group =
            self.group.map(|group| Group { column: group.field.to_owned(), characters: Some(group.characters) });
        Simplification { rule: self.rule, group }
    }

    /// What a reader of TileJSON is told, in a French sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.rule.sentence(self.detail_zoom, self.group.map(|group| group.named))
    }
}

impl Whole {
    const fn areas(columns: &'static [ColumnType], sql: &'static str) -> Self {
        let simplified = Some(Simplified::BORDERS);
        Self { kind: Kind::Polygon, columns, in_one_tile: false, levels: &[(0, ZOOM_MAX)], simplified, sql }
    }

    const fn points(columns: &'static [ColumnType], sql: &'static str) -> Self {
        Self { kind: Kind::Point, columns, in_one_tile: false, levels: &[(0, ZOOM_MAX)], simplified: None, sql }
    }

    const fn labels(columns: &'static [ColumnType], levels: &'static [(u8, u8)], sql: &'static str) -> Self {
        Self { kind: Kind::Point, columns, in_one_tile: true, levels, simplified: None, sql }
    }

    /// The same, simpler at low zooms by this rule.
    const fn simplified(self, simplified: Option<Simplified>) -> Self {
        Self { simplified, ..self }
    }
}

/// Highest zoom served; beyond it clients overzoom.
pub const ZOOM_MAX: u8 = 22;

/// Layers in drawing order.
pub const LAYERS: [Layer; 9] = [
    Layer {
        id: "communes",
        zoom_min: 6,
        sql: include_str!("sql/tiles/communes.sql"),
        fields: &[("id", "Code INSEE"), ("insee", "Code INSEE"), ("nom", "Nom")],
        whole: Some(Whole::areas(&[Text, Text, Text], include_str!("sql/entieres/communes.sql"))),
    },
    Layer {
        id: "sections",
        zoom_min: 11,
        sql: include_str!("sql/tiles/sections.sql"),
        fields: &[
            ("id", "Identifiant de section, 10 caractères"),
            ("commune", "Code INSEE"),
            ("prefixe", "Préfixe de section"),
            ("code", "Code de section, 2 caractères"),
            ("libelle", "Section telle qu'on l'écrit"),
        ],
        whole: Some(Whole::areas(
            &[Text, Dictionary, Dictionary, Dictionary, Dictionary],
            include_str!("sql/entieres/sections.sql"),
        )),
    },
    Layer {
        id: "feuilles",
        zoom_min: 12,
        sql: include_str!("sql/tiles/feuilles.sql"),
        fields: &[
            ("id", "Identifiant de feuille, 12 caractères"),
            ("section", "Code de section"),
            ("numero", "Numéro de feuille"),
            ("echelle", "Dénominateur de l'échelle d'origine"),
            ("qualite", "Qualité du plan (code QUPL)"),
        ],
        whole: Some(Whole::areas(
            &[Text, Dictionary, Dictionary, Integer, Dictionary],
            include_str!("sql/entieres/feuilles.sql"),
        )),
    },
    Layer {
        id: "lieux_dits",
        zoom_min: 12,
        sql: include_str!("sql/tiles/lieux_dits.sql"),
        fields: &[("id", "Clé"), ("nom", "Nom")],
        whole: Some(Whole::areas(&[Text, Text], include_str!("sql/entieres/lieux_dits.sql"))),
    },
    Layer {
        id: "parcelles",
        zoom_min: 12,
        sql: include_str!("sql/tiles/parcelles.sql"),
        fields: &[
            ("idu", "Identifiant de parcelle, 14 caractères"),
            ("prefixe", "Préfixe de section"),
            ("section", "Code de section"),
            ("numero", "Numéro"),
            ("contenance", "Contenance en mètres carrés"),
            ("arpentee", "Parcelle arpentée"),
        ],
        whole: Some(
            Whole::areas(
                &[Text, Dictionary, Dictionary, Dictionary, Integer, Bool],
                include_str!("sql/entieres/parcelles.sql"),
            )
            .simplified(Some(Simplified::PARCELLES)),
        ),
    },
    Layer {
        id: "batiments",
        zoom_min: 14,
        sql: include_str!("sql/tiles/batiments.sql"),
        fields: &[("id", "Clé"), ("type", "01 en dur, 02 construction légère"), ("nom", "Nom")],
        whole: Some(
            Whole::areas(&[Text, Dictionary, Dictionary], include_str!("sql/entieres/batiments.sql")).simplified(None),
        ),
    },
    Layer {
        id: "troncons",
        zoom_min: 12,
        sql: include_str!("sql/tiles/troncons.sql"),
        fields: &[("id", "Clé"), ("genre", "route, voie ou eau"), ("nom", "Nom")],
        whole: None,
    },
    Layer {
        id: "numeros",
        zoom_min: 16,
        sql: include_str!("sql/tiles/numeros.sql"),
        fields: &[("id", "Clé"), ("texte", "Numéro de voirie")],
        whole: Some(Whole::points(&[Text, Dictionary], include_str!("sql/entieres/numeros.sql"))),
    },
    Layer {
        id: "labels",
        zoom_min: 8,
        sql: include_str!("sql/tiles/labels.sql"),
        fields: &[
            ("genre", "Ce qui est nommé : commune, section, parcelle, lieu_dit, voie, eau, batiment, symbole, autre"),
            ("texte", "Texte"),
            ("angle", "Rotation, degrés dans le sens horaire"),
            ("taille", "Hauteur du texte sur le terrain, en mètres"),
            ("idu", "Parcelle nommée"),
            ("symbole", "Code SYM de la DGFiP"),
        ],
        whole: Some(Whole::labels(
            &[Dictionary, Dictionary, Decimal, Decimal, Text, Dictionary],
            &[(17, ZOOM_MAX), (16, 16), (15, 15), (14, 14), (12, 13), (8, 11)],
            include_str!("sql/entieres/labels.sql"),
        )),
    },
];

/// The layer of that id.
#[must_use]
pub fn layer(id: &str) -> Option<&'static Layer> {
    LAYERS.iter().find(|layer| layer.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layer_names_its_mvt_layer_and_publishes_what_it_says() {
        for layer in &LAYERS {
            assert!(layer.sql.contains(&format!("'{}'", layer.id)), "{}", layer.id);
            for (field, _) in layer.fields {
                assert!(layer.sql.contains(field), "{}.{field}", layer.id);
            }
        }
    }
}
