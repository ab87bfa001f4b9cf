//! Passwords: what one must be, and its digest, whose cost is bounded for the machine and meant for who steals the table.
//!
//! Rules are those of the CNIL's recommendation of 14 October 2022 and of OWASP: long, not common, never to be renewed for
//! the sake of it. Digests are Argon2id, in the PHC format.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use thiserror::Error;
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// Shortest password, in characters.
pub const MIN: usize = 12;
/// Longest, in characters: a sentence is welcome, a book is not.
pub const MAX: usize = 128;
/// Letters and digits that must be left once what others know of its owner is taken away.
const MIN_PROPRE: usize = 6;
/// Digests computed at once; each takes 19 MiB and some tenths of a second.
const PLACES: usize = 2;
/// What a sign-in waits for its turn.
const TOUR: Duration = Duration::from_secs(8);
/// OWASP, « Password Storage », Argon2id: 19 MiB, two passes, one lane.
const MEMOIRE_KIO: u32 = 19_456;
const PASSES: u32 = 2;

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Faible {
    /// Too short.
    #[error(
        "Ce mot de passe est trop court : il faut {MIN} caractères au moins, par exemple quatre mots sans lien entre eux."
    )]
    Court,
    /// Too long.
    #[error("Ce mot de passe est trop long : {MAX} caractères au plus.")]
    Long,
    /// Common, made of the name, or easily guessed.
    #[error(
        "Ce mot de passe se devine trop facilement (mot courant, suite, nom, date) : prenez quatre mots sans lien entre eux."
    )]
    Courant,
}

/// Why no digest was computed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HachageError {
    /// Too many at once.
    #[error("trop de connexions sont demandées en ce moment ; réessayez dans quelques secondes")]
    Occupe,
    /// The system gives no chance, or no memory.
    #[error("l'empreinte du mot de passe n'a pas pu être calculée : {0}")]
    Calcul(String),
}

/// Whether a password may be chosen; `siens` is what others know of its owner: name, e-mail.
///
/// # Errors
/// Too short, too long, or easily guessed.
pub fn juge(mot_de_passe: &str, siens: &[&str]) -> Result<(), Faible> {
    let longueur = mot_de_passe.chars().count();
    if longueur < MIN {
        return Err(Faible::Court);
    }
    if longueur > MAX {
        return Err(Faible::Long);
    }
    // A word is as well known when it is part of an address or of a name.
    let parts = siens.iter().flat_map(|un| un.split(|c: char| !c.is_alphanumeric())).filter(|part| part.len() > 2);
    let connus: Vec<String> = parts.chain(["finage", "cadastre", "mairie"]).map(str::to_lowercase).collect();
    let reste = connus.iter().fold(mot_de_passe.to_lowercase(), |reste, connu| reste.replace(connu, ""));
    if reste.chars().filter(|c| c.is_alphanumeric()).count() < MIN_PROPRE {
        return Err(Faible::Courant);
    }
    let connus: Vec<&str> = siens.iter().copied().chain(connus.iter().map(String::as_str)).collect();
    if zxcvbn(mot_de_passe, &connus).score() < Score::Three { Err(Faible::Courant) } else { Ok(()) }
}

/// Computes digests, a few at a time.
#[derive(Debug, Clone)]
pub struct Hacheur {
    places: Arc<Semaphore>,
    calculs: Arc<AtomicU64>,
}

impl Default for Hacheur {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(PLACES)), calculs: Arc::default() }
    }
}

impl Hacheur {
    /// Digests computed since the start, good, bad and decoys.
    #[must_use]
    pub fn calculs(&self) -> u64 {
        self.calculs.load(Ordering::Relaxed)
    }

    /// The digest of a password.
    ///
    /// # Errors
    /// Too many at once, or no chance from the system.
    pub async fn hache(&self, mot_de_passe: &str) -> Result<String, HachageError> {
        let mot_de_passe = mot_de_passe.to_owned();
        self.calcule(move || {
            let empreinte: PasswordHash = argon()?.hash_password(mot_de_passe.as_bytes()).map_err(faute)?;
            Ok(empreinte.to_string())
        })
        .await
    }

    /// Whether the password is that of the digest; without a digest, the same time is spent and the answer is no.
    ///
    /// # Errors
    /// Too many at once.
    pub async fn verifie(&self, mot_de_passe: &str, empreinte: Option<String>) -> Result<bool, HachageError> {
        let Some(phc) = empreinte else {
            self.hache(mot_de_passe).await?;
            return Ok(false);
        };
        let mot_de_passe = mot_de_passe.to_owned();
        self.calcule(move || {
            let connue = PasswordHash::new(&phc).map_err(faute)?;
            Ok(argon()?.verify_password(mot_de_passe.as_bytes(), &connue).is_ok())
        })
        .await
    }

    /// The place is given back when the computation ends, not when its client leaves.
    async fn calcule<T: Send + 'static>(
        &self,
        calcul: impl FnOnce() -> Result<T, HachageError> + Send + 'static,
    ) -> Result<T, HachageError> {
        let attente = tokio::time::timeout(TOUR, Arc::clone(&self.places).acquire_owned()).await;
        let place = attente.ok().and_then(Result::ok).ok_or(HachageError::Occupe)?;
        self.calculs.fetch_add(1, Ordering::Relaxed);
        let fait = tokio::task::spawn_blocking(move || {
            let fait = calcul();
            drop(place);
            fait
        });
        fait.await.map_err(|error| HachageError::Calcul(error.to_string()))?
    }
}

/// Whether a digest was made with weaker parameters than those of today.
#[must_use]
pub fn perimee(phc: &str) -> bool {
    let Ok(empreinte) = PasswordHash::new(phc) else { return true };
    let decimal = |nom: &str| empreinte.params.get_decimal(nom).unwrap_or(0);
    empreinte.algorithm.as_str() != "argon2id" || decimal("m") < MEMOIRE_KIO || decimal("t") < PASSES
}

fn argon() -> Result<Argon2<'static>, HachageError> {
    let params = Params::new(MEMOIRE_KIO, PASSES, 1, None).map_err(faute)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn faute(error: impl std::fmt::Display) -> HachageError {
    HachageError::Calcul(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_common() {
        assert_eq!(juge("court", &[]), Err(Faible::Court));
        assert_eq!(juge(&"a7é ".repeat(33), &[]), Err(Faible::Long));
        for courant in ["motdepasse123", "azertyuiop123", "aaaaaaaaaaaaaaaa", "123456789012", "password1234"] {
            assert_eq!(juge(courant, &[]), Err(Faible::Courant), "{courant}");
        }
        assert_eq!(juge("valbrume-agent", &["agent@valbrume.fr"]), Err(Faible::Courant));
        assert_eq!(juge("brouette cactus violon marée", &["agent@valbrume.fr"]), Ok(()));
        // Twelve characters, not bytes.
        assert_eq!(juge("éàùçôîêëüï!", &[]), Err(Faible::Court));
    }

    #[test]
    fn a_digest_knows_its_password_and_its_age() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let hacheur = Hacheur::default();
            let phc = hacheur.hache("brouette cactus").await.unwrap();
            assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && !perimee(&phc));
            assert!(hacheur.verifie("brouette cactus", Some(phc.clone())).await.unwrap());
            assert!(!hacheur.verifie("brouette Cactus", Some(phc.clone())).await.unwrap());
            assert!(!hacheur.verifie("brouette cactus", None).await.unwrap());
            assert_eq!(hacheur.calculs(), 4, "a decoy costs a digest too");
            assert!(perimee(&phc.replace("m=19456", "m=4096")) && perimee("x"));
        });
    }
}
