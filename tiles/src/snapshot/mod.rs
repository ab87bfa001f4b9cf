//! A layer in a file of its own, mapped in memory: see the format and the schema.

mod batch;
mod cells;
mod columns_in;
mod columns_out;
mod error;
mod format;
mod head;
mod hilbert;
mod level;
mod level_out;
mod mapped;
mod ring;
mod schema;
mod shape;
mod simpler;
mod simplification;
mod storage;
mod tree;
mod verify;
mod writer;

use std::fs::File;
use std::path::Path;

pub use batch::Batch;
pub use cells::Cell;
pub use columns_in::ColumnView;
pub use error::SnapshotError;
pub use format::VERSION as SNAPSHOT_VERSION;
pub use level::LevelView;
pub use ring::StoredRing;
pub use schema::{Column, ColumnType, MAX_COLUMNS, Role, Schema};
pub use simplification::{Group, Simplification};
pub use writer::SnapshotWriter;

use format::{MAGIC, MAX_HEAD, Reader, TRAILER, VERSION, xxh3};
use head::Head;
use level::LevelParts;
use mapped::Mapped;

use crate::bounds::Bounds;

/// The key of a row whose own is longer, or is a text: 64 bits of it, so that two rows of a hundred million have the same once
/// in some thousands of layers.
#[must_use]
pub fn key_of(key: &[u8]) -> u64 {
    xxh3(key)
}

/// The key of a row that stands for several: it is none of theirs, and its feature has no identifier.
pub const NO_KEY: u64 = 0;

/// How much of a file is checked when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Its head and the lengths of its sections: milliseconds, whatever its size. What is wrong inside is an error when met.
    Head,
    /// Every byte, by plain reads that leave nothing in the memory of the process.
    Everything,
}

/// A layer, to read.
#[derive(Debug)]
pub struct Snapshot {
    file: Mapped,
    head: Head,
    levels: Vec<LevelParts>,
}

impl Snapshot {
    /// Opens a file.
    ///
    /// # Errors
    /// It can't be read, is of another format, or is corrupt.
    pub fn open(path: &Path, check: Check) -> Result<Self, SnapshotError> {
        let file = File::open(path).map_err(SnapshotError::io("ouverture", path))?;
        let snapshot = Self::of(Mapped::file(&file).map_err(SnapshotError::io("projection", path))?)?;
        if check == Check::Everything {
            verify::sections(&snapshot.head, file, path)?;
        }
        Ok(snapshot)
    }

    /// A snapshot in memory, every byte checked.
    ///
    /// # Errors
    /// It is of another format, or is corrupt.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, SnapshotError> {
        let snapshot = Self::of(Mapped::Memory(bytes))?;
        verify::sections(&snapshot.head, std::io::Cursor::new(&*snapshot.file), Path::new(""))?;
        Ok(snapshot)
    }

    fn of(file: Mapped) -> Result<Self, SnapshotError> {
        let (body, trailer) = file.split_last_chunk::<TRAILER>().ok_or(SnapshotError::NotASnapshot)?;
        let mut reader = Reader { rest: trailer };
        let length = u64::from_le_bytes(reader.array()?);
        let checksum = u64::from_le_bytes(reader.array()?);
        let version = u32::from_le_bytes(reader.array()?);
        if body.first_chunk() != Some(&MAGIC) || reader.rest != MAGIC {
            return Err(SnapshotError::NotASnapshot);
        }
        if version != VERSION {
            return Err(SnapshotError::Version(version));
        }
        let start = usize::try_from(length).ok().filter(|length| *length <= MAX_HEAD);
        let start = start.and_then(|length| body.len().checked_sub(length)).filter(|start| *start >= MAGIC.len());
        let start = start.ok_or(SnapshotError::Corrupt("longueur de l'en-tête"))?;
        let bytes = &body[start..];
        if xxh3(bytes) != checksum {
            return Err(SnapshotError::Checksum("en-tête".to_owned()));
        }
        let head = Head::read(bytes, MAGIC.len() as u64..start as u64)?;
        let levels = (0..head.levels.len()).map(|level| LevelParts::find(&head, level)).collect::<Result<_, _>>()?;
        Ok(Self { file, head, levels })
    }

    /// What it is of.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.head.schema
    }

    /// The bytes given by who wrote it.
    #[must_use]
    pub fn stamp(&self) -> &[u8] {
        &self.head.stamp
    }

    /// Bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.file.len()
    }

    /// A level, 0 being the one of full detail.
    #[must_use]
    pub fn level(&self, level: usize) -> Option<LevelView<'_>> {
        self.levels.get(level).map(|parts| parts.view(&self.file))
    }

    /// The level that draws a zoom.
    #[must_use]
    pub fn level_at(&self, zoom: u8) -> Option<(usize, LevelView<'_>)> {
        let level = self.schema().level_at(zoom)?;
        Some((level, self.level(level)?))
    }

    /// The box of all rows of a level, in world units.
    #[must_use]
    pub fn bounds(&self, level: usize) -> Option<Bounds> {
        self.head.levels.get(level).map(|level| level.bounds)
    }

    /// Rows of full detail that a simpler level does not show: left out by its rule, or of which nothing is left on its grid.
    #[must_use]
    pub fn left_out(&self, level: usize) -> u32 {
        self.head.levels.get(level).map_or(0, |level| level.left_out)
    }

    /// Bytes of each part of the file, for who wonders where they go: name of the part, rank of its column, bytes.
    pub fn parts(&self) -> impl Iterator<Item = (String, u8, u64)> {
        let part = |section: &format::Section| {
            (format!("{:?}", section.part), section.column, section.range.end - section.range.start)
        };
        self.head.table.iter().map(part)
    }
}
