//! Letters of a module: what they say, to whom, in whose words, one by one and in a job.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use finage::db::{Canal, CollectiviteId, Pools};
use finage::fichiers::Depot;
use finage::http::App;
use finage::jobs::{Registry, Workers};
use finage::modules::documents::{Atelier, Publipostage, controle, produire_et_joindre};
use finage::modules::installation::verifie;
use finage::modules::registry::Vivant;
use finage::modules::sources;
use finage_manifest::{Folder, Module};
use lopdf::Document;
use serde_json::{Value, json};

use crate::agents::{Agent, Tenu, agent, lignes, milieu, monde_trace};
use crate::harness::{Answer, Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };
const SANS_FINALITE: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &[], communes: None };
const ACCUEIL: Tenu<'static> = Tenu { role: "objets_trouves_accueil", finalites: &[], communes: None };
const GESTIONNAIRE: Tenu<'static> = Tenu { role: "gestionnaire", finalites: &[], communes: None };
const OBJETS: &str = "/api/modules/objets_trouves/objet";
const RECLAMATIONS: &str = "/api/modules/objets_trouves/reclamation";
const GABARIT: &str = "/api/modules/objets_trouves/objet/gabarits/recepisse";
/// A name that would be code, were it read as such.
const HOSTILE: &str = "Sac #panic(\"x\") *gras* [ $ \\ é";

async fn installe(town: &mut Town) {
    monde_trace(town).await;
    town.installe("objets_trouves").await;
}

async fn depose(town: &mut Town, who: &Agent, designation: &str) -> String {
    let point = milieu(town, "99101").await;
    let champs = json!({
        "designation": designation, "categorie": "parapluie", "trouve_le": "2026-05-01", "valeur": "1234.5",
        "inventeur": "Zoé Trouvetout",
    });
    let demande = json!({ "champs": champs, "geometrie": point });
    let answer = who.post(town, &format!("{OBJETS}?finalite=restitution"), &demande).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// Text of a PDF, words apart by one space; nothing where no program reads it on this machine.
pub fn texte(pdf: &[u8]) -> Option<String> {
    let lancee =
        Command::new("pdftotext").args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut lancee = match lancee {
        Ok(lancee) => lancee,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("SKIPPED: pdftotext is not installed (script/setup --tests)");
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    let mut entree = lancee.stdin.take().unwrap();
    let octets = pdf.to_vec();
    let ecrit = std::thread::spawn(move || entree.write_all(&octets));
    let lu = lancee.wait_with_output().unwrap();
    ecrit.join().unwrap().unwrap();
    let texte = String::from_utf8_lossy(&lu.stdout).into_owned();
    Some(
        texte
            .split([' ', '\n', '\u{c}', '\u{a0}', '\u{202f}'])
            .filter(|mot| !mot.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
    )
}

fn pages(pdf: &[u8]) -> usize {
    Document::load_mem(pdf).unwrap().get_pages().len()
}

fn assure(answer: &Answer, dits: &[&str], tus: &[&str]) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header(&header::CONTENT_TYPE), "application/pdf");
    assert_eq!(pages(&answer.bytes), 1);
    let Some(texte) = texte(&answer.bytes) else { return };
    for dit in dits {
        assert!(texte.contains(dit), "« {dit} » is not in {texte}");
    }
    for tu in tus {
        assert!(!texte.contains(tu), "« {tu} » is in {texte}");
    }
}

#[test]
fn a_letter_says_what_the_row_and_its_queries_say() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        let id = depose(town, &agent_, HOSTILE).await;
        for (jour, motif) in [("2026-05-04", "perdu au #marché"), ("2026-05-02", "] #donnees.agent [")] {
            let champs = json!({ "champs": { "objet": id, "recue_le": jour, "motif": motif } });
            let answer = agent_.post(town, RECLAMATIONS, &champs).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        }
        let letter = agent_.get(town, &format!("{OBJETS}/{id}/documents/recepisse")).await;
        let dits = [
            HOSTILE,
            "Parapluie",
            "1er mai 2026",
            "1 234,50 €",
            "de 2 réclamations",
            "02/05/2026 ] #donnees.agent [",
            "04/05/2026 perdu au #marché",
        ];
        assure(&letter, &dits, &["Zoé Trouvetout"]);
        assert!(letter.header(&header::CONTENT_DISPOSITION).contains(".pdf"));
        let actes = lignes(town, "acte").await;
        let acte = actes.iter().find(|(action, ..)| action == "imprimer").unwrap();
        assert_eq!((acte.2.as_deref(), &acte.4), (Some(id.as_str()), &json!({ "document": "recepisse" })));
        let absent = agent_.get(town, &format!("{OBJETS}/{id}/documents/absent")).await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn what_is_closed_to_the_reader_is_empty_in_the_letter() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        let id = depose(town, &agent_, "Parapluie noir").await;
        let place = format!("{OBJETS}/{id}/documents/recepisse");
        let accueil = agent(town, "99101", ACCUEIL).await;
        assure(&accueil.get(town, &place).await, &["Parapluie noir", "1er mai 2026"], &["1 234,50", "Zoé"]);
        // A query over what one may not read makes no letter at all.
        let retire = "delete from acces.droit where objet = 'objets_trouves.reclamation' and role = (select id from acces.role where code = 'objets_trouves_accueil')";
        sqlx::raw_sql(retire).execute(&mut town.owner).await.unwrap();
        let prive = agent(town, "99101", ACCUEIL).await;
        assert_eq!(prive.get(town, &place).await.status, StatusCode::FORBIDDEN);
        // Another collectivité's row does not exist; a right to print elsewhere gives nothing here.
        let autre = agent(town, "99102", AGENT).await;
        assert_eq!(autre.get(town, &place).await.status, StatusCode::NOT_FOUND);
        let gestionnaire = agent(town, "99101", GESTIONNAIRE).await;
        assert_eq!(gestionnaire.get(town, &place).await.status, StatusCode::FORBIDDEN);
        assert_eq!(town.get(&place).await.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn personal_fields_are_printed_for_their_purpose_and_the_look_is_kept() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        let id = depose(town, &agent_, "Parapluie noir").await;
        let place = format!("{OBJETS}/{id}/documents/remerciement");
        let tot = agent_.get(town, &format!("{place}?finalite=restitution")).await;
        assert_eq!(tot.status, StatusCode::CONFLICT, "{}", tot.text());
        let rendu = "update objets_trouves.objet set etat = 'rendu', rendu_le = '2026-06-01'";
        sqlx::raw_sql(rendu).execute(&mut town.owner).await.unwrap();
        let sans = agent_.get(town, &place).await;
        assert_eq!(sans.status, StatusCode::BAD_REQUEST);
        assert!(sans.json()["detail"].as_str().unwrap().contains("restitution"), "{}", sans.text());
        let autre = agent_.get(town, &format!("{place}?finalite=urbanisme")).await;
        assert_eq!(autre.status, StatusCode::BAD_REQUEST);
        let avant = lignes(town, "acces").await.len();
        let letter = agent_.get(town, &format!("{place}?finalite=restitution")).await;
        assure(&letter, &["Zoé Trouvetout", "1er juin 2026"], &[]);
        let acces = lignes(town, "acces").await;
        assert!(acces.len() > avant, "{acces:?}");
        assert_eq!(acces.last().unwrap().3.as_deref(), Some("restitution"));
        let prive = agent(town, "99101", SANS_FINALITE).await;
        let refuse = prive.get(town, &format!("{place}?finalite=restitution")).await;
        assert_eq!(refuse.status, StatusCode::FORBIDDEN);
    });
}

async fn ecrit(town: &Town, who: &Agent, texte: &str, version: &str) -> Answer {
    let headers = [(header::IF_MATCH, version)];
    who.ask(town, Method::PUT, GABARIT, &headers, Some(&json!({ "texte": texte }))).await
}

#[test]
fn a_town_writes_its_own_letter_and_goes_back() {
    on_empty_town(async |town| {
        installe(town).await;
        let (agent_, gestionnaire) = (agent(town, "99101", AGENT).await, agent(town, "99101", GESTIONNAIRE).await);
        let id = depose(town, &agent_, "Parapluie noir").await;
        let place = format!("{OBJETS}/{id}/documents/recepisse");
        assert_eq!(agent_.get(town, GABARIT).await.status, StatusCode::FORBIDDEN);
        let vu = gestionnaire.get(town, GABARIT).await.json();
        assert_eq!((&vu["surcharge"], &vu["version"], &vu["ecart"]), (&json!(false), &json!(0), &json!([])));
        assert_eq!(vu["texte"], vu["du_module"]);

        for (faux, place) in [
            ("Bonjour\n#let x = (1,", "ligne 2"),
            ("Bonjour\n\n#donnees.fiche.inconnu", "ligne 3"),
            ("#read(\"/etc/passwd\")", "ligne 1"),
            ("#import \"finage.typ\": *\n#date_longue(donnees.titre)", "ligne 2"),
        ] {
            let refus = ecrit(town, &gestionnaire, faux, "0").await;
            assert_eq!(refus.status, StatusCode::UNPROCESSABLE_ENTITY, "{faux}: {}", refus.text());
            assert!(refus.json()["champs"][0]["message"].as_str().unwrap().contains(place), "{}", refus.text());
        }
        assert_eq!(ecrit(town, &agent_, "Bonjour", "0").await.status, StatusCode::FORBIDDEN);

        let texte = vu["texte"].as_str().unwrap().replace("récépissé de restitution", "REÇU DE LA VILLE");
        let ecrite = ecrit(town, &gestionnaire, &texte, "0").await;
        assert_eq!(ecrite.status, StatusCode::OK, "{}", ecrite.text());
        let ecrite = ecrite.json();
        let sens =
            |voulu: &str| ecrite["ecart"].as_array().unwrap().iter().filter(|ligne| ligne["sens"] == voulu).count();
        assert_eq!((sens("retiree"), sens("ajoutee"), &ecrite["module_change"]), (1, 1, &json!(false)));
        assure(&agent_.get(town, &place).await, &["REÇU DE LA VILLE"], &["récépissé de restitution"]);
        assert_eq!(ecrit(town, &gestionnaire, &texte, "0").await.status, StatusCode::PRECONDITION_FAILED);
        // Its neighbour keeps the module's.
        let voisin = agent(town, "99102", GESTIONNAIRE).await;
        assert_eq!(voisin.get(town, GABARIT).await.json()["surcharge"], false);

        let ailleurs = "update core.gabarit set origine = repeat('0', 64)";
        sqlx::raw_sql(ailleurs).execute(&mut town.owner).await.unwrap();
        assert_eq!(gestionnaire.get(town, GABARIT).await.json()["module_change"], true);

        assert_eq!(gestionnaire.delete(town, GABARIT).await.status, StatusCode::NO_CONTENT);
        assert_eq!(gestionnaire.delete(town, GABARIT).await.status, StatusCode::CONFLICT);
        assure(&agent_.get(town, &place).await, &["récépissé de restitution"], &["REÇU DE LA VILLE"]);
    });
}

/// A server whose works know the modules installed.
fn serveur(town: &Town) -> App {
    let modules = Vivant::default();
    modules.pose(town.modules.clone());
    let Town { config, pools, .. } = town;
    let pools: &Pools = pools;
    let works = Registry::default().with(Publipostage::new(config, pools, modules.clone()));
    App::with_modules(config.clone(), pools.clone(), works, modules)
}

/// The job, once it ended, and its file.
async fn acheve(town: &Town, app: &App, job: &Value) -> (Value, Vec<u8>) {
    let workers = Workers::start(app.jobs(), town.database.listen_pool().await.unwrap(), &app.closing());
    let id = job["id"].as_str().unwrap().parse().unwrap();
    let travail = loop {
        let travail = app.jobs().travail(id).await.unwrap().unwrap();
        if travail.etat.is_final() {
            break travail;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let mut file = Vec::new();
    for entry in app.jobs().entries(id).await.unwrap() {
        let mut sent = 0;
        while sent < entry.octets {
            let slice = app.jobs().slice(id, entry.rang, sent).await.unwrap();
            sent += i64::try_from(slice.len()).unwrap();
            file.extend(slice);
        }
    }
    app.close();
    workers.ended().await;
    (serde_json::to_value(travail).unwrap(), file)
}

async fn lot(town: &Town, who: &Agent, document: &str, demande: &Value) -> (Value, Vec<u8>) {
    let app = serveur(town);
    let answer = who.ask_of(&app, Method::POST, &format!("{OBJETS}/documents/{document}"), Some(demande)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    let location = answer.header(&header::LOCATION).to_owned();
    let (travail, file) = acheve(town, &app, &answer.json()).await;
    assert_eq!(location, format!("/api/travaux/{}", travail["id"].as_str().unwrap()));
    (travail, file)
}

#[test]
fn a_job_makes_a_letter_for_each_row_that_its_depositor_may_print() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        let mut ids = Vec::new();
        for rang in 0..3 {
            ids.push(depose(town, &agent_, &format!("Objet numéro {rang}")).await);
        }
        let (travail, pdf) = lot(town, &agent_, "recepisse", &json!({ "q": "numéro" })).await;
        assert_eq!(travail["etat"], "fait", "{travail}");
        assert_eq!((&travail["fait"], pages(&pdf)), (&json!(3), 3));
        assert_eq!(travail["rapport"]["resume"], "3 documents faits");
        if let Some(texte) = texte(&pdf) {
            assert!((0..3).all(|rang| texte.contains(&format!("Objet numéro {rang}"))), "{texte}");
        }

        // A row that is not there is answered, and costs the others nothing.
        ids.push("00000000-0000-4000-8000-000000000000".to_owned());
        let (travail, pdf) = lot(town, &agent_, "recepisse", &json!({ "ids": ids })).await;
        assert_eq!((pages(&pdf), &travail["rapport"]["lignes"][3]["etat"]), (3, &json!("refusee")));
        assert_eq!(travail["rapport"]["resume"], "3 documents faits, 1 fiche refusée");

        let (travail, zip) = lot(town, &agent_, "recepisse", &json!({ "ids": ids, "en_un_fichier": false })).await;
        assert_eq!(travail["resultat"]["type"], "application/zip", "{travail}");
        assert!(zip.windows(5).filter(|octets| octets == b"%PDF-").count() >= 3);

        let (travail, planche) = lot(town, &agent_, "etiquettes", &json!({ "debut": 23 })).await;
        assert_eq!(travail["rapport"]["resume"], "3 documents faits", "each row is answered once: {travail}");
        assert_eq!(travail["rapport"]["lignes"].as_array().map(Vec::len), Some(3), "{travail}");
        assert_eq!(pages(&planche), 2, "two labels are left on the first sheet");
        if let Some(texte) = texte(&planche) {
            assert!(texte.contains("Objet numéro 0") && texte.contains("Parapluie"), "{texte}");
        }

        let par_fiche = agent_.post(town, &format!("{OBJETS}/documents/remerciement?"), &json!({})).await;
        assert_eq!(par_fiche.status, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn a_job_has_the_rights_that_its_depositor_has_when_it_runs() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        let id = depose(town, &agent_, "Parapluie noir").await;
        let autre = agent(town, "99102", AGENT).await;
        let (travail, pdf) = lot(town, &autre, "recepisse", &json!({ "ids": [id] })).await;
        assert_eq!((&travail["rapport"]["lignes"][0]["etat"], pdf.len()), (&json!("refusee"), 0));
        assert!(!travail.to_string().contains("Parapluie"), "{travail}");

        // Deposited by nobody, or by an account that names another's collectivité: nothing is made.
        let collectivite: i32 = sqlx::query_scalar("select id from acces.collectivite where code = '99101'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let parametres = json!({ "module": "objets_trouves", "objet": "objet", "document": "recepisse",
            "collectivite": collectivite, "ids": [id], "en_un_fichier": true });
        for compte in [None, Some(autre.id)] {
            let app = serveur(town);
            let job = app.jobs().deposit_for("publipostage", parametres.clone(), "192.0.2.1", compte).await.unwrap();
            let (travail, pdf) = acheve(town, &app, &serde_json::to_value(job).unwrap()).await;
            assert_eq!((&travail["etat"], pdf.len()), (&json!("echec"), 0), "{travail}");
        }

        // The role ends between the deposit and the work.
        let app = serveur(town);
        let answer = agent_
            .ask_of(&app, Method::POST, &format!("{OBJETS}/documents/recepisse"), Some(&json!({ "ids": [id] })))
            .await;
        sqlx::query("delete from acces.attribution where utilisateur = $1")
            .bind(agent_.id)
            .execute(&mut town.owner)
            .await
            .unwrap();
        let (travail, _) = acheve(town, &app, &answer.json()).await;
        assert_eq!(travail["etat"], "echec", "{travail}");
    });
}

#[test]
fn a_step_lays_its_document_among_the_files_of_the_row_or_nothing() {
    on_empty_town(async |town| {
        installe(town).await;
        let donnees = tempfile::tempdir().unwrap();
        donnees.path().clone_into(&mut town.config.data_dir);
        let agent_ = agent(town, "99101", AGENT).await;
        let id = depose(town, &agent_, "Parapluie noir").await;
        let collectivite: i32 = sqlx::query_scalar("select id from acces.collectivite where code = '99101'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let app = serveur(town);
        let qui = app.acces().agissant(agent_.id, CollectiviteId(collectivite)).await.unwrap().unwrap();
        let (module, objet) = town.modules.objet("objets_trouves", "objet").unwrap();
        let portail = &town.config.portail;
        let atelier = Atelier { registry: &town.modules, module, objet, qui: &qui, portail, finalite: None };
        let document = atelier.document("recepisse").unwrap();
        let regard = atelier.regard(&document).unwrap();
        let depot = Depot::new(donnees.path());
        let acteur = qui.acteur(Canal::Api).unwrap();
        for garde in [false, true] {
            let mut tx = town.pools.collectivites.begin(&acteur).await.unwrap();
            // The step that makes it has locked the row by then.
            sqlx::raw_sql("set local finage.verrou = 'ouvert'; update objets_trouves.objet set etat = 'rendu'")
                .execute(&mut *tx)
                .await
                .unwrap();
            produire_et_joindre(&atelier, &mut tx, &regard, id.parse().unwrap(), &document, &depot).await.unwrap();
            if garde {
                tx.commit().await.unwrap();
            }
            let files = agent_.get(town, &format!("{OBJETS}/{id}/fichiers")).await.json();
            assert_eq!(files.as_array().unwrap().len(), usize::from(garde), "{files}");
            if garde {
                assert_eq!(files[0]["type"], "application/pdf");
                let nom = files[0]["nom"].as_str().unwrap();
                assert!(nom.starts_with("Récépissé de restitution ") && nom.ends_with(" Parapluie noir.pdf"), "{nom}");
                let read = agent_.get(town, &format!("/api/fichiers/{}", files[0]["id"].as_str().unwrap())).await;
                assure(&read, &["Parapluie noir"], &[]);
            }
        }
    });
}

#[test]
fn a_wrong_template_is_told_with_its_line_before_its_module_is_installed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/modules/objets_trouves");
    let bon = sources::lu(&folder).unwrap();
    assert_eq!(controle(&bon), []);
    let files = bon.folder.iter().map(|(path, bytes)| {
        let bytes = if path == "documents/recepisse.typ" { b"Bonjour\n#let x = (".to_vec() } else { bytes.to_vec() };
        (path.to_owned(), bytes)
    });
    let faux = Module::read(Folder::new(files.collect()).unwrap()).unwrap();
    let fautes = controle(&faux);
    assert_eq!((fautes[0].file.as_str(), fautes[0].line), ("documents/recepisse.typ", Some(2)), "{fautes:?}");
}

#[test]
fn a_query_that_the_database_does_not_take_is_told_before_its_module_is_installed() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/modules/objets_trouves");
        let bon = sources::lu(&folder).unwrap();
        let mut admin = town.database.admin().await.unwrap();
        finage::db::prepare(&mut admin).await.unwrap();
        verifie(&mut town.owner, &bon).await.unwrap_or_else(|error| panic!("{error}"));
        for (requete, dit) in [
            ("-- result n: text\nselect r.absente as n from {{reclamation}} r", "absente"),
            ("-- result n: date\nselect r.motif > 3 as n from {{reclamation}} r", "la base refuse"),
            ("-- result n: text\nselect 'a' as autre from {{reclamation}} r", "la base refuse"),
            ("-- result n: text\nselect nom as n from acces.utilisateur", "ne nomme que"),
            ("-- result n: text\nselect r.titre as n from {{absent}} r", "n'est pas un objet"),
            ("-- param numero: date\n-- result n: text\nselect :numero::text as n", "paramètre"),
        ] {
            let files = bon.folder.iter().map(|(path, bytes)| {
                let bytes = if path.ends_with("reclamations.sql") { requete.as_bytes() } else { bytes };
                (path.to_owned(), bytes.to_vec())
            });
            let faux = Module::read(Folder::new(files.collect()).unwrap()).unwrap();
            let error = verifie(&mut town.owner, &faux).await.unwrap_err().to_string();
            assert!(error.contains("documents/reclamations.sql") && error.contains(dit), "{requete}: {error}");
        }
    });
}
