//! Every real feuille read by us and by GDAL gives the same objects, areas and labels, but for listed exceptions.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "gdal_parity/layer.rs"]
mod layer;
#[path = "support/mod.rs"]
mod support;
#[path = "gdal_parity/wkt.rs"]
mod wkt;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use finage_edigeo::{Class, Label, Limits, Lot, Lots, Object};
use geo::Area;
use layer::Row;

/// `archive, layer, rid, field`: why we differ from GDAL there.
const EXCEPTIONS: &str = include_str!("gdal_parity/exceptions.tsv");

type Difference = [String; 4];

#[test]
fn same_objects_areas_and_labels_as_gdal() {
    let Some(folder) = support::real_feuilles() else {
        return;
    };
    if Command::new("ogr2ogr").arg("--version").output().is_err() {
        eprintln!("IGNORÉ : ogr2ogr absent");
        return;
    }
    let mut found = BTreeSet::new();
    let mut compared = 0;
    for archive in support::sound_archives(&folder) {
        let lot = only_lot(&archive);
        let layers = read_with_gdal(&archive);
        for class in Class::ALL {
            let ours = lot.of_class(class).map(|object| (object.rid.as_str(), object)).collect();
            let theirs = layers.get(class.scd_id()).map_or(&[][..], Vec::as_slice);
            compared += compare_objects(&lot, class, &ours, theirs, &mut found);
        }
        let labels = layers.get("ID_S_OBJ_Z_1_2_2").map_or(&[][..], Vec::as_slice);
        compared += compare_labels(&lot, labels, &mut found);
    }
    let listed: BTreeSet<Difference> = EXCEPTIONS
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split('\t').map(str::to_owned);
            std::array::from_fn(|_| cells.next().expect("four cells and a reason"))
        })
        .collect();
    let unexplained: Vec<_> = found.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&found).collect();
    assert!(unexplained.is_empty(), "{} unexplained: {unexplained:#?}", unexplained.len());
    assert!(stale.is_empty(), "exceptions that no longer occur: {stale:#?}");
    assert!(compared >= 9_783, "only {compared} objects and labels compared");
}

fn only_lot(archive: &Path) -> Lot {
    let mut lots: Vec<Lot> = Lots::open(archive, &Limits::default()).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(lots.len(), 1, "{}", archive.display());
    lots.pop().unwrap()
}

/// All layers of the archive through ogr2ogr, by name.
fn read_with_gdal(archive: &Path) -> BTreeMap<String, Vec<Row>> {
    let dir = tempfile::tempdir().unwrap();
    let decoder = bzip2::read::MultiBzDecoder::new(std::fs::File::open(archive).unwrap());
    tar::Archive::new(decoder).unpack(dir.path()).unwrap();
    let thf = find_thf(dir.path()).expect("a THF");
    let out = dir.path().join("csv");
    let run =
        Command::new("ogr2ogr").args(["-f", "CSV", "-lco", "GEOMETRY=AS_WKT"]).arg(&out).arg(&thf).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let mut layers = BTreeMap::new();
    for file in std::fs::read_dir(&out).unwrap().flatten() {
        let name = file.path().file_stem().unwrap().to_string_lossy().into_owned();
        layers.insert(name, layer::read(&file.path()));
    }
    layers
}

fn find_thf(dir: &Path) -> Option<std::path::PathBuf> {
    for entry in std::fs::read_dir(dir).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if let Some(found) = find_thf(&path) {
                return Some(found);
            }
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("thf")) {
            return Some(path);
        }
    }
    None
}

fn compare_objects(
    lot: &Lot,
    class: Class,
    ours: &BTreeMap<&str, &Object>,
    theirs: &[Row],
    found: &mut BTreeSet<Difference>,
) -> usize {
    let mut differs = |rid: &str, field: &str| {
        found.insert([lot.source.clone(), class.scd_id().to_owned(), rid.to_owned(), field.to_owned()]);
    };
    let mut seen = BTreeSet::new();
    for row in theirs {
        assert!(seen.insert(row.rid()), "GDAL gives {} twice", row.rid());
        let Some(object) = ours.get(row.rid()) else {
            differs(row.rid(), "absent de notre lecture");
            continue;
        };
        for (name, value) in &object.attributes {
            if row.text(name) != row.normalised(name, value) {
                differs(row.rid(), &format!("attribut {name}"));
            }
        }
        if row.date("CREAT_DATE") != object.observed || row.date("UPDATE_DATE") != object.updated {
            differs(row.rid(), "dates");
        }
        let geometry = row.geometry();
        let (own, other) = (object.geometry.unsigned_area(), geometry.unsigned_area());
        if (own - other).abs() > other * 1e-6 {
            differs(row.rid(), "surface");
        }
        if wkt::normal_form(&object.geometry) != wkt::normal_form(&geometry) {
            differs(row.rid(), "géométrie");
        }
    }
    for rid in ours.keys().filter(|rid| !seen.contains(*rid)) {
        differs(rid, "absent de GDAL");
    }
    theirs.len()
}

fn compare_labels(lot: &Lot, theirs: &[Row], found: &mut BTreeSet<Difference>) -> usize {
    let mut differs = |rid: &str, field: &str| {
        found.insert([lot.source.clone(), "ID_S_OBJ_Z_1_2_2".to_owned(), rid.to_owned(), field.to_owned()]);
    };
    let ours: BTreeMap<&str, &Label> = lot.labels.iter().map(|label| (label.rid.as_str(), label)).collect();
    let mut seen = BTreeSet::new();
    for row in theirs {
        assert!(seen.insert(row.rid()), "GDAL gives {} twice", row.rid());
        let Some(label) = ours.get(row.rid()) else {
            differs(row.rid(), "absent de notre lecture");
            continue;
        };
        if row.text("OGR_OBJ_LNK") != label.object || row.text("OGR_OBJ_LNK_LAYER") != label.class.scd_id() {
            differs(row.rid(), "objet");
        }
        if row.text("OGR_ATR_VAL") != label.text {
            differs(row.rid(), "texte");
        }
        let turn = (row.number("OGR_ANGLE") - label.angle_deg).abs();
        if turn > 1e-6 && (turn - 360.0).abs() > 1e-6 {
            differs(row.rid(), "angle");
        }
        if (row.number("HEI") - label.height_mm.unwrap_or(f64::NAN)).abs() > 1e-9 {
            differs(row.rid(), "hauteur");
        }
        if wkt::normal_form(&label.point.into()) != wkt::normal_form(&row.geometry()) {
            differs(row.rid(), "géométrie");
        }
    }
    for rid in ours.keys().filter(|rid| !seen.contains(*rid)) {
        differs(rid, "absent de GDAL");
    }
    theirs.len()
}
