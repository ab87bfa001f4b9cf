//! The defect set says what it holds.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, helpers included")]

use std::collections::BTreeSet;
use std::io::Read as _;

use finage_edigeo::{Limits, read_lots};
use finage_sample::output::SampleFile;
use finage_sample::{SEED, Town, defects};
use serde_json::Value;

fn made() -> (Vec<SampleFile>, Value) {
    let files = defects::files(&Town::generate(SEED).unwrap()).unwrap();
    let answers = files.iter().find(|f| f.path.ends_with("reponses.json")).unwrap();
    let answers = serde_json::from_slice(&answers.bytes).unwrap();
    (files, answers)
}

#[test]
fn each_answer_names_a_file_and_each_file_has_an_answer() {
    let (files, answers) = made();
    let named: BTreeSet<String> = answers["reponses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| format!("defauts/{}", a["fichier"].as_str().unwrap()))
        .collect();
    let present: BTreeSet<String> =
        files.iter().map(|f| f.path.clone()).filter(|p| !p.ends_with("reponses.json")).collect();
    assert_eq!(named, present);
    let causes: BTreeSet<&str> =
        answers["reponses"].as_array().unwrap().iter().map(|a| a["cause"].as_str().unwrap()).collect();
    for cause in [
        "noeud_papillon",
        "idu_double",
        "recouvrement",
        "idu_manquant",
        "aire_nulle",
        "crs_errone",
        "thf_absent",
        "fichier_absent",
        "archive_tronquee",
        "crs_inconnu",
        "numero_invalide",
        "coordonnees_permutees",
        "parcelle_inconnue",
        "entete_bal",
    ] {
        assert!(causes.contains(cause), "{cause} is missing");
    }
}

#[test]
fn the_edigeo_lot_holds_each_kind_of_fault() {
    let (files, answers) = made();
    let lots = files.iter().filter(|f| f.path.ends_with("A01.tar.bz2"));
    let names: Vec<&str> = lots.map(|f| f.path.trim_start_matches("defauts/")).collect();
    let causes: BTreeSet<&str> = answers["reponses"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|a| names.contains(&a["fichier"].as_str().unwrap()))
        .map(|a| a["cause"].as_str().unwrap())
        .collect();
    assert_eq!(causes.len(), 5, "{causes:?}");
}

#[test]
fn one_parcel_in_twenty_is_faulty() {
    let (files, answers) = made();
    let file = files.iter().find(|f| f.path.ends_with("-parcelles.json.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file.bytes.as_slice()).read_to_string(&mut text).unwrap();
    let features = text.lines().count() - 1;
    let faults = answers["reponses"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|a| file.path.ends_with(a["fichier"].as_str().unwrap()))
        .collect::<Vec<_>>();
    assert_eq!(faults.len(), features / 20);
    for fault in faults.iter().filter(|f| f["cause"] == "idu_double") {
        let id = format!("\"id\":\"{}\",\"geometry\"", fault["objet"].as_str().unwrap());
        assert_eq!(text.matches(&id).count(), 2, "{id}");
    }
    for fault in faults.iter().filter(|f| f["cause"] == "idu_manquant") {
        let line: usize = fault["objet"].as_str().unwrap().trim_start_matches("ligne ").parse().unwrap();
        assert!(!text.lines().nth(line - 1).unwrap().contains("\"id\""), "line {line}");
    }
}

#[test]
fn our_reader_refuses_the_broken_lots_and_reads_the_other() {
    let (files, answers) = made();
    let folder = tempfile::tempdir().unwrap();
    for file in files.iter().filter(|f| f.path.ends_with(".tar.bz2")) {
        let name = file.path.trim_start_matches("defauts/");
        let path = folder.path().join(name);
        std::fs::write(&path, &file.bytes).unwrap();
        let refused = answers["reponses"]
            .as_array()
            .unwrap()
            .iter()
            .any(|a| a["fichier"] == name && a["traitement"] == "refus_fichier");
        assert_eq!(read_lots(&path, &Limits::default()).is_err(), refused, "{name}");
    }
}
