//! The objects of the plan cadastral.

use geo_types::Polygon;

use crate::geometry::Pt;
use crate::plan::{Genre, Usage};

/// Dates of creation and of last update, AAAAMMJJ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// Creation (EDIGEO `ODA`).
    pub created: u32,
    /// Last update (EDIGEO `UDA`), never before `created`.
    pub updated: u32,
}

/// A text on the plan: where its middle stands, and its direction.
#[derive(Debug, Clone, Copy)]
pub struct Ecriture {
    /// Position.
    pub at: Pt,
    /// Trigonometric degrees from the east, in (−90, 90].
    pub angle: f64,
    /// Height in millimetres on the plan.
    pub hei: f64,
}

/// A commune and all that is drawn on its plan.
#[derive(Debug, Clone)]
pub struct Commune {
    /// INSEE code, 5 characters.
    pub insee: String,
    /// Name.
    pub nom: String,
    /// EPSG code of the coordinates its plan is delivered in.
    pub srid: u32,
    /// Outline.
    pub contour: Polygon<f64>,
    /// Dates of the commune object.
    pub dates: Dates,
    /// Prefix, INSEE code and name of absorbed communes.
    pub anciennes: Vec<(String, String, String)>,
    /// Sections.
    pub sections: Vec<Section>,
    /// Feuilles (subdivisions of section).
    pub feuilles: Vec<Feuille>,
    /// Parcels, by section then number.
    pub parcelles: Vec<Parcelle>,
    /// Buildings; one that spans two feuilles is cut in two.
    pub batiments: Vec<Batiment>,
    /// Lieux-dits.
    pub lieux_dits: Vec<LieuDit>,
    /// Axes of streets, roads and lanes.
    pub voies: Vec<Voie>,
    /// Addresses.
    pub adresses: Vec<Adresse>,
    /// Road and river surfaces and lines of the plan.
    pub troncons: Vec<Troncon>,
    /// Symbols and detail topography.
    pub symboles: Vec<Symbole>,
    /// Boundary marks and survey points.
    pub bornes: Vec<Borne>,
}

/// A section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Prefix of the absorbed commune, `000` otherwise.
    pub prefixe: String,
    /// Two characters, `0A` for a one-letter section.
    pub code: String,
    /// Outline, streets included.
    pub polygons: Vec<Polygon<f64>>,
    /// Where its letters are written.
    pub ecriture: Ecriture,
    /// Dates.
    pub dates: Dates,
}

/// Quality codes of a feuille.
#[derive(Debug, Clone)]
pub struct Quality {
    /// QUPL.
    pub qupl: String,
    /// COPL.
    pub copl: String,
    /// EOR, scale denominator.
    pub echelle: u32,
    /// DEDI, DIS, DRED: edition, incorporation and renewal, JJ/MM/AAAA.
    pub dedi: String,
    /// DIS.
    pub dis: String,
    /// DRED.
    pub dred: String,
    /// ICL, orientation in gons.
    pub icl: f64,
    /// INP.
    pub inp: String,
}

/// A feuille: the sheet of a section that makes one EDIGEO lot.
#[derive(Debug, Clone)]
pub struct Feuille {
    /// Index of its section.
    pub section: usize,
    /// Number, from 1.
    pub numero: u32,
    /// Outline, streets included.
    pub polygons: Vec<Polygon<f64>>,
    /// Quality and dates of the sheet.
    pub quality: Quality,
    /// Dates.
    pub dates: Dates,
}

/// The side of a parcel that lies on a street.
#[derive(Debug, Clone, Copy)]
pub struct Front {
    /// Index of the street.
    pub voie: usize,
    /// Ends of the longest edge on it, with the parcel on the left.
    pub a: Pt,
    /// Other end.
    pub b: Pt,
    /// Metres from the start of the street.
    pub run: f64,
    /// True when the parcel is on the left side of the street.
    pub left: bool,
}

/// Part of a parcel with its own use.
#[derive(Debug, Clone)]
pub struct Subdivision {
    /// Letter.
    pub lettre: char,
    /// Outline.
    pub polygon: Polygon<f64>,
    /// Dates.
    pub dates: Dates,
}

/// A parcel.
#[derive(Debug, Clone)]
pub struct Parcelle {
    /// Index of its section.
    pub section: usize,
    /// Index of its feuille.
    pub feuille: usize,
    /// Number in the section.
    pub numero: u32,
    /// Outline.
    pub polygon: Polygon<f64>,
    /// Contenance in square metres (fiscal, not geometric).
    pub contenance: u32,
    /// Contenance measured by a surveyor (COAR `A`).
    pub arpentee: bool,
    /// Use.
    pub usage: Usage,
    /// Its street, if it touches one.
    pub front: Option<Front>,
    /// Fiscal subdivisions.
    pub subdivisions: Vec<Subdivision>,
    /// Where the number is written.
    pub ecriture: Ecriture,
    /// Dates.
    pub dates: Dates,
}

/// A building, or the part of it on one feuille.
#[derive(Debug, Clone)]
pub struct Batiment {
    /// Index of its feuille.
    pub feuille: usize,
    /// Outline.
    pub polygon: Polygon<f64>,
    /// True for a solid building (DUR 01), false for a light one (02).
    pub dur: bool,
    /// Name, for the church, the school...
    pub nom: Option<String>,
    /// Indexes of the parcels it stands on.
    pub parcelles: Vec<usize>,
    /// Dates.
    pub dates: Dates,
}

/// A lieu-dit, on one feuille.
#[derive(Debug, Clone)]
pub struct LieuDit {
    /// Index of its feuille.
    pub feuille: usize,
    /// Name in capitals.
    pub nom: String,
    /// Outline.
    pub polygon: Polygon<f64>,
    /// Where the name is written.
    pub ecriture: Ecriture,
    /// Dates.
    pub dates: Dates,
}

/// Axis of a street, road or lane; sewers and water pipes of later modules follow it.
#[derive(Debug, Clone)]
pub struct Voie {
    /// Name.
    pub nom: String,
    /// Street, road, lane or river.
    pub genre: Genre,
    /// Width in metres.
    pub largeur: f64,
    /// Axis, in the direction of increasing numbers.
    pub axe: Vec<Pt>,
}

/// An address.
#[derive(Debug, Clone)]
pub struct Adresse {
    /// Index of the street; `None` for a lieu-dit.
    pub voie: Option<usize>,
    /// Street or lieu-dit name.
    pub nom: String,
    /// Number; 99999 for a lieu-dit.
    pub numero: u32,
    /// `bis`, `ter` or empty.
    pub suffixe: String,
    /// Position.
    pub at: Pt,
    /// Direction of the street there, degrees, for the number on the plan.
    pub angle: f64,
    /// Index of the parcel; `None` for a lieu-dit.
    pub parcelle: Option<usize>,
    /// Certified by the commune.
    pub certifiee: bool,
    /// Last update, AAAAMMJJ.
    pub date: u32,
}

/// Shape of a tronçon.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TronconShape {
    /// Surface (TRONROUTE, TRONFLUV).
    Surface(Polygon<f64>),
    /// Line (ZONCOMMUNI).
    Line(Vec<Pt>),
    /// Name of a street alone (VOIEP).
    Nom(Pt),
}

/// A stretch of road or river on one feuille, with its name.
#[derive(Debug, Clone)]
pub struct Troncon {
    /// Index of its feuille.
    pub feuille: usize,
    /// Street, road, lane or river.
    pub genre: Genre,
    /// Name.
    pub nom: String,
    /// Geometry.
    pub shape: TronconShape,
    /// Where each word (or the whole name, for a VOIEP) is written.
    pub ecritures: Vec<Ecriture>,
    /// Dates.
    pub dates: Dates,
}

/// Shape of a symbol.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SymboleShape {
    /// TPOINT, with its orientation in trigonometric degrees.
    Point(Pt, f64),
    /// TLINE.
    Line(Vec<Pt>),
    /// TSURF.
    Surface(Polygon<f64>),
    /// SYMBLIM, with its orientation and the parcel it belongs to.
    Limite(Pt, f64, usize),
    /// CHARGE, with its letter and parcel.
    Charge(Polygon<f64>, char, usize),
}

/// A symbol of the plan.
#[derive(Debug, Clone)]
pub struct Symbole {
    /// Index of its feuille.
    pub feuille: usize,
    /// SYM code (14 church, 51 cemetery, 29 railway...).
    pub sym: u32,
    /// Text, if any.
    pub texte: Option<String>,
    /// Geometry.
    pub shape: SymboleShape,
    /// Dates.
    pub dates: Dates,
}

/// Kind of mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BorneKind {
    /// Boundary stone.
    Borne,
    /// Bolt, with an orientation.
    Boulon,
    /// Engraved cross.
    Croix,
    /// Point of the survey network, with its number.
    Canevas(u32),
}

/// A mark on the ground.
#[derive(Debug, Clone)]
pub struct Borne {
    /// Index of its feuille.
    pub feuille: usize,
    /// Kind.
    pub kind: BorneKind,
    /// Position.
    pub at: Pt,
    /// Parcels it bounds.
    pub parcelles: Vec<usize>,
    /// Dates.
    pub dates: Dates,
}

impl Commune {
    /// Prefix, section code and number of a parcel: the 14 characters of its identifier.
    #[must_use]
    pub fn idu(&self, parcelle: &Parcelle) -> String {
        let section = &self.sections[parcelle.section];
        format!("{}{}{}{:04}", self.insee, section.prefixe, section.code, parcelle.numero)
    }

    /// The 12 characters of a feuille's identifier.
    #[must_use]
    pub fn feuille_id(&self, feuille: &Feuille) -> String {
        let section = &self.sections[feuille.section];
        format!("{}{}{}{:02}", self.insee, section.prefixe, section.code, feuille.numero)
    }
}
