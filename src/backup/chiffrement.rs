//! Encryption by age (age-encryption.org/v1), so that the standard `age` command opens an archive too.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use age::secrecy::SecretString;
use age::stream::StreamWriter;
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};

use super::{BackupError, disque};

/// Largest file of keys or of a passphrase, in bytes.
const MAX_CLE: u64 = 64 << 10;
/// Fewest characters of a passphrase.
const MIN_PHRASE: usize = 12;
/// Work of a passphrase: 2^18 rounds of scrypt, as the `age` command does.
const TRAVAIL: u8 = 18;
/// Most work that an archive may ask of us: four times that, a gigabyte of memory.
const MAX_TRAVAIL: u8 = 20;

/// What closes an archive.
pub enum Serrure {
    /// Public keys: any of their private keys opens.
    Publiques(Vec<x25519::Recipient>),
    /// A passphrase.
    Phrase(SecretString),
}

impl fmt::Debug for Serrure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Serrure")
    }
}

impl Serrure {
    /// The lock of public keys as `age-keygen` prints them.
    ///
    /// # Errors
    /// One that is none.
    pub fn publiques(cles: &[String]) -> Result<Self, BackupError> {
        let lue = |cle: &String| {
            cle.trim().parse().map_err(|_| {
                let debut: String = cle.trim().chars().take(12).collect();
                BackupError::Cle(format!(
                    "« {debut}… » n'est pas une clé publique age ; elle commence par « age1 » et « age-keygen » la donne"
                ))
            })
        };
        Ok(Self::Publiques(cles.iter().map(lue).collect::<Result<_, _>>()?))
    }

    /// The lock of the passphrase that a file holds on its first line.
    ///
    /// # Errors
    /// The file cannot be read, or the passphrase is too short.
    pub fn phrase(fichier: &Path) -> Result<Self, BackupError> {
        Ok(Self::Phrase(lit_phrase(fichier)?))
    }

    /// Encrypts what is written to it into `sortie`.
    pub(super) fn ferme<W: std::io::Write>(&self, sortie: W) -> std::io::Result<StreamWriter<W>> {
        let chiffreur = match self {
            Self::Publiques(cles) => Encryptor::with_recipients(cles.iter().map(|cle| cle as &dyn age::Recipient)),
            Self::Phrase(phrase) => {
                let mut destinataire = scrypt::Recipient::new(phrase.clone());
                destinataire.set_work_factor(TRAVAIL);
                Encryptor::with_recipients(std::iter::once(&destinataire as &dyn age::Recipient))
            }
        };
        chiffreur.map_err(|error| std::io::Error::other(error.to_string()))?.wrap_output(sortie)
    }
}

/// What opens an archive.
pub enum Clef {
    /// Private keys.
    Identites(Vec<x25519::Identity>),
    /// A passphrase.
    Phrase(SecretString),
}

impl fmt::Debug for Clef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clef")
    }
}

impl Clef {
    /// The private keys of a file that `age-keygen` wrote.
    ///
    /// # Errors
    /// The file cannot be read, or holds none.
    pub fn identites(fichier: &Path) -> Result<Self, BackupError> {
        let texte = lit(fichier)?;
        let lignes = texte.lines().map(str::trim).filter(|ligne| !ligne.is_empty() && !ligne.starts_with('#'));
        let identites: Option<Vec<x25519::Identity>> = lignes.map(|ligne| ligne.parse().ok()).collect();
        match identites {
            Some(identites) if !identites.is_empty() => Ok(Self::Identites(identites)),
            _ => Err(BackupError::Cle(format!(
                "« {} » n'est pas un fichier d'identité age ; « age-keygen » en écrit, une clé « AGE-SECRET-KEY-1… » par ligne",
                fichier.display()
            ))),
        }
    }

    /// The passphrase that a file holds on its first line.
    ///
    /// # Errors
    /// The file cannot be read, or the passphrase is too short.
    pub fn phrase(fichier: &Path) -> Result<Self, BackupError> {
        Ok(Self::Phrase(lit_phrase(fichier)?))
    }

    /// Decrypts `entree`; the error is the end of a sentence.
    pub(super) fn ouvre<R: std::io::BufRead>(&self, entree: R) -> Result<age::stream::StreamReader<R>, String> {
        let dechiffreur = Decryptor::new_buffered(entree).map_err(|error| dit(&error))?;
        match (self, dechiffreur.is_scrypt()) {
            (Self::Phrase(_), false) => Err("il est chiffré par une clé publique : donnez --identite".to_owned()),
            (Self::Identites(_), true) => Err("il est chiffré par une phrase : donnez --phrase-fichier".to_owned()),
            (Self::Identites(cles), false) => {
                dechiffreur.decrypt(cles.iter().map(|cle| cle as &dyn age::Identity)).map_err(|error| dit(&error))
            }
            (Self::Phrase(phrase), true) => {
                let mut identite = scrypt::Identity::new(phrase.clone());
                identite.set_max_work_factor(MAX_TRAVAIL);
                dechiffreur.decrypt(std::iter::once(&identite as &dyn age::Identity)).map_err(|error| dit(&error))
            }
        }
    }
}

fn dit(error: &DecryptError) -> String {
    match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            "la clé ou la phrase donnée ne l'ouvre pas".to_owned()
        }
        DecryptError::ExcessiveWork { .. } => "sa phrase demanderait un calcul démesuré".to_owned(),
        DecryptError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            format!("lecture impossible ({error})")
        }
        _ => "son chiffrement est altéré ou coupé".to_owned(),
    }
}

fn lit_phrase(fichier: &Path) -> Result<SecretString, BackupError> {
    let texte = lit(fichier)?;
    let phrase = texte.lines().next().unwrap_or_default();
    if phrase.chars().count() < MIN_PHRASE {
        return Err(BackupError::Cle(format!(
            "la phrase de « {} » est trop courte : il faut au moins {MIN_PHRASE} caractères sur la première ligne",
            fichier.display()
        )));
    }
    Ok(SecretString::from(phrase.to_owned()))
}

fn lit(fichier: &Path) -> Result<String, BackupError> {
    let ouvert = File::open(fichier).map_err(disque("lecture", fichier))?;
    if !ouvert.metadata().map_err(disque("lecture", fichier))?.is_file() {
        return Err(BackupError::Cle(format!("« {} » n'est pas un fichier ordinaire", fichier.display())));
    }
    let mut texte = String::new();
    ouvert.take(MAX_CLE).read_to_string(&mut texte).map_err(disque("lecture", fichier))?;
    Ok(texte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn fichier(texte: &str) -> tempfile::NamedTempFile {
        let mut fichier = tempfile::NamedTempFile::new().unwrap();
        fichier.write_all(texte.as_bytes()).unwrap();
        fichier
    }

    #[test]
    fn a_bad_key_is_refused_in_a_sentence() {
        assert!(Serrure::publiques(&["age1x".to_owned()]).unwrap_err().to_string().contains("age-keygen"));
        assert!(Serrure::phrase(fichier("court\n").path()).unwrap_err().to_string().contains("12 caractères"));
        for texte in ["", "# rien\n", "AGE-SECRET-KEY-1FAUX\n"] {
            assert!(Clef::identites(fichier(texte).path()).unwrap_err().to_string().contains("age-keygen"), "{texte}");
        }
    }

    #[test]
    fn only_the_right_key_opens() {
        use age::secrecy::ExposeSecret as _;
        let (mienne, autre) = (x25519::Identity::generate(), x25519::Identity::generate());
        let serrure = Serrure::publiques(&[mienne.to_public().to_string()]).unwrap();
        let mut ferme = serrure.ferme(Vec::new()).unwrap();
        ferme.write_all(b"Valbrume").unwrap();
        let chiffre = ferme.finish().unwrap();
        let clef = |identite: &x25519::Identity| {
            Clef::identites(fichier(&format!("# essai\n{}\n", identite.to_string().expose_secret())).path()).unwrap()
        };
        let mut texte = String::new();
        clef(&mienne).ouvre(&chiffre[..]).unwrap().read_to_string(&mut texte).unwrap();
        assert_eq!(texte, "Valbrume");
        let refus = |clef: &Clef, octets: &[u8]| clef.ouvre(octets).err().unwrap();
        assert!(refus(&clef(&autre), &chiffre).contains("ne l'ouvre pas"));
        assert!(refus(&clef(&mienne), &chiffre[..20]).contains("coupé"));
        let phrase = Clef::phrase(fichier("une phrase assez longue").path()).unwrap();
        assert!(refus(&phrase, &chiffre).contains("--identite"));
    }
}
