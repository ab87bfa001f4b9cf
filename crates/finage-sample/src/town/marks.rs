//! Symbols, boundary marks, survey points.

use super::model::Commune;

/// Adds the symbols and marks of a commune.
pub fn add(_seed: u64, _index: usize, _commune: &mut Commune) {}
