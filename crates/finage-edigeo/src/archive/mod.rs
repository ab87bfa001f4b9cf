//! Opens archives and folders, in memory and within bounds, and hands out their lots one by one.

mod bounded;
mod folder;
mod limits;
mod store;
mod unpack;

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub use limits::Limits;
pub(crate) use store::Store;

use crate::assemble;
use crate::error::{EdigeoError, Excess, Refusal};
use crate::lot::descriptor::{self, Descriptor};
use crate::model::Lot;

/// Lots of an archive or of a folder, read one at a time: memory holds one archive, or one lot of a folder.
///
/// A lot that fails yields its error, and the next ones still come.
pub struct Lots {
    limits: Limits,
    /// Archives still to open.
    archives: VecDeque<PathBuf>,
    /// Files of the archive or of the folder being read, and its THF still to read.
    current: Option<Source>,
}

struct Source {
    name: String,
    store: Store,
    /// `(folder, file)`
    indexes: VecDeque<(String, String)>,
    pending: VecDeque<(String, Descriptor)>,
}

impl Source {
    fn new(name: String, store: Store) -> Self {
        let indexes = store.ending_with(".THF").into();
        Self { name, store, indexes, pending: VecDeque::new() }
    }
}

impl Lots {
    /// Opens a `.tar.bz2`, a `.tar`, or a folder that holds loose EDIGEO files, archives or both.
    ///
    /// # Errors
    /// [`EdigeoError::Unreadable`], an archive refused as a whole, or [`EdigeoError::NoLot`].
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, EdigeoError> {
        let metadata =
            std::fs::metadata(path).map_err(|source| EdigeoError::Unreadable { path: path.to_owned(), source })?;
        if !metadata.is_dir() {
            let source = open_archive(path, limits)?;
            return Ok(Self { limits: *limits, archives: VecDeque::new(), current: Some(source) });
        }
        let listing = folder::list(path, limits)?;
        let source = Source::new(path.display().to_string(), listing.store);
        if source.indexes.is_empty() && listing.archives.is_empty() {
            return Err(EdigeoError::NoLot { archive: source.name });
        }
        Ok(Self { limits: *limits, archives: listing.archives.into(), current: Some(source) })
    }

    /// Reads an archive from a stream (an upload, a download); `name` is what messages call it.
    ///
    /// # Errors
    /// As [`Lots::open`].
    pub fn from_reader(name: &str, reader: impl Read, limits: &Limits) -> Result<Self, EdigeoError> {
        let source = archive_source(name, reader, limits)?;
        Ok(Self { limits: *limits, archives: VecDeque::new(), current: Some(source) })
    }

    /// Reads files already in memory; `name` is what messages call their whole.
    ///
    /// # Errors
    /// [`EdigeoError::ForbiddenEntry`] when two files have one name, [`EdigeoError::LimitExceeded`], or [`EdigeoError::NoLot`].
    pub fn from_files(
        name: &str,
        files: impl IntoIterator<Item = (String, Vec<u8>)>,
        limits: &Limits,
    ) -> Result<Self, EdigeoError> {
        let mut store = Store::new();
        for (index, (file, bytes)) in files.into_iter().enumerate() {
            let exceeds = |excess| EdigeoError::LimitExceeded { archive: name.to_owned(), excess };
            if index >= limits.max_entries {
                return Err(exceeds(Excess::Entries(limits.max_entries)));
            }
            if bytes.len() as u64 > limits.max_file_bytes {
                return Err(exceeds(Excess::File(limits.max_file_bytes)));
            }
            if !store.insert_bytes("", &file, bytes) {
                let (archive, reason) = (name.to_owned(), Refusal::Twice);
                return Err(EdigeoError::ForbiddenEntry { archive, entry: file, reason });
            }
        }
        Ok(Self { limits: *limits, archives: VecDeque::new(), current: Some(with_lots(name, store)?) })
    }

    fn next_lot(&mut self) -> Option<Result<Lot, EdigeoError>> {
        loop {
            let Some(source) = &mut self.current else {
                let path = self.archives.pop_front()?;
                match open_archive(&path, &self.limits) {
                    Ok(source) => self.current = Some(source),
                    Err(error) => return Some(Err(error)),
                }
                continue;
            };
            if let Some((folder, descriptor)) = source.pending.pop_front() {
                return Some(read_lot(source, &folder, &descriptor, &self.limits));
            }
            let Some((folder, index)) = source.indexes.pop_front() else {
                self.current = None;
                continue;
            };
            match read_index(source, &folder, &index, &self.limits) {
                Ok(lots) => source.pending.extend(lots.into_iter().map(|lot| (folder.clone(), lot))),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Iterator for Lots {
    type Item = Result<Lot, EdigeoError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_lot()
    }
}

fn open_archive(path: &Path, limits: &Limits) -> Result<Source, EdigeoError> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let unreadable = |source| EdigeoError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if size > limits.max_compressed_bytes {
        let excess = Excess::Compressed(limits.max_compressed_bytes);
        return Err(EdigeoError::LimitExceeded { archive: name, excess });
    }
    archive_source(&name, file, limits)
}

fn archive_source(name: &str, reader: impl Read, limits: &Limits) -> Result<Source, EdigeoError> {
    with_lots(name, unpack::unpack(name, reader, limits)?)
}

fn with_lots(name: &str, store: Store) -> Result<Source, EdigeoError> {
    let source = Source::new(name.to_owned(), store);
    if source.indexes.is_empty() {
        return Err(EdigeoError::NoLot { archive: name.to_owned() });
    }
    Ok(source)
}

fn read_index(source: &mut Source, folder: &str, index: &str, limits: &Limits) -> Result<Vec<Descriptor>, EdigeoError> {
    let bytes = source.store.take(folder, index, limits)?.unwrap_or_default();
    descriptor::read(&bytes, index).map_err(|at| at.within(&source.name, index))
}

fn read_lot(source: &mut Source, folder: &str, descriptor: &Descriptor, limits: &Limits) -> Result<Lot, EdigeoError> {
    let archive = || source.name.clone();
    let absent: Vec<String> = descriptor
        .files()
        .filter(|named| !source.store.contains(folder, &named.file))
        .map(|named| named.file.clone())
        .collect();
    if !absent.is_empty() {
        return Err(EdigeoError::MissingFiles { archive: archive(), lot: descriptor.name.clone(), files: absent });
    }
    let is_listed = |name: &str| descriptor.files().any(|named| named.file.eq_ignore_ascii_case(name));
    let prefix = descriptor.name.to_uppercase();
    let unlisted = source
        .store
        .ending_with(".VEC")
        .into_iter()
        .find(|(own, name)| own == folder && name.starts_with(&prefix) && !is_listed(name));
    if let Some((_, file)) = unlisted {
        return Err(EdigeoError::UnlistedFile { archive: archive(), lot: descriptor.name.clone(), file });
    }
    let mut files = Vec::new();
    let mut total = 0_u64;
    for named in descriptor.files() {
        let bytes = source.store.take(folder, &named.file, limits)?.unwrap_or_default();
        total = total.saturating_add(bytes.len() as u64);
        if total > limits.max_total_bytes {
            let excess = Excess::Total(limits.max_total_bytes);
            return Err(EdigeoError::LimitExceeded { archive: source.name.clone(), excess });
        }
        files.push(bytes);
    }
    assemble::lot(&source.name, descriptor, &files)
}
