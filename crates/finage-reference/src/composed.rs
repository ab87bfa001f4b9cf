//! Identifiers made of a commune, a prefix, a section and more: section, feuille, parcel.

use crate::code::{display_stored, fixed_code};
use crate::{Insee, Numero, Prefixe, ReferenceError, Section, insee, parts};

fixed_code! {
    /// Section identifier: INSEE (5) + prefix (3) + section (2), `13004000AB`.
    SectionId, 10, SectionId, check_section_id
}
display_stored!(SectionId);

fixed_code! {
    /// Feuille (plan sheet) identifier: section identifier (10) + feuille (2 digits), `13004000AB01`.
    FeuilleId, 12, FeuilleId, check_feuille_id
}
display_stored!(FeuilleId);

fixed_code! {
    /// Parcel identifier: section identifier (10) + number (4), `13004000AB0145`.
    Idu, 14, Idu, check_idu
}
display_stored!(Idu);

/// Copies a part that was checked with the whole; widths are known when this is compiled.
fn slice<const N: usize>(bytes: &[u8], start: usize) -> [u8; N] {
    std::array::from_fn(|i| bytes[start + i])
}

macro_rules! section_parts {
    ($name:ident) => {
        impl $name {
            /// The commune.
            #[must_use]
            pub fn insee(&self) -> Insee {
                Insee(slice(&self.0, 0))
            }

            /// The section prefix.
            #[must_use]
            pub fn prefixe(&self) -> Prefixe {
                Prefixe(slice(&self.0, 5))
            }

            /// The section, without its prefix.
            #[must_use]
            pub fn section(&self) -> Section {
                Section(slice(&self.0, 8))
            }

            /// The same object under the one code of its commune (see [`Insee::canonique`]).
            #[must_use]
            pub fn canonique(&self) -> Self {
                let mut code = self.0;
                code[..5].copy_from_slice(&self.insee().canonique().0);
                Self(code)
            }
        }
    };
}
section_parts!(SectionId);
section_parts!(FeuilleId);
section_parts!(Idu);

impl SectionId {
    /// Joins the parts.
    #[must_use]
    pub fn new(insee: Insee, prefixe: Prefixe, section: Section) -> Self {
        let mut code = [0; 10];
        code[..5].copy_from_slice(&insee.0);
        code[5..8].copy_from_slice(&prefixe.0);
        code[8..].copy_from_slice(&section.0);
        Self(code)
    }

    /// The form people read: `AB`, or `103 AB` under a prefix.
    #[must_use]
    pub fn reference(&self) -> String {
        let (prefixe, section) = (self.prefixe(), self.section());
        if prefixe.is_none() { section.to_string() } else { format!("{prefixe} {section}") }
    }
}

impl FeuilleId {
    /// Joins a section and the two digits of a feuille.
    ///
    /// # Errors
    /// [`ReferenceError::FeuilleId`] when `feuille` is not two digits.
    pub fn new(section: SectionId, feuille: &str) -> Result<Self, ReferenceError> {
        format!("{section}{feuille}").parse()
    }

    /// The section the feuille belongs to.
    #[must_use]
    pub fn section_id(&self) -> SectionId {
        SectionId(slice(&self.0, 0))
    }

    /// The two digits of the feuille within its section.
    #[must_use]
    pub fn feuille(&self) -> &str {
        self.as_str().get(10..).unwrap_or_default()
    }
}

impl Idu {
    /// Joins the parts.
    #[must_use]
    pub fn new(section: SectionId, numero: Numero) -> Self {
        let mut code = [0; 14];
        code[..10].copy_from_slice(&section.0);
        code[10..].copy_from_slice(&numero.0);
        Self(code)
    }

    /// The section the parcel belongs to.
    #[must_use]
    pub fn section_id(&self) -> SectionId {
        SectionId(slice(&self.0, 0))
    }

    /// The parcel's number within its section.
    #[must_use]
    pub fn numero(&self) -> Numero {
        Numero(slice(&self.0, 10))
    }

    /// The form people read within a commune: `AB 145`, or `103 AB 12` under a prefix.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{} {}", self.section_id().reference(), self.numero())
    }
}

fn check_section_id(text: &str) -> Option<[u8; 10]> {
    // The whole is of fixed width: a short section ("A") or number ("145") has no place inside it.
    if text.len() != 10 || !text.is_ascii() {
        return None;
    }
    let mut code = [0; 10];
    code[..5].copy_from_slice(&insee::check(text.get(..5)?)?);
    code[5..8].copy_from_slice(&parts::check_prefixe(text.get(5..8)?)?);
    code[8..].copy_from_slice(&parts::check_section(text.get(8..)?)?);
    Some(code)
}

fn check_feuille_id(text: &str) -> Option<[u8; 12]> {
    let feuille = text.get(10..).filter(|digits| digits.len() == 2)?.as_bytes();
    let mut code = [0; 12];
    code[..10].copy_from_slice(&check_section_id(text.get(..10)?)?);
    code[10..].copy_from_slice(feuille);
    feuille.iter().all(u8::is_ascii_digit).then_some(code)
}

fn check_idu(text: &str) -> Option<[u8; 14]> {
    let numero = text.get(10..).filter(|digits| digits.len() == 4)?;
    let mut code = [0; 14];
    code[..10].copy_from_slice(&check_section_id(text.get(..10)?)?);
    code[10..].copy_from_slice(&parts::check_numero(numero)?);
    Some(code)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any parcel identifier: metropolitan, Corsican, overseas; lettered or numbered section.
    pub(crate) fn any_idu() -> impl Strategy<Value = Idu> {
        let commune = prop_oneof![4 => "(0[1-9]|1[0-9]|2[1-9]|[3-8][0-9]|9[0-5])[0-9]{2}[1-9]", 1 => "2[AB][0-9]{2}[1-9]", 1 => "97[1-6][0-9]{2}"];
        let prefixe = prop_oneof![2 => Just("000".to_owned()), 1 => "[0-9]{3}"];
        let section = prop_oneof![3 => "[A-Z]{2}", 1 => "0[A-Z]", 1 => "[0-9][1-9]"];
        (commune, prefixe, section, 1_u16..=9999).prop_map(|(c, p, s, n)| format!("{c}{p}{s}{n:04}").parse().unwrap())
    }

    #[test]
    fn an_idu_is_shown_as_people_read_it() {
        for (idu, shown) in [
            ("13004000AB0145", "AB 145"),
            ("130040000A0012", "A 12"),
            ("69114103AB0012", "103 AB 12"),
            ("67482000120345", "12 345"),
        ] {
            assert_eq!(idu.parse::<Idu>().unwrap().reference(), shown);
        }
    }

    #[test]
    fn fixed_widths_refuse_short_parts() {
        for bad in [
            "13004000A0145",
            "13004000AB145",
            "13004000AB01455",
            "13004000AB0000",
            "1300400 AB0145",
            "13004000ÀB145",
            "",
        ] {
            assert!(bad.parse::<Idu>().is_err(), "{bad}");
        }
        assert!("13004000AB0A".parse::<FeuilleId>().is_err());
        assert!("13004000AB1".parse::<FeuilleId>().is_err());
    }

    #[test]
    fn a_wrong_idu_is_refused_by_serde() {
        assert!(serde_json::from_str::<Idu>("\"13004000AB0145\"").is_ok());
        assert!(serde_json::from_str::<Idu>("\"13004000AB014\"").is_err());
    }

    proptest! {
        #[test]
        fn idu_round_trips(idu in any_idu()) {
            prop_assert_eq!(idu.to_string().parse::<Idu>().unwrap(), idu);
            prop_assert_eq!(idu.as_str().to_lowercase().parse::<Idu>().unwrap(), idu);
            prop_assert_eq!(Idu::new(SectionId::new(idu.insee(), idu.prefixe(), idu.section()), idu.numero()), idu);
            let json = serde_json::to_string(&idu).unwrap();
            prop_assert_eq!(serde_json::from_str::<Idu>(&json).unwrap(), idu);
            prop_assert_eq!(Numero::try_from(idu.numero().value()).unwrap(), idu.numero());
            let feuille = FeuilleId::new(idu.section_id(), "03").unwrap();
            prop_assert_eq!(feuille.as_str().parse::<FeuilleId>().unwrap().section_id(), idu.section_id());
        }

        #[test]
        fn order_is_that_of_the_text(a in any_idu(), b in any_idu()) {
            prop_assert_eq!(a.cmp(&b), a.as_str().cmp(b.as_str()));
        }

        #[test]
        fn no_text_panics(text in ".{0,24}") {
            let _ = (text.parse::<Idu>(), text.parse::<FeuilleId>(), text.parse::<SectionId>());
            let _ = (text.parse::<Insee>(), text.parse::<Prefixe>(), text.parse::<Section>(), text.parse::<Numero>());
        }
    }
}
