//! Formats of tiles, and the one there is, MVT 2.1: protobuf, tables of values, geometries, layers.

mod commands;
mod format;
mod layer;
mod protobuf;
mod reader;
mod subset;
mod values;

pub use format::Format;
pub use layer::Mvt;
pub use subset::{only_fields, thinned};
pub use values::{Value, ValueTable};

pub(crate) use commands::{CLOSE, LINE_TO, MOVE_TO, step};
pub(crate) use protobuf::{varint, zigzag};
