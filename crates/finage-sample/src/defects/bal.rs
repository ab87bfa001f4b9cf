//! A faulty BAL: one line in twenty; and one whose header is not a BAL's.

use super::{Answer, ONE_IN, Traitement, draw};
use crate::SampleError;
use crate::output::SampleFile;
use crate::rng::Rng;
use crate::town::Commune;

const NUMERO: usize = 6;
const INSEE: usize = 8;
const X: usize = 13;
const LONG: usize = 15;
const LAT: usize = 16;
const PARCELLES: usize = 17;
const DATE: usize = 19;

/// Adds both files to `out` and their answers.
pub fn files(
    seed: u64,
    commune: &Commune,
    out: &mut Vec<SampleFile>,
    answers: &mut Vec<Answer>,
) -> Result<(), SampleError> {
    let text = crate::bal::to_text(seed, commune)?;
    let mut lines: Vec<Vec<String>> =
        text.trim_end().split("\r\n").map(|l| l.split(';').map(str::to_owned).collect()).collect();
    let mut rng = Rng::for_purpose(seed, "defauts bal");
    let name = crate::bal::file_name(&commune.insee);
    let addresses: Vec<usize> = (1..lines.len()).filter(|l| !lines[*l][PARCELLES].is_empty()).collect();
    for (n, index) in draw(&mut rng, addresses.len(), (lines.len() / ONE_IN).max(7)).into_iter().enumerate() {
        let line = addresses[index];
        let (cause, traitement, detail) = spoil(&mut lines[line], n);
        answers.push(Answer {
            fichier: name.clone(),
            objet: Some(format!("ligne {}", line + 1)),
            cause,
            traitement,
            detail: detail.to_owned(),
        });
    }
    let join = |lines: &[Vec<String>]| lines.iter().map(|l| l.join(";") + "\r\n").collect::<String>().into_bytes();
    out.push(SampleFile { path: format!("defauts/{name}"), bytes: join(&lines) });

    let name = format!("bal-{}-entete.csv", commune.insee);
    let mut wrong: Vec<Vec<String>> = lines.into_iter().take(11).collect();
    if let Some(header) = wrong.first_mut() {
        for (column, other) in [(0, "\u{feff}identifiant"), (4, "rue"), (NUMERO, "no"), (INSEE, "code_postal")] {
            other.clone_into(&mut header[column]);
        }
    }
    out.push(SampleFile { path: format!("defauts/{name}"), bytes: join(&wrong) });
    answers.push(Answer {
        fichier: name,
        objet: None,
        cause: "entete_bal",
        traitement: Traitement::RefusFichier,
        detail: "Les colonnes cle_interop, voie_nom, numero et commune_insee manquent.".to_owned(),
    });
    Ok(())
}

fn spoil(line: &mut [String], n: usize) -> (&'static str, Traitement, &'static str) {
    match n % 7 {
        0 => {
            "douze".clone_into(&mut line[NUMERO]);
            ("numero_invalide", Traitement::Quarantaine, "Le numéro n'est pas un nombre.")
        }
        1 => {
            line.swap(LONG, LAT);
            line.swap(X, X + 1);
            ("coordonnees_permutees", Traitement::Quarantaine, "Longitude et latitude sont échangées.")
        }
        2 => {
            line[PARCELLES].replace_range(10.., "9999");
            ("parcelle_inconnue", Traitement::Anomalie, "La parcelle citée n'existe pas au plan.")
        }
        3 => {
            for column in [X, X + 1, LONG, LAT] {
                "0".clone_into(&mut line[column]);
            }
            ("coordonnees_hors_commune", Traitement::Quarantaine, "La position est hors de la commune.")
        }
        4 => {
            "-3".clone_into(&mut line[NUMERO]);
            ("numero_invalide", Traitement::Quarantaine, "Le numéro est négatif.")
        }
        5 => {
            "9910".clone_into(&mut line[INSEE]);
            ("commune_invalide", Traitement::Quarantaine, "Le code de la commune n'a pas cinq caractères.")
        }
        _ => {
            "2023-02-30".clone_into(&mut line[DATE]);
            ("date_invalide", Traitement::Anomalie, "La date de mise à jour n'existe pas.")
        }
    }
}
