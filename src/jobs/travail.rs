//! A job as those who follow it see it.

use serde::{Deserialize, Serialize, Serializer};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{FromRow, Row as _};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;
use uuid::Uuid;

/// A job: its state, its progress, and what it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Travail {
    /// Identifier (UUID v4): whoever knows it may see and cancel the job; that of a signed-in account is its own.
    pub id: Uuid,
    /// Kind of work.
    pub genre: String,
    /// Name shown, one line.
    pub libelle: String,
    /// Where it stands.
    pub etat: Etat,
    /// Units done.
    pub fait: i32,
    /// Units to do; null until known.
    pub total: Option<i32>,
    /// What is being done now.
    pub message: Option<String>,
    /// When it was deposited.
    #[serde(serialize_with = "instant")]
    #[schema(value_type = String, format = DateTime)]
    pub depose_le: OffsetDateTime,
    /// When a worker first took it.
    #[serde(serialize_with = "maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub debut: Option<OffsetDateTime>,
    /// When it reached its final state.
    #[serde(serialize_with = "maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fin: Option<OffsetDateTime>,
    /// When it and its result are erased; null until it ends.
    #[serde(serialize_with = "maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expire_le: Option<OffsetDateTime>,
    /// What was served and what was not.
    pub rapport: Option<Rapport>,
    /// Why it failed, one sentence.
    pub erreur: Option<String>,
    /// The file to download; null unless the job is done and made one.
    pub resultat: Option<Resultat>,
}

/// State of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Etat {
    /// Waiting for a worker.
    Attente,
    /// A worker carries it out.
    EnCours,
    /// Done.
    Fait,
    /// Cancelled.
    Annule,
    /// Failed; `erreur` says why.
    Echec,
}

impl Etat {
    /// Whether it will not change any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Fait | Self::Annule | Self::Echec)
    }
}

/// The account a job gives of what it was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rapport {
    /// The whole in one line: « 11 extraits, 1 référence inconnue ».
    pub resume: String,
    /// One line for each line of what was asked.
    pub lignes: Vec<LigneRapport>,
}

/// What became of one line of the request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LigneRapport {
    /// Number of the line, from 1.
    pub ligne: u32,
    /// The line as written.
    pub texte: String,
    /// `servie`, `inconnue`, `illisible`, `double`, `ambigue` or `refusee`.
    pub etat: String,
    /// The parcel meant, when there is one.
    pub idu: Option<String>,
    /// What to know or to do, one sentence.
    pub message: Option<String>,
}

/// The file a job made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Resultat {
    /// File name.
    pub nom: String,
    /// MIME type.
    #[serde(rename = "type")]
    pub genre: String,
    /// Size in bytes.
    pub octets: i64,
}

impl FromRow<'_, PgRow> for Travail {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let rapport: Option<Json<Rapport>> = row.try_get("rapport")?;
        let nom: Option<String> = row.try_get("resultat_nom")?;
        let genre: Option<String> = row.try_get("resultat_type")?;
        let octets: Option<i64> = row.try_get("resultat_octets")?;
        let resultat = match (nom, genre, octets) {
            (Some(nom), Some(genre), Some(octets)) => Some(Resultat { nom, genre, octets }),
            _ => None,
        };
        Ok(Self {
            id: row.try_get("id")?,
            genre: row.try_get("genre")?,
            libelle: row.try_get("libelle")?,
            etat: row.try_get("etat")?,
            fait: row.try_get("fait")?,
            total: row.try_get("total")?,
            message: row.try_get("message")?,
            depose_le: row.try_get("depose_le")?,
            debut: row.try_get("debut")?,
            fin: row.try_get("fin")?,
            expire_le: row.try_get("expire_le")?,
            rapport: rapport.map(|Json(rapport)| rapport),
            erreur: row.try_get("erreur")?,
            resultat,
        })
    }
}

fn instant<S: Serializer>(at: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.format(&Rfc3339).map_err(serde::ser::Error::custom)?)
}

#[expect(clippy::ref_option, reason = "serde passes the field as it stands")]
fn maybe_instant<S: Serializer>(at: &Option<OffsetDateTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => instant(at, serializer),
        None => serializer.serialize_none(),
    }
}
