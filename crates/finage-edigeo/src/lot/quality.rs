//! QAL: when an object was observed (ODA) and updated (UDA).

use std::collections::HashMap;

use jiff::civil::Date;

use crate::error::{At, Corruption};
use crate::format::blocks::{Block, Blocks};
use crate::format::charset::decode;
use crate::format::lines::Line;
use crate::format::value::date;

/// The two dates of a QUP block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quality {
    pub observed: Option<Date>,
    pub updated: Option<Date>,
    /// A date is written that does not exist.
    pub is_flawed: bool,
}

/// Reads the QUP blocks by identifier.
pub(crate) fn read<'a>(bytes: &'a [u8], file: &str) -> Result<HashMap<&'a [u8], Quality>, At> {
    let mut blocks = Blocks::open(bytes, file)?;
    let mut block = Block::default();
    let mut qualities = HashMap::new();
    while blocks.read(&mut block)? {
        if block.kind != *b"QUP" {
            return block.fail(Corruption::Block(decode(&block.kind).into_owned()));
        }
        let find = |code| block.lines.iter().find(|line| line.is(code));
        let (observed, updated) = (find("ODA"), find("UDA"));
        let quality = Quality {
            observed: observed.and_then(|line| date(&line.value)),
            updated: updated.and_then(|line| date(&line.value)),
            is_flawed: is_flawed(observed) || is_flawed(updated),
        };
        if qualities.insert(block.id, quality).is_some() {
            return block.fail(Corruption::Duplicate(block.id()));
        }
    }
    Ok(qualities)
}

fn is_flawed(line: Option<&Line<'_>>) -> bool {
    line.is_some_and(|line| !line.value.is_empty() && date(&line.value).is_none())
}
