//! Stored files of openCimetière: a folder of names, or the store of its framework, two levels of it by the first digits of an
//! identifier. Nothing out of that folder is read.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::fichiers::{Genre, MAX_OCTETS, nettoye};

/// Bytes of the file that describes a stored one.
const MAX_DESCRIPTION: u64 = 64 << 10;

/// A folder of stored files.
#[derive(Debug)]
pub(super) struct Magasin {
    racine: PathBuf,
}

/// A stored file, read.
#[derive(Debug)]
pub(super) struct Lu {
    pub(super) nom: String,
    pub(super) genre: Genre,
    pub(super) octets: Vec<u8>,
}

impl Magasin {
    /// That folder.
    pub(super) fn ouvre(racine: &Path) -> std::io::Result<Self> {
        Ok(Self { racine: racine.canonicalize()? })
    }

    /// Reads a file by the name that a row gives.
    ///
    /// # Errors
    /// Why it is not taken over, in a sentence without its full stop.
    pub(super) fn lit(&self, nom: &str) -> Result<Lu, String> {
        if nom.is_empty() || nom.len() > 255 || nom.contains(['/', '\\', '\0']) || nom.starts_with('.') {
            return Err(format!("« {} » n'est pas un nom de fichier", nettoye(nom)));
        }
        let chemin =
            self.trouve(nom).ok_or_else(|| format!("le fichier « {} » n'est pas dans le dossier", nettoye(nom)))?;
        let mut octets = Vec::new();
        let fichier = File::open(&chemin).map_err(|error| format!("le fichier ne se lit pas : {error}"))?;
        let lus = fichier.take(MAX_OCTETS as u64 + 1).read_to_end(&mut octets);
        lus.map_err(|error| format!("le fichier ne se lit pas : {error}"))?;
        if octets.is_empty() {
            return Err("le fichier est vide".to_owned());
        }
        if octets.len() > MAX_OCTETS {
            return Err(format!("le fichier dépasse {} Mio", MAX_OCTETS >> 20));
        }
        let dit = decrit(&chemin).unwrap_or_else(|| nom.to_owned());
        let (nom, genre) = reconnu(&nettoye(&dit), &octets)?;
        Ok(Lu { nom, genre, octets })
    }

    /// Where it lies, within the folder.
    fn trouve(&self, nom: &str) -> Option<PathBuf> {
        let debut = |longueur: usize| nom.get(..longueur).map(str::to_owned);
        let candidats = [
            Some(self.racine.join(nom)),
            debut(2).map(|deux| self.racine.join(deux).join(nom)),
            debut(2).zip(debut(4)).map(|(deux, quatre)| self.racine.join(deux).join(quatre).join(nom)),
        ];
        candidats.into_iter().flatten().filter(|chemin| chemin.is_file()).find_map(|chemin| {
            // A link that leaves the folder leads to none of its files.
            let reel = chemin.canonicalize().ok()?;
            reel.starts_with(&self.racine).then_some(reel)
        })
    }
}

/// The name that a stored file had, told by the one beside it.
fn decrit(chemin: &Path) -> Option<String> {
    let mut nom = chemin.file_name()?.to_os_string();
    nom.push(".info");
    let mut octets = Vec::new();
    let description = chemin.with_file_name(nom);
    if !description.symlink_metadata().ok()?.is_file() {
        return None;
    }
    File::open(description).ok()?.take(MAX_DESCRIPTION).read_to_end(&mut octets).ok()?;
    let texte = String::from_utf8_lossy(&octets);
    let dit = texte.lines().find_map(|ligne| ligne.trim().strip_prefix("filename="))?.trim().trim_matches('"');
    (!dit.is_empty()).then(|| dit.to_owned())
}

/// The kind of a content; its name is completed where it says none.
fn reconnu(nom: &str, octets: &[u8]) -> Result<(String, Genre), String> {
    let premier = match Genre::reconnu(nom, octets) {
        Ok(genre) => return Ok((nom.to_owned(), genre)),
        Err(error) => error,
    };
    for extension in ["pdf", "jpg", "png", "webp"] {
        let complete = format!("{nom}.{extension}");
        if let Ok(genre) = Genre::reconnu(&complete, octets) {
            return Ok((complete, genre));
        }
    }
    Err(premier.to_string().trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_by_name_or_by_their_first_digits_and_never_elsewhere() {
        let dossier = tempfile::tempdir().unwrap();
        let racine = dossier.path().join("magasin");
        std::fs::create_dir_all(racine.join("ab/abcd")).unwrap();
        std::fs::write(racine.join("acte.pdf"), b"%PDF-1.4").unwrap();
        std::fs::write(racine.join("ab/abcd/abcdef0123"), b"\xff\xd8\xff\xe0").unwrap();
        std::fs::write(racine.join("ab/abcd/abcdef0123.info"), "size=4\nfilename=tombe.jpg\nmimetype=image/jpeg\n")
            .unwrap();
        std::fs::write(racine.join("ab/abefaux"), b"\x89PNG\r\n\x1a\n").unwrap();
        std::fs::write(racine.join("faux.pdf"), b"<html>").unwrap();
        std::fs::write(dossier.path().join("secret.pdf"), b"%PDF-1.4").unwrap();
        std::os::unix::fs::symlink(dossier.path().join("secret.pdf"), racine.join("lien.pdf")).unwrap();
        let magasin = Magasin::ouvre(&racine).unwrap();
        assert_eq!(magasin.lit("acte.pdf").unwrap().nom, "acte.pdf");
        assert_eq!(magasin.lit("abcdef0123").unwrap().nom, "tombe.jpg");
        assert_eq!(magasin.lit("abefaux").unwrap().nom, "abefaux.png");
        for mauvais in ["../secret.pdf", "lien.pdf", "absent.pdf", "faux.pdf", "", ".."] {
            assert!(magasin.lit(mauvais).is_err(), "{mauvais}");
        }
    }
}
