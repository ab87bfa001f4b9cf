//! What « engine = 1 » promises: a module that never changes says each key of the manifest, and is still understood.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::agents::{Tenu, agent, milieu, monde_trace};
use crate::harness::{Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "fige_agent", finalites: &["suivi"], communes: None };
const LECTEUR: Tenu<'static> = Tenu { role: "fige_lecteur", finalites: &[], communes: None };
const AIRES: &str = "/api/modules/fige/aire";

async fn installe(town: &mut Town) {
    monde_trace(town).await;
    town.installe("fige_base").await;
    town.installe("fige").await;
}

/// A square of a few metres around a point.
fn carre(point: &Value) -> Value {
    let at = |rank: usize| point["coordinates"][rank].as_f64().unwrap();
    let (x, y, d) = (at(0), at(1), 0.0005);
    json!({"type": "Polygon", "coordinates": [[[x, y], [x + d, y], [x + d, y + d], [x, y + d], [x, y]]]})
}

#[test]
fn the_frozen_module_is_still_what_it_was() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        let fabricants = agent(town, "99101", Tenu { role: "fige_base_agent", finalites: &[], communes: None }).await;
        let fabricant = fabricants
            .post(town, "/api/modules/fige_base/fabricant", &json!({"champs": {"nom": "Balançoires et Cie"}}))
            .await;
        assert_eq!(fabricant.status, StatusCode::CREATED, "{}", fabricant.text());

        let point = milieu(town, "99101").await;
        let aire = |champs: Value| json!({"champs": champs, "geometrie": carre(&point)});
        let cher = agent_
            .post(town, AIRES, &aire(json!({"nom": "Square", "ouverte_du": "2026-01-31", "sol": "souple"})))
            .await;
        assert_eq!(
            (cher.status, &cher.json()["champs"][0]["champ"]),
            (StatusCode::BAD_REQUEST, &json!("cout")),
            "required when"
        );
        let sans_date = agent_.post(town, AIRES, &aire(json!({"nom": "Square", "sol": "sable"}))).await;
        assert_eq!(&sans_date.json()["champs"][0]["champ"], "ouverte_du", "required");
        let faux =
            agent_.post(town, AIRES, &aire(json!({"nom": "Square", "ouverte_du": "2026-01-31", "sol": "herbe"}))).await;
        assert_eq!(&faux.json()["champs"][0]["champ"], "sol", "codes");

        let champs = json!({"nom": "Square", "ouverte_du": "2020-02-29", "sol": "souple", "cout": "1200,5", "places": 12,
            "presentation": "<p>Ombragé<script>x</script></p>", "badge": "B1", "repere": "R1"});
        let made = agent_.post(town, AIRES, &aire(champs.clone())).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let fiche = made.json();
        let lu = |nom: &str| fiche["champs"][nom].clone();
        assert_eq!(fiche["titre"].as_str().map(|titre| titre.ends_with("-0001 Square")), Some(true), "{fiche}");
        assert_eq!(
            (lu("echeance"), lu("alerte"), lu("cout")),
            (json!("2021-02-28"), json!("en retard"), json!("1200.50"))
        );
        assert_eq!(
            (lu("presentation"), lu("technique"), lu("origine")),
            (json!("<p>Ombragé</p>"), Value::Null, json!("saisie"))
        );
        assert_eq!(
            (&fiche["libelles"]["sol"], &fiche["libelles"]["etat"]),
            (&json!("Sol souple"), &json!("En projet"))
        );
        let double =
            agent_.post(town, AIRES, &aire(json!({"nom": "Autre", "ouverte_du": "2026-01-01", "badge": "B1"}))).await;
        assert_eq!(
            (double.status, &double.json()["champs"][0]["champ"]),
            (StatusCode::BAD_REQUEST, &json!("badge")),
            "unique"
        );
        let tenu = agent_
            .post(town, AIRES, &aire(json!({"nom": "Autre", "ouverte_du": "2026-01-01", "origine": "moi"})))
            .await;
        assert_eq!(tenu.status, StatusCode::BAD_REQUEST, "readonly");

        let place = format!("{AIRES}/{}", fiche["id"].as_str().unwrap());
        let controle = agent_.post(town, "/api/modules/fige/controle", &json!({"champs": {"aire": fiche["id"]}})).await;
        assert_eq!(controle.status, StatusCode::CREATED, "{}", controle.text());
        assert_eq!(controle.json()["insee"], "99101", "parent");
        let onglet = agent_.get(town, &format!("{place}/onglets/controle")).await.json();
        assert!(onglet["fiches"][0]["titre"].as_str().unwrap().starts_with("Square le "), "{onglet}");
        let valides = agent_.get(town, &format!("{AIRES}?valide_le=2019-01-01")).await.json();
        assert_eq!(valides["total"], 0, "valid");
        assert_eq!(agent_.get(town, &format!("{AIRES}?liste=ouvertes")).await.json()["total"], 0, "lists");

        let lecteur = agent(town, "99101", LECTEUR).await;
        assert_eq!(lecteur.get(town, AIRES).await.json()["total"], 0, "rows of a right");
        assert_eq!(town.get(AIRES).await.json()["total"], 0, "rows open to the public");
        sqlx::raw_sql("update fige.aire set etat = 'ouverte'").execute(&mut town.owner).await.unwrap();
        let vue = lecteur.get(town, AIRES).await.json();
        assert_eq!(
            (&vue["total"], &vue["fiches"][0]["champs"]["places"]),
            (&json!(1), &Value::Null),
            "fields of a right"
        );
        let publique = town.get(AIRES).await.json();
        assert_eq!((&publique["total"], &publique["fiches"][0]["champs"]["nom"]), (&json!(1), &json!("Square")));
        let liste = agent_.get(town, &format!("{AIRES}?liste=ouvertes")).await.json();
        assert_eq!(liste["total"], 1);
    });
}

#[test]
fn its_schema_says_what_its_manifest_does() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let schema = agent.get(town, &format!("{AIRES}/schema")).await.json();
        let dit = &schema["x-finage"];
        let champs = dit["champs"].as_array().unwrap();
        let genres: Vec<String> = champs
            .iter()
            .map(|champ| format!("{} {}", champ["nom"].as_str().unwrap(), champ["genre"].as_str().unwrap()))
            .collect();
        let attendus = [
            "numero texte",
            "nom texte",
            "sol code",
            "description texte_long",
            "presentation riche",
            "places entier",
            "surface decimal",
            "cout montant",
            "ouverte_du date",
            "ouverte_au date",
            "vue_le instant",
            "cloturee booleen",
            "etat code",
            "fabricant reference",
            "fournisseurs references",
            "plan fichier",
            "echeance date",
            "alerte texte",
            "repere texte",
            "badge texte",
            "gardien texte",
            "prochain date",
            "origine texte",
        ];
        assert_eq!(genres, attendus);
        let ids = |key: &str, id: &str| -> Vec<String> {
            dit[key].as_array().unwrap().iter().map(|one| one[id].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(
            (ids("groupes", "id"), ids("listes", "id"), ids("onglets", "objet"), ids("documents", "id")),
            (
                vec!["aire".to_owned()],
                vec!["ouvertes".to_owned()],
                vec!["controle".to_owned()],
                vec!["arrete".to_owned()]
            )
        );
        assert_eq!(dit["etapes"]["champ"], "etat");
        assert_eq!(dit["registre"], "numero");
        assert_eq!(dit["finalites"][0]["id"], "suivi");
        let menu = agent.get(town, "/api/modules").await.json();
        let fige = menu["modules"].as_array().unwrap().iter().find(|module| module["id"] == "fige").unwrap();
        assert_eq!(
            (fige["menu"].as_array().unwrap().len(), fige["tableau"].as_array().unwrap().len()),
            (2, 3),
            "{fige}"
        );
    });
}
