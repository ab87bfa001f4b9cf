//! BAL imports.

use finage::territory::bal;

use crate::harness::{files, on_empty_town, on_sample_town};

#[test]
fn addresses_come_in_and_again() {
    on_sample_town(async |town| {
        for path in files("bal", ".csv") {
            let again = bal::run(&mut town.owner, &path, false, &|_| {}).await.unwrap();
            assert!(again.adresses > 20, "{again:?}");
            assert_eq!((again.ajoutees, again.retirees, again.modifiees), (0, 0, 0), "{path:?}");
            assert_eq!(again.parcelles_inconnues, 0);
        }
    });
}

#[test]
fn a_dry_run_writes_nothing() {
    on_empty_town(async |town| {
        let before = town.fingerprint().await;
        let report = bal::run(&mut town.owner, &files("bal", ".csv")[0], true, &|_| {}).await.unwrap();
        assert!(report.simulation && report.ajoutees > 0);
        assert_eq!(town.fingerprint().await, before);
    });
}

#[test]
fn a_wrong_header_is_refused_by_name_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("adresses.csv");
    std::fs::write(&path, "nom;prenom;ville\nX;Y;Z\n").unwrap();
    on_sample_town(async |town| {
        let before = town.fingerprint().await;
        let error = bal::run(&mut town.owner, &path, false, &|_| {}).await.unwrap_err().to_string();
        assert!(error.contains("adresses.csv"), "{error}");
        assert_eq!(town.fingerprint().await, before);
    });
}
