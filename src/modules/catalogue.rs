//! What the database says of the tables of modules.

use finage_manifest::Catalogue;
use serde_json::{Value, json};
use sqlx::PgExecutor;

/// The tables of these schemas.
///
/// # Errors
/// The database refused.
pub async fn lu(executor: impl PgExecutor<'_>, schemas: &[String]) -> sqlx::Result<Catalogue> {
    let dit: Value = sqlx::query_scalar(include_str!("sql/catalogue.sql")).bind(schemas).fetch_one(executor).await?;
    serde_json::from_value(json!({ "tables": dit })).map_err(|error| sqlx::Error::Decode(error.into()))
}
