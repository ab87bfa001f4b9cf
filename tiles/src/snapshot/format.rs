//! The bytes of a snapshot: magic, sections one after the other, then the head and a trailer that finds it.
//!
//! ```text
//! magic (8) | sections | head | length of the head (8) | xxh3 of the head (8) | version (4) | magic (8)
//! head: schema, stamp of who wrote it, levels, table of sections
//! ```
//! All numbers are little-endian. Sections follow one another without a gap and each has its xxh3 in the table: every byte
//! of the file is under a checksum.

use std::hash::Hasher;
use std::io::Write;
use std::ops::Range;

use twox_hash::XxHash3_64;

use super::error::SnapshotError;
use super::storage::{Start, Storage};
use crate::encode::varint;

/// First and last bytes of a file.
pub const MAGIC: [u8; 8] = *b"FinTiles";
/// The format written and read.
pub const VERSION: u32 = 2;
/// Bytes after the head.
pub const TRAILER: usize = 28;
/// Bytes of the largest head read.
pub const MAX_HEAD: usize = 1 << 20;
/// Bytes of the largest stamp.
pub const MAX_STAMP: usize = 4096;

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Part {
    /// Box of each row: west, north, east, south as `u32`.
    Bounds = 1,
    /// Boxes of the nodes of the tree, the ones above rows first.
    Nodes = 2,
    /// Shapes, one after the other.
    Shapes = 3,
    /// Where shapes end.
    ShapeEnds = 4,
    /// Zooms at which the rounded shape is not valid, a bit each.
    Masks = 5,
    /// Key of each row.
    Keys = 6,
    /// Rows in the order of their keys.
    ByKey = 7,
    /// Code of each row in a dictionary, or whole number less the least of them.
    Codes = 8,
    /// Texts of a dictionary or of rows, one after the other.
    Texts = 9,
    /// Where texts end.
    TextEnds = 10,
    /// Decimals.
    Decimals = 11,
    /// A bit for each row that has no value.
    Nulls = 12,
}

impl Part {
    const ALL: [Self; 12] = [
        Self::Bounds,
        Self::Nodes,
        Self::Shapes,
        Self::ShapeEnds,
        Self::Masks,
        Self::Keys,
        Self::ByKey,
        Self::Codes,
        Self::Texts,
        Self::TextEnds,
        Self::Decimals,
        Self::Nulls,
    ];
}

/// A section, as the table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Level it is of.
    pub level: u8,
    /// What it holds.
    pub part: Part,
    /// Column it is of; 0 when of none.
    pub column: u8,
    /// Bytes of an item, where they vary.
    pub width: u8,
    /// Least whole number of a column of them.
    pub least: i64,
    /// Where it is in the file.
    pub range: Range<u64>,
    /// xxh3 of its bytes.
    pub checksum: u64,
}

impl Section {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend([self.level, self.part as u8, self.column, self.width]);
        out.extend(self.least.to_le_bytes());
        out.extend(self.range.start.to_le_bytes());
        out.extend(self.range.end.to_le_bytes());
        out.extend(self.checksum.to_le_bytes());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, SnapshotError> {
        let [level, part, column, width] = reader.array()?;
        let part = Part::ALL.into_iter().find(|known| *known as u8 == part);
        Ok(Self {
            level,
            part: part.ok_or(SnapshotError::Corrupt("section inconnue"))?,
            column,
            width,
            least: i64::from_le_bytes(reader.array()?),
            range: u64::from_le_bytes(reader.array()?)..u64::from_le_bytes(reader.array()?),
            checksum: u64::from_le_bytes(reader.array()?),
        })
    }
}

/// Writes sections, counting and summing their bytes.
pub struct Sections<W> {
    out: W,
    at: u64,
    hasher: XxHash3_64,
    start: u64,
    /// Those that are written.
    pub table: Vec<Section>,
}

impl<W: Write> Sections<W> {
    /// Begins a file.
    pub fn new(mut out: W) -> std::io::Result<Self> {
        out.write_all(&MAGIC)?;
        let at = MAGIC.len() as u64;
        Ok(Self { out, at, hasher: XxHash3_64::default(), start: at, table: Vec::new() })
    }

    /// Adds bytes to the section being written.
    #[inline]
    pub fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hasher.write(bytes);
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// The bytes of the sections that are written.
    pub fn start(&mut self) -> std::io::Result<Start<'_>>
    where
        W: Storage,
    {
        self.out.start(self.start)
    }

    /// Ends the section being written.
    pub fn end(&mut self, level: u8, part: Part, (column, width, least): (u8, u8, i64)) {
        let checksum = std::mem::take(&mut self.hasher).finish();
        self.table.push(Section { level, part, column, width, least, range: self.start..self.at, checksum });
        self.start = self.at;
    }

    /// Ends the file with its head.
    pub fn finish(mut self, head: &[u8]) -> std::io::Result<W> {
        self.out.write_all(head)?;
        self.out.write_all(&(head.len() as u64).to_le_bytes())?;
        self.out.write_all(&xxh3(head).to_le_bytes())?;
        self.out.write_all(&VERSION.to_le_bytes())?;
        self.out.write_all(&MAGIC)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// xxh3 of some bytes.
#[must_use]
pub fn xxh3(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// Writes a text with its length.
pub fn put_text(out: &mut Vec<u8>, text: &str) {
    varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Reads bytes one thing after the other, never beyond their end.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// What is left.
    pub rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// The next bytes.
    pub fn bytes(&mut self, len: usize) -> Result<&'a [u8], SnapshotError> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(SnapshotError::Corrupt("fin inattendue"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next bytes, of a known number.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], SnapshotError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(SnapshotError::Corrupt("fin inattendue"))?;
        self.rest = rest;
        Ok(*taken)
    }

    /// The next varint.
    #[inline]
    pub fn varint(&mut self) -> Result<u64, SnapshotError> {
        let mut value = 0;
        for (at, byte) in self.rest.iter().enumerate().take(10) {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if *byte < 0x80 {
                self.rest = self.rest.get(at + 1..).unwrap_or_default();
                return Ok(value);
            }
        }
        Err(SnapshotError::Corrupt("entier"))
    }

    /// The next varint, a number of things up to `most`.
    pub fn count(&mut self, most: usize) -> Result<usize, SnapshotError> {
        usize::try_from(self.varint()?).ok().filter(|count| *count <= most).ok_or(SnapshotError::Corrupt("nombre"))
    }

    /// The next text.
    pub fn text(&mut self) -> Result<&'a str, SnapshotError> {
        let len = self.count(self.rest.len())?;
        std::str::from_utf8(self.bytes(len)?).map_err(|_| SnapshotError::Corrupt("texte"))
    }
}
