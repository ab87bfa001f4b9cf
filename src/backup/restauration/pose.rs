//! Second reading of an archive: files go to the folder apart, the dump to `pg_restore`.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::ChildStdin;

use super::controle::passe;
use super::place::CONFIGURATION;
use crate::backup::dehors;
use crate::backup::ecriture::{dossier, synchronise};
use crate::backup::lecture::Destination;
use crate::backup::nom::Nom;
use crate::backup::programme::Programme;
use crate::backup::{BackupError, disque};

/// Puts each member where it belongs.
pub(super) struct Pose {
    contenu: PathBuf,
    restaure: Option<(Programme, ChildStdin)>,
    /// Attachments put, their bytes.
    pub(super) fichiers: (u64, u64),
    /// Whether there was a configuration file.
    pub(super) configuration: bool,
}

impl Pose {
    /// Files go under `contenu`; the dump to this `pg_restore`.
    pub(super) fn new(contenu: PathBuf, programme: Programme, entree: ChildStdin) -> Self {
        Self { contenu, restaure: Some((programme, entree)), fichiers: (0, 0), configuration: false }
    }

    /// Waits until the database is restored.
    pub(super) fn acheve_base(&mut self) -> Result<(), BackupError> {
        let Some((programme, entree)) = self.restaure.take() else { return Ok(()) };
        drop(entree);
        programme.attend()
    }
}

impl Destination for Pose {
    fn membre(&mut self, nom: &Nom, octets: u64, contenu: &mut dyn Read) -> Result<(), BackupError> {
        if !matches!(nom, Nom::Morceau(_)) && matches!(nom, Nom::Fichier(_) | Nom::Manifeste) {
            self.acheve_base()?;
        }
        match nom {
            Nom::Donnee(chemin) => pose(&self.contenu.join(chemin), contenu),
            Nom::Configuration => {
                self.configuration = true;
                pose(&self.contenu.join(CONFIGURATION), contenu)
            }
            Nom::Fichier(empreinte) => {
                self.fichiers.0 += 1;
                self.fichiers.1 += octets;
                pose(&dehors::place(&self.contenu, empreinte), contenu)
            }
            Nom::Morceau(_) => {
                let Some((_, entree)) = &mut self.restaure else { return Ok(()) };
                match copie(contenu, entree) {
                    Err(Cote::Entree(error)) => Err(passe(error)),
                    // It has left: why, it says itself.
                    Err(Cote::Sortie(_)) => {
                        self.acheve_base()?;
                        Err(BackupError::Programme { nom: "pg_restore", message: "arrêt avant la fin".to_owned() })
                    }
                    Ok(()) => Ok(()),
                }
            }
            Nom::Entete | Nom::Base | Nom::Manifeste => Ok(()),
        }
    }
}

/// Writes a new file that only this account reads, down to the disk, its folders made.
fn pose(chemin: &Path, contenu: &mut dyn Read) -> Result<(), BackupError> {
    let parent = dossier(chemin);
    DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(disque("création", parent))?;
    let mut options = OpenOptions::new();
    let ouvert: io::Result<File> = options.write(true).create_new(true).mode(0o600).open(chemin);
    let mut fichier = ouvert.map_err(disque("écriture", chemin))?;
    match copie(contenu, &mut fichier) {
        Err(Cote::Entree(error)) => return Err(passe(error)),
        Err(Cote::Sortie(error)) => return Err(disque("écriture", chemin)(error)),
        Ok(()) => {}
    }
    fichier.sync_all().map_err(disque("écriture", chemin))
}

/// Brings the names of folders under `contenu` down to the disk, those of the cluster apart.
pub(super) fn scelle_dossiers(contenu: &Path) -> Result<(), BackupError> {
    for entree in fs::read_dir(contenu).map_err(disque("lecture", contenu))?.flatten() {
        if entree.file_type().is_ok_and(|genre| genre.is_dir()) && entree.file_name() != "cluster" {
            scelle_dossiers(&entree.path())?;
        }
    }
    synchronise(contenu)
}

/// Which side of a copy failed.
enum Cote {
    Entree(io::Error),
    Sortie(io::Error),
}

fn copie(entree: &mut dyn Read, sortie: &mut dyn Write) -> Result<(), Cote> {
    let mut octets = vec![0; 256 << 10];
    loop {
        match entree.read(&mut octets) {
            Ok(0) => return Ok(()),
            Ok(lus) => sortie.write_all(&octets[..lus]).map_err(Cote::Sortie)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Cote::Entree(error)),
        }
    }
}
