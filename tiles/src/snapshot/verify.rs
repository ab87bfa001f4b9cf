//! Checking every byte of a snapshot against its checksums.

use std::hash::Hasher;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use twox_hash::XxHash3_64;

use super::error::SnapshotError;
use super::head::Head;

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;

/// Sums each section of a file by plain reads: verifying a mapped file would bring all of it into the memory of the process.
///
/// # Errors
/// The system refused, or a section does not have its checksum.
pub fn sections(head: &Head, mut file: impl Read + Seek, path: &Path) -> Result<(), SnapshotError> {
    let failed = |source| SnapshotError::io("lecture", path)(source);
    let mut chunk = Vec::new();
    for section in &head.table {
        file.seek(SeekFrom::Start(section.range.start)).map_err(failed)?;
        let mut left = section.range.end - section.range.start;
        let mut hasher = XxHash3_64::default();
        while left > 0 {
            let length = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            chunk.resize(length, 0);
            file.read_exact(&mut chunk).map_err(failed)?;
            hasher.write(&chunk);
            left -= length as u64;
        }
        if hasher.finish() != section.checksum {
            let column = head.schema.columns().get(usize::from(section.column));
            let of = column.map_or(String::new(), |column| format!(" ({})", column.name));
            return Err(SnapshotError::Checksum(format!("niveau {}, {:?}{of}", section.level, section.part)));
        }
    }
    Ok(())
}
