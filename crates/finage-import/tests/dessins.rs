//! DXF drawings: what GDAL writes, what blocks and arcs make, and what was made to harm.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at once, and says what it skips")]

use std::fmt::Write as _;
use std::process::Command;

use finage_import::{Cause, Cellule, Classeur, Format, Ligne, Options, ouvrir, verifie_dxf};
use proptest::prelude::*;
use tempfile::TempDir;

fn ouvert(dxf: &str) -> Classeur {
    let dossier = TempDir::new().unwrap();
    let path = dossier.path().join("plan.dxf");
    std::fs::write(&path, dxf).unwrap();
    ouvrir(&path, "plan.dxf", &Options::default()).unwrap()
}

fn lignes(classeur: &Classeur, feuille: usize) -> Vec<Ligne> {
    classeur.lire(feuille).unwrap().map(Result::unwrap).collect()
}

fn mots(ligne: &Ligne) -> Vec<&str> {
    let mots = ligne.valeurs.iter().map(|cellule| match cellule {
        Cellule::Texte(texte) => texte.as_str(),
        _ => "",
    });
    mots.collect()
}

/// Points of an EWKB with a system: x and y of its first ring, or of its line.
fn points(ligne: &Ligne) -> Vec<(f64, f64)> {
    let octets = ligne.geometrie.as_ref().unwrap();
    let debut = if octets[1] == 3 { 17 } else { 13 };
    octets[debut..]
        .chunks(16)
        .map(|xy| (f64::from_le_bytes(xy[..8].try_into().unwrap()), f64::from_le_bytes(xy[8..].try_into().unwrap())))
        .collect()
}

fn section(nom: &str, corps: &str) -> String {
    format!("0\nSECTION\n2\n{nom}\n{corps}0\nENDSEC\n")
}

fn contour(calque: &str, sommets: &[(f64, f64)], ferme: bool) -> String {
    let mut dit = format!("0\nLWPOLYLINE\n8\n{calque}\n90\n{}\n70\n{}\n", sommets.len(), i32::from(ferme));
    for (x, y) in sommets {
        write!(dit, "10\n{x}\n20\n{y}\n").unwrap();
    }
    dit
}

fn texte(dit: &str, x: f64, y: f64) -> String {
    format!("0\nTEXT\n8\nNUMEROS\n10\n{x}\n20\n{y}\n40\n0.3\n1\n{dit}\n")
}

const X: f64 = 843_000.0;
const Y: f64 = 6_519_000.0;

fn carre(x: f64, y: f64, cote: f64) -> Vec<(f64, f64)> {
    vec![(X + x, Y + y), (X + x + cote, Y + y), (X + x + cote, Y + y + cote), (X + x, Y + y + cote)]
}

#[test]
fn a_text_numbers_the_smallest_contour_around_it() {
    let corps = contour("CARRE A", &carre(0.0, 0.0, 50.0), true)
        + &contour("TOMBES", &carre(10.0, 10.0, 2.0), true)
        + &contour("ALLEES", &[(X, Y), (X + 50.0, Y)], false)
        + &texte("{\\fArial;12}", X + 11.0, Y + 11.0)
        + &texte("vu", X + 10.1, Y + 10.1)
        + &texte("Carré A", X + 40.0, Y + 40.0);
    let classeur = ouvert(&(section("ENTITIES", &corps) + "0\nEOF\n"));
    assert_eq!(classeur.format, Format::Dxf);
    let noms: Vec<&str> = classeur.feuilles.iter().map(|feuille| feuille.nom.as_str()).collect();
    assert_eq!(noms, ["Contours", "Lignes"]);
    assert_eq!(classeur.feuilles[0].geometrie.as_ref().unwrap().srid, Some(2154));
    let lues = lignes(&classeur, 0);
    assert_eq!(mots(&lues[0]), ["Carré A", "CARRE A", "", ""]);
    assert_eq!(mots(&lues[1]), ["12", "TOMBES", "vu", ""]);
    assert_eq!(points(&lues[1]).len(), 5, "closed");
    assert_eq!(mots(&lignes(&classeur, 1)[0]), ["", "ALLEES", "", ""]);
}

#[test]
fn blocks_are_laid_and_old_polylines_are_read() {
    let tombe = contour("0", &[(0.0, 0.0), (1.0, 0.0), (1.0, 2.0), (0.0, 2.0)], true);
    let blocs = format!("0\nBLOCK\n2\nTOMBE\n10\n0\n20\n0\n{tombe}0\nENDBLK\n");
    let ancienne = format!(
        "0\nPOLYLINE\n8\nVIEUX\n70\n1\n10\n0\n20\n0\n0\nVERTEX\n10\n{X}\n20\n{Y}\n0\nVERTEX\n10\n{}\n20\n{Y}\n0\nVERTEX\n10\n{X}\n20\n{}\n0\nSEQEND\n",
        X + 3.0,
        Y + 3.0
    );
    let pose = format!(
        "0\nINSERT\n8\nTOMBES\n2\nTOMBE\n10\n{}\n20\n{Y}\n41\n2\n42\n1\n50\n90\n66\n1\n0\nATTRIB\n8\nN\n10\n{}\n20\n{}\n1\n7\n0\nSEQEND\n",
        X + 10.0,
        X + 9.0,
        Y + 1.0
    );
    let classeur = ouvert(&(section("BLOCKS", &blocs) + &section("ENTITIES", &(ancienne + &pose)) + "0\nEOF\n"));
    let lues = lignes(&classeur, 0);
    assert_eq!(lues.len(), 2);
    assert_eq!((points(&lues[0]).len(), mots(&lues[0])[1]), (4, "VIEUX"));
    assert_eq!(mots(&lues[1]), ["7", "0", "", "TOMBE"]);
    // One by two, twice as wide, a quarter turn: two to the north, two to the west.
    let (x, y) = points(&lues[1])[2];
    assert!((x - (X + 8.0)).abs() < 1e-6 && (y - (Y + 2.0)).abs() < 1e-6, "{x} {y}");
}

#[test]
fn gdal_and_this_reader_see_the_same_contours() {
    let dossier = TempDir::new().unwrap();
    let (geojson, dxf) = (dossier.path().join("plan.geojson"), dossier.path().join("plan.dxf"));
    let objet = |n: u32| {
        let (x, y) = (X + f64::from(n) * 3.0, Y + 0.5);
        format!(
            r#"{{"type":"Feature","properties":{{"Layer":"TOMBES"}},"geometry":{{"type":"Polygon","coordinates":[[[{x},{y}],[{},{y}],[{},{}],[{x},{y}]]]}}}}"#,
            x + 1.5,
            x + 1.5,
            y + 2.25
        )
    };
    let objets = (0..20).map(objet).collect::<Vec<_>>().join(",");
    let crs = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}}"#;
    std::fs::write(&geojson, format!(r#"{{"type":"FeatureCollection",{crs},"features":[{objets}]}}"#)).unwrap();
    let ecrit = Command::new("ogr2ogr").args(["-f", "DXF"]).arg(&dxf).arg(&geojson).output();
    let Ok(ecrit) = ecrit else {
        println!("SKIPPED: ogr2ogr is not here");
        return;
    };
    assert!(ecrit.status.success(), "{}", String::from_utf8_lossy(&ecrit.stderr));
    let classeur = ouvrir(&dxf, "plan.dxf", &Options::default()).unwrap();
    let lues = lignes(&classeur, 0);
    assert_eq!((lues.len(), classeur.feuilles[0].geometrie.as_ref().unwrap().srid), (20, Some(2154)));
    for (n, ligne) in (0_u32..).zip(&lues) {
        let (x, y) = points(ligne)[0];
        let attendu = X + f64::from(n) * 3.0;
        let la = (attendu - 0.001..attendu + 1.501).contains(&x) && (Y + 0.499..Y + 2.751).contains(&y);
        assert!(la, "{n} {x} {y}");
    }
}

#[test]
fn what_is_no_plan_is_refused_in_a_sentence() {
    let local = section("ENTITIES", &contour("0", &[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], true));
    let erreur = |dxf: &[u8]| verifie_dxf(dxf).unwrap_err();
    let refus = erreur(local.as_bytes());
    assert!(matches!(refus.cause, Cause::Local) && refus.to_string().contains("Lambert-93"), "{refus}");
    assert!(erreur(section("ENTITIES", "").as_bytes()).to_string().contains("ni contour"));
    assert!(matches!(erreur(b"0\nSECTION\n2").cause, Cause::Tronque(_)));
    assert!(matches!(erreur(b"0\nSECTION\nx\ny\n").cause, Cause::Illisible { .. }));
    let longue = format!("0\nSECTION\n1\n{}\n", "x".repeat(1 << 17));
    assert!(matches!(erreur(longue.as_bytes()).cause, Cause::TropGros { .. }));
    // Blocks that lay one another, each twice: four levels, never sixteen.
    let bloc = |n: u32| {
        let pose = format!("0\nINSERT\n2\nB{}\n10\n0\n20\n0\n", n + 1);
        format!("0\nBLOCK\n2\nB{n}\n10\n0\n20\n0\n{}0\nENDBLK\n", pose.repeat(200))
    };
    let bombe = (0..16).map(bloc).collect::<String>();
    let poses = format!("0\nINSERT\n2\nB0\n10\n{X}\n20\n{Y}\n");
    let bombe = section("BLOCKS", &bombe) + &section("ENTITIES", &poses);
    assert!(matches!(erreur(bombe.as_bytes()).cause, Cause::TropGros { .. }));
    for nombre in ["NaN", "inf", "1e400", "-1e308"] {
        let fou = section(
            "ENTITIES",
            &format!("0\nLWPOLYLINE\n70\n1\n10\n{nombre}\n20\n1\n10\n2\n20\n{nombre}\n10\n3\n20\n3\n"),
        );
        assert!(verifie_dxf(fou.as_bytes()).is_err(), "{nombre}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Damaged or made up, a drawing is read or refused; never a panic, never without end.
    #[test]
    fn any_pairs_are_read_or_refused(paires in proptest::collection::vec(
        (prop_oneof![Just(0_i16), Just(2), Just(8), Just(10), Just(20), Just(42), Just(70), any::<i16>()],
            prop_oneof![Just("LWPOLYLINE".to_owned()), Just("POLYLINE".to_owned()), Just("VERTEX".to_owned()), Just("INSERT".to_owned()),
                Just("BLOCK".to_owned()), Just("ENDBLK".to_owned()), Just("SECTION".to_owned()), Just("ENDSEC".to_owned()), Just("BLOCKS".to_owned()),
                Just("ENTITIES".to_owned()), Just("MTEXT".to_owned()), "-?[0-9]{1,8}(\\.[0-9]{1,3})?", ".{0,20}"]), 0..200)
    ) {
        let mut corps = String::new();
        for (code, valeur) in &paires {
            writeln!(corps, "{code}\n{valeur}").unwrap();
        }
        let _ = verifie_dxf(corps.as_bytes());
        let _ = verifie_dxf(section("ENTITIES", &corps).as_bytes());
    }
}
