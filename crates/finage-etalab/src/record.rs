//! What each layer says of its objects, typed.

use finage_reference::{FeuilleId, Idu, Insee, Prefixe, SectionId};
use geo_types::MultiPolygon;
use jiff::civil::Date;

use crate::Layer;

/// One object: its surface (longitude, latitude in degrees) and what its layer says of it.
///
/// A `Polygon` of the file is a `MultiPolygon` of one here. Rings are closed and hold at least four
/// positions; nothing else of their validity is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// The surface.
    pub geometry: MultiPolygon<f64>,
    /// The layer's own properties.
    pub record: Record,
    /// Date the object was first seen (EDIGÉO `DATE_OBS`).
    pub created: Option<Date>,
    /// Date of the last change (EDIGÉO `DATE_MAJ`).
    pub updated: Option<Date>,
}

/// The properties of one object, by layer.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A commune.
    Commune(Commune),
    /// A section prefix.
    PrefixeSection(PrefixeSection),
    /// A section.
    Section(Section),
    /// A plan sheet.
    Feuille(Feuille),
    /// A parcel.
    Parcelle(Parcelle),
    /// A building.
    Batiment(Batiment),
    /// A named place.
    LieuDit(LieuDit),
    /// A fiscal subdivision.
    SubdivisionFiscale(SubdivisionFiscale),
}

impl Record {
    /// The layer the record belongs to.
    #[must_use]
    pub fn layer(&self) -> Layer {
        match self {
            Self::Commune(_) => Layer::Communes,
            Self::PrefixeSection(_) => Layer::PrefixesSections,
            Self::Section(_) => Layer::Sections,
            Self::Feuille(_) => Layer::Feuilles,
            Self::Parcelle(_) => Layer::Parcelles,
            Self::Batiment(_) => Layer::Batiments,
            Self::LieuDit(_) => Layer::LieuxDits,
            Self::SubdivisionFiscale(_) => Layer::SubdivisionsFiscales,
        }
    }

    /// The commune; `None` only for a fiscal subdivision whose parcel is not told.
    #[must_use]
    pub fn insee(&self) -> Option<Insee> {
        match self {
            Self::Commune(commune) => Some(commune.insee),
            Self::PrefixeSection(prefixe) => Some(prefixe.insee),
            Self::Section(section) => Some(section.id.insee()),
            Self::Feuille(feuille) => Some(feuille.id.insee()),
            Self::Parcelle(parcelle) => Some(parcelle.idu.insee()),
            Self::Batiment(batiment) => Some(batiment.insee),
            Self::LieuDit(lieu_dit) => Some(lieu_dit.insee),
            Self::SubdivisionFiscale(subdivision) => subdivision.parcelle.map(|idu| idu.insee()),
        }
    }
}

/// A commune or a municipal arrondissement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commune {
    /// INSEE code as the cadastre has it.
    pub insee: Insee,
    /// Name, in capitals without accents most often.
    pub nom: Option<String>,
}

/// The sections under one prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixeSection {
    /// The commune.
    pub insee: Insee,
    /// The prefix.
    pub prefixe: Prefixe,
    /// The absorbed commune the prefix comes from.
    pub ancienne: Option<Insee>,
    /// Its name.
    pub nom: Option<String>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Identifier (10).
    pub id: SectionId,
}

/// A plan sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feuille {
    /// Identifier (12).
    pub id: FeuilleId,
    /// Quality code (`QUPL`, 01 to 05).
    pub qualite: Option<String>,
    /// How the plan was made (`COPL`, 01 to 07).
    pub mode_confection: Option<String>,
    /// Denominator of the scale.
    pub echelle: Option<u32>,
}

/// A parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcelle {
    /// Identifier (14).
    pub idu: Idu,
    /// Fiscal area in m²; not the area of the drawing.
    pub contenance: Option<u32>,
    /// Whether a surveyor measured it.
    pub arpente: bool,
}

/// How a building stands (EDIGÉO `DUR`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeBatiment {
    /// 01: on foundations, closed.
    Dur,
    /// 02: light, or open on one side.
    Leger,
}

/// A building, or the part of it that one feuille shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batiment {
    /// The commune.
    pub insee: Insee,
    /// Solid or light; `None` when not told.
    pub kind: Option<TypeBatiment>,
    /// Name, rarely given.
    pub nom: Option<String>,
}

/// A named place; never cuts a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LieuDit {
    /// The commune.
    pub insee: Insee,
    /// Name.
    pub nom: Option<String>,
}

/// A part of a parcel with its own use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubdivisionFiscale {
    /// The parcel, when the file tells it.
    pub parcelle: Option<Idu>,
    /// Its letter.
    pub lettre: Option<String>,
}
