//! How large an expression may be; counted while it is read.

use crate::ExprError;

/// Longest text of an expression, bytes.
pub const MAX_BYTES: usize = 64 << 10;
/// Longest JSON of an expression, bytes: what the longest text may become.
pub const MAX_JSON_BYTES: usize = 8 * MAX_BYTES;
/// Deepest tree, and deepest nest of parentheses.
pub const MAX_DEPTH: usize = 32;
/// Most operators, properties and literals.
pub const MAX_NODES: usize = 1_000;
/// Longest name of a property, characters.
pub(crate) const MAX_NAME: usize = 128;
/// Longest pattern of `like`, characters.
pub(crate) const MAX_PATTERN: usize = 1_000;

/// Counts nodes.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    nodes: usize,
}

impl Budget {
    /// One node more, read at `position`.
    pub(crate) fn take(&mut self, position: Option<usize>) -> Result<(), ExprError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES { Err(ExprError::TooManyNodes { position }) } else { Ok(()) }
    }
}
