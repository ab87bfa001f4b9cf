//! The files of a module, in memory.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::Fault;

/// Longest file of a module, bytes.
pub const MAX_FILE: usize = 8 << 20;
/// All the files of a module, bytes.
pub const MAX_FOLDER: usize = 64 << 20;
/// Files of a module at most.
const MAX_FILES: usize = 2_000;

/// The files of a module, by their path from its folder, `/` between parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folder {
    files: BTreeMap<String, Vec<u8>>,
}

impl Folder {
    /// These files.
    ///
    /// # Errors
    /// Too many files, or too large ones, or a path that leaves the folder.
    pub fn new(files: BTreeMap<String, Vec<u8>>) -> Result<Self, Fault> {
        if files.len() > MAX_FILES {
            return Err(Fault::new("module.toml", None, format!("un module a {MAX_FILES} fichiers au plus")));
        }
        let mut total = 0;
        for (path, bytes) in &files {
            if path.starts_with('/')
                || path.contains('\\')
                || path.split('/').any(|part| part.is_empty() || part == "..")
            {
                return Err(Fault::new(path, None, "ce chemin sort du dossier du module"));
            }
            total += bytes.len();
            if bytes.len() > MAX_FILE || total > MAX_FOLDER {
                return Err(Fault::new(
                    path,
                    None,
                    "ce fichier est trop grand : 8 Mio au plus, 64 Mio pour tout le module",
                ));
            }
        }
        Ok(Self { files })
    }

    /// The bytes of a file.
    #[must_use]
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// It is absent, or no UTF-8.
    pub fn text(&self, path: &str) -> Result<&str, Fault> {
        let bytes = self.bytes(path).ok_or_else(|| Fault::new(path, None, "ce fichier manque"))?;
        std::str::from_utf8(bytes).map_err(|error| {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let line = 1 + before.matches('\n').count();
            Fault::new(path, Some(line), "ce fichier n'est pas en UTF-8")
        })
    }

    /// Paths within a sub-folder that end so, in order.
    pub fn within<'a>(&'a self, folder: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
        let inside = move |path: &&str| {
            path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).is_some_and(|rest| rest.ends_with(end))
        };
        self.files.keys().map(String::as_str).filter(inside)
    }

    /// Every path and its bytes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// A digest of all the files, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for (path, bytes) in self.iter() {
            digest.update(path.as_bytes());
            digest.update([0]);
            digest.update((bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        }
        hex(&digest.finalize())
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
