//! What stands outside the database: files of the data directory, the configuration, attachments.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::lecture::MAX_DONNEE;
use super::nom::{est_provisoire, est_reserve, est_une_donnee, est_une_empreinte};
use super::{BackupError, disque};

/// Files kept outside the database, at most; beyond, a folder is not what it should be.
const MAX_DONNEES: usize = 10_000;

/// A small file of the data directory: its path from there, its content.
pub(super) type Donnee = (String, Vec<u8>);

/// Reads the journal's key and heads, and whatever else a server keeps in small files; `laisses` names what is not taken.
pub(super) fn donnees(data_dir: &Path, laisses: &mut Vec<String>) -> Result<Vec<Donnee>, BackupError> {
    let mut trouvees = Vec::new();
    let mut dossiers = vec![String::new()];
    while let Some(dossier) = dossiers.pop() {
        let chemin = data_dir.join(&dossier);
        let entrees = match fs::read_dir(&chemin) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            entrees => entrees.map_err(disque("lecture", &chemin))?,
        };
        for entree in entrees {
            let entree = entree.map_err(disque("lecture", &chemin))?;
            let nom = entree.file_name().to_string_lossy().into_owned();
            if dossier.is_empty() && est_reserve(&nom) {
                continue;
            }
            let relatif = if dossier.is_empty() { nom } else { format!("{dossier}/{nom}") };
            let genre = entree.file_type().map_err(disque("lecture", &entree.path()))?;
            if genre.is_dir() && est_une_donnee(&relatif) {
                dossiers.push(relatif);
            } else if genre.is_file() && est_une_donnee(&relatif) {
                match contenu(&entree.path())? {
                    Some(octets) => trouvees.push((relatif, octets)),
                    None => laisses.push(relatif),
                }
            } else if !est_provisoire(&relatif) {
                laisses.push(relatif);
            }
            if trouvees.len() + dossiers.len() + laisses.len() > MAX_DONNEES {
                let source = std::io::Error::other(format!("plus de {MAX_DONNEES} fichiers"));
                return Err(BackupError::Disque { chemin, quoi: "lecture", source });
            }
        }
    }
    trouvees.sort();
    Ok(trouvees)
}

/// A whole file; none when it is too large or has gone meanwhile.
fn contenu(chemin: &Path) -> Result<Option<Vec<u8>>, BackupError> {
    let Some((fichier, taille)) = ouvre(chemin)? else { return Ok(None) };
    if taille > MAX_DONNEE {
        return Ok(None);
    }
    let mut octets = Vec::new();
    fichier.take(MAX_DONNEE + 1).read_to_end(&mut octets).map_err(disque("lecture", chemin))?;
    Ok((octets.len() as u64 <= MAX_DONNEE).then_some(octets))
}

/// A regular file, links not followed, and its size; none when it is not there.
pub(super) fn ouvre(chemin: &Path) -> Result<Option<(File, u64)>, BackupError> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    match File::options().read(true).custom_flags(flags).open(chemin) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        fichier => {
            let fichier = fichier.map_err(disque("lecture", chemin))?;
            let metadata = fichier.metadata().map_err(disque("lecture", chemin))?;
            Ok(metadata.is_file().then_some((fichier, metadata.len())))
        }
    }
}

/// Where the attachment of this digest lies.
pub(super) fn place(data_dir: &Path, empreinte: &str) -> PathBuf {
    data_dir.join("fichiers").join(empreinte.get(..2).unwrap_or_default()).join(empreinte)
}

/// Digests of the attachments that are there, in order.
pub(super) fn fichiers(data_dir: &Path) -> Result<Vec<String>, BackupError> {
    let racine = data_dir.join("fichiers");
    let mut trouves = Vec::new();
    for dossier in noms(&racine)? {
        if dossier.len() != 2 {
            continue;
        }
        let noms = noms(&racine.join(&dossier))?;
        trouves.extend(noms.into_iter().filter(|nom| est_une_empreinte(nom) && nom.starts_with(&dossier)));
    }
    trouves.sort();
    Ok(trouves)
}

/// Names in a folder; none when it is not there, or is none.
fn noms(dossier: &Path) -> Result<Vec<String>, BackupError> {
    match fs::read_dir(dossier) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Vec::new()),
        entrees => {
            let noms = entrees.map_err(disque("lecture", dossier))?;
            Ok(noms.flatten().filter_map(|entree| entree.file_name().into_string().ok()).collect())
        }
    }
}
