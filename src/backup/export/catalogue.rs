//! Columns of a table, as the database knows them.

use finage_export::Genre;
use sqlx::PgConnection;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Champ {
    pub(super) nom: String,
    /// Type, as PostgreSQL writes it.
    pub(super) type_sql: String,
    pub(super) obligatoire: bool,
    /// What it means: its comment.
    pub(super) sens: String,
    pub(super) nature: Nature,
}

/// How a column is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// A value.
    Valeur(Genre),
    /// An instant, in universal time.
    Instant,
    /// Bytes, in base64.
    Octets,
    /// A geometry in this system; 0: that of the database.
    Geometrie(u32),
}

#[derive(Debug, sqlx::FromRow)]
struct Rangee {
    nom: String,
    type_sql: String,
    base: String,
    obligatoire: bool,
    sens: String,
    srid: Option<i32>,
}

/// Columns of a table, in their order.
pub(super) async fn champs(connection: &mut PgConnection, relation: &str) -> sqlx::Result<Vec<Champ>> {
    let rangees: Vec<Rangee> =
        sqlx::query_as(include_str!("../sql/colonnes.sql")).bind(relation).fetch_all(connection).await?;
    Ok(rangees.into_iter().map(Champ::from).collect())
}

impl From<Rangee> for Champ {
    fn from(lue: Rangee) -> Self {
        let nature = match lue.base.as_str() {
            "int2" | "int4" | "int8" => Nature::Valeur(Genre::Entier),
            "float4" | "float8" => Nature::Valeur(Genre::Reel),
            "bool" => Nature::Valeur(Genre::Booleen),
            "date" => Nature::Valeur(Genre::Date),
            "timestamptz" => Nature::Instant,
            "bytea" => Nature::Octets,
            "geometry" => Nature::Geometrie(lue.srid.unwrap_or_default().unsigned_abs()),
            // Exact numbers too: what they hold is no binary fraction.
            _ => Nature::Valeur(Genre::Texte),
        };
        Self { nom: lue.nom, type_sql: lue.type_sql, obligatoire: lue.obligatoire, sens: lue.sens, nature }
    }
}
