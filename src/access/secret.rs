//! Secrets given once and kept as digests: sessions, tokens, links.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest as _, Sha256};

/// Bytes of chance in a secret.
const OCTETS: usize = 32;
/// Longest text looked up as a secret; longer is none of ours.
const MAX_TEXTE: usize = 128;

/// SHA-256 of a secret: what the database keeps. The secret has 256 bits of chance, so a plain digest is enough.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Empreinte([u8; 32]);

impl Empreinte {
    /// The digest of a text that may be a secret; `None` when it is too long to be one.
    #[must_use]
    pub fn de(texte: &str) -> Option<Self> {
        (!texte.is_empty() && texte.len() <= MAX_TEXTE).then(|| Self(Sha256::digest(texte.as_bytes()).into()))
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Empreinte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Empreinte(…)")
    }
}

/// A new secret and its digest. The text is shown once and kept nowhere.
///
/// # Errors
/// The system gives no chance.
pub fn nouveau(prefixe: &str) -> Result<(String, Empreinte), getrandom::Error> {
    let mut octets = [0_u8; OCTETS];
    getrandom::fill(&mut octets)?;
    let texte = format!("{prefixe}{}", BASE64URL_NOPAD.encode(&octets));
    let empreinte = Empreinte(Sha256::digest(texte.as_bytes()).into());
    Ok((texte, empreinte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_by_its_digest_and_shows_nothing() {
        let (texte, empreinte) = nouveau("fin_").unwrap();
        assert_eq!(Empreinte::de(&texte), Some(empreinte));
        assert_eq!(texte.len(), 4 + 43);
        assert_ne!(nouveau("").unwrap().0, nouveau("").unwrap().0);
        assert_eq!(format!("{empreinte:?}"), "Empreinte(…)");
        assert_eq!(Empreinte::de(&"a".repeat(MAX_TEXTE + 1)), None);
        assert_eq!(Empreinte::de(""), None);
    }
}
