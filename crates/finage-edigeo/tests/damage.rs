//! A damaged lot: a named error or a quarantined object, never a panic, never a wrong geometry that could be told.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/tiny_lot.rs"]
mod tiny_lot;

use finage_edigeo::{Defect, EdigeoError, Limits, Lot, Lots};
use proptest::prelude::*;

type Files = Vec<(String, Vec<u8>)>;

fn read(files: Files) -> Result<Lot, EdigeoError> {
    let mut lots = Lots::from_files("essai", files, &Limits::default())?;
    let lot = lots.next().expect("one lot");
    assert!(lots.next().is_none());
    lot
}

/// The tiny lot with `from` replaced by `to`, once, in the file of that suffix; lengths are mended.
fn edited(suffix: &str, from: &str, to: &str) -> Result<Lot, EdigeoError> {
    let mut files = tiny_lot::files();
    let (_, bytes) = files.iter_mut().find(|(name, _)| name.ends_with(suffix)).expect("the file");
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{from} is not in {suffix}");
    *bytes = text.replacen(from, to, 1).into_bytes();
    read(files)
}

fn message(suffix: &str, from: &str, to: &str) -> String {
    edited(suffix, from, to).expect_err(from).to_string()
}

#[test]
fn each_absent_file_is_named() {
    for index in 1..tiny_lot::files().len() {
        let mut files = tiny_lot::files();
        let (name, _) = files.remove(index);
        let error = read(files).unwrap_err().to_string();
        assert!(error.contains(&name) && error.contains("EDTT01"), "{error}");
    }
    let mut files = tiny_lot::files();
    files.push(("EDTT01T9.VEC".to_owned(), Vec::new()));
    assert!(matches!(read(files), Err(EdigeoError::UnlistedFile { file, .. }) if file == "EDTT01T9.VEC"));
}

#[test]
fn a_file_cut_at_any_line_is_refused() {
    for index in 0..tiny_lot::files().len() {
        let whole = tiny_lot::files();
        let (name, bytes) = &whole[index];
        let ends: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'\n').collect();
        for &end in ends.iter().rev().skip(1).step_by(11) {
            let mut files = whole.clone();
            files[index].1.truncate(end + 1);
            let error = read(files).expect_err(name).to_string();
            assert!(error.contains(name.as_str()), "{error}");
        }
    }
}

#[test]
fn corruption_says_file_line_and_cause() {
    let cases = [
        ("T1.VEC", "BOMT 12:EDTT01T1", "BOMT 12:EDTT01T2", "ligne 1 : marque de début"),
        ("T1.VEC", "RTYSA03:PNO", "RTYSA03:PNX", "bloc « PNX » inconnu"),
        ("T1.VEC", "RIDSA", "RIXSA", "rubrique RID absente"),
        ("T1.VEC", "TYPSN01:1", "TYPSN02:1", "rubrique TYP : 2 caractères annoncés, 1 trouvés"),
        ("T1.VEC", "TYPSN01:1", "TYPXN01:1", "en-tête de rubrique illisible"),
        ("T1.VEC", "PTCSN01:4", "PTCSN01:5", "PTC annonce 5 élément(s), 4 trouvé(s)"),
        ("T1.VEC", "ATCSN01:4", "ATCSN01:3", "ATC annonce 3 élément(s), 4 trouvé(s)"),
        ("T1.VEC", "FTCSN01:2", "FTCSN01:3", "FTC annonce 3 élément(s), 2 trouvé(s)"),
        ("T1.VEC", "QACSN01:1", "QACSN01:2", "QAC annonce 2 élément(s), 1 trouvé(s)"),
        ("T1.VEC", "+652000.00;", "+652O00.00;", "rubrique COR : nombre illisible"),
        ("T1.VEC", "EDTT01;SeSD", "EDTX01;SeSD", "référence au lot « EDTX01 »"),
        ("T1.VEC", "PARCELLE_id", "PARCELLX_id", "« PARCELLX_id » n'est pas décrit par le SCD"),
        ("T1.VEC", "TEXT 06:8859-1", "TEXT 06:8859-7", "jeu de caractères « 8859-7 » inconnu"),
        ("T1.VEC", "PAR;a1", "PAR;a2", "ne relie pas ce que dit son nom"),
        ("T1.VEC", "RIDSA02:F2", "RIDSA02:F1", "identifiant « F1 » donné deux fois"),
        ("GEO", "LAMB93", "LAMB94", "système de coordonnées « LAMB94 » inconnu"),
        ("THF", "GDCSN01:4", "GDCSN01:3", "GDC annonce 3 élément(s), 4 trouvé(s)"),
        ("THF", "LOCSN01:1", "LOCSN01:2", "LOC annonce 2 élément(s), 1 trouvé(s)"),
        ("S1.VEC", "EOMT 00:", "EOMT 00:\r\nATCSN01:0", "données après la marque de fin"),
    ];
    for (file, from, to, expected) in cases {
        let message = message(file, from, to);
        assert!(message.contains(expected) && message.contains(file), "{from} → {to} : {message}");
        assert!(message.ends_with('.') && message.contains("ligne "), "{message}");
    }
}

#[test]
fn an_object_that_makes_no_sense_is_put_aside_and_the_rest_is_kept() {
    type Check = fn(&Defect) -> bool;
    let cases: [(&str, &str, &str, Check); 11] = [
        ("T1.VEC", "ATVST12:0040000A0002", "ATVST00:", |defect| matches!(defect, Defect::MissingIdu)),
        ("T1.VEC", "0040000A0002", "0040000A00x2", |defect| matches!(defect, Defect::MalformedIdu(_))),
        ("T1.VEC", "0040000A0002", "0050000A0002", |defect| matches!(defect, Defect::ForeignIdu { .. })),
        ("T1.VEC", "0040000A0002", "0040000A0001", |defect| matches!(defect, Defect::DuplicateIdu(_))),
        ("T1.VEC", "+652060.00;+6862020.00;", "+952060.00;+9862020.00;", |defect| {
            matches!(defect, Defect::OutOfBounds { .. })
        }),
        (
            "T1.VEC",
            "FEA;Objet_11\r\nFTPCP21:EDTT01;SeTOP_1;PFE;F2",
            "FEA;Objet_11\r\nFTPCP21:EDTT01;SeTOP_1;PFE;F9",
            |defect| matches!(defect, Defect::Dangling(_)),
        ),
        (
            "T1.VEC",
            "FEA;Objet_11\r\nFTPCP21:EDTT01;SeTOP_1;PFE;F2",
            "FEA;Objet_11\r\nFTPCP21:EDTT01;SeTOP_1;PFE;F1",
            |defect| matches!(defect, Defect::SharedGeometry(_)),
        ),
        (
            "T1.VEC",
            "PTCSN01:4\r\nCORCC23:+652040.00;+6862060.00;",
            "PTCSN01:4\r\nCORCC23:+652041.00;+6862060.00;",
            |defect| matches!(defect, Defect::ArcOffNode(_)),
        ),
        ("S1.VEC", "+652035.00;+6862005.00;", "+652030.00;+6862005.00;", |defect| matches!(defect, Defect::Degenerate)),
        (
            "S1.VEC",
            "+652035.00;+6862010.00;\r\nCORCC23:+652030.00;",
            "+652035.00;+6862010.00;\r\nCORCC23:+652031.00;",
            |defect| matches!(defect, Defect::OpenRing { .. }),
        ),
        ("S1.VEC", "FEA;Objet_7\r\nATCSN", "FEA;Objet_8\r\nATCSN", |defect| matches!(defect, Defect::Dangling(_))),
    ];
    for (file, from, to, check) in cases {
        let lot = edited(file, from, to).unwrap_or_else(|error| panic!("{from} → {to} : {error}"));
        let quarantined: Vec<_> = lot.anomalies.iter().filter(|anomaly| !anomaly.is_kept).collect();
        assert!(quarantined.iter().any(|anomaly| check(&anomaly.defect)), "{from} → {to} : {quarantined:?}");
        assert!(lot.objects.len() >= 5, "{from} → {to}: the rest is lost too");
    }
}

#[test]
fn impossible_dates_are_remarked_and_the_object_kept() {
    let lot = edited("QAL", "20010215", "20010230").unwrap();
    assert_eq!(lot.objects.len(), 10);
    assert!(lot.anomalies.iter().all(|anomaly| anomaly.is_kept && anomaly.defect == Defect::ImpossibleDate));
    assert_eq!(lot.anomalies.len(), 10);
    assert_eq!(lot.objects[0].observed, None);
}

/// The record in which a byte lies.
fn code_at(bytes: &[u8], index: usize) -> &[u8] {
    let start = bytes[..index].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    bytes.get(start..start + 3).unwrap_or_default()
}

/// Any one bit turned in a VEC shows, unless it lies in a coordinate or in an attribute's own value.
#[test]
fn a_flipped_bit_shows() {
    let sound = read(tiny_lot::files()).unwrap();
    for suffix in ["T1.VEC", "S1.VEC"] {
        let index = tiny_lot::files().iter().position(|(name, _)| name.ends_with(suffix)).unwrap();
        let bytes = tiny_lot::files()[index].1.clone();
        for (at, _) in bytes.iter().enumerate().step_by(3) {
            let mut files = tiny_lot::files();
            files[index].1[at] ^= 1 << (at % 7);
            let Ok(lot) = read(files) else { continue };
            if !lot.anomalies.is_empty() {
                continue;
            }
            let geometries = |lot: &Lot| -> Vec<_> {
                lot.objects.iter().map(|object| (object.rid.clone(), object.geometry.clone())).collect()
            };
            match code_at(&bytes, at) {
                b"COR" | b"ATV" => {}
                // Which attribute a value belongs to, the name of a relation's own block, the sense of an arc.
                b"ATP" | b"RID" | b"SNS" | b"TYP" => {
                    assert_eq!(geometries(&lot), geometries(&sound), "{suffix} {at}");
                }
                code => {
                    let code = String::from_utf8_lossy(code);
                    assert_eq!(lot, sound, "{suffix} byte {at}, {code}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Random bytes in the place of a file.
    #[test]
    fn random_files_never_panic(index in 0..10_usize, bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let mut files = tiny_lot::files();
        files[index].1 = bytes;
        let _ = read(files);
    }

    /// Lines dropped, doubled, swapped; bytes changed.
    #[test]
    fn mutated_files_never_panic(
        index in 0..10_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..6),
    ) {
        let mut files = tiny_lot::files();
        let mut lines: Vec<Vec<u8>> = files[index].1.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        for (one, other, kind, byte) in edits {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            match kind {
                0 if lines.len() > 1 => drop(lines.remove(one)),
                1 => lines.insert(one, lines[other].clone()),
                2 => lines.swap(one, other),
                _ => {
                    let at = usize::from(byte) % lines[one].len();
                    lines[one][at] = byte;
                }
            }
        }
        files[index].1 = lines.concat();
        if let Ok(lot) = read(files) {
            for anomaly in &lot.anomalies {
                prop_assert!(!anomaly.to_string().is_empty());
            }
        }
    }

    /// Random bytes in the place of an archive, with and without a plausible head.
    #[test]
    fn random_archives_never_panic(head in prop_oneof![Just(&b""[..]), Just(&b"BZh9"[..])], bytes in prop::collection::vec(any::<u8>(), 0..3_000)) {
        let all = [head, &bytes].concat();
        if let Ok(lots) = Lots::from_reader("essai", all.as_slice(), &Limits::default()) {
            let _ = lots.count();
        }
    }
}
