//! The rows that were refused, as a file like the one they came from, with a column that says why: corrected, it is imported.

use std::collections::BTreeMap;

use finage_import::Classeur;

use super::plan::Plan;
use super::{ErreurImport, Rejet, lecture};

/// Characters at the head of a cell that spreadsheets take for a formula (OWASP, « CSV Injection »), and the apostrophe
/// that marks such a cell.
const FORMULES: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '\n', '\''];
/// Column of reasons.
const MOTIF: &str = "motif du refus";

/// The file of rejects: CSV in UTF-8, `;` between columns.
///
/// Blocking: call it on a thread of its own.
///
/// # Errors
/// The file can no longer be read.
pub fn ecrits(plan: &Plan, classeur: &Classeur, rejets: &[Rejet]) -> Result<Vec<u8>, ErreurImport> {
    let mut motifs: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for rejet in rejets {
        motifs.entry(rejet.ligne).or_default().push(rejet.phrase());
    }
    let feuille = plan.liaison.feuille;
    let colonnes = classeur.feuilles.get(feuille).map_or(&[][..], |feuille| &feuille.colonnes);
    let mut sortie = "\u{feff}".to_owned();
    let noms = colonnes.iter().map(|colonne| colonne.nom.as_str()).chain(std::iter::once(MOTIF));
    enregistre(&mut sortie, noms);
    for ligne in classeur.lire(feuille)? {
        let (numero, cellules) = match ligne {
            Ok(ligne) => (ligne.numero, ligne.valeurs.iter().map(lecture::texte).collect::<Vec<_>>()),
            Err(erreur) if erreur.est_fatale() => return Err(erreur.into()),
            Err(erreur) => (erreur.lieu.ligne.unwrap_or_default(), vec![String::new(); colonnes.len()]),
        };
        if let Some(siens) = motifs.get(&numero) {
            let motif = siens.join(" ; ");
            enregistre(&mut sortie, cellules.iter().map(String::as_str).chain(std::iter::once(motif.as_str())));
        }
    }
    Ok(sortie.into_bytes())
}

/// Writes a record of a CSV in `;`: what a spreadsheet would run is a text.
pub(crate) fn enregistre<'a>(sortie: &mut String, cellules: impl Iterator<Item = &'a str>) {
    for (rang, cellule) in cellules.enumerate() {
        if rang > 0 {
            sortie.push(';');
        }
        let formule = cellule.starts_with(FORMULES) && !nombre(cellule);
        if formule || cellule.contains([';', '"', '\n', '\r']) {
            sortie.push('"');
            sortie.push_str(if formule { "'" } else { "" });
            sortie.push_str(&cellule.replace('"', "\"\""));
            sortie.push('"');
        } else {
            sortie.push_str(cellule);
        }
    }
    sortie.push_str("\r\n");
}

/// A number with its sign, which no spreadsheet runs.
fn nombre(cellule: &str) -> bool {
    let suite = cellule.strip_prefix(['-', '+']).unwrap_or(cellule);
    !suite.is_empty() && suite.bytes().all(|octet| octet.is_ascii_digit() || matches!(octet, b'.' | b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_run_and_nothing_is_lost() {
        let mut sortie = String::new();
        enregistre(&mut sortie, ["=1+1", "-12,5", "a;b", "dit « \"oui\" »", "", "'x"].into_iter());
        assert_eq!(sortie, "\"'=1+1\";-12,5;\"a;b\";\"dit « \"\"oui\"\" »\";;\"''x\"\r\n");
    }
}
