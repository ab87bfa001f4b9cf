//! Where an answer of the search leads on the public pages, and what a text means when it means one parcel alone.

use finage_reference::{Idu, SectionId, expand_query_words, normalise, split_address};
use sqlx::{PgPool, Row as _};

use super::recherche::{Answer, Feature};

/// What an answer leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lieu {
    /// A parcel.
    Parcelle(Idu),
    /// The commune itself.
    Commune,
    /// A section of the commune.
    Section(SectionId),
    /// A street with its addresses: key of the BAL's street.
    Voie(i64),
    /// A lieu-dit of the plan: its name.
    LieuDit(String),
    /// An annotation of the agents: its key.
    Annotation(String),
    /// A row of a module: its screen.
    Fiche(String),
    /// A place without an object of its own: the map.
    Point,
}

/// What each answer leads to, in the same order.
///
/// # Errors
/// The database refused or timed out.
pub async fn lieux(pool: &PgPool, answer: &Answer) -> sqlx::Result<Vec<Lieu>> {
    let addresses: Vec<&Feature> = answer.features.iter().filter(|f| f.properties.kind == "housenumber").collect();
    let parcels = parcels_of(pool, &addresses).await?;
    Ok(answer
        .features
        .iter()
        .map(|feature| {
            let properties = &feature.properties;
            let idu = || properties.idu.as_deref().and_then(|idu| idu.parse().ok());
            match properties.kind {
                "municipality" => Lieu::Commune,
                "annotation" => Lieu::Annotation(properties.id.clone()),
                "fiche" => properties.url.clone().map_or(Lieu::Point, Lieu::Fiche),
                "section" => properties.id.parse().map_or(Lieu::Point, Lieu::Section),
                "street" => properties.id.parse().map_or(Lieu::Point, Lieu::Voie),
                "locality" => match properties.id.parse() {
                    Ok(voie) => Lieu::Voie(voie),
                    Err(_) => Lieu::LieuDit(properties.name.clone()),
                },
                "housenumber" => parcels
                    .iter()
                    .find(|(insee, cle, _)| *insee == properties.citycode && *cle == properties.id)
                    .map_or(Lieu::Point, |(_, _, idu)| Lieu::Parcelle(*idu)),
                _ => idu().map_or(Lieu::Point, Lieu::Parcelle),
            }
        })
        .collect())
}

/// The parcel that the text means, when it means one and no other: an exact reference found once, an address written in
/// full that lies on one parcel, coordinates with one parcel under them.
#[must_use]
pub fn seule(answer: &Answer, lieux: &[Lieu]) -> Option<Idu> {
    let first = answer.features.first()?;
    let Lieu::Parcelle(idu) = lieux.first()? else { return None };
    let others = || answer.features.iter().zip(lieux).skip(1);
    let alone = match first.properties.kind {
        "parcelle" => {
            first.properties.exact && !others().any(|(f, _)| f.properties.kind == "parcelle" && f.properties.exact)
        }
        "housenumber" => {
            written_in_full(&answer.query, first)
                && !others().any(|(f, _)| f.properties.kind == "housenumber" && written_in_full(&answer.query, f))
        }
        _ => others().all(|(_, lieu)| *lieu == Lieu::Parcelle(*idu) || *lieu == Lieu::Point),
    };
    alone.then_some(*idu)
}

/// Whether the street's every word was typed, and nothing was typed that the address does not hold.
fn written_in_full(text: &str, address: &Feature) -> bool {
    let typed = expand_query_words(&split_address(text).words);
    let words = |name: &str| -> Vec<String> {
        expand_query_words(&normalise(name).split(' ').map(str::to_owned).collect::<Vec<_>>())
    };
    let properties = &address.properties;
    let street = words(properties.street.as_deref().unwrap_or_default());
    let known: Vec<String> = street.iter().cloned().chain(words(&properties.city)).collect();
    !street.is_empty()
        && street.iter().all(|word| typed.contains(word))
        && typed.iter().all(|word| known.contains(word))
}

/// INSEE code, BAL key and parcel of the addresses that lie on one parcel alone, as the BAL declares it or by their point.
async fn parcels_of(pool: &PgPool, addresses: &[&Feature]) -> sqlx::Result<Vec<(String, String, Idu)>> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(include_str!("sql/adresses_parcelles.sql"))
        .bind(addresses.iter().map(|f| f.properties.citycode.clone()).collect::<Vec<_>>())
        .bind(addresses.iter().map(|f| f.properties.id.clone()).collect::<Vec<_>>())
        .fetch_all(pool)
        .await?;
    Ok(rows
        .iter()
        .filter_map(|row| Some((row.get("insee"), row.get("cle"), row.get::<String, _>("idu").parse().ok()?)))
        .collect())
}
