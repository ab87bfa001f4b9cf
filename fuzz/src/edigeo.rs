//! EDIGEO lots: loose files after `@@ name` lines, or the bytes of an archive.

use std::path::Path;

use finage_edigeo::{EdigeoError, Limits, Lot, Lots};
use geo_types::{Geometry, LineString, Polygon};

#[path = "../../crates/finage-edigeo/tests/support/tiny_lot.rs"]
mod tiny_lot;

/// Opens a file in an input.
const MARK: &[u8] = b"@@ ";

/// Reads an input and checks what every lot promises.
pub fn run(input: &[u8]) {
    let limits = Limits { max_total_bytes: 8 << 20, max_file_bytes: 4 << 20, ..Limits::default() };
    let lots = if input.starts_with(MARK) {
        Lots::from_files("essai", files(input), &limits)
    } else {
        Lots::from_reader("essai", input, &limits)
    };
    match lots {
        Ok(lots) => lots.for_each(|lot| check(&lot)),
        Err(error) => check(&Err(error)),
    }
}

/// The files of an input; those it does not give are the sound ones of the tiny lot.
fn files(input: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = tiny_lot::files();
    let mut current: Option<usize> = None;
    for line in input.split_inclusive(|&byte| byte == b'\n') {
        if let Some(name) = line.strip_prefix(MARK) {
            let name = String::from_utf8_lossy(name.trim_ascii()).into_owned();
            let known = files.iter().position(|(own, _)| *own == name);
            current = Some(known.unwrap_or(files.len()));
            match known {
                Some(index) => files[index].1.clear(),
                None => files.push((name, Vec::new())),
            }
        } else if let Some(index) = current {
            files[index].1.extend_from_slice(line);
        }
    }
    files
}

fn check(lot: &Result<Lot, EdigeoError>) {
    let lot = match lot {
        Ok(lot) => lot,
        Err(error) => {
            assert!(error.to_string().contains("essai"), "an error names its archive: {error}");
            return;
        }
    };
    for object in &lot.objects {
        assert!(!object.rid.is_empty());
        check_geometry(&object.geometry);
        let _ = (object.text(), object.contenance_m2(), object.orientation_deg());
    }
    for label in &lot.labels {
        assert!((0.0..360.0).contains(&label.angle_deg), "angle {}", label.angle_deg);
        assert!(lot.objects.iter().any(|object| object.rid == label.object), "label of nothing");
    }
    for relation in &lot.relations {
        for end in [&relation.from, &relation.to] {
            assert!(lot.objects.iter().any(|object| object.rid == *end), "relation to nothing");
        }
    }
    for anomaly in &lot.anomalies {
        assert!(anomaly.to_string().ends_with('.') && !anomaly.cause().is_empty());
    }
}

fn check_geometry(geometry: &Geometry<f64>) {
    match geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => {}
        Geometry::LineString(line) => assert!(line.0.len() >= 2),
        Geometry::MultiLineString(lines) => assert!(lines.0.len() >= 2),
        Geometry::Polygon(polygon) => check_polygon(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().for_each(check_polygon),
        other => panic!("{other:?}"),
    }
}

fn check_polygon(polygon: &Polygon<f64>) {
    check_ring(polygon.exterior());
    polygon.interiors().iter().for_each(check_ring);
}

/// Closed, of three points or more, none twice.
fn check_ring(ring: &LineString<f64>) {
    assert!(ring.0.len() >= 4 && ring.0.first() == ring.0.last());
    let mut points: Vec<_> = ring.0.iter().skip(1).map(|point| (point.x.to_bits(), point.y.to_bits())).collect();
    points.sort_unstable();
    points.dedup();
    assert_eq!(points.len(), ring.0.len() - 1, "a vertex comes twice");
}

/// Writes the corpus anew from the tiny lot.
pub fn seed() -> Result<String, String> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/edigeo");
    let files = tiny_lot::files();
    let mut inputs: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, bytes) in &files {
        inputs.push((name.replace('.', "-"), [b"@@ ", name.as_bytes(), b"\n", bytes].concat()));
    }
    inputs.push(("archive-tar".to_owned(), archive(&files).map_err(|error| error.to_string())?));
    for (name, bytes) in &inputs {
        let path = corpus.join(name);
        std::fs::write(&path, bytes).map_err(|error| format!("« {} » : {error}.", path.display()))?;
    }
    Ok(format!("edigeo : {} cas écrits.", inputs.len()))
}

/// An archive of the index and of the small files: enough to reach the header code.
fn archive(files: &[(String, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files.iter().filter(|(_, bytes)| bytes.len() < 2_000) {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, name, bytes.as_slice())?;
    }
    tar.into_inner()
}
