//! `docs/cimetiere-regles.md` says every rule, and names tests that exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use finage_cimetiere::{REGLES, Regle, Valeur, Verification};
use time::Date;

const DOC: &str = include_str!("../../../../docs/cimetiere-regles.md");
const A_VERIFIER: &str = include_str!("../../../../docs/a-verifier.md");

fn versions() -> impl Iterator<Item = &'static Regle> {
    REGLES.iter().flat_map(|texte| texte.versions())
}

fn jour(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// The cells of the lines of the table.
fn lignes() -> Vec<Vec<&'static str>> {
    DOC.lines()
        .filter(|ligne| ligne.starts_with("| `"))
        .map(|ligne| ligne.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// Names of the test functions of this folder.
fn tests() -> BTreeSet<String> {
    let dossier = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cimetiere");
    let mut noms = BTreeSet::new();
    for fichier in fs::read_dir(dossier).unwrap() {
        let texte = fs::read_to_string(fichier.unwrap().path()).unwrap();
        for (rang, mot) in texte.match_indices("#[test]") {
            let suite = texte[rang + mot.len()..].trim_start();
            if let Some(nom) = suite.strip_prefix("fn ") {
                noms.insert(nom.split('(').next().unwrap().to_owned());
            }
        }
    }
    noms
}

#[test]
fn chaque_version_de_chaque_regle_a_sa_ligne() {
    let lignes = lignes();
    for regle in versions() {
        let code = format!("`{}`", regle.code);
        let version = regle.version.to_string();
        let trouvees: Vec<_> = lignes.iter().filter(|ligne| ligne[0] == code && ligne[3] == version).collect();
        let [ligne] = trouvees[..] else { panic!("{} lignes pour {code} version {version}", trouvees.len()) };
        assert_eq!(ligne.len(), 8, "{code}");
        assert_eq!(ligne[1], regle.exige, "{code}");
        assert_eq!(ligne[2], regle.article, "{code}");
        let dates = match (regle.depuis, regle.jusque) {
            (None, None) => "toujours".to_owned(),
            (Some(depuis), None) => format!("depuis {}", jour(depuis)),
            (None, Some(jusque)) => format!("jusqu'à {}", jour(jusque)),
            (Some(depuis), Some(jusque)) => format!("{} à {}", jour(depuis), jour(jusque)),
        };
        assert_eq!(ligne[4], dates, "{code}");
        let verifie = match regle.verification {
            Verification::Lue(ou) => ou,
            Verification::AVerifier => "à vérifier",
        };
        assert_eq!(ligne[5], if regle.passable { "oui" } else { "non" }, "{code}");
        assert_eq!(ligne[6], verifie, "{code}");
    }
    assert_eq!(lignes.len(), versions().count(), "une ligne de trop");
}

#[test]
fn chaque_regle_nomme_un_test_qui_existe() {
    let tests = tests();
    assert!(tests.len() > 80, "{}", tests.len());
    for ligne in lignes() {
        let noms: Vec<_> = ligne[7].split(", ").map(|nom| nom.trim_matches('`')).collect();
        assert!(!noms.is_empty() && noms.iter().all(|nom| tests.contains(*nom)), "{} : {noms:?}", ligne[0]);
    }
}

#[test]
fn ce_qui_n_est_pas_lu_est_dit_a_verifier() {
    for regle in versions().filter(|regle| regle.verification == Verification::AVerifier) {
        assert!(A_VERIFIER.contains(&format!("`{}`", regle.code)), "{}", regle.code);
    }
}

#[test]
fn les_versions_se_suivent_sans_trou() {
    let mut codes = BTreeSet::new();
    for texte in REGLES {
        let versions: Vec<_> = texte.versions().collect();
        assert!(codes.insert(versions[0].code), "{} deux fois", versions[0].code);
        for (rang, regle) in versions.iter().enumerate() {
            assert_eq!(regle.code, versions[0].code);
            assert_eq!(usize::from(regle.version), rang + 1, "{}", regle.code);
            assert!(regle.exige.ends_with('.') && !regle.exige.contains('|'), "{}", regle.code);
        }
        for deux in versions.windows(2) {
            assert_eq!(deux[0].jusque.and_then(Date::next_day), deux[1].depuis, "{}", deux[0].code);
        }
        assert_eq!(texte.actuelle.jusque, None);
    }
}

#[test]
fn un_delai_nul_n_est_pas_une_regle() {
    for regle in versions() {
        if let Valeur::Delai(delai) = regle.valeur {
            assert!(delai.nombre > 0, "{}", regle.code);
            assert_eq!(regle.son_delai(), delai);
        }
    }
}
