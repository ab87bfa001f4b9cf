//! Where a snapshot is written: a file or memory, whose first bytes can be read while the next are written.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Deref;

use super::mapped::Mapped;

/// Where a snapshot is written.
pub trait Storage: Write {
    /// The first bytes, all of them written.
    ///
    /// # Errors
    /// The system refused.
    fn start(&mut self, length: u64) -> std::io::Result<Start<'_>>;
}

/// The first bytes of a snapshot that is being written.
#[derive(Debug)]
pub enum Start<'a> {
    /// Of a file.
    File(Mapped),
    /// Of memory.
    Memory(&'a [u8]),
}

impl Deref for Start<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::File(file) => file,
            Self::Memory(bytes) => bytes,
        }
    }
}

impl Storage for BufWriter<&mut File> {
    fn start(&mut self, length: u64) -> std::io::Result<Start<'_>> {
        self.flush()?;
        let length = usize::try_from(length).map_err(|_| std::io::ErrorKind::FileTooLarge)?;
        Ok(Start::File(Mapped::start(self.get_ref(), length)?))
    }
}

impl Storage for Vec<u8> {
    fn start(&mut self, length: u64) -> std::io::Result<Start<'_>> {
        let start = usize::try_from(length).ok().and_then(|length| self.get(..length));
        start.map(Start::Memory).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }
}
