//! Documents of many rows: an account asks for those of every row there is, and what comes out is what it may print.

use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use finage::modules::documents::proposes;
use finage_manifest::RightAction::Print;
use serde_json::{Value, json};
use uuid::Uuid;

use super::attendu::{Attendu, Quoi};
use super::comptes::Compte;
use super::objets::place;
use super::porte::Porte;

/// What a job said.
pub struct Lot {
    pub chemin: String,
    pub quoi: Quoi,
    pub texte: String,
    /// Rows that were printed.
    pub servies: usize,
}

/// Deposits a job for each document that is made for many rows, of the account's own module, and reads what it gives.
pub async fn depose(attendu: &Attendu, porte: &Porte, compte: &Compte) -> Vec<Lot> {
    let mut lots = Vec::new();
    let Some(agent) = compte.agent.as_ref() else { return lots };
    for (module, objet) in attendu.registry.objets().filter(|(module, _)| compte.tient(&module.file.id)) {
        for document in proposes(objet).filter(|document| document.batch) {
            let chemin = format!("{}/documents/{}", place(module, objet), document.id);
            let finalite = document.purpose.clone();
            let ids: Vec<Uuid> = attendu.de(objet.modele).map(|rangee| rangee.id).collect();
            let demande = json!({ "ids": ids, "finalite": finalite });
            let answer = porte.demande(Some(agent), Method::POST, &chemin, 1, Some(&demande)).await;
            let imprimees = attendu.de(objet.modele).filter(|rangee| {
                let admise = document.filter.as_ref().is_none_or(|texte| attendu.repond(rangee, &compte.qui, texte));
                admise && attendu.voit(rangee, &compte.qui, Print, finalite.as_deref()).is_some()
            });
            let imprimees = imprimees.count();
            if answer.status != StatusCode::ACCEPTED {
                assert!(answer.status.is_client_error(), "{compte} {chemin} {}", answer.text());
                assert_eq!(imprimees, 0, "{compte} {chemin} {}", answer.text());
                continue;
            }
            let travail = acheve(porte, compte, answer.header(&header::LOCATION)).await;
            let lignes = travail["rapport"]["lignes"].as_array().cloned().unwrap_or_default();
            let servies = lignes.iter().filter(|ligne| ligne["etat"] == "servie").count();
            assert_eq!(servies, imprimees, "{compte} {chemin} {travail}");
            let mut texte = travail.to_string();
            if servies > 0 {
                let resultat = format!("{}/resultat", answer.header(&header::LOCATION));
                let fichier = porte.demande(Some(agent), Method::GET, &resultat, 1, None).await;
                assert_eq!(fichier.status, StatusCode::OK, "{compte} {chemin}");
                texte.push_str(&porte.dite(&fichier, &resultat).texte);
            }
            let quoi = Quoi { action: Print, objet: Some(objet.modele.objet.nom), finalite };
            lots.push(Lot { chemin, quoi, texte, servies });
        }
    }
    lots
}

/// A job, once it ended.
async fn acheve(porte: &Porte, compte: &Compte, place: &str) -> Value {
    for _ in 0..3_000 {
        let travail = porte.lit(compte.agent.as_ref(), place).await.corps;
        if travail["etat"] == "fait" || travail["etat"] == "echec" {
            return travail;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{place} never ends");
}
