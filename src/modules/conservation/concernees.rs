//! Rows that a list would take personal fields from, as they stand now: how many, and which.

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder};
use time::Date;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ConservationError;
use super::bordereau::trouve;
use crate::db::TenantTx;
use crate::modules::objets::{Modele, Regard};
use crate::modules::registry::Registry;

/// Rows named at most; all are counted, and the exported list holds them all.
const MAX_NOMMEES: i64 = 100;

/// Rows of a list, as they stand now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Concernees {
    /// How many would lose their personal fields.
    pub nombre: i64,
    /// How many were taken up again since the list was made: they are kept as they are.
    pub reprises: i64,
    /// The first of those that would, oldest end of use first; 100 at most.
    pub fiches: Vec<FicheConcernee>,
}

/// A row that would lose its personal fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct FicheConcernee {
    /// Key.
    pub id: Uuid,
    /// What the row is called, as far as it is open to who asks without a purpose.
    pub titre: Option<String>,
    /// Commune.
    pub insee: Option<String>,
    /// Day on which its use ended, as UTC tells it.
    #[schema(value_type = String, format = Date)]
    pub archivee_le: Date,
}

/// The rows of a list; `regard` gives the look of who asks at its object, where there is one.
///
/// # Errors
/// There is no such list, its module is not loaded, or it was carried out.
pub async fn concernees(
    tx: &mut TenantTx,
    registry: &Registry,
    id: Uuid,
    regard: impl FnOnce(&'static Modele) -> Option<Regard>,
) -> Result<Concernees, ConservationError> {
    let bordereau = trouve(tx, registry, id).await?;
    if bordereau.executee_le.is_some() {
        return Err(ConservationError::Execute);
    }
    let modele = registry.modele(&bordereau.objet).ok_or(ConservationError::Decharge)?;
    let depuis = |requete: &mut QueryBuilder<sqlx::Postgres>| {
        requete.push(" from ").push(modele.relation());
        requete.push(" o where o.id = any ((select e.cles from core.elimination e where e.id = ").push_bind(id);
        requete.push(")::uuid[]) and o.collectivite = (select acces.ma_collectivite())");
    };
    let mut requete = QueryBuilder::new(
        "select count(*) filter (where o.archivee_le is not null), count(*) filter (where o.archivee_le is null)",
    );
    depuis(&mut requete);
    let (nombre, reprises): (i64, i64) = requete.build_query_as().fetch_one(&mut **tx).await?;

    let mut requete = QueryBuilder::new(
        "select o.id, null::text as titre, o.insee, (o.archivee_le at time zone 'UTC')::date as archivee_le",
    );
    depuis(&mut requete);
    requete.push(" and o.archivee_le is not null order by o.archivee_le, o.id limit ").push_bind(MAX_NOMMEES);
    let mut fiches: Vec<FicheConcernee> = requete.build_query_as().fetch_all(&mut **tx).await?;
    if let Some(regard) = regard(modele) {
        let titres = titres(tx, &regard, fiches.iter().map(|fiche| fiche.id).collect()).await?;
        for (id, titre) in titres {
            if let Some(fiche) = fiches.iter_mut().find(|fiche| fiche.id == id) {
                fiche.titre = Some(titre);
            }
        }
    }
    Ok(Concernees { nombre, reprises, fiches })
}

/// What these rows are called, of those that are open.
async fn titres(tx: &mut TenantTx, regard: &Regard, ids: Vec<Uuid>) -> sqlx::Result<Vec<(Uuid, String)>> {
    let mut requete = QueryBuilder::new("select o.id, ");
    regard.pousse_designation(&mut requete);
    requete.push(" as titre from ").push(regard.modele().relation()).push(" o");
    regard.pousse_source_du_titre(&mut requete);
    requete.push(" where o.id = any (").push_bind(ids.clone()).push(") and o.id in (select o.id from ");
    // Conditions name columns as the table does: they are kept away from what a title joins.
    requete.push(regard.modele().relation()).push(" o where o.id = any (").push_bind(ids).push(") and ");
    regard.pousse_condition(&mut requete);
    requete.push(")");
    requete.build_query_as().fetch_all(&mut **tx).await
}
