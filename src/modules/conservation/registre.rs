//! The register of processing (RGPD, article 30), from what manifests declare.

use serde::Serialize;
use utoipa::ToSchema;

use super::sort;
use crate::modules::registry::Registry;

/// A processing of personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Traitement {
    /// Module.
    pub module: String,
    /// Name of the module.
    pub libelle_module: String,
    /// Purpose.
    pub finalite: String,
    /// Name of the purpose.
    pub libelle: String,
    /// Legal basis.
    pub base: String,
    /// Retention from the end of use, ISO 8601.
    pub conservation: Option<String>,
    /// What becomes of them: `detruire`, `echantillonner`, `transferer`.
    pub sort: String,
    /// Who receives them.
    pub destinataires: Option<String>,
    /// Fields, by object.
    pub objets: Vec<ObjetTraite>,
}

/// Fields of an object that are held for a purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ObjetTraite {
    /// Object.
    pub objet: String,
    /// Name shown, plural.
    pub libelle: String,
    /// Names of the fields.
    pub champs: Vec<String>,
}

/// Every processing of installed modules.
#[must_use]
pub fn registre(registry: &Registry) -> Vec<Traitement> {
    let mut traitements = Vec::new();
    for module in registry.modules() {
        for (id, finalite) in &module.file.purposes {
            let objets: Vec<ObjetTraite> = module
                .objets
                .iter()
                .filter_map(|objet| {
                    let siens = objet.modele.regles.iter().filter(|regle| regle.finalite == Some(id.as_str()));
                    let champs: Vec<String> = siens
                        .filter_map(|regle| objet.modele.objet.champ(regle.champ))
                        .map(|champ| champ.libelle.to_owned())
                        .collect();
                    (!champs.is_empty()).then(|| ObjetTraite {
                        objet: objet.modele.objet.nom.to_owned(),
                        libelle: objet.modele.pluriel.to_owned(),
                        champs,
                    })
                })
                .collect();
            traitements.push(Traitement {
                module: module.file.id.clone(),
                libelle_module: module.file.label.clone(),
                finalite: id.clone(),
                libelle: finalite.label.clone(),
                base: finalite.basis.clone(),
                conservation: finalite.keep.clone(),
                sort: sort(finalite.end).to_owned(),
                destinataires: finalite.recipients.clone(),
                objets,
            });
        }
    }
    traitements
}
