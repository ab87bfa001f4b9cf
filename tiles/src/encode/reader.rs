//! Reading back what a tile is written in.

use super::protobuf::{BYTES, FIXED32, FIXED64, VARINT};
use crate::snapshot::SnapshotError;

/// Bytes that are no vector tile.
pub const NOT_A_TILE: SnapshotError = SnapshotError::Corrupt("tuile");

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// A varint.
    Number(u64),
    /// What has a length.
    Bytes(&'a [u8]),
    /// Four bytes or eight, which no tile has where they are looked for.
    Fixed,
}

/// Fields one after the other.
#[derive(Debug)]
pub struct Fields<'a> {
    /// What was not read yet.
    pub rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The next field and its number; `None` at the end.
    ///
    /// # Errors
    /// The bytes are no protobuf.
    pub fn next(&mut self) -> Result<Option<(u32, Content<'a>)>, SnapshotError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let head = self.varint()?;
        let field = u32::try_from(head >> 3).map_err(|_| NOT_A_TILE)?;
        let content = match u32::try_from(head & 7).unwrap_or_default() {
            VARINT => Content::Number(self.varint()?),
            BYTES => {
                let length = self.index()?;
                Content::Bytes(self.take(length)?)
            }
            FIXED64 => self.take(8).map(|_| Content::Fixed)?,
            FIXED32 => self.take(4).map(|_| Content::Fixed)?,
            _ => return Err(NOT_A_TILE),
        };
        Ok(Some((field, content)))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], SnapshotError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(NOT_A_TILE)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A varint that counts or points.
    ///
    /// # Errors
    /// It is cut short, or larger than memory.
    pub fn index(&mut self) -> Result<usize, SnapshotError> {
        usize::try_from(self.varint()?).map_err(|_| NOT_A_TILE)
    }

    /// A varint.
    ///
    /// # Errors
    /// It is cut short.
    pub fn varint(&mut self) -> Result<u64, SnapshotError> {
        let (mut value, mut shift) = (0, 0);
        while shift < 64 {
            let (byte, rest) = self.rest.split_first().ok_or(NOT_A_TILE)?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift += 7;
        }
        Err(NOT_A_TILE)
    }
}
