//! What rows may be linked to, as their module says.

use finage_manifest::Anchor;
use serde::{Deserialize, Serialize};

/// What a kind of record may be linked to, as its module says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ancrage {
    /// Layer: `parcelles`, `batiments`, or that of an object.
    pub couche: String,
    /// What the entity is to the record: `assiette`, `acces`…
    pub role: String,
    /// Whether several entities hold that role at once.
    pub plusieurs: bool,
}

/// The anchors of an object of `module`; those that it requires alone, when `requis`.
#[must_use]
pub fn ancrages(module: &str, anchors: &[Anchor], requis: bool) -> Vec<Ancrage> {
    let ancrage = |anchor: &Anchor| Ancrage {
        couche: couche(module, &anchor.layer),
        role: anchor.role.clone(),
        plusieurs: anchor.many,
    };
    anchors.iter().filter(|anchor| anchor.required || !requis).map(ancrage).collect()
}

/// The layer that a manifest names: of the cadastre, or of an object, of this module by its short name.
fn couche(module: &str, nom: &str) -> String {
    match nom.split_once('.') {
        Some(("cadastre", "parcelle")) => "parcelles".to_owned(),
        Some(("cadastre", "batiment")) => "batiments".to_owned(),
        Some((autre, objet)) => format!("{autre}_{objet}"),
        None => format!("{module}_{nom}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_those_of_the_map() {
        let noms = ["cadastre.parcelle", "cadastre.batiment", "voirie.troncon", "allee"];
        assert_eq!(
            noms.map(|nom| couche("cimetiere", nom)),
            ["parcelles", "batiments", "voirie_troncon", "cimetiere_allee"]
        );
    }
}
