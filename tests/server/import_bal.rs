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

#[test]
fn a_slip_in_one_row_leaves_the_other_commune_alone() {
    on_sample_town(async |town| {
        let text = std::fs::read_to_string(&files("bal", "99101.csv")[0]).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let commune = lines[5].replacen(";99101;", ";99102;", 1);
        assert_ne!(commune, lines[5]);
        // The key would contradict the commune: without it, nothing tells the slip.
        lines[5] = format!(";{}", commune.split_once(';').unwrap().1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bal-99101.csv");
        std::fs::write(&path, lines.join("\n")).unwrap();
        let count = "select count(*) from adresse.adresse where insee = '99102'";
        let before: i64 = sqlx::query_scalar(count).fetch_one(&mut town.owner).await.unwrap();
        let report = bal::run(&mut town.owner, &path, false, &|_| {}).await.unwrap();
        assert_eq!(report.communes, ["99101"]);
        assert!(report.anomalies.iter().any(|a| a.ligne == 6 && a.ecartee), "{:#?}", report.anomalies);
        let after: i64 = sqlx::query_scalar(count).fetch_one(&mut town.owner).await.unwrap();
        assert_eq!(after, before);
    });
}

#[test]
fn keys_borrowed_from_another_commune_take_nothing_from_it() {
    on_sample_town(async |town| {
        let text = std::fs::read_to_string(&files("bal", "99101.csv")[0]).unwrap().replace("\n99101_", "\n99102_");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bal-99101.csv");
        std::fs::write(&path, text).unwrap();
        let count = "select count(*) from adresse.adresse where insee = '99102'";
        let before: i64 = sqlx::query_scalar(count).fetch_one(&mut town.owner).await.unwrap();
        bal::run(&mut town.owner, &path, false, &|_| {}).await.unwrap();
        let after: i64 = sqlx::query_scalar(count).fetch_one(&mut town.owner).await.unwrap();
        assert_eq!(after, before);
    });
}
