//! What a lot holds once read: objects, labels, relations, anomalies.

mod anomaly;
mod class;
mod label;
mod lot;
mod object;
mod relation;

pub use anomaly::{Anomaly, Defect};
pub use class::{Class, Shape};
pub use label::Label;
pub use lot::Lot;
pub use object::Object;
pub use relation::{Relation, RelationKind};
