//! Reads an archive front to back: only members it knows, in their order, each as its digest says, none after the last.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::chiffrement::Clef;
use super::manifeste::{Base, Entete, FORMAT, Manifeste, Membre};
use super::nom::Nom;
use super::{Arret, Avance, BackupError, disque, hex};

/// How an age file starts.
const AGE: &[u8] = b"age-encryption.org/";
/// Longest head of an age file that is read: a line for each of some hundred recipients.
const MAX_TETE_AGE: usize = 64 << 10;
/// Members at most.
const MAX_MEMBRES: usize = 5_000_000;
/// Largest JSON text, but for the manifest, in bytes.
const MAX_JSON: u64 = 16 << 20;
/// Largest manifest, in bytes.
const MAX_MANIFESTE: u64 = 1 << 30;
/// Largest file kept outside the database, in bytes.
pub(super) const MAX_DONNEE: u64 = 16 << 20;
/// Largest piece of the dump, in bytes.
const MAX_MORCEAU: u64 = 64 << 20;
/// Largest attachment, in bytes.
const MAX_FICHIER: u64 = 64 << 30;
/// Zeros after the last member, in bytes.
const MAX_FIN: u64 = 1 << 20;

/// An archive, opened once: what is checked is what is then restored.
#[derive(Debug)]
pub(super) struct Archive {
    fichier: File,
    chemin: PathBuf,
    taille: u64,
    clef: Option<Clef>,
}

/// Where members go.
pub(super) trait Destination {
    /// Takes a member of `octets` bytes whole; an error of `contenu` is passed on as it is.
    fn membre(&mut self, nom: &Nom, octets: u64, contenu: &mut dyn Read) -> Result<(), BackupError>;
}

/// The texts of an archive.
#[derive(Debug)]
pub(super) struct Textes {
    pub(super) entete: Entete,
    pub(super) base: Base,
    pub(super) membres: Vec<Membre>,
}

impl Archive {
    /// Opens an archive with the key it wants.
    pub(super) fn ouvre(chemin: &Path, clef: Option<Clef>) -> Result<Self, BackupError> {
        let mut fichier = File::open(chemin).map_err(disque("lecture", chemin))?;
        let metadata = fichier.metadata().map_err(disque("lecture", chemin))?;
        let refus = |cause: &str| BackupError::Archive { archive: chemin.to_owned(), cause: cause.to_owned() };
        if !metadata.is_file() {
            return Err(refus("ce n'est pas un fichier ordinaire"));
        }
        let mut tete = Vec::new();
        Read::by_ref(&mut fichier)
            .take(MAX_TETE_AGE as u64)
            .read_to_end(&mut tete)
            .map_err(disque("lecture", chemin))?;
        let chiffree = tete.starts_with(AGE);
        if chiffree && !tete.windows(5).any(|mots| mots == b"\n--- ") {
            return Err(refus("son chiffrement est altéré ou coupé"));
        }
        match (chiffree, clef.is_some()) {
            (true, false) => return Err(refus("il est chiffré : donnez --identite ou --phrase-fichier")),
            // Who expects a closed archive must not be given an open one instead.
            (false, true) => {
                return Err(refus("il n'est pas chiffré alors qu'une clé est donnée : vérifiez d'où il vient"));
            }
            _ => {}
        }
        Ok(Self { fichier, chemin: chemin.to_owned(), taille: metadata.len(), clef })
    }

    /// Why it cannot be used.
    pub(super) fn refus(&self, cause: impl Into<String>) -> BackupError {
        BackupError::Archive { archive: self.chemin.clone(), cause: cause.into() }
    }

    /// Its size in bytes.
    pub(super) fn taille(&self) -> u64 {
        self.taille
    }

    /// Reads it from its start to its end; `avance` is told of bytes.
    pub(super) fn parcourt(
        &self,
        destination: &mut dyn Destination,
        arret: &Arret,
        avance: &Avance<'_>,
    ) -> Result<Textes, BackupError> {
        let mut fichier = self.fichier.try_clone().map_err(disque("lecture", &self.chemin))?;
        fichier.rewind().map_err(disque("lecture", &self.chemin))?;
        let compte = Compte { fichier, lus: 0, taille: self.taille, avance, arret };
        let tampon = BufReader::with_capacity(256 << 10, compte);
        match &self.clef {
            None => self.membres(tampon, destination, arret),
            Some(clef) => {
                let clair = clef.ouvre(tampon).map_err(|cause| self.refus(cause))?;
                self.membres(clair, destination, arret)
            }
        }
    }

    fn membres(
        &self,
        lecteur: impl Read,
        destination: &mut dyn Destination,
        arret: &Arret,
    ) -> Result<Textes, BackupError> {
        let coupe = |error: &io::Error| {
            // The error of an interruption travels through readers that know nothing of it.
            if arret.verifie().is_err() { BackupError::Interrompu } else { self.refus(illisible(error)) }
        };
        let mut tar = tar::Archive::new(lecteur);
        let mut ordre = Ordre::default();
        let (mut entete, mut base, mut manifeste) = (None, None, None::<Manifeste>);
        let mut membres: Vec<Membre> = Vec::new();
        // Raw: no long names, links or extensions, whose sizes others would choose.
        for entree in tar.entries().map_err(|error| coupe(&error))?.raw(true) {
            let mut entree = entree.map_err(|error| coupe(&error))?;
            let octets = entree.header().entry_size().map_err(|error| coupe(&error))?;
            let (nom, texte) = self.nomme(&entree)?;
            ordre.admet(&nom).map_err(|cause| self.refus(cause))?;
            if octets > plafond(&nom) || membres.len() >= MAX_MEMBRES {
                return Err(self.refus("il dépasse les bornes d'une sauvegarde"));
            }
            let mut lu = Lu { contenu: &mut entree, sha: Sha256::new(), octets: 0, faute: None };
            let recu = match nom {
                Nom::Entete => self.json(&mut lu).map(|texte| entete = Some(texte)),
                Nom::Base => self.json(&mut lu).map(|texte| base = Some(texte)),
                Nom::Manifeste => self.json(&mut lu).map(|texte| manifeste = Some(texte)),
                _ => destination.membre(&nom, octets, &mut lu),
            };
            // Whoever took the member saw its reading fail: that is the cause.
            if let Some(faute) = &lu.faute {
                return Err(coupe(faute));
            }
            recu?;
            if lu.octets != octets {
                return Err(self.refus("il est coupé ou altéré"));
            }
            let sha256 = hex(&lu.sha.finalize());
            if let (Nom::Entete, Some(entete)) = (&nom, &entete) {
                self.accepte(entete)?;
            }
            if nom != Nom::Manifeste {
                membres.push(Membre { nom: texte, octets, sha256 });
            }
        }
        let mut fin = tar.into_inner().take(MAX_FIN);
        let mut reste = Vec::new();
        fin.read_to_end(&mut reste).map_err(|error| coupe(&error))?;
        let (Some(entete), Some(base), Some(manifeste)) = (entete, base, manifeste) else {
            return Err(self.refus("il est coupé : sa fin manque"));
        };
        if reste.iter().any(|octet| *octet != 0) {
            return Err(self.refus("quelque chose suit sa fin"));
        }
        if let Some(faux) = ecart(&manifeste.membres, &membres) {
            return Err(self.refus(format!("« {faux} » est altéré")));
        }
        Ok(Textes { entete, base, membres })
    }

    /// The member that an entry is.
    fn nomme(&self, entree: &tar::Entry<'_, impl Read>) -> Result<(Nom, String), BackupError> {
        let chemin = entree.path_bytes();
        let texte = String::from_utf8_lossy(&chemin).into_owned();
        let nom = Nom::lit(&texte).filter(|_| entree.header().entry_type() == tar::EntryType::Regular);
        let nom = nom.ok_or_else(|| {
            let montre: String = texte.chars().filter(|c| !c.is_control()).take(100).collect();
            self.refus(format!("« {montre} » n'a pas sa place dans une sauvegarde de Finage"))
        })?;
        Ok((nom, texte))
    }

    fn json<T: DeserializeOwned>(&self, lu: &mut Lu<'_, impl Read>) -> Result<T, BackupError> {
        let mut texte = Vec::new();
        lu.read_to_end(&mut texte).map_err(disque("lecture", &self.chemin))?;
        serde_json::from_slice(&texte).map_err(|_| self.refus("ce qu'il dit de lui-même est illisible"))
    }

    /// Refuses what a newer Finage made.
    fn accepte(&self, entete: &Entete) -> Result<(), BackupError> {
        if entete.format > FORMAT || entete.migration > crate::db::last_migration() {
            let version: String = entete.finage.chars().filter(|c| !c.is_control()).take(20).collect();
            return Err(self.refus(format!(
                "il vient de Finage {version}, plus récent que cette version ({}) : installez-la d'abord",
                env!("CARGO_PKG_VERSION")
            )));
        }
        Ok(())
    }
}

/// Largest a member may be.
fn plafond(nom: &Nom) -> u64 {
    match nom {
        Nom::Entete | Nom::Base | Nom::Configuration => MAX_JSON,
        Nom::Donnee(_) => MAX_DONNEE,
        Nom::Morceau(_) => MAX_MORCEAU,
        Nom::Fichier(_) => MAX_FICHIER,
        Nom::Manifeste => MAX_MANIFESTE,
    }
}

/// The first member that is not as the manifest says.
fn ecart<'a>(dits: &'a [Membre], lus: &'a [Membre]) -> Option<&'a str> {
    let faux = dits.iter().zip(lus).find(|(dit, lu)| dit != lu).map(|(_, lu)| lu.nom.as_str());
    faux.or_else(|| (dits.len() != lus.len()).then_some("manifeste.json"))
}

fn illisible(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "il est coupé".to_owned(),
        io::ErrorKind::StorageFull | io::ErrorKind::PermissionDenied => format!("lecture impossible ({error})"),
        _ => "il est altéré, ou ce n'est pas une sauvegarde de Finage".to_owned(),
    }
}

/// Members come in their order, each once, pieces of the dump without a gap.
#[derive(Debug, Default)]
struct Ordre {
    precedent: Option<Nom>,
}

impl Ordre {
    fn admet(&mut self, nom: &Nom) -> Result<(), &'static str> {
        let suit = match (&self.precedent, nom) {
            (None, nom) => *nom == Nom::Entete,
            (Some(Nom::Morceau(avant)), Nom::Morceau(rang)) => avant.checked_add(1) == Some(*rang),
            (Some(avant), Nom::Morceau(rang)) => *rang == 0 && *avant == Nom::Base,
            // Nothing follows the base but its dump, which is never empty.
            (Some(Nom::Base), _) => false,
            (Some(avant), Nom::Fichier(_) | Nom::Manifeste) => avant >= &Nom::Morceau(0) && avant < nom,
            (Some(avant), nom) => avant < nom,
        };
        if !suit {
            let premier = self.precedent.is_none();
            return Err(if premier {
                "ce n'est pas une sauvegarde de Finage"
            } else {
                "ses éléments ne sont pas dans leur ordre"
            });
        }
        self.precedent = Some(nom.clone());
        Ok(())
    }
}

/// Digests what is read, and keeps the error of the source.
struct Lu<'a, R> {
    contenu: &'a mut R,
    sha: Sha256,
    octets: u64,
    faute: Option<io::Error>,
}

impl<R: Read> Read for Lu<'_, R> {
    fn read(&mut self, place: &mut [u8]) -> io::Result<usize> {
        match self.contenu.read(place) {
            Ok(lus) => {
                self.sha.update(&place[..lus]);
                self.octets += lus as u64;
                Ok(lus)
            }
            Err(error) => {
                let kind = error.kind();
                if kind != io::ErrorKind::Interrupted {
                    self.faute = Some(error);
                }
                Err(kind.into())
            }
        }
    }
}

/// Tells how far the file is read, and stops when told.
struct Compte<'a> {
    fichier: File,
    lus: u64,
    taille: u64,
    avance: &'a Avance<'a>,
    arret: &'a Arret,
}

impl Read for Compte<'_> {
    fn read(&mut self, place: &mut [u8]) -> io::Result<usize> {
        self.arret.verifie().map_err(io::Error::other)?;
        let lus = self.fichier.read(place)?;
        self.lus += lus as u64;
        (self.avance)(self.lus, self.taille);
        Ok(lus)
    }
}
