//! Writing MVT 2.1: protobuf, tables of values, geometries, layers.

mod commands;
mod layer;
mod protobuf;
mod values;

pub use layer::LayerEncoder;
pub use values::{Value, ValueTable};

pub(crate) use commands::{CLOSE, LINE_TO, MOVE_TO, step};
pub(crate) use protobuf::{varint, zigzag};
