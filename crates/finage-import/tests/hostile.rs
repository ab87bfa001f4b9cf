//! Files that were made to harm: each is refused in a sentence, quickly, and without much memory.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use finage_import::{Cause, ImportError, Limites, Options, ouvrir};
use proptest::prelude::*;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

/// Opens and reads a file to its end; the first refusal, if any.
fn tout(nom: &str, octets: &[u8], options: &Options) -> Result<u64, ImportError> {
    let dossier = TempDir::new().unwrap();
    let path = dossier.path().join("fichier");
    std::fs::write(&path, octets).unwrap();
    lit(&path, nom, options)
}

fn lit(path: &Path, nom: &str, options: &Options) -> Result<u64, ImportError> {
    let classeur = ouvrir(path, nom, options)?;
    let mut lues = 0;
    for feuille in 0..classeur.feuilles.len() {
        for ligne in classeur.lire(feuille)? {
            ligne?;
            lues += 1;
        }
    }
    Ok(lues)
}

fn zip(membres: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (nom, octets) in membres {
        zip.start_file(*nom, SimpleFileOptions::default()).unwrap();
        zip.write_all(octets).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn xlsx(feuille: &str) -> Vec<u8> {
    let rels = r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="un.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="textes.xml"/></Relationships>"#;
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", br#"<workbook xmlns:r="y"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/un.xml", feuille.as_bytes()),
    ])
}

#[test]
fn bombs_are_refused_quickly() {
    let debut = Instant::now();
    let zeros = vec![b' '; 100 << 20];
    let options = Options::default();
    let bombe = zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", &zeros)]);
    assert!(matches!(tout("a.xlsx", &bombe, &options).unwrap_err().cause, Cause::TropGros { .. }));
    let membres: Vec<String> = (0..10_001).map(|rang| format!("f{rang}")).collect();
    let membres: Vec<(&str, &[u8])> = membres.iter().map(|nom| (nom.as_str(), &b""[..])).collect();
    assert!(matches!(tout("a.zip", &zip(&membres), &options).unwrap_err().cause, Cause::TropGros { .. }));
    // One cell far away, one text without end, one nesting without end, a type of document.
    for feuille in [
        r#"<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>"#.to_owned(),
        format!(
            r#"<worksheet><sheetData><row><c t="str"><v>{}</v></c></row></sheetData></worksheet>"#,
            "ab".repeat(3 << 20)
        ),
        format!("<worksheet>{}", "<a>".repeat(100_000)),
        r#"<!DOCTYPE a [<!ENTITY b "bb">]><worksheet/>"#.to_owned(),
        "<worksheet><sheetData><row><c><v>1".to_owned(),
    ] {
        let erreur = tout("a.xlsx", &xlsx(&feuille), &options).unwrap_err();
        assert!(erreur.est_fatale() && erreur.to_string().starts_with("« a.xlsx »"), "{erreur}");
    }
    // Many cells of one row share one long text.
    let partages = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let row: String = (0..500).map(|_| r#"<c t="s"><v>0</v></c>"#).collect();
    let mut membres = zip::ZipWriter::new_append(std::io::Cursor::new(xlsx(&format!(
        "<w><sheetData><row>{row}</row></sheetData></w>"
    ))))
    .unwrap();
    membres
        .start_file("xl/textes.xml", SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored))
        .unwrap();
    membres.write_all(partages.as_bytes()).unwrap();
    let partage = membres.finish().unwrap().into_inner();
    assert!(matches!(tout("a.xlsx", &partage, &options).unwrap_err().cause, Cause::TropGros { quoi: "une ligne", .. }));
    let ods = |contenu: &str| zip(&[("content.xml", contenu.as_bytes())]);
    let cellule = r#"<table-cell value-type="string"><p>x</p></table-cell>"#;
    let large = format!(
        r#"<d><table name="a"><table-row>{}</table-row></table></d>"#,
        cellule.replace(" value", r#" number-columns-repeated="4000000000" value"#)
    );
    assert!(matches!(tout("a.ods", &ods(&large), &options).unwrap_err().cause, Cause::TropGros { .. }));
    let haute = format!(
        r#"<d><table name="a"><table-row>{cellule}</table-row><table-row number-rows-repeated="18000000000000000000">{cellule}</table-row></table></d>"#
    );
    let peu = Options { limites: Limites { lignes: 1_000, ..Limites::default() }, ..Options::default() };
    assert!(matches!(tout("a.ods", &ods(&haute), &peu).unwrap_err().cause, Cause::TropGros { .. }));
    assert!(debut.elapsed() < Duration::from_secs(20));
}

#[test]
fn nothing_costs_its_square() {
    let debut = Instant::now();
    let options = Options::default();
    let attributs: String =
        (0..300_000).flat_map(|rang| [" a".to_owned(), rang.to_string(), "=\"\"".to_owned()]).collect();
    let feuille = format!(
        "<worksheet><sheetData><row r=\"1\"><c{attributs} t=\"str\"><v>a</v></c></row></sheetData></worksheet>"
    );
    assert!(tout("a.xlsx", &xlsx(&feuille), &options).is_ok());
    let corps = format!(
        "create function f() begin atomic {} end;\ncopy t (a) from stdin;\n1\n\\.\n",
        "select 1;".repeat(500_000)
    );
    assert_eq!(tout("a.sql", corps.as_bytes(), &options).unwrap(), 1);
    let colonnes = format!("insert into t (a{}) values (1);", ", a".repeat(1_000_000));
    assert!(matches!(tout("a.sql", colonnes.as_bytes(), &options).unwrap_err().cause, Cause::TropGros { .. }));
    let rangees = format!("insert into t (a) values (1){};", ", (1)".repeat(500_000));
    assert_eq!(tout("a.sql", rangees.as_bytes(), &options).unwrap(), 500_001);
    let fautes = format!("a;b\n{}", "1;2;3\n".repeat(200_000));
    let peu = Options { limites: Limites { lignes: 5_000, ..Limites::default() }, ..Options::default() };
    let dossier = TempDir::new().unwrap();
    let path = dossier.path().join("a.csv");
    std::fs::write(&path, fautes).unwrap();
    assert_eq!(ouvrir(&path, "a.csv", &peu).unwrap().lire(0).unwrap().count(), 5_001);
    assert!(debut.elapsed() < Duration::from_mins(1));
}

#[test]
fn bounds_hold_in_each_format() {
    let peu = Options {
        limites: Limites { lignes: 3, colonnes: 3, cellule: 10, ..Limites::default() },
        ..Options::default()
    };
    for (nom, texte) in [
        ("a.csv", "a;b;c;d\n1;2;3;4\n".to_owned()),
        ("a.csv", "a\n1\n2\n3\n4\n".to_owned()),
        ("a.csv", format!("a\n{}\n", "x".repeat(100))),
        ("a.csv", format!("a\n{}\n", ";".repeat(10_000))),
        ("a.json", r#"{"type":"FeatureCollection","features":[{"properties":{"a":1,"b":1,"c":1,"d":1}}]}"#.to_owned()),
        ("a.json", format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, ["{}"; 4].join(","))),
        ("a.json", r#"{"type":"FeatureCollection","features":[{"properties":{"a":"01234567890"}}]}"#.to_owned()),
        ("a.sql", "create table t (a int, b int, c int, d int);\ninsert into t values (1, 2, 3, 4);".to_owned()),
        ("a.sql", format!("copy t (a) from stdin;\n{}\\.\n", "1\n".repeat(4))),
        ("a.sql", "insert into t (a) values ('01234567890');".to_owned()),
    ] {
        let erreur = tout(nom, texte.as_bytes(), &peu).unwrap_err();
        assert!(
            matches!(erreur.cause, Cause::TropGros { .. } | Cause::Guillemet(_) | Cause::Largeur { .. }),
            "{texte}: {erreur}"
        );
    }
    let court = Options { limites: Limites { octets: 3, ..Limites::default() }, ..Options::default() };
    assert!(matches!(tout("a.csv", b"a;b\n", &court).unwrap_err().cause, Cause::TropGros { .. }));
}

#[test]
fn what_is_not_a_table_is_refused_with_what_to_do() {
    for (octets, mot) in [
        (&b"%PDF-1.7"[..], "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
        (b"PGDMP\x01", "pg_dump --format=plain"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"<html>", "HTML"),
        (b"", "aucune donn"),
        (b"a\0\0\0\0b", "texte"),
        (b"{\"a\":1}", "GeoJSON"),
        (b"PK\x03\x04", "ZIP"),
        (b"\0\0\x27\x0a", "dans un ZIP"),
    ] {
        let erreur = tout("fichier", octets, &Options::default()).unwrap_err().to_string();
        assert!(erreur.contains(mot) && erreur.starts_with("« fichier »") && erreur.ends_with('.'), "{mot}: {erreur}");
    }
}

#[test]
fn a_geopackage_runs_nothing_of_its_own() {
    let dossier = TempDir::new().unwrap();
    let path = dossier.path().join("a.gpkg");
    let base = rusqlite::Connection::open(&path).unwrap();
    base.execute_batch(
        "create table gpkg_contents (table_name text, data_type text);
         create table vraie (fid integer primary key, a text, rowid text);
         insert into vraie values (1, 'x', 'y'), (5, 'z', 't');
         create view boucle as with recursive n(i) as (select 1 union all select i from n) select i from n;
         insert into gpkg_contents values ('boucle', 'features'), ('vraie', 'attributes'), ('sqlite_master', 'attributes');",
    )
    .unwrap();
    drop(base);
    let classeur = ouvrir(&path, "a.gpkg", &Options::default()).unwrap();
    assert_eq!(classeur.feuilles.len(), 1);
    assert_eq!(classeur.feuilles[0].nom, "vraie");
    assert_eq!(lit(&path, "a.gpkg", &Options::default()).unwrap(), 2, "a column that hides the key hides no row");
    assert_eq!(std::fs::read_dir(dossier.path()).unwrap().count(), 1, "nothing is written beside the file");
}

/// Sound files, small.
fn sains() -> Vec<(&'static str, Vec<u8>)> {
    let feuille = r#"<worksheet><sheetData><row r="1"><c t="str"><v>a</v></c></row><row r="2"><c><v>1.5</v></c></row></sheetData></worksheet>"#;
    let ods = r#"<d><table name="a"><table-row><table-cell value-type="string"><p>x</p></table-cell></table-row></table></d>"#;
    let dossier = TempDir::new().unwrap();
    let path = dossier.path().join("a.gpkg");
    let base = rusqlite::Connection::open(&path).unwrap();
    base.execute_batch("pragma page_size = 512; create table gpkg_contents (table_name text, data_type text); create table t (fid integer primary key, a text); insert into t values (1, 'x'); insert into gpkg_contents values ('t', 'attributes')").unwrap();
    drop(base);
    vec![
        ("a.csv", b"a;b\n\"x\";2\n".to_vec()),
        ("a.xlsx", xlsx(feuille)),
        ("a.ods", zip(&[("content.xml", ods.as_bytes())])),
        ("a.gpkg", std::fs::read(&path).unwrap()),
        ("a.json", br#"{"type":"FeatureCollection","features":[{"properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}]}"#.to_vec()),
        ("a.sql", b"create table t (a int);\ncopy t (a) from stdin;\n1\n\\.\ninsert into t values (2);\n".to_vec()),
    ]
}

#[test]
fn sound_files_are_read() {
    for (nom, octets) in sains() {
        assert!(tout(nom, &octets, &Options::default()).is_ok(), "{nom}");
    }
}

#[test]
fn files_cut_anywhere_end_in_rows_or_a_sentence() {
    for (nom, octets) in sains() {
        let pas = (octets.len() / 100).max(1);
        for fin in (0..octets.len()).step_by(pas) {
            if let Err(erreur) = tout(nom, &octets[..fin], &Options::default()) {
                assert!(erreur.to_string().ends_with('.'), "{nom} {fin}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_change_of_bytes_ends_in_rows_or_a_sentence(
        rang in 0..6_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let (nom, mut octets) = sains().remove(rang);
        for (at, octet) in changes {
            let at = at.index(octets.len());
            octets[at] = octet;
        }
        if let Err(erreur) = tout(nom, &octets, &Options::default()) {
            prop_assert!(erreur.to_string().contains(nom));
        }
    }
}
