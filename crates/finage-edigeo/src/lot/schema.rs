//! SCD: what kinds of objects, attributes and relations the vectors may use.

use std::collections::HashSet;

use crate::error::{At, Corruption};
use crate::format::blocks::{Block, Blocks};
use crate::format::charset::decode;
use crate::format::lines::Line;
use crate::format::value::Reference;

/// Identifiers described by the SCD.
#[derive(Debug, Default)]
pub(crate) struct Schema<'a> {
    /// `SeSD`
    subset: &'a [u8],
    described: HashSet<([u8; 3], &'a [u8])>,
}

impl<'a> Schema<'a> {
    /// Reads an SCD referred to as `subset`.
    pub fn read(bytes: &'a [u8], file: &str, subset: &'a [u8]) -> Result<Self, At> {
        let mut blocks = Blocks::open(bytes, file)?;
        let mut block = Block::default();
        let mut described = HashSet::new();
        while blocks.read(&mut block)? {
            match &block.kind {
                b"OBJ" | b"PGE" | b"ATT" | b"ASS" | b"REL" => {}
                other => return block.fail(Corruption::Block(decode(other).into_owned())),
            }
            if !described.insert((block.kind, block.id)) {
                return block.fail(Corruption::Duplicate(block.id()));
            }
        }
        Ok(Self { subset, described })
    }

    /// Checks that a reference made at `line` is described, and is of one of the `kinds`.
    pub fn check(&self, line: &Line<'_>, reference: Reference<'_>, kinds: &[&[u8; 3]]) -> Result<(), At> {
        let is_described = reference.subset == self.subset
            && kinds.iter().any(|kind| reference.kind == kind.as_slice())
            && <[u8; 3]>::try_from(reference.kind).is_ok_and(|kind| self.described.contains(&(kind, reference.id)));
        if is_described { Ok(()) } else { line.fail(Corruption::Undescribed(reference.id())) }
    }
}
