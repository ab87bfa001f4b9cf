//! The texts that cells of an XLSX share, one after the other in one string.

use std::io::BufRead;

use quick_xml::events::Event;

use super::xml::{Xml, ajoute, local, nom};
use crate::Limites;
use crate::error::{Cause, ImportError};

#[derive(Debug, Default)]
pub(super) struct Partages {
    textes: String,
    fins: Vec<usize>,
}

impl Partages {
    pub(super) fn lire(flux: impl BufRead, limites: &Limites) -> Result<Self, ImportError> {
        let mut xml = Xml::new(flux, "la liste des textes");
        let mut partages = Self::default();
        let (mut texte, mut dans, mut phonetique) = (String::new(), false, false);
        while let Some(evenement) = xml.suivant()? {
            match &evenement {
                Event::Start(element) => match nom(element) {
                    "si" => texte.clear(),
                    "t" => dans = !phonetique,
                    // How to pronounce the text: not the text.
                    "rPh" => phonetique = true,
                    _ => {}
                },
                Event::End(element) => match local(element.name().into_inner()) {
                    "si" => {
                        partages.textes.push_str(&decode(&texte));
                        partages.fins.push(partages.textes.len());
                    }
                    "t" => dans = false,
                    "rPh" => phonetique = false,
                    _ => {}
                },
                morceau if dans && !ajoute(&mut texte, morceau, limites.cellule) => {
                    return Err(Cause::TropGros { quoi: "une cellule", limite: limites.cellule as u64 }.into());
                }
                _ => {}
            }
            if partages.textes.len() + partages.fins.len() * size_of::<usize>() > limites.memoire {
                return Err(Cause::TropGros { quoi: "l'ensemble des textes", limite: limites.memoire as u64 }.into());
            }
        }
        Ok(partages)
    }

    pub(super) fn texte(&self, rang: usize) -> Option<&str> {
        let fin = *self.fins.get(rang)?;
        let debut = rang.checked_sub(1).and_then(|avant| self.fins.get(avant)).copied().unwrap_or(0);
        self.textes.get(debut..fin)
    }
}

/// A text whose control characters are written `_x000D_` (ECMA-376, part 1, 22.4.2.4, `ST_Xstring`).
pub(super) fn decode(texte: &str) -> String {
    let mut lu = String::with_capacity(texte.len());
    let mut reste = texte;
    while let Some(at) = reste.find("_x") {
        let (avant, suite) = reste.split_at(at);
        lu.push_str(avant);
        let code = suite.get(2..6).filter(|code| code.bytes().all(|octet| octet.is_ascii_hexdigit()));
        let code = code.filter(|_| suite.as_bytes().get(6) == Some(&b'_'));
        let caractere = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let pris = if let Some(caractere) = caractere {
            lu.push(caractere);
            7
        } else {
            lu.push_str("_x");
            2
        };
        reste = suite.get(pris..).unwrap_or_default();
    }
    lu.push_str(reste);
    lu
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read() {
        for (ecrit, lu) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x00", "_x00"),
            ("_xZZZZ_", "_xZZZZ_"),
            ("_xD800_", "_xD800_"),
            ("é_x", "é_x"),
        ] {
            assert_eq!(decode(ecrit), lu);
        }
    }
}
