//! Workers: take a job, carry it out, tell of it, let it go.
//!
//! A worker holds a job by its attempt number (`essai`) and a heartbeat. Silent for longer than the lease, it loses the job to
//! whoever takes it next; the number has then grown, and nothing that the old worker writes is accepted any more.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::types::Json;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use uuid::Uuid;

use super::archive;
use super::context::{Context, Stop, bounded, clean};
use super::news::News;
use super::queue::{Queue, entries};
use super::travail::Resultat;
use super::work::{Outcome, Work, WorkError};

/// Looks for work even without news.
const POLL: Duration = Duration::from_secs(5);
/// Progress is written at most this often.
const TICK: Duration = Duration::from_millis(250);
/// A sign of life at least this often.
const BEAT: Duration = Duration::from_secs(1);
/// What a work is given to end by itself once told to stop.
const GRACE: Duration = Duration::from_millis(500);
/// What workers are given to let their jobs go when the server stops.
const LETTING_GO: Duration = Duration::from_secs(4);
/// How often expired jobs are erased.
const PURGE: Duration = Duration::from_mins(1);
/// Brutal interruptions after which a job has failed.
const MAX_BREAKDOWNS: i16 = 3;
/// Writing the end of a job is tried this many times, a second apart.
const MAX_ENDINGS: u32 = 10;

const NOT_TAKEN: &str = "Le travail a attendu trop longtemps sans être pris en charge ; recommencez-le.";
const BROKEN_DOWN: &str = "Le travail a échoué plusieurs fois de suite : le serveur ou la base se sont arrêtés, ou une erreur est inscrite au journal du serveur. Recommencez-le, en plusieurs fois s'il est long ; si rien n'y fait, prévenez la personne qui administre Finage.";
const PANICKED: &str = "Une erreur interne a arrêté le travail, elle est inscrite au journal du serveur ; recommencez-le, et signalez-la si elle revient.";

/// The workers of this process.
#[derive(Debug)]
pub struct Workers {
    workers: Vec<JoinHandle<()>>,
    others: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts as many workers as the rules say, the listener (`listen` is a pool of one connection to the primary) and the
    /// purge; all end when `closing` becomes true.
    #[must_use]
    pub fn start(queue: &Queue, listen: PgPool, closing: &watch::Receiver<bool>) -> Self {
        let workers = (0..queue.rules.simultaneous)
            .map(|_| tokio::spawn(Worker { queue: queue.clone(), closing: closing.clone() }.work()))
            .collect();
        let others = vec![tokio::spawn(queue.news.clone().listen(listen)), tokio::spawn(keep_house(queue.clone()))];
        Self { workers, others }
    }

    /// Waits, once `closing` is true, until the jobs under way are back in the queue.
    pub async fn ended(self) {
        for task in self.others {
            task.abort();
        }
        let all = futures::future::join_all(self.workers);
        if timeout(LETTING_GO, all).await.is_err() {
            tracing::warn!("des travaux n'ont pas pu être rendus à la file : ils seront repris à la fin de leur bail");
        }
    }
}

/// Gives up on jobs that nobody may take any more, and erases what has expired.
async fn keep_house(queue: Queue) {
    let mut purged: Option<Instant> = None;
    loop {
        let due = purged.is_none_or(|at| at.elapsed() >= PURGE);
        match settle(&queue, due).await {
            Ok(()) if due => purged = Some(Instant::now()),
            Ok(()) => {}
            Err(error) => tracing::debug!(%error, "entretien de la file des travaux"),
        }
        sleep(POLL).await;
    }
}

async fn settle(queue: &Queue, purge: bool) -> sqlx::Result<()> {
    let ended: Vec<Uuid> = sqlx::query_scalar(include_str!("sql/solde.sql"))
        .bind(queue.registry.resumable())
        .bind(queue.rules.lease.as_secs_f64())
        .bind(MAX_BREAKDOWNS)
        .bind(queue.rules.kept_hours)
        .bind(NOT_TAKEN)
        .bind(BROKEN_DOWN)
        .fetch_all(&queue.pool)
        .await?;
    for id in ended {
        tracing::warn!(%id, "travail abandonné");
        sqlx::query(include_str!("sql/efface_pieces.sql")).bind(id).execute(&queue.pool).await?;
    }
    if purge {
        let gone = sqlx::query(include_str!("sql/purge.sql")).execute(&queue.pool).await?.rows_affected();
        if gone > 0 {
            tracing::info!(gone, "travaux expirés effacés");
        }
    }
    Ok(())
}

/// A job as a worker takes it.
#[derive(Debug, sqlx::FromRow)]
struct Taken {
    id: Uuid,
    genre: String,
    parametres: serde_json::Value,
    essai: i32,
    fait: i32,
    total: Option<i32>,
}

/// How a job ends.
enum End {
    Done(Outcome),
    Failed(String),
    Back,
    /// Not ours any more, or the database is away: the lease decides.
    Leave,
}

struct Worker {
    queue: Queue,
    closing: watch::Receiver<bool>,
}

impl Worker {
    async fn work(mut self) {
        let mut waiting = self.queue.news.waiting();
        while !*self.closing.borrow() {
            waiting.mark_unchanged();
            match self.take().await {
                Ok(Some(taken)) => self.carry(taken).await,
                Ok(None) => self.rest(&mut waiting).await,
                Err(error) => {
                    tracing::debug!(%error, "file des travaux illisible");
                    self.rest(&mut waiting).await;
                }
            }
        }
    }

    async fn rest(&mut self, waiting: &mut watch::Receiver<u64>) {
        tokio::select! {
            _ = waiting.changed() => {}
            () = sleep(POLL) => {}
            _ = self.closing.wait_for(|closing| *closing) => {}
        }
    }

    async fn take(&self) -> sqlx::Result<Option<Taken>> {
        sqlx::query_as(include_str!("sql/prend.sql"))
            .bind(self.queue.registry.genres().collect::<Vec<_>>())
            .bind(self.queue.registry.resumable())
            .bind(self.queue.rules.lease.as_secs_f64())
            .bind(MAX_BREAKDOWNS)
            .fetch_optional(&self.queue.pool)
            .await
    }

    async fn carry(&mut self, taken: Taken) {
        let Some(work) = self.queue.registry.get(&taken.genre).map(Arc::clone) else { return };
        let (tell, stop) = watch::channel(Stop::No);
        let opened =
            Context::open(self.queue.pool.clone(), (taken.id, taken.essai), (taken.fait, taken.total), stop).await;
        let ctx = match opened {
            Ok(ctx) => ctx,
            Err(error) => return tracing::warn!(id = %taken.id, %error, "travail laissé à la fin de son bail"),
        };
        tracing::info!(id = %taken.id, genre = taken.genre, essai = taken.essai, "travail pris en charge");
        let ended = self.watch_over(work, taken.parametres, &ctx, &tell).await;
        let end = judge(ended, ctx.stop());
        for _ in 0..MAX_ENDINGS {
            match self.close(&ctx, taken.essai, &end).await {
                Ok(()) => break,
                Err(error) => tracing::warn!(id = %taken.id, %error, "fin du travail non écrite"),
            }
            sleep(Duration::from_secs(1)).await;
        }
        // Nothing that the work left behind may go on.
        tell.send_replace(Stop::Lost);
        tracing::info!(id = %taken.id, "travail quitté");
    }

    /// Runs the work in a task of its own, with a heartbeat beside it, until it ends or must be stopped.
    async fn watch_over(
        &mut self,
        work: Arc<dyn Work>,
        parametres: serde_json::Value,
        ctx: &Context,
        tell: &watch::Sender<Stop>,
    ) -> Option<Result<Result<Outcome, WorkError>, JoinError>> {
        let mut task = {
            let ctx = ctx.clone();
            tokio::spawn(async move { work.run(parametres, &ctx).await })
        };
        let mut changes = self.queue.news.changes();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            let asked = tokio::select! {
                ended = &mut task => return Some(ended),
                _ = tick.tick() => false,
                () = News::cancel(&mut changes, ctx.id()) => true,
                _ = self.closing.wait_for(|closing| *closing) => {
                    tell.send_replace(Stop::Closing);
                    break;
                }
            };
            if !asked && !ctx.has_news() && heard.elapsed() < BEAT {
                continue;
            }
            match ctx.beat().await {
                Ok(Some(false)) => heard = Instant::now(),
                Ok(Some(true)) => {
                    tell.send_replace(Stop::Cancelled);
                    break;
                }
                Ok(None) => {
                    tell.send_replace(Stop::Lost);
                    break;
                }
                Err(error) if heard.elapsed() > self.queue.rules.lease => {
                    tracing::warn!(id = %ctx.id(), %error, "bail perdu");
                    tell.send_replace(Stop::Lost);
                    break;
                }
                Err(error) => tracing::debug!(id = %ctx.id(), %error, "battement non écrit"),
            }
        }
        let ended = timeout(GRACE, &mut task).await.ok();
        task.abort();
        ended
    }

    /// Writes the end of a job, unless it is no longer ours.
    async fn close(&self, ctx: &Context, essai: i32, end: &End) -> sqlx::Result<()> {
        let kept = self.queue.rules.kept_hours;
        let (etat, erreur, outcome) = match end {
            End::Leave => return Ok(()),
            End::Back => {
                let back = sqlx::query(include_str!("sql/rend.sql"));
                back.bind(ctx.id()).bind(essai).bind(kept).execute(&self.queue.pool).await?;
                return Ok(());
            }
            End::Done(outcome) => ("fait", None, outcome),
            End::Failed(sentence) => ("echec", Some(clean(sentence.clone())), &Outcome::default()),
        };
        let told = ctx.told();
        let mut transaction = self.queue.pool.begin().await?;
        let resultat = match erreur {
            None => result(&entries(&mut *transaction, ctx.id()).await?, outcome.archive.as_deref()),
            Some(_) => None,
        };
        let rapport = outcome.rapport.clone().or(told.rapport);
        let written: Option<String> = sqlx::query_scalar(include_str!("sql/termine.sql"))
            .bind(ctx.id())
            .bind(essai)
            .bind(etat)
            .bind(erreur)
            .bind(told.fait)
            .bind(told.total)
            .bind(rapport.map(Json))
            .bind(resultat.as_ref().map(|resultat| &resultat.nom))
            .bind(resultat.as_ref().map(|resultat| &resultat.genre))
            .bind(resultat.as_ref().map(|resultat| resultat.octets))
            .bind(kept)
            .fetch_optional(&mut *transaction)
            .await?;
        if written.is_some() {
            sqlx::query(include_str!("sql/efface_pieces.sql")).bind(ctx.id()).execute(&mut *transaction).await?;
        }
        transaction.commit().await
    }
}

/// What the end of a work means, given why it was told to stop.
fn judge(ended: Option<Result<Result<Outcome, WorkError>, JoinError>>, stop: Stop) -> End {
    if stop == Stop::Lost {
        return End::Leave;
    }
    match ended {
        Some(Ok(Ok(outcome))) => match outcome.rapport.map(bounded).transpose() {
            Ok(rapport) => End::Done(Outcome { rapport, ..outcome }),
            Err(error) => End::Failed(error.to_string()),
        },
        Some(Ok(Err(WorkError::Failed(sentence)))) if stop != Stop::Cancelled => End::Failed(sentence),
        Some(Ok(Err(WorkError::Panicked(_)))) => End::Failed(PANICKED.to_owned()),
        Some(Err(error)) if error.is_panic() => End::Failed(PANICKED.to_owned()),
        _ => match stop {
            // The end of a job that was cancelled is « annule », whatever is written here.
            Stop::Cancelled => End::Failed(String::new()),
            Stop::Closing => End::Back,
            Stop::No | Stop::Lost => {
                if let Some(Ok(Err(WorkError::Database(error)))) = &ended {
                    tracing::warn!(%error, "travail laissé à la fin de son bail");
                }
                End::Leave
            }
        },
    }
}

/// The file that these pieces make: the only one, or a ZIP of all.
fn result(pieces: &[archive::Entry], archive: Option<&str>) -> Option<Resultat> {
    match pieces {
        [] => None,
        [one] => Some(Resultat { nom: one.nom.clone(), genre: one.genre.clone(), octets: one.octets }),
        all => Some(Resultat {
            nom: super::names::file_name(archive.unwrap_or("travail.zip")),
            genre: "application/zip".to_owned(),
            octets: archive::length(all),
        }),
    }
}
