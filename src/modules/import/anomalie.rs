//! What rows taken over breach of today's rules: accepted, listed, lifted when it ends.

use serde::Serialize;
use serde_json::json;
use sqlx::{FromRow, Postgres, QueryBuilder};
use thiserror::Error;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::journal::{self, Auteur, Fait, JournalError};
use crate::db::TenantTx;
use crate::modules::objets::{ObjetError, Plume, Regard};

/// Longest note, characters.
const MAX_NOTE: usize = 2_000;

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
    /// Account that ended it.
    #[serde(skip)]
    pub levee_par: Option<Uuid>,
    /// Why it was ended by hand; none when the row was corrected.
    pub note: Option<String>,
}

/// Which anomalies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lesquelles {
    /// Those that last, of a row or of all.
    Ouvertes(Option<Uuid>),
    /// Those that ended, of a row or of all.
    Levees(Option<Uuid>),
    /// That one, whether it lasts or not.
    Une(Uuid),
}

/// Anomalies, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAnomalies {
    /// All of them.
    pub total: i64,
    /// Rank of the first of this page, from 0.
    pub rang: i64,
    /// Those of this page.
    pub anomalies: Vec<Anomalie>,
}

/// Why an anomaly was not ended.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AnomalieError {
    /// There is none, or its row or its field is not open: all are told the same.
    #[error("Cette anomalie n'existe pas, ou sa fiche ne vous est pas ouverte.")]
    Absente,
    /// It ended before.
    #[error("Cette anomalie est déjà levée ; relisez la liste.")]
    Levee,
    /// No note, or an endless one.
    #[error("Dites pourquoi l'anomalie est réglée, en 1 à 2 000 caractères (« note »).")]
    Note,
    /// Its row may not be changed.
    #[error(transparent)]
    Fiche(#[from] ObjetError),
    /// The journal refused.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The database refused.
    #[error(transparent)]
    Base(#[from] sqlx::Error),
}

impl Regard {
    /// Anomalies of the rows and fields open to this look.
    ///
    /// # Errors
    /// The database refused.
    pub async fn anomalies(
        &self,
        tx: &mut TenantTx,
        lesquelles: Lesquelles,
        rang: i64,
        limite: i64,
    ) -> sqlx::Result<PageAnomalies> {
        let ouverts: Vec<String> = self
            .champs()
            .filter(|champ| self.ouvre_partout(champ))
            .map(|champ| champ.nom.to_owned())
            .chain(std::iter::once(String::new()))
            .collect();
        let depuis = |requete: &mut QueryBuilder<Postgres>| {
            // Rights name the columns of rows alone: those of anomalies that have the same name are left out.
            requete.push(
                " from (select id, objet, cle, champ, motif, import, relevee_le, levee_le, levee_par, note from core.anomalie) a join ",
            );
            requete.push(self.modele().relation()).push(" o on o.id = a.cle");
        };
        let condition = |requete: &mut QueryBuilder<Postgres>| {
            requete.push(" where a.objet = ").push_bind(self.modele().objet.nom);
            lesquelles.pousse(requete);
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
        requete.push(" as titre, a.champ, a.motif, a.import, a.relevee_le, a.levee_le, a.levee_par, a.note");
        depuis(&mut requete);
        self.pousse_source_du_titre(&mut requete);
        condition(&mut requete);
        requete.push(" order by a.relevee_le desc, a.id limit ").push_bind(limite.clamp(1, 1_000));
        requete.push(" offset ").push_bind(rang.max(0));
        let anomalies = requete.build_query_as().fetch_all(&mut **tx).await?;
        Ok(PageAnomalies { total, rang: rang.max(0), anomalies })
    }
}

impl Lesquelles {
    /// Adds the condition on anomalies `a`.
    fn pousse(self, requete: &mut QueryBuilder<Postgres>) {
        let cle = match self {
            Self::Une(id) => {
                requete.push(" and a.id = ").push_bind(id);
                return;
            }
            Self::Ouvertes(cle) => {
                requete.push(" and a.levee_le is null");
                cle
            }
            Self::Levees(cle) => {
                requete.push(" and a.levee_le is not null");
                cle
            }
        };
        if let Some(cle) = cle {
            requete.push(" and a.cle = ").push_bind(cle);
        }
    }
}

/// Ends an anomaly whose row stays as it is, for a reason that the journal keeps. A row locked in its state may have its
/// anomalies ended: nothing of it changes.
///
/// # Errors
/// It is not open to this look, it ended before, its row may not be changed by this pen, or the note says nothing.
pub async fn leve(
    tx: &mut TenantTx,
    regard: &Regard,
    plume: &Plume,
    id: Uuid,
    note: &str,
) -> Result<Anomalie, AnomalieError> {
    let note = note_lue(note).ok_or(AnomalieError::Note)?;
    let une = async |tx: &mut TenantTx| {
        let page = regard.anomalies(tx, Lesquelles::Une(id), 0, 1).await?;
        page.anomalies.into_iter().next().ok_or(AnomalieError::Absente)
    };
    let anomalie = une(tx).await?;
    plume.tient(tx, anomalie.cle).await?;
    let levees = sqlx::query(include_str!("sql/anomalie_lever.sql"))
        .bind(id)
        .bind(tx.acteur().utilisateur)
        .bind(&note)
        .execute(&mut **tx)
        .await?;
    if levees.rows_affected() == 0 {
        return Err(AnomalieError::Levee);
    }
    let (auteur, cle) = (Auteur::from(tx.acteur()), anomalie.cle.to_string());
    let details = json!({ "anomalie": id, "champ": anomalie.champ, "motif": anomalie.motif, "note": note });
    let fait = Fait { action: "lever_anomalie", objet: regard.modele().objet.nom, cle: Some(&cle), details: &details };
    journal::acte(tx, &auteur, &fait).await?;
    une(tx).await
}

/// A note that may be kept; `None` for an empty or an endless one.
fn note_lue(note: &str) -> Option<String> {
    let note = note.trim();
    (!note.is_empty() && note.chars().count() <= MAX_NOTE && !note.contains('\0')).then(|| note.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_something_and_is_not_endless() {
        assert_eq!(note_lue(" Vu avec les archives ").as_deref(), Some("Vu avec les archives"));
        for mauvaise in ["", " \n", "a\0b", &"x".repeat(2_001)] {
            assert_eq!(note_lue(mauvaise), None);
        }
    }
}
