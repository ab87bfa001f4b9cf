//! Walks a folder: loose EDIGEO files, archives, sub-folders, in the order of names.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Limits, Store};
use crate::error::{EdigeoError, Excess, Refusal};

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Loose files, named by their sub-folder.
    pub store: Store,
    /// Archives to open one after the other.
    pub archives: Vec<PathBuf>,
    entries: usize,
}

/// Lists a folder and its sub-folders. Links are refused: what is read is what lies there.
pub(super) fn list(root: &Path, limits: &Limits) -> Result<Listing, EdigeoError> {
    let mut listing = Listing::default();
    walk(root, root, 0, limits, &mut listing)?;
    Ok(listing)
}

fn walk(root: &Path, dir: &Path, depth: usize, limits: &Limits, listing: &mut Listing) -> Result<(), EdigeoError> {
    let exceeds = |excess| EdigeoError::LimitExceeded { archive: root.display().to_string(), excess };
    let unreadable = |source| EdigeoError::Unreadable { path: dir.to_owned(), source };
    if depth > limits.max_folder_depth {
        return Err(exceeds(Excess::Depth(limits.max_folder_depth)));
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        listing.entries += 1;
        if listing.entries > limits.max_folder_entries {
            return Err(exceeds(Excess::Entries(limits.max_folder_entries)));
        }
        entries.push(entry.map_err(unreadable)?);
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    let folder = dir.strip_prefix(root).unwrap_or(dir).to_string_lossy().into_owned();
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let refused = |reason| EdigeoError::ForbiddenEntry {
            archive: root.display().to_string(),
            entry: path.display().to_string(),
            reason,
        };
        if kind.is_dir() {
            walk(root, &path, depth + 1, limits, listing)?;
        } else if !is_of_interest(&name) {
            // A README or a picture beside the lots is none of our business.
        } else if kind.is_symlink() {
            return Err(refused(Refusal::Link));
        } else if !kind.is_file() {
            return Err(refused(Refusal::NotRegular));
        } else if is_archive(&name) {
            listing.archives.push(path);
        } else if !listing.store.insert_path(&folder, &name, path.clone()) {
            return Err(refused(Refusal::Twice));
        }
    }
    Ok(())
}

fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".tar.bz2", ".tbz2", ".tbz", ".tar"].iter().any(|end| name.ends_with(end))
}

fn is_of_interest(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    is_archive(name) || [".THF", ".GEN", ".GEO", ".QAL", ".DIC", ".SCD", ".VEC"].iter().any(|end| upper.ends_with(end))
}
