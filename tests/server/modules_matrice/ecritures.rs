//! Ways in: what an account may not change does not change, whatever it tries.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use finage::modules::registry::ObjetCharge;
use finage_manifest::RightAction::{self, Archive, Change, Step};
use serde_json::{Value, json};
use uuid::Uuid;

use super::attendu::Attendu;
use super::comptes::Compte;
use super::fiches::une_par_collectivite;
use super::objets::place;
use super::porte::Porte;
use super::rangees::Rangee;
use crate::harness::Town;

/// A digest of each row, and its version.
pub type Etat = BTreeMap<Uuid, (String, i32)>;

/// Every row of every object, as it is.
pub async fn etat(town: &mut Town) -> Etat {
    let registry = town.modules.clone();
    let une = |objet: &ObjetCharge| format!("select o.id, md5(o::text), o.version from {} o", objet.modele.relation);
    let sql = registry.objets().map(|(_, objet)| une(objet)).collect::<Vec<_>>().join(" union all ");
    let lues: Vec<(Uuid, String, i32)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut town.owner).await.unwrap();
    lues.into_iter().map(|(id, empreinte, version)| (id, (empreinte, version))).collect()
}

/// Tries on every row what the account may not do to it: of its own module all rows, of others one in each collectivité.
pub async fn force(attendu: &Attendu, porte: &Porte, compte: &Compte, etat: &Etat) {
    for (module, objet) in attendu.registry.objets() {
        let sien = compte.profond && compte.tient(&module.file.id);
        let rangees = if sien { attendu.de(objet.modele).collect() } else { une_par_collectivite(attendu, objet) };
        for rangee in rangees {
            let version = etat[&rangee.id].1;
            for (action, method, suite, corps) in gestes(objet, rangee) {
                if attendu.permet(rangee, &compte.qui, action) && prend(objet, compte, &suite) {
                    continue;
                }
                let chemin = format!("{}/{}{suite}", place(module, objet), rangee.id);
                let answer = porte.demande(compte.agent.as_ref(), method, &chemin, version, corps.as_ref()).await;
                let status = answer.status;
                assert!(status.is_client_error(), "{compte} {chemin} {status} {}", answer.text());
            }
        }
    }
}

/// What changes a row.
fn gestes(objet: &ObjetCharge, rangee: &Rangee) -> Vec<(RightAction, Method, String, Option<Value>)> {
    let texte = rangee.modele.cherches.first().copied().unwrap_or("absent");
    let champs = json!({ "champs": { texte: "pris" } });
    let motif = json!({ "champs": { texte: "pris" }, "motif": "essai" });
    let mut gestes = vec![
        (Change, Method::PATCH, String::new(), Some(champs.clone())),
        (Change, Method::POST, "/annuler".to_owned(), Some(json!({ "rang": 1 }))),
        (Change, Method::POST, "/avenants".to_owned(), Some(motif)),
        (Archive, Method::DELETE, String::new(), None),
        (Archive, Method::POST, "/desarchiver".to_owned(), None),
    ];
    for etape in objet.file.workflow.iter().flat_map(|etats| &etats.steps) {
        gestes.push((Step, Method::POST, format!("/etapes/{}", etape.id), Some(json!({}))));
    }
    gestes
}

/// Whether the role of an account takes this step; anything else is no step.
fn prend(objet: &ObjetCharge, compte: &Compte, suite: &str) -> bool {
    let mut etapes = objet.file.workflow.iter().flat_map(|etats| &etats.steps);
    let etape = etapes.find(|etape| suite == format!("/etapes/{}", etape.id));
    let role = compte.qui.module.as_ref().map(|(_, role)| role);
    etape.and_then(|etape| etape.role.as_ref()).is_none_or(|voulu| Some(voulu) == role)
}

/// Changes one row of each object that the account may change, and puts it back; how many it changed.
pub async fn change(town: &mut Town, attendu: &Attendu, porte: &Porte, compte: &Compte, etat: &Etat) -> usize {
    let mut changees = 0;
    for (module, objet) in attendu.registry.objets() {
        let Some(champ) = objet.modele.cherches.first().copied() else { continue };
        let verrous = objet.modele.etats.map(|etats| (etats.champ, etats.verrouilles));
        let libre = |rangee: &&Rangee| {
            let verrouillee = verrous.is_some_and(|(champ, etats)| {
                rangee.valeurs.get(champ).and_then(Value::as_str).is_some_and(|etat| etats.contains(&etat))
            });
            !rangee.archivee && !verrouillee && attendu.permet(rangee, &compte.qui, Change)
        };
        let Some(rangee) = attendu.de(objet.modele).find(libre) else { continue };
        let (chemin, version) = (format!("{}/{}", place(module, objet), rangee.id), etat[&rangee.id].1);
        let corps = json!({ "champs": { champ: "zqprisqz" } });
        let answer = porte.demande(compte.agent.as_ref(), Method::PATCH, &chemin, version, Some(&corps)).await;
        assert!(!answer.status.is_server_error(), "{compte} {chemin} {}", answer.text());
        changees += usize::from(answer.status.is_success());
        let sql = format!("update {} set \"{champ}\" = $1 where id = $2", objet.modele.relation);
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(rangee.valeurs[champ].as_str())
            .bind(rangee.id)
            .execute(&mut town.owner)
            .await
            .unwrap();
    }
    changees
}

/// Rows that are no longer what they were.
pub fn changees(avant: &Etat, apres: &Etat) -> BTreeSet<Uuid> {
    avant.iter().filter(|(id, avant)| apres.get(*id) != Some(avant)).map(|(id, _)| *id).collect()
}
