//! Screens of the journal and of persons' rights, and pages of annotations: complete without JavaScript, under rights.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::agents::{Tenu, agent, lignes, milieu, monde_trace};
use crate::harness::on_empty_town;

const AGENT: Tenu<'static> = Tenu { role: "agent", finalites: &["urbanisme"], communes: None };
const DPO: Tenu<'static> = Tenu { role: "dpo", finalites: &["droits_des_personnes"], communes: None };

#[test]
fn the_delegate_reads_the_journal_of_its_collectivite_alone() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let (who, dpo) = (agent(town, "99101", AGENT).await, agent(town, "99101", DPO).await);
        let (other, other_dpo) = (agent(town, "99102", AGENT).await, agent(town, "99102", DPO).await);
        let narrow = agent(town, "99101", Tenu { communes: Some(&["99101"]), ..DPO }).await;
        for (agent, nom) in [(&who, "Ici"), (&other, "Ailleurs")] {
            let body = json!({"champs": {"nom": nom}});
            let made = agent.post(town, "/api/personnes?finalite=urbanisme", &body).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        }
        let mine = format!("{}@exemple.invalid", who.id);
        let theirs = format!("{}@exemple.invalid", other.id);
        for (chaine, verb) in [("acces", "lire"), ("acte", "creation")] {
            let lines = dpo.get(town, &format!("/api/journal/{chaine}")).await;
            assert_eq!(lines.status, StatusCode::OK, "{}", lines.text());
            assert!(lines.text().contains(&mine) && !lines.text().contains(&theirs), "{}", lines.text());
            assert!(lines.json().as_array().unwrap().iter().any(|line| line["action"] == verb));
            assert!(!other_dpo.get(town, &format!("/api/journal/{chaine}")).await.text().contains(&mine));
            for refused in [&who, &narrow] {
                for path in [
                    format!("/api/journal/{chaine}"),
                    format!("/api/journal/{chaine}/export"),
                    format!("/journal?chaine={chaine}"),
                ] {
                    assert_eq!(refused.get(town, &path).await.status, StatusCode::FORBIDDEN, "{path}");
                }
            }
            let page = dpo.get(town, &format!("/journal?chaine={chaine}")).await.text();
            assert!(
                page.contains(&mine) && !page.contains(&theirs) && page.contains("aria-current=\"page\""),
                "{page}"
            );
        }
        assert_eq!(dpo.get(town, "/api/journal/autre").await.status, StatusCode::NOT_FOUND);
        assert_eq!(town.get("/journal").await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn the_journal_is_filtered_and_its_export_leaves_an_act() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let (who, dpo) = (agent(town, "99101", AGENT).await, agent(town, "99101", DPO).await);
        for path in ["/api/personnes?finalite=urbanisme&q=a", "/api/personnes?finalite=urbanisme&q=b"] {
            assert_eq!(who.get(town, path).await.status, StatusCode::OK);
        }
        let count = async |query: &str| {
            let found = dpo.get(town, &format!("/api/journal/acces?{query}")).await;
            assert_eq!(found.status, StatusCode::OK, "{query} {}", found.text());
            found.json().as_array().unwrap().len()
        };
        assert_eq!(count("").await, 2);
        assert_eq!(count(&format!("compte={}@exemple.invalid", who.id)).await, 2);
        assert_eq!(count("compte=personne@exemple.invalid").await, 0);
        assert_eq!(count("objet=personne&action=lister").await, 2);
        assert_eq!(count("action=exporter").await, 0);
        assert_eq!(count("du=2020-01-01&au=2999-12-31").await, 2);
        assert_eq!(count("au=2020-01-01").await, 0);
        let first = dpo.get(town, "/api/journal/acces?limite=1").await.json();
        assert_eq!(first[0]["details"]["criteres"]["q"], "b");
        assert_eq!(count(&format!("apres={}", first[0]["id"])).await, 1);
        for wrong in ["du=hier", "apres=x", "autre=1"] {
            assert_eq!(dpo.get(town, &format!("/api/journal/acces?{wrong}")).await.status, 400, "{wrong}");
        }
        assert_eq!(dpo.get(town, "/journal?du=hier").await.status, StatusCode::BAD_REQUEST);
        let export = dpo.get(town, "/api/journal/acces/export?objet=personne").await;
        assert_eq!(export.header(&header::CONTENT_TYPE), "text/csv; charset=utf-8");
        assert_eq!(export.text().lines().count(), 3, "{}", export.text());
        let acts = lignes(town, "acte").await;
        let last = acts.last().unwrap();
        assert_eq!((last.0.as_str(), last.1.as_str(), &last.4["nombre"]), ("exporter", "journal", &json!(2)));
    });
}

#[test]
fn a_person_is_found_exported_rectified_and_may_oppose() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let (who, dpo) = (agent(town, "99101", AGENT).await, agent(town, "99101", DPO).await);
        let cimetiere = agent(town, "99101", Tenu { finalites: &["cimetiere"], ..AGENT }).await;
        let body = json!({"champs": {"nom": "Exemple", "courriel": "c@exemple.invalid"}});
        let first = who.post(town, "/api/personnes?finalite=urbanisme", &body).await.json();
        cimetiere.post(town, "/api/personnes?finalite=cimetiere", &body).await;
        // Nothing is listed, nor journaled, before something is looked for.
        let before = lignes(town, "acces").await.len();
        let blank = dpo.get(town, "/rgpd").await.text();
        assert!(!blank.contains("Exemple"), "{blank}");
        assert_eq!(lignes(town, "acces").await.len(), before);
        let found = dpo.get(town, "/rgpd?q=c%40exemple").await.text();
        assert!(found.contains("2 fiches") && found.contains("urbanisme") && found.contains("cimetiere"), "{found}");
        assert_eq!(lignes(town, "acces").await.last().unwrap().3.as_deref(), Some("droits_des_personnes"));
        let id = first["id"].as_str().unwrap();
        let sheet = dpo.get(town, &format!("/rgpd/{id}")).await.text();
        assert!(sheet.contains("c@exemple.invalid") && sheet.contains("Journal de cette fiche"), "{sheet}");
        let form = "version=1&nom=Exemple&prenoms=&adresse=&courriel=d%40exemple.invalid&telephone=&naissance=&lieu_naissance=&opposition_publication=oui";
        let changed = dpo.form(town, &format!("/rgpd/{id}"), form).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
        let late = dpo.form(town, &format!("/rgpd/{id}"), &form.replace("d%40", "e%40")).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
        assert!(late.text().contains("role=\"alert\"") && late.text().contains("version 2"), "{}", late.text());
        let file = dpo.get(town, &format!("/api/personnes/{id}/dossier")).await;
        let dossier = file.json();
        assert_eq!(dossier["fiche"]["champs"]["courriel"], "d@exemple.invalid");
        assert_eq!(dossier["fiche"]["champs"]["opposition_publication"], true);
        let after = dossier["historique"][0]["apres"].clone();
        assert_eq!(after, json!({"courriel": "d@exemple.invalid", "opposition_publication": true}));
        let actions = |lines: &Value| -> Vec<String> {
            lines.as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(actions(&dossier["actes"]), ["exporter", "changement", "creation"]);
        assert!(actions(&dossier["acces"]).contains(&"lire".to_owned()));
        let csv = dpo.get(town, &format!("/api/personnes/{id}/dossier?format=csv")).await.text();
        assert!(csv.contains("Adresse électronique;d@exemple.invalid"), "{csv}");
        // An agent has neither the purpose nor the right.
        for path in [format!("/rgpd/{id}"), "/rgpd".to_owned(), format!("/api/personnes/{id}/dossier")] {
            assert_eq!(who.get(town, &path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let elsewhere = agent(town, "99102", DPO).await;
        for path in [format!("/rgpd/{id}"), format!("/api/personnes/{id}/dossier")] {
            assert_eq!(elsewhere.get(town, &path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(!elsewhere.get(town, "/rgpd?q=exemple").await.text().contains("cimetiere"));
    });
}

#[test]
fn annotations_live_without_a_map() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let (who, reader) =
            (agent(town, "99101", AGENT).await, agent(town, "99101", Tenu { role: "lecteur", ..AGENT }).await);
        let point = milieu(town, "99101").await;
        let (lon, lat) = (point["coordinates"][0].as_f64().unwrap(), point["coordinates"][1].as_f64().unwrap());
        let place = format!("{lat:.6}+{lon:.6}");
        let refused = who.form(town, "/annotations/nouvelle", &format!("titre=&categorie=note&lieu={place}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        let html = refused.text();
        assert!(
            html.contains("role=\"alert\"") && html.contains("id=\"erreur-titre\"") && html.contains("aria-invalid"),
            "{html}"
        );
        let nowhere = who.form(town, "/annotations/nouvelle", "titre=x&categorie=note&lieu=ici").await;
        assert!(nowhere.text().contains("id=\"erreur-lieu\""), "{}", nowhere.text());
        let typed = format!("titre=%3Cb%3EBanc%3C%2Fb%3E&texte=Un%0D%0Adeux&categorie=projet&lieu={place}");
        let made = who.form(town, "/annotations/nouvelle", &typed).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
        let path = made.header(&header::LOCATION).to_owned();
        let sheet = who.get(town, &path).await.text();
        assert!(sheet.contains("&#60;b&#62;Banc") && sheet.contains("Projet") && sheet.contains("Création"), "{sheet}");
        // What was not changed is not written: the same form gives no new version.
        let same = "version=1&titre=%3Cb%3EBanc%3C%2Fb%3E&texte=Un%0D%0Adeux&categorie=projet";
        assert_eq!(who.form(town, &path, same).await.status, StatusCode::SEE_OTHER);
        let api = format!("/api{path}");
        assert_eq!(who.get(town, &api).await.json()["version"], 1);
        assert_eq!(who.form(town, &path, &same.replace("projet", "travaux")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(who.get(town, &api).await.json()["champs"]["categorie"], "travaux");
        let list = who.get(town, "/annotations?q=banc&categorie=travaux").await.text();
        assert!(list.contains(&path) && list.contains("1 fiche"), "{list}");
        // A reader sees no form, and its form is refused.
        let seen = reader.get(town, &path).await.text();
        assert!(!seen.contains("Archiver") && !seen.contains("<textarea"), "{seen}");
        for form in [path.clone(), format!("{path}/archiver"), "/annotations/nouvelle".to_owned()] {
            assert_eq!(
                reader.form(town, &form, "version=2&titre=x&categorie=note&lieu=45,4").await.status,
                403,
                "{form}"
            );
        }
        let other = agent(town, "99102", AGENT).await;
        assert_eq!(other.get(town, &path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.form(town, &path, same).await.status, StatusCode::NOT_FOUND);
        assert_eq!(who.form(town, &format!("{path}/archiver"), "version=2").await.status, StatusCode::SEE_OTHER);
        assert!(!who.get(town, "/annotations?q=banc").await.text().contains(&path));
        assert_eq!(town.get("/annotations").await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_job_belongs_to_the_account_that_asked() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let (who, other) = (agent(town, "99101", AGENT).await, agent(town, "99101", AGENT).await);
        let id: uuid::Uuid = sqlx::query_scalar(
            "insert into core.travail (id, genre, libelle, demandeur, parametres, depose_par)
             values (gen_random_uuid(), 'essai', 'Essai', 'x', '{}', $1) returning id",
        )
        .bind(who.id)
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        for path in [format!("/api/travaux/{id}"), format!("/travaux/{id}")] {
            assert_eq!(who.get(town, &path).await.status, StatusCode::OK, "{path}");
            assert_eq!(other.get(town, &path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(town.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for path in [format!("/api/travaux/{id}/resultat"), format!("/api/travaux/{id}/evenements")] {
            assert_eq!(town.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(other.get(town, &path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(other.delete(town, &format!("/api/travaux/{id}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.form(town, &format!("/travaux/{id}/annuler"), "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(who.delete(town, &format!("/api/travaux/{id}")).await.json()["etat"], "annule");
    });
}

#[test]
fn a_session_says_what_it_may_do_and_nobody_nothing() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let who = agent(town, "99101", AGENT).await;
        assert_eq!(town.get("/api/session").await.json(), json!({"connecte": false}));
        let session = who.get(town, "/api/session").await.json();
        assert_eq!((&session["connecte"], &session["collectivite"]), (&json!(true), &json!("Valbrume")));
        assert_eq!(
            session["droits"]["annotation"],
            json!(["lire", "creer", "changer", "archiver", "exporter", "imprimer"])
        );
        assert_eq!(session["droits"]["journal"], Value::Null);
    });
}
