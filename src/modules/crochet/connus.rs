//! Programs of this Finage: the one place that names domains.

use super::ModuleHook;
use crate::cimetiere::Cimetiere;

/// Every program.
#[must_use]
pub fn connus() -> &'static [&'static dyn ModuleHook] {
    &[&Cimetiere]
}
