//! EDIGEO imports: counts, idempotence, swaps by feuille, refusals that change nothing.

use std::path::{Path, PathBuf};

use finage::cadastre::import::{ImportError, Options, Source};

use crate::harness::{files, on_empty_town, on_sample_town, shared};

fn fictitious() -> Options {
    Options { departement: Some("99".into()), ..Options::default() }
}

#[test]
fn the_sample_town_comes_in_whole() {
    on_empty_town(async |town| {
        let report = town.import_samples().await;
        assert_eq!(report.communes.iter().map(|c| c.insee.as_str()).collect::<Vec<_>>(), ["99101", "99102"]);
        assert!(report.total("parcelle", |layer| layer.ajoutes) >= 1500);
        let quarantined: Vec<_> = report.quarantaine().collect();
        assert!(quarantined.is_empty(), "{quarantined:#?}");
        let (valid, typed): (bool, bool) =
            sqlx::query_as("select bool_and(st_isvalid(geom)), bool_and(st_srid(geom) = 2154) from cadastre.parcelle")
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
        assert!(valid && typed);
        let zones: Vec<(String, i32, i32)> = sqlx::query_as(
            "select c.insee, c.cc_srid, l.srid_livre from core.commune c join cadastre.livraison l on l.insee = c.insee and l.couche = 'parcelle' order by 1",
        )
        .fetch_all(&mut town.owner)
        .await
        .unwrap();
        assert_eq!(zones[0].2, 2154);
        assert!((3942..=3950).contains(&zones[1].2), "the second commune is delivered in a CC zone: {zones:?}");
        assert_eq!(zones[1].1, zones[1].2);
    });
}

#[test]
fn importing_again_changes_nothing() {
    on_sample_town(async |town| {
        let before = data(town).await;
        let report = town.import(Source::Edigeo(files("edigeo", ".tar.bz2")), &fictitious()).await.unwrap();
        for commune in &report.communes {
            for layer in &commune.couches {
                assert_eq!(
                    (layer.ajoutes, layer.retires, layer.modifies),
                    (0, 0, 0),
                    "{} {}",
                    commune.insee,
                    layer.couche
                );
            }
        }
        assert_eq!(data(town).await, before);
    });
}

/// Versions of the layers and the live rows: what a second import must leave alone.
async fn data(town: &mut crate::harness::Town) -> (String, i64) {
    sqlx::query_as(
        "select (select md5(string_agg(p::text, ',' order by idu)) from cadastre.parcelle p)
             || (select string_agg(id || version, ',' order by id) from core.couche),
             (select count(*) from cadastre.parcelle_ancienne)",
    )
    .fetch_one(&mut town.owner)
    .await
    .unwrap()
}

#[test]
fn a_dry_run_reports_the_same_and_writes_nothing() {
    on_empty_town(async |town| {
        let before = town.fingerprint().await;
        let dry = Options { dry_run: true, ..fictitious() };
        let simulated = town.import(Source::Edigeo(files("edigeo/99102", ".tar.bz2")), &dry).await.unwrap();
        assert_eq!(town.fingerprint().await, before);
        let applied = town.import(Source::Edigeo(files("edigeo/99102", ".tar.bz2")), &fictitious()).await.unwrap();
        assert!(simulated.simulation && !applied.simulation);
        assert_eq!(simulated.total("parcelle", |l| l.ajoutes), applied.total("parcelle", |l| l.ajoutes));
    });
}

#[test]
fn one_feuille_replaces_itself_and_leaves_the_others() {
    on_sample_town(async |town| {
        let (idu, feuille): (String, String) =
            sqlx::query_as("select idu, feuille from cadastre.parcelle where insee = '99101' order by idu limit 1")
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
        sqlx::query("delete from cadastre.parcelle where idu = $1").bind(&idu).execute(&mut town.owner).await.unwrap();
        sqlx::query("update cadastre.parcelle set contenance = contenance + 7 where idu = (select min(idu) from cadastre.parcelle where feuille = $1)")
            .bind(&feuille)
            .execute(&mut town.owner)
            .await
            .unwrap();
        let archive: Vec<PathBuf> = files("edigeo/99101", ".tar.bz2")
            .into_iter()
            .filter(|path| path.to_string_lossy().contains(&feuille))
            .collect();
        assert_eq!(archive.len(), 1, "{feuille}");
        let report = town.import(Source::Edigeo(archive), &fictitious()).await.unwrap();
        let commune = &report.communes[0];
        assert_eq!(commune.parcelles.ajoutees, [idu]);
        assert_eq!(commune.parcelles.modifiees.len(), 1);
        assert_eq!(commune.parcelles.modifiees[0].quoi, ["contenance"]);
        assert!(commune.parcelles.retirees.is_empty());
        assert!(!commune.feuilles_conservees.is_empty());
        let kept: i64 = sqlx::query_scalar("select count(*) from cadastre.parcelle_ancienne where motif = 'modifiee'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(kept, 1);
    });
}

#[test]
fn a_whole_delivery_removes_the_feuilles_it_lacks() {
    on_sample_town(async |town| {
        let mut archives = files("edigeo/99101", ".tar.bz2");
        let dropped = archives.pop().unwrap();
        let whole = Options { whole: true, ..fictitious() };
        let report = town.import(Source::Edigeo(archives), &whole).await.unwrap();
        assert!(report.total("parcelle", |l| l.retires) > 0, "{dropped:?}");
        assert_eq!(report.total("feuille", |l| l.retires), 1);
        assert!(report.communes[0].feuilles_conservees.is_empty());
    });
}

#[test]
fn refused_files_name_themselves_and_change_nothing() {
    let good = files("edigeo/99101", ".tar.bz2");
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(&good[0]).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    let bad = [
        write("edigeo-991010000A01.tar.bz2", &bytes[..bytes.len() / 2]),
        write("edigeo-991010000B01.tar.bz2", &flipped),
        write("edigeo-991010000C01.tar.bz2", b"ceci n'est pas une archive"),
        write("edigeo-991010000D01.tar.bz2", b""),
        folder.path().join("edigeo-991010000E01.tar.bz2"),
    ];
    on_sample_town(async |town| {
        let before = town.fingerprint().await;
        for path in bad {
            // A good file beside the bad one must not come in either.
            let error =
                town.import(Source::Edigeo(vec![good[1].clone(), path.clone()]), &fictitious()).await.unwrap_err();
            let ImportError::File(message) = &error else { panic!("{path:?}: {error:?}") };
            assert!(message.contains(path.file_name().unwrap().to_str().unwrap()), "{message}");
            assert_eq!(town.fingerprint().await, before, "{path:?}");
        }
    });
}

#[test]
fn an_unknown_departement_is_asked_for() {
    on_empty_town(async |town| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("livraison.tar.bz2");
        std::fs::copy(&files("edigeo/99101", ".tar.bz2")[0], &path).unwrap();
        let error = town.import(Source::Edigeo(vec![path]), &Options::default()).await.unwrap_err();
        assert!(error.to_string().contains("--departement"), "{error}");
    });
}

#[test]
fn luxiol_comes_in_as_the_dgfip_delivered_it() {
    let Some(folder) = shared("cadastre_edigeo/25354") else {
        return;
    };
    on_empty_town(async |town| {
        let report = town.import(Source::Edigeo(archives(&folder)), &Options::default()).await.unwrap();
        // As many parcels as GDAL reads in the eight feuilles.
        assert_eq!(report.total("parcelle", |l| l.ajoutes), 511, "{:#?}", report.anomalies);
        let nom: String = sqlx::query_scalar("select nom from core.commune where insee = '25354'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(nom, "Luxiol");
    });
}

#[test]
fn the_incomplete_lot_is_refused_by_name() {
    let Some(path) = shared("cadastre_edigeo/defauts/edigeo-740240000A01-missing.tar.bz2") else {
        return;
    };
    on_empty_town(async |town| {
        let options = Options { departement: Some("74".into()), ..Options::default() };
        let error = town.import(Source::Edigeo(vec![path]), &options).await.unwrap_err();
        assert!(error.to_string().contains("edigeo-740240000A01-missing.tar.bz2"), "{error}");
        assert!(error.to_string().contains("incomplet"), "{error}");
    });
}

#[test]
fn the_flat_parcel_of_agnin_is_set_aside_and_told() {
    let Some(path) = shared("cadastre_edigeo/38003/edigeo-380030000A04.tar.bz2") else {
        return;
    };
    on_empty_town(async |town| {
        let report = town.import(Source::Edigeo(vec![path]), &Options::default()).await.unwrap();
        // Two points there and back: GDAL delivers it as an invalid polygon.
        let flat: Vec<_> = report.quarantaine().filter(|a| a.objet.contains("0030000A1542")).collect();
        assert_eq!(flat.len(), 1, "{:#?}", report.anomalies);
        assert_eq!(report.total("parcelle", |l| l.ajoutes), 440);
        let kept: i64 = sqlx::query_scalar("select count(*) from core.quarantaine where objet like '%0030000A1542%'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(kept, 1);
    });
}

fn archives(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}
