//! Every object that rights may name, whatever room it belongs to.

use crate::access::droits::{Objet, catalogue};
use crate::modules::registry::Registry;

/// Every object, each once: what rights themselves are about first.
#[must_use]
pub fn tous(modules: &Registry) -> Vec<&'static Objet> {
    let mut tous = catalogue::OBJETS.to_vec();
    for objet in modules.noms() {
        if !tous.iter().any(|connu| connu.nom == objet.nom) {
            tous.push(objet);
        }
    }
    tous
}

/// The object of that name.
#[must_use]
pub fn objet(modules: &Registry, nom: &str) -> Option<&'static Objet> {
    tous(modules).into_iter().find(|objet| objet.nom == nom)
}

/// Objects that have records.
pub fn fiches(modules: &Registry) -> impl Iterator<Item = &'static Objet> {
    tous(modules).into_iter().filter(|objet| objet.a_des_fiches())
}
