//! What shortens a clerk's way: rows found by what they name, choices in the order they are looked for, lists that tell where
//! their rows are, documents that open; each under the rights of who asks.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::agents::{Agent, Tenu, agent, milieu, monde_trace};
use crate::harness::{Answer, Town, on_cemetery_town};

const AGENT: Tenu<'static> = Tenu { role: "cimetiere_agent", finalites: &["cimetiere"], communes: None };
const GESTIONNAIRE: Tenu<'static> = Tenu { role: "cimetiere_gestionnaire", finalites: &["cimetiere"], communes: None };
/// Reads contracts, not the persons that hold them.
const CONSULTATION: Tenu<'static> = Tenu { role: "cimetiere_consultation", finalites: &[], communes: None };
const MODULE: &str = "/api/modules/cimetiere";

async fn fait(town: &Town, who: &Agent, objet: &str, corps: Value) -> String {
    let answer = who.post(town, &format!("{MODULE}/{objet}?finalite=cimetiere"), &corps).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{objet} {}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn champs(champs: Value) -> Value {
    let mut corps = json!({ "insee": "99101" });
    corps["champs"] = champs;
    corps
}

async fn trouves(town: &Town, who: &Agent, objet: &str, q: &str) -> Vec<String> {
    let page = who.get(town, &format!("{MODULE}/{objet}?q={q}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    page.json()["fiches"].as_array().unwrap().iter().map(|une| une["id"].as_str().unwrap().to_owned()).collect()
}

async fn proposes(town: &Town, who: &Agent, q: &str) -> Vec<String> {
    let answer = who.get(town, &format!("{MODULE}/contrat/choix/emplacement?q={q}")).await.json();
    answer.as_array().unwrap().iter().map(|un| un["libelle"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_clerk_finds_by_names_what_the_account_may_read_and_opens_what_a_step_made() {
    on_cemetery_town(async |town| {
        monde_trace(town).await;
        let clerk = agent(town, "99101", AGENT).await;
        let chief = agent(town, "99101", GESTIONNAIRE).await;
        let reader = agent(town, "99101", CONSULTATION).await;
        let cimetiere = fait(town, &chief, "cimetiere", champs(json!({ "libelle": "Cimetière du Val" }))).await;
        let allee = champs(json!({ "cimetiere": cimetiere, "libelle": "Rang 3" }));
        let allee = fait(town, &chief, "allee", allee).await;
        let mut places = Vec::new();
        for numero in ["80", "8", "18", "8/9"] {
            let un = json!({ "cimetiere": cimetiere, "allee": allee, "numero": numero, "nature": "concession", "places_cercueil": 2 });
            places.push(fait(town, &clerk, "emplacement", champs(un)).await);
        }
        let holder =
            fait(town, &clerk, "personne", champs(json!({ "nom": "Spécimenœud", "prenoms": "Fictive" }))).await;
        let contrat = json!({ "emplacement": places[3], "titulaire": holder, "duree": "trentenaire", "acte_le": "2026-01-05", "prix": "0.00" });
        let contrat = fait(town, &clerk, "contrat", champs(contrat)).await;
        let dead = fait(
            town,
            &clerk,
            "defunt",
            champs(json!({ "nom": "Modelin", "prenoms": "Fictif", "deces_le": "2026-01-03" })),
        )
        .await;
        let sejour = json!({ "defunt": dead, "emplacement": places[0], "forme": "cercueil", "du": "2026-01-06" });
        let sejour = fait(town, &chief, "sejour", champs(sejour)).await;

        // By the names of what a row names, whatever the accents; by both at once.
        assert_eq!(trouves(town, &clerk, "contrat", "specimenoeud").await, std::slice::from_ref(&contrat));
        assert_eq!(trouves(town, &clerk, "contrat", "fictive%20rang").await, std::slice::from_ref(&contrat));
        assert_eq!(trouves(town, &clerk, "contrat", "fictive%20ailleurs").await, [] as [String; 0]);
        assert_eq!(trouves(town, &clerk, "sejour", "modelin").await, [sejour]);
        // Who may read the contract and not its holder finds it by its place, never by the holder.
        assert_eq!(reader.get(town, &format!("{MODULE}/personne")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(trouves(town, &reader, "contrat", "rang").await, std::slice::from_ref(&contrat));
        assert_eq!(trouves(town, &reader, "contrat", "specimenoeud").await, [] as [String; 0]);
        assert_eq!(trouves(town, &reader, "contrat", "%25").await, [] as [String; 0]);

        // Choices: what is called so, what begins so, what has that word, the rest.
        assert_eq!(proposes(town, &clerk, "rang%203%20n%C2%B0%208").await[..2], ["Rang 3 n° 8", "Rang 3 n° 8/9"]);
        assert_eq!(proposes(town, &clerk, "8").await, ["Rang 3 n° 8", "Rang 3 n° 8/9", "Rang 3 n° 80", "Rang 3 n° 18"]);

        // Where the rows of a list are: none has a place yet, then one has.
        let ou = format!("{MODULE}/emplacement?etendue=true&limite=1&fields=geometrie");
        assert!(clerk.get(town, &ou).await.json().get("etendue").is_none());
        let [x, y] = serde_json::from_value::<[f64; 2]>(milieu(town, "99101").await["coordinates"].clone()).unwrap();
        let (est, nord) = (x + 0.0001, y + 0.0001);
        let carre =
            json!({ "type": "MultiPolygon", "coordinates": [[[[x, y], [est, y], [est, nord], [x, nord], [x, y]]]] });
        let trace = json!({ "champs": { "cimetiere": cimetiere, "numero": "1", "nature": "concession", "places_cercueil": 1 }, "geometrie": carre });
        fait(town, &clerk, "emplacement", trace).await;
        let boite = clerk.get(town, &ou).await.json()["etendue"].clone();
        let [ouest, sud, est, nord] = serde_json::from_value::<[f64; 4]>(boite).unwrap();
        let pres = |lu: f64, voulu: f64| (lu - voulu).abs() < 1e-5;
        assert!(
            pres(ouest, x) && pres(sud, y) && pres(est, x + 0.0001) && pres(nord, y + 0.0001),
            "{ouest} {sud} {est} {nord}"
        );

        // What a form needs: shortcuts, steps that the account holds, years, the fields of a title.
        let schema = clerk.get(town, &format!("{MODULE}/emplacement/schema")).await.json()["x-finage"].clone();
        assert_eq!(schema["raccourcis"][0]["avec"], json!({ "emplacement": { "champ": "id" } }));
        assert!(schema["raccourcis"][0]["condition"].is_object());
        let annee = schema["champs"].as_array().unwrap().iter().find(|champ| champ["nom"] == "annee_fin").unwrap();
        assert_eq!(annee["format"], "annee");
        assert_eq!(schema["titre"], json!(["repere"]));
        let operation = clerk.get(town, &format!("{MODULE}/operation/schema")).await.json()["x-finage"].clone();
        let tenue = |id: &str| {
            operation["etapes"]["etapes"].as_array().unwrap().iter().find(|un| un["id"] == id).unwrap()["tenue"].clone()
        };
        assert_eq!(
            (tenue("autoriser"), tenue("compenser")),
            (json!(true), json!(false)),
            "compensating is the manager's"
        );

        // The act of a step: a name without folders, shown where it is asked to be, else downloaded in its sandbox.
        let version = clerk.get(town, &format!("{MODULE}/contrat/{contrat}")).await.json()["version"].to_string();
        let signer = format!("{MODULE}/contrat/{contrat}/etapes/signer?finalite=cimetiere");
        let si = [(header::IF_MATCH, &*format!("\"{version}\""))];
        let signed = clerk.ask(town, axum::http::Method::POST, &signer, &si, Some(&json!({}))).await;
        assert_eq!(signed.status, StatusCode::OK, "{}", signed.text());
        let joints = clerk.get(town, &format!("{MODULE}/contrat/{contrat}/fichiers")).await.json();
        let nom = joints[0]["nom"].as_str().unwrap();
        assert!(nom.starts_with("Acte du contrat ") && nom.ends_with("Rang 3 n° 8-9.pdf"), "{nom}");
        let fichier = format!("/api/fichiers/{}", joints[0]["id"].as_str().unwrap());
        let dit = |answer: &Answer, nom: header::HeaderName| answer.headers[nom].to_str().unwrap().to_owned();
        let montre = clerk.get(town, &format!("{fichier}?ouvrir=true")).await;
        assert!(dit(&montre, header::CONTENT_DISPOSITION).starts_with("inline; "));
        assert!(!dit(&montre, header::CONTENT_SECURITY_POLICY).contains("sandbox"));
        let pris = clerk.get(town, &fichier).await;
        assert!(dit(&pris, header::CONTENT_DISPOSITION).starts_with("attachment; "));
        assert!(dit(&pris, header::CONTENT_SECURITY_POLICY).contains("sandbox"));
        assert_eq!(clerk.get(town, &format!("{fichier}?ouvrir=oui")).await.status, StatusCode::BAD_REQUEST);
        assert!(!trouves(town, &chief, "contrat", "specimenoeud").await.is_empty());
    });
}
