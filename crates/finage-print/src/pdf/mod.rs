//! The plan as a tagged PDF.

mod document;
mod ink;
mod page;
mod subjects;
mod title_block;

pub use document::{Document, DocumentInfo};
