//! The plan as a tagged PDF.

mod document;
mod ink;
mod page;
mod title_block;

pub use document::{Document, DocumentInfo};
