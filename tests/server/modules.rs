//! A module of three tables, without a line of program: what the engine makes of it.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::agents::{Agent, Tenu, agent, milieu, monde_trace};
use crate::harness::{Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };
const ACCUEIL: Tenu<'static> = Tenu { role: "objets_trouves_accueil", finalites: &[], communes: None };
const OBJETS: &str = "/api/modules/objets_trouves/objet";

async fn installe(town: &mut Town) {
    monde_trace(town).await;
    town.installe("objets_trouves").await;
}

async fn depose(town: &mut Town, who: &Agent, champs: Value) -> Value {
    let point = milieu(town, "99101").await;
    let answer = who.post(town, OBJETS, &json!({"champs": champs, "geometrie": point})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

#[test]
fn a_folder_gives_a_sheet_a_list_and_a_history() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let menu = agent.get(town, "/api/modules").await.json();
        assert_eq!(menu["modules"][0]["libelle"], "Objets trouvés", "{menu}");
        let champs = json!({"designation": "Parapluie noir", "categorie": "parapluie", "trouve_le": "2026-05-03", "valeur": "12,50"});
        let fiche = depose(town, &agent, champs).await;
        assert_eq!(fiche["champs"]["valeur"], "12.50");
        assert_eq!(fiche["libelles"]["categorie"], "Parapluie");
        assert_eq!(fiche["insee"], "99101");
        let place = format!("{OBJETS}/{}", fiche["id"].as_str().unwrap());
        let read = agent.get(town, &place).await;
        assert_eq!((read.status, read.header(&header::ETAG)), (StatusCode::OK, "\"1\""));

        let list =
            agent.get(town, &format!("{OBJETS}?filter=categorie%20%3D%20%27parapluie%27&sort=-trouve_le&q=noir")).await;
        assert_eq!(list.json()["total"], 1, "{}", list.text());
        let changed = agent.patch(town, &place, "\"1\"", &json!({"champs": {"description": "Manche en bois"}})).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
        let late = agent.patch(town, &place, "\"1\"", &json!({"champs": {"description": "autre"}})).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(late.json()["fiche"]["champs"]["description"], "Manche en bois");
        let steps = agent.get(town, &format!("{place}/historique")).await.json();
        assert_eq!(steps[0]["apres"], json!({"description": "Manche en bois"}));
        let undo = json!({"rang": steps[0]["rang"]});
        let undone = agent
            .ask(town, Method::POST, &format!("{place}/annuler"), &[(header::IF_MATCH, "\"2\"")], Some(&undo))
            .await;
        assert_eq!(undone.status, StatusCode::OK, "{}", undone.text());
        assert_eq!(undone.json()["champs"]["description"], Value::Null);
    });
}

#[test]
fn two_roles_see_what_each_may() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        let accueil = agent(town, "99101", ACCUEIL).await;
        let champs = json!({"designation": "Clés", "categorie": "cles", "trouve_le": "2026-05-03", "valeur": "1"});
        let fiche = depose(town, &agent_, champs).await;
        let place = format!("{OBJETS}/{}", fiche["id"].as_str().unwrap());
        let seen = accueil.get(town, &place).await.json();
        assert_eq!((&seen["champs"]["designation"], &seen["champs"]["valeur"]), (&json!("Clés"), &Value::Null));
        let refused = accueil.patch(town, &place, "\"1\"", &json!({"champs": {"designation": "x"}})).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let closed = accueil.get(town, &format!("{OBJETS}?filter=valeur%20%3E%200")).await;
        let unknown = accueil.get(town, &format!("{OBJETS}?filter=inconnu%20%3E%200")).await;
        assert_eq!((closed.status, unknown.status), (StatusCode::BAD_REQUEST, StatusCode::BAD_REQUEST));
        assert_eq!(closed.text().replace("valeur", "X"), unknown.text().replace("inconnu", "X"));
        let other = agent(town, "99102", AGENT).await;
        assert_eq!(other.get(town, &place).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.get(town, OBJETS).await.json()["total"], 0);
    });
}

#[test]
fn a_duplicate_is_told_of_each_field_of_its_index() {
    on_empty_town(async |town| {
        installe(town).await;
        // The engine's own index is on one field; this one, of a module, is on two, one of them behind an expression.
        sqlx::query(
            "create unique index armoires on objets_trouves.lieu (collectivite, armoire, upper(left(libelle, 4)))",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        town.recharge().await;
        let agent = agent(town, "99101", AGENT).await;
        let place = async |libelle: &str, armoire: bool| {
            let champs = json!({"champs": {"libelle": libelle, "armoire": armoire}});
            agent.post(town, "/api/modules/objets_trouves/lieu", &champs).await
        };
        assert_eq!(place("Mairie", false).await.status, StatusCode::CREATED);
        let one = place("Mairie", true).await.json();
        let told = |champ: &str, message: &str| json!({"champ": champ, "message": message});
        assert_eq!(
            one["champs"],
            json!([told("libelle", "une autre fiche a déjà cette valeur de « Libellé »")]),
            "{one}"
        );
        let both = "une autre fiche a déjà les mêmes valeurs de « Fermé à clé » et « Libellé »";
        let two = place("Mairie annexe", false).await;
        assert_eq!(two.status, StatusCode::BAD_REQUEST);
        let two = two.json();
        assert_eq!(two["champs"], json!([told("armoire", both), told("libelle", both)]), "{two}");
        assert_eq!(two["detail"], format!("Les champs « Fermé à clé », « Libellé » sont refusés : {both}."));
    });
}
