//! The token of a public form: which form it is, once, and when it was opened. Sealed, so that nobody makes one; without a
//! cookie, since who fills a form has none.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

use crate::http::problem::Problem;

/// What a person takes at least to fill a form; a program takes less.
const TOO_SOON: Duration = Duration::from_secs(2);
/// What a form left open is worth.
const TOO_LATE: Duration = Duration::from_hours(24);
const NONCE: usize = 24;

/// A form that was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Jeton {
    /// Its key: the same form sent twice is one.
    pub id: Uuid,
    ouvert: u64,
}

/// Lives as long as the process: a form opened before it started is to be read again and sent again.
fn chiffre() -> Result<&'static XChaCha20Poly1305, Problem> {
    static CHIFFRE: OnceLock<XChaCha20Poly1305> = OnceLock::new();
    if let Some(chiffre) = CHIFFRE.get() {
        return Ok(chiffre);
    }
    let mut cle = [0; 32];
    getrandom::fill(&mut cle).map_err(|_| Problem::internal())?;
    Ok(CHIFFRE.get_or_init(|| XChaCha20Poly1305::new(&cle.into())))
}

fn secondes() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |depuis| depuis.as_secs())
}

impl Jeton {
    /// A form opened now.
    pub(super) fn nouveau() -> Self {
        Self { id: Uuid::new_v4(), ouvert: secondes() }
    }

    /// As the form of this address carries it.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub(super) fn scelle(self, adresse: &str) -> Result<String, Problem> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| Problem::internal())?;
        let clair = [self.id.as_bytes(), &self.ouvert.to_be_bytes()[..]].concat();
        let charge = Payload { msg: &clair, aad: adresse.as_bytes() };
        let scelle = chiffre()?.encrypt(&XNonce::from(nonce), charge).map_err(|_| Problem::internal())?;
        Ok(BASE64URL_NOPAD.encode(&[&nonce[..], &scelle].concat()))
    }

    /// The token that the form of this address brought back; nothing for one that is none, too young or too old.
    pub(super) fn lu(texte: &str, adresse: &str) -> Option<Self> {
        Self::lu_a(texte, adresse, secondes())
    }

    fn lu_a(texte: &str, adresse: &str, maintenant: u64) -> Option<Self> {
        if texte.len() > 200 {
            return None;
        }
        let octets = BASE64URL_NOPAD.decode(texte.as_bytes()).ok()?;
        let (nonce, scelle) = octets.split_first_chunk::<NONCE>()?;
        let charge = Payload { msg: scelle, aad: adresse.as_bytes() };
        let clair = chiffre().ok()?.decrypt(&XNonce::from(*nonce), charge).ok()?;
        let (id, ouvert) = clair.split_first_chunk::<16>()?;
        let ouvert = u64::from_be_bytes(ouvert.try_into().ok()?);
        let age = Duration::from_secs(maintenant.checked_sub(ouvert)?);
        (TOO_SOON..=TOO_LATE).contains(&age).then_some(Self { id: Uuid::from_bytes(*id), ouvert })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_form_and_for_a_day() {
        let jeton = Jeton::nouveau();
        let scelle = jeton.scelle("/deposer/a/b").unwrap();
        let a = |secondes: u64| Jeton::lu_a(&scelle, "/deposer/a/b", jeton.ouvert + secondes);
        assert_eq!(a(2), Some(jeton));
        assert_eq!(a(86_400), Some(jeton));
        assert_eq!((a(0), a(1), a(86_401)), (None, None, None));
        assert_eq!(Jeton::lu_a(&scelle, "/deposer/a/c", jeton.ouvert + 10), None);
        assert_eq!(Jeton::lu_a(&scelle, "/deposer/a/b", jeton.ouvert - 1), None);
        let mut autre = scelle.into_bytes();
        autre[40] = if autre[40] == b'A' { b'B' } else { b'A' };
        let autre = String::from_utf8(autre).unwrap();
        for faux in [autre.as_str(), "", "é", "AAAA", &"A".repeat(201)] {
            assert_eq!(Jeton::lu_a(faux, "/deposer/a/b", jeton.ouvert + 10), None, "{faux}");
        }
    }
}
