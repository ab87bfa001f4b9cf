//! Files waiting to be imported: a folder of the data directory, by the digest of their content, for some days.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::fichiers::Empreinte;

/// Days for which a file waits.
pub const JOURS: u64 = 7;

/// Where files wait.
#[derive(Debug, Clone)]
pub struct Depot {
    dossier: PathBuf,
}

impl Depot {
    /// The waiting room of this data directory.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { dossier: data_dir.join("imports") }
    }

    /// Lays a file down, and takes away those that waited long enough; gives its digest.
    ///
    /// Blocking: call it on a thread of its own.
    ///
    /// # Errors
    /// The disk refuses; nothing half-written stays.
    pub fn pose(&self, octets: &[u8]) -> io::Result<String> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.dossier)?;
        self.balaie();
        let empreinte = Empreinte::de(octets).texte();
        // Dropped before it has its name, a temporary file is removed; one of the same name is as good, and waits anew.
        let mut temporaire = tempfile::Builder::new().prefix(".depot-").tempfile_in(&self.dossier)?;
        temporaire.write_all(octets)?;
        temporaire.as_file().sync_all()?;
        temporaire.persist(self.dossier.join(&empreinte)).map_err(|error| error.error)?;
        File::open(&self.dossier)?.sync_all()?;
        Ok(empreinte)
    }

    /// The place of a file that is still there; the digest is one that [`Self::pose`] gave.
    #[must_use]
    pub fn chemin(&self, empreinte: &str) -> Option<PathBuf> {
        let propre = empreinte.len() == 64 && empreinte.bytes().all(|octet| octet.is_ascii_hexdigit());
        let chemin = self.dossier.join(empreinte);
        (propre && chemin.is_file()).then_some(chemin)
    }

    /// What cannot be removed now will be next time.
    fn balaie(&self) {
        let limite = SystemTime::now() - Duration::from_secs(JOURS * 24 * 3600);
        for entree in fs::read_dir(&self.dossier).into_iter().flatten().flatten() {
            let vieux = entree.metadata().and_then(|dit| dit.modified()).is_ok_and(|quand| quand < limite);
            if vieux {
                let _ = fs::remove_file(entree.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_waits_and_goes() {
        let folder = tempfile::tempdir().unwrap();
        let depot = Depot::new(folder.path());
        let empreinte = depot.pose(b"abc").unwrap();
        let chemin = depot.chemin(&empreinte).unwrap();
        assert_eq!(fs::read(&chemin).unwrap(), b"abc");
        assert!(depot.chemin("../../etc/passwd").is_none());
        let vieux = SystemTime::now() - Duration::from_secs((JOURS + 1) * 24 * 3600);
        File::options().write(true).open(&chemin).unwrap().set_modified(vieux).unwrap();
        depot.pose(b"autre").unwrap();
        assert!(depot.chemin(&empreinte).is_none());
    }
}
