//! Parcels and sections found by what people type for them.

use finage_reference::query::{Candidate, Confidence, ParcelQuery, parse};
use sqlx::{PgPool, Row as _, postgres::PgRow};

use crate::territory::search::communes_named;

/// Readings of one text that are looked up.
const MAX_READINGS: usize = 6;
/// Parcels of one typed list that are looked up.
const MAX_PARCELS: usize = 20;

/// A parcel or a section named by a reference; coordinates in degrees (WGS84).
#[derive(Debug, Clone)]
pub struct Hit {
    /// Parcel (idu) or section (10 characters).
    pub id: String,
    /// Whether it is a parcel.
    pub is_parcel: bool,
    /// « AB 145 ».
    pub reference: String,
    /// INSEE code of the commune.
    pub insee: String,
    /// Name of the commune.
    pub commune: String,
    /// Longitude and latitude of a point inside.
    pub point: (f64, f64),
    /// West, south, east, north.
    pub etendue: [f64; 4],
    /// Whether the number is the one typed, not one that begins with it.
    pub exact: bool,
    /// How sure the reading of the text is.
    pub confidence: Confidence,
}

/// Parcels and sections that `text` may name, best first.
///
/// # Errors
/// The database refused or timed out.
pub async fn find(pool: &PgPool, text: &str, near: Option<(f64, f64)>, limit: usize) -> sqlx::Result<Vec<Hit>> {
    let mut hits: Vec<Hit> = Vec::new();
    for reading in parse(text).into_iter().take(MAX_READINGS) {
        let communes = if reading.commune_words.is_empty() {
            None
        } else {
            Some(communes_named(pool, &reading.commune_words).await?)
        };
        if communes.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        for parcel in reading.parcels.iter().take(MAX_PARCELS) {
            for hit in look_up(pool, &reading, parcel, communes.as_deref(), near, limit).await? {
                if !hits.iter().any(|seen| seen.id == hit.id) {
                    hits.push(hit);
                }
            }
        }
        if hits.len() >= limit || reading.confidence == Confidence::Certain && !hits.is_empty() {
            break;
        }
    }
    hits.truncate(limit);
    Ok(hits)
}

async fn look_up(
    pool: &PgPool,
    reading: &Candidate,
    parcel: &ParcelQuery,
    communes: Option<&[String]>,
    near: Option<(f64, f64)>,
    limit: usize,
) -> sqlx::Result<Vec<Hit>> {
    let insee: Option<Vec<String>> = match (parcel.insee, communes) {
        (Some(insee), _) => Some(vec![insee.canonique().to_string()]),
        (None, Some(named)) => Some(named.to_vec()),
        (None, None) => None,
    };
    let prefixe = parcel.prefixe.map(|prefixe| prefixe.as_str().to_owned());
    let near = near.unzip();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = match &parcel.numero {
        Some(numero) => {
            let ranges = numero.ranges();
            sqlx::query(include_str!("sql/find_parcels.sql"))
                .bind(parcel.section.as_str())
                .bind(insee)
                .bind(prefixe)
                .bind(ranges.iter().map(|r| i32::from(*r.start())).collect::<Vec<_>>())
                .bind(ranges.iter().map(|r| i32::from(*r.end())).collect::<Vec<_>>())
                .bind(numero.exact().map(|n| i32::from(n.value())))
                .bind(near.0)
                .bind(near.1)
                .bind(limit)
                .fetch_all(pool)
                .await?
        }
        None => {
            sqlx::query(include_str!("sql/find_sections.sql"))
                .bind(parcel.section.as_str())
                .bind(insee)
                .bind(prefixe)
                .bind(near.0)
                .bind(near.1)
                .bind(limit)
                .fetch_all(pool)
                .await?
        }
    };
    Ok(rows.iter().map(|row| hit(row, parcel.numero.is_some(), reading.confidence)).collect())
}

fn hit(row: &PgRow, is_parcel: bool, confidence: Confidence) -> Hit {
    let id: String = row.get("id");
    let reference = if is_parcel {
        id.parse::<finage_reference::Idu>().map_or_else(|_| id.clone(), |idu| idu.reference())
    } else {
        id.parse::<finage_reference::SectionId>().map_or_else(|_| id.clone(), |section| section.reference())
    };
    Hit {
        id,
        is_parcel,
        reference,
        insee: row.get("insee"),
        commune: row.get("commune"),
        point: (row.get("lon"), row.get("lat")),
        etendue: [row.get("ouest"), row.get("sud"), row.get("est"), row.get("nord")],
        exact: row.get("exact"),
        confidence,
    }
}
