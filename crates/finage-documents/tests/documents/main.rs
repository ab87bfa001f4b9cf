//! Documents end to end: what templates may do, what data become, what the PDF is.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at once")]

mod common;
mod donnees;
mod gabarits;
mod lettres;
mod structure;
