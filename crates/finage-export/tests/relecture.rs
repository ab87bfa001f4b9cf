//! What `finage-export` writes, `finage-import` reads back the same; GDAL too, which knows neither.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop at once, and says what it skips")]

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use finage_export::{Colonne, Crs, Decimal, ExportError, Genre, Ligne, Table, Valeur, csv, geojson, gpkg, ods, xlsx};
use finage_import::{Genre as Lu, Instant, Options, convertir, ouvrir};
use geo_types::Point;
use proptest::prelude::*;
use tempfile::TempDir;
use time::macros::datetime;
use time::{Date, OffsetDateTime, UtcOffset};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Format {
    Csv,
    Xlsx,
    Ods,
    Gpkg,
    GeoJson,
}

const GENRES: [(Genre, Lu); 7] = [
    (Genre::Entier, Lu::Entier),
    (Genre::Texte, Lu::Texte),
    (Genre::Decimal, Lu::Decimal),
    (Genre::Booleen, Lu::Booleen),
    (Genre::Date, Lu::Date),
    (Genre::Instant, Lu::Instant),
    (Genre::Reel, Lu::Decimal),
];

fn table() -> Table {
    let colonnes = GENRES.iter().enumerate().map(|(rang, (genre, _))| Colonne::new(&format!("c{rang}"), *genre));
    Table::new("essais", "Essais : d'écriture", colonnes.collect(), Crs::wgs84()).unwrap()
}

fn ecrit(dossier: &Path, format: Format, lignes: Vec<Ligne>) -> std::path::PathBuf {
    let path = dossier.join(format!("essais.{format:?}").to_lowercase());
    let table = table();
    match format {
        Format::Csv => csv::ecrire(File::create(&path).unwrap(), &table, lignes, csv::Options::default()),
        Format::Xlsx => xlsx::ecrire(File::create(&path).unwrap(), &table, lignes, xlsx::Options::default()),
        Format::Ods => ods::ecrire(File::create(&path).unwrap(), &table, lignes, ods::Options::default()),
        Format::Gpkg => gpkg::ecrire(&path, &table, lignes),
        Format::GeoJson => geojson::ecrire(File::create(&path).unwrap(), &table, lignes),
    }
    .unwrap();
    path
}

/// The value as it should be read, to what the format keeps.
fn attendue(valeur: &Valeur, format: Format) -> finage_import::Valeur {
    match valeur {
        Valeur::Vide => finage_import::Valeur::Vide,
        Valeur::Texte(texte) if texte.trim().is_empty() => finage_import::Valeur::Vide,
        Valeur::Texte(texte) => finage_import::Valeur::Texte(texte.trim().to_owned()),
        Valeur::Entier(nombre) => finage_import::Valeur::Entier(*nombre),
        Valeur::Reel(nombre) => finage_import::Valeur::Decimal(simple(&nombre.to_string())),
        Valeur::Decimal(exact) => finage_import::Valeur::Decimal(simple(exact.as_str())),
        Valeur::Booleen(vrai) => finage_import::Valeur::Booleen(*vrai),
        Valeur::Date(date) => finage_import::Valeur::Date(*date),
        // A spreadsheet shows a clock, from 1900 on in XLSX; the others say where it is.
        Valeur::Instant(instant) => finage_import::Valeur::Instant(match format {
            Format::Xlsx if instant.date() < time::macros::date!(1900 - 03 - 01) => Instant::Absolu(*instant),
            Format::Xlsx | Format::Ods => Instant::Local(time::PrimitiveDateTime::new(instant.date(), instant.time())),
            Format::Gpkg => Instant::Absolu(instant.to_offset(UtcOffset::UTC)),
            Format::Csv | Format::GeoJson => Instant::Absolu(*instant),
        }),
    }
}

/// A number without the zeros that end it: binary numbers have none to keep.
fn simple(nombre: &str) -> String {
    if nombre.contains('.') { nombre.trim_end_matches('0').trim_end_matches('.').to_owned() } else { nombre.to_owned() }
}

fn relit(path: &Path) -> Vec<Vec<finage_import::Valeur>> {
    let classeur = ouvrir(path, path.file_name().unwrap().to_str().unwrap(), &Options::default()).unwrap();
    let ligne = |ligne: Result<finage_import::Ligne, _>| {
        let valeurs = ligne.unwrap().valeurs;
        assert_eq!(valeurs.len(), GENRES.len());
        let lue = |(cellule, (_, genre))| match convertir(cellule, genre).unwrap() {
            finage_import::Valeur::Decimal(exact) => finage_import::Valeur::Decimal(simple(&exact)),
            autre => autre,
        };
        valeurs.iter().zip(GENRES).map(lue).collect()
    };
    classeur.lire(0).unwrap().map(ligne).collect()
}

prop_compose! {
    fn une_ligne()(
        entier in any::<i64>(),
        texte in prop_oneof!["[^\0-\u{8}\u{b}\u{c}\r\u{e}-\u{1f}\u{fffe}\u{ffff}]{0,20}", "'{0,2}[=+@-][a-z0-9]{1,5}", "_x00[0-9a-f]{2}_"],
        decimal in "-?[1-9][0-9]{0,8}\\.[0-9]{0,3}[1-9]",
        vrai in any::<bool>(),
        jour in 1_757_645..3_182_000_i32,
        secondes in -30_610_224_000_i64..60_000_000_000,
        millis in 0..1_000_i64,
        heures in -12..=12_i8,
        reel in -1e12..1e12_f64,
        vide in prop::option::of(0..GENRES.len()),
    ) -> Vec<Valeur> {
        let instant = OffsetDateTime::from_unix_timestamp(secondes).unwrap() + time::Duration::milliseconds(millis);
        let mut valeurs = vec![
            entier.into(),
            texte.into(),
            decimal.parse::<Decimal>().unwrap().into(),
            vrai.into(),
            Date::from_julian_day(jour).unwrap().into(),
            instant.to_offset(UtcOffset::from_hms(heures, 0, 0).unwrap()).into(),
            reel.into(),
        ];
        // The first value stays: a row of nothing is no row in a spreadsheet.
        if let Some(vide) = vide.filter(|vide| *vide > 0) {
            valeurs[vide] = Valeur::Vide;
        }
        valeurs
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_is_read_back(lignes in prop::collection::vec(une_ligne(), 1..6)) {
        let dossier = TempDir::new().unwrap();
        for format in [Format::Csv, Format::Xlsx, Format::Ods, Format::Gpkg, Format::GeoJson] {
            let ecrites = lignes.iter().map(|valeurs| Ligne { valeurs: valeurs.clone(), geometrie: None }).collect();
            let lues = relit(&ecrit(dossier.path(), format, ecrites));
            let attendues: Vec<Vec<_>> =
                lignes.iter().map(|valeurs| valeurs.iter().map(|valeur| attendue(valeur, format)).collect()).collect();
            prop_assert_eq!(&lues, &attendues, "{:?}", format);
        }
    }
}

fn exemple(texte: &str) -> Ligne {
    Ligne {
        valeurs: vec![
            7.into(),
            texte.into(),
            "1234567.89".parse::<Decimal>().unwrap().into(),
            true.into(),
            time::macros::date!(2026 - 05 - 03).into(),
            datetime!(2026-05-03 10:30:15 +2).into(),
            12.5.into(),
        ],
        geometrie: Some(Point::new(4.5, 45.5).into()),
    }
}

#[test]
fn formulas_are_texts_everywhere() {
    let dossier = TempDir::new().unwrap();
    for formule in ["=1+1", "+cmd", "-2+3", "@somme(a1)", "\t=1", "=HYPERLINK(\"http://x\")"] {
        for format in [Format::Xlsx, Format::Ods] {
            let path = ecrit(dossier.path(), format, vec![exemple(formule)]);
            let mut archive = zip::ZipArchive::new(File::open(&path).unwrap()).unwrap();
            let partie = if format == Format::Xlsx { "xl/worksheets/sheet1.xml" } else { "content.xml" };
            let mut xml = String::new();
            archive.by_name(partie).unwrap().read_to_string(&mut xml).unwrap();
            assert!(!xml.contains("<f>") && !xml.contains("table:formula"), "{format:?} {formule}");
            let lue = &relit(&path)[0][1];
            assert_eq!(*lue, finage_import::Valeur::Texte(formule.trim().to_owned()));
        }
    }
}

#[test]
fn cells_of_xlsx_say_where_they_are() {
    let dossier = TempDir::new().unwrap();
    let path = ecrit(dossier.path(), Format::Xlsx, vec![exemple("a"), exemple("b")]);
    let mut xml = String::new();
    let mut archive = zip::ZipArchive::new(File::open(&path).unwrap()).unwrap();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
    for place in ["<row r=\"1\"><c r=\"A1\"", "<row r=\"2\"><c r=\"A2\"", "<c r=\"B3\"", "<c r=\"G3\""] {
        assert!(xml.contains(place), "{place}");
    }
    assert_eq!(xml.matches("<c ").count(), xml.matches("<c r=\"").count());
}

#[test]
fn long_numbers_and_old_dates_are_exact_texts() {
    let dossier = TempDir::new().unwrap();
    let exact = "12345678901234567890.12";
    let mut ligne = exemple("x");
    ligne.valeurs[0] = i64::MAX.into();
    ligne.valeurs[2] = exact.parse::<Decimal>().unwrap().into();
    ligne.valeurs[4] = time::macros::date!(1789 - 07 - 14).into();
    for format in [Format::Csv, Format::Xlsx, Format::Ods, Format::GeoJson] {
        let lue = relit(&ecrit(dossier.path(), format, vec![ligne.clone()])).remove(0);
        assert_eq!(lue[0], finage_import::Valeur::Entier(i64::MAX), "{format:?}");
        assert_eq!(lue[2], finage_import::Valeur::Decimal(exact.to_owned()), "{format:?}");
        assert_eq!(lue[4], finage_import::Valeur::Date(time::macros::date!(1789 - 07 - 14)), "{format:?}");
    }
}

#[test]
fn a_text_that_excel_would_refuse_is_refused() {
    let long = "é".repeat(32_768);
    let refus = xlsx::ecrire(std::io::Cursor::new(Vec::new()), &table(), [exemple(&long)], xlsx::Options::default());
    assert!(matches!(refus, Err(ExportError::Cellule { rang: 1, .. })));
    assert!(ods::ecrire(std::io::Cursor::new(Vec::new()), &table(), [exemple(&long)], ods::Options::default()).is_ok());
}

#[test]
fn the_same_rows_are_the_same_bytes_with_their_geometry() {
    for _ in 0..2 {
        let ecrit = || {
            let mut out = std::io::Cursor::new(Vec::new());
            xlsx::ecrire(&mut out, &table(), [exemple("x")], xlsx::Options { wkt: true }).unwrap();
            out.into_inner()
        };
        let octets = ecrit();
        assert_eq!(octets, ecrit());
        let dossier = TempDir::new().unwrap();
        let path = dossier.path().join("a.xlsx");
        std::fs::write(&path, octets).unwrap();
        let classeur = ouvrir(&path, "a.xlsx", &Options::default()).unwrap();
        let ligne = classeur.lire(0).unwrap().next().unwrap().unwrap();
        assert_eq!(ligne.valeurs[7], finage_import::Cellule::Texte("POINT (4.5 45.5)".to_owned()));
    }
}

/// The output of a program; a word when it is not here.
fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let Ok(sortie) = Command::new(program).args(arguments).output() else {
        println!("SKIPPED: {program} is not here");
        return None;
    };
    let texte = String::from_utf8_lossy(&sortie.stdout).into_owned();
    assert!(sortie.status.success(), "{texte}{}", String::from_utf8_lossy(&sortie.stderr));
    Some(texte)
}

#[test]
fn gdal_reads_the_spreadsheets() {
    let dossier = TempDir::new().unwrap();
    for format in [Format::Xlsx, Format::Ods] {
        let path = ecrit(dossier.path(), format, vec![exemple("=1+1"), exemple("Été & <b>")]);
        let Some(lu) = run("ogrinfo", &["-ro", "-al", path.to_str().unwrap()]) else { return };
        for attendu in ["Feature Count: 2", "(String) = =1+1", "= Été & <b>", "= 1234567.89", "2026/05/03", "10:30:15"]
        {
            assert!(lu.contains(attendu), "{format:?} {attendu}: {lu}");
        }
    }
}

#[test]
fn openpyxl_reads_the_xlsx() {
    let presente = Command::new("python3").args(["-c", "import openpyxl"]).output().is_ok_and(|s| s.status.success());
    if !presente {
        println!("SKIPPED: openpyxl is not here");
        return;
    }
    let dossier = TempDir::new().unwrap();
    let path = ecrit(dossier.path(), Format::Xlsx, vec![exemple("=1+1"), exemple("a\rb_x000D_")]);
    let script = "import openpyxl,sys\nc=openpyxl.load_workbook(sys.argv[1])\nf=c.active\nprint(f.title,f.freeze_panes,f.auto_filter.ref)\nfor r in f.iter_rows(min_row=2):\n  print([(x.data_type,x.value) for x in r])";
    let lu = run("python3", &["-c", script, path.to_str().unwrap()]).unwrap();
    for attendu in [
        "Essais  d'écriture A2 A1:G3",
        "('s', '=1+1')",
        "('n', 1234567.89)",
        "('b', True)",
        "('d', datetime.datetime(2026, 5, 3, 0, 0))",
        "('d', datetime.datetime(2026, 5, 3, 10, 30, 15))",
    ] {
        assert!(lu.contains(attendu), "{attendu}: {lu}");
    }
}
