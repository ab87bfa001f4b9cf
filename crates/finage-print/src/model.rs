//! What a caller gives: a plan in metres, the parcels it is about, and the words around it.

use std::sync::Arc;

use geo_types::{Coord, Geometry, MultiPolygon, Rect};

/// A projected system in which the plan is drawn: one metre on its plane is one metre to scale.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Zone {
    /// EPSG code, such as 3944.
    pub srid: u32,
    /// Name printed on the plan, such as « RGF93 CC44 ».
    pub label: String,
}

/// One plan, complete: everything a page or a picture shows. All coordinates are metres (east, north) of `zone`.
#[derive(Debug, Clone, Default)]
pub struct Extrait {
    /// System of every coordinate.
    pub zone: Zone,
    /// The parcels the plan is about, in the order of the table. Their shapes are in `plan.parcelles`, by IDU.
    pub sujets: Vec<Sujet>,
    /// What is drawn.
    pub plan: Plan,
    /// What is written around it.
    pub cartouche: Cartouche,
    /// Picture under the plan.
    pub fond: Option<Fond>,
    /// Text for those who can't see the plan; built from the plan when absent.
    pub alternative: Option<String>,
}

impl Extrait {
    /// Bounds of the subjects' shapes in metres of the zone, what [`crate::proposer`] wants; nothing when none has one.
    #[must_use]
    pub fn etendue(&self) -> Option<Rect<f64>> {
        crate::describe::bounds(self)
    }
}

/// A parcel the plan is about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sujet {
    /// Identifier, the same as in [`Parcelle::idu`].
    pub idu: String,
    /// Reference as people write it: « AB 145 ».
    pub reference: String,
    /// Contenance written in the cadastre, in m².
    pub contenance_m2: Option<u64>,
    /// Area of the drawn shape, in m².
    pub surface_m2: Option<f64>,
    /// Postal address, when there is one.
    pub adresse: Option<String>,
}

/// The objects of a plan; what lies outside of the frame is left out by the drawing, never by the caller's care.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Parcels: subjects and neighbours.
    pub parcelles: Vec<Parcelle>,
    /// Buildings.
    pub batiments: Vec<Batiment>,
    /// Roads and water, as surfaces or as lines.
    pub troncons: Vec<Troncon>,
    /// Limits of sections, feuilles and communes.
    pub limites: Vec<Limite>,
    /// Names written on the plan.
    pub ecritures: Vec<Ecriture>,
    /// House numbers.
    pub numeros: Vec<Label>,
    /// Conventional symbols.
    pub symboles: Vec<Symbole>,
    /// Topographic details (walls, edges, pools).
    pub details: Vec<Geometry<f64>>,
}

/// A parcel.
#[derive(Debug, Clone)]
pub struct Parcelle {
    /// Identifier.
    pub idu: String,
    /// Number written in it: « 145 ».
    pub numero: String,
    /// Shape.
    pub geom: MultiPolygon<f64>,
    /// Where the draughtsman wrote the number; the middle of the shape otherwise.
    pub label: Option<Label>,
}

/// A building.
#[derive(Debug, Clone)]
pub struct Batiment {
    /// Solid construction (« en dur »), as opposed to a light one.
    pub dur: bool,
    /// Shape.
    pub geom: MultiPolygon<f64>,
}

/// What a road or water segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenreTroncon {
    /// Named road (TRONROUTE).
    Route,
    /// Other way: path, railway (ZONCOMMUNI).
    Voie,
    /// Water (TRONFLUV).
    Eau,
}

/// A road or water segment, surface or line.
#[derive(Debug, Clone)]
pub struct Troncon {
    /// What it is.
    pub genre: GenreTroncon,
    /// Shape: polygons are filled, lines drawn.
    pub geom: Geometry<f64>,
}

/// What a limit bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenreLimite {
    /// Section of the cadastre.
    Section,
    /// Sheet of a section.
    Feuille,
    /// Commune.
    Commune,
}

/// An administrative area whose limit is drawn.
#[derive(Debug, Clone)]
pub struct Limite {
    /// What it bounds.
    pub genre: GenreLimite,
    /// Name written inside, such as the letters of a section.
    pub nom: Option<String>,
    /// Shape.
    pub geom: MultiPolygon<f64>,
}

/// Which point of a text a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ancre {
    /// Its middle.
    #[default]
    Centre,
    /// The start of its baseline, as the écritures of the plan are placed.
    BasGauche,
}

/// A text at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// What is written.
    pub texte: String,
    /// Its place.
    pub point: Coord<f64>,
    /// What of the text stands at that place.
    pub ancre: Ancre,
    /// Degrees counter-clockwise from the east of the zone.
    pub angle_deg: f64,
    /// Height of the letters in metres on the ground.
    pub hauteur_m: Option<f64>,
}

/// What a writing names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenreEcriture {
    /// Street or road.
    Voie,
    /// Lieu-dit.
    LieuDit,
    /// Stream or water surface.
    Eau,
    /// Anything else (buildings, neighbouring communes...).
    Autre,
}

/// A name written on the plan, in one go or word by word along what it names.
#[derive(Debug, Clone, PartialEq)]
pub struct Ecriture {
    /// What it names.
    pub genre: GenreEcriture,
    /// The whole name: « Chemin de la Lande ».
    pub nom: String,
    /// Its words as the draughtsman wrote them, in their order; one when the name is written in one go, none when the
    /// plan shows what it names without writing it there.
    pub mots: Vec<Label>,
    /// What it names, as a line or a surface, when it is drawn.
    pub objet: Option<Geometry<f64>>,
}

impl Ecriture {
    /// A name written in one go.
    #[must_use]
    pub fn seule(genre: GenreEcriture, label: Label) -> Self {
        Self { genre, nom: label.texte.clone(), mots: vec![label], objet: None }
    }
}

/// A conventional symbol of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Symbole {
    /// Code of the exchange norm (SYM), such as « 14 » for a church.
    pub code: String,
    /// Its place.
    pub point: Coord<f64>,
    /// Degrees counter-clockwise.
    pub angle_deg: f64,
}

/// The words around the plan. Dates are texts: this crate has no calendar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cartouche {
    /// Name of the commune.
    pub commune: String,
    /// Its INSEE code.
    pub insee: String,
    /// Sections and feuilles shown: « Section AB, feuille 01 ».
    pub section: String,
    /// Date of the plan's data: « 1er juillet 2026 ».
    pub millesime: String,
    /// Origin of the plan: « Plan cadastral informatisé, DGFiP ».
    pub source: String,
    /// Day the extract was made.
    pub edition: String,
    /// Credits of the data (licences, producers), the background's excepted.
    pub credits: Vec<String>,
}

/// A picture drawn under the plan, north up, in the same zone.
#[derive(Debug, Clone)]
pub struct Fond {
    /// Ground it covers, in metres of the zone.
    pub emprise: Rect<f64>,
    /// The picture.
    pub image: FondImage,
    /// Whom to credit.
    pub attribution: String,
}

/// Pixels of a background.
#[derive(Debug, Clone)]
pub enum FondImage {
    /// A PNG file.
    Png(Arc<Vec<u8>>),
    /// A JPEG file.
    Jpeg(Arc<Vec<u8>>),
    /// Rows from the north, four bytes a pixel (red, green, blue, alpha).
    Rgba {
        /// Pixels a row.
        largeur: u32,
        /// Rows.
        hauteur: u32,
        /// `4 × largeur × hauteur` bytes.
        pixels: Arc<Vec<u8>>,
    },
}
