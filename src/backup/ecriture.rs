//! Writes an archive front to back: aside, down to the disk, then under its name.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use age::stream::StreamWriter;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::chiffrement::Serrure;
use super::manifeste::{Manifeste, Membre};
use super::nom::Nom;
use super::{Arret, BackupError, disque, hex};

/// An archive being written; dropped, it leaves nothing.
pub(super) struct Ecrivain {
    tar: tar::Builder<Sortie>,
    provisoire: NamedTempFile,
    destination: PathBuf,
    membres: Vec<Membre>,
    arret: Arret,
    /// Seconds since 1970, for every member.
    date: u64,
}

/// Where bytes go.
enum Sortie {
    Claire(BufWriter<File>),
    Chiffree(Box<StreamWriter<BufWriter<File>>>),
}

impl Sortie {
    fn acheve(self) -> io::Result<File> {
        let tampon = match self {
            Self::Claire(tampon) => tampon,
            Self::Chiffree(chiffre) => chiffre.finish()?,
        };
        Ok(tampon.into_inner()?)
    }
}

impl Write for Sortie {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Self::Claire(sortie) => sortie.write(octets),
            Self::Chiffree(sortie) => sortie.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Claire(sortie) => sortie.flush(),
            Self::Chiffree(sortie) => sortie.flush(),
        }
    }
}

impl Ecrivain {
    /// A file that only this account reads, beside `destination`, which does not exist yet.
    pub(super) fn cree(
        destination: &Path,
        serrure: Option<&Serrure>,
        date: u64,
        arret: &Arret,
    ) -> Result<Self, BackupError> {
        if destination.symlink_metadata().is_ok() {
            return Err(BackupError::Existe(destination.to_owned()));
        }
        let provisoire = tempfile::Builder::new()
            .prefix(".finage-sauvegarde-")
            .tempfile_in(dossier(destination))
            .map_err(disque("écriture", destination))?;
        let tampon = BufWriter::new(provisoire.as_file().try_clone().map_err(disque("écriture", destination))?);
        let sortie = match serrure {
            None => Sortie::Claire(tampon),
            Some(serrure) => {
                Sortie::Chiffree(Box::new(serrure.ferme(tampon).map_err(disque("écriture", destination))?))
            }
        };
        Ok(Self {
            tar: tar::Builder::new(sortie),
            provisoire,
            destination: destination.to_owned(),
            membres: Vec::new(),
            arret: arret.clone(),
            date,
        })
    }

    /// Adds a member of `octets` bytes; gives its SHA-256.
    pub(super) fn membre(&mut self, nom: &Nom, octets: u64, contenu: impl Read) -> Result<String, BackupError> {
        let mut lu = Empreinte { contenu: contenu.take(octets), sha: Sha256::new(), octets: 0, arret: &self.arret };
        let mut entete = tar::Header::new_ustar();
        entete.set_size(octets);
        entete.set_mode(0o600);
        entete.set_mtime(self.date);
        entete.set_entry_type(tar::EntryType::Regular);
        let ecrit = self.tar.append_data(&mut entete, nom.to_string(), &mut lu);
        let (lus, sha256) = (lu.octets, hex(&lu.sha.finalize()));
        self.arret.verifie()?;
        ecrit.map_err(disque("écriture", &self.destination))?;
        if lus != octets {
            let source = io::Error::from(io::ErrorKind::UnexpectedEof);
            return Err(BackupError::Disque { chemin: PathBuf::from(nom.to_string()), quoi: "lecture", source });
        }
        self.membres.push(Membre { nom: nom.to_string(), octets, sha256: sha256.clone() });
        Ok(sha256)
    }

    /// Adds a member that is all there.
    pub(super) fn octets(&mut self, nom: &Nom, octets: &[u8]) -> Result<String, BackupError> {
        self.membre(nom, octets.len() as u64, octets)
    }

    /// Adds the digests, brings all down to the disk and gives the archive its name; gives its size.
    pub(super) fn acheve(mut self) -> Result<u64, BackupError> {
        let manifeste = Manifeste { membres: std::mem::take(&mut self.membres) };
        let json =
            serde_json::to_vec(&manifeste).map_err(io::Error::from).map_err(disque("écriture", &self.destination))?;
        self.octets(&Nom::Manifeste, &json)?;
        let Self { tar, provisoire, destination, arret, .. } = self;
        let fichier = tar.into_inner().and_then(Sortie::acheve).map_err(disque("écriture", &destination))?;
        fichier.sync_all().map_err(disque("écriture", &destination))?;
        let taille = fichier.metadata().map_err(disque("lecture", &destination))?.len();
        arret.verifie()?;
        provisoire.persist_noclobber(&destination).map_err(|refus| match refus.error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Existe(destination.clone()),
            _ => disque("écriture", &destination)(refus.error),
        })?;
        synchronise(dossier(&destination))?;
        Ok(taille)
    }
}

/// The folder of a file.
pub(super) fn dossier(fichier: &Path) -> &Path {
    match fichier.parent() {
        Some(dossier) if !dossier.as_os_str().is_empty() => dossier,
        _ => Path::new("."),
    }
}

/// Brings the names of a folder down to the disk.
pub(super) fn synchronise(dossier: &Path) -> Result<(), BackupError> {
    File::open(dossier).and_then(|ouvert| ouvert.sync_all()).map_err(disque("écriture", dossier))
}

/// Counts and digests what is read, until told to stop.
struct Empreinte<'a, R> {
    contenu: R,
    sha: Sha256,
    octets: u64,
    arret: &'a Arret,
}

impl<R: Read> Read for Empreinte<'_, R> {
    fn read(&mut self, place: &mut [u8]) -> io::Result<usize> {
        self.arret.verifie().map_err(io::Error::other)?;
        let lus = self.contenu.read(place)?;
        self.sha.update(&place[..lus]);
        self.octets += lus as u64;
        Ok(lus)
    }
}
