//! What a work is given while it runs: where it tells its progress, stores its pieces, and learns that it must stop.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flate2::Crc;
use sqlx::PgPool;
use sqlx::types::Json;
use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use super::names::file_name;
use super::piece::Piece;
use super::travail::Rapport;
use super::work::WorkError;

/// Pieces of one job at most.
const MAX_PIECES: usize = 20_000;
/// Bytes of one piece at most.
const MAX_PIECE: usize = 64 << 20;
/// Bytes of all pieces of a job at most: an archive stays far under what ZIP can address without extension.
const MAX_BYTES: i64 = 2 << 30;
/// Bytes of a report at most, as JSON.
const MAX_REPORT: usize = 8 << 20;
/// Bytes read at once from the database.
pub(super) const SLICE: i32 = 1 << 20;
/// Niceness of the threads that compute: the map comes first.
const NICENESS: i32 = 10;

/// Why a running work must stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Go on.
    No,
    /// Whoever asked cancelled it.
    Cancelled,
    /// The server is stopping: the job goes back to the queue.
    Closing,
    /// Another worker has taken it over: nothing of ours is written any more.
    Lost,
}

/// The running job, cheap to clone.
#[derive(Debug, Clone)]
pub struct Context {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    pool: PgPool,
    id: Uuid,
    essai: i32,
    stop: watch::Receiver<Stop>,
    told: Mutex<Told>,
    made: Mutex<BTreeMap<i32, i64>>,
}

/// What the work told and the database does not know yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub fait: i32,
    pub total: Option<i32>,
    pub message: Option<String>,
    pub rapport: Option<Rapport>,
    pub fresh: bool,
    /// A report may be large: once written, it is not written again with each step.
    pub fresh_rapport: bool,
}

impl Context {
    pub(super) async fn open(
        pool: PgPool,
        (id, essai): (Uuid, i32),
        (fait, total): (i32, Option<i32>),
        stop: watch::Receiver<Stop>,
    ) -> sqlx::Result<Self> {
        let made: Vec<(i32, i64)> =
            sqlx::query_as(include_str!("sql/pieces_faites.sql")).bind(id).fetch_all(&pool).await?;
        let told = Mutex::new(Told { fait, total, ..Told::default() });
        let made = Mutex::new(made.into_iter().collect());
        Ok(Self { inner: Arc::new(Inner { pool, id, essai, stop, told, made }) })
    }

    /// Identifier of the job.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.inner.id
    }

    /// Tells how many units are done and what is being done; written at most four times a second, from any thread.
    pub fn progress(&self, fait: usize, message: impl Into<String>) {
        let mut told = lock(&self.inner.told);
        told.fait = i32::try_from(fait).unwrap_or(i32::MAX);
        told.message = Some(clean(message.into()));
        told.fresh = true;
    }

    /// Tells how many units there are.
    pub fn set_total(&self, total: usize) {
        let mut told = lock(&self.inner.told);
        told.total = Some(i32::try_from(total).unwrap_or(i32::MAX));
        told.fresh = true;
    }

    /// The account as it stands; it replaces the one before, and is kept if the job is cancelled or fails.
    ///
    /// # Errors
    /// [`WorkError::Failed`] beyond 8 MiB.
    pub fn rapport(&self, rapport: Rapport) -> Result<(), WorkError> {
        let rapport = bounded(rapport)?;
        let mut told = lock(&self.inner.told);
        told.rapport = Some(rapport);
        told.fresh = true;
        told.fresh_rapport = true;
        Ok(())
    }

    /// Whether the work must stop now, for whatever reason; from any thread.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.inner.stop.borrow() != Stop::No
    }

    /// Ends when the work must stop.
    pub async fn cancelled(&self) {
        let mut stop = self.inner.stop.clone();
        // An ended sender means that nobody carries the job any more.
        let _ = stop.wait_for(|stop| *stop != Stop::No).await;
    }

    /// To be called between pieces.
    ///
    /// # Errors
    /// [`WorkError::Interrupted`] when the work must stop.
    pub fn check(&self) -> Result<(), WorkError> {
        if self.is_cancelled() { Err(WorkError::Interrupted) } else { Ok(()) }
    }

    /// Ranks of the pieces already stored, in this attempt or an earlier one.
    #[must_use]
    pub fn pieces(&self) -> BTreeSet<i32> {
        lock(&self.inner.made).keys().copied().collect()
    }

    /// Whether this piece is stored already.
    #[must_use]
    pub fn has_piece(&self, rang: i32) -> bool {
        lock(&self.inner.made).contains_key(&rang)
    }

    /// Stores a piece; a rank already stored stays as it is.
    ///
    /// # Errors
    /// [`WorkError::Interrupted`] when the job is no longer ours, [`WorkError::Failed`] beyond the bounds (64 MiB a piece,
    /// 2 GiB and 20 000 pieces a job), [`WorkError::Database`].
    pub async fn piece(&self, rang: i32, piece: Piece) -> Result<(), WorkError> {
        let octets = i64::try_from(piece.contenu.len()).unwrap_or(i64::MAX);
        {
            let made = lock(&self.inner.made);
            if made.contains_key(&rang) {
                return Ok(());
            }
            if piece.contenu.len() > MAX_PIECE
                || made.values().sum::<i64>() + octets > MAX_BYTES
                || made.len() >= MAX_PIECES
            {
                return Err(WorkError::Failed(
                    "Le résultat est trop volumineux (64 Mio par fichier, 2 Gio et 20 000 fichiers en tout) ; demandez-le en plusieurs fois.".to_owned(),
                ));
            }
        }
        let mut crc = Crc::new();
        crc.update(&piece.contenu);
        let ours: bool = sqlx::query_scalar(include_str!("sql/piece_range.sql"))
            .bind(self.inner.id)
            .bind(self.inner.essai)
            .bind(rang)
            .bind(file_name(&piece.nom))
            .bind(clean(piece.genre))
            .bind(octets)
            .bind(i64::from(crc.sum()))
            .bind(piece.livree)
            .bind(piece.contenu)
            .fetch_one(&self.inner.pool)
            .await?;
        if !ours {
            return Err(WorkError::Interrupted);
        }
        lock(&self.inner.made).insert(rang, octets);
        Ok(())
    }

    /// The content of a piece stored before, in this attempt or an earlier one.
    ///
    /// # Errors
    /// [`WorkError::Database`].
    pub async fn read(&self, rang: i32) -> Result<Option<Vec<u8>>, WorkError> {
        let whole: Option<Vec<u8>> = sqlx::query_scalar(include_str!("sql/piece_tranche.sql"))
            .bind(self.inner.id)
            .bind(rang)
            .bind(1_i32)
            .bind(i32::MAX - 1)
            .fetch_optional(&self.inner.pool)
            .await?;
        Ok(whole)
    }

    /// Runs what computes for long on a thread of its own and of low priority, so that requests come first. When the job
    /// must stop, returns at once; the thread ends by itself (let it look at [`Context::is_cancelled`] if it is long).
    ///
    /// # Errors
    /// [`WorkError::Interrupted`] when the work must stop, [`WorkError::Panicked`] when the computation panicked.
    pub async fn compute<T, F>(&self, compute: F) -> Result<T, WorkError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        self.check()?;
        let (tell, told) = oneshot::channel();
        let run = move || {
            // Refused: the computation keeps the ordinary priority.
            let _ = rustix::process::nice(NICENESS);
            let _ = tell.send(catch_unwind(AssertUnwindSafe(compute)));
        };
        std::thread::Builder::new().name("travail".to_owned()).spawn(run).map_err(|error| {
            WorkError::Failed(format!("Le serveur n'a pas pu lancer le calcul ({error}) ; réessayez plus tard."))
        })?;
        tokio::select! {
            computed = told => match computed {
                Ok(Ok(value)) => Ok(value),
                Ok(Err(panic)) => Err(WorkError::Panicked(panic)),
                Err(_) => Err(WorkError::Interrupted),
            },
            () = self.cancelled() => Err(WorkError::Interrupted),
        }
    }

    pub(super) fn stop(&self) -> Stop {
        *self.inner.stop.borrow()
    }

    /// What was told, whole.
    pub(super) fn told(&self) -> Told {
        lock(&self.inner.told).clone()
    }

    /// Whether something was told since it was last written.
    pub(super) fn has_news(&self) -> bool {
        lock(&self.inner.told).fresh
    }

    /// A sign of life with what was told; whether cancellation was asked, `None` when the job is no longer ours.
    pub(super) async fn beat(&self) -> sqlx::Result<Option<bool>> {
        let told = {
            let mut told = lock(&self.inner.told);
            let rapport = if told.fresh_rapport { told.rapport.clone() } else { None };
            told.fresh = false;
            told.fresh_rapport = false;
            Told { fait: told.fait, total: told.total, message: told.message.clone(), rapport, ..Told::default() }
        };
        let written = sqlx::query_scalar(include_str!("sql/bat.sql"))
            .bind(self.inner.id)
            .bind(self.inner.essai)
            .bind(told.fait)
            .bind(told.total)
            .bind(&told.message)
            .bind(told.rapport.as_ref().map(Json))
            .fetch_optional(&self.inner.pool)
            .await;
        if written.is_err() {
            let mut now = lock(&self.inner.told);
            now.fresh = true;
            now.fresh_rapport |= told.rapport.is_some();
        }
        written
    }
}

/// A report that the database takes.
pub(super) fn bounded(mut rapport: Rapport) -> Result<Rapport, WorkError> {
    rapport.resume = clean(rapport.resume);
    for ligne in &mut rapport.lignes {
        ligne.texte = clean(std::mem::take(&mut ligne.texte));
        ligne.etat = clean(std::mem::take(&mut ligne.etat));
        ligne.message = ligne.message.take().map(clean);
        ligne.idu = ligne.idu.take().map(clean);
    }
    if serde_json::to_vec(&rapport).map_or(usize::MAX, |json| json.len()) > MAX_REPORT {
        return Err(WorkError::Failed(
            "Le compte rendu dépasse 8 Mio ; demandez le travail en plusieurs fois.".to_owned(),
        ));
    }
    Ok(rapport)
}

/// PostgreSQL text holds no NUL.
pub(super) fn clean(text: String) -> String {
    if text.contains('\0') { text.replace('\0', " ") } else { text }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind is plain data, whole at every step: a panic elsewhere does not spoil it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
