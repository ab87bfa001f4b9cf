//! The defect set of the sample town: each planted fault gets the treatment that its list of answers gives.

use std::collections::BTreeMap;
use std::path::Path;

use finage::cadastre::import::{Options, Source, Traitement};
use finage::territory::bal;
use serde::Deserialize;

use crate::harness::{Town, on_sample_town, sample};

#[derive(Debug, Clone, Deserialize)]
struct Answer {
    fichier: String,
    objet: Option<String>,
    cause: String,
    traitement: String,
}

#[derive(Deserialize)]
struct Answers {
    reponses: Vec<Answer>,
}

fn answers() -> BTreeMap<String, Vec<Answer>> {
    let all: Answers = serde_json::from_slice(&std::fs::read(sample("defauts/reponses.json")).unwrap()).unwrap();
    let mut by_file = BTreeMap::<String, Vec<Answer>>::new();
    for answer in all.reponses {
        by_file.entry(answer.fichier.clone()).or_default().push(answer);
    }
    by_file
}

/// What an import said of a file: treatment and text of each anomaly, or the refusal.
async fn import(town: &mut Town, path: &Path) -> Result<Vec<(String, String)>, String> {
    let name = path.to_string_lossy();
    if name.ends_with(".csv") {
        let report = bal::run(&mut town.owner, path, true, &|_| {}).await.map_err(|error| error.to_string())?;
        let told = report
            .anomalies
            .iter()
            .map(|a| (if a.ecartee { "quarantaine" } else { "anomalie" }.to_owned(), a.motif.clone()));
        let unknown = (0..report.parcelles_inconnues).map(|_| ("anomalie".to_owned(), "parcelle inconnue".to_owned()));
        return Ok(told.chain(unknown).collect());
    }
    let options = Options { dry_run: true, departement: Some("99".into()), ..Options::default() };
    let source =
        if name.ends_with(".tar.bz2") { Source::Edigeo(vec![path.into()]) } else { Source::Etalab(vec![path.into()]) };
    let report = town.import(source, &options).await.map_err(|error| error.to_string())?;
    Ok(report
        .anomalies
        .iter()
        .map(|a| {
            let treatment = match a.traitement {
                Traitement::Quarantaine => "quarantaine",
                Traitement::Repare => "reparation",
                Traitement::Signale => "anomalie",
            };
            (treatment.to_owned(), format!("{} {}", a.objet, a.motif))
        })
        .collect())
}

#[test]
fn each_planted_fault_gets_its_treatment() {
    on_sample_town(async |town| {
        let mut wrong = Vec::new();
        for (file, expected) in answers() {
            let told = import(town, &sample("defauts").join(&file)).await;
            for answer in &expected {
                let met = match &told {
                    Err(sentence) => answer.traitement == "refus_fichier" && sentence.contains(&file),
                    Ok(told) => {
                        told.iter().any(|(treatment, text)| *treatment == answer.traitement && names(text, answer))
                    }
                };
                // A parcel whose number another one bears too may be the one that goes.
                let twin = expected.iter().any(|other| other.cause == "idu_double" && other.objet == answer.objet);
                if !met && !twin {
                    wrong.push(format!("{answer:?}"));
                }
            }
            if let Ok(told) = &told {
                let planted = told.len();
                assert!(planted > 0, "{file}: nothing was told");
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

/// Whether a text speaks of the object of an answer: by its identifier, its EDIGEO short form, or its line.
fn names(text: &str, answer: &Answer) -> bool {
    let Some(object) = &answer.objet else {
        return true;
    };
    if answer.cause == "parcelle_inconnue" {
        return text == "parcelle inconnue";
    }
    if let Some(line) = object.strip_prefix("ligne ") {
        let (bal, rank) = (
            format!("Ligne {line} "),
            line.parse::<usize>().map(|line| format!("n° {} ", line - 1)).unwrap_or_default(),
        );
        return text.starts_with(&bal) || text.contains(&rank);
    }
    text.contains(object.as_str()) || text.contains(&object[2..])
}
