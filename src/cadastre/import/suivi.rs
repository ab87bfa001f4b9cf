//! Links of records to entities of the plan follow it: `core.suivre_rattachements`, in the transaction of the import.

use std::fmt;

use serde::Serialize;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// What became of the links whose entity an import took away, whatever the collectivité.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, FromRow)]
pub struct Suivi {
    /// They follow: by act, or to the one entity that covers nine tenths of the former.
    pub reconduits: i64,
    /// They wait for a human: several entities may take the place.
    pub a_confirmer: i64,
    /// Nothing is in the place.
    pub perdus: i64,
    /// The entity they waited for is on the plan again.
    pub retrouves: i64,
}

/// Follows the links to every layer of the cadastre; nothing the second time.
pub(super) async fn suivre(connection: &mut PgConnection, batch: Uuid) -> sqlx::Result<Suivi> {
    sqlx::query_as(include_str!("../sql/suivre_rattachements.sql")).bind(batch).fetch_one(connection).await
}

impl fmt::Display for Suivi {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::default() {
            return Ok(());
        }
        writeln!(
            out,
            "\nRattachements : {} reconduit(s), {} à confirmer, {} perdu(s), {} retrouvé(s)",
            self.reconduits, self.a_confirmer, self.perdus, self.retrouves
        )
    }
}
