//! The head of a snapshot: what it is of, and where its sections are.

use super::error::SnapshotError;
use super::format::{MAX_STAMP, Part, Reader, Section};
use super::schema::{MAX_COLUMNS, Schema};
use super::tree;
use crate::bounds::Bounds;
use crate::encode::varint;

/// Sections of the largest table read.
const MAX_SECTIONS: usize = 23 * (12 + 4 * MAX_COLUMNS);

/// What a level is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelHead {
    /// Rows in it.
    pub rows: u32,
    /// The box of all of them, in world units.
    pub bounds: Bounds,
    /// Rows of full detail that no row of this level stands for: left out by the rule, or of which nothing is left.
    pub left_out: u32,
}

/// What a snapshot is.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Of which layer.
    pub schema: Schema,
    /// Bytes of who wrote it.
    pub stamp: Vec<u8>,
    /// By rank of level.
    pub levels: Vec<LevelHead>,
    /// In the order of the file.
    pub table: Vec<Section>,
}

impl Head {
    /// As it is in the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.schema.write(&mut out);
        varint(&mut out, self.stamp.len() as u64);
        out.extend_from_slice(&self.stamp);
        for level in &self.levels {
            out.extend(level.rows.to_le_bytes());
            out.extend(tree::to_raw(&level.bounds));
            out.extend(level.left_out.to_le_bytes());
        }
        varint(&mut out, self.table.len() as u64);
        for section in &self.table {
            section.write(&mut out);
        }
        out
    }

    /// Reads it; sections must fill `sections`, the bytes of the file before it, without a gap.
    ///
    /// # Errors
    /// It is not what [`Self::to_bytes`] makes.
    pub fn read(bytes: &[u8], sections: std::ops::Range<u64>) -> Result<Self, SnapshotError> {
        let mut reader = Reader { rest: bytes };
        let schema = Schema::read(&mut reader)?;
        let len = reader.count(MAX_STAMP)?;
        let stamp = reader.bytes(len)?.to_vec();
        let mut levels = Vec::with_capacity(schema.zooms().len());
        for _ in schema.zooms() {
            let rows = u32::from_le_bytes(reader.array()?);
            let bounds = tree::from_raw(&reader.array()?);
            levels.push(LevelHead { rows, bounds, left_out: u32::from_le_bytes(reader.array()?) });
        }
        let count = reader.count(MAX_SECTIONS)?;
        let mut table = Vec::new();
        let mut at = sections.start;
        for _ in 0..count {
            let section = Section::read(&mut reader)?;
            if section.range.start != at || section.range.end < at {
                return Err(SnapshotError::Corrupt("table des sections"));
            }
            at = section.range.end;
            table.push(section);
        }
        if at != sections.end || !reader.rest.is_empty() {
            return Err(SnapshotError::Corrupt("table des sections"));
        }
        Ok(Self { schema, stamp, levels, table })
    }

    /// The section of a level that holds this part of this column.
    ///
    /// # Errors
    /// There is none.
    pub fn section(&self, level: usize, part: Part, column: usize) -> Result<&Section, SnapshotError> {
        let is = |section: &&Section| {
            usize::from(section.level) == level && section.part == part && usize::from(section.column) == column
        };
        self.table.iter().find(is).ok_or(SnapshotError::Corrupt("section absente"))
    }
}
