//! What is wrong in a module, where.

use std::fmt;

use serde::Serialize;

/// Something wrong in a module: file, line when it is known, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// File, from the module's folder.
    pub file: String,
    /// Line, from 1.
    pub line: Option<usize>,
    /// What is wrong and what is expected: a French sentence without its full stop.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(file: &str, line: Option<usize>, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, ligne {line} : {}", self.file, self.message),
            None => write!(f, "{} : {}", self.file, self.message),
        }
    }
}
