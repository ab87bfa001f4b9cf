//! The hand-drawn plan of the two communes: streets, river, limits, reserved grounds, sections, names.
//!
//! Coordinates are metres east and north of the church of Valbrume. What is drawn here is what a
//! surveyor would know; everything else (blocks, lots, buildings, numbers) is computed from it.

mod montarlon;
mod names;
mod saint_cyprin;
mod valbrume;
mod valbrume_ground;

use crate::geometry::{Pt, pt};

pub use names::{LIEUX_DITS, TOWN_DATES};

/// Lambert-93 position of the plan's origin, in metres (44.40° N, 2.35° E, a rural area).
pub const ORIGIN: Pt = pt(648_240.0, 6_367_520.0);

/// What a line of the plan is on the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Genre {
    /// Named street of the built-up area.
    Rue,
    /// Road between places.
    Route,
    /// Country lane whose surface is in the cadastred domain.
    Chemin,
    /// River.
    Riviere,
    /// Limit without width.
    Limite,
    /// Limit of a commune or of a former commune.
    LimiteCommune,
}

impl Genre {
    /// Whether addresses and frontages may be on it.
    #[must_use]
    pub fn is_road(self) -> bool {
        matches!(self, Self::Rue | Self::Route | Self::Chemin)
    }
}

/// A line of the plan.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Name on the plan, empty for limits.
    pub name: &'static str,
    /// What it is.
    pub genre: Genre,
    /// Width in metres.
    pub width: f64,
    /// Control points, smoothed afterwards.
    pub points: &'static [(f64, f64)],
}

/// How the land of a face is cut and built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tissu {
    /// Old dense centre.
    Centre,
    /// Terraced houses along streets, deep gardens.
    Faubourg,
    /// Detached houses with gardens.
    Pavillons,
    /// Workshops.
    Activites,
    /// Village core.
    Village,
    /// Narrow vineyards.
    Vignes,
    /// Meadows and gardens at the edge of the town.
    Jardins,
    /// Fields.
    Champs,
    /// Woods.
    Bois,
}

/// A ground that is one parcel by itself.
#[derive(Debug, Clone, Copy)]
pub struct Ground {
    /// What it is for.
    pub usage: Usage,
    /// Outline; it may run over streets, which are taken away.
    pub outline: &'static [(f64, f64)],
    /// Buildings.
    pub buildings: &'static [PlannedBuilding],
}

/// Name, centre, angle in degrees of the long side, length, width, solid.
pub type PlannedBuilding = (&'static str, (f64, f64), f64, f64, f64, bool);

/// Points of a line or outline of the plan, in metres.
pub type Points = &'static [(f64, f64)];

/// SYM code, text (may be empty), points.
pub type PlannedSymbol = (u32, &'static str, Points);

/// Use of a parcel, as the generator knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Usage {
    /// House or houses on the street.
    Habitation,
    /// Workshop or store.
    Activite,
    /// Garden without house.
    Jardin,
    /// Ploughed land or meadow.
    Culture,
    /// Vineyard.
    Vigne,
    /// Wood.
    Bois,
    /// Farm.
    Ferme,
    /// Church.
    Eglise,
    /// Cemetery.
    Cimetiere,
    /// Town hall.
    Mairie,
    /// School.
    Ecole,
    /// Sports ground.
    Stade,
    /// Railway station.
    Gare,
    /// Railway line.
    VoieFerree,
    /// Other public building.
    Public,
}

/// A section of the plan: its code and the zones whose faces it takes.
#[derive(Debug, Clone, Copy)]
pub struct SectionPlan {
    /// Prefix of the absorbed commune, or `000`.
    pub prefixe: &'static str,
    /// Two characters, `0A` for a one-letter section.
    pub code: &'static str,
    /// Scale denominator of the sheet.
    pub echelle: u32,
    /// QUPL, COPL.
    pub qualite: (&'static str, &'static str),
    /// Zones of each feuille, the first that holds a face takes it.
    pub feuilles: &'static [&'static [(f64, f64)]],
}

/// A commune of the plan.
#[derive(Debug, Clone, Copy)]
pub struct CommunePlan {
    /// INSEE code.
    pub insee: &'static str,
    /// Name.
    pub nom: &'static str,
    /// EPSG code of the delivered coordinates.
    pub srid: u32,
    /// Control points of its own part of the outline, from one end of the shared limit to the other.
    pub outline: &'static [(f64, f64)],
    /// Roads, river, limits drawn for it.
    pub lines: &'static [&'static [Line]],
    /// Sections, in order of preference.
    pub sections: &'static [SectionPlan],
    /// Land use by zone, first match.
    pub tissus: &'static [(Tissu, &'static [(f64, f64)])],
    /// Reserved grounds.
    pub grounds: &'static [Ground],
    /// Prefix, former commune's INSEE code and name.
    pub anciennes: &'static [(&'static str, &'static str, &'static str)],
    /// Symbols drawn by hand.
    pub details: Details,
}

/// Symbols of the plan drawn by hand: SYM code, text, where.
#[derive(Debug, Clone, Copy)]
pub struct Details {
    /// Points.
    pub points: &'static [(u32, (f64, f64))],
    /// Lines.
    pub lines: &'static [PlannedSymbol],
    /// Surfaces, smoothed.
    pub surfaces: &'static [PlannedSymbol],
}

/// The limit between the two communes, from north to south.
pub const SHARED_LIMIT: &[(f64, f64)] = &[
    (1780.0, 1380.0),
    (1860.0, 1050.0),
    (1720.0, 800.0),
    (1900.0, 500.0),
    (1980.0, 150.0),
    (1800.0, -200.0),
    (1850.0, -600.0),
    (1700.0, -980.0),
];

/// The southern side of the railway: the corridor lies `RAIL_WIDTH` metres to its north.
pub const RAIL: &[(f64, f64)] = &[
    (-2050.0, -460.0),
    (-1400.0, -500.0),
    (-900.0, -560.0),
    (-500.0, -570.0),
    (0.0, -535.0),
    (500.0, -480.0),
    (900.0, -330.0),
    (1400.0, -60.0),
    (1900.0, 60.0),
    (2500.0, 60.0),
    (3200.0, -20.0),
    (3900.0, -160.0),
    (4500.0, -250.0),
];

/// Width of the railway's ground, in metres.
pub const RAIL_WIDTH: f64 = 15.0;

/// The two communes.
pub const COMMUNES: [CommunePlan; 2] = [valbrume::PLAN, saint_cyprin::PLAN];

pub(crate) const fn rue(name: &'static str, width: f64, points: &'static [(f64, f64)]) -> Line {
    Line { name, genre: Genre::Rue, width, points }
}

pub(crate) const fn route(name: &'static str, width: f64, points: &'static [(f64, f64)]) -> Line {
    Line { name, genre: Genre::Route, width, points }
}

pub(crate) const fn chemin(name: &'static str, width: f64, points: &'static [(f64, f64)]) -> Line {
    Line { name, genre: Genre::Chemin, width, points }
}

pub(crate) const fn limite(points: &'static [(f64, f64)]) -> Line {
    Line { name: "", genre: Genre::Limite, width: 0.0, points }
}
