//! The layers that have a snapshot, by name: those of the cadastre and those of modules.

use super::build::Plan;
use super::snapshots::plan;
use super::source::Source;
use crate::cadastre::layers::{LAYERS, Layer};
use crate::modules::registry::Registry;

/// A layer that has a snapshot.
#[derive(Debug)]
pub enum Kept {
    /// Of the cadastre, whose version imports move, and how it is read.
    Core(&'static Layer, Plan),
    /// Of a module, whose rows are followed.
    Module(Source),
}

impl Kept {
    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Core(layer, _) => layer.id,
            Self::Module(source) => source.couche.id,
        }
    }

    /// Every one of these modules and of the cadastre, simpler at low zooms or not.
    #[must_use]
    pub fn all(modules: &Registry, simplifiees: bool) -> Vec<Self> {
        let core = LAYERS.iter().filter_map(|layer| Some(Self::Core(layer, plan(layer, simplifiees)?)));
        let of_modules = modules.couches().filter_map(|couche| Source::of(couche, simplifiees));
        core.chain(of_modules.map(Self::Module)).collect()
    }

    /// Those of these names, or all of them when there is none.
    ///
    /// # Errors
    /// The first name that is of no layer with a snapshot.
    pub fn named(modules: &Registry, names: &[String], simplifiees: bool) -> Result<Vec<Self>, String> {
        let mut all = Self::all(modules, simplifiees);
        if let Some(unknown) = names.iter().find(|name| !all.iter().any(|kept| kept.id() == *name)) {
            return Err(unknown.clone());
        }
        all.retain(|kept| names.is_empty() || names.iter().any(|name| name == kept.id()));
        Ok(all)
    }
}
