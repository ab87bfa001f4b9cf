//! What XLSX and ODS share: parts of a ZIP, XML text, widths, the day numbers of dates.

use std::borrow::Cow;
use std::io::{Seek, Write};

use time::format_description::well_known::Rfc3339;
use time::macros::{date, format_description};
use time::{Date, OffsetDateTime, UtcOffset};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{Colonne, ExportError, Genre};

/// Rows of a sheet, its names aside.
pub(crate) const MAX_LIGNES: usize = 1_048_575;

/// How the spreadsheet is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether a last column `wkt` holds the geometry.
    pub wkt: bool,
}

/// Opens a part, dated 1980: the same rows give the same bytes.
pub(crate) fn partie<W: Write + Seek>(zip: &mut ZipWriter<W>, nom: &str) -> Result<(), ExportError> {
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    Ok(zip.start_file(nom, options.last_modified_time(zip::DateTime::default()))?)
}

/// A text within XML, every mark as a reference.
pub(crate) fn xml(texte: &str) -> Cow<'_, str> {
    let mut echappe = String::new();
    let mut fait = 0;
    for (at, caractere) in texte.char_indices() {
        let reference = match caractere {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\r' => "&#13;",
            _ => continue,
        };
        echappe.push_str(texte.get(fait..at).unwrap_or_default());
        echappe.push_str(reference);
        fait = at + caractere.len_utf8();
    }
    if fait == 0 {
        return Cow::Borrowed(texte);
    }
    echappe.push_str(texte.get(fait..).unwrap_or_default());
    Cow::Owned(echappe)
}

/// Whether XML 1.0 has no way to write the character.
pub(crate) fn interdit(caractere: char) -> bool {
    matches!(caractere, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

/// The name of the sheet: what Excel accepts of the title.
pub(crate) fn nom_de_feuille(titre: &str) -> String {
    let permis =
        |caractere: &char| !"[]:*?/\\".contains(*caractere) && !caractere.is_control() && !interdit(*caractere);
    let nom: String = titre.chars().filter(permis).take(31).collect();
    let nom = nom.trim().trim_matches('\'');
    if nom.is_empty() { "Feuille".to_owned() } else { nom.to_owned() }
}

/// The width of a column in characters: rows are not known when it is written.
pub(crate) fn largeur(colonne: &Colonne) -> usize {
    let valeur = match colonne.genre {
        Genre::Texte => 24,
        Genre::Entier | Genre::Booleen => 10,
        Genre::Reel | Genre::Decimal => 14,
        Genre::Date => 12,
        Genre::Instant => 20,
    };
    // Room for the arrow of the filter.
    (colonne.nom.chars().count() + 4).max(valeur)
}

/// Days since the end of 1899, as spreadsheets count from March 1900 on; before, they are a day off and it stays text.
pub(crate) fn rang_du_jour(jour: Date) -> Option<i32> {
    (jour >= date!(1900 - 03 - 01)).then(|| jour.to_julian_day() - date!(1899 - 12 - 30).to_julian_day())
}

/// The moment in RFC 3339, in its own offset.
pub(crate) fn rfc3339(instant: OffsetDateTime) -> String {
    // Years beyond 9999 and offsets with seconds, which it lacks, in the notation of the crate.
    instant.format(&Rfc3339).unwrap_or_else(|_| instant.to_string())
}

/// The moment as GeoPackage writes it: UTC, milliseconds.
pub(crate) fn utc_millis(instant: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    instant.to_offset(UtcOffset::UTC).format(format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_spreadsheets() {
        assert_eq!(rang_du_jour(date!(2026 - 05 - 03)), Some(46_145));
        assert_eq!(rang_du_jour(date!(1900 - 03 - 01)), Some(61));
        assert_eq!(rang_du_jour(date!(1900 - 02 - 28)), None);
        assert_eq!(nom_de_feuille("'Concessions : état [2026]/*"), "Concessions  état 2026");
        assert_eq!(nom_de_feuille("::"), "Feuille");
        assert_eq!(xml("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
    }
}
