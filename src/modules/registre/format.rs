//! How a number is written: « {year}-{seq:4} » makes « 2026-0451 ».

use std::fmt;

use thiserror::Error;

/// Characters of a format at most.
const MAX_CARACTERES: usize = 60;
/// Digits that a number may be padded to.
const MAX_LARGEUR: u8 = 9;

/// A way to write numbers: literals, one number, the year if it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    avant: Vec<Partie>,
    largeur: u8,
    apres: Vec<Partie>,
}

/// What stands around the number.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Partie {
    Texte(String),
    Annee,
    AnneeCourte,
}

/// A format that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FormatError {
    /// Too long.
    #[error("ce format de numéro dépasse {MAX_CARACTERES} caractères ; raccourcissez-le")]
    TropLong,
    /// A control character.
    #[error("ce format de numéro contient un caractère de commande ; retirez-le")]
    Commande,
    /// A brace that opens or closes nothing.
    #[error(
        "une accolade de ce format de numéro n'a pas sa pareille ; écrivez {{year}}, {{year:2}}, {{seq}} ou {{seq:4}}"
    )]
    Accolade,
    /// What braces hold is not known.
    #[error(
        "« {{{0}}} » n'est pas connu dans un format de numéro ; écrivez {{year}}, {{year:2}}, {{seq}} ou {{seq:4}}"
    )]
    Inconnu(String),
    /// No number, or two.
    #[error("un format de numéro contient une fois {{seq}}, avec ou sans largeur ({{seq:4}})")]
    Seq,
    /// A series that starts again each year writes it, or two numbers would read the same.
    #[error("ce registre recommence chaque année : son format contient {{year}} ou {{year:2}}")]
    SansAnnee,
}

impl Format {
    /// Reads a format.
    ///
    /// # Errors
    /// It is too long, or holds something else than literals, one `{seq}` and years.
    pub fn parse(texte: &str) -> Result<Self, FormatError> {
        if texte.chars().count() > MAX_CARACTERES {
            return Err(FormatError::TropLong);
        }
        if texte.chars().any(char::is_control) {
            return Err(FormatError::Commande);
        }
        let (mut avant, mut apres, mut largeur) = (Vec::new(), Vec::new(), None);
        let mut reste = texte;
        while !reste.is_empty() {
            let cote = if largeur.is_none() { &mut avant } else { &mut apres };
            let Some(dedans) = reste.strip_prefix('{') else {
                let fin = reste.find(['{', '}']).unwrap_or(reste.len());
                let (litteral, suite) = reste.split_at(fin);
                if litteral.is_empty() {
                    return Err(FormatError::Accolade);
                }
                cote.push(Partie::Texte(litteral.to_owned()));
                reste = suite;
                continue;
            };
            let (nom, suite) = dedans.split_once('}').ok_or(FormatError::Accolade)?;
            match nom {
                "year" => cote.push(Partie::Annee),
                "year:2" => cote.push(Partie::AnneeCourte),
                _ => {
                    let lue = sequence(nom).ok_or_else(|| FormatError::Inconnu(nom.to_owned()))?;
                    if largeur.replace(lue).is_some() {
                        return Err(FormatError::Seq);
                    }
                }
            }
            reste = suite;
        }
        Ok(Self { avant, largeur: largeur.ok_or(FormatError::Seq)?, apres })
    }

    /// Whether it writes the year.
    #[must_use]
    pub fn annuel(&self) -> bool {
        self.avant.iter().chain(&self.apres).any(|partie| !matches!(partie, Partie::Texte(_)))
    }

    /// Digits that numbers are padded to, with zeros before; longer ones are written whole.
    #[must_use]
    pub fn largeur(&self) -> u8 {
        self.largeur
    }

    /// What stands before the number and after it, that year.
    #[must_use]
    pub fn autour(&self, annee: i32) -> (String, String) {
        (rendues(&self.avant, annee), rendues(&self.apres, annee))
    }

    /// The year and the number that a text writes; a format without year gives the year 1900.
    #[must_use]
    pub fn lit(&self, libelle: &str) -> Option<(i32, i32)> {
        let (annee, reste) = mange(&self.avant, libelle)?;
        let fin = reste.find(|lettre: char| !lettre.is_ascii_digit()).unwrap_or(reste.len());
        // Digits of a year may follow those of the number: they are counted from the end.
        (1..=fin).rev().find_map(|coupe| {
            let (chiffres, suite) = reste.split_at(coupe);
            let (autre, reste) = mange(&self.apres, suite)?;
            let numero: i32 = chiffres.parse().ok().filter(|numero| *numero > 0)?;
            let annee = annee.or(autre).unwrap_or(1900);
            (reste.is_empty() && self.libelle(annee, numero) == libelle).then_some((annee, numero))
        })
    }

    /// A number as it is written.
    #[must_use]
    pub fn libelle(&self, annee: i32, numero: i32) -> String {
        let (avant, apres) = self.autour(annee);
        format!("{avant}{numero:0largeur$}{apres}", largeur = usize::from(self.largeur))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.avant.iter().try_for_each(|partie| partie.fmt(f))?;
        match self.largeur {
            1 => f.write_str("{seq}")?,
            largeur => write!(f, "{{seq:{largeur}}}")?,
        }
        self.apres.iter().try_for_each(|partie| partie.fmt(f))
    }
}

impl fmt::Display for Partie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Texte(texte) => texte,
            Self::Annee => "{year}",
            Self::AnneeCourte => "{year:2}",
        })
    }
}

/// The width of « seq » or « seq:4 ».
fn sequence(nom: &str) -> Option<u8> {
    let suite = nom.strip_prefix("seq")?;
    if suite.is_empty() {
        return Some(1);
    }
    let largeur = suite.strip_prefix(':').filter(|chiffres| chiffres.len() == 1)?.parse().ok()?;
    (1..=MAX_LARGEUR).contains(&largeur).then_some(largeur)
}

/// The year that these parts read, and what is left; two digits are of the century that they are nearest to.
fn mange<'a>(parties: &[Partie], texte: &'a str) -> Option<(Option<i32>, &'a str)> {
    let (mut annee, mut reste) = (None, texte);
    for partie in parties {
        let chiffres = match partie {
            Partie::Texte(litteral) => {
                reste = reste.strip_prefix(litteral.as_str())?;
                continue;
            }
            Partie::Annee => 4,
            Partie::AnneeCourte => 2,
        };
        let lue: i32 =
            reste.get(..chiffres).filter(|lus| lus.bytes().all(|octet| octet.is_ascii_digit()))?.parse().ok()?;
        let lue = match partie {
            Partie::AnneeCourte if lue < 70 => 2000 + lue,
            Partie::AnneeCourte => 1900 + lue,
            _ => lue,
        };
        annee = annee.or(Some(lue));
        reste = reste.get(chiffres..)?;
    }
    Some((annee, reste))
}

fn rendues(parties: &[Partie], annee: i32) -> String {
    let rendue = |partie: &Partie| match partie {
        Partie::Texte(litteral) => litteral.clone(),
        Partie::Annee => format!("{annee:04}"),
        Partie::AnneeCourte => format!("{:02}", annee.rem_euclid(100)),
    };
    parties.iter().map(rendue).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_read_as_their_format_says() {
        for (format, annee, numero, attendu) in [
            ("{year}-{seq:4}", 2026, 451, "2026-0451"),
            ("{seq}", 2026, 7, "7"),
            ("{seq:3}", 2026, 12_345, "12345"),
            ("OT{year:2}/{seq:3} bis", 2005, 9, "OT05/009 bis"),
            ("n° {seq} de {year}", 2026, 1, "n° 1 de 2026"),
        ] {
            assert_eq!(Format::parse(format).unwrap().libelle(annee, numero), attendu, "{format}");
        }
        assert!(Format::parse("{seq}/{year:2}").unwrap().annuel());
        assert!(!Format::parse("OT-{seq}").unwrap().annuel());
    }

    #[test]
    fn what_is_no_format_is_refused() {
        for (format, refus) in [
            ("", FormatError::Seq),
            ("{year}", FormatError::Seq),
            ("{seq}{seq:2}", FormatError::Seq),
            ("{seq", FormatError::Accolade),
            ("seq}", FormatError::Accolade),
            ("{seq}}", FormatError::Accolade),
            ("{{seq}}", FormatError::Inconnu("{seq".into())),
            ("{seq:0}", FormatError::Inconnu("seq:0".into())),
            ("{seq:12}", FormatError::Inconnu("seq:12".into())),
            ("{seq:+}", FormatError::Inconnu("seq:+".into())),
            ("{year:4}{seq}", FormatError::Inconnu("year:4".into())),
            ("{}{seq}", FormatError::Inconnu(String::new())),
            ("a\u{0}{seq}", FormatError::Commande),
            (&"é".repeat(61), FormatError::TropLong),
        ] {
            assert_eq!(Format::parse(format), Err(refus), "{format}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_written_back(texte in "[{}a-z:0-9é/ -]{0,30}|([{]seq[}]|[{]year(:2)?[}]|-){0,6}") {
            if let Ok(format) = Format::parse(&texte) {
                prop_assert_eq!(Format::parse(&format.to_string()), Ok(format));
            }
        }

        #[test]
        fn a_number_written_is_read_back(
            format in prop::sample::select(vec!["{year}-{seq:4}", "{seq}{year}", "{year:2}{seq}", "A{seq:2}-{year:2}"]),
            annee in 1990..2060,
            numero in 1..1_000_000,
        ) {
            let format = Format::parse(format).unwrap();
            prop_assert_eq!(format.lit(&format.libelle(annee, numero)), Some((annee, numero)));
        }

        #[test]
        fn two_numbers_never_read_the_same(
            format in prop::sample::select(vec!["{year}-{seq:4}", "{seq}{year}", "{year:2}{seq}", "A{seq:2}-{year:2}"]),
            (annee, autre) in (2000..2100, 2000..2100),
            (numero, suivant) in (1..i32::MAX, 1..i32::MAX),
        ) {
            let format = Format::parse(format).unwrap();
            let memes = (annee, numero) == (autre, suivant);
            prop_assert_eq!(format.libelle(annee, numero) == format.libelle(autre, suivant), memes);
        }
    }
}
