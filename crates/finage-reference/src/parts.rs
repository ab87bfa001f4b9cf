//! The three parts that follow the commune in a parcel's reference: prefix, section, number.

use std::fmt;

use crate::code::{display_stored, fixed_code};

fixed_code! {
    /// Section prefix: 3 digits. `000` in most communes; elsewhere the code of an absorbed commune,
    /// or a *quartier* (Toulouse, Marseille).
    Prefixe, 3, Prefixe, check_prefixe
}
display_stored!(Prefixe);

fixed_code! {
    /// Section: stored on 2 characters (`AB`, `0A`, and `12` in Alsace-Moselle).
    ///
    /// `A` and `1` are accepted on the way in and padded; shown without the leading zero.
    Section, 2, Section, check_section
}

fixed_code! {
    /// Parcel number: stored on 4 digits, 1 to 9999. Accepted and shown without leading zeros.
    Numero, 4, Numero, check_numero
}

impl Prefixe {
    /// The prefix of a commune that absorbed none: `000`.
    pub const NONE: Self = Self(*b"000");

    /// Whether the reference is shown without it.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }
}

impl Section {
    /// Whether the section is numbered instead of lettered, as in Alsace-Moselle.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        self.0[1].is_ascii_digit()
    }

    /// The form people read: `AB`, `A`, `12`, `1`.
    #[must_use]
    pub fn short(&self) -> &str {
        self.as_str().strip_prefix('0').unwrap_or(self.as_str())
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.short())
    }
}

impl Numero {
    /// The number itself, 1 to 9999.
    #[must_use]
    pub fn value(&self) -> u16 {
        self.0.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0'))
    }

    /// The form people read: `145`.
    #[must_use]
    pub fn short(&self) -> &str {
        self.as_str().trim_start_matches('0')
    }
}

impl fmt::Display for Numero {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.short())
    }
}

impl TryFrom<u16> for Numero {
    type Error = crate::ReferenceError;

    fn try_from(value: u16) -> Result<Self, Self::Error> {
        value.to_string().parse()
    }
}

pub(crate) fn check_prefixe(text: &str) -> Option<[u8; 3]> {
    let code: [u8; 3] = text.as_bytes().try_into().ok()?;
    code.iter().all(u8::is_ascii_digit).then_some(code)
}

pub(crate) fn check_section(text: &str) -> Option<[u8; 2]> {
    let mut code = match *text.as_bytes() {
        [single] => [b'0', single],
        [first, second] => [first, second],
        _ => return None,
    };
    code.make_ascii_uppercase();
    let [first, second] = code;
    let lettered = (first == b'0' || first.is_ascii_uppercase()) && second.is_ascii_uppercase();
    let numbered = first.is_ascii_digit() && second.is_ascii_digit() && code != *b"00";
    (lettered || numbered).then_some(code)
}

pub(crate) fn check_numero(text: &str) -> Option<[u8; 4]> {
    let digits = text.as_bytes();
    if digits.is_empty() || digits.len() > 4 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut code = *b"0000";
    code[4 - digits.len()..].copy_from_slice(digits);
    (code != *b"0000").then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_padded_and_shown_short() {
        for (typed, stored, shown) in
            [("A", "0A", "A"), ("0a", "0A", "A"), ("ab", "AB", "AB"), ("12", "12", "12"), ("1", "01", "1")]
        {
            let section: Section = typed.parse().unwrap();
            assert_eq!((section.as_str(), section.to_string().as_str()), (stored, shown));
        }
        for bad in ["", "00", "0", "ABC", "1A", "A1", "é", "-A"] {
            assert!(bad.parse::<Section>().is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_are_padded_and_shown_short() {
        let numero: Numero = "145".parse().unwrap();
        assert_eq!((numero.as_str(), numero.to_string().as_str(), numero.value()), ("0145", "145", 145));
        assert_eq!(Numero::try_from(9999).unwrap().as_str(), "9999");
        for bad in ["", "0", "0000", "12345", "1a", "-1", "+1"] {
            assert!(bad.parse::<Numero>().is_err(), "{bad}");
        }
        assert!(Numero::try_from(0).is_err());
    }

    #[test]
    fn a_wrong_section_is_said_in_french() {
        let error = "ABC\n".parse::<Section>().unwrap_err();
        assert!(error.to_string().starts_with("« ABC  » n'est pas une section cadastrale"), "{error}");
    }
}
