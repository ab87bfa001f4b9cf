//! GEN: which subsets are topological. Its extent (CM1, CM2) is in another system and means nothing: not read.

use std::collections::HashSet;

use crate::error::{At, Corruption};
use crate::format::blocks::{Block, Blocks};
use crate::format::charset::decode;

/// Names of the subsets whose structure (STR) is topological.
pub(crate) fn read<'a>(bytes: &'a [u8], file: &str) -> Result<HashSet<&'a [u8]>, At> {
    let mut blocks = Blocks::open(bytes, file)?;
    let mut block = Block::default();
    let mut topological = HashSet::new();
    while blocks.read(&mut block)? {
        match &block.kind {
            b"DEG" => {}
            // 1: topological, 2: network, 3: spaghetti.
            b"GSE" => match block.single("STR")?.value.as_ref() {
                b"1" => {
                    topological.insert(block.id);
                }
                b"2" | b"3" => {}
                _ => return block.fail(Corruption::Number("STR".to_owned())),
            },
            other => return block.fail(Corruption::Block(decode(other).into_owned())),
        }
    }
    Ok(topological)
}
