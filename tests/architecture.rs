//! Who may import whom: outer rooms know inner ones, never the other way.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from the inside out; a room may use itself and what stands before it.
const ROOMS: [&str; 16] = [
    "config",
    "db",
    "jobs",
    "access",
    "fichiers",
    "backup",
    "spatial",
    "territory",
    "cadastre",
    "modules",
    "cimetiere",
    "print",
    "services",
    "portal",
    "http",
    "cli",
];

/// Uses against the order that are there for a reason.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    ("db/migrate.rs", "territory", "a new database starts with the COG"),
    ("modules/crochet/connus.rs", "cimetiere", "the engine asks the programs of domains, named in one place"),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn nothing_points_back_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in sources(&root) {
        let relative = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let first = relative.split(['/', '.']).next().unwrap().to_owned();
        let Some(rank) = ROOMS.iter().position(|name| *name == first) else {
            continue;
        };
        let text = fs::read_to_string(&file).unwrap();
        for outer in &ROOMS[rank + 1..] {
            let excused = EXCEPTIONS.iter().any(|(path, used, _)| *path == relative && used == outer)
                // The error type names what its variants wrap.
                || relative == "db/mod.rs" && *outer == "territory";
            if text.contains(&format!("crate::{outer}")) && !excused {
                wrong.push(format!("{relative} uses crate::{outer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_tile_crate_knows_nothing_of_the_server() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tiles/Cargo.toml")).unwrap();
    for forbidden in ["sqlx", "axum", "tokio", "finage ="] {
        assert!(!manifest.contains(forbidden), "{forbidden}");
    }
}
