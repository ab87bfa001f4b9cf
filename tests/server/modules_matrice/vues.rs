//! Views that accounts keep of lists: each finds its own, and those shared by its collectivité, where it reads the object.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use finage::modules::registry::{ModuleCharge, ObjetCharge};
use finage_manifest::RightAction::Read;
use serde_json::json;
use uuid::Uuid;

use super::attendu::{Attendu, Titre};
use super::comptes::Compte;
use super::porte::Porte;

/// A view that an account kept.
pub struct Gardee {
    compte: Uuid,
    collectivite: &'static str,
    objet: &'static str,
    partagee: bool,
    /// What betrays it.
    marque: String,
}

/// Each account keeps a view for itself and one for its collectivité, of every object; where it does not read, it is refused.
pub async fn garde(attendu: &Attendu, porte: &Porte, comptes: &[Compte]) -> Vec<Gardee> {
    let mut gardees = Vec::new();
    for compte in comptes.iter().filter(|compte| compte.profond) {
        let (Some(agent), Some(collectivite)) = (&compte.agent, compte.qui.collectivite) else { continue };
        for (module, objet) in attendu.registry.objets() {
            for partagee in [false, true] {
                let marque = format!("zqv{}qz", gardees.len());
                let corps = json!({ "module": module.file.id, "objet": objet.nom, "nom": format!("Vue {marque}"),
                    "partagee": partagee, "etat": { "filtre": marque } });
                let answer = porte.demande(Some(agent), Method::POST, "/api/vues", 1, Some(&corps)).await;
                if !lit(attendu, compte, objet) {
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{compte} {}", answer.text());
                    continue;
                }
                assert_eq!(answer.status, StatusCode::CREATED, "{compte} {}", answer.text());
                let objet = objet.modele.objet.nom;
                gardees.push(Gardee { compte: agent.id, collectivite, objet, partagee, marque });
            }
        }
    }
    gardees
}

/// Fails unless an account finds of an object's views those that are for it, and no other.
pub async fn verifie(
    attendu: &Attendu,
    porte: &Porte,
    compte: &Compte,
    gardees: &[Gardee],
    (module, objet): (&ModuleCharge, &ObjetCharge),
) {
    let chemin = format!("/api/vues?module={}&objet={}", module.file.id, objet.nom);
    let dite = porte.lit(compte.agent.as_ref(), &chemin).await;
    let lit = lit(attendu, compte, objet);
    assert_eq!(dite.status.is_success(), lit, "{compte} {chemin} {}", dite.texte);
    let pour_lui = |vue: &&Gardee| {
        let sienne = compte.agent.as_ref().is_some_and(|agent| agent.id == vue.compte);
        let partagee = vue.partagee && compte.qui.collectivite == Some(vue.collectivite);
        lit && vue.objet == objet.modele.objet.nom && (sienne || partagee)
    };
    let attendues: BTreeSet<&str> = gardees.iter().filter(pour_lui).map(|vue| vue.marque.as_str()).collect();
    let trouvees = gardees.iter().map(|vue| vue.marque.as_str()).filter(|marque| dite.texte.contains(marque));
    assert_eq!(trouvees.collect::<BTreeSet<_>>(), attendues, "{compte} {chemin} {}", dite.texte);
}

/// Whether an account reads an object by a role of its own.
fn lit(attendu: &Attendu, compte: &Compte, objet: &ObjetCharge) -> bool {
    attendu.titre(objet.modele, &compte.qui, Read) == Some(Titre::Sien)
}
