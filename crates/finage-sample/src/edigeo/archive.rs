//! The archive of a lot: tar and bzip2, without owner nor date, so that the same lot gives the same bytes.

use std::io::Write as _;

use bzip2::Compression;
use bzip2::write::BzEncoder;
use tar::{Builder, EntryType, Header};

use crate::SampleError;

/// A file of a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotFile {
    /// Name in the archive, without folder.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Packs the files of a lot.
///
/// # Errors
/// [`SampleError::Compress`] naming the archive.
pub fn archive(name: &str, files: &[LotFile]) -> Result<Vec<u8>, SampleError> {
    let fail = |source| SampleError::Compress { name: name.to_owned(), source };
    let mut builder = Builder::new(BzEncoder::new(Vec::new(), Compression::best()));
    for file in files {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(file.bytes.len() as u64);
        builder.append_data(&mut header, &file.name, file.bytes.as_slice()).map_err(fail)?;
    }
    let mut encoder = builder.into_inner().map_err(fail)?;
    encoder.flush().map_err(fail)?;
    encoder.finish().map_err(fail)
}
