//! The small files around the vectors: THF (index), GEN, GEO (coordinates), QAL (dates), SCD (schema).

pub(crate) mod descriptor;
pub(crate) mod general;
pub(crate) mod geodesy;
pub(crate) mod quality;
pub(crate) mod schema;
