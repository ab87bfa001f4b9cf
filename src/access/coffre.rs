//! Secrets of second factors, sealed by a key that the database has not: who steals the table computes no code.
//!
//! XChaCha20-Poly1305 under a key of the data directory; the account's key is bound in, so that a secret sealed for one is
//! none for another.

use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use uuid::Uuid;

use super::cle::{self, CleError};
use super::utilisateur::CompteError;

/// Bytes of the number used once, before the sealed bytes.
const NONCE: usize = 24;

/// What seals and opens.
#[derive(Debug, Clone)]
pub struct Coffre {
    dossier: PathBuf,
}

impl Coffre {
    /// With its key in the folder `acces` of `data_dir`.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { dossier: data_dir.join("acces") }
    }

    /// Seals a secret of this account. `neuf` says that nothing was ever sealed: the key is made only then, else a lost key
    /// would silently become another.
    ///
    /// # Errors
    /// The key is missing, shared or unreadable.
    pub fn scelle(&self, utilisateur: Uuid, clair: &[u8], neuf: bool) -> Result<Vec<u8>, CompteError> {
        let chiffre = self.chiffre(neuf)?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)?;
        let charge = Payload { msg: clair, aad: utilisateur.as_bytes() };
        let scelle = chiffre
            .encrypt(&XNonce::from(nonce), charge)
            .map_err(|_| CompteError::Coffre("le secret n'a pas pu être chiffré".to_owned()))?;
        Ok([&nonce[..], &scelle].concat())
    }

    /// Opens what was sealed for this account.
    ///
    /// # Errors
    /// The key is not the one that sealed it, or the bytes were changed.
    pub fn ouvre(&self, utilisateur: Uuid, scelle: &[u8]) -> Result<Vec<u8>, CompteError> {
        let faux = || {
            CompteError::Coffre(
                "un second facteur ne s'ouvre pas avec cette clé ; remettez celle de la sauvegarde, ou retirez le second facteur du compte"
                    .to_owned(),
            )
        };
        let (nonce, reste) = scelle.split_first_chunk::<NONCE>().ok_or_else(faux)?;
        let charge = Payload { msg: reste, aad: utilisateur.as_bytes() };
        self.chiffre(false)?.decrypt(&XNonce::from(*nonce), charge).map_err(|_| faux())
    }

    fn chiffre(&self, neuf: bool) -> Result<XChaCha20Poly1305, CompteError> {
        let chemin = self.dossier.join("cle");
        let octets = match cle::lit(&chemin) {
            Err(CleError::Absente) if neuf => {
                cle::cree(&self.dossier).map_err(|source| faute(&chemin, &CleError::Systeme(source)))?;
                cle::lit(&chemin)
            }
            lue => lue,
        };
        let octets = octets.map_err(|error| faute(&chemin, &error))?;
        Ok(XChaCha20Poly1305::new(&octets.into()))
    }
}

fn faute(chemin: &Path, error: &CleError) -> CompteError {
    let chemin = chemin.display();
    CompteError::Coffre(match error {
        CleError::Absente => {
            format!("la clé des seconds facteurs « {chemin} » manque ; remettez celle de la sauvegarde")
        }
        CleError::Malformee => {
            format!(
                "la clé des seconds facteurs « {chemin} » n'est pas un fichier de 32 octets ; remettez celle de la sauvegarde"
            )
        }
        CleError::Partagee => format!(
            "la clé des seconds facteurs « {chemin} » peut être lue par d'autres comptes de la machine ; corrigez avec : chmod 600 {chemin}"
        ),
        CleError::Systeme(source) => format!("« {chemin} » : lecture ou écriture impossible ({source})"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_for_one_opens_for_that_one_alone() {
        let folder = tempfile::tempdir().unwrap();
        let coffre = Coffre::new(folder.path());
        let (un, autre) = (Uuid::new_v4(), Uuid::new_v4());
        assert!(coffre.scelle(un, b"secret", false).is_err(), "a lost key is not made anew");
        let scelle = coffre.scelle(un, b"secret", true).unwrap();
        assert!(!scelle.windows(6).any(|part| part == b"secret"));
        assert_ne!(scelle, coffre.scelle(un, b"secret", false).unwrap());
        assert_eq!(coffre.ouvre(un, &scelle).unwrap(), b"secret");
        assert!(coffre.ouvre(autre, &scelle).is_err());
        let mut faux = scelle.clone();
        faux[30] ^= 1;
        assert!(coffre.ouvre(un, &faux).is_err() && coffre.ouvre(un, &scelle[..10]).is_err());
    }

    #[test]
    fn a_key_that_others_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let coffre = Coffre::new(folder.path());
        let scelle = coffre.scelle(Uuid::nil(), b"secret", true).unwrap();
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(folder.path().join("acces/cle"), open).unwrap();
        assert!(coffre.ouvre(Uuid::nil(), &scelle).unwrap_err().to_string().contains("chmod 600"));
    }
}
