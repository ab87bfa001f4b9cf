//! Where a restoration is made: a folder apart in the data directory, whose content takes its place at the end.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use finage_cluster::Cluster;
use rustix::fs::{CWD, RenameFlags};

use crate::backup::ecriture::{dossier, synchronise};
use crate::backup::{BackupError, disque};

/// The folder apart.
const CHANTIER: &str = "restauration";
/// Locked while a restoration lasts.
const VERROU: &str = "verrou";
/// What will stand in the data directory.
const CONTENU: &str = "contenu";
/// Names about to be moved into place: those of an interrupted move are the restoration's, and no one else's.
const DEMENAGE: &str = "demenage";
/// The configuration file, which may be there before.
pub(super) const CONFIGURATION: &str = "finage.toml";
/// Longest that PostgreSQL of a killed restoration may take to end.
const FIN: Duration = Duration::from_mins(1);

/// A data directory without data, held while it is filled.
#[derive(Debug)]
pub(super) struct Place {
    data_dir: PathBuf,
    chantier: PathBuf,
    /// Whether the data directory was made here.
    neuf: bool,
    /// Who shall own what is put there, when root puts it.
    proprietaire: Option<(u32, u32)>,
    _verrou: File,
}

impl Place {
    /// Takes a data directory that holds no data; clears what a killed restoration left.
    pub(super) fn prend(data_dir: &Path) -> Result<Self, BackupError> {
        let neuf = !data_dir.exists();
        if neuf {
            cree(data_dir)?;
        }
        let data_dir = fs::canonicalize(data_dir).map_err(disque("lecture", data_dir))?;
        let chantier = data_dir.join(CHANTIER);
        let presents = autres(&data_dir)?;
        let restes = restes(&chantier)?;
        if let Some(present) = presents.iter().find(|nom| !restes.contains(nom)) {
            return Err(BackupError::Occupe(format!(
                "« {} » contient déjà des données ({present}) : une restauration se fait dans un dossier de données vide ; écartez-les, ou donnez un autre dossier avec --data-dir",
                data_dir.display()
            )));
        }
        if chantier.symlink_metadata().is_err() {
            cree(&chantier)?;
        }
        let verrou = prend_verrou(&chantier)?;
        let proprietaire = proprietaire(&data_dir)?;
        let place = Self { data_dir, chantier, neuf, proprietaire, _verrou: verrou };
        place.vide()?;
        cree(&place.contenu())?;
        place.donne(&place.chantier)?;
        place.donne(&place.contenu())?;
        Ok(place)
    }

    /// The data directory in the making.
    pub(super) fn contenu(&self) -> PathBuf {
        self.chantier.join(CONTENU)
    }

    /// Whether a configuration file was there before.
    pub(super) fn est_configuree(&self) -> bool {
        self.data_dir.join(CONFIGURATION).exists()
    }

    /// Removes what an interrupted restoration made, in the folder apart and out of it.
    fn vide(&self) -> Result<(), BackupError> {
        let contenu = self.contenu();
        let debut = Instant::now();
        // PostgreSQL of a killed restoration is told by the kernel to end.
        while Cluster::status(&contenu).is_ok_and(|etat| etat.postmaster_pid.is_some()) && debut.elapsed() < FIN {
            std::thread::sleep(Duration::from_millis(100));
        }
        for nom in restes(&self.chantier)? {
            retire(&self.data_dir.join(nom))?;
        }
        retire(&contenu)?;
        retire(&self.chantier.join(DEMENAGE))
    }

    /// Moves everything into place, the cluster last: with it the restoration is done.
    pub(super) fn emmenage(mut self) -> Result<(), BackupError> {
        let contenu = self.contenu();
        let mut noms = noms(&contenu)?;
        noms.sort_by_key(|nom| (nom == "cluster", nom.clone()));
        for nom in noms.iter().filter(|nom| *nom != "cluster") {
            self.donne_tout(&contenu.join(nom))?;
        }
        let demenage = self.chantier.join(DEMENAGE);
        fs::write(&demenage, noms.join("\n")).map_err(disque("écriture", &demenage))?;
        File::open(&demenage).and_then(|fichier| fichier.sync_all()).map_err(disque("écriture", &demenage))?;
        synchronise(&self.chantier)?;
        for nom in &noms {
            let (depuis, vers) = (contenu.join(nom), self.data_dir.join(nom));
            match rustix::fs::renameat_with(CWD, &depuis, CWD, &vers, RenameFlags::NOREPLACE) {
                Ok(()) => {}
                Err(rustix::io::Errno::EXIST) => {
                    return Err(BackupError::Occupe(format!(
                        "« {} » est apparu pendant la restauration : un serveur y a sans doute démarré ; arrêtez-le, videz le dossier et recommencez",
                        vers.display()
                    )));
                }
                Err(error) => return Err(disque("déplacement", &vers)(error.into())),
            }
        }
        synchronise(&self.data_dir)?;
        self.neuf = false;
        Ok(())
    }

    /// Gives a file or folder to the owner of the data directory.
    fn donne(&self, chemin: &Path) -> Result<(), BackupError> {
        let Some((uid, gid)) = self.proprietaire else { return Ok(()) };
        std::os::unix::fs::lchown(chemin, Some(uid), Some(gid)).map_err(disque("don", chemin))
    }

    fn donne_tout(&self, chemin: &Path) -> Result<(), BackupError> {
        if chemin.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
            for nom in noms(chemin)? {
                self.donne_tout(&chemin.join(nom))?;
            }
        }
        self.donne(chemin)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Whatever happened, nothing of the folder apart is of use; what stays is cleared by the next restoration.
        let _ = fs::remove_dir_all(&self.chantier);
        if self.neuf {
            let _ = fs::remove_dir(&self.data_dir);
        }
    }
}

/// Makes a folder, traversable by the cluster's user when root makes it.
fn cree(chemin: &Path) -> Result<(), BackupError> {
    let mode = if rustix::process::geteuid().is_root() { 0o711 } else { 0o700 };
    DirBuilder::new().recursive(true).mode(mode).create(chemin).map_err(disque("création", chemin))?;
    fs::set_permissions(chemin, fs::Permissions::from_mode(mode)).map_err(disque("création", chemin))?;
    synchronise(dossier(chemin))
}

fn prend_verrou(chantier: &Path) -> Result<File, BackupError> {
    let chemin = chantier.join(VERROU);
    let verrou = File::options().create(true).append(true).open(&chemin).map_err(disque("écriture", &chemin))?;
    match verrou.try_lock() {
        Ok(()) => Ok(verrou),
        Err(TryLockError::WouldBlock) => Err(BackupError::Occupe(format!(
            "une restauration est déjà en cours dans « {} » ; attendez sa fin",
            chantier.display()
        ))),
        Err(TryLockError::Error(error)) => Err(disque("verrouillage", &chemin)(error)),
    }
}

/// Names in the data directory that are data.
fn autres(data_dir: &Path) -> Result<Vec<String>, BackupError> {
    let mut noms = noms(data_dir)?;
    noms.retain(|nom| !matches!(nom.as_str(), CHANTIER | CONFIGURATION | "lost+found"));
    noms.sort();
    Ok(noms)
}

/// Names that an interrupted move had put into place; none once the cluster is there.
fn restes(chantier: &Path) -> Result<Vec<String>, BackupError> {
    let demenage = chantier.join(DEMENAGE);
    let texte = match fs::read_to_string(&demenage) {
        Ok(texte) => texte,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(disque("lecture", &demenage)(error)),
    };
    let sain = |nom: &&str| !nom.is_empty() && !nom.contains('/') && *nom != ".." && *nom != "." && *nom != "cluster";
    Ok(texte.lines().filter(sain).map(str::to_owned).collect())
}

fn noms(dossier: &Path) -> Result<Vec<String>, BackupError> {
    let entrees = fs::read_dir(dossier).map_err(disque("lecture", dossier))?;
    Ok(entrees.flatten().map(|entree| entree.file_name().to_string_lossy().into_owned()).collect())
}

/// Removes a file or folder, if it is there.
fn retire(chemin: &Path) -> Result<(), BackupError> {
    let retire = match chemin.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => Err(error),
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(chemin),
        Ok(_) => fs::remove_file(chemin),
    };
    retire.map_err(disque("suppression", chemin))
}

/// Owner of the data directory, when root restores for another.
fn proprietaire(data_dir: &Path) -> Result<Option<(u32, u32)>, BackupError> {
    let metadata = fs::metadata(data_dir).map_err(disque("lecture", data_dir))?;
    let autre = rustix::process::geteuid().is_root() && metadata.uid() != 0;
    Ok(autre.then(|| (metadata.uid(), metadata.gid())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_data_is_refused_and_left_as_it_is() {
        let dossier = tempfile::tempdir().unwrap();
        fs::create_dir(dossier.path().join("journal")).unwrap();
        let refus = Place::prend(dossier.path()).unwrap_err().to_string();
        assert!(refus.contains("journal"), "{refus}");
        assert_eq!(noms(dossier.path()).unwrap(), ["journal"]);
    }

    #[test]
    fn what_is_made_apart_takes_its_place() {
        let dossier = tempfile::tempdir().unwrap();
        let data_dir = dossier.path().join("a/b");
        let place = Place::prend(&data_dir).unwrap();
        assert!(Place::prend(&data_dir).unwrap_err().to_string().contains("en cours"));
        fs::create_dir(place.contenu().join("journal")).unwrap();
        fs::write(place.contenu().join("journal/cle"), "x").unwrap();
        place.emmenage().unwrap();
        assert_eq!(noms(&data_dir).unwrap(), ["journal"]);
        assert_eq!(fs::read_to_string(data_dir.join("journal/cle")).unwrap(), "x");
    }

    #[test]
    fn an_abandoned_one_leaves_nothing() {
        let dossier = tempfile::tempdir().unwrap();
        let data_dir = dossier.path().join("a");
        drop(Place::prend(&data_dir).unwrap());
        assert!(!data_dir.exists());
    }

    #[test]
    fn a_move_that_was_killed_is_begun_again() {
        let dossier = tempfile::tempdir().unwrap();
        let data_dir = dossier.path();
        fs::create_dir_all(data_dir.join("restauration/contenu/cluster")).unwrap();
        fs::write(data_dir.join("restauration/demenage"), "fichiers\njournal\ncluster").unwrap();
        fs::create_dir(data_dir.join("journal")).unwrap();
        let place = Place::prend(data_dir).unwrap();
        assert!(!data_dir.join("journal").exists());
        assert!(noms(&place.contenu()).unwrap().is_empty());
    }

    #[test]
    fn a_restoration_that_was_done_is_not_undone() {
        let dossier = tempfile::tempdir().unwrap();
        let data_dir = dossier.path();
        fs::create_dir_all(data_dir.join("restauration/contenu")).unwrap();
        fs::write(data_dir.join("restauration/demenage"), "journal\ncluster").unwrap();
        fs::create_dir(data_dir.join("cluster")).unwrap();
        fs::create_dir(data_dir.join("journal")).unwrap();
        let refus = Place::prend(data_dir).unwrap_err().to_string();
        assert!(refus.contains("cluster"), "{refus}");
        assert!(data_dir.join("journal").exists());
    }
}
