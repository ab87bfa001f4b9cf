//! The tables an import fills: their columns, keys and how a delivery is compared with what is there.

/// A table of schema `cadastre` fed by imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Communes of the plan.
    Commune,
    /// Prefixes of sections.
    PrefixeSection,
    /// Sections.
    Section,
    /// Feuilles.
    Feuille,
    /// Parcels.
    Parcelle,
    /// Fiscal subdivisions.
    SubdivisionFiscale,
    /// Charges.
    Charge,
    /// Buildings.
    Batiment,
    /// Lieux-dits.
    LieuDit,
    /// Road and water stretches.
    Troncon,
    /// Street names (VOIEP).
    NomVoie,
    /// House numbers of the plan.
    NumeroVoirie,
    /// Boundary marks and canevas points.
    Repere,
    /// Topographic details.
    Detail,
    /// Labels.
    Ecriture,
}

/// What repair may make of a geometry, and which dimension it must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Multi-polygon: invalid ones are repaired.
    Surface,
    /// Points.
    Point,
    /// Any kind: surfaces are repaired, lines and points kept.
    Any,
    /// Geometry may be absent.
    None,
}

/// Columns and habits of one table.
#[derive(Debug)]
pub struct Spec {
    /// Name in schema `cadastre`.
    pub name: &'static str,
    /// Word users read, plural.
    pub label: &'static str,
    /// Primary key.
    pub key: &'static str,
    /// Columns in COPY order, key first, `geom` last.
    pub columns: &'static [&'static str],
    /// Column that names the feuille, when the table has one.
    pub feuille: Option<&'static str>,
    /// Geometry kind.
    pub shape: Shape,
    /// Layers of the map that change with this table.
    pub layers: &'static [&'static str],
}

/// Every table, in the order they are swapped.
pub const ALL: [Table; 15] = [
    Table::Commune,
    Table::PrefixeSection,
    Table::Section,
    Table::Feuille,
    Table::Parcelle,
    Table::SubdivisionFiscale,
    Table::Charge,
    Table::Batiment,
    Table::LieuDit,
    Table::Troncon,
    Table::NomVoie,
    Table::NumeroVoirie,
    Table::Repere,
    Table::Detail,
    Table::Ecriture,
];

impl Table {
    /// Columns and habits.
    #[must_use]
    pub fn spec(self) -> &'static Spec {
        match self {
            Self::Commune => &COMMUNE,
            Self::PrefixeSection => &PREFIXE_SECTION,
            Self::Section => &SECTION,
            Self::Feuille => &FEUILLE,
            Self::Parcelle => &PARCELLE,
            Self::SubdivisionFiscale => &SUBDIVISION_FISCALE,
            Self::Charge => &CHARGE,
            Self::Batiment => &BATIMENT,
            Self::LieuDit => &LIEU_DIT,
            Self::Troncon => &TRONCON,
            Self::NomVoie => &NOM_VOIE,
            Self::NumeroVoirie => &NUMERO_VOIRIE,
            Self::Repere => &REPERE,
            Self::Detail => &DETAIL,
            Self::Ecriture => &ECRITURE,
        }
    }
}

const COMMUNE: Spec = Spec {
    name: "commune",
    label: "communes",
    key: "insee",
    columns: &["insee", "nom", "cree", "maj", "geom"],
    feuille: None,
    shape: Shape::Surface,
    layers: &["communes", "labels"],
};
const PREFIXE_SECTION: Spec = Spec {
    name: "prefixe_section",
    label: "préfixes de sections",
    key: "id",
    columns: &["id", "insee", "prefixe", "ancienne", "nom", "geom"],
    feuille: None,
    shape: Shape::None,
    layers: &[],
};
const SECTION: Spec = Spec {
    name: "section",
    label: "sections",
    key: "id",
    columns: &["id", "insee", "prefixe", "code", "cree", "maj", "geom"],
    feuille: None,
    shape: Shape::Surface,
    layers: &["sections", "labels"],
};
const FEUILLE: Spec = Spec {
    name: "feuille",
    label: "feuilles",
    key: "id",
    columns: &[
        "id",
        "insee",
        "prefixe",
        "section",
        "numero",
        "qualite",
        "confection",
        "echelle",
        "cree",
        "maj",
        "geom",
    ],
    feuille: Some("id"),
    shape: Shape::Surface,
    layers: &["feuilles"],
};
const PARCELLE: Spec = Spec {
    name: "parcelle",
    label: "parcelles",
    key: "idu",
    columns: &[
        "idu",
        "insee",
        "prefixe",
        "section",
        "numero",
        "contenance",
        "arpentee",
        "figuree",
        "feuille",
        "cree",
        "maj",
        "geom",
    ],
    feuille: Some("feuille"),
    shape: Shape::Surface,
    layers: &["parcelles", "labels"],
};
const SUBDIVISION_FISCALE: Spec = Spec {
    name: "subdivision_fiscale",
    label: "subdivisions fiscales",
    key: "cle",
    columns: &["cle", "insee", "parcelle", "lettre", "feuille", "cree", "maj", "geom"],
    feuille: Some("feuille"),
    shape: Shape::Surface,
    layers: &[],
};
const CHARGE: Spec = Spec {
    name: "charge",
    label: "charges",
    key: "cle",
    columns: &["cle", "insee", "texte", "feuille", "cree", "maj", "geom"],
    feuille: Some("feuille"),
    shape: Shape::Surface,
    layers: &[],
};
const BATIMENT: Spec = Spec {
    name: "batiment",
    label: "bâtiments",
    key: "cle",
    columns: &["cle", "insee", "type", "nom", "feuille", "cree", "maj", "geom"],
    feuille: Some("feuille"),
    shape: Shape::Surface,
    layers: &["batiments"],
};
const LIEU_DIT: Spec = Spec {
    name: "lieu_dit",
    label: "lieux-dits",
    key: "cle",
    columns: &["cle", "insee", "nom", "feuille", "cree", "maj", "geom"],
    feuille: Some("feuille"),
    shape: Shape::Surface,
    layers: &["lieux_dits", "labels"],
};
const TRONCON: Spec = Spec {
    name: "troncon",
    label: "tronçons",
    key: "cle",
    columns: &["cle", "insee", "genre", "nom", "feuille", "cree", "maj", "geom"],
    feuille: Some("feuille"),
    shape: Shape::Any,
    layers: &["troncons"],
};
const NOM_VOIE: Spec = Spec {
    name: "nom_voie",
    label: "noms de voies",
    key: "cle",
    columns: &["cle", "insee", "nom", "feuille", "cree", "maj", "geom"],
    feuille: Some("feuille"),
    shape: Shape::Point,
    layers: &["labels"],
};
const NUMERO_VOIRIE: Spec = Spec {
    name: "numero_voirie",
    label: "numéros de voirie",
    key: "cle",
    columns: &["cle", "insee", "texte", "parcelle", "feuille", "cree", "maj", "geom"],
    feuille: Some("feuille"),
    shape: Shape::Point,
    layers: &["numeros"],
};
const REPERE: Spec = Spec {
    name: "repere",
    label: "bornes et points de canevas",
    key: "cle",
    columns: &["cle", "insee", "genre", "symbole", "orientation", "feuille", "cree", "maj", "geom"],
    feuille: Some("feuille"),
    shape: Shape::Point,
    layers: &[],
};
const DETAIL: Spec = Spec {
    name: "detail",
    label: "détails topographiques",
    key: "cle",
    columns: &["cle", "insee", "genre", "symbole", "texte", "orientation", "feuille", "cree", "maj", "geom"],
    feuille: Some("feuille"),
    shape: Shape::Any,
    layers: &["labels", "troncons"],
};
const ECRITURE: Spec = Spec {
    name: "ecriture",
    label: "écritures",
    key: "cle",
    columns: &["cle", "insee", "genre", "objet", "texte", "angle", "hauteur", "feuille", "geom"],
    feuille: Some("feuille"),
    shape: Shape::Point,
    layers: &["labels"],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_starts_with_its_key_and_ends_with_its_geometry() {
        for table in ALL {
            let spec = table.spec();
            assert_eq!(spec.columns.first(), Some(&spec.key), "{}", spec.name);
            assert_eq!(spec.columns.last(), Some(&"geom"), "{}", spec.name);
            assert!(spec.columns.contains(&"insee"));
        }
    }
}
