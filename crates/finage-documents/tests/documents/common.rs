//! Templates and data for the tests, and what other programs read in a PDF.
#![expect(clippy::print_stderr, reason = "a check that was skipped must be seen")]

use std::collections::BTreeMap;

use finage_documents::{Champs, Donnee, Donnees, Entete, Gabarit, GabaritError};
use time::{Date, Month};

/// The first of May 2026.
pub fn jour() -> Date {
    Date::from_calendar_date(2026, Month::May, 1).unwrap()
}

pub fn entete() -> Entete {
    Entete::new("Essai de document", "Ville de Valbrume", jour())
}

pub fn champs<const N: usize>(champs: [(&str, Donnee); N]) -> Champs {
    champs.into_iter().map(|(nom, valeur)| (nom.to_owned(), valeur)).collect()
}

pub fn gabarit(source: &str) -> Result<Gabarit, GabaritError> {
    Gabarit::compile(&format!("#import \"finage.typ\": *\n{source}"), BTreeMap::new())
}

/// The PDF of a template that begins after the import of our functions.
pub fn pdf<const N: usize>(source: &str, valeurs: [(&str, Donnee); N]) -> Result<Vec<u8>, GabaritError> {
    gabarit(source)?.rendre(&Donnees::new(entete(), champs(valeurs)))
}

/// Words of the refusal of a template.
pub fn refusal<const N: usize>(source: &str, valeurs: [(&str, Donnee); N]) -> String {
    match pdf(source, valeurs) {
        Ok(_) => panic!("accepted: {source}"),
        Err(refused) => refused.to_string(),
    }
}

/// A program of another hand, or nothing where this machine lacks it: the test then says so and passes.
pub fn outside(program: &str, arguments: &[&str]) -> Option<String> {
    match std::process::Command::new(program).args(arguments).output() {
        Ok(output) => {
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("SKIPPED: {program} is not installed (script/setup --tests)");
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

/// Bytes in a file that goes with its folder.
pub fn file(bytes: &[u8]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("document.pdf");
    std::fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

/// Text of a PDF, words apart by one space, or nothing without the program that reads it.
pub fn text(bytes: &[u8]) -> Option<String> {
    let (_folder, path) = file(bytes);
    let text = outside("pdftotext", &["-layout", &path, "-"])?;
    Some(text.split([' ', '\n', '\u{c}', '\u{a0}', '\u{202f}']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" "))
}
