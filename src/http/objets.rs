//! Every object that rights may name, whatever room it belongs to.

use crate::access::droits::{Objet, catalogue};

/// Every object, each once.
#[must_use]
pub fn tous() -> Vec<&'static Objet> {
    catalogue::OBJETS.to_vec()
}

/// The object of that name.
#[must_use]
pub fn objet(nom: &str) -> Option<&'static Objet> {
    tous().into_iter().find(|objet| objet.nom == nom)
}
