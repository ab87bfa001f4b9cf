//! A dump in the custom format becomes plain text by `pg_restore`, which executes nothing then: no server is asked.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use finage_cluster::Packages;
use tempfile::NamedTempFile;

use super::OpenCimetiereError;

/// First bytes of the custom format of `pg_dump`.
const ENTETE: &[u8] = b"PGDMP";
/// Bytes of text at most: what a hostile archive would unfold to ends there.
const MAX_OCTETS: u64 = 4 << 30;
/// Time given.
const DELAI: Duration = Duration::from_mins(15);
/// Bytes of its errors that are told.
const MAX_PAROLES: usize = 1_000;
/// How often it is looked whether to stop.
const PAS: Duration = Duration::from_millis(200);

/// The plain text of an archive, in a file that is removed with it; nothing where the file is none.
pub(super) fn en_texte(chemin: &Path, arrete: &dyn Fn() -> bool) -> Result<Option<NamedTempFile>, OpenCimetiereError> {
    let mut tete = Vec::new();
    File::open(chemin)?.take(ENTETE.len() as u64).read_to_end(&mut tete)?;
    if tete != ENTETE {
        return Ok(None);
    }
    let mut sortie = NamedTempFile::new()?;
    let mut enfant = Enfant(lance(chemin)?);
    let Some(flux) = enfant.0.stdout.take() else { return Err(OpenCimetiereError::Archive(String::new())) };
    let (lus, lecteur) = lit(flux);
    let erreurs = enfant.0.stderr.take().map(|erreurs| thread::spawn(move || paroles(erreurs)));
    let (debut, mut octets) = (Instant::now(), 0_u64);
    loop {
        if arrete() {
            return Err(OpenCimetiereError::Interrompue);
        }
        if debut.elapsed() > DELAI || octets > MAX_OCTETS {
            return Err(OpenCimetiereError::ArchiveSansFin { gio: MAX_OCTETS >> 30, minutes: DELAI.as_secs() / 60 });
        }
        match lus.recv_timeout(PAS) {
            Ok(morceau) => {
                octets += morceau.len() as u64;
                sortie.write_all(&morceau)?;
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    let _ = lecteur.join();
    sortie.flush()?;
    if enfant.0.wait()?.success() {
        return Ok(Some(sortie));
    }
    Err(OpenCimetiereError::Archive(erreurs.and_then(|erreurs| erreurs.join().ok()).unwrap_or_default()))
}

fn lance(chemin: &Path) -> Result<Child, OpenCimetiereError> {
    let paquets = Packages::default();
    let programme = paquets.installed().into_iter().rev().find_map(|un| paquets.client(un.major, "pg_restore").ok());
    let programme = programme.ok_or(OpenCimetiereError::SansPgRestore)?;
    Ok(Command::new(programme)
        .args(["--no-owner", "--no-privileges", "--file=-"])
        .arg("--")
        .arg(chemin)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?)
}

/// Reads what it writes, on a thread: a program that says nothing must not hold who waits.
fn lit(mut flux: ChildStdout) -> (mpsc::Receiver<Vec<u8>>, thread::JoinHandle<()>) {
    let (envoi, lus) = mpsc::sync_channel(16);
    let lecteur = thread::spawn(move || {
        let mut tampon = vec![0; 1 << 18];
        while let Ok(nombre @ 1..) = flux.read(&mut tampon) {
            let morceau = tampon.get(..nombre).unwrap_or_default().to_vec();
            if envoi.send(morceau).is_err() {
                break;
            }
        }
    });
    (lus, lecteur)
}

/// What it says of its errors, on one line; read to the end, so that it never waits to be heard.
fn paroles(mut erreurs: ChildStderr) -> String {
    let (mut gardes, mut tampon) = (Vec::new(), [0; 4096]);
    while let Ok(nombre @ 1..) = erreurs.read(&mut tampon) {
        if gardes.len() < MAX_PAROLES {
            gardes.extend_from_slice(tampon.get(..nombre).unwrap_or_default());
        }
    }
    gardes.truncate(MAX_PAROLES);
    String::from_utf8_lossy(&gardes).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A program that ends with who started it.
struct Enfant(Child);

impl Drop for Enfant {
    fn drop(&mut self) {
        // Already waited for, both say so.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
