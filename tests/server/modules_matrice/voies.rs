//! Ways out of the server: an address, what is done there, and what it must say.

use std::collections::BTreeSet;

use finage::modules::objets::Modele;
use finage::modules::registry::ObjetCharge;
use finage_manifest::RightAction;
use serde_json::Value;
use uuid::Uuid;

use super::attendu::{Attendu, Quoi, Titre};
use super::comptes::Compte;
use super::monde::PARCELLE;
use super::porte::Dite;
use super::rangees::Rangee;

/// What an answer must be, besides giving nothing away.
#[derive(Debug, Clone)]
pub enum Attend {
    /// Anything.
    Libre,
    /// No success.
    Refus,
    /// These rows and no other; no success where there are none to ask for.
    Lignes(Option<BTreeSet<Uuid>>),
    /// So many rows, when it is a success.
    Nombre(usize),
    /// A tile that draws these rows, of those of the object.
    Tuile(BTreeSet<Uuid>, BTreeSet<Uuid>),
    /// A table of these rows and no other: their keys come first.
    Fichier(BTreeSet<Uuid>),
    /// A document that says something of its row.
    Document,
}

/// A way out.
#[derive(Debug, Clone)]
pub struct Voie {
    pub chemin: String,
    pub quoi: Quoi,
    /// What is typed in the address, that the answer may repeat.
    pub tape: String,
    pub attend: Attend,
}

impl Voie {
    pub fn new(chemin: String, attend: Attend) -> Self {
        Self { chemin, quoi: Quoi::LIRE, tape: String::new(), attend }
    }

    /// The same for a purpose, which the address says already.
    pub fn pour(self, finalite: Option<&str>) -> Self {
        Self { quoi: Quoi { finalite: finalite.map(str::to_owned), ..self.quoi }, ..self }
    }

    /// The same by another action than reading, on one object.
    pub fn par(self, action: RightAction, modele: &Modele) -> Self {
        Self { quoi: Quoi { action, objet: Some(modele.objet.nom), ..self.quoi }, ..self }
    }

    pub fn tape(self, tape: &str) -> Self {
        Self { tape: tape.to_owned(), ..self }
    }

    /// What the answer says, without what was typed.
    pub fn dit(&self, dite: &Dite) -> String {
        if self.tape.is_empty() {
            return dite.texte.clone();
        }
        // Rows found are said whole: they are not a repetition.
        let trouvees = ["features", "fiches"].iter().filter_map(|nom| dite.corps[nom].as_array()).flatten();
        let trouvees: String = trouvees.map(Value::to_string).collect();
        dite.texte.replace(&self.tape, "") + &trouvees
    }

    /// Fails unless the answer is what it must be.
    pub fn verifie(&self, compte: &Compte, dite: &Dite) {
        let place = || format!("{compte} {} {} {}", self.chemin, dite.status, dite.texte);
        let reussi = dite.status.is_success();
        match &self.attend {
            Attend::Libre => {}
            Attend::Refus | Attend::Lignes(None) => assert!(!reussi, "not refused: {}", place()),
            Attend::Lignes(Some(ids)) => {
                assert!(reussi, "refused: {}", place());
                assert_eq!(nombre(&dite.corps), Some(ids.len()), "counted: {}", place());
                assert_eq!(&cles(&dite.corps), ids, "rows: {}", place());
            }
            Attend::Nombre(attendu) => {
                let compte = nombre(&dite.corps).filter(|_| reussi);
                assert!(compte.is_none_or(|compte| compte == *attendu), "not {attendu}: {}", place());
                assert!(!reussi || compte.is_some(), "nothing counted: {}", place());
            }
            Attend::Tuile(vues, toutes) => {
                let dessinees = toutes.iter().filter(|id| dite.texte.contains(&id.to_string())).copied();
                assert_eq!(&dessinees.collect::<BTreeSet<_>>(), vues, "drawn: {}", place());
            }
            Attend::Fichier(ids) => {
                let cle = |ligne: &str| ligne.get(..36).and_then(|cle| cle.parse().ok());
                assert!(reussi, "refused: {}", place());
                assert_eq!(&dite.texte.lines().filter_map(cle).collect::<BTreeSet<_>>(), ids, "exported: {}", place());
            }
            Attend::Document => assert!(reussi && dite.pdf, "no document: {}", place()),
        }
    }
}

/// How many rows an answer says there are: a page, a collection, a card, a chart.
fn nombre(corps: &Value) -> Option<usize> {
    let dit = |valeur: &Value| valeur.as_u64().and_then(|nombre| usize::try_from(nombre).ok());
    let barres = |barres: &Vec<Value>| barres.iter().filter_map(|barre| dit(&barre["nombre"])).sum();
    let parts = |parts: &Vec<Value>| parts.iter().filter_map(|part| dit(&part["total"])).sum();
    dit(&corps["total"])
        .or_else(|| dit(&corps["numberMatched"]))
        .or_else(|| corps["features"].as_array().map(Vec::len))
        .or_else(|| corps["valeurs"].as_array().map(barres))
        .or_else(|| corps.as_array().map(parts))
}

fn cles(corps: &Value) -> BTreeSet<Uuid> {
    let parts = corps.as_array().into_iter().flatten().chain([corps]);
    let lignes = parts.flat_map(|part| ["fiches", "features"].map(|nom| part[nom].as_array())).flatten().flatten();
    lignes.filter_map(|ligne| ligne["id"].as_str()?.parse().ok()).collect()
}

/// Keys of rows.
pub fn ids<'a>(rangees: impl IntoIterator<Item = &'a Rangee>) -> BTreeSet<Uuid> {
    rangees.into_iter().map(|rangee| rangee.id).collect()
}

/// Ways that no object has for itself.
pub fn generales(attendu: &Attendu, compte: &Compte) -> Vec<Voie> {
    let seules = [
        "/api/modules",
        "/api/session",
        "/api/rattachements/en-attente",
        "/api/rgpd/registre",
        "/api/rgpd/echeances",
        "/api/rgpd/eliminations",
        "/styles/modules.json",
        "/api/configuration",
        "/api/recherche?q=zq&limit=50",
    ];
    let mut voies: Vec<Voie> = seules.iter().map(|chemin| Voie::new((*chemin).to_owned(), Attend::Libre)).collect();
    if compte.profond {
        voies.push(Voie::new("/api/openapi.json".to_owned(), Attend::Libre));
    }
    voies
        .push(Voie::new(format!("/api/parcelles/{PARCELLE}/fiches"), Attend::Lignes(sur_la_parcelle(attendu, compte))));
    for module in attendu.registry.modules() {
        for (rang, carte) in module.file.dashboard.iter().enumerate() {
            let objet = module.objets.iter().find(|objet| objet.nom == carte.object).unwrap();
            let liste = objet.file.lists.iter().find(|liste| Some(&liste.id) == carte.list.as_ref());
            let conditions: Vec<&String> =
                liste.and_then(|liste| liste.filter.as_ref()).into_iter().chain(&carte.filter).collect();
            let lignes = attendu.lignes(objet.modele, &compte.qui, RightAction::Read, None, false).unwrap_or_default();
            let comptees = lignes
                .iter()
                .filter(|rangee| conditions.iter().all(|condition| attendu.repond(rangee, &compte.qui, condition)));
            let chemin = format!("/api/tableau/{}/{rang}", module.file.id);
            voies.push(Voie::new(chemin, Attend::Nombre(comptees.count())));
        }
    }
    voies
}

/// Rows on the parcel of the world that an account reads by a role of its own.
fn sur_la_parcelle(attendu: &Attendu, compte: &Compte) -> Option<BTreeSet<Uuid>> {
    compte.agent.as_ref()?;
    let ancre = |objet: &&ObjetCharge| objet.file.anchor.iter().any(|ancre| ancre.layer == "cadastre.parcelle");
    let objets = attendu.registry.objets().map(|(_, objet)| objet).filter(ancre);
    let lus = objets.filter(|objet| attendu.titre(objet.modele, &compte.qui, RightAction::Read) == Some(Titre::Sien));
    let lignes = lus.filter_map(|objet| attendu.lignes(objet.modele, &compte.qui, RightAction::Read, None, false));
    Some(ids(lignes.flatten()))
}
