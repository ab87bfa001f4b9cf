//! One connection listens for the whole process; those who wait are told from memory.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// Channel of the trigger on `core.travail`.
const CHANNEL: &str = "finage_travail";
/// Wait before listening again after the connection was lost.
const AGAIN: Duration = Duration::from_secs(1);
/// News kept for those who are slow to read; beyond, they read the database again.
const KEPT: usize = 1024;

/// Something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// In this job.
    Of(Uuid),
    /// This job must be cancelled by the worker that carries it.
    Cancel(Uuid),
    /// Perhaps in any: notifications were missed.
    Any,
}

/// Where news of the queue comes from.
#[derive(Debug, Clone)]
pub struct News {
    changes: broadcast::Sender<Change>,
    waiting: watch::Sender<u64>,
}

impl Default for News {
    fn default() -> Self {
        Self { changes: broadcast::channel(KEPT).0, waiting: watch::channel(0).0 }
    }
}

impl News {
    /// Changes from now on.
    pub(super) fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Ticks when a job may be waiting for a worker.
    pub(super) fn waiting(&self) -> watch::Receiver<u64> {
        self.waiting.subscribe()
    }

    /// Waits until this job may have changed.
    pub(super) async fn of(changes: &mut broadcast::Receiver<Change>, id: Uuid) {
        wait_for(changes, |change| matches!(change, Change::Of(one) | Change::Cancel(one) if one == id)).await;
    }

    /// Waits until this job may have to be cancelled.
    pub(super) async fn cancel(changes: &mut broadcast::Receiver<Change>, id: Uuid) {
        wait_for(changes, |change| change == Change::Cancel(id)).await;
    }

    /// Listens until dropped, on a pool of one connection to the primary.
    pub(super) async fn listen(self, pool: PgPool) {
        loop {
            if let Err(error) = self.relay(&pool).await {
                tracing::debug!(%error, "écoute de la file interrompue");
            }
            self.tell(Change::Any, true);
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn relay(&self, pool: &PgPool) -> sqlx::Result<()> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        self.tell(Change::Any, true);
        // `None`: the connection was lost, and news with it.
        while let Some(notification) = listener.try_recv().await? {
            let Some((etat, id)) = notification.payload().split_once(' ') else { continue };
            let Ok(id) = id.parse() else { continue };
            let change = if etat == "annulation" { Change::Cancel(id) } else { Change::Of(id) };
            self.tell(change, etat == "attente");
        }
        Ok(())
    }

    fn tell(&self, change: Change, waiting: bool) {
        // Nobody may be following: then there is nobody to tell.
        let _ = self.changes.send(change);
        if waiting {
            self.waiting.send_modify(|count| *count = count.wrapping_add(1));
        }
    }
}

/// Waits for a change that `concerns`, or for one that may be any.
async fn wait_for(changes: &mut broadcast::Receiver<Change>, concerns: impl Fn(Change) -> bool) {
    loop {
        match changes.recv().await {
            Ok(change) if change != Change::Any && !concerns(change) => {}
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            // The sender lives as long as the queue; polling goes on without it.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}
