//! Work that may not end, on a thread of its own, waited for no longer than told.
//!
//! A thread can't be killed. The beats end what loops (see `battement`); what lays out without end is left behind, and
//! as long as too many are left behind, nothing more is started.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use typst::comemo;

use crate::battement;
use crate::erreur::GabaritError;

/// Works left behind that are still running, at most.
const ABANDONS_MAX: usize = 2;
/// The engine's own bounds of depth (calls, contents) fit in this stack.
const PILE: usize = 64 << 20;
/// Given to a work beyond its time to end by itself, at a beat.
const SURSIS: Duration = Duration::from_secs(1);
/// Documents after which what the engine remembers of an older one is forgotten.
const MEMOIRE: usize = 8;

static ABANDONS: AtomicUsize = AtomicUsize::new(0);

/// Runs `travail` for `duree` at most. One thread does it all: the engine's parallel parts stay on it, so that its
/// beats count and one document takes one processor.
pub(crate) fn executer<T: Send + 'static>(
    duree: Duration,
    travail: impl FnOnce() -> Result<T, GabaritError> + Send + 'static,
) -> Result<T, GabaritError> {
    if ABANDONS.load(Ordering::SeqCst) >= ABANDONS_MAX {
        return Err(GabaritError::Occupe);
    }
    let atelier = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .stack_size(PILE)
        .thread_name(|_| "documents".to_owned())
        .build()
        .map_err(|erreur| GabaritError::Interne(erreur.to_string()))?;
    let (envoi, reception) = mpsc::sync_channel(1);
    let croise = Arc::new(AtomicBool::new(false));
    let croise_ici = Arc::clone(&croise);
    let echeance = Instant::now() + duree;
    atelier.spawn(move || {
        battement::fixer(echeance);
        let resultat = catch_unwind(AssertUnwindSafe(travail))
            .unwrap_or_else(|_| Err(GabaritError::Interne("le moteur de composition s’est arrêté".to_owned())));
        let depasse = battement::depasse() && resultat.is_err();
        // An error for want of time must not be remembered for the same document asked again.
        comemo::evict(if depasse { 0 } else { MEMOIRE });
        let resultat = if depasse { Err(GabaritError::Delai { secondes: duree.as_secs() }) } else { resultat };
        // Nobody listens any more when the time was over.
        drop(envoi.send(resultat));
        if croise.swap(true, Ordering::SeqCst) {
            ABANDONS.fetch_sub(1, Ordering::SeqCst);
        }
    });
    reception.recv_timeout(duree + SURSIS).unwrap_or_else(|_| {
        // Counted before the two sides meet: whoever comes second takes it back.
        ABANDONS.fetch_add(1, Ordering::SeqCst);
        if croise_ici.swap(true, Ordering::SeqCst) {
            ABANDONS.fetch_sub(1, Ordering::SeqCst);
        }
        Err(GabaritError::Delai { secondes: duree.as_secs() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_end_is_left_behind_and_counted() {
        let (stop, stopped) = mpsc::channel::<()>();
        let started = Instant::now();
        let result = executer::<()>(Duration::from_millis(10), move || {
            let _ = stopped.recv();
            Ok(())
        });
        assert_eq!(result, Err(GabaritError::Delai { secondes: 0 }));
        assert!(started.elapsed() < Duration::from_secs(5));
        assert_eq!(ABANDONS.load(Ordering::SeqCst), 1);
        assert_eq!(executer(Duration::from_secs(5), || Ok(3)), Ok(3), "one left behind does not stop the others");
        drop(stop);
        let end = Instant::now() + Duration::from_secs(5);
        while ABANDONS.load(Ordering::SeqCst) > 0 {
            assert!(Instant::now() < end, "what ended at last is no longer counted");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_panic_is_an_error() {
        let result = executer::<()>(Duration::from_secs(5), || panic!("as a defect of the engine would"));
        assert!(matches!(result, Err(GabaritError::Interne(_))), "{result:?}");
    }
}
