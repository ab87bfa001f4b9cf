//! Which styles of an XLSX show a number as a date: the file has no other way to say it.

use std::collections::HashMap;
use std::io::BufRead;

use quick_xml::events::Event;

use super::xml::{Xml, attribut, nom};
use crate::error::{Cause, ImportError};

/// Styles of a file at most.
const MAX_STYLES: usize = 100_000;

/// For each style, whether it shows dates.
#[derive(Debug, Default)]
pub(super) struct Dates(Vec<bool>);

impl Dates {
    pub(super) fn lire(flux: impl BufRead) -> Result<Self, ImportError> {
        let mut xml = Xml::new(flux, "la feuille de styles");
        let (mut codes, mut styles, mut dans) = (HashMap::new(), Vec::new(), false);
        while let Some(evenement) = xml.suivant()? {
            match &evenement {
                Event::Start(element) => match nom(element) {
                    "numFmt" => {
                        let code = attribut(element, "formatCode").unwrap_or_default();
                        codes.insert(attribut(element, "numFmtId").unwrap_or_default(), est_une_date(&code));
                    }
                    "cellXfs" => dans = true,
                    "xf" if dans => {
                        let format = attribut(element, "numFmtId").unwrap_or_default();
                        let date = codes.get(&format).copied().unwrap_or_else(|| est_connue(&format));
                        styles.push(date);
                    }
                    _ => {}
                },
                Event::End(element) if super::xml::local(element.name().into_inner()) == "cellXfs" => dans = false,
                _ => {}
            }
            if styles.len() > MAX_STYLES || codes.len() > MAX_STYLES {
                return Err(Cause::TropGros { quoi: "le nombre de styles", limite: MAX_STYLES as u64 }.into());
            }
        }
        Ok(Self(styles))
    }

    pub(super) fn est(&self, style: Option<&str>) -> bool {
        style.and_then(|style| style.parse().ok()).and_then(|style: usize| self.0.get(style)).copied().unwrap_or(false)
    }
}

/// Formats that the standard numbers (ECMA-376, part 1, 18.8.30).
fn est_connue(format: &str) -> bool {
    matches!(format.parse(), Ok(14..=22_u32 | 27..=36 | 45..=47 | 50..=58))
}

/// A code of a date has letters of one outside of quotations, colours and escapes: `dd/mm/yyyy`, `[$-40C]d mmmm yyyy`.
fn est_une_date(code: &str) -> bool {
    let mut caracteres = code.chars();
    while let Some(caractere) = caracteres.next() {
        match caractere {
            '"' => while caracteres.next().is_some_and(|c| c != '"') {},
            '[' => while caracteres.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => drop(caracteres.next()),
            // Only the first of the sections is that of positive numbers.
            ';' => return false,
            'd' | 'm' | 'y' | 'h' | 's' | 'D' | 'M' | 'Y' | 'H' | 'S' => {
                // « General » and « Standard » have such letters.
                return !code.to_lowercase().starts_with("general") && !code.to_lowercase().starts_with("standard");
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_dates_are_told_from_codes_of_numbers() {
        for code in ["dd/mm/yyyy", "[$-40C]d mmmm yyyy;@", "yyyy-mm-dd hh:mm", "h:mm"] {
            assert!(est_une_date(code), "{code}");
        }
        for code in ["0.00", "#,##0\\ \"jours d'arrêt\"", "General", "[Red]0", "0_d", "@", "0;\"mm\"", "[h]"] {
            assert!(!est_une_date(code), "{code}");
        }
    }
}
