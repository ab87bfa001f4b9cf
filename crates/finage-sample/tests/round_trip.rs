//! The EDIGEO lots read back, by our reader and by GDAL: same objects, same areas.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, helpers included")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use finage_edigeo::{Class, Limits, RelationKind, read_lots};
use finage_sample::edigeo::{archive, archive_name, lot_files};
use finage_sample::projection::Projection;
use finage_sample::town::Commune;
use finage_sample::{SEED, Town};
use geo::Area;
use geo_types::{Geometry, Polygon};

/// Department-less idu to area in the delivered coordinates.
fn expected(commune: &Commune, feuille: usize) -> BTreeMap<String, (f64, u32)> {
    let projection = Projection::from_lambert93(commune.srid).unwrap();
    commune
        .parcelles
        .iter()
        .filter(|p| p.feuille == feuille)
        .map(|p| {
            let area = projection.polygon(&p.polygon).unwrap().unsigned_area();
            (commune.idu(p)[2..].to_owned(), (area, p.contenance))
        })
        .collect()
}

fn area(geometry: &Geometry<f64>) -> f64 {
    match geometry {
        Geometry::Polygon(p) => p.unsigned_area(),
        Geometry::MultiPolygon(p) => p.unsigned_area(),
        _ => 0.0,
    }
}

#[test]
fn our_reader_gives_the_same_objects() {
    let town = Town::generate(SEED).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for commune in &town.communes {
        for (feuille, sheet) in commune.feuilles.iter().enumerate() {
            let name = archive_name(commune, sheet);
            let path = folder.path().join(&name);
            std::fs::write(&path, archive(&name, &lot_files(commune, feuille).unwrap()).unwrap()).unwrap();
            let lots = read_lots(&path, &Limits::default()).unwrap();
            let [lot] = lots.as_slice() else { panic!("{name}: {} lots", lots.len()) };
            assert!(lot.anomalies.is_empty(), "{name}: {:?}", lot.anomalies);
            assert_eq!(lot.srid, commune.srid, "{name}");
            let expected = expected(commune, feuille);
            let read: Vec<_> = lot.of_class(Class::Parcelle).collect();
            assert_eq!(read.len(), expected.len(), "{name}");
            for parcelle in read {
                let (wanted, contenance) = expected[parcelle.idu().unwrap()];
                assert!((area(&parcelle.geometry) - wanted).abs() < 1e-3, "{name} {:?}", parcelle.idu());
                assert_eq!(parcelle.contenance_m2(), Some(f64::from(contenance)));
            }
            let count = |class| lot.of_class(class).count();
            let buildings: Vec<_> = commune.batiments.iter().filter(|b| b.feuille == feuille).collect();
            assert_eq!(count(Class::Batiment), buildings.len(), "{name}");
            assert_eq!(count(Class::Lieudit), commune.lieux_dits.iter().filter(|l| l.feuille == feuille).count());
            assert_eq!(count(Class::Section), 1);
            let links = lot.relations.iter().filter(|r| r.kind == RelationKind::BatimentParcelle).count();
            assert_eq!(links, buildings.iter().map(|b| b.parcelles.len()).sum::<usize>(), "{name}");
            let numbers = lot.labels.iter().filter(|l| l.class == Class::Parcelle).count();
            assert_eq!(numbers, expected.len(), "{name}");
        }
    }
}

#[test]
fn gdal_gives_the_same_parcels() {
    if Command::new("ogr2ogr").arg("--version").output().is_err() {
        eprintln!("IGNORÉ : ogr2ogr (gdal-bin) absent, la comparaison avec GDAL n'est pas faite.");
        return;
    }
    let town = Town::generate(SEED).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for commune in &town.communes {
        for (feuille, sheet) in commune.feuilles.iter().enumerate() {
            let home = folder.path().join(archive_name(commune, sheet));
            std::fs::create_dir(&home).unwrap();
            let files = lot_files(commune, feuille).unwrap();
            for file in &files {
                std::fs::write(home.join(&file.name), &file.bytes).unwrap();
            }
            let read = gdal_parcels(&home.join(&files[0].name));
            let expected = expected(commune, feuille);
            assert_eq!(read.len(), expected.len(), "{}", home.display());
            for (idu, area) in read {
                assert!((area - expected[&idu].0).abs() < 1e-3, "{idu}: {area} / {:?}", expected[&idu]);
            }
        }
    }
}

fn gdal_parcels(thf: &Path) -> BTreeMap<String, f64> {
    let output =
        Command::new("ogr2ogr").args(["-f", "GeoJSON", "/vsistdout/"]).arg(thf).arg("PARCELLE_id").output().unwrap();
    let parsed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    parsed["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            let rings: Vec<Vec<(f64, f64)>> = serde_json::from_value(f["geometry"]["coordinates"].clone()).unwrap();
            let mut lines = rings.into_iter().map(geo_types::LineString::from);
            let polygon = Polygon::new(lines.next().unwrap(), lines.collect());
            (f["properties"]["IDU"].as_str().unwrap().to_owned(), polygon.unsigned_area())
        })
        .collect()
}
