//! Coordinates as people read and type them: one point in every system that applies, and a typed text as points.
//!
//! `lecture` reads a text as numbers with their axes, `ecriture` writes them; what one writes the other reads.

mod ecriture;
mod lecture;

use geo_types::{Geometry, Point};
use serde::Serialize;
use utoipa::ToSchema;

pub use ecriture::{decimal, metres, sexagesimal};

use super::projection::{Projection, ProjectionError};
use super::{cc, territoire};
use lecture::Paire;

/// Farthest a conformal zone is read from its central parallel, in degrees: its official strip and a margin.
const DEMI_ZONE: f64 = 1.5;

/// A point in every system that applies to it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Coordonnees {
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// « 45,76700° N, 4,83300° E ».
    pub decimal: String,
    /// « 45° 46′ 01,20″ N, 4° 49′ 58,80″ E ».
    pub sexagesimal: String,
    /// Legal projected systems: Lambert-93 and the conformal zone of the place, or the legal system overseas; none
    /// outside the territory of the database.
    pub systemes: Vec<Projetees>,
}

/// A point in a projected system.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Projetees {
    /// EPSG code.
    pub srid: u32,
    /// « Lambert-93 », « RGF93 / CC46 ».
    pub libelle: String,
    /// Easting in metres.
    pub x: f64,
    /// Northing in metres.
    pub y: f64,
    /// « 842 000,00 m E, 6 519 000,00 m N ».
    pub texte: String,
}

/// A point that a text means, in the system it was typed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Saisie {
    /// EPSG code of the system.
    pub srid: u32,
    /// Longitude or easting.
    pub x: f64,
    /// Latitude or northing.
    pub y: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
}

impl Saisie {
    /// « 45,76700° N, 4,83300° E (WGS 84) », « 842 000,00 m E, 6 519 000,00 m N (Lambert-93) ».
    #[must_use]
    pub fn libelle(&self) -> String {
        let texte = if self.srid == 4326 { decimal(self.lon, self.lat) } else { metres(self.x, self.y) };
        format!("{texte} ({})", libelle(self.srid))
    }
}

/// What people call a system.
#[must_use]
pub fn libelle(srid: u32) -> String {
    match srid {
        4326 => "WGS 84".to_owned(),
        2154 => "Lambert-93".to_owned(),
        3942..=3950 => format!("RGF93 / CC{}", srid - 3900),
        5490 => "RGAF09 / UTM 20N".to_owned(),
        2972 => "RGFG95 / UTM 22N".to_owned(),
        2975 => "RGR92 / UTM 40S".to_owned(),
        4471 => "RGM04 / UTM 38S".to_owned(),
        4467 => "RGSPM06 / UTM 21N".to_owned(),
        autre => format!("EPSG:{autre}"),
    }
}

/// A point in degrees, in every system that applies to it in a database that stores `storage`.
///
/// # Errors
/// PROJ lacks one of the systems.
pub fn de(lon: f64, lat: f64, storage: u32) -> Result<Coordonnees, ProjectionError> {
    let mut srids = Vec::new();
    if territoire::de(storage).contient(lon, lat) {
        srids.push(storage);
        srids.extend((storage == 2154).then(|| cc::zone_of_latitude(lat)));
    }
    let projetees = |srid: u32| {
        let (x, y) = projete(lon, lat, 4326, srid)?;
        Ok(Projetees { srid, libelle: libelle(srid), x: centimetre(x), y: centimetre(y), texte: metres(x, y) })
    };
    Ok(Coordonnees {
        lon,
        lat,
        decimal: decimal(lon, lat),
        sexagesimal: sexagesimal(lon, lat),
        systemes: srids.into_iter().map(projetees).collect::<Result<_, _>>()?,
    })
}

/// The points that a text means in the territory of `storage`: none when it holds no coordinates, several when two
/// systems give it a sense.
#[must_use]
pub fn lire(texte: &str, storage: u32) -> Vec<Saisie> {
    let paires = lecture::paires(texte);
    let saisies = |inversees: bool| -> Vec<Saisie> {
        let mut trouvees: Vec<Saisie> = Vec::new();
        for paire in &paires {
            for saisie in sens(paire, inversees, storage) {
                if !trouvees.contains(&saisie) {
                    trouvees.push(saisie);
                }
            }
        }
        trouvees
    };
    // The other order is tried only where the usual one gives nothing.
    let usuelles = saisies(false);
    if usuelles.is_empty() { saisies(true) } else { usuelles }
}

/// The senses of two numbers: degrees (latitude first, as people write), metres (easting first), or the other order.
fn sens(paire: &Paire, inversees: bool, storage: u32) -> Vec<Saisie> {
    let territoire = territoire::de(storage);
    let Some((x, y)) = paire.ordonnees(inversees) else { return Vec::new() };
    if paire.en_degres() {
        let saisie = Saisie { srid: 4326, x, y, lon: x, lat: y };
        return if territoire.contient(x, y) { vec![saisie] } else { Vec::new() };
    }
    if paire.est_sexagesimale() {
        return Vec::new();
    }
    territoire::systemes(storage)
        .into_iter()
        .filter(|srid| *srid != 4326 && plausible(*srid, y))
        .filter_map(|srid| {
            let (lon, lat) = projete(x, y, srid, 4326).ok()?;
            let dans_la_zone = cc::parallele(srid).is_none_or(|parallele| (lat - parallele).abs() <= DEMI_ZONE);
            (territoire.contient(lon, lat) && dans_la_zone).then_some(Saisie { srid, x, y, lon, lat })
        })
        .collect()
}

/// Whether a northing may belong to a system: spares a projection. Zone N has its central parallel at (N − 41) · 10⁶ + 2 · 10⁵ m.
fn plausible(srid: u32, y: f64) -> bool {
    cc::parallele(srid).is_none_or(|parallele| ((parallele - 41.0) * 1e6 + 2e5 - y).abs() < 300_000.0)
}

fn projete(x: f64, y: f64, from: u32, to: u32) -> Result<(f64, f64), ProjectionError> {
    let mut point: Geometry<f64> = Point::new(x, y).into();
    Projection::new(from, to)?.apply(&mut point)?;
    match point {
        Geometry::Point(point) => Ok((point.x(), point.y())),
        _ => Err(ProjectionError::Domain { from, to }),
    }
}

fn centimetre(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests;
