//! One search box: parcels, sections, addresses, streets, lieux-dits and communes in one ranked answer, in the shape of
//! addok's GeoJSON so that any geocoding client can use it.

use finage_reference::query::Confidence;
use serde::Serialize;
use sqlx::PgPool;
use utoipa::ToSchema;

use crate::cadastre::parcelle;
use crate::cadastre::reference::{self, Hit};
use crate::modules::objets::{Nommee, Trouvee};
use crate::spatial::coordonnees;
use crate::territory::search::{self, Found, Numbered, Place};

/// Answers given at most.
pub const MAX_LIMIT: usize = 50;

/// A GeoJSON FeatureCollection of places.
#[derive(Debug, Serialize, ToSchema)]
pub struct Answer {
    /// Always `FeatureCollection`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Version of the protocol: `draft`, as addok says.
    pub version: &'static str,
    /// The text searched.
    pub query: String,
    /// Number of answers asked for.
    pub limit: usize,
    /// Sources of the data.
    pub attribution: &'static str,
    /// Licence of the data.
    pub licence: &'static str,
    /// Places, best first.
    pub features: Vec<Feature>,
    /// What to try when nothing was found.
    pub indice: Option<String>,
}

/// One place.
#[derive(Debug, Serialize, ToSchema)]
pub struct Feature {
    /// Always `Feature`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Where it is; null for a row of a module that has no place.
    pub geometry: Option<Point>,
    /// What it is.
    pub properties: Properties,
}

/// A GeoJSON point.
#[derive(Debug, Serialize, ToSchema)]
pub struct Point {
    /// Always `Point`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Longitude and latitude.
    pub coordinates: [f64; 2],
}

/// What a place is.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Properties {
    /// Identifier: idu, section, BAL key, street, lieu-dit or INSEE code.
    pub id: String,
    /// `parcelle`, `section`, `housenumber`, `street`, `locality`, `municipality`, `coordonnees`; for a signed-in account,
    /// `annotation`, and `fiche` for a row of a module.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Whole label.
    pub label: String,
    /// Name alone.
    pub name: String,
    /// What tells it from others of the same name.
    pub context: String,
    /// Commune.
    pub city: String,
    /// INSEE code of the commune.
    pub citycode: String,
    /// Postcode.
    pub postcode: Option<String>,
    /// Number in the street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub housenumber: Option<String>,
    /// Street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Parcel; of coordinates, the one under them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idu: Option<String>,
    /// Whether a parcel's number is the one typed, in a reading that is no mere possibility; not part of the answer.
    #[serde(skip)]
    #[schema(ignore)]
    pub exact: bool,
    /// From 0 to 1, best first.
    pub score: f64,
    /// West, south, east, north in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f64; 4]>,
    /// Of a row of a module: its screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A row of a module that a text found.
#[derive(Debug, Clone, PartialEq)]
pub struct Reperee {
    /// The row.
    pub fiche: Nommee,
    /// What it is, for people.
    pub genre: &'static str,
    /// Its screen.
    pub url: String,
}

/// Searches everything `text` may name in a database that stores `storage`; `near` (longitude, latitude) breaks ties.
///
/// # Errors
/// The database refused or timed out.
pub async fn search(
    pool: &PgPool,
    text: &str,
    near: Option<(f64, f64)>,
    limit: usize,
    storage: u32,
) -> sqlx::Result<Answer> {
    let text = text.trim();
    let limit = limit.clamp(1, MAX_LIMIT);
    let mut properties = points(pool, text, storage).await?;
    if properties.is_empty() {
        let hits = reference::find(pool, text, near, limit).await?;
        let certain = hits.first().is_some_and(|hit| hit.confidence == Confidence::Certain);
        let named = if certain { Vec::new() } else { search::by_name(pool, text, near, limit).await? };
        properties = merge(hits, named);
    }
    properties.truncate(limit);
    let count = properties.len();
    let features: Vec<Feature> = properties
        .into_iter()
        .enumerate()
        .map(|(rank, (point, mut properties))| {
            properties.score = score(rank, count);
            Feature { kind: "Feature", geometry: Some(Point::at(point.0, point.1)), properties }
        })
        .collect();
    Ok(Answer {
        kind: "FeatureCollection",
        version: "draft",
        query: text.to_owned(),
        limit,
        attribution: "Plan cadastral informatisé (DGFiP), Base Adresse Locale",
        licence: "Licence Ouverte 2.0",
        indice: features.is_empty().then(|| hint(text)),
        features,
    })
}

impl Answer {
    /// The same with annotations and rows of modules that are open to who asks: they come last, and have their place whatever
    /// else was found.
    #[must_use]
    pub fn avec(mut self, annotations: Vec<Trouvee>, fiches: Vec<Reperee>) -> Self {
        if annotations.is_empty() && fiches.is_empty() {
            return self;
        }
        // Rows leave half of the list to places, when there are some.
        let reserves = (annotations.len() + fiches.len()).min(self.limit.div_ceil(2));
        self.features.truncate(self.limit.saturating_sub(reserves).max(1));
        self.features.extend(annotations.into_iter().map(annotation));
        self.features.extend(fiches.into_iter().map(fiche));
        self.features.truncate(self.limit);
        let count = self.features.len();
        for (rank, feature) in self.features.iter_mut().enumerate() {
            feature.properties.score = score(rank, count);
        }
        self.indice = None;
        self
    }
}

fn annotation(trouvee: Trouvee) -> Feature {
    let city = trouvee.commune.unwrap_or_default();
    let properties = Properties {
        id: trouvee.id.to_string(),
        kind: "annotation",
        label: if city.is_empty() { trouvee.titre.clone() } else { format!("{}, {city}", trouvee.titre) },
        name: trouvee.titre,
        context: "Annotation".to_owned(),
        city,
        citycode: trouvee.insee.unwrap_or_default(),
        ..Properties::default()
    };
    Feature { kind: "Feature", geometry: Some(Point::at(trouvee.lon, trouvee.lat)), properties }
}

fn fiche(reperee: Reperee) -> Feature {
    let Reperee { fiche, genre, url } = reperee;
    let city = fiche.commune.unwrap_or_default();
    let properties = Properties {
        id: fiche.id.to_string(),
        kind: "fiche",
        label: if city.is_empty() { fiche.titre.clone() } else { format!("{}, {city}", fiche.titre) },
        name: fiche.titre,
        context: genre.to_owned(),
        city,
        citycode: fiche.insee.unwrap_or_default(),
        url: Some(url),
        ..Properties::default()
    };
    let geometry = fiche.lon.zip(fiche.lat).map(|(lon, lat)| Point::at(lon, lat));
    Feature { kind: "Feature", geometry, properties }
}

impl Point {
    fn at(lon: f64, lat: f64) -> Self {
        Self { kind: "Point", coordinates: [lon, lat] }
    }
}

type Ranked = ((f64, f64), Properties);

/// The points that coordinates mean, one a system that gives them a sense, with the parcel under each.
async fn points(pool: &PgPool, text: &str, storage: u32) -> sqlx::Result<Vec<Ranked>> {
    let mut found = Vec::new();
    for saisie in coordonnees::lire(text, storage) {
        let (lon, lat) = (saisie.lon, saisie.lat);
        let idu = parcelle::under(pool, lon, lat).await?;
        let label = saisie.libelle();
        let context = coordonnees::de(lon, lat, storage).map_or_else(
            |_| coordonnees::decimal(lon, lat),
            |toutes| {
                let projetees = toutes.systemes.iter().map(|systeme| format!("{} {}", systeme.libelle, systeme.texte));
                std::iter::once(format!("WGS 84 {}", toutes.decimal)).chain(projetees).collect::<Vec<_>>().join(" ; ")
            },
        );
        let properties = Properties {
            id: format!("{lon:.7},{lat:.7}"),
            kind: "coordonnees",
            name: label.clone(),
            label,
            context,
            citycode: idu.map(|idu| idu.insee().to_string()).unwrap_or_default(),
            idu: idu.map(|idu| idu.to_string()),
            ..Properties::default()
        };
        found.push(((lon, lat), properties));
    }
    Ok(found)
}

/// Likely references, then names, then what could also be read as a reference; numbers that only begin as typed last.
fn merge(hits: Vec<Hit>, named: Vec<Found>) -> Vec<Ranked> {
    let (first, later): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(|hit| hit.confidence != Confidence::Possible);
    let (exact, begun): (Vec<Hit>, Vec<Hit>) = first.into_iter().partition(|hit| hit.exact);
    exact
        .into_iter()
        .map(parcel)
        .chain(named.into_iter().map(name))
        .chain(begun.into_iter().chain(later).map(parcel))
        .collect()
}

fn parcel(hit: Hit) -> Ranked {
    let properties = Properties {
        kind: if hit.is_parcel { "parcelle" } else { "section" },
        label: if hit.is_parcel {
            format!("{}, {}", hit.reference, hit.commune)
        } else {
            format!("Section {}, {}", hit.reference, hit.commune)
        },
        name: if hit.is_parcel { hit.reference } else { format!("Section {}", hit.reference) },
        context: if hit.is_parcel { format!("Parcelle {}", hit.id) } else { "Section cadastrale".to_owned() },
        city: hit.commune,
        citycode: hit.insee,
        exact: hit.is_parcel && hit.exact && hit.confidence != Confidence::Possible,
        idu: hit.is_parcel.then(|| hit.id.clone()),
        bbox: Some(hit.etendue),
        id: hit.id,
        ..Properties::default()
    };
    (hit.point, properties)
}

fn name(found: Found) -> Ranked {
    match found {
        Found::Address(address) => numbered(address),
        Found::Place(place) => named(place),
    }
}

fn numbered(address: Numbered) -> Ranked {
    let Numbered { cle, numero, voie, point } = address;
    let name = format!("{numero} {}", voie.libelle);
    let properties = Properties {
        id: cle,
        kind: "housenumber",
        label: format!("{name}, {}", town(&voie)),
        name,
        context: "Adresse".to_owned(),
        housenumber: Some(numero),
        street: Some(voie.libelle.clone()),
        city: voie.commune,
        citycode: voie.insee,
        postcode: voie.code_postal,
        ..Properties::default()
    };
    (point, properties)
}

fn named(place: Place) -> Ranked {
    let (kind, context) = match place.genre.as_str() {
        "commune" => ("municipality", "Commune"),
        "lieu_dit" => ("locality", "Lieu-dit"),
        _ => ("street", "Voie"),
    };
    let label = if kind == "municipality" {
        place.code_postal.as_ref().map_or_else(|| place.libelle.clone(), |code| format!("{} ({code})", place.libelle))
    } else {
        format!("{}, {}", place.libelle, town(&place))
    };
    let properties = Properties {
        id: place.cle,
        kind,
        label,
        street: (kind == "street").then(|| place.libelle.clone()),
        name: place.libelle,
        context: context.to_owned(),
        city: place.commune,
        citycode: place.insee,
        postcode: place.code_postal,
        bbox: place.etendue,
        ..Properties::default()
    };
    (place.point, properties)
}

/// « 13200 Arles », or the name alone.
fn town(place: &Place) -> String {
    place.code_postal.as_ref().map_or_else(|| place.commune.clone(), |code| format!("{code} {}", place.commune))
}

/// Falls evenly from 1; the order is what counts.
fn score(rank: usize, count: usize) -> f64 {
    let (rank, count) = (u32::try_from(rank).unwrap_or(u32::MAX), u32::try_from(count.max(1)).unwrap_or(u32::MAX));
    ((1.0 - f64::from(rank) / f64::from(count) / 2.0) * 1000.0).round() / 1000.0
}

fn hint(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    if text.is_empty() {
        return "Saisissez une référence de parcelle, une adresse, un lieu-dit ou une commune.".to_owned();
    }
    format!(
        "Aucun résultat pour « {shown} ». Essayez une référence (« AB 145 »), une adresse (« 12 rue de l'Église »), un lieu-dit ou une commune."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_fall_and_stay_within_bounds() {
        let scores: Vec<f64> = (0..10).map(|rank| score(rank, 10)).collect();
        assert!(scores.windows(2).all(|pair| pair[0] > pair[1]));
        assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
    }

    #[test]
    fn the_hint_never_repeats_a_long_text() {
        assert!(hint(&"x".repeat(5000)).chars().count() < 250);
    }
}
