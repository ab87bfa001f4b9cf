//! Files as communes write them, files that are no BAL, and the validator's samples where they are at hand.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;

use finage_bal::{Bal, Colonne, Encoding, FileError, Gravite, Limits, Motif, TypePosition, read};
use proptest::prelude::*;

const HEADER: &str = "cle_interop;commune_insee;commune_nom;voie_nom;lieudit_complement_nom;numero;suffixe;position;x;y;long;lat;cad_parcelles;source;date_der_maj;certification_commune";
const ROW: &str = "13004_0100_00012_bis;13004;Arles;Rue du Four;;12;bis;entrée;832000.5;6287000.5;4.63;43.67;13004000AB0145|132004000AB0146;Commune;2024-01-02;1";

fn bal(csv: &str) -> Result<Bal, FileError> {
    read("bal.csv", csv.as_bytes(), &Limits::default())
}

fn rows(rows: &[&str]) -> Bal {
    bal(&format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap()
}

/// The good row with one thing changed.
fn changed(from: &str, to: &str) -> String {
    assert!(ROW.contains(from), "{from}");
    ROW.replacen(from, to, 1)
}

#[test]
fn a_good_row_is_read_whole() {
    let bal = rows(&[ROW]);
    assert_eq!((bal.rows, bal.rejected_rows, bal.anomaly_count), (1, 0, 0), "{:?}", bal.anomalies);
    assert_eq!((bal.encoding, bal.delimiter, bal.version), (Encoding::Utf8, ';', "1.3"));
    let adresse = &bal.adresses[0];
    assert_eq!(adresse.line, 2);
    assert_eq!(adresse.insee.as_str(), "13004");
    assert_eq!((adresse.numero, adresse.suffixe.as_deref()), (Some(12), Some("bis")));
    let parcels: Vec<String> = adresse.cad_parcelles.iter().map(ToString::to_string).collect();
    assert_eq!(parcels, ["13004000AB0145", "13004000AB0146"]);
    assert_eq!(adresse.positions[0].kind, Some(TypePosition::Entree));
    let point = adresse.positions[0].lon_lat.unwrap();
    assert_eq!((point.x.to_bits(), point.y.to_bits()), (4.63_f64.to_bits(), 43.67_f64.to_bits()));
    assert_eq!(adresse.date_der_maj.unwrap().to_string(), "2024-01-02");
    assert!(adresse.certification_commune && !adresse.is_toponyme());
}

#[test]
fn other_encodings_and_delimiters_give_the_same() {
    let csv = format!("{HEADER}\n{ROW}\n");
    let expected = bal(&csv).unwrap().adresses;
    let latin: Vec<u8> = csv.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let read_latin = read("bal.csv", &latin[..], &Limits::default()).unwrap();
    assert_eq!((read_latin.encoding, &read_latin.adresses), (Encoding::Windows1252, &expected));
    for variant in [
        format!("\u{feff}{csv}"),
        csv.replace(';', ","),
        csv.replace(';', "\t"),
        csv.replace('\n', "\r\n"),
        csv.replace("Rue du Four", "\"Rue du Four\""),
        csv.replace("cle_interop;commune_insee", "Clé interop;COMMUNE INSEE"),
        format!("{csv};;;;\n\n"),
    ] {
        assert_eq!(bal(&variant).unwrap().adresses, expected, "{variant}");
    }
}

#[test]
fn positions_of_one_address_are_gathered_the_best_first() {
    let segment = changed("entrée", "segment").replace("4.63;", "4.64;");
    let untold = changed("entrée", "").replace("4.63;", "4.65;");
    let bal = rows(&[&untold, &segment, ROW, ROW, &changed(";12;bis", ";12;ter").replace("_bis", "_ter")]);
    assert_eq!(bal.adresses.len(), 2);
    let kinds: Vec<_> = bal.adresses[0].positions.iter().map(|position| position.kind).collect();
    assert_eq!(kinds, [Some(TypePosition::Entree), Some(TypePosition::Segment), None]);
    assert_eq!(bal.anomalies.len(), 1);
    assert_eq!(bal.anomalies[0].to_string(), "Ligne 5 (conservée) : répétition de la ligne 4.");
}

#[test]
fn a_place_has_no_number_and_may_have_no_point() {
    let place = ";13004;Arles;Le Mas Neuf;;99999;;;;;;;;Commune;2024-01-02;0";
    let bal = rows(&[place]);
    assert!(bal.adresses[0].is_toponyme() && bal.adresses[0].positions.is_empty());
    assert_eq!(bal.anomaly_count, 0);
}

#[test]
fn names_in_regional_languages_are_kept() {
    let csv = "voie_nom;voie_nom_bre;voie_nom_eus;lieudit_complement_nom_bre;commune_insee;numero;long;lat\n\
               Rue du Four;Straed ar Forn;-;Ar Forn;29019;1;-4.48;48.39\n";
    let adresse = bal(csv).unwrap().adresses.remove(0);
    assert_eq!(adresse.voie_nom_langues, BTreeMap::from([("bre".to_owned(), "Straed ar Forn".to_owned())]));
    assert_eq!(adresse.lieudit_complement_nom_langues["bre"], "Ar Forn");
}

#[test]
fn what_is_wrong_with_a_row_is_told() {
    use Gravite::{Rejetee, Signalee};
    for (row, gravite, colonne, motif) in [
        (changed("Rue du Four", ""), Rejetee, Some(Colonne::VoieNom), Motif::Missing),
        (changed("Rue du Four", "Ru"), Rejetee, Some(Colonne::VoieNom), Motif::Length("Ru".into())),
        (
            changed("Rue du Four", "Rue de l\u{fffd}"),
            Rejetee,
            Some(Colonne::VoieNom),
            Motif::Unreadable("Rue de l\u{fffd}".into()),
        ),
        (changed(";12;", ";;"), Rejetee, Some(Colonne::Numero), Motif::Missing),
        (changed(";12;", ";12a;"), Rejetee, Some(Colonne::Numero), Motif::Invalid("12a".into())),
        (changed(";12;", ";10000;"), Rejetee, Some(Colonne::Numero), Motif::Invalid("10000".into())),
        (changed(";bis;", ";;"), Signalee, Some(Colonne::Suffixe), Motif::FromKey("bis".into())),
        (changed(";bis;", ";?;"), Rejetee, Some(Colonne::Suffixe), Motif::Invalid("?".into())),
        (changed(";13004;", ";A7482;"), Rejetee, Some(Colonne::CommuneInsee), Motif::Invalid("A7482".into())),
        (changed("4.63", "abc"), Rejetee, Some(Colonne::Long), Motif::Invalid("abc".into())),
        (changed("4.63", ""), Rejetee, Some(Colonne::Long), Motif::Missing),
        (
            changed("4.63;43.67", "832000;6287000"),
            Rejetee,
            Some(Colonne::Long),
            Motif::NotDegrees("832000 ; 6287000".into()),
        ),
        (changed("832000.5;6287000.5;4.63;43.67", ";;;"), Rejetee, None, Motif::NoPosition),
        (format!("{ROW};extra"), Rejetee, None, Motif::Fields { found: 17, expected: 16 }),
        (changed(";1", ";1").replace(";2024-01-02;1", ""), Signalee, None, Motif::Fields { found: 14, expected: 16 }),
        (changed("4.63", "4,63"), Signalee, Some(Colonne::Long), Motif::Nonstandard("4,63".into(), "4.63".into())),
        (changed("entrée", "porte"), Signalee, Some(Colonne::Position), Motif::Invalid("porte".into())),
        (
            changed("2024-01-02", "2024.01.02"),
            Signalee,
            Some(Colonne::DateDerMaj),
            Motif::Nonstandard("2024.01.02".into(), "2024-01-02".into()),
        ),
        (
            changed("13004000AB0145", "13004AB145"),
            Signalee,
            Some(Colonne::CadParcelles),
            Motif::Invalid("13004AB145".into()),
        ),
        (
            changed("00012", "00013"),
            Signalee,
            Some(Colonne::Numero),
            Motif::Incoherent("12".into(), Colonne::CleInterop),
        ),
        (changed("13004_0100_00012_bis", "13004"), Signalee, Some(Colonne::CleInterop), Motif::Invalid("13004".into())),
        (
            changed(";1", ";1").replace("-02;1", "-02;peut-être"),
            Signalee,
            Some(Colonne::CertificationCommune),
            Motif::Invalid("peut-être".into()),
        ),
    ] {
        let bal = rows(&[&row, &changed("Rue du Four", "Rue Haute")]);
        assert_eq!(bal.anomalies.len(), 1, "{row}: {:?}", bal.anomalies);
        let anomalie = &bal.anomalies[0];
        assert_eq!(
            (anomalie.line, anomalie.gravite, anomalie.colonne, &anomalie.motif),
            (2, gravite, colonne, &motif),
            "{row}"
        );
        assert_eq!(bal.rejected_rows, u64::from(gravite == Rejetee));
        assert_eq!(bal.adresses.len(), if gravite == Rejetee { 1 } else { 2 }, "the other row is read");
    }
}

#[test]
fn what_is_no_bal_is_refused_in_a_sentence() {
    let told = |csv: &str| bal(csv).unwrap_err().to_string();
    assert!(told("").contains("aucune adresse"));
    assert!(told(&format!("{HEADER}\n")).contains("aucune adresse"));
    assert!(told("gml_id,cli\n1,CLI 4\n").contains("il manque voie_nom (ou toponyme), numero"));
    assert!(told(&format!("{HEADER}\n13004;\"Rue")).contains("le guillemet ouvert à la ligne 2"));
    assert!(told(&format!("{HEADER}\n{}\n{ROW}\n", changed("Rue du Four", "\"Rue du Four"))).contains("ligne 2"));
    assert!(told("\u{0}\u{1}").contains("binaire"));
    let long = changed("Rue du Four", &"x".repeat(20_000));
    assert!(matches!(bal(&format!("{HEADER}\n{long}\n")), Err(FileError::Quote { line: 2, .. })));
}

#[test]
fn a_file_may_not_ask_for_too_much() {
    let csv = format!("{HEADER}\n{ROW}\n{ROW}\n");
    let with = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        read("bal.csv", csv.as_bytes(), &limits)
    };
    assert!(matches!(with(|limits| limits.max_bytes = 100), Err(FileError::TooBig { .. })));
    assert!(matches!(with(|limits| limits.max_rows = 1), Err(FileError::TooBig { .. })));
    assert!(matches!(with(|limits| limits.max_columns = 5), Err(FileError::TooBig { .. })));
    let counted = with(|limits| limits.max_anomalies = 0).unwrap();
    assert_eq!((counted.anomalies.len(), counted.anomaly_count), (0, 1));
}

/// What each of the validator's samples must give: addresses, rejected rows, anomalies; or a refusal.
#[test]
fn the_validators_samples_are_understood() {
    let shared = std::env::var_os("FINAGE_SHARED_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("data/adresses/bal_validateur_tests.zip");
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("SKIPPED: {} is absent", path.display());
        return;
    };
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let mut told = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let Some(name) = entry.name().rsplit('/').next().filter(|name| !name.is_empty()).map(str::to_owned) else {
            continue;
        };
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        told.push(match read(&name, &bytes[..], &Limits::default()) {
            Ok(bal) => {
                format!("{name} {} {} {} {}", bal.version, bal.adresses.len(), bal.rejected_rows, bal.anomaly_count)
            }
            Err(FileError::Header { missing, .. }) => format!("{name} manque {missing}"),
            Err(error) => format!("{name} {error}"),
        });
    }
    told.sort();
    let expected: Vec<&str> = include_str!("validator_samples.txt").lines().collect();
    assert_eq!(told, expected, "\n{}", told.join("\n"));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read("bal.csv", &bytes[..], &Limits::default());
    }

    /// Whatever stands in the fields: every row is an address's or is told of.
    #[test]
    fn no_row_is_lost(fields in proptest::collection::vec("[0-9a-zé_|.,@ -]{0,12}", 16), good in any::<bool>()) {
        let row = fields.join(";");
        let row = if good { ROW.to_owned() } else { row };
        prop_assume!(row.chars().any(|c| c != ';' && c != ' '));
        let bal = rows(&[&row]);
        prop_assert_eq!(bal.rows, 1);
        prop_assert_eq!(bal.adresses.len() as u64 + bal.rejected_rows, 1);
        prop_assert!(bal.rejected_rows == 0 || bal.anomaly_count > 0);
    }
}
