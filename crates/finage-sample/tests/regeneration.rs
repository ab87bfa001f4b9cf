//! The committed samples are what the generator makes, byte for byte, and stay small.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, helpers included")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use finage_sample::{SEED, Town, output};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data-samples")
}

fn walk(folder: &Path, out: &mut BTreeSet<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, out);
        } else {
            out.insert(path);
        }
    }
}

#[test]
fn the_committed_files_are_the_generated_ones() {
    let town = Town::generate(SEED).unwrap();
    let files = output::files(&town).unwrap();
    let mut expected = BTreeSet::new();
    for file in &files {
        let path = samples().join(&file.path);
        let committed = std::fs::read(&path).unwrap_or_default();
        assert!(committed == file.bytes, "{} differs: cargo run -p finage-sample -- --out data-samples", file.path);
        expected.insert(path);
    }
    let mut found = BTreeSet::new();
    for folder in ["edigeo", "etalab", "bal", "defauts"] {
        walk(&samples().join(folder), &mut found);
    }
    let strays: Vec<_> = found.difference(&expected).collect();
    assert!(strays.is_empty(), "files nobody makes: {strays:?}");
    let total: usize = files.iter().map(|f| f.bytes.len()).sum();
    assert!(total < 2_000_000, "{total} bytes");
}

#[test]
fn another_seed_gives_another_town() {
    let (first, second) = (Town::generate(SEED).unwrap(), Town::generate(SEED + 1).unwrap());
    assert_ne!(first.communes[0].parcelles[0].contenance, second.communes[0].parcelles[0].contenance);
}
