//! Members of a ZIP, read with bounds: their count, what they decompress to, and how much more that is than their bytes.
//!
//! The directory is read here, so that nothing is allocated before it is counted; a member is a stream that owns its file.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::DeflateDecoder;

use crate::Limites;
use crate::error::{Cause, ImportError};

const ARCHIVE: &str = "l'archive ZIP";
/// The end of the directory lies in the last bytes: its own 22 and a comment.
const FIN: u64 = 22 + 65_535;
/// Bytes of the directory at most.
const MAX_REPERTOIRE: u64 = 16 << 20;
/// What may be decompressed whatever the ratio.
const FRANCHISE: u64 = 10 << 20;

/// An archive: its path and its members.
#[derive(Debug)]
pub(crate) struct Archive {
    path: PathBuf,
    membres: Vec<Membre>,
}

#[derive(Debug, Clone)]
struct Membre {
    nom: String,
    debut: u64,
    compresse: u64,
    taille: u64,
    methode: u16,
    chiffre: bool,
}

impl Archive {
    pub(crate) fn ouvrir(path: &Path, limites: &Limites) -> Result<Self, ImportError> {
        let mut fichier = File::open(path)?;
        let taille = fichier.metadata()?.len();
        let fin = Fin::lire(&mut fichier, taille)?;
        if fin.membres > limites.membres as u64 || fin.octets > MAX_REPERTOIRE {
            return Err(trop_gros("le nombre de fichiers de l'archive", limites.membres as u64));
        }
        fichier.seek(SeekFrom::Start(fin.debut))?;
        let mut repertoire = BufReader::new(fichier.take(fin.octets));
        let mut membres = Vec::new();
        for _ in 0..fin.membres {
            membres.push(Membre::lire(&mut repertoire)?);
        }
        let (total, compresse) = membres.iter().fold((0_u64, 0_u64), |(total, compresse), membre| {
            (total.saturating_add(membre.taille), compresse.saturating_add(membre.compresse))
        });
        if total > limites.decompresse {
            return Err(trop_gros("le contenu décompressé de l'archive", limites.decompresse));
        }
        // Members that share their bytes add up to more than the file.
        if compresse > taille || total > FRANCHISE.saturating_add(compresse.saturating_mul(limites.ratio)) {
            return Err(trop_gros("le taux de compression de l'archive", limites.ratio));
        }
        Ok(Self { path: path.to_owned(), membres })
    }

    pub(crate) fn noms(&self) -> impl Iterator<Item = &str> {
        self.membres.iter().map(|membre| membre.nom.as_str())
    }

    pub(crate) fn contient(&self, nom: &str) -> bool {
        self.noms().any(|autre| autre == nom)
    }

    /// Bytes of a member, decompressed.
    pub(crate) fn taille(&self, nom: &str) -> u64 {
        self.membres.iter().find(|membre| membre.nom == nom).map_or(0, |membre| membre.taille)
    }

    /// The bytes of a member, from its beginning.
    pub(crate) fn lire(&self, nom: &str) -> Result<Entree, ImportError> {
        let membre = self.membres.iter().find(|membre| membre.nom == nom);
        let membre = membre.ok_or_else(|| Cause::illisible(ARCHIVE, format!("il y manque {nom}")))?;
        if membre.chiffre {
            return Err(Cause::Format("le fichier est protégé par un mot de passe").into());
        }
        let mut fichier = BufReader::new(File::open(&self.path)?);
        fichier.seek(SeekFrom::Start(membre.debut))?;
        let mut tete = [0; 30];
        lire(&mut fichier, &mut tete)?;
        if !tete.starts_with(b"PK\x03\x04") {
            return Err(Cause::illisible(ARCHIVE, format!("{nom} n'est pas à sa place")).into());
        }
        fichier.seek_relative(i64::from(u16_de(&tete, 26)) + i64::from(u16_de(&tete, 28)))?;
        let octets = fichier.take(membre.compresse);
        let flux: Box<dyn Read + Send> = match membre.methode {
            0 => Box::new(octets),
            8 => Box::new(DeflateDecoder::new(octets)),
            _ => return Err(Cause::Format("l'archive ZIP emploie une compression qui n'est pas lue").into()),
        };
        Ok(BufReader::with_capacity(1 << 16, Exact { flux, reste: membre.taille }))
    }

    /// The whole of a small member.
    pub(crate) fn tout(&self, nom: &str, limite: usize) -> Result<Vec<u8>, ImportError> {
        let mut octets = Vec::new();
        self.lire(nom)?.take(limite as u64 + 1).read_to_end(&mut octets)?;
        if octets.len() > limite {
            return Err(trop_gros("un fichier de l'archive", limite as u64));
        }
        Ok(octets)
    }
}

/// A member being read.
pub(crate) type Entree = BufReader<Exact>;

/// As many bytes as the directory says: neither more, nor fewer.
pub(crate) struct Exact {
    flux: Box<dyn Read + Send>,
    reste: u64,
}

impl Read for Exact {
    fn read(&mut self, tampon: &mut [u8]) -> std::io::Result<usize> {
        let voulus = usize::try_from(self.reste).unwrap_or(usize::MAX).min(tampon.len());
        let lus = self.flux.read(tampon.get_mut(..voulus).unwrap_or_default())?;
        if lus == 0 && voulus > 0 {
            return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "l'archive est incomplète"));
        }
        self.reste -= lus as u64;
        Ok(lus)
    }
}

struct Fin {
    membres: u64,
    octets: u64,
    debut: u64,
}

impl Fin {
    fn lire(fichier: &mut File, taille: u64) -> Result<Self, ImportError> {
        let depart = taille.saturating_sub(FIN);
        fichier.seek(SeekFrom::Start(depart))?;
        let mut queue = Vec::new();
        fichier.by_ref().take(FIN).read_to_end(&mut queue)?;
        let at = memchr::memmem::rfind(&queue, b"PK\x05\x06").ok_or(Cause::Tronque(ARCHIVE))?;
        let fin = queue.get(at..at + 22).ok_or(Cause::Tronque(ARCHIVE))?;
        let court =
            Self { membres: u16_de(fin, 10).into(), octets: u32_de(fin, 12).into(), debut: u32_de(fin, 16).into() };
        let repere = at.checked_sub(20).and_then(|at| queue.get(at..at + 20)).filter(|r| r.starts_with(b"PK\x06\x07"));
        let Some(repere) = repere else { return Ok(court) };
        fichier.seek(SeekFrom::Start(u64_de(repere, 8)))?;
        let mut long = [0; 56];
        lire(fichier, &mut long)?;
        if !long.starts_with(b"PK\x06\x06") {
            return Err(Cause::illisible(ARCHIVE, "son répertoire n'est pas à sa place").into());
        }
        Ok(Self { membres: u64_de(&long, 32), octets: u64_de(&long, 40), debut: u64_de(&long, 48) })
    }
}

impl Membre {
    fn lire(repertoire: &mut impl BufRead) -> Result<Self, ImportError> {
        let mut tete = [0; 46];
        lire(repertoire, &mut tete)?;
        if !tete.starts_with(b"PK\x01\x02") {
            return Err(Cause::illisible(ARCHIVE, "son répertoire est abîmé").into());
        }
        let mut nom = vec![0; u16_de(&tete, 28).into()];
        lire(repertoire, &mut nom)?;
        let mut plus = vec![0; u16_de(&tete, 30).into()];
        lire(repertoire, &mut plus)?;
        lire(repertoire, &mut vec![0; u16_de(&tete, 32).into()])?;
        let mut longs = Longs::dans(&plus);
        // The standard gives the long values in this order, each when its short one is full.
        let taille = longs.valeur(u32_de(&tete, 24));
        let compresse = longs.valeur(u32_de(&tete, 20));
        let debut = longs.valeur(u32_de(&tete, 42));
        Ok(Self {
            nom: String::from_utf8_lossy(&nom).into_owned(),
            debut,
            compresse,
            taille,
            methode: u16_de(&tete, 10),
            chiffre: u16_de(&tete, 8) & 1 == 1,
        })
    }
}

/// Values of eight bytes in the field « 1 » of a member.
struct Longs<'a>(std::slice::Chunks<'a, u8>);

impl<'a> Longs<'a> {
    fn dans(mut plus: &'a [u8]) -> Self {
        while let Some((tete, reste)) = plus.split_at_checked(4) {
            let (champ, suite) = reste.split_at_checked(u16_de(tete, 2).into()).unwrap_or((reste, &[]));
            if u16_de(tete, 0) == 1 {
                return Self(champ.chunks(8));
            }
            plus = suite;
        }
        Self([].chunks(8))
    }

    fn valeur(&mut self, courte: u32) -> u64 {
        if courte == u32::MAX { self.0.next().map_or(u64::MAX, |octets| u64_de(octets, 0)) } else { courte.into() }
    }
}

fn lire(flux: &mut impl Read, tampon: &mut [u8]) -> Result<(), ImportError> {
    flux.read_exact(tampon).map_err(|_| Cause::Tronque(ARCHIVE).into())
}

fn trop_gros(quoi: &'static str, limite: u64) -> ImportError {
    Cause::TropGros { quoi, limite }.into()
}

fn u16_de(octets: &[u8], at: usize) -> u16 {
    octets.get(at..at + 2).and_then(|deux| deux.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn u32_de(octets: &[u8], at: usize) -> u32 {
    octets.get(at..at + 4).and_then(|quatre| quatre.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_de(octets: &[u8], at: usize) -> u64 {
    octets.get(at..at + 8).and_then(|huit| huit.try_into().ok()).map_or(0, u64::from_le_bytes)
}
