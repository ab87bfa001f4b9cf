//! Rows counted by the value of a field: what a chart shows, and its table.

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder};
use utoipa::ToSchema;

use super::{Filtre, Regard};
use crate::db::TenantTx;

/// Values shown at most, the most frequent first.
const MAX_PARTS: i64 = 50;

/// Rows that have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Part {
    /// The value; null for rows that have none.
    pub valeur: Option<String>,
    /// What people read of it.
    pub libelle: Option<String>,
    /// Rows that have it.
    pub nombre: i64,
}

impl Regard {
    /// Rows that answer, counted by the value of a field that is open to this look.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn repartition(
        &self,
        tx: &mut TenantTx,
        filtre: &Filtre,
        champ: &'static str,
    ) -> sqlx::Result<Vec<Part>> {
        let mut requete = QueryBuilder::new("select ");
        self.pousse_champ(champ, &mut requete);
        requete.push("::text as valeur, ");
        self.nommeur.pousse_valeur(champ, &mut requete);
        requete.push(" as libelle, count(*) as nombre from ").push(self.modele().relation()).push(" o");
        self.nommeur.pousse_source(&mut requete);
        self.pousse_filtre(filtre, &mut requete);
        requete.push(" group by 1, 2 order by 3 desc, 2, 1 limit ").push_bind(MAX_PARTS);
        requete.build_query_as().fetch_all(&mut **tx).await
    }
}
