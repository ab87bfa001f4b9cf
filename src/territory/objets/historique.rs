//! The history of a row, with the fields that are open to who asks in each version.

use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ObjetError, Regard};
use crate::db::TenantTx;

/// Steps shown at most, newest first.
const MAX_ETAPES: i64 = 500;

/// A step of a row's life.
#[derive(Debug, Clone, PartialEq, Serialize, FromRow, ToSchema)]
pub struct Etape {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub le: OffsetDateTime,
    /// `creation`, `changement` or `retrait`.
    pub operation: String,
    /// Account; none for the command line.
    pub utilisateur: Option<Uuid>,
    /// Where it came in.
    pub canal: String,
    /// Fields that changed, of those that are open: before.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    pub avant: Value,
    /// The same: after.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    pub apres: Value,
    /// Whether the geometry changed.
    pub geometrie: bool,
    /// Whether it was archived then.
    pub archivage: bool,
}

impl Regard {
    /// The history of the row of that key, newest first; a nominative one leaves its line in the journal.
    ///
    /// # Errors
    /// There is no such row, or it is not open to this look.
    pub async fn historique(&self, tx: &mut TenantTx, id: Uuid) -> Result<Vec<Etape>, ObjetError> {
        // Who may not see the row may not see what it was.
        self.fiche(tx, id).await?;
        let mut requete = QueryBuilder::new("select h.le, h.operation, h.utilisateur, h.canal, ");
        for moment in ["avant", "apres"] {
            // Conditions and fields are those of the version itself.
            requete.push("coalesce((select ");
            self.pousse_champs(&mut requete);
            requete.push(" from jsonb_populate_record(null::").push(self.modele.relation());
            requete.push(", h.").push(moment).push(" - 'geom') where ");
            self.pousse_condition(&mut requete);
            requete.push("), '{}') as ").push(moment).push(", ");
        }
        requete.push(
            "h.avant -> 'geom' is distinct from h.apres -> 'geom' as geometrie,
            h.operation = 'changement' and h.avant ->> 'archivee_le' is null and h.apres ->> 'archivee_le' is not null as archivage
            from core.historique h where h.objet = ",
        );
        requete.push_bind(self.modele.objet.nom).push(" and h.cle = ").push_bind(id.to_string());
        requete.push(" order by h.id desc limit ").push_bind(MAX_ETAPES);
        let mut etapes: Vec<Etape> = requete.build_query_as().fetch_all(&mut **tx).await?;
        for etape in &mut etapes {
            differences(etape);
        }
        Ok(etapes)
    }
}

/// Keeps the fields that changed.
fn differences(etape: &mut Etape) {
    let (avant, apres) = (objet(&etape.avant), objet(&etape.apres));
    let change = |nom: &String| avant.get(nom).unwrap_or(&Value::Null) != apres.get(nom).unwrap_or(&Value::Null);
    let garde = |champs: &Map<String, Value>| -> Value {
        champs.iter().filter(|(nom, _)| change(nom)).map(|(nom, valeur)| (nom.clone(), valeur.clone())).collect()
    };
    let (garde_avant, garde_apres) = (garde(&avant), garde(&apres));
    etape.avant = garde_avant;
    etape.apres = garde_apres;
}

fn objet(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
