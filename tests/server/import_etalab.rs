//! Etalab imports: counts, contenance, switch from EDIGEO, refusals that change nothing.

use std::io::Write as _;
use std::path::PathBuf;

use finage::cadastre::import::{ImportError, Options, Source};
use flate2::{Compression, write::GzEncoder};

use crate::harness::{files, on_empty_town, on_sample_town, shared};

#[test]
fn the_sample_town_is_the_same_by_etalab_as_by_edigeo() {
    on_empty_town(async |town| {
        let report = town.import(Source::Etalab(files("etalab", ".json.gz")), &Options::default()).await.unwrap();
        assert!(report.quarantaine().next().is_none(), "{:#?}", report.anomalies);
        let etalab = report.total("parcelle", |l| l.ajoutes);
        let edigeo = town.import_samples().await;
        assert_eq!(edigeo.total("parcelle", |l| l.ajoutes), 0, "every parcel has the same idu");
        assert_eq!(edigeo.total("parcelle", |l| l.lus), etalab);
    });
}

#[test]
fn etalab_over_edigeo_keeps_what_its_rounding_hides() {
    on_sample_town(async |town| {
        let parcels: Vec<PathBuf> = files("etalab", ".json.gz")
            .into_iter()
            .filter(|path| path.to_string_lossy().contains("-parcelles"))
            .collect();
        let report = town.import(Source::Etalab(parcels), &Options::default()).await.unwrap();
        let moved: Vec<_> = report
            .communes
            .iter()
            .flat_map(|c| &c.parcelles.modifiees)
            .filter(|m| m.quoi.iter().any(|column| column == "geom" || column == "feuille"))
            .collect();
        assert!(moved.is_empty(), "{moved:#?}");
    });
}

#[test]
fn a_real_commune_comes_in_and_again() {
    let Some(path) = shared("cadastre_etalab/cadastre-69114-parcelles.json.gz") else {
        return;
    };
    on_empty_town(async |town| {
        let first = town.import(Source::Etalab(vec![path.clone()]), &Options::default()).await.unwrap();
        assert_eq!(first.total("parcelle", |l| l.ajoutes) + i64::try_from(first.quarantaine().count()).unwrap(), 6032);
        let again = town.import(Source::Etalab(vec![path]), &Options::default()).await.unwrap();
        assert_eq!(again.total("parcelle", |l| l.inchanges), first.total("parcelle", |l| l.ajoutes));
        // Areas in the conformal zone are within 0.02 % of the geodesic ones.
        let worst: f64 = sqlx::query_scalar(
            "select max(abs(st_area(st_transform(p.geom, c.cc_srid)) / st_area(st_transform(p.geom, 4326)::geography) - 1))
             from cadastre.parcelle p join core.commune c using (insee) where st_area(p.geom) > 10",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        assert!(worst < 2e-4, "{worst}");
    });
}

fn gz(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    let mut encoder = GzEncoder::new(std::fs::File::create(&path).unwrap(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap();
    path
}

#[test]
fn refused_files_name_themselves_and_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let lambert = br#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"99101000AA0001","geometry":{"type":"Polygon","coordinates":[[[800000.0,6300000.0],[800010.0,6300000.0],[800010.0,6300010.0],[800000.0,6300000.0]]]},"properties":{"id":"99101000AA0001","commune":"99101","prefixe":"000","section":"AA","numero":"1","contenance":50,"arpente":false,"created":"2020-01-01","updated":"2020-01-01"}}]}"#;
    let good = std::fs::read(files("etalab", "99101-parcelles.json.gz").remove(0)).unwrap();
    let truncated = folder.path().join("cadastre-99101-sections.json.gz");
    std::fs::write(&truncated, &good[..good.len() / 2]).unwrap();
    let bad = [
        gz(&folder, "cadastre-99101-parcelles.json.gz", lambert),
        truncated,
        gz(&folder, "cadastre-99101-feuilles.json.gz", b"[1,2"),
        gz(&folder, "cadastre-99101-batiments.json.gz", &vec![b' '; 300 << 20]),
    ];
    on_sample_town(async |town| {
        let before = town.fingerprint().await;
        for path in bad {
            let error = town.import(Source::Etalab(vec![path.clone()]), &Options::default()).await.unwrap_err();
            let ImportError::File(message) = &error else { panic!("{path:?}: {error:?}") };
            assert!(message.contains(path.file_name().unwrap().to_str().unwrap()), "{message}");
            assert_eq!(town.fingerprint().await, before, "{path:?}");
        }
    });
}

#[test]
fn edigeo_over_etalab_doubles_nothing() {
    on_empty_town(async |town| {
        town.import(Source::Etalab(files("etalab", ".json.gz")), &Options::default()).await.unwrap();
        let counts = "select (select count(*) from cadastre.batiment), (select count(*) from cadastre.lieu_dit), (select count(*) from cadastre.subdivision_fiscale)";
        let before: (i64, i64, i64) = sqlx::query_as(counts).fetch_one(&mut town.owner).await.unwrap();
        let options = Options { departement: Some("99".into()), ..Options::default() };
        town.import(Source::Edigeo(files("edigeo", ".tar.bz2")), &options).await.unwrap();
        let after: (i64, i64, i64) = sqlx::query_as(counts).fetch_one(&mut town.owner).await.unwrap();
        assert_eq!(after, before);
    });
}

#[test]
fn an_empty_or_decimated_plan_is_refused_unless_forced() {
    let folder = tempfile::tempdir().unwrap();
    let empty = gz(&folder, "cadastre-99101-parcelles.json.gz", br#"{"type":"FeatureCollection","features":[]}"#);
    let whole = std::fs::read(files("etalab", "99101-parcelles.json.gz").remove(0)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(whole.as_slice()), &mut text).unwrap();
    let few: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("\"section\":\"AA\""))
        .map(|line| line.trim_end_matches(','))
        .collect();
    assert!(few.len() > 20);
    let other = tempfile::tempdir().unwrap();
    let decimated = gz(
        &other,
        "cadastre-99101-parcelles.json.gz",
        format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", few.join(",")).as_bytes(),
    );
    on_sample_town(async |town| {
        let before = town.fingerprint().await;
        let refused = town.import(Source::Etalab(vec![empty]), &Options::default()).await.unwrap_err();
        assert!(refused.to_string().contains("aucune parcelle"), "{refused}");
        let refused = town.import(Source::Etalab(vec![decimated.clone()]), &Options::default()).await.unwrap_err();
        assert!(refused.to_string().contains("--forcer"), "{refused}");
        assert_eq!(town.fingerprint().await, before);
        let forced = Options { force: true, ..Options::default() };
        let report = town.import(Source::Etalab(vec![decimated]), &forced).await.unwrap();
        assert!(report.total("parcelle", |l| l.retires) > 1000);
    });
}

#[test]
fn a_parcel_set_aside_keeps_what_is_known_of_it() {
    on_sample_town(async |town| {
        let options = Options { departement: Some("99".into()), ..Options::default() };
        let report = town
            .import(Source::Edigeo(vec![crate::harness::sample("defauts/edigeo-991021030A01.tar.bz2")]), &options)
            .await
            .unwrap();
        let aside: Vec<_> = report.quarantaine().filter(|a| a.objet.contains("1021030A")).collect();
        assert!(!aside.is_empty());
        for object in aside {
            let idu = format!("99{}", &object.objet[object.objet.find("1021030A").unwrap()..][..12]);
            let known: i64 = sqlx::query_scalar("select count(*) from cadastre.parcelle where idu = $1")
                .bind(&idu)
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
            assert_eq!(known, 1, "{idu}");
        }
    });
}
