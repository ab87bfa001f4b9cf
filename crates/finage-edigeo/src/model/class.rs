//! The classes of the « Standard d'échange PCI EDIGÉO 2013 », § 8.

/// Class of an object of the PCI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Commune (H_1_6_0).
    Commune,
    /// Section cadastrale (H_11_1_0).
    Section,
    /// Subdivision de section: the feuille (H_11_2_0).
    Subdsect,
    /// Parcelle (H_11_4_0).
    Parcelle,
    /// Subdivision fiscale (H_11_5_0).
    Subdfisc,
    /// Charge (H_11_6_0).
    Charge,
    /// Nom de voie or ensemble immobilier, as a point (H_11_7_0).
    Voiep,
    /// Numéro de voirie (H_11_8_0).
    Numvoie,
    /// Lieu-dit (H_1_7_0).
    Lieudit,
    /// Bâtiment (E_2_1_0).
    Batiment,
    /// Tronçon de route, a surface (A_1_0_0).
    Tronroute,
    /// Zone de communication: axis of a road outside the cadastre (A_1_0_5).
    Zoncommuni,
    /// Tronçon fluvial, a surface (D_1_0_8).
    Tronfluv,
    /// Point de canevas (I_1_0_0).
    Ptcanv,
    /// Borne (I_2_4_0).
    Borne,
    /// Boulon (I_2_4_1).
    Boulon,
    /// Croix gravée (I_2_4_2).
    Croix,
    /// Symbole de limite, mitoyenneté (Z_1_0_1).
    Symblim,
    /// Point détail topographique (Z_1_0_1).
    Tpoint,
    /// Ligne détail topographique (Z_1_0_2).
    Tline,
    /// Surface détail topographique (Z_1_0_3).
    Tsurf,
}

/// What the geometry of a class is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `Point`
    Point,
    /// `LineString` or `MultiLineString`
    Line,
    /// `Polygon` or `MultiPolygon`
    Surface,
}

impl Class {
    /// All classes, in the order of the standard.
    pub const ALL: [Self; 21] = [
        Self::Commune,
        Self::Section,
        Self::Subdsect,
        Self::Parcelle,
        Self::Subdfisc,
        Self::Charge,
        Self::Voiep,
        Self::Numvoie,
        Self::Lieudit,
        Self::Batiment,
        Self::Tronroute,
        Self::Zoncommuni,
        Self::Tronfluv,
        Self::Ptcanv,
        Self::Borne,
        Self::Boulon,
        Self::Croix,
        Self::Symblim,
        Self::Tpoint,
        Self::Tline,
        Self::Tsurf,
    ];

    /// Identifier in the SCD (`PARCELLE_id`), which GDAL takes as the layer's name.
    #[must_use]
    pub fn scd_id(self) -> &'static str {
        match self {
            Self::Commune => "COMMUNE_id",
            Self::Section => "SECTION_id",
            Self::Subdsect => "SUBDSECT_id",
            Self::Parcelle => "PARCELLE_id",
            Self::Subdfisc => "SUBDFISC_id",
            Self::Charge => "CHARGE_id",
            Self::Voiep => "VOIEP_id",
            Self::Numvoie => "NUMVOIE_id",
            Self::Lieudit => "LIEUDIT_id",
            Self::Batiment => "BATIMENT_id",
            Self::Tronroute => "TRONROUTE_id",
            Self::Zoncommuni => "ZONCOMMUNI_id",
            Self::Tronfluv => "TRONFLUV_id",
            Self::Ptcanv => "PTCANV_id",
            Self::Borne => "BORNE_id",
            Self::Boulon => "BOULON_id",
            Self::Croix => "CROIX_id",
            Self::Symblim => "SYMBLIM_id",
            Self::Tpoint => "TPOINT_id",
            Self::Tline => "TLINE_id",
            Self::Tsurf => "TSURF_id",
        }
    }

    /// Class of an SCD identifier.
    #[must_use]
    pub fn from_scd_id(id: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.scd_id().as_bytes() == id)
    }

    /// What its geometry is made of.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self {
            Self::Voiep
            | Self::Numvoie
            | Self::Ptcanv
            | Self::Borne
            | Self::Boulon
            | Self::Croix
            | Self::Symblim
            | Self::Tpoint => Shape::Point,
            Self::Zoncommuni | Self::Tline => Shape::Line,
            _ => Shape::Surface,
        }
    }

    /// Length of the IDU that this class must carry.
    #[must_use]
    pub fn idu_length(self) -> Option<usize> {
        match self {
            Self::Commune => Some(3),
            Self::Section => Some(8),
            Self::Subdsect => Some(10),
            Self::Parcelle => Some(12),
            _ => None,
        }
    }
}
