//! Workflows of modules: steps, locks, amendments, links, views, dashboard, search.

use axum::http::{Method, StatusCode, header};
use finage::access::connexion::{self, Demande};
use finage::access::droits::Action;
use finage::db::{Canal, Database, TenantTx, Use};
use finage::modules::etapes::{Franchissement, Parcours, Suite};
use finage::modules::objets::{Modele, ObjetError, Plume};
use serde_json::{Value, json};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};
use uuid::Uuid;

use crate::agents::{Agent, Tenu, agent, lignes, milieu, monde_trace};
use crate::collectivites::monde;
use crate::droits::connu;
use crate::harness::{Answer, Town, on_empty_town, on_sample_town};

pub const AGENT: Tenu<'static> = Tenu { role: "concessions_agent", finalites: &[], communes: None };
const VALIDEUR: Tenu<'static> = Tenu { role: "concessions_valideur", finalites: &[], communes: None };
const CONTRATS: &str = "/api/modules/concessions/contrat";
pub const EMPLACEMENTS: &str = "/api/modules/concessions/emplacement";

pub async fn installe(town: &mut Town) {
    monde_trace(town).await;
    town.installe("concessions").await;
}

/// A row made, and its address.
async fn fait(town: &Town, who: &Agent, place: &str, corps: Value) -> String {
    let answer = who.post(town, place, &corps).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    format!("{place}/{}", answer.json()["id"].as_str().unwrap())
}

async fn contrat(town: &Town, who: &Agent, titre: &str) -> String {
    fait(town, who, CONTRATS, json!({ "champs": { "titre": titre }, "insee": "99101" })).await
}

/// A square of ten metres or so around a point of the commune.
pub async fn emplacement(town: &mut Town, who: &Agent, numero: &str, nature: &str) -> String {
    let point = milieu(town, "99101").await;
    let [lon, lat] = [0, 1].map(|rank| point["coordinates"][rank].as_f64().unwrap());
    let coins = [(0.0, 0.0), (1e-4, 0.0), (1e-4, 1e-4), (0.0, 1e-4), (0.0, 0.0)];
    let anneau: Vec<[f64; 2]> = coins.iter().map(|(x, y)| [lon + x, lat + y]).collect();
    let forme = json!({ "type": "Polygon", "coordinates": [anneau] });
    let corps = json!({ "champs": { "numero": numero, "nature": nature }, "geometrie": forme });
    fait(town, who, EMPLACEMENTS, corps).await
}

pub async fn etape(town: &Town, who: &Agent, place: &str, etape: &str, version: &str, corps: &Value) -> Answer {
    let uri = format!("{place}/etapes/{etape}");
    who.ask(town, Method::POST, &uri, &[(header::IF_MATCH, version)], Some(corps)).await
}

#[test]
fn a_step_is_taken_by_who_holds_its_role_when_its_guard_holds() {
    on_empty_town(async |town| {
        installe(town).await;
        let (agent_, valideur) = (agent(town, "99101", AGENT).await, agent(town, "99101", VALIDEUR).await);
        let place = contrat(town, &agent_, "A").await;

        let uri = format!("{place}/etapes");
        let pour_agent = agent_.get(town, &uri).await.json();
        assert_eq!((&pour_agent["etat"], &pour_agent["verrouillee"]), (&json!("projet"), &json!(false)));
        assert_eq!(pour_agent["etapes"][0]["obstacle"], "role");
        let pour_valideur = valideur.get(town, &uri).await.json();
        assert_eq!(pour_valideur["etapes"][0]["obstacle"], Value::Null, "{pour_valideur}");
        assert_eq!(pour_valideur["etapes"][0]["manquants"], json!(["montant", "signe_le"]));
        assert_eq!(pour_valideur["etapes"].as_array().unwrap().len(), 1, "« clore » leaves another state");
        let ailleurs = agent(town, "99102", VALIDEUR).await;
        assert_eq!(ailleurs.get(town, &uri).await.status, StatusCode::NOT_FOUND);

        let bon = json!({ "champs": { "montant": "120.50", "signe_le": "2024-02-29" }, "motif": "Paiement reçu" });
        let vide = json!({});
        let nul = json!({ "champs": { "montant": "0", "signe_le": "2024-02-29" } });
        let autre = json!({ "champs": { "titre": "B" } });
        for (who, pas, version, corps, attendu) in [
            (&agent_, "signer", "\"1\"", &bon, StatusCode::FORBIDDEN),
            (&valideur, "inconnue", "\"1\"", &bon, StatusCode::NOT_FOUND),
            (&valideur, "clore", "\"1\"", &vide, StatusCode::CONFLICT),
            (&valideur, "signer", "\"1\"", &nul, StatusCode::CONFLICT),
            (&valideur, "signer", "\"1\"", &autre, StatusCode::BAD_REQUEST),
            (&valideur, "signer", "\"7\"", &bon, StatusCode::PRECONDITION_FAILED),
            (&ailleurs, "signer", "\"1\"", &bon, StatusCode::NOT_FOUND),
        ] {
            let refus = etape(town, who, &place, pas, version, corps).await;
            assert_eq!(refus.status, attendu, "{pas} {corps} {}", refus.text());
        }
        let sans = valideur.post(town, &format!("{place}/etapes/signer"), &bon).await;
        assert_eq!(sans.status, StatusCode::PRECONDITION_REQUIRED);
        let manque = etape(town, &valideur, &place, "signer", "\"1\"", &vide).await;
        let champs: Vec<Value> =
            manque.json()["champs"].as_array().unwrap().iter().map(|un| un["champ"].clone()).collect();
        assert_eq!((manque.status, champs), (StatusCode::BAD_REQUEST, vec![json!("montant"), json!("signe_le")]));

        let signe = etape(town, &valideur, &place, "signer", "\"1\"", &bon).await;
        assert_eq!(signe.status, StatusCode::OK, "{}", signe.text());
        let champs = signe.json()["champs"].clone();
        assert_eq!((&champs["etat"], &champs["montant"]), (&json!("signe"), &json!("120.50")));
        // Values follow the fields that came with the step; a 29 February thirty years later is a 28.
        assert_eq!(champs["fin"], "2054-02-28");
        assert_eq!(champs["signataire"], format!("{}@exemple.invalid", valideur.id));
        let terme: String = sqlx::query_scalar("select (core.jour('99101') + interval '1 month')::date::text")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(champs["delai"], terme);
        let pas = agent_.get(town, &format!("{place}/historique")).await.json();
        assert_eq!(pas.as_array().unwrap().len(), 2, "one change: {pas}");
        assert_eq!((&pas[0]["avant"]["etat"], &pas[0]["apres"]["etat"]), (&json!("projet"), &json!("signe")));
        let actes = lignes(town, "acte").await;
        let acte = actes.iter().find(|ligne| ligne.0 == "transiter").unwrap();
        assert_eq!(acte.1, "concessions.contrat");
        assert_eq!(acte.4, json!({ "etape": "signer", "vers": "signe", "motif": "Paiement reçu" }));
        let encore = etape(town, &valideur, &place, "signer", "\"2\"", &bon).await;
        assert_eq!(encore.status, StatusCode::CONFLICT);
        let clos = etape(town, &agent_, &place, "clore", "\"2\"", &vide).await;
        assert_eq!(clos.json()["champs"]["etat"], "clos", "{}", clos.text());
    });
}

/// A document that is never made.
struct Panne;

impl Suite for Panne {
    async fn document(&self, _: &mut TenantTx, _: &'static Modele, _: Uuid, document: &str) -> Result<(), ObjetError> {
        Err(ObjetError::Document(document.to_owned()))
    }
}

#[test]
fn a_step_whose_document_fails_changes_nothing() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        let tenu = Tenu { role: "objets_trouves_agent", ..Tenu::default() };
        let agent_ = agent(town, "99101", tenu).await;
        let objet = json!({ "designation": "Parapluie", "categorie": "parapluie", "trouve_le": "2026-05-03" });
        let point = milieu(town, "99101").await;
        let place =
            fait(town, &agent_, "/api/modules/objets_trouves/objet", json!({ "champs": objet, "geometrie": point }))
                .await;
        let id: Uuid = place.rsplit('/').next().unwrap().parse().unwrap();
        let connu = connu(town, &agent_).await;
        let registry = town.modules.clone();
        let (module, objet) = registry.objet("objets_trouves", "objet").unwrap();
        let parcours = Parcours::new(module, objet, &connu).unwrap();
        let plume = Plume::new(&connu, objet.modele, Action::Transiter, None).unwrap();
        let mut tx = town.pools.collectivites.begin(&connu.acteur(Canal::Api).unwrap()).await.unwrap();
        let champs = serde_json::Map::new();
        let pas = Franchissement { etape: "rendre", version: 1, champs: &champs, motif: None };
        let panne = parcours.franchir(&mut tx, &plume, id, &pas, &Panne).await.unwrap_err();
        assert!(matches!(panne, ObjetError::Document(nom) if nom == "recepisse"));
        drop(tx);
        assert_eq!(agent_.get(town, &place).await.json()["champs"]["etat"], "depose");
    });
}

#[test]
fn what_is_locked_changes_by_an_amendment_that_says_why() {
    on_empty_town(async |town| {
        installe(town).await;
        let (agent_, valideur) = (agent(town, "99101", AGENT).await, agent(town, "99101", VALIDEUR).await);
        let place = contrat(town, &agent_, "A").await;
        let avenants = format!("{place}/avenants");
        let amende = async |town: &Town, who: &Agent, version: &str, corps: Value| {
            who.ask(town, Method::POST, &avenants, &[(header::IF_MATCH, version)], Some(&corps)).await
        };
        let change = json!({ "champs": { "titre": "B" } });
        let corps = json!({ "champs": { "titre": "B" }, "motif": "Erreur de plume" });
        let libre = amende(town, &agent_, "\"1\"", corps.clone()).await;
        assert_eq!(libre.status, StatusCode::CONFLICT, "nothing is locked yet");
        let bon = json!({ "champs": { "montant": "1", "signe_le": "2024-01-01" } });
        assert_eq!(etape(town, &valideur, &place, "signer", "\"1\"", &bon).await.status, StatusCode::OK);

        assert_eq!(agent_.patch(town, &place, "\"2\"", &change).await.status, StatusCode::CONFLICT);
        let sans = amende(town, &agent_, "\"2\"", json!({ "champs": { "titre": "B" }, "motif": " " })).await;
        assert_eq!(sans.status, StatusCode::BAD_REQUEST);
        let rien = amende(town, &agent_, "\"2\"", json!({ "champs": { "titre": "A" }, "motif": "Rien" })).await;
        assert_eq!(rien.status, StatusCode::BAD_REQUEST, "{}", rien.text());
        let tenu = amende(town, &agent_, "\"2\"", json!({ "champs": { "etat": "clos" }, "motif": "Non" })).await;
        assert_eq!(tenu.status, StatusCode::BAD_REQUEST, "the state is the steps' alone");
        assert_eq!(amende(town, &valideur, "\"2\"", corps.clone()).await.status, StatusCode::FORBIDDEN);
        let fait = amende(town, &agent_, "\"2\"", corps).await;
        assert_eq!((fait.status, &fait.json()["champs"]["titre"]), (StatusCode::OK, &json!("B")), "{}", fait.text());

        let liste = agent_.get(town, &avenants).await.json();
        assert_eq!(liste.as_array().unwrap().len(), 1);
        assert_eq!((&liste[0]["motif"], &liste[0]["avant"]), (&json!("Erreur de plume"), &json!({ "titre": "A" })));
        assert_eq!(liste[0]["par"], format!("{}@exemple.invalid", agent_.id));
        let histoire = agent_.get(town, &format!("{place}/historique")).await.json();
        assert_eq!(histoire[0]["motif"], "Erreur de plume");
        assert!(histoire[1].get("motif").is_none());
        // It still leaves lists, and comes back.
        assert_eq!(agent_.delete(town, &place).await.status, StatusCode::NO_CONTENT);
    });
}

/// A login of QGIS that edits the layer, for an account that holds the agent's role.
async fn qgis(town: &mut Town, name: &str) -> PgConnection {
    sqlx::raw_sql(
        "insert into acces.utilisateur (id, email, nom) values (gen_random_uuid(), 'qgis@exemple.invalid', 'QGIS');
        insert into acces.attribution (utilisateur, role, collectivite) select u.id, r.id, c.id
        from acces.utilisateur u, acces.role r, acces.collectivite c
        where u.email = 'qgis@exemple.invalid' and r.code = 'concessions_agent' and c.code = '99101'",
    )
    .execute(&mut town.owner)
    .await
    .unwrap();
    let database = Database::open(&town.config, Use::Command).unwrap();
    let mut admin = database.admin().await.unwrap();
    let couches = vec!["concessions_emplacement".to_owned()];
    let demande = Demande { login: name, email: "qgis@exemple.invalid", collectivite: "99101", couches: &couches };
    let password = connexion::create(&mut admin, &demande).await.unwrap();
    let options: PgConnectOptions = town.config.database_url.as_deref().unwrap().parse().unwrap();
    options.username(name).password(&password).connect().await.unwrap()
}

#[test]
fn a_login_of_sql_is_held_to_the_lock() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        let place = emplacement(town, &agent_, "1", "caveau").await;
        let mut qgis = qgis(town, "qgis_verrou").await;
        let change = "update concessions.emplacement set nature = 'pleine_terre'";
        assert_eq!(sqlx::query(change).execute(&mut qgis).await.unwrap().rows_affected(), 1);
        let vide = json!({});
        assert_eq!(etape(town, &agent_, &place, "occuper", "\"2\"", &vide).await.status, StatusCode::OK);
        sqlx::query("set finage.verrou = 'ouvert'").execute(&mut qgis).await.unwrap();
        for interdit in [
            "update concessions.emplacement set nature = 'caveau'",
            "update concessions.emplacement set etat = 'libre'",
            "delete from concessions.emplacement",
            "insert into concessions.emplacement (numero, etat, forme)
             values ('2', 'occupe', st_makeenvelope(842000, 6519000, 842001, 6519001, 2154))",
        ] {
            let refus = sqlx::query(interdit).execute(&mut qgis).await.unwrap_err();
            assert_eq!(refus.as_database_error().unwrap().code().unwrap(), "FN001", "{interdit} {refus}");
        }
        sqlx::query("update concessions.emplacement set archivee_le = now()").execute(&mut qgis).await.unwrap();
        let database = Database::open(&town.config, Use::Command).unwrap();
        let mut admin = database.admin().await.unwrap();
        connexion::revoke(&mut admin, "qgis_verrou").await.unwrap();
        sqlx::raw_sql("drop owned by qgis_verrou; drop role qgis_verrou").execute(&mut admin).await.unwrap();
    });
}

#[test]
fn a_row_is_linked_to_parcels_and_meets_what_they_meet() {
    on_sample_town(async |town| {
        monde(town).await;
        town.installe("concessions").await;
        let (agent_, valideur) = (agent(town, "99101", AGENT).await, agent(town, "99101", VALIDEUR).await);
        let place = contrat(town, &agent_, "A").await;
        let uri = format!("{place}/rattachements");
        let attente = agent_.get(town, "/api/rattachements/en-attente").await.json();
        assert_eq!(attente["incompletes"][0]["role"], "assiette", "{attente}");
        assert_eq!(attente["incompletes"][0]["titre"], "Contrat A");
        assert_eq!(agent_.get(town, &uri).await.json(), json!([]));

        let idu = town.some_parcel("insee = '99101'").await;
        let lien = json!({ "role": "assiette", "cle": idu, "du": "2024-01-01" });
        assert_eq!(valideur.post(town, &uri, &lien).await.status, StatusCode::FORBIDDEN);
        for (corps, attendu) in [
            (json!({ "role": "assiette", "cle": "99101000ZZ9999" }), StatusCode::UNPROCESSABLE_ENTITY),
            (json!({ "role": "autre", "cle": idu }), StatusCode::BAD_REQUEST),
            (json!({ "cle": idu }), StatusCode::BAD_REQUEST),
            (json!({ "role": "assiette", "cle": idu, "du": "hier" }), StatusCode::BAD_REQUEST),
            (
                json!({ "role": "place", "cle": "00000000-0000-4000-8000-000000000000" }),
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            (json!({ "role": "place", "cle": idu }), StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let refus = agent_.post(town, &uri, &corps).await;
            assert_eq!(refus.status, attendu, "{corps} {}", refus.text());
        }
        let fait = agent_.post(town, &uri, &lien).await;
        assert_eq!(fait.status, StatusCode::CREATED, "{}", fait.text());
        assert_eq!(agent_.post(town, &uri, &lien).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let liens = agent_.get(town, &uri).await.json();
        assert_eq!((&liens[0]["cle"], &liens[0]["du"]), (&json!(idu), &json!("2024-01-01")), "{liens}");
        let attente = agent_.get(town, "/api/rattachements/en-attente").await.json();
        assert_eq!(attente["incompletes"], json!([]));
        let sur = agent_.get(town, &format!("/api/parcelles/{idu}/fiches")).await.json();
        assert_eq!(
            (&sur[0]["objet"], &sur[0]["fiches"][0]["titre"]),
            (&json!("concessions.contrat"), &json!("Contrat A"))
        );
        let ailleurs = agent(town, "99102", AGENT).await;
        assert_eq!(ailleurs.get(town, &format!("/api/parcelles/{idu}/fiches")).await.json(), json!([]));
        assert_eq!(ailleurs.get(town, &uri).await.status, StatusCode::NOT_FOUND);

        // It has no shape of its own: it meets what its parcel holds, not the parcel beside.
        let croise = agent_.get(town, &format!("{place}/croisements")).await.json();
        assert_eq!(croise["parcelles"].as_array().unwrap().len(), 1, "{croise}");
        assert_eq!(croise["parcelles"][0]["idu"], json!(idu));

        // A row of another object, by its own geometry column.
        let pose = emplacement(town, &agent_, "1", "caveau").await;
        let cle = pose.rsplit('/').next().unwrap().to_owned();
        let place_ = agent_.post(town, &uri, &json!({ "role": "place", "cle": cle })).await;
        assert_eq!(place_.status, StatusCode::CREATED, "{}", place_.text());
        let id = fait.json()["id"].as_str().unwrap().to_owned();
        let confirme = agent_.post(town, &format!("{uri}/{id}/confirmer"), &json!({ "cles": [idu] })).await;
        assert_eq!(confirme.status, StatusCode::UNPROCESSABLE_ENTITY, "it waits for nothing");
        let fini = agent_.delete(town, &format!("{uri}/{id}?le=2025-01-01")).await;
        assert_eq!((fini.status, &fini.json()["au"]), (StatusCode::OK, &json!("2025-01-01")), "{}", fini.text());
        assert_eq!(agent_.delete(town, &format!("{uri}/{id}")).await.status, StatusCode::NOT_FOUND);

        // A link whose parcel is gone waits for a human.
        let autre = agent_.post(town, &uri, &json!({ "role": "assiette", "cle": idu })).await.json();
        sqlx::query("update core.rattachement set etat = 'a_confirmer' where valide_au is null and role = 'assiette'")
            .execute(&mut town.owner)
            .await
            .unwrap();
        let attente = agent_.get(town, "/api/rattachements/en-attente").await.json();
        assert_eq!(attente["attentes"][0]["titre"], "Contrat A", "{attente}");
        let suite = town.some_parcel(&format!("insee = '99101' and idu <> '{idu}'")).await;
        let id = autre["id"].as_str().unwrap();
        let confirme = agent_.post(town, &format!("{uri}/{id}/confirmer"), &json!({ "cles": [suite] })).await;
        assert_eq!(confirme.status, StatusCode::OK, "{}", confirme.text());
        let tient = |lien: &Value| lien["cle"] == json!(suite) && lien["au"].is_null() && lien["etat"] == "sur";
        assert!(confirme.json().as_array().unwrap().iter().any(tient), "{}", confirme.text());

        // A signed contract keeps its links.
        let bon = json!({ "champs": { "montant": "1", "signe_le": "2024-01-01" } });
        assert_eq!(etape(town, &valideur, &place, "signer", "\"1\"", &bon).await.status, StatusCode::OK);
        assert_eq!(agent_.post(town, &uri, &lien).await.status, StatusCode::CONFLICT);
    });
}

#[test]
fn views_are_ones_own_or_shared_and_changed_by_who_keeps_them() {
    on_empty_town(async |town| {
        installe(town).await;
        let (un, deux) = (agent(town, "99101", AGENT).await, agent(town, "99101", VALIDEUR).await);
        let ailleurs = agent(town, "99102", AGENT).await;
        let corps = |nom: &str, partagee: bool| json!({ "module": "concessions", "objet": "contrat", "nom": nom, "partagee": partagee, "etat": { "q": "a" } });
        let mienne = un.post(town, "/api/vues", &corps("À moi", false)).await;
        assert_eq!(mienne.status, StatusCode::CREATED, "{}", mienne.text());
        let partagee = un.post(town, "/api/vues", &corps("À tous", true)).await.json();
        let noms = async |town: &Town, who: &Agent| -> Vec<(String, bool)> {
            let vues = who.get(town, "/api/vues?module=concessions&objet=contrat").await.json();
            let une = |vue: &Value| (vue["nom"].as_str().unwrap().to_owned(), vue["propre"].as_bool().unwrap());
            vues.as_array().unwrap().iter().map(une).collect()
        };
        assert_eq!(noms(town, &un).await, [("À moi".to_owned(), true), ("À tous".to_owned(), true)]);
        assert_eq!(noms(town, &deux).await, [("À tous".to_owned(), false)]);
        assert!(noms(town, &ailleurs).await.is_empty());
        let uri = format!("/api/vues/{}", partagee["id"].as_str().unwrap());
        for who in [&deux, &ailleurs] {
            let pris = who.ask(town, Method::PATCH, &uri, &[], Some(&json!({ "nom": "Prise" }))).await;
            assert_eq!(pris.status, StatusCode::NOT_FOUND);
            assert_eq!(who.delete(town, &uri).await.status, StatusCode::NOT_FOUND);
        }
        let change = un.ask(town, Method::PATCH, &uri, &[], Some(&json!({ "partagee": false }))).await;
        assert_eq!((change.status, &change.json()["version"]), (StatusCode::OK, &json!(2)), "{}", change.text());
        assert!(noms(town, &deux).await.is_empty());
        for mauvais in [json!([]), json!(3), json!({ "q": "x".repeat(20_000) })] {
            let refus = un.ask(town, Method::PATCH, &uri, &[], Some(&json!({ "etat": mauvais }))).await;
            assert_eq!(refus.status, StatusCode::BAD_REQUEST, "{mauvais}");
        }
        assert_eq!(un.delete(town, &uri).await.status, StatusCode::NO_CONTENT);
        assert_eq!(noms(town, &un).await, [("À moi".to_owned(), true)]);
        let sans = agent(town, "99101", Tenu { role: "lecteur", ..Tenu::default() }).await;
        assert_eq!(sans.post(town, "/api/vues", &corps("x", false)).await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn cards_count_and_the_search_finds_what_is_open() {
    on_empty_town(async |town| {
        installe(town).await;
        let (agent_, valideur) = (agent(town, "99101", AGENT).await, agent(town, "99101", VALIDEUR).await);
        let place = contrat(town, &agent_, "Dupré Louise").await;
        contrat(town, &agent_, "Martin").await;
        for (numero, nature) in [("ZQ1", "caveau"), ("ZQ2", "caveau"), ("ZQ3", "pleine_terre")] {
            emplacement(town, &agent_, numero, nature).await;
        }
        let bon = json!({ "champs": { "montant": "1", "signe_le": "2024-01-01" } });
        assert_eq!(etape(town, &valideur, &place, "signer", "\"1\"", &bon).await.status, StatusCode::OK);
        let carte = async |town: &Town, who: &Agent, rang: &str| {
            who.get(town, &format!("/api/tableau/concessions/{rang}")).await
        };
        assert_eq!(carte(town, &agent_, "0").await.json(), json!({ "total": 1 }));
        let liste = carte(town, &agent_, "1").await.json();
        assert_eq!((&liste["total"], &liste["fiches"][0]["titre"]), (&json!(1), &json!("Contrat Dupré Louise")));
        let parts = json!([
            { "valeur": "caveau", "libelle": "Caveau", "nombre": 2 },
            { "valeur": "pleine_terre", "libelle": "Pleine terre", "nombre": 1 },
        ]);
        assert_eq!(carte(town, &agent_, "2").await.json(), json!({ "valeurs": parts }));
        assert_eq!(carte(town, &valideur, "2").await.status, StatusCode::FORBIDDEN, "it reads no place");
        assert_eq!(carte(town, &agent_, "3").await.status, StatusCode::NOT_FOUND, "another role's");
        assert_eq!(carte(town, &valideur, "3").await.json(), json!({ "total": 2 }));
        assert_eq!(carte(town, &agent_, "9").await.status, StatusCode::NOT_FOUND);

        let cherche = async |town: &Town, who: &Agent, q: &str| -> Vec<(Value, Value)> {
            let trouve = who.get(town, &format!("/api/recherche?q={q}")).await.json();
            let features = trouve["features"].as_array().unwrap().clone();
            let fiches = features.into_iter().filter(|une| une["properties"]["type"] == "fiche");
            fiches.map(|une| (une["properties"]["url"].clone(), une["geometry"].clone())).collect()
        };
        let contrats = cherche(town, &agent_, "dupr%C3%A9%20louise").await;
        let url = place.replace("/api/modules", "/app");
        assert_eq!(contrats, [(json!(url), Value::Null)], "no place, and found");
        let places = cherche(town, &agent_, "ZQ3").await;
        assert!(places.len() == 1 && places[0].1["type"] == "Point", "{places:?}");
        assert!(cherche(town, &valideur, "ZQ3").await.is_empty());
        let ailleurs = agent(town, "99102", AGENT).await;
        assert!(cherche(town, &ailleurs, "dupr%C3%A9").await.is_empty());
        let personne = town.get("/api/recherche?q=dupr%C3%A9").await.json();
        assert_eq!(personne["features"], json!([]));
        let page = agent_.get(town, "/recherche?q=dupr%C3%A9").await;
        assert!(page.text().contains(&url), "{}", page.text());
    });
}
