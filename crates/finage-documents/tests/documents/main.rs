//! Documents end to end: what templates may do, what data become, what the PDF is.

mod common;
mod donnees;
mod gabarits;
mod lettres;
mod structure;
