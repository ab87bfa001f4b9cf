//! What a kind of long work must say and do.
//!
//! A work lives in an outer room, keeps what it needs (pools, configuration) in itself, and is put into the [`Registry`] when
//! the server starts. Its futures must give way: what computes for long goes through [`Context::compute`], which runs it on a
//! thread of low priority so that the map keeps answering.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::Value;
use thiserror::Error;

use super::context::Context;
use super::travail::Rapport;

/// A kind of long work.
///
/// ```ignore
/// impl Work for Extraits {
///     fn genre(&self) -> &'static str { "extraits" }
///     fn check(&self, parametres: Value) -> BoxFuture<'_, Result<Accepted, Refusal>> {
///         Box::pin(async move { /* read, verify, count */ })
///     }
///     fn run<'a>(&'a self, parametres: Value, ctx: &'a Context) -> BoxFuture<'a, Result<Outcome, WorkError>> {
///         Box::pin(async move {
///             for rang in 0..total {
///                 ctx.check()?;
///                 if !ctx.has_piece(rang) {
///                     let pdf = ctx.compute(move || draw(rang)).await??;
///                     ctx.piece(rang, Piece::new("AB 145.pdf", "application/pdf", pdf)).await?;
///                 }
///                 ctx.progress(rang + 1, "AB 145, Valbrume-sur-Ourche");
///             }
///             Ok(Outcome::default())
///         })
///     }
/// }
/// ```
pub trait Work: Send + Sync + 'static {
    /// Its name, as requests and the queue write it.
    fn genre(&self) -> &'static str;

    /// Whether a job interrupted by a crash may be carried on from the pieces already made.
    fn resumable(&self) -> bool {
        true
    }

    /// Reads the parameters before the job is deposited: a request that can't be honoured is refused at once.
    ///
    /// # Errors
    /// The sentence for whoever asked.
    fn check(&self, parametres: Value) -> BoxFuture<'_, Result<Accepted, Refusal>>;

    /// Does the work. The parameters are those [`Work::check`] accepted. When the job is resumed, [`Context::pieces`] holds
    /// the ranks made before; the same parameters must give the same rank the same meaning.
    ///
    /// # Errors
    /// [`WorkError::Interrupted`] when told to stop (use [`Context::check`] between pieces), else why the job failed.
    fn run<'a>(&'a self, parametres: Value, ctx: &'a Context) -> BoxFuture<'a, Result<Outcome, WorkError>>;
}

/// A request that a work takes on.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// Name shown for the job: « Extraits de plan (12 parcelles) ».
    pub libelle: String,
    /// Units to do, when already known.
    pub total: Option<i32>,
    /// Parameters to keep for [`Work::run`], at most 8 MiB as JSON.
    pub parametres: Value,
}

/// Why a work does not take a request on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The parameters are malformed: HTTP 400. One sentence.
    #[error("{0}")]
    Malformed(String),
    /// The parameters are well formed, but cannot be honoured: HTTP 422. One sentence.
    #[error("{0}")]
    Unacceptable(String),
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What a finished work leaves, beside its pieces.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The account given; the one of [`Context::rapport`] stands when absent.
    pub rapport: Option<Rapport>,
    /// Name of the ZIP when several pieces are delivered (`travail.zip` unless told).
    pub archive: Option<String>,
}

/// Why a work did not reach its end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WorkError {
    /// It was told to stop: cancelled, server stopping, or taken over by another worker.
    #[error("travail interrompu")]
    Interrupted,
    /// It cannot be done. One French sentence for whoever asked.
    #[error("{0}")]
    Failed(String),
    /// The database did not answer: the job will be taken again, three times at most.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A computation panicked.
    #[error("une erreur interne a interrompu le calcul")]
    Panicked(Box<dyn Any + Send>),
}

/// The kinds of work this process knows.
#[derive(Clone, Default)]
pub struct Registry {
    works: BTreeMap<&'static str, Arc<dyn Work>>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.works.keys()).finish()
    }
}

impl Registry {
    /// This registry with one more work; it replaces the one of the same name.
    #[must_use]
    pub fn with(mut self, work: impl Work) -> Self {
        self.works.insert(work.genre(), Arc::new(work));
        self
    }

    /// The work of this name.
    #[must_use]
    pub fn get(&self, genre: &str) -> Option<&Arc<dyn Work>> {
        self.works.get(genre)
    }

    /// Names of the works.
    pub fn genres(&self) -> impl Iterator<Item = &'static str> {
        self.works.keys().copied()
    }

    /// Names of the works that may be carried on after a crash.
    pub(super) fn resumable(&self) -> Vec<&'static str> {
        self.works.iter().filter(|(_, work)| work.resumable()).map(|(genre, _)| *genre).collect()
    }
}
