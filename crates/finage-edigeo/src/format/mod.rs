//! The EDIGEO text format (norme AFNOR Z 52000): lines, blocks, values. Knows nothing of the cadastre.

pub(crate) mod blocks;
pub(crate) mod charset;
pub(crate) mod lines;
pub(crate) mod value;
