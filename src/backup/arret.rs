//! Told to stop: from the terminal, down to the programs under way.

use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::BackupError;

/// Whether to stop; copies share the answer.
#[derive(Debug, Clone, Default)]
pub struct Arret {
    demande: Arc<watch::Sender<bool>>,
    enfants: Arc<Mutex<Vec<Arc<Mutex<Child>>>>>,
}

impl Arret {
    /// Asks to stop: programs under way end at once, the rest at its next step.
    pub fn demande(&self) {
        self.demande.send_replace(true);
        for enfant in verrou(&self.enfants).iter() {
            // One that has ended has nothing to be told.
            let _ = verrou(enfant).kill();
        }
    }

    /// Goes on, unless it was asked to stop.
    pub(super) fn verifie(&self) -> Result<(), BackupError> {
        if *self.demande.borrow() { Err(BackupError::Interrompu) } else { Ok(()) }
    }

    /// The error, or that it was asked to stop: what then fails fails of that.
    pub(super) fn ou(&self, error: BackupError) -> BackupError {
        self.verifie().err().unwrap_or(error)
    }

    /// What `attendu` gives, unless it is asked to stop before: a lock of the database may last.
    pub(super) async fn pendant<T, E: Into<BackupError>>(
        &self,
        attendu: impl Future<Output = Result<T, E>>,
    ) -> Result<T, BackupError> {
        let mut dit = self.demande.subscribe();
        tokio::select! {
            fait = attendu => fait.map_err(Into::into),
            _ = dit.wait_for(|demande| *demande) => Err(BackupError::Interrompu),
        }
    }

    /// A program that ends when it is asked to stop.
    pub(super) fn suit(&self, enfant: &Arc<Mutex<Child>>) -> Result<(), BackupError> {
        verrou(&self.enfants).push(Arc::clone(enfant));
        self.verifie()
    }
}

pub(super) fn verrou<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
