//! What the tests share: the real feuilles, when they are at hand.

use std::path::{Path, PathBuf};

/// Folder of the real feuilles: `FINAGE_SHARED_DIR`, else `../shared` beside the checkout. Says so when absent.
#[expect(clippy::print_stderr, reason = "a skipped test must be seen")]
pub fn real_feuilles() -> Option<PathBuf> {
    let shared = std::env::var_os("FINAGE_SHARED_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("data/cadastre_edigeo");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("IGNORÉ : feuilles réelles absentes ({})", folder.display());
    None
}

/// Archives of the folder that should read well, in the order of names.
pub fn sound_archives(folder: &Path) -> Vec<PathBuf> {
    let mut archives = Vec::new();
    for commune in std::fs::read_dir(folder).expect("folder").flatten() {
        if commune.file_name() == "defauts" {
            continue;
        }
        let files = std::fs::read_dir(commune.path()).expect("commune");
        archives.extend(files.flatten().map(|file| file.path()));
    }
    archives.retain(|path| path.to_string_lossy().ends_with(".tar.bz2"));
    archives.sort();
    archives
}
