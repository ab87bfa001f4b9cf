//! The queue: deposit, look, cancel, fetch.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use sqlx::{PgExecutor, PgPool};
use thiserror::Error;
use uuid::Uuid;

use super::archive::{self, Entry};
use super::context::{SLICE, clean};
use super::news::News;
use super::travail::Travail;
use super::work::{Refusal, Registry};
use crate::config::Config;

/// Bytes of a job's parameters at most, as JSON.
pub const MAX_PARAMETERS: usize = 1 << 20;
/// Longest parameters kept, as JSON: a list with an answer to each of its lines.
const MAX_STORED: usize = 8 << 20;
/// Deposits are counted and made one at a time (arbitrary, constant).
const LOCK: i64 = 0x0066_696e_7472_6176;
/// Characters of a job's name at most.
const MAX_LABEL: usize = 200;

/// Bounds and delays of the queue.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Jobs carried out at once by this process.
    pub simultaneous: u32,
    /// Hours for which a finished job and its result are kept.
    pub kept_hours: i32,
    /// Jobs that one depositor may have waiting or running.
    pub open_per_depositor: i64,
    /// Deposits that one depositor may make in an hour.
    pub hourly_per_depositor: i64,
    /// Jobs waiting at most, whoever asked.
    pub waiting: i64,
    /// Silence after which a job is taken from its worker.
    pub lease: Duration,
}

impl Rules {
    /// The rules that the configuration asks for.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            simultaneous: config.travaux_simultanes,
            kept_hours: i32::try_from(config.travaux_conserves_heures).unwrap_or(i32::MAX),
            open_per_depositor: 3,
            hourly_per_depositor: 30,
            waiting: 200,
            lease: Duration::from_secs(15),
        }
    }
}

/// Why a job was not deposited.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DepositError {
    /// No work of that name.
    #[error("Le genre de travail « {asked} » est inconnu ; il en existe : {known}.")]
    UnknownGenre {
        /// As asked, cut short.
        asked: String,
        /// Those known.
        known: String,
    },
    /// The work does not take it.
    #[error(transparent)]
    Refused(Refusal),
    /// Parameters beyond 1 MiB.
    #[error("Les paramètres du travail dépassent 1 Mio ; demandez-le en plusieurs fois.")]
    TooLarge,
    /// This depositor has enough open.
    #[error("Vous avez déjà {open} travaux en attente ou en cours ; attendez la fin de l'un d'eux ou annulez-le.")]
    TooManyOpen {
        /// Jobs open.
        open: i64,
    },
    /// This depositor deposited enough in the last hour.
    #[error("Vous avez déposé {deposited} travaux en une heure ; réessayez dans {minutes} min.", minutes = wait.as_secs().div_ceil(60))]
    TooManyRecent {
        /// Deposits of the hour.
        deposited: i64,
        /// Until the next is taken.
        wait: Duration,
    },
    /// The queue is full.
    #[error("La file d'attente est pleine ({waiting} travaux) ; réessayez dans quelques minutes.")]
    Full {
        /// Jobs waiting.
        waiting: i64,
    },
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl DepositError {
    /// When to try again, for what is a matter of time.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyOpen { .. } => Some(Duration::from_secs(10)),
            Self::TooManyRecent { wait, .. } => Some(*wait),
            Self::Full { .. } => Some(Duration::from_mins(1)),
            _ => None,
        }
    }
}

/// Jobs in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Tally {
    /// Waiting.
    pub attente: i64,
    /// Running.
    pub en_cours: i64,
    /// Failed and still kept.
    pub echec: i64,
}

/// The queue of long work, cheap to clone.
#[derive(Debug, Clone)]
pub struct Queue {
    pub(super) pool: PgPool,
    pub(super) registry: Arc<Registry>,
    pub(super) rules: Arc<Rules>,
    pub(super) news: News,
}

impl Queue {
    /// The queue of this database; `pool` is on the primary.
    #[must_use]
    pub fn new(pool: PgPool, registry: Registry, rules: Rules) -> Self {
        Self { pool, registry: Arc::new(registry), rules: Arc::new(rules), news: News::default() }
    }

    /// Deposits a job for `demandeur` after its work has read the parameters.
    ///
    /// # Errors
    /// Why it is not taken, one sentence.
    pub async fn deposit(&self, genre: &str, parametres: Value, demandeur: &str) -> Result<Travail, DepositError> {
        self.deposit_for(genre, parametres, demandeur, None).await
    }

    /// The same for an account: it alone sees the job ([`Self::travail_de`]).
    ///
    /// # Errors
    /// Why it is not taken, one sentence.
    pub async fn deposit_for(
        &self,
        genre: &str,
        parametres: Value,
        demandeur: &str,
        compte: Option<Uuid>,
    ) -> Result<Travail, DepositError> {
        let work = self.registry.get(genre).ok_or_else(|| DepositError::UnknownGenre {
            asked: clean(genre.chars().take(40).collect()),
            known: self.registry.genres().collect::<Vec<_>>().join(", "),
        })?;
        size(&parametres, MAX_PARAMETERS)?;
        let demandeur = clean(demandeur.to_owned());
        // Reading the parameters may cost: not for those who would be refused anyway.
        self.admit(&self.pool, &demandeur).await?;
        let accepted = work.check(parametres).await.map_err(|refusal| match refusal {
            Refusal::Database(error) => DepositError::Database(error),
            other => DepositError::Refused(other),
        })?;
        size(&accepted.parametres, MAX_STORED)?;
        let id = Uuid::new_v4();
        let mut transaction = self.pool.begin().await?;
        sqlx::query("select pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *transaction).await?;
        self.admit(&mut *transaction, &demandeur).await?;
        sqlx::query(include_str!("sql/depose.sql"))
            .bind(id)
            .bind(work.genre())
            .bind(clean(accepted.libelle.chars().take(MAX_LABEL).collect()))
            .bind(&demandeur)
            .bind(&accepted.parametres)
            .bind(accepted.total)
            .bind(compte)
            .execute(&mut *transaction)
            .await?;
        let travail = sqlx::query_as(include_str!("sql/travail.sql")).bind(id).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(travail)
    }

    /// A job that exists and has not expired.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn travail(&self, id: Uuid) -> sqlx::Result<Option<Travail>> {
        sqlx::query_as(include_str!("sql/travail.sql")).bind(id).fetch_optional(&self.pool).await
    }

    /// The same, where `compte` may see it: one of the public, or its own.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn travail_de(&self, id: Uuid, compte: Option<Uuid>) -> sqlx::Result<Option<Travail>> {
        sqlx::query_as(include_str!("sql/travail_de.sql")).bind(id).bind(compte).fetch_optional(&self.pool).await
    }

    /// Cancels a job: at once when it waits, within a second when it runs; nothing changes when it has ended.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn cancel(&self, id: Uuid) -> sqlx::Result<Option<Travail>> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(include_str!("sql/annule.sql"))
            .bind(id)
            .bind(self.rules.kept_hours)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(include_str!("sql/efface_pieces.sql")).bind(id).execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.travail(id).await
    }

    /// The pieces delivered by a job, in their order, each under a name of its own.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn entries(&self, id: Uuid) -> sqlx::Result<Vec<Entry>> {
        entries(&self.pool, id).await
    }

    /// The next bytes of a piece from `offset`, 1 MiB at most; empty past the end.
    ///
    /// # Errors
    /// The database refused or timed out, or the piece was erased meanwhile.
    pub async fn slice(&self, id: Uuid, rang: i32, offset: i64) -> sqlx::Result<Vec<u8>> {
        sqlx::query_scalar(include_str!("sql/piece_tranche.sql"))
            .bind(id)
            .bind(rang)
            .bind(i32::try_from(offset + 1).unwrap_or(i32::MAX))
            .bind(SLICE)
            .fetch_one(&self.pool)
            .await
    }

    async fn admit(&self, database: impl PgExecutor<'_>, demandeur: &str) -> Result<(), DepositError> {
        let (open, deposited, wait, waiting): (i64, i64, Option<i64>, i64) =
            sqlx::query_as(include_str!("sql/charge.sql")).bind(demandeur).fetch_one(database).await?;
        if open >= self.rules.open_per_depositor {
            return Err(DepositError::TooManyOpen { open });
        }
        if deposited >= self.rules.hourly_per_depositor {
            let wait = Duration::from_secs(u64::try_from(wait.unwrap_or(0)).unwrap_or(0).max(1));
            return Err(DepositError::TooManyRecent { deposited, wait });
        }
        if waiting >= self.rules.waiting {
            return Err(DepositError::Full { waiting });
        }
        Ok(())
    }
}

/// How many jobs are in each state.
///
/// # Errors
/// The database refused.
pub async fn tally(database: impl PgExecutor<'_>) -> sqlx::Result<Tally> {
    sqlx::query_as(include_str!("sql/etat_file.sql")).fetch_one(database).await
}

pub(super) async fn entries(database: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Vec<Entry>> {
    let rows: Vec<(i32, String, String, i64, i64)> =
        sqlx::query_as(include_str!("sql/pieces.sql")).bind(id).fetch_all(database).await?;
    let entry = |(rang, nom, genre, octets, crc32): (i32, String, String, i64, i64)| Entry {
        rang,
        nom,
        genre,
        octets,
        crc32: u32::try_from(crc32).unwrap_or(0),
    };
    Ok(archive::entries(rows.into_iter().map(entry).collect()))
}

/// Parameters that the database takes: bounded, and without NUL, which jsonb refuses.
fn size(parametres: &Value, bound: usize) -> Result<(), DepositError> {
    if serde_json::to_vec(parametres).map_or(usize::MAX, |json| json.len()) > bound {
        return Err(DepositError::TooLarge);
    }
    if holds_nul(parametres) {
        return Err(DepositError::Refused(Refusal::Malformed(
            "Les paramètres du travail contiennent un caractère nul ; retirez-le.".to_owned(),
        )));
    }
    Ok(())
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}
