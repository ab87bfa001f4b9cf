//! The page: format, orientation and scale, and which of them hold given parcels.

use std::fmt;
use std::str::FromStr;

use geo_types::{Coord, Rect};

use crate::error::MiseError;

/// Points (1/72 inch) in a millimetre.
pub const POINTS_PER_MM: f64 = 72.0 / 25.4;

/// White kept between the parcels and the frame, in millimetres: nothing touches the edge.
pub const MARGE_MM: f64 = 5.0;
/// Share of the frame that parcels may take when the scale is ours to choose: the rest shows their surroundings.
pub const AISANCE: f64 = 0.55;

/// Edge of the sheet left blank: printers don't reach it.
const BORD: f64 = 8.0;
/// Title line above the frame.
const ENTETE: f64 = 15.0;
/// Band around the frame where coordinates are written.
const BANDE: f64 = 4.0;
/// Title block below the frame of an upright sheet.
const CARTOUCHE_BAS: f64 = 50.0;
/// Title block beside the frame of a wide sheet.
const CARTOUCHE_COTE: f64 = 64.0;
/// Between the frame's band and the title block.
const ECART: f64 = 2.0;

/// Sheet format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// 210 × 297 mm.
    A4,
    /// 297 × 420 mm.
    A3,
}

/// Which way the sheet is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// Upright.
    Portrait,
    /// On its side.
    Paysage,
}

/// Denominator of a scale that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Echelle(u32);

impl Echelle {
    /// Scales that may be chosen, the largest first.
    pub const CHOIX: [Self; 8] =
        [Self(200), Self(250), Self(500), Self(1000), Self(1250), Self(2000), Self(2500), Self(5000)];
    /// Scales proposed only for parcels that no other holds.
    pub const SECOURS: [Self; 2] = [Self(10_000), Self(25_000)];

    /// Denominator: 500 for 1/500.
    #[must_use]
    pub fn denominateur(self) -> u32 {
        self.0
    }

    /// Millimetres on paper for a metre on the ground.
    #[must_use]
    pub fn mm_par_metre(self) -> f64 {
        1000.0 / f64::from(self.0)
    }

    /// Every scale, the largest first.
    pub fn toutes() -> impl Iterator<Item = Self> {
        Self::CHOIX.into_iter().chain(Self::SECOURS)
    }
}

impl TryFrom<u32> for Echelle {
    type Error = MiseError;

    fn try_from(value: u32) -> Result<Self, MiseError> {
        Self::toutes().find(|echelle| echelle.0 == value).ok_or(MiseError::Echelle(value))
    }
}

impl FromStr for Format {
    type Err = MiseError;

    fn from_str(text: &str) -> Result<Self, MiseError> {
        match text.trim().to_ascii_uppercase().as_str() {
            "A4" => Ok(Self::A4),
            "A3" => Ok(Self::A3),
            _ => Err(MiseError::Format(text.chars().take(20).collect())),
        }
    }
}

impl FromStr for Orientation {
    type Err = MiseError;

    fn from_str(text: &str) -> Result<Self, MiseError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "portrait" => Ok(Self::Portrait),
            "paysage" => Ok(Self::Paysage),
            _ => Err(MiseError::Orientation(text.chars().take(20).collect())),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A4 => "A4",
            Self::A3 => "A3",
        })
    }
}

impl fmt::Display for Orientation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Portrait => "portrait",
            Self::Paysage => "paysage",
        })
    }
}

impl fmt::Display for Echelle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1/{}", crate::french::entier(u64::from(self.0)))
    }
}

/// A rectangle of the page in millimetres from its top left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zonage {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
    /// Width.
    pub largeur: f64,
    /// Height.
    pub hauteur: f64,
}

/// A page as it will be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mise {
    /// Sheet.
    pub format: Format,
    /// How it is held.
    pub orientation: Orientation,
    /// Scale of the map.
    pub echelle: Echelle,
}

impl fmt::Display for Mise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} au {}", self.format, self.orientation, self.echelle)
    }
}

impl Mise {
    /// Width and height of the sheet, in millimetres.
    #[must_use]
    pub fn page_mm(self) -> (f64, f64) {
        let (short, long) = match self.format {
            Format::A4 => (210.0, 297.0),
            Format::A3 => (297.0, 420.0),
        };
        match self.orientation {
            Orientation::Portrait => (short, long),
            Orientation::Paysage => (long, short),
        }
    }

    /// The map frame on the sheet.
    #[must_use]
    pub fn cadre_mm(self) -> Zonage {
        let (width, height) = self.page_mm();
        let (x, y) = (BORD + BANDE, BORD + ENTETE + BANDE);
        let (right, below) = match self.orientation {
            Orientation::Portrait => (BORD + BANDE, BORD + CARTOUCHE_BAS + ECART + BANDE),
            Orientation::Paysage => (BORD + CARTOUCHE_COTE + ECART + BANDE, BORD + BANDE),
        };
        Zonage { x, y, largeur: width - x - right, hauteur: height - y - below }
    }

    /// The title block on the sheet.
    #[must_use]
    pub fn cartouche_mm(self) -> Zonage {
        let (width, height) = self.page_mm();
        match self.orientation {
            Orientation::Portrait => Zonage {
                x: BORD,
                y: height - BORD - CARTOUCHE_BAS,
                largeur: width - 2.0 * BORD,
                hauteur: CARTOUCHE_BAS,
            },
            Orientation::Paysage => Zonage {
                x: width - BORD - CARTOUCHE_COTE,
                y: BORD + ENTETE,
                largeur: CARTOUCHE_COTE,
                hauteur: height - 2.0 * BORD - ENTETE,
            },
        }
    }

    /// The line of the title.
    #[must_use]
    pub fn entete_mm(self) -> Zonage {
        Zonage { x: BORD, y: BORD, largeur: self.page_mm().0 - 2.0 * BORD, hauteur: ENTETE - 2.0 }
    }

    /// Ground that the map frame shows around `centre`, in metres of the zone.
    #[must_use]
    pub fn emprise(self, centre: Coord<f64>) -> Rect<f64> {
        let cadre = self.cadre_mm();
        let half = Coord {
            x: cadre.largeur / self.echelle.mm_par_metre() / 2.0,
            y: cadre.hauteur / self.echelle.mm_par_metre() / 2.0,
        };
        Rect::new(centre - half, centre + half)
    }

    /// Whether the frame, centred on `bounds`, holds them with [`MARGE_MM`] around.
    #[must_use]
    pub fn tient(self, bounds: Rect<f64>) -> bool {
        let (width, height) = self.taille_mm(bounds);
        let cadre = self.cadre_mm();
        width <= cadre.largeur - 2.0 * MARGE_MM && height <= cadre.hauteur - 2.0 * MARGE_MM
    }

    /// Whether `bounds` take no more than [`AISANCE`] of the frame, each way.
    #[must_use]
    pub fn aise(self, bounds: Rect<f64>) -> bool {
        self.occupation(bounds) <= AISANCE
    }

    /// Largest share of the frame that `bounds` take, of the two ways.
    fn occupation(self, bounds: Rect<f64>) -> f64 {
        let (width, height) = self.taille_mm(bounds);
        let cadre = self.cadre_mm();
        (width / cadre.largeur).max(height / cadre.hauteur)
    }

    fn taille_mm(self, bounds: Rect<f64>) -> (f64, f64) {
        (bounds.width() * self.echelle.mm_par_metre(), bounds.height() * self.echelle.mm_par_metre())
    }
}

/// What someone asked of the page; what is absent is ours to propose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Demande {
    /// Sheet.
    pub format: Option<Format>,
    /// How it is held.
    pub orientation: Option<Orientation>,
    /// Scale.
    pub echelle: Option<Echelle>,
}

impl fmt::Display for Demande {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        words.extend(self.format.map(|format| format.to_string()));
        words.extend(self.orientation.map(|orientation| orientation.to_string()));
        words.extend(self.echelle.map(|echelle| format!("au {echelle}")));
        f.write_str(&words.join(" "))
    }
}

impl Demande {
    /// Pages that answer the request, those one would rather have first: A4 before A3, offered scales before the
    /// others, a large scale before a small one, and of the two orientations the one that `bounds` fill least.
    fn candidates(self, bounds: Rect<f64>) -> Vec<Mise> {
        let formats = self.format.map_or(vec![Format::A4, Format::A3], |format| vec![format]);
        let orientations =
            self.orientation.map_or(vec![Orientation::Portrait, Orientation::Paysage], |orientation| vec![orientation]);
        let scales: [&[Echelle]; 2] = [&Echelle::CHOIX, &Echelle::SECOURS];
        let mut pages = Vec::new();
        for scales in scales {
            let scales = match self.echelle {
                Some(asked) if scales.contains(&asked) => vec![asked],
                Some(_) => Vec::new(),
                None => scales.to_vec(),
            };
            for &format in &formats {
                for &echelle in &scales {
                    let mut pair: Vec<Mise> =
                        orientations.iter().map(|&orientation| Mise { format, orientation, echelle }).collect();
                    pair.sort_by(|a, b| a.occupation(bounds).total_cmp(&b.occupation(bounds)));
                    pages.extend(pair);
                }
            }
        }
        pages
    }
}

/// The page for parcels of these `bounds` (metres of the zone): what was asked when it holds them.
///
/// When the scale is free, the largest at which the parcels leave room for their surroundings ([`Mise::aise`]),
/// else the largest that holds them ([`Mise::tient`]); A4 is preferred to A3.
///
/// # Errors
/// [`MiseError::TropGrand`] with a page that would do when what was asked can't hold the parcels,
/// [`MiseError::HorsGabarit`] when nothing can.
pub fn proposer(bounds: Rect<f64>, demande: Demande) -> Result<Mise, MiseError> {
    let corners = [bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y];
    if corners.iter().any(|value| !value.is_finite()) {
        return Err(MiseError::Etendue);
    }
    if let Some(mise) = choose(bounds, demande) {
        return Ok(mise);
    }
    // What was asked is loosened one wish at a time, the scale first: the sheet is what people have in their printer.
    let looser = [
        Demande { echelle: None, ..demande },
        Demande { orientation: None, echelle: None, ..demande },
        Demande::default(),
    ];
    match looser.into_iter().find_map(|demande| choose(bounds, demande)) {
        Some(proposee) => Err(MiseError::TropGrand { demande: demande.to_string(), proposee }),
        None => Err(MiseError::HorsGabarit { largeur_m: metres(bounds.width()), hauteur_m: metres(bounds.height()) }),
    }
}

fn choose(bounds: Rect<f64>, demande: Demande) -> Option<Mise> {
    let pages = demande.candidates(bounds);
    let offered = |mise: &&Mise| Echelle::CHOIX.contains(&mise.echelle);
    // A scale that was asked for is taken as soon as it holds the parcels; ours must leave room if it can.
    let room =
        if demande.echelle.is_some() { None } else { pages.iter().filter(offered).find(|mise| mise.aise(bounds)) };
    room.or_else(|| pages.iter().filter(offered).find(|mise| mise.tient(bounds)))
        .or_else(|| pages.iter().find(|mise| mise.tient(bounds)))
        .copied()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, which is what is wanted"
)]
fn metres(length: f64) -> u64 {
    length.ceil() as u64
}
