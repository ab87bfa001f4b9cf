//! Personal data at the end of their use: listed, exported, approved, erased; what was taken up again is kept.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::agents::{Agent, Tenu, agent, lignes, milieu, monde_trace};
use crate::harness::{Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };
const DPO: Tenu<'static> = Tenu { role: "dpo", finalites: &["droits_des_personnes"], communes: None };
const OBJETS: &str = "/api/modules/objets_trouves/objet";
const LISTES: &str = "/api/rgpd/eliminations";

/// A row with a finder, archived more than a year ago.
async fn ancienne(town: &mut Town, who: &Agent, designation: &str) -> String {
    let champs = json!({"designation": designation, "categorie": "cles", "trouve_le": "2020-05-03", "inventeur": "Aloïs Fictif"});
    let corps = json!({"champs": champs, "geometrie": milieu(town, "99101").await});
    let made = who.post(town, &format!("{OBJETS}?finalite=restitution"), &corps).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let archived = who.delete(town, &format!("{OBJETS}/{id}")).await;
    assert!(archived.status.is_success(), "{}", archived.text());
    sqlx::query("update objets_trouves.objet set archivee_le = now() - interval '2 years' where id = $1::uuid")
        .bind(&id)
        .execute(&mut town.owner)
        .await
        .unwrap();
    id
}

#[test]
fn what_is_past_its_term_leaves_by_a_list_that_says_which_rows() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        let (agent_, dpo) = (agent(town, "99101", AGENT).await, agent(town, "99101", DPO).await);
        let cles = ancienne(town, &agent_, "Clés").await;
        let gants = ancienne(town, &agent_, "Gants").await;

        let due = dpo.get(town, "/api/rgpd/echeances").await.json();
        assert_eq!((due.as_array().unwrap().len(), &due[0]["nombre"]), (1, &json!(2)), "{due}");
        assert_eq!(due[0]["libelles"], json!(["Personne qui l'a rapporté", "Téléphone"]), "{due}");
        let wanted = json!({"objet": "objets_trouves.objet", "finalite": "restitution"});
        assert_eq!(agent_.post(town, LISTES, &wanted).await.status, StatusCode::FORBIDDEN);
        let made = dpo.post(town, LISTES, &wanted).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let made = made.json();
        assert_eq!((&made["libelle"], &made["nombre"]), (&json!("Objets trouvés"), &json!(2)), "{made}");
        let place = format!("{LISTES}/{}", made["id"].as_str().unwrap());

        // Which rows: their names for who may read them, their keys for all who may see the list; nothing of a person.
        let which = dpo.get(town, &format!("{place}/fiches")).await.json();
        let told = |which: &Value, champ: &str| -> Vec<Value> {
            which["fiches"].as_array().unwrap().iter().map(|row| row[champ].clone()).collect()
        };
        assert_eq!((&which["nombre"], &which["reprises"]), (&json!(2), &json!(0)), "{which}");
        assert_eq!(told(&which, "titre"), [Value::Null, Value::Null]);
        let mut ids = told(&which, "id");
        ids.sort_by_key(ToString::to_string);
        let mut expected = [json!(cles), json!(gants)];
        expected.sort_by_key(ToString::to_string);
        assert_eq!(ids, expected);
        let role = "insert into acces.attribution (utilisateur, role, collectivite)
            select $1, r.id, c.id from acces.role r, acces.collectivite c where r.code = $2 and c.code = '99101'";
        sqlx::query(role).bind(dpo.id).bind(AGENT.role).execute(&mut town.owner).await.unwrap();
        let which = dpo.get(town, &format!("{place}/fiches")).await;
        assert!(which.text().contains("Gants") && !which.text().contains("Aloïs"), "{}", which.text());
        assert_eq!(agent_.get(town, &format!("{place}/fiches")).await.status, StatusCode::FORBIDDEN);
        let other = agent(town, "99102", DPO).await;
        for path in [format!("{place}/fiches"), format!("{LISTES}/{}/fiches", Uuid::nil())] {
            assert_eq!(other.get(town, &path).await.status, StatusCode::NOT_FOUND, "{path}");
        }

        // In order: exported, approved, carried out, once.
        let visa = json!({"visa": "AD99-2026-12", "le": "2026-11-28"});
        let post = async |town: &Town, verbe: &str| match verbe {
            "approuver" => dpo.post(town, &format!("{place}/approuver"), &visa).await,
            _ => dpo.ask(town, Method::POST, &format!("{place}/executer"), &[], None).await,
        };
        for verbe in ["approuver", "executer"] {
            assert_eq!(post(town, verbe).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{verbe}");
        }
        let csv = dpo.get(town, &format!("{place}/export")).await;
        assert!(csv.text().contains("Aloïs Fictif"), "{}", csv.text());
        assert_eq!(post(town, "executer").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(post(town, "approuver").await.json()["visa"], "AD99-2026-12");
        let back = [(header::IF_MATCH, "\"3\"")];
        let back = agent_.ask(town, Method::POST, &format!("{OBJETS}/{gants}/desarchiver"), &back, None).await;
        assert!(back.status.is_success(), "{}", back.text());
        let which = dpo.get(town, &format!("{place}/fiches")).await.json();
        assert_eq!((&which["nombre"], &which["reprises"]), (&json!(1), &json!(1)), "{which}");
        assert_eq!(told(&which, "id"), [json!(cles)]);
        assert_eq!(post(town, "executer").await.json()["nombre"], 1);
        for verbe in ["approuver", "executer"] {
            assert_eq!(post(town, verbe).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{verbe}");
        }
        assert_eq!(dpo.get(town, &format!("{place}/fiches")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let left: Vec<(Uuid, Option<String>)> =
            sqlx::query_as("select id, inventeur from objets_trouves.objet where inventeur is not null")
                .fetch_all(&mut town.owner)
                .await
                .unwrap();
        assert_eq!(left, [(gants.parse().unwrap(), Some("Aloïs Fictif".to_owned()))]);
        assert!(lignes(town, "acte").await.iter().any(|act| act.0 == "eliminer"));
    });
}
