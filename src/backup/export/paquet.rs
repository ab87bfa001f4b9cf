//! The folder of an export, made aside; a ZIP of it when that is what was asked.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::backup::ecriture::{dossier, synchronise};
use crate::backup::{Arret, BackupError, disque};

/// Beyond this a ZIP needs its larger form.
const GRAND: u64 = u32::MAX as u64 / 2;

/// A folder in the making; dropped, it leaves nothing.
#[derive(Debug)]
pub(super) struct Paquet {
    provisoire: TempDir,
    destination: PathBuf,
}

impl Paquet {
    /// A folder beside `destination`, which does not exist yet.
    pub(super) fn prepare(destination: &Path) -> Result<Self, BackupError> {
        if destination.symlink_metadata().is_ok() {
            return Err(BackupError::Existe(destination.to_owned()));
        }
        let provisoire = tempfile::Builder::new()
            .prefix(".finage-export-")
            .tempdir_in(dossier(destination))
            .map_err(disque("écriture", destination))?;
        Ok(Self { provisoire, destination: destination.to_owned() })
    }

    /// Where a file of the export goes, its folders made.
    pub(super) fn place(&self, nom: &str) -> Result<PathBuf, BackupError> {
        let chemin = self.provisoire.path().join(nom);
        let parent = dossier(&chemin);
        DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(disque("création", parent))?;
        Ok(chemin)
    }

    /// Writes a file.
    pub(super) fn ecrit(&self, nom: &str, octets: &[u8]) -> Result<(), BackupError> {
        self.copie(nom, &mut &*octets).map(drop)
    }

    /// Copies a file, unless it is there; says whether it did.
    pub(super) fn copie(&self, nom: &str, contenu: &mut dyn Read) -> Result<bool, BackupError> {
        let chemin = self.place(nom)?;
        let mut fichier = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&chemin) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            fichier => fichier.map_err(disque("écriture", &chemin))?,
        };
        io::copy(contenu, &mut fichier).map_err(disque("écriture", &chemin))?;
        Ok(true)
    }

    /// Gives the export its name.
    pub(super) fn acheve(self, arret: &Arret) -> Result<(), BackupError> {
        if self.destination.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
            return self.zippe(arret);
        }
        arret.verifie()?;
        let Self { provisoire, destination } = self;
        match rustix::fs::renameat_with(CWD, provisoire.path(), CWD, &destination, RenameFlags::NOREPLACE) {
            Ok(()) => {}
            Err(rustix::io::Errno::EXIST) => return Err(BackupError::Existe(destination)),
            Err(error) => return Err(disque("écriture", &destination)(error.into())),
        }
        // Moved: there is nothing of this name to remove any more.
        let _ = provisoire.keep();
        synchronise(dossier(&destination))
    }

    fn zippe(self, arret: &Arret) -> Result<(), BackupError> {
        let faute = |source: io::Error| disque("écriture", &self.destination)(source);
        let provisoire = tempfile::Builder::new()
            .prefix(".finage-export-")
            .tempfile_in(dossier(&self.destination))
            .map_err(faute)?;
        let mut zip = ZipWriter::new(io::BufWriter::new(provisoire.as_file().try_clone().map_err(faute)?));
        let mut noms = Vec::new();
        liste(self.provisoire.path(), "", &mut noms)?;
        noms.sort();
        for nom in noms {
            arret.verifie()?;
            let chemin = self.provisoire.path().join(&nom);
            let mut fichier = File::open(&chemin).map_err(disque("lecture", &chemin))?;
            let taille = fichier.metadata().map_err(disque("lecture", &chemin))?.len();
            let options = SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Deflated)
                .unix_permissions(0o600)
                .large_file(taille > GRAND);
            zip.start_file(nom, options).map_err(io::Error::other).map_err(faute)?;
            io::copy(&mut fichier, &mut zip).map_err(faute)?;
        }
        let mut tampon = zip.finish().map_err(io::Error::other).map_err(faute)?;
        tampon.flush().map_err(faute)?;
        provisoire.as_file().sync_all().map_err(faute)?;
        provisoire.persist_noclobber(&self.destination).map_err(|refus| match refus.error.kind() {
            ErrorKind::AlreadyExists => BackupError::Existe(self.destination.clone()),
            _ => faute(refus.error),
        })?;
        synchronise(dossier(&self.destination))
    }
}

/// Files under a folder, by their path from there.
fn liste(dossier: &Path, debut: &str, noms: &mut Vec<String>) -> Result<(), BackupError> {
    for entree in fs::read_dir(dossier).map_err(disque("lecture", dossier))?.flatten() {
        let nom = format!("{debut}{}", entree.file_name().to_string_lossy());
        if entree.file_type().is_ok_and(|genre| genre.is_dir()) {
            liste(&entree.path(), &format!("{nom}/"), noms)?;
        } else {
            noms.push(nom);
        }
    }
    Ok(())
}
