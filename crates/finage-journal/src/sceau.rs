//! A seal: 32 bytes, written in hexadecimal.

use std::fmt;

/// HMAC-SHA-256 of a line and of the seal before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sceau(pub [u8; 32]);

impl Sceau {
    /// What stands before the first line.
    pub const ORIGINE: Self = Self([0; 32]);

    /// The seal of these bytes; none unless there are 32.
    #[must_use]
    pub fn from_bytes(octets: &[u8]) -> Option<Self> {
        octets.try_into().ok().map(Self)
    }

    /// The seal written as 64 hexadecimal digits; none for anything else.
    #[must_use]
    pub fn from_hex(texte: &str) -> Option<Self> {
        let chiffre = |octet: u8| char::from(octet).to_digit(16).and_then(|valeur| u8::try_from(valeur).ok());
        let mut octets = [0; 32];
        if texte.len() != 2 * octets.len() {
            return None;
        }
        for (octet, paire) in octets.iter_mut().zip(texte.as_bytes().chunks_exact(2)) {
            *octet = chiffre(paire[0])? << 4 | chiffre(paire[1])?;
        }
        Some(Self(octets))
    }
}

impl fmt::Display for Sceau {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl fmt::Debug for Sceau {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sceau({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_goes_both_ways() {
        let sceau = Sceau(std::array::from_fn(|rang| u8::try_from(rang * 8).unwrap()));
        assert_eq!(Sceau::from_hex(&sceau.to_string()), Some(sceau));
        assert_eq!(Sceau::from_hex(&sceau.to_string().to_uppercase()), Some(sceau));
        for wrong in ["", "00", &"g".repeat(64), &"é".repeat(32), &"0".repeat(66)] {
            assert_eq!(Sceau::from_hex(wrong), None, "{wrong}");
        }
    }
}
