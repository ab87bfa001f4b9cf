//! A module made of tables that are there already: working screens, without a word written by hand.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use finage::modules::adoption::{AdoptionError, Demande, donne, ecrit, propose};
use finage::modules::installation::installe;
use finage::modules::sources::{self, Origine};
use finage_manifest::{Folder, Module};
use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::agents::{Agent, Tenu, agent, milieu, monde_trace};
use crate::harness::{Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "fourriere_agent", finalites: &[], communes: None };
const LECTEUR: Tenu<'static> = Tenu { role: "fourriere_lecteur", finalites: &[], communes: None };
const VEHICULES: &str = "/api/modules/fourriere/vehicule";

fn demande() -> Demande {
    Demande {
        schema: "fourriere".to_owned(),
        libelle: Some("Fourrière".to_owned()),
        collectivites: BTreeMap::from([(1, "99101".to_owned()), (2, "99102".to_owned())]),
        ..Demande::default()
    }
}

async fn restaure(town: &mut Town) {
    monde_trace(town).await;
    let mut admin = town.database.admin().await.unwrap();
    finage::db::prepare(&mut admin).await.unwrap();
    let mut tx = town.owner.begin().await.unwrap();
    sqlx::raw_sql(include_str!("fourriere.sql")).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Tables restored, a module made of them, installed as it is.
async fn adopte(town: &mut Town) -> tempfile::TempDir {
    restaure(town).await;
    let propose_ = propose(&mut town.owner, demande()).await.unwrap();
    let dossier = tempfile::tempdir().unwrap();
    ecrit(&propose_.dossier, &dossier.path().join("fourriere")).unwrap();
    let module = sources::lu(&dossier.path().join("fourriere")).unwrap_or_else(|faults| panic!("{faults:#?}"));
    installe(&mut town.owner, &module, Origine::Dossier).await.unwrap_or_else(|error| panic!("{error}"));
    town.config.modules_dir = Some(dossier.path().to_owned());
    town.recharge().await;
    let pannes = town.modules.pannes();
    assert!(pannes.is_empty(), "{pannes:#?}");
    dossier
}

async fn liste(town: &Town, who: &Agent, path: &str) -> Vec<Value> {
    let answer = who.get(town, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text());
    answer.json()["fiches"].as_array().unwrap().clone()
}

fn titres(fiches: &[Value]) -> Vec<&str> {
    fiches.iter().map(|fiche| fiche["titre"].as_str().unwrap()).collect()
}

#[test]
fn tables_of_openmairie_become_working_screens() {
    on_empty_town(async |town| {
        let _dossier = adopte(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let menu = agent.get(town, "/api/modules").await.json();
        let objets: Vec<&str> = menu["modules"][0]["objets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|objet| objet["id"].as_str().unwrap())
            .collect();
        assert_eq!(objets, ["genre_vehicule", "photo", "secteur", "tarif", "vehicule", "visite"]);

        let vehicules = liste(town, &agent, &format!("{VEHICULES}?sort=immatriculation")).await;
        assert_eq!(titres(&vehicules), ["AA-101-AA", "CC-103-CC"]);
        let premier = &vehicules[0];
        assert_eq!(premier["libelles"], json!({"genre_vehicule": "Voiture", "secteur": "Centre"}));
        assert_eq!((&premier["insee"], &premier["champs"]["montant_frais"]), (&json!("99101"), &json!("120.50")));
        assert_eq!(premier["champs"]["om_collectivite"], Value::Null, "the framework's columns are shown nowhere");
        let place = format!("{VEHICULES}/{}", premier["id"].as_str().unwrap());
        let onglet = liste(town, &agent, &format!("{place}/onglets/visite")).await;
        assert_eq!(titres(&onglet), ["PV-1"]);
        assert_eq!(onglet[0]["libelles"]["vehicule"], "AA-101-AA");

        let schema = agent.get(town, &format!("{VEHICULES}/schema")).await.json();
        let genre = |nom: &str| {
            let champs = schema["x-finage"]["champs"].as_array().unwrap();
            champs.iter().find(|champ| champ["nom"] == nom).unwrap_or_else(|| panic!("{nom} {schema}"))["genre"].clone()
        };
        let genres = ["genre_vehicule", "enleve_le", "montant_frais", "restitue", "constat_om_html"].map(genre);
        assert_eq!(genres, ["reference", "date", "montant", "booleen", "riche"]);
        assert_eq!(schema["x-finage"]["geometrie"]["couche"], "fourriere_vehicule");
    });
}

#[test]
fn a_row_is_made_with_integer_keys_that_nobody_types() {
    on_empty_town(async |town| {
        let _dossier = adopte(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let genres = agent.get(town, &format!("{VEHICULES}/choix/genre_vehicule?q=roues")).await.json();
        let deux_roues = genres[0]["valeur"].clone();
        assert_eq!(genres[0]["libelle"], "Deux-roues");
        let champs = json!({"immatriculation": "DD-104-DD", "genre_vehicule": deux_roues, "enleve_le": "2026-06-01",
            "constat_om_html": "<p onclick=\"x()\">Vu</p>"});
        let point = milieu(town, "99101").await;
        let made = agent.post(town, VEHICULES, &json!({"champs": champs, "geometrie": point})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let made = made.json();
        assert_eq!(made["libelles"]["genre_vehicule"], "Deux-roues");
        assert_eq!(made["champs"]["constat_om_html"], "<p>Vu</p>");
        let (cle, sans): (i32, Option<i32>) = sqlx::query_as(
            "select vehicule, om_collectivite from fourriere.vehicule where immatriculation = 'DD-104-DD'",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        assert_eq!((cle, sans), (13, None), "the next whole number after those of the dump");
        let visite = json!({"champs": {"vehicule": made["id"], "date_visite": "2026-06-02", "heure": "10:00", "numero_pv": "PV-9"}});
        let made_visite = agent.post(town, "/api/modules/fourriere/visite", &visite).await;
        assert_eq!(made_visite.status, StatusCode::CREATED, "{}", made_visite.text());
        assert_eq!(
            (&made_visite.json()["insee"], &made_visite.json()["champs"]["heure"]),
            (&json!("99101"), &json!("10:00"))
        );
        let onglet = liste(town, &agent, &format!("{VEHICULES}/{}/onglets/visite", made["id"].as_str().unwrap())).await;
        assert_eq!(titres(&onglet), ["PV-9"]);
        let double = agent.post(town, VEHICULES, &json!({"champs": champs})).await;
        assert_eq!(
            (double.status, &double.json()["champs"][0]["champ"]),
            (StatusCode::BAD_REQUEST, &json!("immatriculation"))
        );
    });
}

#[test]
fn two_collectivites_share_what_they_choose_from_and_nothing_else() {
    on_empty_town(async |town| {
        let _dossier = adopte(town).await;
        let valbrume = agent(town, "99101", AGENT).await;
        let cyprin = agent(town, "99102", AGENT).await;
        let lecteur = agent(town, "99102", LECTEUR).await;
        for (objet, chez_un, chez_deux) in [
            ("vehicule", 2, 1),
            ("visite", 1, 1),
            ("photo", 1, 1),
            ("secteur", 1, 1),
            ("tarif", 2, 1),
            ("genre_vehicule", 3, 3),
        ] {
            let path = format!("/api/modules/fourriere/{objet}");
            let of = [valbrume.get(town, &path).await.json(), cyprin.get(town, &path).await.json()];
            assert_eq!((&of[0]["total"], &of[1]["total"]), (&json!(chez_un), &json!(chez_deux)), "{objet}");
        }
        let sien = liste(town, &valbrume, VEHICULES).await;
        let place = format!("{VEHICULES}/{}", sien[0]["id"].as_str().unwrap());
        assert_eq!(cyprin.get(town, &place).await.status, StatusCode::NOT_FOUND);
        // A genre is everybody's to read, and its owner's to write.
        let genres = liste(town, &cyprin, "/api/modules/fourriere/genre_vehicule").await;
        assert_eq!(genres[0]["propre"], false);
        let genre = format!("/api/modules/fourriere/genre_vehicule/{}", genres[0]["id"].as_str().unwrap());
        let refused = cyprin.patch(town, &genre, "\"1\"", &json!({"champs": {"libelle": "x"}})).await;
        assert!(
            refused.status == StatusCode::NOT_FOUND || refused.status == StatusCode::FORBIDDEN,
            "{}",
            refused.text()
        );
        let renamed = valbrume.patch(town, &genre, "\"1\"", &json!({"champs": {"code": "X"}})).await;
        assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text());
        let read_only = lecteur.post(town, VEHICULES, &json!({"champs": {"immatriculation": "ZZ"}})).await;
        assert_eq!(read_only.status, StatusCode::FORBIDDEN);
        let tuile = cyprin.ask(town, Method::GET, "/tiles/fourriere_vehicule/0/0/0", &[], None).await;
        assert!(tuile.status == StatusCode::OK || tuile.status == StatusCode::NO_CONTENT, "{}", tuile.text());
    });
}

#[test]
fn validity_filters_and_layers_follow() {
    on_empty_town(async |town| {
        let _dossier = adopte(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let tarifs = "/api/modules/fourriere/tarif";
        let of = async |query: &str| liste(town, &agent, &format!("{tarifs}?{query}")).await;
        assert_eq!(titres(&of("valide_le=2025-06-01").await), ["Garde 2020"]);
        assert_eq!(titres(&of("valide_le=2026-01-01").await), ["Garde 2026"]);
        assert_eq!(titres(&of("liste=en_cours").await), ["Garde 2026"]);
        let geojson = agent.get(town, &format!("{VEHICULES}/geojson")).await.json();
        let lon_lat = geojson["features"]
            .as_array()
            .unwrap()
            .iter()
            .find_map(|feature| feature["geometry"]["coordinates"][0].as_f64());
        let expected: f64 =
            sqlx::query_scalar("select st_x(st_transform(st_setsrid(st_makepoint(841000, 6519000), 2154), 4326))")
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
        assert!((lon_lat.unwrap() - expected).abs() < 1e-4, "{geojson}");
        let (tile, layers): (String, i64) = sqlx::query_as(
            "select format('/tiles/fourriere_vehicule/14/%s/%s', floor((st_x(p) + 180) / 360 * 16384),
                floor((1 - ln(tan(radians(st_y(p))) + 1 / cos(radians(st_y(p)))) / pi()) / 2 * 16384)),
                (select count(*) from core.couche where id like 'fourriere_%')
             from (select st_transform(st_setsrid(st_makepoint(841000, 6519000), 2154), 4326) as p) x",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        assert_eq!(layers, 2);
        let drawn = agent.get(town, &tile).await;
        assert_eq!(drawn.status, StatusCode::OK);
        assert!(drawn.bytes.windows(9).any(|window| window == b"AA-101-AA"), "{} bytes", drawn.bytes.len());
    });
}

#[test]
fn what_the_dump_held_is_still_there() {
    on_empty_town(async |town| {
        restaure(town).await;
        let sql = "select md5(string_agg(t::text, ',' order by t::text)) from (
            select vehicule, immatriculation, genre_vehicule, secteur, om_collectivite, om_utilisateur, enleve_le, montant_frais, constat_om_html
            from fourriere.vehicule union all select visite, numero_pv, vehicule, null, null, null, date_visite, null, rapport_om_htmletat
            from fourriere.visite union all select photo, legende, visite, null, null, null, null, null, contenu::text from fourriere.photo) t";
        let before: String = sqlx::query_scalar(sql).fetch_one(&mut town.owner).await.unwrap();
        let propose_ = propose(&mut town.owner, demande()).await.unwrap();
        let dossier = tempfile::tempdir().unwrap();
        ecrit(&propose_.dossier, &dossier.path().join("fourriere")).unwrap();
        assert!(matches!(ecrit(&propose_.dossier, &dossier.path().join("fourriere")), Err(AdoptionError::Dossier(_))));
        let module = sources::lu(&dossier.path().join("fourriere")).unwrap();
        installe(&mut town.owner, &module, Origine::Dossier).await.unwrap();
        let after: String = sqlx::query_scalar(sql).fetch_one(&mut town.owner).await.unwrap();
        assert_eq!(before, after);
        let again = propose(&mut town.owner, demande()).await.unwrap_err();
        assert!(matches!(again, AdoptionError::Module(_)), "{again}");
    });
}

#[test]
fn tables_of_another_owner_are_given_first() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let mut admin = town.database.admin().await.unwrap();
        finage::db::prepare(&mut admin).await.unwrap();
        // As an administrator restores a dump.
        let mut tx = admin.begin().await.unwrap();
        sqlx::raw_sql(include_str!("fourriere.sql")).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        let made = propose(&mut admin, demande()).await.unwrap();
        assert_eq!(made.ordres.len(), 9, "{:?}", made.ordres);
        donne(&mut admin, &made.ordres).await.unwrap();
        assert_eq!(propose(&mut admin, demande()).await.unwrap().ordres, [""; 0]);
        let files = made.dossier.files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
        let module = Module::read(Folder::new(files).unwrap()).unwrap();
        installe(&mut town.owner, &module, Origine::Dossier).await.unwrap_or_else(|error| panic!("{error}"));
    });
}

#[test]
fn owners_unsaid_and_collectivites_unknown_are_refused() {
    on_empty_town(async |town| {
        restaure(town).await;
        let half = Demande { collectivites: BTreeMap::from([(1, "99101".to_owned())]), ..demande() };
        let refused = propose(&mut town.owner, half).await.unwrap_err().to_string();
        assert!(refused.contains("2 (Cyprin)") && refused.contains("--collectivites"), "{refused}");
        let unknown = Demande { collectivites: BTreeMap::from([(1, "99999".to_owned())]), ..demande() };
        assert!(matches!(propose(&mut town.owner, unknown).await, Err(AdoptionError::Collectivite(_))));
        let nowhere = Demande { schema: "absent".to_owned(), ..Demande::default() };
        assert!(matches!(propose(&mut town.owner, nowhere).await, Err(AdoptionError::Schema(_))));
    });
}
