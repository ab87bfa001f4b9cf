//! Keeps the embedded PostgreSQL running for as long as the server does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use finage_cluster::Cluster;

/// How often the thread looks.
const EVERY: Duration = Duration::from_millis(200);

/// A thread that owns the cluster: restarts PostgreSQL when it ends by itself, stops it when dropped.
#[derive(Debug)]
pub struct Watch {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub(super) fn start(mut cluster: Cluster) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            while !told.load(Ordering::Relaxed) {
                if cluster.wait_exit(EVERY) {
                    tracing::error!(status = cluster.exit_status(), "PostgreSQL s'est arrêté : redémarrage");
                    if let Err(error) = cluster.restart() {
                        tracing::error!(%error, "redémarrage impossible");
                        std::thread::sleep(Duration::from_secs(1));
                    }
                }
            }
            if let Err(error) = cluster.close() {
                tracing::error!(%error, "arrêt de PostgreSQL");
            }
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
