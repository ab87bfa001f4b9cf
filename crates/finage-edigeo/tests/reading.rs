//! A tiny lot written by hand reads as drawn, from memory, from an archive, from a folder.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/mod.rs"]
mod support;
#[path = "support/tiny_lot.rs"]
mod tiny_lot;

use std::io::Write as _;

use finage_edigeo::{Class, Limits, Lot, Lots, RelationKind, read_lots};
use geo::Area;
use geo_types::Geometry;
use jiff::civil::date;

fn only(lots: Lots) -> Lot {
    let mut lots: Vec<Lot> = lots.collect::<Result<_, _>>().unwrap();
    assert_eq!(lots.len(), 1);
    lots.pop().unwrap()
}

fn tiny() -> Lot {
    only(Lots::from_files("essai", tiny_lot::files(), &Limits::default()).unwrap())
}

fn tar_bz2(prefix: &str) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in tiny_lot::files() {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, format!("{prefix}{name}"), bytes.as_slice()).unwrap();
    }
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(&tar.into_inner().unwrap()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn reads_as_drawn() {
    let lot = tiny();
    assert_eq!((lot.name.as_str(), lot.srid, lot.edition), ("EDTT01", 2154, Some(date(2024, 1, 16))));
    assert_eq!(lot.anomalies, []);
    assert_eq!(lot.objects.len(), 10);
    let areas: Vec<f64> = lot.of_class(Class::Parcelle).map(|parcelle| parcelle.geometry.signed_area()).collect();
    let expected = [2_400.0, 59.5 * 60.125 - 400.0, 200.0, 200.0];
    for (area, expected) in areas.iter().zip(expected) {
        assert!((area - expected).abs() < 1e-6, "{areas:?}");
    }
    let parcelle = lot.of_class(Class::Parcelle).next().unwrap();
    assert_eq!((parcelle.idu(), parcelle.contenance_m2()), (Some("0040000A0001"), Some(2_400.0)));
    assert_eq!((parcelle.observed, parcelle.updated), (Some(date(2001, 2, 15)), Some(date(2014, 2, 12))));
}

#[test]
fn surfaces_and_lines_of_several_pieces() {
    let lot = tiny();
    let batiment = lot.of_class(Class::Batiment).next().unwrap();
    let Geometry::MultiPolygon(parts) = &batiment.geometry else { panic!("{:?}", batiment.geometry) };
    assert_eq!(parts.0.iter().map(|part| part.interiors().len()).collect::<Vec<_>>(), [1, 0]);
    assert!((batiment.geometry.signed_area() - (300.0 + 12.5)).abs() < 1e-6);
    let line = lot.of_class(Class::Tline).next().unwrap();
    assert!(matches!(&line.geometry, Geometry::LineString(line) if line.0.len() == 4));
}

#[test]
fn labels_and_relations() {
    let lot = tiny();
    let label = &lot.labels[0];
    assert_eq!((label.object.as_str(), label.class, label.text.as_str()), ("Objet_10", Class::Parcelle, "1"));
    assert!((label.angle_deg - 90.0).abs() < 1e-9);
    assert_eq!((label.attribute.as_ref(), label.height_mm), ("TEX", Some(2.0)));
    assert_eq!(lot.labels[1].text, "12B");
    let of = |kind| lot.relations.iter().filter(|relation| relation.kind == kind).count();
    assert_eq!(of(RelationKind::ParcelleSubdsect), 4);
    assert_eq!(of(RelationKind::BatimentParcelle), 1);
    assert_eq!(lot.relations.len(), 5);
}

#[test]
fn archives_and_folders_give_the_same_lot() {
    let expected = tiny();
    let same = |lot: Lot| {
        assert_eq!(Lot { source: expected.source.clone(), ..lot }, expected);
    };
    for prefix in ["", "./", "lot/", "Lot Un/sous-dossier/"] {
        same(only(Lots::from_reader("a", tar_bz2(prefix).as_slice(), &Limits::default()).unwrap()));
    }
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in tiny_lot::files() {
        // Some deliveries carry lower-case names and bare line feeds.
        let unix: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'\r').collect();
        std::fs::write(dir.path().join(name.to_lowercase()), unix).unwrap();
    }
    std::fs::write(dir.path().join("LISEZMOI.txt"), "rien").unwrap();
    same(read_lots(dir.path(), &Limits::default()).unwrap().pop().unwrap());
    std::fs::create_dir(dir.path().join("25354")).unwrap();
    std::fs::write(dir.path().join("25354/edigeo-25354000TT01.tar.bz2"), tar_bz2("")).unwrap();
    assert_eq!(read_lots(dir.path(), &Limits::default()).unwrap().len(), 2);
}

#[test]
fn the_incomplete_real_lot_is_refused_by_name() {
    let Some(folder) = support::real_feuilles() else {
        return;
    };
    let path = folder.join("defauts/edigeo-740240000A01-missing.tar.bz2");
    let error = read_lots(&path, &Limits::default()).unwrap_err().to_string();
    for part in ["edigeo-740240000A01-missing.tar.bz2", "ED0A01", "ED0A01SE.SCD", "ED0A01T3.VEC"] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn real_feuilles_are_sound_but_for_one_parcelle() {
    let Some(folder) = support::real_feuilles() else {
        return;
    };
    let mut anomalies = Vec::new();
    for archive in support::sound_archives(&folder) {
        anomalies.extend(read_lots(&archive, &Limits::default()).unwrap().into_iter().flat_map(|lot| lot.anomalies));
    }
    let idus: Vec<_> = anomalies.iter().map(|anomaly| anomaly.idu.as_deref()).collect();
    assert_eq!(idus, [Some("0030000A1542")]);
}
