//! Files given on the command line, looked at before anything is opened.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The same paths without those that name a file twice.
///
/// # Errors
/// One French sentence for a path that is missing, unreadable, or neither a file nor (where allowed) a folder: a pipe would
/// be waited for without end.
pub fn readable(paths: &[PathBuf], folders: bool) -> Result<Vec<PathBuf>, String> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::with_capacity(paths.len());
    for path in paths {
        check(path, folders)?;
        if seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())) {
            kept.push(path.clone());
        }
    }
    Ok(kept)
}

fn check(path: &Path, folders: bool) -> Result<(), String> {
    let shown = path.display();
    let refused = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => format!("« {shown} » : fichier introuvable ; vérifiez le chemin"),
        ErrorKind::PermissionDenied => {
            format!("« {shown} » : lecture refusée ; donnez-vous le droit de lire ce fichier")
        }
        _ => format!("« {shown} » : lecture impossible ({error})"),
    };
    let metadata = fs::metadata(path).map_err(refused)?;
    if metadata.is_dir() {
        return if folders { Ok(()) } else { Err(format!("« {shown} » est un dossier ; donnez un fichier")) };
    }
    if !metadata.is_file() {
        return Err(format!("« {shown} » n'est pas un fichier ordinaire"));
    }
    File::open(path).map(drop).map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_given_twice_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        fs::write(&file, "x").unwrap();
        let twice = [file.clone(), folder.path().join("./a.json")];
        assert_eq!(readable(&twice, false).unwrap(), [file]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let missing = readable(&[PathBuf::from("/nulle/part.csv")], false).unwrap_err();
        assert!(missing.contains("/nulle/part.csv") && missing.contains("introuvable"));
        assert!(readable(&[std::env::temp_dir()], false).unwrap_err().contains("dossier"));
        assert!(readable(&[PathBuf::from("/dev/null")], false).unwrap_err().contains("ordinaire"));
    }
}
