//! An exact decimal, as text: money is no binary number.

use std::fmt;
use std::str::FromStr;

use crate::ExportError;

/// Digits of a decimal at most.
const MAX_CHIFFRES: usize = 200;
/// Digits that a binary number of 64 bits always gives back.
const CHIFFRES_REELS: usize = 15;

/// An exact decimal: a sign perhaps, digits, and a point with digits behind it perhaps.
///
/// ```
/// let prix: finage_export::Decimal = "-12.50".parse()?;
/// assert_eq!(prix.as_str(), "-12.50");
/// assert!("1e3".parse::<finage_export::Decimal>().is_err());
/// # Ok::<(), finage_export::ExportError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// The text, with a point.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest binary number.
    #[must_use]
    pub fn approche(&self) -> Option<f64> {
        self.0.parse().ok()
    }

    /// The binary number, when it gives the same value back.
    #[must_use]
    pub fn reel(&self) -> Option<f64> {
        let chiffres = self.0.bytes().filter(u8::is_ascii_digit).skip_while(|chiffre| *chiffre == b'0').count();
        self.approche().filter(|_| chiffres <= CHIFFRES_REELS)
    }
}

impl FromStr for Decimal {
    type Err = ExportError;

    fn from_str(texte: &str) -> Result<Self, ExportError> {
        let chiffres = texte.strip_prefix('-').unwrap_or(texte);
        let (entier, fraction) = chiffres.split_once('.').unwrap_or((chiffres, "0"));
        let bien = |partie: &str| !partie.is_empty() && partie.bytes().all(|octet| octet.is_ascii_digit());
        if bien(entier) && bien(fraction) && chiffres.len() <= MAX_CHIFFRES {
            Ok(Self(texte.to_owned()))
        } else {
            Err(ExportError::Decimal(texte.chars().take(40).collect()))
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
