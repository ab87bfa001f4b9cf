//! Names of files, turned into the engine's numbers of files.
//!
//! The engine keeps every path it ever saw in a table of 65,535 places shared by the whole process, and panics when it
//! is full. So paths are only made here, from names that were accepted, and counted; a template can't make one of data.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use typst::syntax::{FileId, RootedPath, VirtualPath, VirtualRoot};

use crate::erreur::GabaritError;

/// The template itself.
pub(crate) const MODELE: &str = "modele.typ";
/// Our functions.
pub(crate) const FINAGE: &str = "finage.typ";
/// Length of a name.
const LONGUEUR_MAX: usize = 64;
/// Names that all templates of a process may use together: far below what the engine holds.
const NOMS_MAX: usize = 20_000;

static CONNUS: LazyLock<Mutex<HashMap<String, FileId>>> = LazyLock::new(Mutex::default);

/// The number of a name already accepted.
pub(crate) fn connu(nom: &str) -> Option<FileId> {
    CONNUS.lock().unwrap_or_else(PoisonError::into_inner).get(nom).copied()
}

/// The number of a name, if it may be one: letters, digits, `-`, `_` and `.`, in one folder.
pub(crate) fn accepter(nom: &str) -> Result<FileId, GabaritError> {
    let refus = |raison| GabaritError::Fichier { nom: nom.chars().take(LONGUEUR_MAX).collect(), raison };
    let permis = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if nom.is_empty() || nom.len() > LONGUEUR_MAX || nom.starts_with('.') || !nom.chars().all(permis) {
        return Err(refus("doit avoir un nom de 64 lettres sans accent, chiffres, tirets ou points au plus."));
    }
    let mut connus = CONNUS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(id) = connus.get(nom) {
        return Ok(*id);
    }
    if connus.len() >= NOMS_MAX {
        return Err(refus("porte un nom de trop : reprenez un nom déjà utilisé, ou relancez le serveur."));
    }
    let chemin = VirtualPath::new(nom).map_err(|_| refus("a un nom que le moteur refuse."))?;
    let id = RootedPath::new(VirtualRoot::Project, chemin).intern();
    connus.insert(nom.to_owned(), id);
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_plain_name() {
        for refused in ["", "../logo.png", "a/b.png", "/etc/passwd", ".cache", "@preview", "é.png", &"a".repeat(65)] {
            assert!(accepter(refused).is_err(), "{refused}");
        }
        assert_eq!(accepter("logo.png").unwrap(), accepter("logo.png").unwrap());
        assert_eq!(connu("logo.png"), Some(accepter("logo.png").unwrap()));
        assert_eq!(connu("never-seen.png"), None);
    }
}
