//! `pg_dump` and `pg_restore` as children: their words read as they come, their end waited for, killed when dropped.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::arret::verrou;
use super::{Arret, BackupError};

/// Longest line read of a program, in bytes.
const MAX_LIGNE: u64 = 8 << 10;
/// Lines kept for an error.
const GARDEES: usize = 4;
/// How often its end is looked for.
const PAS: Duration = Duration::from_millis(20);

/// A program under way.
#[derive(Debug)]
pub(super) struct Programme {
    nom: &'static str,
    enfant: Arc<Mutex<Child>>,
    paroles: Option<JoinHandle<String>>,
}

/// Its ends of the pipes.
#[derive(Debug)]
pub(super) struct Tuyaux {
    pub(super) entree: Option<ChildStdin>,
    pub(super) sortie: Option<ChildStdout>,
}

impl Programme {
    /// Starts it; `ecoute` is told each line it writes on its error output.
    pub(super) fn lance(
        nom: &'static str,
        commande: &mut Command,
        arret: &Arret,
        ecoute: impl FnMut(&str) + Send + 'static,
    ) -> Result<(Self, Tuyaux), BackupError> {
        let faute = |error: std::io::Error| BackupError::Programme { nom, message: error.to_string() };
        let mut enfant = commande.stderr(Stdio::piped()).spawn().map_err(faute)?;
        let tuyaux = Tuyaux { entree: enfant.stdin.take(), sortie: enfant.stdout.take() };
        let erreurs = enfant.stderr.take();
        let enfant = Arc::new(Mutex::new(enfant));
        let paroles = erreurs.map(|erreurs| thread::spawn(move || lit(erreurs, ecoute)));
        let programme = Self { nom, enfant, paroles };
        arret.suit(&programme.enfant)?;
        Ok((programme, tuyaux))
    }

    /// Waits for its end; what it wrote of errors is the error.
    pub(super) fn attend(mut self) -> Result<(), BackupError> {
        let nom = self.nom;
        let fin = loop {
            let fin = verrou(&self.enfant).try_wait();
            match fin {
                Ok(None) => thread::sleep(PAS),
                Ok(Some(fin)) => break fin,
                Err(error) => return Err(BackupError::Programme { nom, message: error.to_string() }),
            }
        };
        let paroles = self.paroles.take().and_then(|paroles| paroles.join().ok()).unwrap_or_default();
        if fin.success() {
            return Ok(());
        }
        let message = if paroles.is_empty() { fin.to_string() } else { paroles };
        Err(BackupError::Programme { nom, message })
    }
}

impl Drop for Programme {
    fn drop(&mut self) {
        let mut enfant = verrou(&self.enfant);
        // Already waited for, both say so.
        let _ = enfant.kill();
        let _ = enfant.wait();
    }
}

/// Reads to the end; gives the last lines that tell of an error, on one line.
fn lit(erreurs: ChildStderr, mut ecoute: impl FnMut(&str)) -> String {
    let mut lecteur = BufReader::new(erreurs);
    let mut gardees: VecDeque<String> = VecDeque::new();
    let mut octets = Vec::new();
    loop {
        octets.clear();
        match lecteur.by_ref().take(MAX_LIGNE).read_until(b'\n', &mut octets) {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        let ligne = String::from_utf8_lossy(&octets);
        let ligne = ligne.trim();
        ecoute(ligne);
        if ["error:", "detail:", "hint:"].iter().any(|mot| ligne.contains(mot)) {
            gardees.push_back(ligne.chars().take(400).collect());
            if gardees.len() > GARDEES {
                gardees.pop_front();
            }
        }
    }
    Vec::from(gardees).join(" / ")
}
