//! Persons through the API: a purpose for each look, a line for each look.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::agents::{Agent, Tenu, agent, lignes};
use crate::collectivites::monde;
use crate::harness::{Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "agent", finalites: &["urbanisme"], communes: None };
const SANS: Tenu<'static> = Tenu { role: "agent", finalites: &[], communes: None };
const DPO: Tenu<'static> = Tenu { role: "dpo", finalites: &["droits_des_personnes"], communes: None };

async fn made(town: &Town, who: &Agent) -> Value {
    let body =
        json!({"champs": {"nom": "Exemple", "prenoms": "Claude", "courriel": "c@exemple.invalid"}, "insee": "99101"});
    let answer = who.post(town, "/api/personnes?finalite=urbanisme", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

#[test]
fn a_look_has_a_purpose_and_leaves_a_line() {
    on_empty_town(async |town| {
        monde(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let fiche = made(town, &agent).await;
        assert_eq!((&fiche["champs"]["nom"], &fiche["champs"]["finalite"]), (&json!("Exemple"), &json!("urbanisme")));
        let id = fiche["id"].as_str().unwrap().to_owned();
        let place = format!("/api/personnes/{id}");
        let before = lignes(town, "acces").await.len();
        let list = agent.get(town, "/api/personnes?finalite=urbanisme&q=exempl").await;
        assert_eq!(list.json()["fiches"][0]["champs"]["prenoms"], "Claude");
        assert_eq!(agent.get(town, &format!("{place}?finalite=urbanisme")).await.status, StatusCode::OK);
        let looks = lignes(town, "acces").await.split_off(before);
        let urbanisme = Some("urbanisme".to_owned());
        let criteria = json!({"criteres": {"q": "exempl", "rang": 0, "archivees": false}, "nombre": 1});
        assert_eq!(
            looks,
            [
                ("lister".into(), "personne".into(), None, urbanisme.clone(), criteria),
                ("lire".into(), "personne".into(), Some(id), urbanisme, json!({})),
            ]
        );
        // Without a purpose, no nominative field, no search in one, and no line.
        let bare = agent.get(town, &place).await.json();
        assert_eq!((&bare["champs"]["nom"], &bare["champs"]["finalite"]), (&Value::Null, &json!("urbanisme")));
        assert_eq!(agent.get(town, "/api/personnes?q=exempl").await.json()["total"], 0);
        assert_eq!(lignes(town, "acces").await.len(), before + 2);
    });
}

#[test]
fn levels_and_purposes_close_what_they_close() {
    on_empty_town(async |town| {
        monde(town).await;
        let agent_urba = agent(town, "99101", AGENT).await;
        let sans = agent(town, "99101", SANS).await;
        let dpo = agent(town, "99101", DPO).await;
        let ailleurs = agent(town, "99102", DPO).await;
        let fiche = made(town, &agent_urba).await;
        let place = format!("/api/personnes/{}", fiche["id"].as_str().unwrap());
        // Birth is of level 2: an agent has level 1.
        let birth = json!({"champs": {"naissance": "1961-02-28"}});
        let refused = agent_urba.patch(town, &format!("{place}?finalite=urbanisme"), "1", &birth).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text().contains("« naissance » est inconnu, ou"), "{}", refused.text());
        let given = dpo.patch(town, &format!("{place}?finalite=droits_des_personnes"), "1", &birth).await;
        assert_eq!(given.json()["champs"]["naissance"], "1961-02-28", "{}", given.text());
        let seen = agent_urba.get(town, &format!("{place}?finalite=urbanisme")).await.json();
        assert_eq!((&seen["champs"]["naissance"], &seen["champs"]["nom"]), (&Value::Null, &json!("Exemple")));
        // A purpose that was not declared, or none.
        for (who, purpose) in [(&sans, "urbanisme"), (&agent_urba, "cimetiere"), (&agent_urba, "droits_des_personnes")]
        {
            for path in [format!("{place}?finalite={purpose}"), format!("/api/personnes?finalite={purpose}")] {
                let refused = who.get(town, &path).await;
                assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
                assert!(!refused.text().contains("Exemple"));
            }
        }
        let named = json!({"champs": {"nom": "Autre"}});
        assert_eq!(agent_urba.patch(town, &place, "2", &named).await.status, StatusCode::BAD_REQUEST);
        let opposed = agent_urba.patch(town, &place, "2", &json!({"champs": {"opposition_publication": true}})).await;
        assert_eq!(opposed.json()["champs"]["opposition_publication"], true, "{}", opposed.text());
        // Another collectivité's person is as one that does not exist.
        let nothing = ailleurs.get(town, "/api/personnes/00000000-0000-4000-8000-00000000000f").await;
        for path in [place.clone(), format!("{place}?finalite=droits_des_personnes"), format!("{place}/historique")] {
            let answer = ailleurs.get(town, &path).await;
            assert_eq!((answer.status, answer.bytes), (StatusCode::NOT_FOUND, nothing.bytes.clone()), "{path}");
        }
        assert_eq!(
            ailleurs.get(town, "/api/personnes?finalite=droits_des_personnes&q=Exemple").await.json()["total"],
            0
        );
    });
}

#[test]
fn history_shows_the_fields_of_the_level() {
    on_empty_town(async |town| {
        monde(town).await;
        let (who, dpo) = (agent(town, "99101", AGENT).await, agent(town, "99101", DPO).await);
        let fiche = made(town, &who).await;
        let place = format!("/api/personnes/{}", fiche["id"].as_str().unwrap());
        let both = json!({"champs": {"naissance": "1961-02-28", "telephone": "0000000000"}});
        let changed = dpo.patch(town, &format!("{place}?finalite=droits_des_personnes"), "1", &both).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
        let steps = |answer: Value| answer[0]["apres"].clone();
        let whole = dpo.get(town, &format!("{place}/historique?finalite=droits_des_personnes")).await.json();
        assert_eq!(steps(whole), json!({"naissance": "1961-02-28", "telephone": "0000000000"}));
        let level = who.get(town, &format!("{place}/historique?finalite=urbanisme")).await.json();
        assert_eq!(steps(level), json!({"telephone": "0000000000"}));
        let bare = who.get(town, &format!("{place}/historique")).await.json();
        assert_eq!(steps(bare), json!({}));
    });
}

#[test]
fn a_person_is_made_for_a_purpose() {
    on_empty_town(async |town| {
        monde(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let body = json!({"champs": {"nom": "Exemple"}});
        let refused = agent.post(town, "/api/personnes", &body).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text());
        for (insee, status) in [("99102", 422), ("12345", 422), ("99101", 201)] {
            let body = json!({"champs": {"nom": "Exemple"}, "insee": insee});
            let answer = agent.post(town, "/api/personnes?finalite=urbanisme", &body).await;
            assert_eq!(answer.status.as_u16(), status, "{insee} {}", answer.text());
        }
    });
}
