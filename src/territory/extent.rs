//! Where there is data, in degrees.

use serde::Serialize;
use sqlx::{PgPool, Row as _};
use time::Date;
use utoipa::ToSchema;

/// A commune that holds data.
#[derive(Debug, Serialize, ToSchema)]
pub struct Commune {
    /// INSEE code.
    pub insee: String,
    /// Name.
    pub nom: String,
    /// West, south, east, north.
    pub etendue: Option<[f64; 4]>,
    /// Conformal zone in which areas are computed (EPSG code).
    pub cc_srid: Option<i32>,
    /// Millésime of its parcels.
    #[schema(value_type = Option<String>, format = Date)]
    pub millesime: Option<Date>,
    /// `edigeo` or `etalab`.
    pub source: Option<String>,
    /// Parcels.
    pub parcelles: i32,
    /// Tables that hold data.
    pub couches: Vec<String>,
}

/// Communes that hold data, by name; one only when `insee` is given.
///
/// # Errors
/// The database refused or timed out.
pub async fn communes(pool: &PgPool, insee: Option<&str>) -> sqlx::Result<Vec<Commune>> {
    let rows = sqlx::query(include_str!("sql/communes.sql")).bind(insee).fetch_all(pool).await?;
    Ok(rows
        .iter()
        .map(|row| Commune {
            insee: row.get("insee"),
            nom: row.get("nom"),
            etendue: row
                .get::<Option<f64>, _>("ouest")
                .map(|ouest| [ouest, row.get("sud"), row.get("est"), row.get("nord")]),
            cc_srid: row.get("cc_srid"),
            millesime: row.get("millesime"),
            source: row.get("source"),
            parcelles: row.get("parcelles"),
            couches: row.get("couches"),
        })
        .collect())
}

/// West, south, east, north of all data; `None` when there is none.
///
/// # Errors
/// The database refused or timed out.
pub async fn whole(pool: &PgPool) -> sqlx::Result<Option<[f64; 4]>> {
    let row = sqlx::query(include_str!("sql/etendue.sql")).fetch_one(pool).await?;
    Ok(row.get::<Option<f64>, _>("ouest").map(|ouest| [ouest, row.get("sud"), row.get("est"), row.get("nord")]))
}
