//! What GDAL and SQLite, which know nothing of this crate, read in the files it writes.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop at once, and says what it skips")]

use std::path::Path;
use std::process::Command;

use finage_export::{Colonne, Crs, Genre, Ligne, Table, Valeur, csv, geojson, gpkg};
use geo_types::{Geometry, Point, polygon};
use time::{Date, Month};

/// RGF93 / Lambert-93, as PostGIS' spatial_ref_sys writes it.
const LAMBERT_93: &str = r#"PROJCS["RGF93 v1 / Lambert-93",GEOGCS["RGF93 v1",DATUM["Reseau_Geodesique_Francais_1993_v1",SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4171"]],PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["latitude_of_origin",46.5],PARAMETER["central_meridian",3],PARAMETER["standard_parallel_1",49],PARAMETER["standard_parallel_2",44],PARAMETER["false_easting",700000],PARAMETER["false_northing",6600000],UNIT["metre",1],AUTHORITY["EPSG","2154"]]"#;

fn table(crs: Crs) -> Table {
    let colonnes = vec![
        Colonne::new("nom", Genre::Texte),
        Colonne::new("nombre", Genre::Entier),
        Colonne::new("mesure", Genre::Reel),
        Colonne::new("vrai", Genre::Booleen),
        Colonne::new("jour", Genre::Date),
    ];
    Table::new("essais", "Essais d'écriture", colonnes, crs).unwrap()
}

fn lignes(count: i32, origin: (f64, f64), side: f64) -> Vec<Ligne> {
    (0..count)
        .map(|rank| {
            let (x, y) = (origin.0 + f64::from(rank) * side, origin.1);
            let square = polygon![(x: x, y: y), (x: x, y: y + side), (x: x + side, y: y + side), (x: x + side, y: y)];
            let jour = Date::from_calendar_date(2024, Month::February, 29).unwrap();
            let mut valeurs = vec![format!("Été n° {rank}").into(), rank.into(), 12.5.into(), true.into(), jour.into()];
            if rank == 0 {
                valeurs = vec![Valeur::Vide; 5];
            }
            Ligne { valeurs, geometrie: (rank != 1).then(|| square.into()) }
        })
        .collect()
}

/// The output of a program, or a word on its absence.
fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let Ok(output) = Command::new(program).args(arguments).output() else {
        println!("SKIPPED: {program} is not here");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    Some(text)
}

fn ogrinfo(path: &Path, more: &[&str]) -> Option<String> {
    run("ogrinfo", &[&["-ro", "-al"], more, &[path.to_str().unwrap()]].concat())
}

#[test]
fn gdal_reads_the_geopackage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("essais.gpkg");
    let crs = Crs { srid: 2154, nom: "RGF93 v1 / Lambert-93".into(), definition: LAMBERT_93.into() };
    assert_eq!(gpkg::ecrire(&path, &table(crs), lignes(300, (842_000.0, 6_519_000.0), 10.0)).unwrap(), 300);
    if let Some(read) = ogrinfo(&path, &["-so"]) {
        for expected in [
            "Layer name: essais",
            "Geometry: Multi Polygon",
            "Feature Count: 300",
            "Extent: (842000.000000, 6519000.000000) - (845000.000000, 6519010.000000)",
            "ID[\"EPSG\",2154]",
            "FID Column = fid",
            "Geometry Column = geom",
            "nom: String (0.0)",
            "nombre: Integer64 (0.0)",
            "mesure: Real (0.0)",
            "vrai: Integer(Boolean) (0.0)",
            "jour: Date (0.0)",
        ] {
            assert!(read.contains(expected), "{expected}: {read}");
        }
        assert!(!read.contains("Warning"), "{read}");
        let one = ogrinfo(&path, &["-where", "nombre = 7"]).unwrap();
        for expected in
            ["nom (String) = Été n° 7", "jour (Date) = 2024/02/29", "MULTIPOLYGON (((842070 6519000,842070 6519010"]
        {
            assert!(one.contains(expected), "{expected}: {one}");
        }
        // The spatial filter goes through the index.
        let some = ogrinfo(&path, &["-so", "-spat", "842101", "6519001", "842119", "6519002"]).unwrap();
        assert!(some.contains("Feature Count: 2"), "{some}");
    }
    if let Some(check) = run(
        "sqlite3",
        &[
            path.to_str().unwrap(),
            "pragma integrity_check; pragma foreign_key_check; pragma application_id; pragma user_version; select count(*) from rtree_essais_geom; select count(*) from sqlite_master where type = 'trigger' and tbl_name = 'essais'",
        ],
    ) {
        assert_eq!(check.split_whitespace().collect::<Vec<_>>(), ["ok", "1196444487", "10300", "299", "6"]);
    }
    // A client that edits finds triggers that work: GDAL has their functions.
    let edit = run("ogrinfo", &[path.to_str().unwrap(), "-sql", "delete from essais where nombre = 7"]);
    if let (Some(_), Some(left)) =
        (edit, run("sqlite3", &[path.to_str().unwrap(), "select count(*) from rtree_essais_geom"]))
    {
        assert_eq!(left.trim(), "298");
    }
}

#[test]
fn gdal_reads_points_and_mixed_kinds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.gpkg");
    let colonnes = vec![Colonne::new("a", Genre::Texte)];
    let table = Table::new("points", "Points", colonnes, Crs::wgs84()).unwrap();
    let row = |geometrie: Option<Geometry<f64>>| Ligne { valeurs: vec![Valeur::Vide], geometrie };
    gpkg::ecrire(&path, &table, [row(Some(Point::new(4.5, 45.5).into())), row(None)]).unwrap();
    if let Some(read) = ogrinfo(&path, &[]) {
        assert!(read.contains("Geometry: Multi Point") && read.contains("MULTIPOINT ((4.5 45.5))"), "{read}");
        assert!(read.contains("ID[\"EPSG\",4326]"), "{read}");
    }
    let seuls = folder.path().join("seuls.gpkg");
    let de_points = table.clone().de_points();
    gpkg::ecrire(&seuls, &de_points, [row(Some(Point::new(4.5, 45.5).into())), row(None)]).unwrap();
    if let Some(read) = ogrinfo(&seuls, &[]) {
        assert!(read.contains("Geometry: Point") && read.contains("  POINT (4.5 45.5)"), "{read}");
    }
    let mixed = folder.path().join("mixte.gpkg");
    let square: Geometry<f64> = polygon![(x: 4.0, y: 45.0), (x: 4.1, y: 45.0), (x: 4.1, y: 45.1)].into();
    gpkg::ecrire(&mixed, &table, [row(Some(Point::new(4.5, 45.5).into())), row(Some(square))]).unwrap();
    if let Some(read) = ogrinfo(&mixed, &["-so"]) {
        assert!(read.contains("Geometry: Unknown (any)") && read.contains("Feature Count: 2"), "{read}");
    }
    assert!(
        gpkg::ecrire(&folder.path().join("nan.gpkg"), &table, [row(Some(Point::new(f64::NAN, 1.0).into()))]).is_err()
    );
}

#[test]
fn gdal_reads_the_geojson_and_the_csv() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("essais.geojson");
    geojson::ecrire(std::fs::File::create(&path).unwrap(), &table(Crs::wgs84()), lignes(12, (4.8, 45.7), 0.001))
        .unwrap();
    if let Some(read) = ogrinfo(&path, &["-so"]) {
        for expected in ["Geometry: Polygon", "Feature Count: 12", "ID[\"EPSG\",4326]", "nombre: Integer", "jour: Date"]
        {
            assert!(read.contains(expected), "{expected}: {read}");
        }
    }
    let path = folder.path().join("essais.csv");
    let options = csv::Options { wkt: true, ..csv::Options::default() };
    csv::ecrire(std::fs::File::create(&path).unwrap(), &table(Crs::wgs84()), lignes(12, (4.8, 45.7), 0.001), options)
        .unwrap();
    if let Some(read) = ogrinfo(&path, &["-oo", "GEOM_POSSIBLE_NAMES=wkt"]) {
        for expected in [
            "Feature Count: 12",
            "nom (String) = Été n° 7",
            "mesure (String) = 12,5",
            "POLYGON ((4.807 45.7,4.807 45.701",
        ] {
            assert!(read.contains(expected), "{expected}: {read}");
        }
    }
}

#[test]
fn names_are_plain() {
    for nom in ["fid", "geom", "A", "a b", "a\"b", "", "é"] {
        assert!(Table::new("t", "T", vec![Colonne::new(nom, Genre::Texte)], Crs::wgs84()).is_err(), "{nom}");
    }
    for nom in ["gpkg_contents", "sqlite_master", "t\"; drop"] {
        assert!(Table::new(nom, "T", Vec::new(), Crs::wgs84()).is_err(), "{nom}");
    }
    let twice = vec![Colonne::new("a", Genre::Texte), Colonne::new("a", Genre::Reel)];
    assert!(Table::new("t", "T", twice, Crs::wgs84()).is_err());
}
