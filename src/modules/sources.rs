//! Where modules come from: those embedded in the program, and those of a folder of one's own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use finage_manifest::{Fault, Folder, MAX_FILE, Module};
use rust_embed::RustEmbed;
use serde::Serialize;

/// Folders within a module's folder, at most so deep.
const MAX_DEPTH: usize = 4;

/// The modules delivered with Finage.
#[derive(RustEmbed)]
#[folder = "modules/"]
#[exclude = "*.md"]
struct Embedded;

/// Where a module's folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origine {
    /// Embedded in the program.
    Livre,
    /// Of the configured folder.
    Dossier,
}

impl Origine {
    /// The word of `core.module.origine`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Livre => "livre",
            Self::Dossier => "dossier",
        }
    }
}

/// A module found, and what is wrong in it.
#[derive(Debug)]
pub struct Trouve {
    /// Its identifier: the name of its folder.
    pub id: String,
    /// Where it is.
    pub origine: Origine,
    /// The module, or why it cannot be read.
    pub lu: Result<Module, Vec<Fault>>,
}

/// Every module that can be installed, by its identifier; one of the configured folder hides the one delivered.
#[must_use]
pub fn trouves(dossier: Option<&Path>) -> BTreeMap<String, Trouve> {
    let mut trouves = BTreeMap::new();
    for (id, files) in livres() {
        trouves.insert(id.clone(), lit(id, Origine::Livre, Folder::new(files).map_err(|fault| vec![fault])));
    }
    let inside = dossier.and_then(|path| fs::read_dir(path).ok()).into_iter().flatten().flatten();
    for entry in inside.filter(|entry| entry.path().join("module.toml").is_file()) {
        let id = entry.file_name().to_string_lossy().into_owned();
        // A hidden folder is one being put in place, or an editor's.
        if id.starts_with('.') {
            continue;
        }
        trouves.insert(id.clone(), lit(id, Origine::Dossier, dossier_lu(&entry.path())));
    }
    trouves
}

/// The module of a folder.
///
/// # Errors
/// Everything wrong in it.
pub fn lu(path: &Path) -> Result<Module, Vec<Fault>> {
    dossier_lu(path).and_then(Module::read)
}

fn lit(id: String, origine: Origine, folder: Result<Folder, Vec<Fault>>) -> Trouve {
    let lu = folder.and_then(Module::read).and_then(|module| {
        if module.id() == id {
            Ok(module)
        } else {
            let message =
                format!("le dossier se nomme « {id} » et le module « {} » : ils ont le même nom", module.id());
            Err(vec![Fault { file: "module.toml".to_owned(), line: None, message }])
        }
    });
    Trouve { id, origine, lu }
}

fn livres() -> BTreeMap<String, BTreeMap<String, Vec<u8>>> {
    let mut modules: BTreeMap<String, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    for path in Embedded::iter() {
        if let (Some((id, rest)), Some(file)) = (path.split_once('/'), Embedded::get(&path)) {
            modules.entry(id.to_owned()).or_default().insert(rest.to_owned(), file.data.into_owned());
        }
    }
    modules.retain(|_, files| files.contains_key("module.toml"));
    modules
}

fn dossier_lu(path: &Path) -> Result<Folder, Vec<Fault>> {
    let mut files = BTreeMap::new();
    ramasse(path, "", 0, &mut files).map_err(|fault| vec![fault])?;
    Folder::new(files).map_err(|fault| vec![fault])
}

fn ramasse(folder: &Path, inside: &str, depth: usize, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Fault> {
    let unreadable = |name: &str, cause: std::io::Error| Fault {
        file: name.to_owned(),
        line: None,
        message: format!("ce fichier ne se lit pas : {cause}"),
    };
    for entry in fs::read_dir(folder).map_err(|cause| unreadable(inside, cause))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let place = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        // A link would lead out of the folder; hidden files are an editor's.
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() && depth < MAX_DEPTH {
            ramasse(&entry.path(), &place, depth + 1, files)?;
        } else if kind.is_file() {
            let large = entry.metadata().is_ok_and(|data| data.len() > MAX_FILE as u64);
            if large {
                return Err(Fault { file: place, line: None, message: "ce fichier dépasse 8 Mio".to_owned() });
            }
            let bytes = fs::read(entry.path()).map_err(|cause| unreadable(&place, cause))?;
            files.insert(place, bytes);
        }
    }
    Ok(())
}
