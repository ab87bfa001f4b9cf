//! What can be searched here, to show how one searches.

use finage_reference::Idu;
use sqlx::{PgPool, Row as _};

/// A reference and an address that give something; none when nothing is imported.
///
/// # Errors
/// The database refused or timed out.
pub async fn exemples(pool: &PgPool) -> sqlx::Result<Vec<String>> {
    let Some(row) = sqlx::query(include_str!("sql/exemples.sql")).fetch_optional(pool).await? else {
        return Ok(Vec::new());
    };
    let idu: String = row.get("idu");
    let mut found: Vec<String> = idu.parse::<Idu>().into_iter().map(|idu| idu.reference()).collect();
    if let (Some(numero), Some(voie)) = (row.get::<Option<i32>, _>("numero"), row.get::<Option<String>, _>("voie")) {
        let suffixe = row.get::<Option<String>, _>("suffixe").filter(|suffixe| !suffixe.is_empty());
        found.push(suffixe.map_or_else(|| format!("{numero} {voie}"), |suffixe| format!("{numero} {suffixe} {voie}")));
    }
    Ok(found)
}
