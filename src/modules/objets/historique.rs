//! The history of a row, with the fields that are open to who asks in each version.

use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{FauteChamp, Modele, ObjetError, Plume, Regard};
use crate::db::TenantTx;

/// Steps shown at most, newest first.
const MAX_ETAPES: i64 = 500;

/// A step of a row's life.
#[derive(Debug, Clone, PartialEq, Serialize, FromRow, ToSchema)]
pub struct Etape {
    /// Its rank in the history of everything: what undoing it names.
    pub rang: i64,
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
    /// Of an amendment: why what was locked changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub motif: Option<String>,
}

impl Regard {
    /// The history of the row of that key, newest first; a nominative one leaves its line in the journal.
    ///
    /// # Errors
    /// There is no such row, or it is not open to this look.
    pub async fn historique(&self, tx: &mut TenantTx, id: Uuid) -> Result<Vec<Etape>, ObjetError> {
        self.etapes(tx, id, false).await
    }

    /// The amendments of the row of that key, newest first: what changed while it was locked, and why.
    ///
    /// # Errors
    /// There is no such row, or it is not open to this look.
    pub async fn avenants(&self, tx: &mut TenantTx, id: Uuid) -> Result<Vec<Etape>, ObjetError> {
        self.etapes(tx, id, true).await
    }

    async fn etapes(&self, tx: &mut TenantTx, id: Uuid, avenants: bool) -> Result<Vec<Etape>, ObjetError> {
        // Who may not see the row may not see what it was.
        self.fiche(tx, id).await?;
        let colonne = self.modele.geometrie.map_or("geom", |geometrie| geometrie.colonne.trim_matches('"'));
        let mut requete = QueryBuilder::new("select h.id as rang, h.le, h.operation, h.utilisateur, h.canal, ");
        for moment in ["avant", "apres"] {
            // Conditions and fields are those of the version itself.
            requete.push("coalesce((select ");
            self.pousse_champs(&mut requete);
            requete.push(" from jsonb_populate_record(null::").push(self.modele.relation());
            requete.push(", h.").push(moment).push(" - ").push_bind(colonne).push("::text) o where ");
            self.pousse_condition(&mut requete);
            requete.push("), '{}') as ").push(moment).push(", ");
        }
        requete.push("h.avant -> ").push_bind(colonne).push(" is distinct from h.apres -> ").push_bind(colonne);
        requete.push(
            " as geometrie, h.operation = 'changement' and h.avant ->> 'archivee_le' is null and h.apres ->> 'archivee_le' is not null as archivage,
            a.motif from core.historique h left join core.avenant a on a.rang = h.id where h.objet = ",
        );
        requete.push_bind(self.modele.objet.nom).push(" and h.cle = ").push_bind(id.to_string());
        requete.push(if avenants { " and a.id is not null" } else { "" });
        requete.push(" order by h.id desc limit ").push_bind(MAX_ETAPES);
        let mut etapes: Vec<Etape> = requete.build_query_as().fetch_all(&mut **tx).await?;
        for etape in &mut etapes {
            differences(etape);
        }
        Ok(etapes)
    }
}

impl Etape {
    /// What puts fields back as they were before this change, among those that people write; `now` is what they are.
    ///
    /// # Errors
    /// Fields that are no longer what the change made of them.
    pub fn retour(&self, modele: &Modele, now: &Value) -> Result<Map<String, Value>, ObjetError> {
        let (avant, apres, now) = (objet(&self.avant), objet(&self.apres), objet(now));
        let (mut retour, mut fautes) = (Map::new(), Vec::new());
        let ecrits = modele.objet.champs.iter().filter(|champ| champ.modifiable);
        for nom in ecrits.map(|champ| champ.nom).filter(|nom| avant.contains_key(*nom) || apres.contains_key(*nom)) {
            let vaut = |champs: &Map<String, Value>| champs.get(nom).cloned().unwrap_or(Value::Null);
            if vaut(&now) == vaut(&apres) {
                retour.insert(nom.to_owned(), vaut(&avant));
            } else {
                fautes.push(FauteChamp::new(nom, "il a changé depuis ; défaites d'abord le changement le plus récent"));
            }
        }
        if fautes.is_empty() { Ok(retour) } else { Err(ObjetError::Champs(fautes)) }
    }
}

impl Plume {
    /// The geometry of a row before a change, as GeoJSON; `None` when it had none.
    ///
    /// # Errors
    /// The row is not there or not open.
    pub async fn geometrie_avant(&self, tx: &mut TenantTx, id: Uuid, rang: i64) -> Result<Option<Value>, ObjetError> {
        self.verifie(tx, id).await?;
        let Some(geometrie) = self.modele().geometrie else { return Ok(None) };
        let trouvee: Option<Option<Value>> = sqlx::query_scalar(
            "select st_asgeojson(st_transform((avant ->> $3)::geometry, 4326), 12)::jsonb from core.historique
            where objet = $1 and cle = $2 and id = $4",
        )
        .bind(self.modele().objet.nom)
        .bind(id.to_string())
        .bind(geometrie.colonne.trim_matches('"'))
        .bind(rang)
        .fetch_optional(&mut **tx)
        .await?;
        Ok(trouvee.map(|avant| avant.unwrap_or(Value::Null)))
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
