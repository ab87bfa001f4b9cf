//! The folder `fichiers` of the data directory: `ab/abcdef…`, one file a content.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::{Empreinte, FichierError, MAX_OCTETS};

/// Where contents lie.
#[derive(Debug, Clone)]
pub struct Depot {
    dossier: PathBuf,
}

impl Depot {
    /// The store of this data directory; nothing is made until something is laid down.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { dossier: data_dir.join("fichiers") }
    }

    /// Lays a content down, whole and down to the disk, or not at all.
    ///
    /// Blocking: call it on a thread of its own.
    ///
    /// # Errors
    /// The disk is full or refuses; nothing half-written stays.
    pub fn pose(&self, octets: &[u8]) -> Result<Empreinte, FichierError> {
        if octets.len() > MAX_OCTETS {
            return Err(FichierError::TropLong);
        }
        let empreinte = Empreinte::de(octets);
        let chemin = self.chemin(&empreinte);
        // The same content, and not what a hand made of it.
        if fs::read(&chemin).is_ok_and(|la| Empreinte::de(&la) == empreinte) {
            return Ok(empreinte);
        }
        let dossier = chemin.parent().unwrap_or(&self.dossier);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dossier)?;
        // Dropped before it has its name, a temporary file is removed.
        let mut temporaire = tempfile::Builder::new().prefix(".depot-").tempfile_in(dossier)?;
        temporaire.write_all(octets)?;
        temporaire.as_file().sync_all()?;
        temporaire.persist(&chemin).map_err(|error| error.error)?;
        for parent in [dossier, &self.dossier] {
            File::open(parent)?.sync_all()?;
        }
        Ok(empreinte)
    }

    /// The content of this digest.
    ///
    /// Blocking: call it on a thread of its own.
    ///
    /// # Errors
    /// It is not there, or is no longer what it was.
    pub fn lit(&self, empreinte: &Empreinte) -> Result<Vec<u8>, FichierError> {
        let altere = || FichierError::Altere(empreinte.texte());
        let octets = match fs::read(self.chemin(empreinte)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(altere()),
            lus => lus?,
        };
        if Empreinte::de(&octets) == *empreinte { Ok(octets) } else { Err(altere()) }
    }

    fn chemin(&self, empreinte: &Empreinte) -> PathBuf {
        let nom = empreinte.texte();
        self.dossier.join(&nom[..2]).join(nom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_lies_once_under_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        let depot = Depot::new(folder.path());
        let empreinte = depot.pose(b"abc").unwrap();
        assert_eq!(empreinte.texte(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(depot.pose(b"abc").unwrap(), empreinte);
        assert_eq!(depot.lit(&empreinte).unwrap(), b"abc");
        let names: Vec<_> =
            fs::read_dir(folder.path().join("fichiers/ba")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, [empreinte.texte().as_str()]);
    }

    #[test]
    fn what_was_changed_on_the_disk_is_not_given() {
        let folder = tempfile::tempdir().unwrap();
        let depot = Depot::new(folder.path());
        let empreinte = depot.pose(b"abc").unwrap();
        let path = folder.path().join("fichiers/ba").join(empreinte.texte());
        fs::write(&path, b"abd").unwrap();
        assert!(matches!(depot.lit(&empreinte), Err(FichierError::Altere(_))));
        // Given again, it is mended.
        depot.pose(b"abc").unwrap();
        assert_eq!(depot.lit(&empreinte).unwrap(), b"abc");
        fs::remove_file(&path).unwrap();
        assert!(matches!(depot.lit(&empreinte), Err(FichierError::Altere(_))));
    }

    #[test]
    fn a_disk_that_refuses_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("fichiers"), b"not a folder").unwrap();
        assert!(Depot::new(folder.path()).pose(b"abc").is_err());
        assert_eq!(fs::read(folder.path().join("fichiers")).unwrap(), b"not a folder");
        let full = FichierError::from(std::io::Error::from(ErrorKind::StorageFull));
        assert!(matches!(full, FichierError::Plein));
    }
}
