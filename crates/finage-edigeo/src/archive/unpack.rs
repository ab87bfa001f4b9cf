//! Unpacks one `.tar.bz2` or `.tar` in memory, within bounds.

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Component, Path};
use std::rc::Rc;

use bzip2::bufread::MultiBzDecoder;
use tar::EntryType;

use super::bounded::{Compressed, Meter, Unpacked};
use super::{Limits, Store};
use crate::error::{EdigeoError, Excess, Refusal};

/// Reads a whole archive into memory. `archive` is the name that messages carry.
pub(super) fn unpack(archive: &str, source: impl Read, limits: &Limits) -> Result<Store, EdigeoError> {
    let meter = Rc::new(Meter::default());
    let mut packed = BufReader::new(Compressed { inner: source, meter: Rc::clone(&meter), limits: *limits });
    let head = packed.fill_buf().map_err(|error| damaged(archive, &meter, &error))?;
    let is_bzip2 = head.starts_with(b"BZh");
    let is_known = is_bzip2 || head.get(257..262) == Some(b"ustar");
    let unpacked: Box<dyn Read + '_> = if is_bzip2 { Box::new(MultiBzDecoder::new(packed)) } else { Box::new(packed) };
    let bounded = Unpacked { inner: unpacked, meter: Rc::clone(&meter), limits: *limits };
    let mut tar = tar::Archive::new(bounded);
    let mut store = Store::new();
    read_entries(archive, &mut tar, limits, &meter, &mut store, is_known)?;
    // The end of the stream carries the last checksum: read to it, still within bounds.
    io::copy(&mut tar.into_inner(), &mut io::sink()).map_err(|error| damaged(archive, &meter, &error))?;
    Ok(store)
}

fn read_entries<R: Read>(
    archive: &str,
    tar: &mut tar::Archive<R>,
    limits: &Limits,
    meter: &Meter,
    store: &mut Store,
    is_known: bool,
) -> Result<(), EdigeoError> {
    let exceeds = |excess| EdigeoError::LimitExceeded { archive: archive.to_owned(), excess };
    let entries = tar.entries().map_err(|error| damaged(archive, meter, &error))?;
    for (index, entry) in entries.enumerate() {
        if index >= limits.max_entries {
            return Err(exceeds(Excess::Entries(limits.max_entries)));
        }
        let mut entry = entry.map_err(|error| match meter.excess() {
            None if index == 0 && !is_known => EdigeoError::NotAnArchive { archive: archive.to_owned() },
            _ => damaged(archive, meter, &error),
        })?;
        let shown = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let refused =
            |reason| EdigeoError::ForbiddenEntry { archive: archive.to_owned(), entry: shown.clone(), reason };
        match entry.header().entry_type() {
            EntryType::Regular => {}
            EntryType::Directory | EntryType::XGlobalHeader => continue,
            EntryType::Link | EntryType::Symlink => return Err(refused(Refusal::Link)),
            _ => return Err(refused(Refusal::NotRegular)),
        }
        let (folder, name) = safe_path(&shown).map_err(&refused)?;
        let size = entry.size();
        if size > limits.max_file_bytes {
            return Err(exceeds(Excess::File(limits.max_file_bytes)));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|error| damaged(archive, meter, &error))?;
        if bytes.len() as u64 != size {
            let short = io::Error::new(io::ErrorKind::UnexpectedEof, format!("« {name} » est incomplet"));
            return Err(damaged(archive, meter, &short));
        }
        if !store.insert_bytes(&folder, &name, bytes) {
            return Err(refused(Refusal::Twice));
        }
    }
    Ok(())
}

/// Folder and name of a relative path that does not climb.
fn safe_path(shown: &str) -> Result<(String, String), Refusal> {
    // A backslash is a separator for whoever made the archive on Windows.
    let path = shown.replace('\\', "/");
    let mut parts = Vec::new();
    for component in Path::new(&path).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            Component::ParentDir => return Err(Refusal::Climbs),
            Component::RootDir | Component::Prefix(_) => return Err(Refusal::Absolute),
        }
    }
    let name = parts.pop().ok_or(Refusal::NotRegular)?;
    Ok((parts.join("/"), name))
}

fn damaged(archive: &str, meter: &Meter, error: &io::Error) -> EdigeoError {
    match meter.excess() {
        Some(excess) => EdigeoError::LimitExceeded { archive: archive.to_owned(), excess },
        None => EdigeoError::DamagedArchive { archive: archive.to_owned(), cause: error.to_string() },
    }
}
