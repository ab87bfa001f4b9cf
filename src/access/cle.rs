//! A key of 32 bytes in a file of the data directory, which only the server's account reads: the database never has it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// What keeps a key from being used.
#[derive(Debug)]
pub(super) enum CleError {
    /// No such file.
    Absente,
    /// Something else than 32 bytes.
    Malformee,
    /// Others may read it.
    Partagee,
    /// The system refused.
    Systeme(io::Error),
}

/// Reads a key.
pub(super) fn lit(chemin: &Path) -> Result<[u8; 32], CleError> {
    let faute = |source: io::Error| match source.kind() {
        ErrorKind::NotFound => CleError::Absente,
        _ => CleError::Systeme(source),
    };
    let fichier = File::open(chemin).map_err(faute)?;
    if fichier.metadata().map_err(faute)?.permissions().mode() & 0o077 != 0 {
        return Err(CleError::Partagee);
    }
    let mut octets = Vec::new();
    fichier.take(64).read_to_end(&mut octets).map_err(faute)?;
    octets.try_into().map_err(|_| CleError::Malformee)
}

/// Makes the key `dossier/cle`, and the folder, unless another process just did.
pub(super) fn cree(dossier: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dossier)?;
    let mut octets = [0; 32];
    getrandom::fill(&mut octets)?;
    let provisoire = dossier.join(format!("cle.{}.tmp", std::process::id()));
    let fait = ecrit(&provisoire, &octets, true).and_then(|()| match fs::hard_link(&provisoire, dossier.join("cle")) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => File::open(dossier)?.sync_all(),
    });
    let _ = fs::remove_file(&provisoire);
    fait
}

/// Writes a file that only this account reads, down to the disk.
pub(super) fn ecrit(chemin: &Path, octets: &[u8], neuf: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).create_new(neuf).truncate(true).mode(0o600);
    let mut fichier = options.open(chemin)?;
    fichier.write_all(octets)?;
    fichier.sync_all()
}
