//! CSV for spreadsheets: UTF-8, `;`, decimal comma, and no cell that a spreadsheet would run as a formula.

use std::io::Write;

use crate::tableur::rfc3339;
use crate::wkt;
use crate::{ExportError, Ligne, Table, Valeur};

/// Characters at the head of a cell that spreadsheets take for a formula (OWASP, « CSV Injection »).
const FORMULES: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether the file opens with a byte order mark: without it spreadsheets read accents wrong.
    pub bom: bool,
    /// Decimal separator of numbers; that of well-known text is always a point.
    pub decimale: char,
    /// Whether a last column `wkt` holds the geometry.
    pub wkt: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { bom: true, decimale: ',', wkt: false }
    }
}

/// Writes the table; gives the number of rows.
///
/// # Errors
/// A row that does not fit, or the file can't be written.
pub fn ecrire(
    mut out: impl Write,
    table: &Table,
    lignes: impl IntoIterator<Item = Ligne>,
    options: Options,
) -> Result<usize, ExportError> {
    if options.bom {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut csv = ::csv::WriterBuilder::new().delimiter(b';').terminator(::csv::Terminator::CRLF).from_writer(out);
    let noms = table.colonnes.iter().map(|colonne| colonne.nom.as_str());
    csv.write_record(noms.chain(options.wkt.then_some("wkt")))?;
    let decimales = if table.crs.srid == 4326 { 7 } else { 3 };
    let mut rang = 0;
    for ligne in lignes {
        rang += 1;
        table.verifie(rang, &ligne)?;
        for valeur in &ligne.valeurs {
            csv.write_field(cellule(valeur, options.decimale))?;
        }
        if options.wkt {
            csv.write_field(ligne.geometrie.as_ref().map_or_else(String::new, |g| wkt::texte(g, decimales)))?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(rang)
}

fn cellule(valeur: &Valeur, decimale: char) -> String {
    match valeur {
        Valeur::Texte(texte) => neutralise(texte),
        Valeur::Entier(nombre) => nombre.to_string(),
        Valeur::Reel(nombre) if nombre.is_finite() => nombre.to_string().replace('.', &decimale.to_string()),
        Valeur::Vide | Valeur::Reel(_) => String::new(),
        Valeur::Booleen(vrai) => if *vrai { "oui" } else { "non" }.to_owned(),
        Valeur::Date(date) => date.to_string(),
        Valeur::Decimal(exact) => exact.as_str().replace('.', decimale.encode_utf8(&mut [0; 4])),
        Valeur::Instant(instant) => rfc3339(*instant),
    }
}

/// The text, behind an apostrophe when a spreadsheet would run it; numbers stay numbers. One that has the apostrophe
/// already gets another: whoever reads the file takes one away, and has the text again.
fn neutralise(texte: &str) -> String {
    let nombre = || texte.replace(',', ".").parse::<f64>().is_ok_and(f64::is_finite);
    let formule = texte.trim_start_matches('\'').starts_with(FORMULES);
    if formule && !nombre() { format!("'{texte}") } else { texte.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Colonne, Crs, Genre};

    fn ecrit(texte: &str) -> Vec<u8> {
        let table = Table::new(
            "essai",
            "Essai",
            vec![Colonne::new("a", Genre::Texte), Colonne::new("b", Genre::Reel)],
            Crs::wgs84(),
        )
        .unwrap();
        let ligne = Ligne { valeurs: vec![texte.into(), f64::NAN.into()], geometrie: None };
        let mut out = Vec::new();
        ecrire(&mut out, &table, [ligne], Options::default()).unwrap();
        out
    }

    #[test]
    fn formulas_are_neutralised_and_numbers_are_not() {
        for (texte, cellule) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+33 1", "'+33 1"),
            ("-12,5", "-12,5"),
            ("-inf", "'-inf"),
            ("@somme", "'@somme"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("l'eau", "l'eau"),
            ("'été", "'été"),
            ("AB 145", "AB 145"),
            ("", ""),
        ] {
            assert_eq!(neutralise(texte), cellule);
        }
        assert_eq!(ecrit("a;b"), "\u{feff}a;b\r\n\"a;b\";\r\n".as_bytes());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_and_never_runs(texte in any::<String>()) {
            let out = ecrit(&texte);
            let mut lecteur = ::csv::ReaderBuilder::new().delimiter(b';').from_reader(&out[3..]);
            let lignes: Vec<::csv::StringRecord> = lecteur.records().map(Result::unwrap).collect();
            prop_assert_eq!(lignes.len(), 1);
            let lue = lignes[0][0].to_owned();
            prop_assert!(lue == texte || lue.strip_prefix('\'') == Some(texte.as_str()));
            prop_assert!(!lue.starts_with(['=', '@', '\t', '\r', '\n']));
        }
    }
}
