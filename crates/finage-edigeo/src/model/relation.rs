//! Links between objects: which parcelle a bâtiment stands on, which feuille a parcelle lies in...

use std::borrow::Cow;

/// A link from one object to another, both sound and in the lot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Relation {
    /// What it says.
    pub kind: RelationKind,
    /// Identifier of the first object (the bâtiment of BATIMENT_PARCELLE).
    pub from: String,
    /// Identifier of the second (the parcelle).
    pub to: String,
}

/// The associations of the PCI's schema, n to n.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RelationKind {
    /// SECTION_COMMUNE
    SectionCommune,
    /// SUBDSECT_SECTION
    SubdsectSection,
    /// PARCELLE_SUBDSECT
    ParcelleSubdsect,
    /// SUBDFISC_PARCELLE
    SubdfiscParcelle,
    /// CHARGE_PARCELLE
    ChargeParcelle,
    /// BATIMENT_PARCELLE
    BatimentParcelle,
    /// BORNE_PARCELLE
    BorneParcelle,
    /// BOULON_PARCELLE
    BoulonParcelle,
    /// CROIX_PARCELLE
    CroixParcelle,
    /// SYMBLIM_PARCELLE
    SymblimParcelle,
    /// NUMVOIE_PARCELLE
    NumvoieParcelle,
    /// PTCANVS_COMMUNE
    PtcanvsCommune,
    /// DETOPO_COMMUNE
    DetopoCommune,
    /// Any other association that the SCD describes.
    Other(Cow<'static, str>),
}

impl RelationKind {
    const KNOWN: [(&'static str, Self); 13] = [
        ("SECTION_COMMUNE", Self::SectionCommune),
        ("SUBDSECT_SECTION", Self::SubdsectSection),
        ("PARCELLE_SUBDSECT", Self::ParcelleSubdsect),
        ("SUBDFISC_PARCELLE", Self::SubdfiscParcelle),
        ("CHARGE_PARCELLE", Self::ChargeParcelle),
        ("BATIMENT_PARCELLE", Self::BatimentParcelle),
        ("BORNE_PARCELLE", Self::BorneParcelle),
        ("BOULON_PARCELLE", Self::BoulonParcelle),
        ("CROIX_PARCELLE", Self::CroixParcelle),
        ("SYMBLIM_PARCELLE", Self::SymblimParcelle),
        ("NUMVOIE_PARCELLE", Self::NumvoieParcelle),
        ("PTCANVS_COMMUNE", Self::PtcanvsCommune),
        ("DETOPO_COMMUNE", Self::DetopoCommune),
    ];

    /// Kind of an SCD identifier.
    #[must_use]
    pub fn from_scd_id(id: &str) -> Self {
        let known = Self::KNOWN.into_iter().find(|(name, _)| *name == id);
        known.map_or_else(|| Self::Other(Cow::Owned(id.to_owned())), |(_, kind)| kind)
    }

    /// Identifier in the SCD.
    #[must_use]
    pub fn scd_id(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => Self::KNOWN.iter().find(|(_, kind)| kind == known).map_or("", |(name, _)| name),
        }
    }
}
