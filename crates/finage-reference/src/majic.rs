//! The keys the tax administration gives to a parcel: MAJIC (15 characters) and INSPIRE (`FR` + 15).

use crate::code::{display_stored, fixed_code};
use crate::error::quoted;
use crate::{Idu, Insee, ReferenceError};

fixed_code! {
    /// Direction code (`ccodir`), one digit: 0 nearly everywhere; 1 or 2 in départements 13, 59, 92,
    /// 4 to 8 in 75, and the third character of the département overseas.
    Ccodir, 1, Ccodir, check
}
display_stored!(Ccodir);

impl Ccodir {
    /// The direction of most départements.
    pub const ZERO: Self = Self(*b"0");

    /// The direction when the commune's code is enough to know it; `None` where a département has several.
    #[must_use]
    pub fn of(insee: Insee) -> Option<Self> {
        match insee.ccodep() {
            "13" | "59" | "75" | "92" => None,
            "97" | "98" => Some(Self([insee.0[2]])),
            _ => Some(Self::ZERO),
        }
    }
}

fn check(text: &str) -> Option<[u8; 1]> {
    let code: [u8; 1] = text.as_bytes().try_into().ok()?;
    code[0].is_ascii_digit().then_some(code)
}

impl Idu {
    /// The parcel of a MAJIC key: ccodep (2) + ccodir (1) + ccocom (3) + ccopre (3) + ccosec (2) + dnupla (4).
    ///
    /// MAJIC leaves an absent prefix and the first place of a one-letter section blank; both read as zeros.
    ///
    /// # Errors
    /// [`ReferenceError::MajicKey`] when the 15 characters are not such a key.
    pub fn from_majic_key(key: &str) -> Result<(Self, Ccodir), ReferenceError> {
        majic(key).ok_or_else(|| ReferenceError::MajicKey(quoted(key)))
    }

    /// The MAJIC key of the parcel, 15 characters without blanks.
    #[must_use]
    pub fn majic_key(&self, ccodir: Ccodir) -> String {
        let (ccodep, rest) = self.as_str().split_at(2);
        format!("{ccodep}{ccodir}{rest}")
    }

    /// The parcel of an INSPIRE identifier, `FR` followed by the MAJIC key.
    ///
    /// # Errors
    /// [`ReferenceError::Inspire`] when the 17 characters are not such an identifier.
    pub fn from_inspire_id(id: &str) -> Result<(Self, Ccodir), ReferenceError> {
        let refused = || ReferenceError::Inspire(quoted(id));
        let (country, key) = id.split_at_checked(2).ok_or_else(refused)?;
        if !country.eq_ignore_ascii_case("FR") {
            return Err(refused());
        }
        majic(key).ok_or_else(refused)
    }

    /// The INSPIRE identifier of the parcel: `FR` followed by the MAJIC key.
    #[must_use]
    pub fn inspire_id(&self, ccodir: Ccodir) -> String {
        format!("FR{}", self.majic_key(ccodir))
    }
}

fn majic(key: &str) -> Option<(Idu, Ccodir)> {
    if key.len() != 15 || !key.is_ascii() {
        return None;
    }
    let ccodir = key.get(2..3)?.parse().ok()?;
    let prefixe = key.get(6..9).map(|blank| if blank.trim().is_empty() { "000" } else { blank })?;
    let section = key.get(9..11)?.replacen(' ', "0", 1);
    let idu = format!("{}{}{prefixe}{section}{}", key.get(..2)?, key.get(3..6)?, key.get(11..)?);
    Some((idu.parse().ok()?, ccodir))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::composed::tests::any_idu;
    use proptest::prelude::*;

    #[test]
    fn the_direction_is_dropped() {
        for (key, idu) in [
            ("132004000AB0145", "13004000AB0145"),
            ("750101000AB0001", "75101000AB0001"),
            ("971101000AB0001", "97101000AB0001"),
            ("690114    B0794", "691140000B0794"),
            ("2A0004000AB0012", "2A004000AB0012"),
        ] {
            assert_eq!(Idu::from_majic_key(key).unwrap().0.as_str(), idu, "{key}");
        }
        for bad in ["", "13004000AB0145", "13X004000AB0145", "130004 00AB0145", "130004000A 0145", "130004000ABé145"] {
            assert!(Idu::from_majic_key(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_direction_is_known_where_there_is_one() {
        let of = |code: &str| Ccodir::of(code.parse().unwrap()).map(|ccodir| ccodir.to_string());
        assert_eq!(of("25354").as_deref(), Some("0"));
        assert_eq!(of("97411").as_deref(), Some("4"));
        assert_eq!(of("13004"), None);
    }

    proptest! {
        #[test]
        fn majic_and_inspire_round_trip(idu in any_idu(), direction in 0_u8..=9) {
            let ccodir: Ccodir = direction.to_string().parse().unwrap();
            prop_assert_eq!(Idu::from_majic_key(&idu.majic_key(ccodir)).unwrap(), (idu, ccodir));
            prop_assert_eq!(Idu::from_inspire_id(&idu.inspire_id(ccodir)).unwrap(), (idu, ccodir));
        }

        #[test]
        fn no_text_panics(text in ".{0,20}") {
            let _ = (Idu::from_majic_key(&text), Idu::from_inspire_id(&text));
        }
    }
}
