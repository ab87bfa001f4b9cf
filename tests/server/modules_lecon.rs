//! The lesson of the documentation, followed to the letter.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode, header};
use finage::modules::installation::{installe, verifie};
use finage::modules::sources::{self, Origine};
use serde_json::json;

use crate::agents::{Tenu, agent, milieu, monde_trace};
use crate::harness::on_empty_town;

const LECON: &str = include_str!("../../docs/modules.md");
const AGENT: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };
const OBJETS: &str = "/api/modules/objets_trouves/objet";

/// The files that a text gives, each announced by its path and shown whole in a block; the last of a path stands.
fn fichiers(texte: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut rest = texte;
    while let Some((_, after)) = rest.split_once("\n`objets_trouves/") {
        let (path, after) = after.split_once("` :\n\n```").unwrap();
        let (_, after) = after.split_once('\n').unwrap();
        let (content, after) = after.split_once("```\n").unwrap();
        files.insert(path.to_owned(), content.to_owned());
        rest = after;
    }
    files
}

#[test]
fn the_lesson_makes_a_module_that_works() {
    let (premiere, suite) = LECON.split_at(LECON.find("## 6. La version suivante").unwrap());
    let premiers = fichiers(premiere);
    assert_eq!(premiers.len(), 7);
    on_empty_town(async |town| {
        monde_trace(town).await;
        let mut admin = town.database.admin().await.unwrap();
        finage::db::prepare(&mut admin).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let put = |files: &BTreeMap<String, String>| {
            for (path, text) in files {
                let place = folder.path().join("objets_trouves").join(path);
                std::fs::create_dir_all(place.parent().unwrap()).unwrap();
                std::fs::write(place, text).unwrap();
            }
            sources::lu(&folder.path().join("objets_trouves")).unwrap_or_else(|faults| panic!("{faults:#?}"))
        };
        let module = put(&premiers);
        verifie(&mut town.owner, &module).await.unwrap_or_else(|error| panic!("{error}"));
        installe(&mut town.owner, &module, Origine::Dossier).await.unwrap();
        town.config.modules_dir = Some(folder.path().to_owned());
        town.config.data_dir = folder.path().join("données");
        town.recharge().await;
        assert!(town.modules.pannes().is_empty());
        let agent = agent(town, "99101", AGENT).await;
        let champs =
            json!({"designation": "Parapluie noir", "categorie": "cles", "trouve_le": "2026-05-03", "valeur": "12,50"});
        let point = milieu(town, "99101").await;
        let made = agent.post(town, OBJETS, &json!({"champs": champs, "geometrie": point})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        assert_eq!(made.json()["champs"]["echeance"], "2027-05-04");
        let reclamation = json!({"champs": {"objet": made.json()["id"], "motif": "C'est le mien"}});
        let claimed = agent.post(town, "/api/modules/objets_trouves/reclamation", &reclamation).await;
        assert_eq!(claimed.status, StatusCode::CREATED, "{}", claimed.text());

        // A column names rows of an object without a key of its own, by their title.
        let lieu = json!({"champs": {"libelle": "Mairie"}, "insee": "99101"});
        assert_eq!(agent.post(town, "/api/modules/objets_trouves/lieu", &lieu).await.status, StatusCode::CREATED);
        let csv = "Désignation;Catégorie;Trouvé le;Lieu de dépôt\nGant;vetement;2026-05-04;Mairie\nClé;cles;2026-05-04;Gare\n";
        let genre = (header::CONTENT_TYPE, "application/octet-stream");
        let depose =
            agent.raw(town, Method::POST, &format!("{OBJETS}/imports?nom=gants.csv"), &[genre], csv.into()).await;
        let depose = depose.json();
        let essai = format!("{OBJETS}/imports/{}/essai", depose["id"].as_str().unwrap());
        let essai = agent.post(town, &essai, &json!({"correspondance": depose["correspondance"]})).await;
        assert_eq!((&essai.json()["creees"], &essai.json()["rejetees"]), (&json!(1), &json!(1)), "{}", essai.text());

        let module = put(&fichiers(suite));
        assert_eq!(module.file.version, "1.1.0");
        installe(&mut town.owner, &module, Origine::Dossier).await.unwrap_or_else(|error| panic!("{error}"));
        town.recharge().await;
        let place = format!("{OBJETS}/{}", made.json()["id"].as_str().unwrap());
        let coloured = agent.patch(town, &place, "\"1\"", &json!({"champs": {"couleur": "noir"}})).await;
        assert_eq!(coloured.json()["champs"]["couleur"], "noir", "{}", coloured.text());
        let depot = agent.get(town, &format!("{OBJETS}?liste=en_depot")).await;
        assert_eq!(depot.json()["total"], 1);
        let menu = agent.get(town, "/api/modules").await.json();
        assert_eq!(menu["modules"][0]["menu"].as_array().unwrap().len(), 4);
    });
}

#[test]
fn the_lesson_explains_every_key() {
    let told = |key: &str| {
        LECON.contains(&format!("`{key}`"))
            || LECON.contains(&format!("`[{key}]`"))
            || LECON.contains(&format!("`[[{key}]]`"))
    };
    let mut missing = Vec::new();
    for schema in [finage_manifest::module_schema(), finage_manifest::object_schema()] {
        let definitions = schema["definitions"].as_object().unwrap().values();
        let keys: Vec<String> = std::iter::once(&schema)
            .chain(definitions)
            .filter_map(|part| part["properties"].as_object())
            .flat_map(|properties| properties.keys().cloned())
            .collect();
        assert!(keys.len() > 15);
        let apart = ["when", "value", "roles", "purposes", "fields", "steps", "params", "tables"];
        missing.extend(keys.into_iter().filter(|key| !apart.contains(&key.as_str()) && !told(key)));
    }
    assert!(missing.is_empty(), "docs/modules.md says nothing of {missing:?}");
}
