//! The parcels a plan is about.

use finage_print::{Cartouche, Sujet};
use finage_reference::Idu;
use geo::BoundingRect as _;
use geo_types::{Coord, Rect};
use sqlx::{PgPool, Row as _, postgres::PgRow};
use time::Date;

use super::PrintError;
use super::plan::Frame;
use crate::spatial::wkb;

/// Parcels shown at most on one plan.
pub const MAX_SUJETS: usize = 50;
/// Share of a picture that its parcel takes.
const PICTURE_SHARE: f64 = 0.5;
/// Smallest ground width of a picture, metres: a garden shed's parcel still shows its street.
const PICTURE_MIN_M: f64 = 40.0;
/// Pixels to the metre of paper on a screen (CSS: 96 to the inch).
const CSS_PIXELS_PER_METRE: f64 = 96.0 / 0.0254;

/// The parcels a plan is about, in the zone where it is drawn.
#[derive(Debug)]
pub struct Sujets {
    /// EPSG code of the zone.
    pub srid: u32,
    /// What is said of each.
    pub sujets: Vec<Sujet>,
    /// What contains them all, metres.
    pub bounds: Rect<f64>,
    /// The words around the plan; the day is still to be written.
    pub cartouche: Cartouche,
}

impl Sujets {
    /// Reads the parcels that are known among `idus`.
    ///
    /// # Errors
    /// None is known, there are more than [`MAX_SUJETS`], or the database refused.
    pub async fn read(pool: &PgPool, idus: &[Idu]) -> Result<Self, PrintError> {
        if idus.len() > MAX_SUJETS {
            return Err(PrintError::TooMany(idus.len()));
        }
        let keys: Vec<String> = idus.iter().map(ToString::to_string).collect();
        let rows = sqlx::query(include_str!("sql/sujets.sql")).bind(&keys).fetch_all(pool).await?;
        let missing = || {
            let known: Vec<&str> = rows.iter().map(|row| row.get("idu")).collect();
            keys.iter().filter(|key| !known.contains(&key.as_str())).cloned().collect::<Vec<_>>()
        };
        let Some(first) = rows.first().filter(|_| rows.len() >= distinct(&keys)) else {
            return Err(PrintError::Unknown(missing()));
        };
        let mut bounds: Option<Rect<f64>> = None;
        for row in &rows {
            if let Some(one) = wkb::decode(row.get::<&[u8], _>("geom"))?.bounding_rect() {
                bounds = Some(bounds.map_or(one, |all| union(all, one)));
            }
        }
        Ok(Self {
            srid: first.get::<i32, _>("zone").unsigned_abs(),
            sujets: rows.iter().map(sujet).collect(),
            bounds: bounds.ok_or_else(|| PrintError::Unknown(keys.clone()))?,
            cartouche: cartouche(&rows, first),
        })
    }

    /// The middle of the plan.
    #[must_use]
    pub fn centre(&self) -> Coord<f64> {
        self.bounds.center()
    }

    /// The ground of a picture of `width` × `height` pixels around the parcels.
    pub(super) fn picture_frame(&self, width: u32, height: u32) -> Frame {
        let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
        let metres_per_pixel = (self.bounds.width() / (width * PICTURE_SHARE))
            .max(self.bounds.height() / (height * PICTURE_SHARE))
            .max(PICTURE_MIN_M / width);
        let half = Coord { x: width * metres_per_pixel / 2.0, y: height * metres_per_pixel / 2.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of floats saturates")]
        let echelle = (metres_per_pixel * CSS_PIXELS_PER_METRE) as u32;
        Frame { srid: self.srid, emprise: Rect::new(self.centre() - half, self.centre() + half), echelle }
    }
}

fn distinct(keys: &[String]) -> usize {
    keys.iter().collect::<std::collections::BTreeSet<_>>().len()
}

fn union(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    Rect::new(
        Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
        Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
    )
}

fn sujet(row: &PgRow) -> Sujet {
    let idu: String = row.get("idu");
    Sujet {
        reference: idu.parse::<Idu>().map_or_else(|_| idu.clone(), |idu| idu.reference()),
        contenance_m2: row.get::<Option<i32>, _>("contenance").and_then(|area| u64::try_from(area).ok()),
        surface_m2: row.get("surface"),
        adresse: row.get("adresse"),
        idu,
    }
}

/// Names every commune, section and feuille once.
fn cartouche(rows: &[PgRow], first: &PgRow) -> Cartouche {
    let listed = |name: &str| {
        let mut all: Vec<String> = rows.iter().filter_map(|row| row.get::<Option<String>, _>(name)).collect();
        all.sort();
        all.dedup();
        all.join(", ")
    };
    let millesimes: Vec<Date> = rows.iter().filter_map(|row| row.get("millesime")).collect();
    let millesime = match (millesimes.iter().min(), millesimes.iter().max()) {
        (Some(oldest), Some(newest)) if oldest != newest => {
            format!("{} au {}", in_letters(*oldest), in_letters(*newest))
        }
        (Some(date), _) => in_letters(*date),
        _ => "date inconnue".to_owned(),
    };
    let source = match first.get::<Option<&str>, _>("source") {
        Some("etalab") => "Plan cadastral informatisé (DGFiP), fichiers Etalab",
        _ => "Plan cadastral informatisé (DGFiP), EDIGÉO",
    };
    Cartouche {
        commune: listed("commune"),
        insee: listed("insee"),
        section: section(rows),
        millesime,
        source: source.to_owned(),
        edition: String::new(),
        credits: vec!["Plan cadastral informatisé (DGFiP), Licence\u{a0}Ouverte\u{a0}2.0".to_owned()],
    }
}

/// « Section AB, feuille 01 (1/1000) », or the sections when there are several.
fn section(rows: &[PgRow]) -> String {
    let mut sections: Vec<String> = rows
        .iter()
        .filter_map(|row| row.get::<String, _>("idu").parse::<Idu>().ok())
        .map(|idu| idu.section_id().reference())
        .collect();
    sections.sort();
    sections.dedup();
    let mut feuilles: Vec<String> = rows.iter().filter_map(|row| row.get::<Option<String>, _>("feuille")).collect();
    feuilles.sort();
    feuilles.dedup();
    match (sections.as_slice(), feuilles.as_slice()) {
        ([section], [feuille]) => {
            format!("Section {section}, feuille {}", feuille.get(10..).unwrap_or(feuille))
        }
        ([section], _) => format!("Section {section}"),
        (several, _) => format!("Sections {}", several.join(", ")),
    }
}

/// « 1er octobre 2026 ».
#[must_use]
pub(super) fn in_letters(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day} {} {}", MONTHS[usize::from(u8::from(date.month()) - 1)], date.year())
}
