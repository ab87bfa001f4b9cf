//! What answers say: pages that are never cut in silence, places, fields by their labels, lists that may be read.

use axum::http::{Method, StatusCode};
use finage::db::{Acteur, Canal, CollectiviteId};
use serde_json::{Value, json};

use crate::agents::{Agent, Tenu, agent, milieu, monde_trace};
use crate::harness::{Answer, Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };
const ACCUEIL: Tenu<'static> = Tenu { role: "objets_trouves_accueil", finalites: &[], communes: None };
const OBJETS: &str = "/api/modules/objets_trouves/objet";

async fn pret(town: &mut Town) -> Agent {
    monde_trace(town).await;
    town.installe("objets_trouves").await;
    agent(town, "99101", AGENT).await
}

async fn depose(town: &Town, who: &Agent, designation: &str, geometrie: &Value) -> Answer {
    let champs = json!({"designation": designation, "categorie": "cles", "trouve_le": "2026-05-03"});
    who.post(town, OBJETS, &json!({"champs": champs, "geometrie": geometrie})).await
}

fn titres(page: &Value) -> Vec<String> {
    page["fiches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fiche| fiche["champs"]["designation"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_text_is_found_whatever_its_case_accents_and_ligatures() {
    on_empty_town(async |town| {
        let agent = pret(town).await;
        let point = milieu(town, "99101").await;
        for designation in ["Écharpe de l’été", "Cœur en or", "Sac a\u{300} dos"] {
            assert_eq!(depose(town, &agent, designation, &point).await.status, StatusCode::CREATED);
        }
        for (q, found) in [
            ("echarpe", "Écharpe de l’été"),
            ("%C3%89CHARPE%20ETE", "Écharpe de l’été"),
            ("l%27ete", "Écharpe de l’été"),
            ("coeur", "Cœur en or"),
            ("C%C5%92UR", "Cœur en or"),
            ("%C3%A0%20dos", "Sac a\u{300} dos"),
        ] {
            let page = agent.get(town, &format!("{OBJETS}?q={q}")).await.json();
            assert_eq!(titres(&page), [found], "{q}");
        }
        assert_eq!(agent.get(town, &format!("{OBJETS}?q=100%25")).await.json()["total"], 0);
        for (q, found) in [("echarpe", "Écharpe de l’été"), ("coeur", "Cœur en or")] {
            let answer = agent.get(town, &format!("/api/recherche?q={q}")).await;
            assert!(answer.text().contains(found), "{q} {}", answer.text());
        }
        let codes = agent.get(town, &format!("{OBJETS}/codes/categorie?q=vetement")).await;
        assert!(codes.text().contains("Vêtement"), "{}", codes.text());
    });
}

#[test]
fn an_index_finds_a_text_behind_the_policies() {
    on_empty_town(async |town| {
        pret(town).await;
        sqlx::raw_sql(
            "alter table objets_trouves.objet disable trigger user;
            insert into objets_trouves.objet (collectivite, insee, designation, categorie, trouve_le)
                select c.id, '99101', 'Épave ' || md5(n::text), 'cles', '2026-05-03'
                from acces.collectivite c, generate_series(1, 20000) n where c.code = '99101';
            alter table objets_trouves.objet enable trigger user; analyze objets_trouves.objet",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        let collectivite: i32 = sqlx::query_scalar("select id from acces.collectivite where code = '99101'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let acteur = Acteur { utilisateur: None, collectivite: CollectiviteId(collectivite), canal: Canal::Api };
        let mut tx = town.pools.collectivites.begin_read(&acteur).await.unwrap();
        let plan: Vec<String> = sqlx::query_scalar(
            "explain (costs off) select o.id from objets_trouves.objet o
            where core.cherchable(o.designation::text) like core.cherchable('%ÉPAVE c4ca42%')",
        )
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        let plan = plan.join("\n");
        assert!(plan.contains("objet_designation_cherche") && !plan.contains("Seq Scan"), "{plan}");
    });
}

#[test]
fn a_collection_says_how_many_there_are_and_where_the_next_ones_are() {
    on_empty_town(async |town| {
        let agent = pret(town).await;
        let point = milieu(town, "99101").await;
        for rang in 0..5 {
            assert_eq!(depose(town, &agent, &format!("objet {rang}"), &point).await.status, StatusCode::CREATED);
        }
        let whole = agent.get(town, &format!("{OBJETS}/geojson")).await.json();
        assert_eq!((&whole["numberMatched"], &whole["numberReturned"]), (&json!(5), &json!(5)));
        assert_eq!(whole["links"].as_array().unwrap().len(), 1, "{}", whole["links"]);
        let (mut place, mut seen) = (format!("{OBJETS}/geojson?limite=2&sort=designation"), Vec::new());
        loop {
            let page = agent.get(town, &place).await.json();
            assert_eq!(page["numberMatched"], 5);
            let features = page["features"].as_array().unwrap();
            assert_eq!(page["numberReturned"], features.len());
            seen.extend(features.iter().map(|one| one["properties"]["designation"].as_str().unwrap().to_owned()));
            let next = page["links"].as_array().unwrap().iter().find(|link| link["rel"] == "next").cloned();
            let Some(next) = next else { break };
            assert_eq!(next["type"], "application/geo+json");
            let href = next["href"].as_str().unwrap();
            place = href[href.find("/api/").unwrap()..].to_owned();
        }
        assert_eq!(seen, ["objet 0", "objet 1", "objet 2", "objet 3", "objet 4"]);
        // A page that is cut is never taken for the whole.
        for (question, status) in [
            ("?limite=1000", 200),
            ("?limite=1001", 400),
            ("?limite=0", 400),
            ("?rang=-1", 400),
            ("?rang=1000001", 400),
            ("/geojson?limite=10000", 200),
            ("/geojson?limite=10001", 400),
        ] {
            let answer = agent.get(town, &format!("{OBJETS}{question}")).await;
            assert_eq!(answer.status.as_u16(), status, "{question} {}", answer.text());
        }
    });
}

#[test]
fn a_place_in_no_commune_of_the_territory_is_refused() {
    on_empty_town(async |town| {
        let agent = pret(town).await;
        let ailleurs = json!({"type": "Point", "coordinates": [-3.0, 47.0]});
        let refused = depose(town, &agent, "Clés", &ailleurs).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
        assert!(refused.text().contains("hors du territoire"), "{}", refused.text());
        let point = milieu(town, "99101").await;
        let made = depose(town, &agent, "Clés", &point).await.json();
        let place = format!("{OBJETS}/{}", made["id"].as_str().unwrap());
        let moved = agent.patch(town, &place, "1", &json!({"geometrie": ailleurs})).await;
        assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", moved.text());
        assert_eq!(agent.get(town, &place).await.json()["insee"], "99101");
        // Where a commune is not drawn yet, nobody can tell.
        sqlx::query("delete from cadastre.commune").execute(&mut town.owner).await.unwrap();
        assert_eq!(depose(town, &agent, "Clés", &ailleurs).await.status, StatusCode::CREATED);
    });
}

#[test]
fn refusals_name_fields_as_people_do() {
    on_empty_town(async |town| {
        let agent = pret(town).await;
        let champs =
            json!({"designation": "Clés", "categorie": "cles", "trouve_le": "2026-05-03", "valeur": "99999999999999"});
        let refused = agent.post(town, OBJETS, &json!({"champs": champs})).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("« Valeur estimée »") && detail.contains("8 chiffres avant la virgule"), "{detail}");
        assert_eq!(refused.json()["champs"][0]["champ"], "valeur");

        let point = milieu(town, "99101").await;
        let made = depose(town, &agent, "Clés", &point).await.json();
        let place = format!("{OBJETS}/{}", made["id"].as_str().unwrap());
        for (version, designation) in [("1", "Deux clés"), ("2", "Trois clés")] {
            let body = json!({"champs": {"designation": designation}});
            assert_eq!(agent.patch(town, &place, version, &body).await.status, StatusCode::OK);
        }
        let history = agent.get(town, &format!("{place}/historique")).await.json();
        let first = history.as_array().unwrap().iter().rfind(|step| step["operation"] == "changement").unwrap();
        let body = json!({"rang": first["rang"]});
        let headers = [(axum::http::header::IF_MATCH, "3")];
        let undone = agent.ask(town, Method::POST, &format!("{place}/annuler"), &headers, Some(&body)).await;
        assert_eq!(undone.status, StatusCode::BAD_REQUEST, "{}", undone.text());
        let detail = undone.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("« Désignation »"), "{detail}");

        for filter in ["zzz%20=%201", "designation%20%3D", "designation%20=%203"] {
            let refused = agent.get(town, &format!("{OBJETS}?filter={filter}")).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST);
            let detail = refused.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.ends_with('.') && !detail.ends_with(".."), "{detail}");
        }
    });
}

#[test]
fn a_module_that_could_not_be_loaded_is_said_broken() {
    on_empty_town(async |town| {
        let agent = pret(town).await;
        town.config.modules_dir = None;
        town.recharge().await;
        let answer = agent.get(town, OBJETS).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
        assert!(answer.text().contains("« objets_trouves » est en panne"), "{}", answer.text());
        let unknown = agent.get(town, "/api/modules/absent/objet").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn lists_that_a_role_may_not_read_are_not_offered() {
    on_empty_town(async |town| {
        let agent_ = pret(town).await;
        let accueil = agent(town, "99101", ACCUEIL).await;
        let offered = async |who: &Agent| -> Vec<String> {
            let schema = who.get(town, &format!("{OBJETS}/schema")).await.json();
            let lists = schema["x-finage"]["listes"].as_array().unwrap().clone();
            lists.iter().map(|list| list["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(offered(&agent_).await, ["en_depot", "echus"]);
        // The condition of the second reads « echeance », which the front desk does not see; the first but shows it.
        assert_eq!(offered(&accueil).await, ["en_depot"]);
        let schema = accueil.get(town, &format!("{OBJETS}/schema")).await.json();
        let columns = schema["x-finage"]["listes"][0]["colonnes"].clone();
        assert!(!columns.as_array().unwrap().is_empty() && !columns.to_string().contains("echeance"), "{columns}");
        assert_eq!(accueil.get(town, &format!("{OBJETS}?liste=en_depot")).await.status, StatusCode::OK);
        assert_eq!(accueil.get(town, &format!("{OBJETS}?liste=echus")).await.status, StatusCode::BAD_REQUEST);
        for list in ["en_depot", "echus"] {
            assert_eq!(agent_.get(town, &format!("{OBJETS}?liste={list}")).await.status, StatusCode::OK, "{list}");
        }
    });
}
