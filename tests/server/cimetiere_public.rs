//! What everybody sees of cemeteries: the dead who may be published, and never anybody living; notices, and a form that takes
//! and never gives back.

use std::time::Duration as Wait;

use axum::http::{StatusCode, header};
use finage_tiles::TileCoord;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use time::{Date, Duration, Month};

use crate::agents::{Agent, Tenu, agent, milieu, monde_trace};
use crate::cimetiere::jour;
use crate::harness::{Answer, Town, on_cemetery_town};

const GESTIONNAIRE: Tenu<'static> = Tenu { role: "cimetiere_gestionnaire", finalites: &["cimetiere"], communes: None };
const MODULE: &str = "/api/modules/cimetiere";
/// Objects of the module, whether the public reads them or not.
const OBJETS: [&str; 19] = [
    "allee",
    "ayant_droit",
    "cimetiere",
    "contrat",
    "declaration",
    "defunt",
    "emplacement",
    "encaissement",
    "entreprise",
    "etape_procedure",
    "facture",
    "ligne_facture",
    "operation",
    "personne",
    "procedure",
    "reglage",
    "secteur",
    "sejour",
    "travaux",
];

/// What is known of someone in the register of the dead, right or wrong.
#[derive(Debug, Clone)]
struct Inscrit {
    opposition: bool,
    archive: bool,
    repose: bool,
    deces: Deces,
}

#[derive(Debug, Clone, Copy)]
enum Deces {
    Inconnu,
    /// Days before today; negative, in the future.
    Jour(i64),
    /// Years before this one; negative, in the future.
    Annee(i32),
}

impl Inscrit {
    fn publiable(&self) -> bool {
        let depuis = match self.deces {
            Deces::Inconnu => return false,
            Deces::Jour(jours) => jours,
            Deces::Annee(ans) => {
                let fin = Date::from_calendar_date(jour().year() - ans, Month::December, 31).unwrap();
                (jour() - fin).whole_days()
            }
        };
        !self.opposition && !self.archive && depuis >= 30
    }
}

fn inscrits() -> impl Strategy<Value = Vec<Inscrit>> {
    // Days around the thirtieth are left out: which day it is depends on where one stands.
    let jours = prop_oneof![-400_i64..28, 33_i64..40, 40_i64..60_000];
    let deces = prop_oneof![
        1 => Just(Deces::Inconnu),
        4 => jours.prop_map(Deces::Jour),
        // The year before ends within thirty days of a month of January.
        2 => prop_oneof![-5_i32..=0, 2_i32..200].prop_map(Deces::Annee),
    ];
    let un = (any::<u8>(), any::<u8>(), any::<bool>(), deces).prop_map(|(opposition, archive, repose, deces)| {
        Inscrit { opposition: opposition % 4 == 0, archive: archive % 8 == 0, repose, deces }
    });
    prop::collection::vec(un, 160)
}

fn marque(rang: usize) -> String {
    format!("Zq{rang:03}x")
}

/// A cemetery, its dead as they are said, and as many living people wherever the module may write a name.
async fn peuple(town: &mut Town, inscrits: &[Inscrit]) {
    let sql = include_str!("cimetiere_public.sql");
    sqlx::raw_sql(sql).execute(&mut town.owner).await.unwrap();
    for (rang, inscrit) in inscrits.iter().enumerate() {
        let (le, annee) = match inscrit.deces {
            Deces::Inconnu => (None, None),
            Deces::Jour(jours) => (Some(jour() - Duration::days(jours)), None),
            Deces::Annee(ans) => (None, Some(jour().year() - ans)),
        };
        sqlx::query("select pg_temp.inscrire($1, $2, $3, $4, $5, $6)")
            .bind(marque(rang))
            .bind(le)
            .bind(annee)
            .bind(inscrit.opposition)
            .bind(inscrit.archive)
            .bind(inscrit.repose)
            .execute(&mut town.owner)
            .await
            .unwrap();
    }
}

/// Marks that an answer holds.
fn marques(answer: &Answer) -> Vec<String> {
    let texte = String::from_utf8_lossy(&answer.bytes);
    // The seal of a form is made of letters at random, where « Zq » may well stand.
    let marque = |mot: &&str| mot.ends_with('x') && mot[2..5].bytes().all(|octet| octet.is_ascii_digit());
    let mots = texte.match_indices("Zq").filter_map(|(at, _)| texte.get(at..at + 6)).filter(marque);
    let mut vues: Vec<String> = mots.map(str::to_owned).collect();
    vues.sort();
    vues.dedup();
    vues
}

/// Every place where anybody may look.
async fn adresses(town: &mut Town) -> Vec<String> {
    let mut adresses: Vec<String> = [
        "/",
        "/commune/99101",
        "/recherche?q=zq",
        "/api/recherche?q=zq&limit=50",
        "/api/openapi.json",
        "/api/configuration",
    ]
    .map(str::to_owned)
    .into();
    for objet in OBJETS {
        for suite in [
            "?limite=1000",
            "?limite=1000&archivees=true",
            "?q=zq&limite=1000",
            "/geojson",
            "/schema",
            "/export?format=csv",
        ] {
            adresses.push(format!("{MODULE}/{objet}{suite}"));
        }
        adresses.push(format!("/consulter/cimetiere/{objet}"));
        adresses.push(format!("/deposer/cimetiere/{objet}"));
    }
    for page in 1..=4 {
        adresses.push(format!("/consulter/cimetiere/defunt?nom=zq&page={page}"));
    }
    let point = milieu(town, "99101").await;
    let [lon, lat] = [0, 1].map(|rank| point["coordinates"][rank].as_f64().unwrap());
    for couche in ["cimetiere", "secteur", "allee", "emplacement"] {
        let tile = TileCoord::containing(lon, lat, 17);
        adresses.push(format!("/tiles/cimetiere_{couche}/{}/{}/{}", tile.z(), tile.x(), tile.y()));
    }
    let fiches: Vec<(String, String)> = sqlx::query_as(
        "select 'defunt', id::text from cimetiere.defunt union all select 'emplacement', id::text from cimetiere.emplacement
        union all select 'procedure', id::text from cimetiere.procedure union all select 'sejour', id::text from cimetiere.sejour
        union all select 'personne', id::text from cimetiere.personne union all select 'contrat', id::text from cimetiere.contrat
        union all select 'declaration', id::text from cimetiere.declaration",
    )
    .fetch_all(&mut town.owner)
    .await
    .unwrap();
    for (objet, id) in fiches {
        adresses.push(format!("{MODULE}/{objet}/{id}"));
        adresses.push(format!("/consulter/cimetiere/{objet}/{id}"));
        if matches!(objet.as_str(), "emplacement" | "procedure") {
            for onglet in ["contrat", "sejour", "operation", "travaux", "procedure", "etape_procedure"] {
                adresses.push(format!("{MODULE}/{objet}/{id}/onglets/{onglet}"));
            }
            adresses.push(format!("{MODULE}/{objet}/{id}/fichiers"));
            adresses.push(format!("{MODULE}/{objet}/{id}/historique"));
        }
    }
    adresses
}

#[test]
fn whatever_the_register_holds_the_public_finds_the_publishable_dead_and_nobody_living() {
    on_cemetery_town(async |town| {
        let monde = inscrits().new_tree(&mut TestRunner::default()).unwrap().current();
        monde_trace(town).await;
        peuple(town, &monde).await;
        // A write of the collectivité computes what was laid behind the server's back.
        let gestionnaire = agent(town, "99101", GESTIONNAIRE).await;
        let pose = json!({ "champs": { "libelle": "Second cimetière" }, "insee": "99101" });
        assert_eq!(gestionnaire.post(town, &format!("{MODULE}/cimetiere"), &pose).await.status, StatusCode::CREATED);

        let publiables: Vec<String> = (0..monde.len()).filter(|rang| monde[*rang].publiable()).map(marque).collect();
        assert!(publiables.len() > 10 && publiables.len() < monde.len() - 10, "a world with both");
        let (mut vues, mut ouvertes) = (Vec::new(), 0);
        let router = town.router();
        for adresse in adresses(town).await {
            let answer = demande(&router, &adresse).await;
            assert!(!answer.status.is_server_error(), "{adresse} {}", answer.text());
            ouvertes += usize::from(answer.status == StatusCode::OK);
            let ici = marques(&answer);
            let cachees: Vec<&String> = ici.iter().filter(|marque| !publiables.contains(marque)).collect();
            assert!(cachees.is_empty(), "{adresse} gives {cachees:?}\n{monde:?}\n{}", answer.text());
            vues.push((adresse, ici));
        }
        assert!(ouvertes > 150, "{ouvertes}");
        for ou in [
            &format!("{MODULE}/defunt?limite=1000"),
            &format!("{MODULE}/defunt?q=zq&limite=1000"),
            &format!("{MODULE}/defunt/geojson"),
        ] {
            let (_, la) = vues.iter().find(|(adresse, _)| adresse == ou).unwrap();
            assert_eq!(*la, publiables, "{ou}");
        }
        let mut pages: Vec<String> = vues
            .iter()
            .filter(|(adresse, _)| adresse.contains("defunt?nom=zq"))
            .flat_map(|(_, la)| la.clone())
            .collect();
        pages.sort();
        pages.dedup();
        assert_eq!(pages, publiables, "the search page, all its pages together");
        let fiches =
            vues.iter().filter(|(adresse, la)| adresse.starts_with("/consulter/cimetiere/defunt/") && !la.is_empty());
        assert_eq!(fiches.count(), publiables.len(), "a sheet each");
    });
}

async fn demande(router: &axum::Router, adresse: &str) -> Answer {
    use tower::ServiceExt as _;
    let request = axum::http::Request::get(adresse).body(axum::body::Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
    Answer { status: parts.status, headers: parts.headers, bytes }
}

/// A form as a browser sends it.
async fn envoie(town: &Town, champs: &[(&str, &str)], fichier: Option<(&str, &[u8])>) -> Answer {
    let mut corps = Vec::new();
    for (nom, valeur) in champs {
        corps.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{nom}\"\r\n\r\n{valeur}\r\n").into_bytes());
    }
    if let Some((nom, octets)) = fichier {
        corps.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"fichiers\"; filename=\"{nom}\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .into_bytes(),
        );
        corps.extend(octets);
        corps.extend(b"\r\n");
    }
    corps.extend(b"--b--\r\n");
    town.post_raw("/deposer/cimetiere/declaration", "multipart/form-data; boundary=b", corps).await
}

/// What stands between two texts of a page.
fn entre<'a>(texte: &'a str, avant: &str, apres: &str) -> &'a str {
    texte.split_once(avant).and_then(|(_, suite)| suite.split_once(apres)).map_or("", |(dit, _)| dit)
}

async fn pose(town: &Town, qui: &Agent, objet: &str, champs: Value) -> String {
    let corps = json!({ "champs": champs, "insee": "99101" });
    let answer = qui.post(town, &format!("{MODULE}/{objet}?finalite=cimetiere"), &corps).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{objet} {}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_public_searches_reads_notices_and_sends_a_form_that_is_never_read_back() {
    on_cemetery_town(async |town| {
        monde_trace(town).await;
        let folder = tempfile::tempdir().unwrap();
        town.config.data_dir = folder.path().to_owned();
        sqlx::raw_sql(include_str!("cimetiere_public.sql")).execute(&mut town.owner).await.unwrap();
        let qui = agent(town, "99101", GESTIONNAIRE).await;
        let place: String = sqlx::query_scalar("select id::text from cimetiere.emplacement where numero = '7'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let defunt =
            pose(town, &qui, "defunt", json!({ "nom": "Étoilée", "prenoms": "Fictive", "deces_le": "1987-03-02" }))
                .await;
        pose(town, &qui, "sejour", json!({ "defunt": defunt, "emplacement": place, "du": "1987-03-05" })).await;

        // Linked from the home page and the commune's; nothing is listed before something is asked.
        for page in ["/", "/commune/99101"] {
            assert!(town.get(page).await.text().contains("/consulter/cimetiere/defunt"), "{page}");
        }
        let vide = town.get("/consulter/cimetiere/defunt").await;
        assert_eq!(vide.header(&header::HeaderName::from_static("x-robots-tag")), "noindex, nofollow");
        assert!(!vide.text().contains("Étoilée") && vide.text().contains("<meta name=\"robots\" content=\"noindex\">"));
        for (requete, trouve) in [
            ("nom=etoilee", true),
            ("nom=ETOIL&prenom=fict&deces=1987", true),
            ("inhumation=1987", true),
            ("nom=etoilee&deces=1988", false),
            ("nom=%25%25", false),
        ] {
            let page = town.get(&format!("/consulter/cimetiere/defunt?{requete}")).await;
            assert_eq!(page.text().contains(&defunt), trouve, "{requete} {}", page.text());
        }
        for faute in ["nom=e", "deces=hier", "inhumation=0"] {
            let page = town.get(&format!("/consulter/cimetiere/defunt?{faute}")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{faute}");
            assert!(page.text().contains("aria-invalid=\"true\""), "{faute}");
        }
        let cimetiere: String = sqlx::query_scalar("select id::text from cimetiere.cimetiere order by libelle limit 1")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let la = town.get(&format!("/consulter/cimetiere/defunt?cimetiere={cimetiere}")).await.text();
        assert!(la.contains(&defunt) && la.contains("Cimetière du Val") && la.contains("/carte#20/"), "{la}");

        // Its sheet: where it rests, in words and on a plan.
        let fiche = town.get(&format!("/consulter/cimetiere/defunt/{defunt}")).await.text();
        for dit in [
            "Étoilée Fictive",
            "02/03/1987",
            "05/03/1987",
            "Cimetière du Val",
            "Allée des Essais n° 7",
            "class=\"plan-sujet\"",
            "/carte#20/",
        ] {
            assert!(fiche.contains(dit), "{dit}\n{fiche}");
        }
        assert!(!fiche.contains("Zq"), "{fiche}");
        // A public title names what is public, and nothing of what is not.
        let sejours = town.get(&format!("{MODULE}/sejour")).await.json();
        let titres: Vec<&str> =
            sejours["fiches"].as_array().unwrap().iter().map(|une| une["titre"].as_str().unwrap()).collect();
        assert!(titres.contains(&"Étoilée Fictive, Allée des Essais n° 7"), "{titres:?}");

        // Longer before one is published, or not at all: at once, for all.
        let reglage = pose(town, &qui, "reglage", json!({ "publication_delai": 36500 })).await;
        assert_eq!(town.get(&format!("/consulter/cimetiere/defunt/{defunt}")).await.status, StatusCode::NOT_FOUND);
        for (version, champs, status) in [
            ("\"1\"", json!({ "publication_delai": 0 }), StatusCode::OK),
            ("\"2\"", json!({ "publication_defunts": false }), StatusCode::NOT_FOUND),
            ("\"3\"", json!({ "publication_defunts": true }), StatusCode::OK),
        ] {
            let uri = format!("{MODULE}/reglage/{reglage}");
            let change = qui.patch(town, &uri, version, &json!({ "champs": champs })).await;
            assert_eq!(change.status, StatusCode::OK, "{}", change.text());
            assert_eq!(town.get(&format!("/consulter/cimetiere/defunt/{defunt}")).await.status, status, "{champs}");
        }

        avis(town, &place).await;
        formulaire(town, &qui, &cimetiere, &place).await;
    });
}

/// The notice of a procedure: its plot, its steps, what a family can do, and the form that knows of which plot one speaks.
async fn avis(town: &mut Town, place: &str) {
    let liste = town.get("/consulter/cimetiere/procedure").await.text();
    let adresse =
        format!("/consulter/cimetiere/procedure/{}", entre(&liste, "href=\"/consulter/cimetiere/procedure/", "\""));
    let avis = town.get(&adresse).await.text();
    for dit in [
        "Allée des Essais n° 7",
        "Premier procès-verbal",
        "Ce que peuvent faire les familles",
        "2223-17",
        "class=\"plan-sujet\"",
    ] {
        assert!(avis.contains(dit), "{dit}\n{avis}");
    }
    assert!(!avis.contains("Zq") && !avis.contains("R. 2223-99"), "{avis}");
    assert!(avis.contains(&format!("emplacement={place}")), "{avis}");
    sqlx::raw_sql("update cimetiere.procedure set etat = 'arretee'").execute(&mut town.owner).await.unwrap();
    assert_eq!(town.get(&adresse).await.status, StatusCode::NOT_FOUND);
}

async fn formulaire(town: &mut Town, qui: &Agent, cimetiere: &str, place: &str) {
    let uri = format!("/deposer/cimetiere/declaration?cimetiere={cimetiere}&emplacement={place}");
    let page = town.get(&uri).await.text();
    for dit in [
        "mission d&#39;intérêt public",
        "10 ans",
        "Allée des Essais n° 7",
        "autocomplete=\"family-name\"",
        "aria-describedby=\"aide-sepulture\"",
    ] {
        assert!(page.contains(dit), "{dit}\n{page}");
    }
    let jeton = entre(&page, "name=\"jeton\" value=\"", "\"").to_owned();
    let bons = [
        ("cimetiere", cimetiere),
        ("emplacement", place),
        ("sepulture", "Tombe Étoilée"),
        ("lien", "petite-fille"),
        ("nom", "Zqdeclarante"),
        ("prenoms", "Fictive"),
        ("adresse", "1 rue des Essais\r\nEscalier B"),
        ("code_postal", "99101"),
        ("ville", "Essai"),
        ("courriel", "zq@exemple.invalid"),
        ("jeton", jeton.as_str()),
    ];
    let sans = |nom: &str| bons.iter().copied().filter(|(un, _)| *un != nom).collect::<Vec<_>>();
    let avec =
        |nom: &'static str, valeur: &'static str| sans(nom).into_iter().chain([(nom, valeur)]).collect::<Vec<_>>();
    // Sooner than one reads: asked again, with a new token and what was written.
    let tot = envoie(town, &bons, None).await;
    assert_eq!(tot.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(tot.text().contains("Relisez") && tot.text().contains("Zqdeclarante"));
    tokio::time::sleep(Wait::from_millis(2_100)).await;
    for (champs, dit) in [
        (sans("nom"), "id=\"erreur-nom\""),
        (avec("nom", " "), "id=\"erreur-nom\""),
        (avec("code_postal", "0123456789abcdef"), "id=\"erreur-code_postal\""),
        (avec("cimetiere", "00000000-0000-4000-8000-000000000000"), "id=\"erreur-cimetiere\""),
        (avec("civilite", "prince"), "id=\"erreur-civilite\""),
        (avec("site_web", "https://exemple.invalid"), "Relisez"),
        (avec("jeton", "AAAA"), "Relisez"),
    ] {
        let refus = envoie(town, &champs, None).await;
        assert_eq!(refus.status, StatusCode::UNPROCESSABLE_ENTITY, "{dit}");
        assert!(refus.text().contains(dit), "{dit}\n{}", refus.text());
    }
    for (nom, octets) in [("acte.exe", &b"MZ"[..]), ("acte.pdf", b"<html>"), ("acte.csv", b"a;b")] {
        let refus = envoie(town, &bons, Some((nom, octets))).await;
        assert!(refus.text().contains("id=\"erreur-fichiers\""), "{nom} {}", refus.text());
    }
    let compte = "select count(*) from cimetiere.declaration where nom like 'Zqdecl%'";
    let nombre: i64 = sqlx::query_scalar(compte).fetch_one(&mut town.owner).await.unwrap();
    assert_eq!(nombre, 0, "nothing refused is kept");

    // Fields that the form does not ask are not written, whoever sends them.
    let plus: Vec<(&str, &str)> =
        bons.iter().copied().chain([("etat", "traitee"), ("numero", "D1"), ("contrat", place)]).collect();
    let recu = envoie(town, &plus, Some(("livret.pdf", b"%PDF-1.7"))).await;
    assert_eq!(recu.status, StatusCode::CREATED, "{}", recu.text());
    let numero = entre(&recu.text(), "le numéro <strong>", "</strong>").to_owned();
    assert!(numero.starts_with('D') && numero.ends_with("-0001"), "{numero}");
    // Sent twice, it is one.
    let encore = envoie(town, &plus, Some(("livret.pdf", b"%PDF-1.7"))).await;
    assert_eq!(entre(&encore.text(), "le numéro <strong>", "</strong>"), numero);
    let (id, etat): (String, String) =
        sqlx::query_as("select id::text, etat from cimetiere.declaration where nom = 'Zqdeclarante'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
    assert_eq!(etat, "recue");
    for lue in [
        format!("{MODULE}/declaration"),
        format!("{MODULE}/declaration/{id}"),
        format!("/consulter/cimetiere/declaration/{id}"),
    ] {
        let answer = town.get(&lue).await;
        assert!(answer.status.is_client_error() && !answer.text().contains("Zqdecl"), "{lue} {}", answer.text());
    }

    enregistre(town, qui, &id, &numero).await;

    // So many a day of one address, and no more.
    let mut jetons = Vec::new();
    for _ in 0..5 {
        let page = town.get(&uri).await.text();
        jetons.push(entre(&page, "name=\"jeton\" value=\"", "\"").to_owned());
    }
    tokio::time::sleep(Wait::from_millis(2_100)).await;
    let mut statuts = Vec::new();
    for jeton in &jetons {
        let champs: Vec<(&str, &str)> = sans("jeton").into_iter().chain([("jeton", jeton.as_str())]).collect();
        statuts.push(envoie(town, &champs, None).await.status.as_u16());
    }
    assert_eq!(statuts, [201, 201, 201, 201, 429], "five in all");
    let lisible = sqlx::query("select 1 from core.depot").execute(&town.pool).await;
    assert!(lisible.is_err(), "the server itself reads no address");
}

/// The clerk sees what was sent, and makes of it the person and the beneficiary in one step.
async fn enregistre(town: &mut Town, qui: &Agent, id: &str, numero: &str) {
    let tableau = qui.get(town, "/api/modules").await.text();
    assert!(tableau.contains("Déclarations d’ayants droit à traiter"));
    let fichiers = qui.get(town, &format!("{MODULE}/declaration/{id}/fichiers")).await;
    assert!(fichiers.text().contains("livret.pdf"), "{}", fichiers.text());
    let contrat: String =
        sqlx::query_scalar("select id::text from cimetiere.contrat limit 1").fetch_one(&mut town.owner).await.unwrap();
    let etape = qui
        .ask(
            town,
            axum::http::Method::POST,
            &format!("{MODULE}/declaration/{id}/etapes/rattacher?finalite=cimetiere"),
            &[(header::IF_MATCH, "\"1\"")],
            Some(&json!({ "champs": { "contrat": contrat } })),
        )
        .await;
    assert_eq!(etape.status, StatusCode::OK, "{}", etape.text());
    let source: String = sqlx::query_scalar(
        "select a.source from cimetiere.ayant_droit a join cimetiere.personne p on p.id = a.personne where p.nom = 'Zqdeclarante' and a.lien = 'petite-fille'",
    )
    .fetch_one(&mut town.owner)
    .await
    .unwrap();
    assert!(source.contains(numero), "{source}");
}
