//! The bytes of a snapshot: a file mapped in memory, or memory.

use std::fs::File;
use std::ops::Deref;

use memmap2::Mmap;

/// Bytes that are read and never written.
#[derive(Debug)]
pub enum Mapped {
    /// A file.
    File(Mmap),
    /// Memory.
    Memory(Vec<u8>),
}

impl Mapped {
    /// Maps a whole file.
    ///
    /// # Errors
    /// The system refused.
    pub fn file(file: &File) -> std::io::Result<Self> {
        #[expect(
            unsafe_code,
            reason = "snapshots are written beside and renamed, never changed in place: the file mapped does not move"
        )]
        // SAFETY: the contract of snapshots is that no file is written after its rename; replacing one leaves the old
        // inode, which the map holds, as it was.
        let map = unsafe { Mmap::map(file) }?;
        Ok(Self::File(map))
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::File(map) => map,
            Self::Memory(bytes) => bytes,
        }
    }
}
