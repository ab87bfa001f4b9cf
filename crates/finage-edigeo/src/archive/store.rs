//! The files at hand: unpacked in memory, or named on the disk and read when asked.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use super::Limits;
use crate::error::{EdigeoError, Excess};

/// Files by folder and upper-case name.
#[derive(Debug, Default)]
pub(crate) struct Store {
    files: BTreeMap<(String, String), Content>,
}

#[derive(Debug)]
enum Content {
    Memory(Vec<u8>),
    Disk(PathBuf),
}

impl Store {
    pub fn new() -> Self {
        Self::default()
    }

    /// False when a file of this name (letter case aside) is already there.
    pub fn insert_bytes(&mut self, folder: &str, name: &str, bytes: Vec<u8>) -> bool {
        self.insert(folder, name, Content::Memory(bytes))
    }

    /// Same for a file that stays on the disk until [`Store::take`].
    pub fn insert_path(&mut self, folder: &str, name: &str, path: PathBuf) -> bool {
        self.insert(folder, name, Content::Disk(path))
    }

    fn insert(&mut self, folder: &str, name: &str, content: Content) -> bool {
        let key = (folder.to_owned(), name.to_uppercase());
        if self.files.contains_key(&key) {
            return false;
        }
        self.files.insert(key, content);
        true
    }

    /// `(folder, upper-case name)` of the files whose name ends with `extension` (upper case, with its dot).
    pub fn ending_with(&self, extension: &str) -> Vec<(String, String)> {
        self.files.keys().filter(|(_, name)| name.ends_with(extension)).cloned().collect()
    }

    pub fn contains(&self, folder: &str, name: &str) -> bool {
        self.files.contains_key(&(folder.to_owned(), name.to_uppercase()))
    }

    /// Takes a file out, reading it when it is on the disk.
    ///
    /// # Errors
    /// [`EdigeoError::Unreadable`], or [`EdigeoError::LimitExceeded`] on a file larger than the bound.
    pub fn take(&mut self, folder: &str, name: &str, limits: &Limits) -> Result<Option<Vec<u8>>, EdigeoError> {
        match self.files.remove(&(folder.to_owned(), name.to_uppercase())) {
            None => Ok(None),
            Some(Content::Memory(bytes)) => Ok(Some(bytes)),
            Some(Content::Disk(path)) => read_bounded(path, limits).map(Some),
        }
    }
}

fn read_bounded(path: PathBuf, limits: &Limits) -> Result<Vec<u8>, EdigeoError> {
    let mut bytes = Vec::new();
    let read = File::open(&path).and_then(|file| file.take(limits.max_file_bytes + 1).read_to_end(&mut bytes));
    match read {
        Err(source) => Err(EdigeoError::Unreadable { path, source }),
        Ok(size) if size as u64 > limits.max_file_bytes => Err(EdigeoError::LimitExceeded {
            archive: path.display().to_string(),
            excess: Excess::File(limits.max_file_bytes),
        }),
        Ok(_) => Ok(bytes),
    }
}
