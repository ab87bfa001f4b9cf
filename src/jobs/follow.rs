//! A job followed from change to change.

use std::time::Duration;

use futures::Stream;
use futures::stream::unfold;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

use super::news::{Change, News};
use super::queue::Queue;
use super::travail::Travail;

/// Read again even without news: notifications are not heard behind every proxy.
const POLL: Duration = Duration::from_secs(5);
/// Least time between two states sent.
const PACE: Duration = Duration::from_millis(250);

struct Follower {
    queue: Queue,
    id: Uuid,
    changes: broadcast::Receiver<Change>,
    closing: watch::Receiver<bool>,
    last: Option<(Travail, Instant)>,
}

impl Queue {
    /// The states of a job, the present one first; ends after a final state, when the job is erased, when the database is
    /// away, or when `closing` becomes true.
    pub fn follow(&self, id: Uuid, closing: watch::Receiver<bool>) -> impl Stream<Item = Travail> + Send + use<> {
        let follower = Follower { queue: self.clone(), id, changes: self.news.changes(), closing, last: None };
        unfold(follower, async |mut follower| {
            let next = follower.next().await?;
            follower.last = Some((next.clone(), Instant::now()));
            Some((next, follower))
        })
    }
}

impl Follower {
    async fn next(&mut self) -> Option<Travail> {
        loop {
            if let Some((last, at)) = &self.last {
                if last.etat.is_final() {
                    return None;
                }
                let soonest = *at + PACE;
                tokio::select! {
                    () = News::of(&mut self.changes, self.id) => {}
                    () = sleep(POLL) => {}
                    _ = self.closing.wait_for(|closing| *closing) => return None,
                }
                sleep_until(soonest).await;
            }
            let now = self.queue.travail(self.id).await.ok()??;
            if self.last.as_ref().is_none_or(|(last, _)| *last != now) {
                return Some(now);
            }
        }
    }
}
