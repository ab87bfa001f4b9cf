//! Rows read: a sheet, a page of sheets.

use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{FromRow, Postgres, QueryBuilder};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ObjetError, Regard, refus};
use crate::db::TenantTx;

/// Sheets of a page at most.
pub const MAX_PAGE: i64 = 1_000;
/// Rows that pages may skip: beyond, one searches.
const MAX_RANG: i64 = 1_000_000;

/// A row, with the fields that are open to who asks.
#[derive(Debug, Clone, PartialEq, Serialize, FromRow, ToSchema)]
pub struct Fiche {
    /// Key.
    pub id: Uuid,
    /// Version: what `If-Match` says when it is changed.
    pub version: i32,
    /// Commune, when there is one.
    pub insee: Option<String>,
    /// Whether it is of the collectivité that asks; others are seen through a mission.
    pub propre: bool,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub creee_le: OffsetDateTime,
    /// When it was archived.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub archivee_le: Option<OffsetDateTime>,
    /// Fields; null where one is empty or not open.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    pub champs: Value,
    /// GeoJSON geometry in degrees, of what has one.
    #[schema(value_type = Option<Object>)]
    pub geometrie: Option<Value>,
}

/// Sheets, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PageFiches {
    /// All those that answer.
    pub total: i64,
    /// Rank of the first of this page, from 0.
    pub rang: i64,
    /// Those of this page.
    pub fiches: Vec<Fiche>,
}

/// Which rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Filtre {
    /// Text that searched fields contain, whatever the case.
    pub q: Option<String>,
    /// West, south, east, north in degrees.
    pub bbox: Option<[f64; 4]>,
    /// Values of fields.
    pub egaux: Vec<(&'static str, String)>,
    /// Whether archived rows are shown, and they alone.
    pub archivees: bool,
    /// Rank of the first, from 0.
    pub rang: i64,
    /// Rows at most.
    pub limite: i64,
}

impl Default for Filtre {
    fn default() -> Self {
        Self { q: None, bbox: None, egaux: Vec::new(), archivees: false, rang: 0, limite: 100 }
    }
}

impl Filtre {
    /// What the journal keeps of it.
    pub(super) fn criteres(&self) -> Value {
        // Text of PostgreSQL holds no NUL, JSON neither.
        let q = self.q.as_ref().map(|q| q.replace('\0', ""));
        json!({ "q": q, "rang": self.rang, "archivees": self.archivees })
    }
}

impl Regard {
    /// The sheet of that key; a nominative one leaves its line in the journal.
    ///
    /// # Errors
    /// There is none, or it is not open to this look.
    pub async fn fiche(&self, tx: &mut TenantTx, id: Uuid) -> Result<Fiche, ObjetError> {
        let mut requete = self.selection();
        requete.push(" where id = ").push_bind(id).push(" and ");
        self.pousse_condition(&mut requete);
        match requete.build_query_as().fetch_optional(&mut **tx).await? {
            Some(fiche) => {
                self.fiche_vue(tx, id).await?;
                Ok(fiche)
            }
            None => Err(refus(tx, self.modele, id).await?),
        }
    }

    /// A page of sheets; a nominative one leaves its line in the journal, with criteria and count.
    ///
    /// # Errors
    /// The database refused.
    pub async fn page(&self, tx: &mut TenantTx, filtre: &Filtre) -> Result<PageFiches, ObjetError> {
        let mut requete = QueryBuilder::new("select count(*) from ");
        requete.push(self.modele.relation());
        self.pousse_filtre(filtre, &mut requete);
        let total: i64 = requete.build_query_scalar().fetch_one(&mut **tx).await?;
        let rang = filtre.rang.clamp(0, MAX_RANG);
        let fiches = self.lignes(tx, filtre, rang, filtre.limite.clamp(1, MAX_PAGE)).await?;
        self.journalise(tx, "lister", None, &json!({ "criteres": filtre.criteres(), "nombre": total })).await?;
        Ok(PageFiches { total, rang, fiches })
    }

    pub(super) async fn lignes(
        &self,
        tx: &mut TenantTx,
        filtre: &Filtre,
        rang: i64,
        limite: i64,
    ) -> sqlx::Result<Vec<Fiche>> {
        let mut requete = self.selection();
        self.pousse_filtre(filtre, &mut requete);
        requete.push(" order by creee_le desc, id limit ").push_bind(limite).push(" offset ").push_bind(rang);
        requete.build_query_as().fetch_all(&mut **tx).await
    }

    fn selection(&self) -> QueryBuilder<Postgres> {
        let mut requete = QueryBuilder::new(
            "select id, version, insee, collectivite = (select acces.ma_collectivite()) as propre, creee_le, archivee_le, ",
        );
        self.pousse_champs(&mut requete);
        requete.push(" as champs, ");
        requete.push(if self.modele.geometrie {
            "st_asgeojson(st_transform(geom, 4326), 7)::jsonb"
        } else {
            "null::jsonb"
        });
        requete.push(" as geometrie from ").push(self.modele.relation());
        requete
    }

    pub(super) fn pousse_filtre(&self, filtre: &Filtre, requete: &mut QueryBuilder<Postgres>) {
        requete.push(" where ");
        self.pousse_condition(requete);
        requete.push(if filtre.archivees { " and archivee_le is not null" } else { " and archivee_le is null" });
        if let Some([ouest, sud, est, nord]) = filtre.bbox.filter(|_| self.modele.geometrie) {
            requete.push(" and geom && st_transform(st_segmentize(st_makeenvelope(");
            requete.push_bind(ouest).push(", ").push_bind(sud).push(", ").push_bind(est).push(", ").push_bind(nord);
            requete.push(", 4326), 0.05), core.storage_srid())");
        }
        for (nom, valeur) in &filtre.egaux {
            requete.push(" and ");
            // A field that is not open is not to be guessed by asking for it.
            self.pousse_champ(nom, requete);
            requete.push("::text = ").push_bind(valeur.clone());
        }
        if let Some(q) = filtre.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
            let motif = format!("%{}%", echappe(q));
            requete.push(" and (");
            for (rang, nom) in self.modele.cherches.iter().enumerate() {
                if rang > 0 {
                    requete.push(" or ");
                }
                self.pousse_champ(nom, requete);
                requete.push(" ilike ").push_bind(motif.clone());
            }
            requete.push(")");
        }
    }
}

/// The same text for `like`, which gives no sense to any of its letters; without NUL, which PostgreSQL does not hold.
pub(super) fn echappe(texte: &str) -> String {
    let mut echappe = String::with_capacity(texte.len());
    for lettre in texte.chars().filter(|lettre| *lettre != '\0') {
        if matches!(lettre, '%' | '_' | '\\') {
            echappe.push('\\');
        }
        echappe.push(lettre);
    }
    echappe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_a_search_mean_themselves() {
        assert_eq!(echappe(r"100 % d'a_b\"), r"100 \% d'a\_b\\");
        assert_eq!(echappe("a\0b"), "ab");
    }
}
