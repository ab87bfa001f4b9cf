//! Nomenclatures: `codes/*.csv`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use time::Date;
use time::macros::format_description;

use crate::Fault;

/// Codes of a nomenclature at most.
const MAX_CODES: usize = 100_000;

/// A nomenclature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    /// Its codes, in the order of the file.
    pub codes: Vec<Code>,
}

/// A code, and when it is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What is stored.
    pub code: String,
    /// What is shown.
    pub label: String,
    /// A sentence more.
    pub description: Option<String>,
    /// First day.
    pub valid_from: Option<Date>,
    /// First day on which it is valid no more.
    pub valid_to: Option<Date>,
    /// Text that establishes it.
    pub source: Option<String>,
    /// Other columns: codes of other nomenclatures.
    pub crosswalk: Map<String, Value>,
}

impl Codes {
    /// Reads `code,label,description,valid_from,valid_to,source` and any columns more; `,` or `;` between them.
    pub(crate) fn read(path: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.contains(';') { b';' } else { b',' };
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
        let wrong = |line: usize, message: &str| Fault::new(path, Some(line), message);
        let headers = reader.headers().map_err(|_| vec![wrong(1, "l'en-tête est illisible")])?.clone();
        if !headers.iter().any(|name| name == "code") || !headers.iter().any(|name| name == "label") {
            return Err(vec![wrong(1, "une nomenclature a au moins les colonnes « code » et « label »")]);
        }
        let (mut codes, mut faults) = (Vec::new(), Vec::new());
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    let line = error.position().map_or(1, csv::Position::line);
                    faults.push(wrong(
                        usize::try_from(line).unwrap_or(1),
                        "cette ligne n'a pas les colonnes de l'en-tête",
                    ));
                    continue;
                }
            };
            let line = row.position().map_or(1, |place| usize::try_from(place.line()).unwrap_or(1));
            match read_code(&headers, &row) {
                Ok(code) => {
                    let again = seen.insert(format!("{}\u{1f}{:?}", code.code, code.valid_from), line);
                    if let Some(before) = again {
                        faults.push(wrong(
                            line,
                            &format!("le code « {} » est déjà donné ligne {before} à cette date", code.code),
                        ));
                    }
                    codes.push(code);
                }
                Err(message) => faults.push(wrong(line, &message)),
            }
            if codes.len() > MAX_CODES {
                return Err(vec![wrong(line, "une nomenclature a 100 000 codes au plus")]);
            }
        }
        if faults.is_empty() { Ok(Self { codes }) } else { Err(faults) }
    }
}

fn read_code(headers: &csv::StringRecord, row: &csv::StringRecord) -> Result<Code, String> {
    let mut code = Code {
        code: String::new(),
        label: String::new(),
        description: None,
        valid_from: None,
        valid_to: None,
        source: None,
        crosswalk: Map::new(),
    };
    for (name, value) in headers.iter().zip(row.iter()) {
        let some = (!value.is_empty()).then(|| value.to_owned());
        match name {
            "code" => value.clone_into(&mut code.code),
            "label" => value.clone_into(&mut code.label),
            "description" => code.description = some,
            "valid_from" => code.valid_from = date(name, value)?,
            "valid_to" => code.valid_to = date(name, value)?,
            "source" => code.source = some,
            _ => {
                if let Some(value) = some {
                    code.crosswalk.insert(name.to_owned(), value.into());
                }
            }
        }
    }
    if code.code.is_empty() || code.label.is_empty() {
        return Err("un code et son libellé ne sont pas vides".to_owned());
    }
    if let (Some(from), Some(to)) = (code.valid_from, code.valid_to)
        && to <= from
    {
        return Err("la fin de validité est après son début".to_owned());
    }
    Ok(code)
}

fn date(name: &str, value: &str) -> Result<Option<Date>, String> {
    if value.is_empty() {
        return Ok(None);
    }
    let read = Date::parse(value, format_description!("[year]-[month]-[day]"));
    read.map(Some).map_err(|_| format!("« {name} » est une date AAAA-MM-JJ"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_dates_and_crosswalks() {
        let codes = Codes::read("codes/x.csv", "code;label;valid_to;siren\nA;Un;2020-01-01;9\nB;Deux;;\n").unwrap();
        assert_eq!(codes.codes.len(), 2);
        assert_eq!(codes.codes[0].crosswalk["siren"], "9");
        let faults =
            Codes::read("codes/x.csv", "code,label,valid_to\nA,Un,hier\nB,\nA,Un\nB,Deux,\nB,Trois,\n").unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [Some(2), Some(3), Some(4), Some(6)]);
        assert!(Codes::read("codes/x.csv", "a,b\n").is_err());
    }
}
