//! What a field may take: rows that a reference may name, codes that are valid.

use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::{FromRow, QueryBuilder};
use utoipa::ToSchema;
use uuid::Uuid;

use super::apres::pousse_choix;
use super::{Filtre, Modele, Regard, Regle, saisie};
use crate::db::TenantTx;

/// Choices shown at most: beyond, one types more letters.
pub const MAX_CHOIX: i64 = 50;

/// A value that a field may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Choix {
    /// What is stored.
    pub valeur: String,
    /// What is shown.
    pub libelle: String,
}

impl Regard {
    /// Rows of this look that the reference `regle` of `modele` may name, when the row being edited holds `record`.
    ///
    /// # Errors
    /// The database refused.
    pub async fn choix(
        &self,
        tx: &mut TenantTx,
        modele: &'static Modele,
        regle: &'static Regle,
        q: Option<String>,
        record: &Map<String, Value>,
    ) -> sqlx::Result<Vec<Choix>> {
        let motif = q.as_deref().map(|q| super::lecture::echappe(q.trim())).filter(|q| !q.is_empty());
        let mut requete = QueryBuilder::new("select valeur, libelle from (select o.id::text as valeur, ");
        self.nommeur.pousse_intitule(&mut requete);
        requete.push(" as libelle from ").push(self.modele().relation()).push(" o");
        self.nommeur.pousse_source(&mut requete);
        requete.push(" cross join jsonb_populate_record(null::").push(modele.relation()).push(", ");
        requete.push_bind(saisie::lisible(modele, record)).push(") record");
        self.pousse_filtre(&Filtre { q, ..Filtre::default() }, &mut requete);
        if let Some((lien, choix)) = regle.lien.and_then(|lien| Some((lien, lien.choix?))) {
            requete.push(" and ");
            pousse_choix(modele, lien, choix, &mut requete);
        }
        requete.push(") c order by ");
        if let Some(motif) = motif {
            // What is called so comes first, then what begins so, then what has a word that does.
            requete.push("case when core.cherchable(libelle) like core.cherchable(").push_bind(motif.clone());
            requete.push(") then 0 when core.cherchable(libelle) like core.cherchable(").push_bind(format!("{motif}%"));
            requete
                .push(") then 1 when core.cherchable(libelle) like core.cherchable(")
                .push_bind(format!("% {motif}"));
            requete
                .push(") then 2 when core.cherchable(libelle) like core.cherchable(")
                .push_bind(format!("% {motif}%"));
            requete.push(") then 3 else 4 end, ");
        }
        requete.push("libelle, valeur limit ").push_bind(MAX_CHOIX);
        requete.build_query_as().fetch_all(&mut **tx).await
    }

    /// Whether a row is open to this look.
    ///
    /// # Errors
    /// The database refused.
    pub async fn voit(&self, tx: &mut TenantTx, id: Uuid) -> sqlx::Result<bool> {
        let mut requete = QueryBuilder::new("select exists (select from ");
        requete.push(self.modele().relation()).push(" o where o.id = ").push_bind(id).push(" and ");
        self.pousse_condition(&mut requete);
        requete.push(")");
        requete.build_query_scalar().fetch_one(&mut **tx).await
    }
}

/// Codes of a nomenclature that are valid today and whose code or label contains `q`.
///
/// # Errors
/// The database refused.
pub async fn codes(
    connection: &mut sqlx::PgConnection,
    nomenclature: &str,
    q: Option<&str>,
    limite: i64,
) -> sqlx::Result<Vec<Choix>> {
    let motif = q.map(|q| format!("%{}%", super::lecture::echappe(q.trim())));
    sqlx::query_as(include_str!("sql/codes.sql"))
        .bind(nomenclature)
        .bind(motif)
        .bind(limite)
        .fetch_all(connection)
        .await
}
