//! The bytes of a snapshot: a file mapped in memory, or memory.

use std::fs::File;
use std::ops::Deref;

use memmap2::{Mmap, MmapOptions};

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
        Self::map(file, &MmapOptions::new())
    }

    /// Maps the first bytes of a file that goes on being written after them.
    ///
    /// # Errors
    /// The system refused.
    pub fn start(file: &File, length: usize) -> std::io::Result<Self> {
        Self::map(file, MmapOptions::new().len(length))
    }

    fn map(file: &File, options: &MmapOptions) -> std::io::Result<Self> {
        #[expect(
            unsafe_code,
            reason = "snapshots are written once, beside, and renamed: what is mapped of a file does not change"
        )]
        // SAFETY: the contract of snapshots is that a file is written from its start to its end, no byte twice, and not after
        // its rename; replacing one leaves the old inode, which the map holds, as it was. What is mapped is written already.
        let map = unsafe { options.map(file) }?;
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
