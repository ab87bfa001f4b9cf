//! What rows taken over breach of today's rules: accepted, listed, lifted when it ends.

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::TenantTx;
use crate::modules::objets::Regard;

/// A breach of today's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Anomalie {
    /// Key.
    pub id: Uuid,
    /// Row.
    pub cle: Uuid,
    /// What the row is called.
    pub titre: String,
    /// Field; empty when it is the whole row.
    pub champ: String,
    /// What is wrong, in a sentence without its full stop.
    pub motif: String,
    /// Import that brought it.
    pub import: Option<Uuid>,
    /// When it was found.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub relevee_le: OffsetDateTime,
    /// When it ended.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub levee_le: Option<OffsetDateTime>,
}

/// Anomalies, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageAnomalies {
    /// All of them.
    pub total: i64,
    /// Rank of the first of this page, from 0.
    pub rang: i64,
    /// Those of this page.
    pub anomalies: Vec<Anomalie>,
}

impl Regard {
    /// Anomalies of the rows and fields open to this look: those that last, or those that ended.
    ///
    /// # Errors
    /// The database refused.
    pub async fn anomalies(
        &self,
        tx: &mut TenantTx,
        levees: bool,
        rang: i64,
        limite: i64,
    ) -> sqlx::Result<PageAnomalies> {
        let ouverts: Vec<String> = self
            .champs()
            .filter(|champ| self.ouvre_partout(champ))
            .map(|champ| champ.nom.to_owned())
            .chain(std::iter::once(String::new()))
            .collect();
        let depuis = |requete: &mut QueryBuilder<sqlx::Postgres>| {
            // Rights name the columns of rows alone: those of anomalies that have the same name are left out.
            requete.push(
                " from (select id, objet, cle, champ, motif, import, relevee_le, levee_le from core.anomalie) a join ",
            );
            requete.push(self.modele().relation()).push(" o on o.id = a.cle");
        };
        let condition = |requete: &mut QueryBuilder<sqlx::Postgres>| {
            requete.push(" where a.objet = ").push_bind(self.modele().objet.nom);
            requete.push(if levees { " and a.levee_le is not null" } else { " and a.levee_le is null" });
            requete.push(" and a.champ = any (").push_bind(ouverts.clone()).push(") and exists (select from ");
            // Conditions name columns as the table does.
            requete.push(self.modele().relation()).push(" o where o.id = a.cle and ");
            self.pousse_condition(requete);
            requete.push(")");
        };
        let mut requete = QueryBuilder::new("select count(*)");
        depuis(&mut requete);
        condition(&mut requete);
        let total = requete.build_query_scalar().fetch_one(&mut **tx).await?;
        let mut requete = QueryBuilder::new("select a.id, a.cle, ");
        self.pousse_designation(&mut requete);
        requete.push(" as titre, a.champ, a.motif, a.import, a.relevee_le, a.levee_le");
        depuis(&mut requete);
        self.pousse_source_du_titre(&mut requete);
        condition(&mut requete);
        requete.push(" order by a.relevee_le desc, a.id limit ").push_bind(limite.clamp(1, 1_000));
        requete.push(" offset ").push_bind(rang.max(0));
        let anomalies = requete.build_query_as().fetch_all(&mut **tx).await?;
        Ok(PageAnomalies { total, rang: rang.max(0), anomalies })
    }
}
