//! Files become rows of a module: proposed, tried, launched; rejects, keys, rights, anomalies.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode, header};
use finage::jobs::{Etat, Travail, Workers};
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use crate::agents::{Agent, Tenu, agent, lignes, milieu, monde_trace};
use crate::harness::{Answer, Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };
const SANS_FINALITE: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &[], communes: None };
const ACCUEIL: Tenu<'static> = Tenu { role: "objets_trouves_accueil", finalites: &[], communes: None };
const OBJETS: &str = "/api/modules/objets_trouves/objet";
const CSV: &str = "Désignation;Catégorie;Trouvé le;Valeur;Lieu\r\n\
    Parapluie noir;Parapluie;03/05/2026;12,50;Mairie\r\n\
    Trousseau;cles;3 mai 2026;;\r\n\
    Inconnu;zzz;2026-05-03;;\r\n\
    =Sans date;cles;;;\r\n\
    Sans lieu;cles;2026-05-03;;Nulle part\r\n\
    Disquettes;Disquette;2026-05-03;;\r\n\
    Trésor;valeur;2026-05-03;12345678901;\r\n";

/// A town with the module, and a data directory of its own.
fn on_town<T>(test: impl AsyncFnOnce(&mut Town) -> T) -> T {
    on_empty_town(async |town| {
        let folder = tempfile::tempdir().unwrap();
        folder.path().clone_into(&mut town.config.data_dir);
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        test(town).await
    })
}

async fn deposit(town: &Town, who: &Agent, nom: &str, octets: Vec<u8>) -> Answer {
    let kind = (header::CONTENT_TYPE, "application/octet-stream");
    who.raw(town, Method::POST, &format!("{OBJETS}/imports?nom={nom}"), &[kind], octets).await
}

async fn laid(town: &Town, who: &Agent, nom: &str, octets: impl Into<Vec<u8>>) -> Value {
    let answer = deposit(town, who, nom, octets.into()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

fn place(depose: &Value, verbe: &str) -> String {
    format!("{OBJETS}/imports/{}/{verbe}", depose["id"].as_str().unwrap())
}

async fn tried(town: &Town, who: &Agent, depose: &Value, demande: &Value) -> Value {
    let answer = who.post(town, &place(depose, "essai"), demande).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// Launches an import and carries it out to its end.
async fn launched(town: &Town, who: &Agent, depose: &Value, demande: &Value) -> Travail {
    let id = queued(town, who, depose, demande).await;
    work(town, id, |_| false).await
}

async fn queued(town: &Town, who: &Agent, depose: &Value, demande: &Value) -> Uuid {
    let answer = who.post(town, &place(depose, "lancer"), demande).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().parse().unwrap()
}

/// Carries a job out; cancels it when `cancel` says so of how it stands.
async fn work(town: &Town, id: Uuid, cancel: impl Fn(&Travail) -> bool) -> Travail {
    let app = town.app(town.works());
    let closing = watch::channel(false).0;
    let workers = Workers::start(app.jobs(), town.database.listen_pool().await.unwrap(), &closing.subscribe());
    let travail = loop {
        let travail = app.jobs().travail(id).await.unwrap().unwrap();
        if travail.etat.is_final() {
            break travail;
        }
        if cancel(&travail) {
            app.jobs().cancel(id).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    closing.send_replace(true);
    workers.ended().await;
    travail
}

async fn count(town: &mut Town, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut town.owner).await.unwrap()
}

async fn total(town: &Town, who: &Agent) -> Value {
    who.get(town, OBJETS).await.json()["total"].clone()
}

async fn lieu(town: &mut Town, who: &Agent, libelle: &str) -> Value {
    let body = json!({"champs": {"libelle": libelle}, "insee": "99101"});
    let made = who.post(town, "/api/modules/objets_trouves/lieu", &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    made.json()["id"].clone()
}

#[test]
fn a_file_is_proposed_tried_refused_whole_then_taken_by_lines() {
    on_town(async |town| {
        let agent = agent(town, "99101", AGENT).await;
        let mairie = lieu(town, &agent, "Mairie").await;
        let depose = laid(town, &agent, "depots.csv", CSV).await;
        assert_eq!(depose["feuilles"][0]["colonnes"][2]["genre"], "date", "{depose}");
        let colonnes = json!({"Désignation": "designation", "Catégorie": "categorie", "Trouvé le": "trouve_le",
            "Valeur": "valeur", "Lieu": "lieu"});
        assert_eq!((&depose["correspondance"]["colonnes"], &depose["retenue"]), (&colonnes, &json!(false)));
        let demande = json!({"correspondance": {"colonnes": colonnes, "cles": ["designation"]}});

        let before = (town.fingerprint().await, count(town, "core.historique").await);
        let essai = tried(town, &agent, &depose, &demande).await;
        assert_eq!(
            (&essai["lues"], &essai["creees"], &essai["rejetees"]),
            (&json!(7), &json!(2), &json!(5)),
            "{essai}"
        );
        assert_eq!(essai["rejets"][0]["ligne"], 4, "{essai}");
        assert_eq!(essai["rejets"][0]["colonne"], "Catégorie", "{essai}");
        assert_eq!(essai["rejets"][0]["valeur"], "zzz", "{essai}");
        assert_eq!((town.fingerprint().await, count(town, "core.historique").await), before);
        assert_eq!((count(town, "core.registre").await, count(town, "core.registre_numero").await), (0, 0));

        let all = launched(town, &agent, &depose, &demande).await;
        assert_eq!(all.etat, Etat::Fait, "{all:?}");
        assert!(all.rapport.as_ref().unwrap().resume.starts_with("Rien n'est écrit"), "{all:?}");
        assert_eq!((total(town, &agent).await, count(town, "core.registre").await), (json!(0), 0));
        let rejets = agent.get(town, &format!("/api/travaux/{}/resultat", all.id)).await.text();
        let lues: Vec<&str> = rejets.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lues.len(), 6, "{rejets}");
        assert_eq!(lues[0], "Désignation;Catégorie;Trouvé le;Valeur;Lieu;motif du refus");
        assert!(
            lues[1].starts_with("Inconnu;zzz;2026-05-03;;;Catégorie : ce n'est ni un code ni un libellé"),
            "{rejets}"
        );
        assert!(lues[2].starts_with("\"'=Sans date\";cles;;;;Trouvé le : "), "{rejets}");
        assert!(lues[3].contains("Nulle part") && lues[4].contains("plus valide"), "{rejets}");
        // A number that its column does not hold.
        assert!(lues[5].starts_with("Trésor;") && lues[5].contains("8 chiffres avant la virgule"), "{rejets}");

        let lines = json!({"correspondance": demande["correspondance"], "mode": "ligne_par_ligne"});
        let some = launched(town, &agent, &depose, &lines).await;
        assert_eq!(some.rapport.as_ref().unwrap().resume, "2 fiches créées, 5 lignes refusées", "{some:?}");
        let rows = agent.get(town, &format!("{OBJETS}?sort=numero")).await.json();
        assert_eq!(rows["total"], 2, "{rows}");
        let first = &rows["fiches"][0];
        assert_eq!((&first["champs"]["valeur"], &first["champs"]["lieu"]), (&json!("12.50"), &mairie));
        assert_eq!((&first["champs"]["etat"], &first["champs"]["echeance"]), (&json!("depose"), &json!("2027-05-04")));
        assert!(first["champs"]["numero"].as_str().unwrap().ends_with("-0001"), "{first}");
        assert_eq!(count(town, "core.registre_numero").await, 2);
        let again = agent.post(town, &place(&depose, "lancer"), &lines).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text());
        let shown = agent.get(town, place(&depose, "").trim_end_matches('/')).await.json();
        assert_eq!(shown["bilan"]["creees"], 2, "{shown}");
        let acts = lignes(town, "acte").await;
        assert!(acts.iter().any(|(action, objet, ..)| action == "importer" && objet == "objets_trouves.objet"));
    });
}

#[test]
fn the_same_file_twice_changes_nothing_and_a_key_changes_what_changed() {
    on_town(async |town| {
        let agent = agent(town, "99101", AGENT).await;
        let csv =
            "Désignation;Catégorie;Trouvé le;Description\nParapluie;parapluie;2026-05-03;noir\nClés;cles;2026-05-04;\n";
        let demande = json!({"correspondance": {"colonnes": {"Désignation": "designation", "Catégorie": "categorie",
            "Trouvé le": "trouve_le", "Description": "description"}, "cles": ["designation"]}});
        let depose = laid(town, &agent, "a.csv", csv).await;
        launched(town, &agent, &depose, &demande).await;
        let traces = count(town, "core.historique").await;
        let depose = laid(town, &agent, "b.csv", csv).await;
        // The mapping of the same columns was kept.
        assert_eq!((&depose["retenue"], &depose["correspondance"]["cles"]), (&json!(true), &json!(["designation"])));
        let same = launched(town, &agent, &depose, &json!({})).await;
        assert_eq!(same.rapport.unwrap().resume, "2 inchangées");
        assert_eq!(count(town, "core.historique").await, traces);

        let csv = "Désignation;Description\nParapluie;bleu\nClés;\nParapluie;vert\n";
        let depose = laid(town, &agent, "c.csv", csv).await;
        let demande = json!({"mode": "ligne_par_ligne", "correspondance":
            {"colonnes": {"Désignation": "designation", "Description": "description"}, "cles": ["designation"]}});
        let changed = launched(town, &agent, &depose, &demande).await;
        assert_eq!(changed.rapport.unwrap().resume, "1 changée, 1 inchangée, 1 ligne refusée");
        let rows = agent.get(town, &format!("{OBJETS}?q=parapluie")).await.json();
        let row = &rows["fiches"][0];
        assert_eq!((&row["champs"]["description"], &row["champs"]["categorie"]), (&json!("bleu"), &json!("parapluie")));
        assert_eq!((&row["version"], &rows["total"]), (&json!(2), &json!(1)));
        // Another collectivité has keys of its own.
        let other = crate::agents::agent(town, "99102", AGENT).await;
        let depose =
            laid(town, &other, "a.csv", "Désignation;Catégorie;Trouvé le\nParapluie;parapluie;2026-05-03\n").await;
        let demande = json!({"correspondance": {"colonnes": {"Désignation": "designation", "Catégorie": "categorie",
            "Trouvé le": "trouve_le"}, "cles": ["designation"]}});
        let made = launched(town, &other, &depose, &demande).await;
        assert_eq!(made.rapport.unwrap().resume, "1 fiche créée");
        assert_eq!((total(town, &agent).await, total(town, &other).await), (json!(2), json!(1)));
        // A row that is archived stays so.
        let id = row["id"].as_str().unwrap();
        let gone =
            agent.ask(town, Method::DELETE, &format!("{OBJETS}/{id}"), &[(header::IF_MATCH, "\"2\"")], None).await;
        assert!(gone.status.is_success(), "{}", gone.text());
        let depose =
            laid(town, &agent, "d.csv", "Désignation;Catégorie;Trouvé le\nParapluie;parapluie;2026-05-03\n").await;
        let bilan = tried(town, &agent, &depose, &demande).await;
        assert_eq!((&bilan["archivees"], &bilan["creees"]), (&json!(1), &json!(0)), "{bilan}");
    });
}

#[test]
fn what_is_exported_in_any_format_is_read_back_unchanged() {
    on_town(async |town| {
        let agent = agent(town, "99101", AGENT).await;
        let lieu = lieu(town, &agent, "Mairie").await;
        let champs = json!({"designation": "=Parapluie", "categorie": "parapluie", "trouve_le": "2026-05-03",
            "valeur": "12.50", "lieu": lieu, "description": "noir;\n« grand »"});
        let body = json!({"champs": champs, "geometrie": milieu(town, "99101").await});
        let made = agent.post(town, OBJETS, &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        for format in ["csv", "xlsx", "ods", "gpkg", "geojson"] {
            let file = agent.get(town, &format!("{OBJETS}/export?format={format}")).await;
            assert_eq!(file.status, StatusCode::OK, "{format} {}", file.text());
            let depose = laid(town, &agent, &format!("objets.{format}"), file.bytes).await;
            assert_eq!(depose["format"], format);
            let colonnes = depose["feuilles"][0]["colonnes"].as_array().unwrap();
            let noms: Vec<&str> = colonnes.iter().map(|colonne| colonne["nom"].as_str().unwrap()).collect();
            for nom in ["lieu", "lieu_id", "categorie", "categorie_libelle"] {
                assert!(noms.contains(&nom), "{format} {noms:?}");
            }
            let lieu = colonnes.iter().find(|colonne| colonne["nom"] == "lieu").unwrap();
            assert_eq!(lieu["exemples"], json!(["Mairie"]), "{format}");
            let valeur = colonnes.iter().find(|colonne| colonne["nom"] == "valeur").unwrap();
            assert_eq!(valeur["genre"], "decimal", "{format} {valeur}");
            let bilan = tried(town, &agent, &depose, &json!({})).await;
            assert_eq!((&bilan["creees"], &bilan["rejetees"]), (&json!(0), &json!(0)), "{format} {bilan}");
            // Degrees of GeoJSON are rounded.
            let same = format == "geojson" || bilan["inchangees"] == 1;
            assert!(same, "{format} {bilan} {depose}");
        }
    });
}

#[test]
fn rights_hold_and_nobody_imports_the_file_of_another() {
    on_town(async |town| {
        let agent_ = agent(town, "99101", AGENT).await;
        let accueil = agent(town, "99101", ACCUEIL).await;
        let colleague = agent(town, "99101", SANS_FINALITE).await;
        let other = agent(town, "99102", AGENT).await;
        let csv = "Désignation;Catégorie;Trouvé le;Inventeur\nClés;cles;2026-05-03;Mme Ourche\n";
        assert_eq!(deposit(town, &accueil, "a.csv", csv.into()).await.status, StatusCode::FORBIDDEN);
        let depose = laid(town, &agent_, "a.csv", csv).await;
        for stranger in [&colleague, &other] {
            for verbe in ["essai", "lancer"] {
                let answer = stranger.post(town, &place(&depose, verbe), &json!({})).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{verbe} {}", answer.text());
            }
        }
        assert_eq!(accueil.post(town, &place(&depose, "essai"), &json!({})).await.status, StatusCode::FORBIDDEN);
        // A personal field takes the purpose for which it is held.
        let theirs = laid(town, &colleague, "a.csv", csv).await;
        let refused =
            colleague.post(town, &format!("{}?finalite=restitution", place(&theirs, "essai")), &json!({})).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
        assert!(refused.text().contains("restitution"), "{}", refused.text());
        // The same words as of a row made by hand, where no purpose is said.
        let champs =
            json!({"designation": "Clés", "categorie": "cles", "trouve_le": "2026-05-03", "inventeur": "Mme Ourche"});
        let by_hand = agent_.post(town, OBJETS, &json!({"champs": champs})).await;
        for verbe in ["essai", "lancer"] {
            let refused = agent_.post(town, &place(&depose, verbe), &json!({})).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{verbe} {}", refused.text());
            assert_eq!(refused.json()["detail"], by_hand.json()["detail"]);
            assert!(refused.text().contains("dites la finalité"), "{}", refused.text());
            let wrong = agent_.post(town, &format!("{}?finalite=autre", place(&depose, verbe)), &json!({})).await;
            assert_eq!(wrong.status, StatusCode::FORBIDDEN, "{verbe} {}", wrong.text());
        }
        let tried = agent_.post(town, &format!("{}?finalite=restitution", place(&depose, "essai")), &json!({})).await;
        assert_eq!((tried.status, &tried.json()["creees"]), (StatusCode::OK, &json!(1)), "{}", tried.text());
        assert!(lignes(town, "acces").await.iter().all(|(action, ..)| action != "importer"), "a trial writes nothing");
        let made = launched(town, &agent_, &depose, &json!({"finalite": "restitution"})).await;
        assert_eq!(made.rapport.unwrap().resume, "1 fiche créée");
        let journal = lignes(town, "acces").await;
        let written = journal.iter().find(|(action, ..)| action == "importer").unwrap();
        assert_eq!((written.1.as_str(), written.3.as_deref()), ("objets_trouves.objet", Some("restitution")));
        assert_eq!(written.4["creees"], 1);
        // A job deposited beside does nothing that its depositor did not ask.
        let body = json!({"genre": "import", "parametres": {"import": theirs["id"], "collectivite": 1}});
        let beside = agent_.post(town, "/api/travaux", &body).await;
        assert_eq!(beside.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", beside.text());
        // A state, a computed field, a column that is not there.
        for (colonne, champ) in [("Désignation", "etat"), ("Désignation", "echeance"), ("Absente", "designation")] {
            let demande = json!({"correspondance": {"colonnes": {colonne: champ}}});
            let refused = agent_.post(town, &place(&depose, "essai"), &demande).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{champ} {}", refused.text());
        }
        let hostile = deposit(town, &agent_, "a.csv", b"PK\x03\x04 rien".to_vec()).await;
        assert_eq!(hostile.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", hostile.text());
    });
}

#[test]
fn rights_are_those_of_the_moment_when_the_job_is_done() {
    on_town(async |town| {
        let agent = agent(town, "99101", AGENT).await;
        let depose = laid(town, &agent, "a.csv", "Désignation;Catégorie;Trouvé le\nClés;cles;2026-05-03\n").await;
        let id = queued(town, &agent, &depose, &json!({})).await;
        sqlx::query("delete from acces.attribution where utilisateur = $1")
            .bind(agent.id)
            .execute(&mut town.owner)
            .await
            .unwrap();
        let travail = work(town, id, |_| false).await;
        assert_eq!(travail.etat, Etat::Echec, "{travail:?}");
        assert_eq!(count(town, "objets_trouves.objet").await, 0);
    });
}

#[test]
fn history_is_taken_over_and_its_breaches_are_listed() {
    on_town(async |town| {
        let agent = agent(town, "99101", AGENT).await;
        let annee: i32 = sqlx::query_scalar("select extract(year from core.jour(''))::integer")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let csv = format!(
            "N°;Objet;Cat;Etat;Date\n{annee}-0451;Parapluie;disquette;rendu;2004-05-03\nA12;Clés;autre;perdu;2003-01-01\n\
            {annee}-0451;Double;cles;depose;2003-01-01\n;Sans numéro;cles;;2003-01-01\n;Sans date;cles;;\n"
        );
        let colonnes =
            json!({"N°": "numero", "Objet": "designation", "Cat": "categorie", "Etat": "etat", "Date": "trouve_le"});
        let correspondance = json!({"colonnes": colonnes, "cles": ["designation"]});
        let demande = json!({"correspondance": correspondance, "reprise": true, "mode": "ligne_par_ligne"});
        let depose = laid(town, &agent, "reprise.csv", csv).await;
        let done = launched(town, &agent, &depose, &demande).await;
        let rapport = done.rapport.unwrap();
        // What the database cannot hold is refused: no date, a number that is taken.
        assert_eq!(rapport.resume, "3 fiches créées, 2 lignes refusées, 4 anomalies à lever", "{rapport:?}");
        let rows = agent.get(town, &format!("{OBJETS}?sort=designation")).await.json();
        let seen: Vec<(&Value, &Value)> = rows["fiches"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (&row["champs"]["numero"], &row["champs"]["etat"]))
            .collect();
        let next = |rank: i32| json!(format!("{annee}-{rank:04}"));
        assert_eq!(
            seen,
            [(&json!("A12"), &json!("perdu")), (&next(451), &json!("rendu")), (&next(452), &json!("depose"))],
            "{rows}"
        );
        let anomalies = agent.get(town, &format!("{OBJETS}/anomalies")).await.json();
        let mut found: Vec<(String, String)> = anomalies["anomalies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["titre"].as_str().unwrap().to_owned(), one["champ"].as_str().unwrap().to_owned()))
            .collect();
        found.sort();
        let parapluie = format!("{annee}-0451 Parapluie");
        let expected =
            [(&*parapluie, "categorie"), ("A12 Clés", "categorie"), ("A12 Clés", "etat"), ("A12 Clés", "numero")];
        assert_eq!(found, expected.map(|(titre, champ)| (titre.to_owned(), champ.to_owned())), "{anomalies}");
        let other = crate::agents::agent(town, "99102", AGENT).await;
        assert_eq!(other.get(town, &format!("{OBJETS}/anomalies")).await.json()["total"], 0);
        let corrected = laid(town, &agent, "suite.csv", "Objet;Cat\nClés;cles\n").await;
        let demande = json!({"reprise": true, "correspondance":
            {"colonnes": {"Objet": "designation", "Cat": "categorie"}, "cles": ["designation"]}});
        launched(town, &agent, &corrected, &demande).await;
        assert_eq!(agent.get(town, &format!("{OBJETS}/anomalies")).await.json()["total"], 3);
        assert_eq!(agent.get(town, &format!("{OBJETS}/anomalies?levees=true")).await.json()["total"], 1);
        // Without « reprise », a state is not for imports, and an unknown number is not given.
        let depose = laid(town, &agent, "n.csv", "N°;Objet;Cat;Date\n2001-0001;Neuf;cles;2026-01-01\n").await;
        let colonnes = json!({"N°": "numero", "Objet": "designation", "Cat": "categorie", "Date": "trouve_le"});
        let bilan = tried(town, &agent, &depose, &json!({"correspondance": {"colonnes": colonnes}})).await;
        assert_eq!((&bilan["creees"], &bilan["rejetees"]), (&json!(0), &json!(1)), "{bilan}");
    });
}

#[test]
fn a_breach_ends_with_the_row_that_is_corrected_or_with_a_note() {
    on_town(async |town| {
        let agent = agent(town, "99101", AGENT).await;
        let csv = "N°;Objet;Cat;Etat;Date\nA12;Clés;autre;depose;2003-01-01\nB7;Parapluie;disquette;rendu;2004-05-03\n";
        let depose = laid(town, &agent, "reprise.csv", csv).await;
        let colonnes =
            json!({"N°": "numero", "Objet": "designation", "Cat": "categorie", "Etat": "etat", "Date": "trouve_le"});
        launched(town, &agent, &depose, &json!({"correspondance": {"colonnes": colonnes}, "reprise": true})).await;
        let places = format!("{OBJETS}/anomalies");
        let lasting = agent.get(town, &places).await.json();
        assert_eq!(lasting["total"], 4, "{lasting}");
        let of = |titre: &str, champ: &str| {
            let all = lasting["anomalies"].as_array().unwrap().iter();
            all.clone().find(|one| one["titre"] == titre && one["champ"] == champ).unwrap().clone()
        };
        let (categorie, numero, rendue) =
            (of("A12 Clés", "categorie"), of("A12 Clés", "numero"), of("B7 Parapluie", "categorie"));
        let cle = categorie["cle"].as_str().unwrap();

        // A change of another field leaves the breach; the one that mends it ends it, and no other.
        let row = format!("{OBJETS}/{cle}");
        let changed = agent.patch(town, &row, "\"1\"", &json!({"champs": {"designation": "Clés rouges"}})).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
        assert_eq!(agent.get(town, &format!("{places}?cle={cle}")).await.json()["total"], 2);
        let version = changed.header(&header::ETAG);
        let changed = agent.patch(town, &row, version, &json!({"champs": {"categorie": "cles"}})).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
        let rest = agent.get(town, &format!("{places}?cle={cle}")).await.json();
        assert_eq!((&rest["total"], &rest["anomalies"][0]["id"]), (&json!(1), &numero["id"]), "{rest}");
        let ended = agent.get(town, &format!("{places}?cle={cle}&levees=true")).await.json()["anomalies"][0].clone();
        assert_eq!((&ended["id"], &ended["note"]), (&categorie["id"], &Value::Null), "{ended}");
        assert_eq!(ended["levee_par"], format!("{}@exemple.invalid", agent.id));

        // By hand: who may change the row, with a reason, once; a row locked in its state too.
        let settle = |one: &Value| format!("{places}/{}/lever", one["id"].as_str().unwrap());
        let note = json!({"note": " Numéro du registre papier "});
        let accueil = crate::agents::agent(town, "99101", ACCUEIL).await;
        let other = crate::agents::agent(town, "99102", AGENT).await;
        for (who, corps, status) in [
            (&accueil, &note, StatusCode::FORBIDDEN),
            (&other, &note, StatusCode::NOT_FOUND),
            (&agent, &json!({"note": "  "}), StatusCode::BAD_REQUEST),
            (&agent, &json!({"note": "x".repeat(2_001)}), StatusCode::BAD_REQUEST),
            (&agent, &note, StatusCode::OK),
            (&agent, &note, StatusCode::CONFLICT),
        ] {
            let answer = who.post(town, &settle(&numero), corps).await;
            assert_eq!(answer.status, status, "{corps} {}", answer.text());
        }
        let locked = agent.post(town, &settle(&rendue), &note).await.json();
        assert_eq!(locked["note"], "Numéro du registre papier", "{locked}");
        let unknown = agent.post(town, &format!("{places}/{}/lever", Uuid::nil()), &note).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert_eq!(agent.get(town, &places).await.json()["total"], 1);
        let acts = lignes(town, "acte").await;
        let acts: Vec<_> = acts.iter().filter(|act| act.0 == "lever_anomalie").collect();
        assert_eq!((acts.len(), acts[0].2.as_deref()), (2, Some(cle)));
        assert_eq!((&acts[0].4["champ"], &acts[0].4["note"]), (&json!("numero"), &json!("Numéro du registre papier")));
    });
}

#[test]
fn a_mapping_of_the_module_reads_crosswalks_and_coordinates() {
    on_town(async |town| {
        let agent = agent(town, "99101", AGENT).await;
        let csv = "OBJET;CAT;DATE;X;Y\nParapluie;05;03/05/2026;842000,5;6520000\nAilleurs;01;03/05/2026;2;\nLoin;01;03/05/2026;9e12;1\n";
        let depose = laid(town, &agent, "ancien.csv", csv).await;
        assert_eq!(depose["correspondances"], json!([{"id": "ancien", "libelle": "Ancien registre"}]));
        let demande = json!({"nom": "ancien", "mode": "ligne_par_ligne"});
        let done = launched(town, &agent, &depose, &demande).await;
        assert_eq!(done.rapport.as_ref().unwrap().resume, "1 fiche créée, 2 lignes refusées", "{done:?}");
        let row = agent.get(town, &format!("{OBJETS}?fields=categorie,geometrie")).await.json()["fiches"][0].clone();
        assert_eq!((&row["champs"]["categorie"], &row["insee"]), (&json!("parapluie"), &json!("99101")), "{row}");
        let ailleurs = json!({"correspondance": {"colonnes": {"OBJET": "designation"}}, "nom": "absent"});
        assert_eq!(agent.post(town, &place(&depose, "lancer"), &ailleurs).await.status, StatusCode::CONFLICT);
    });
}

fn large(rows: usize) -> String {
    (0..rows).fold("Désignation;Catégorie;Trouvé le;Valeur\n".to_owned(), |csv, row| {
        csv + &format!("Objet {row};Clés;03/05/2026;{row},50\n")
    })
}

#[test]
fn a_cancelled_import_changes_nothing() {
    on_town(async |town| {
        let agent = agent(town, "99101", AGENT).await;
        let depose = laid(town, &agent, "grand.csv", large(10_000)).await;
        let id = queued(town, &agent, &depose, &json!({"mode": "ligne_par_ligne"})).await;
        let travail = work(town, id, |travail| travail.fait > 0).await;
        assert_eq!(travail.etat, Etat::Annule, "{travail:?}");
        assert_eq!(count(town, "objets_trouves.objet").await, 0);
        assert_eq!((count(town, "core.registre").await, count(town, "core.correspondance").await), (0, 0));
    });
}

#[test]
fn ten_thousand_rows_are_written_with_history_and_journal() {
    on_town(async |town| {
        let agent = agent(town, "99101", AGENT).await;
        let demande = json!({"correspondance": {"colonnes": {"Désignation": "designation", "Catégorie": "categorie",
            "Trouvé le": "trouve_le", "Valeur": "valeur"}, "cles": ["designation"]}});
        for expected in ["10000 fiches créées", "10000 inchangées"] {
            let depose = laid(town, &agent, "grand.csv", large(10_000)).await;
            let id = queued(town, &agent, &depose, &demande).await;
            let start = Instant::now();
            let travail = work(town, id, |_| false).await;
            println!("{expected}: {:.1} s", start.elapsed().as_secs_f64());
            assert_eq!(travail.rapport.as_ref().unwrap().resume, expected, "{travail:?}");
        }
        let last: String = sqlx::query_scalar("select max(numero) from objets_trouves.objet")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert!(last.ends_with("-9999"), "{last}");
        let traces: i64 =
            sqlx::query_scalar("select count(*) from core.historique where objet = 'objets_trouves.objet'")
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
        assert_eq!(traces, 10_000);
    });
}
