//! The plan of a cemetery: plots made in series along a line, counted, found on foot.

use axum::http::{Method, StatusCode, header};
use finage_cimetiere::{Annee, Autonomie, autonomie};
use serde_json::{Value, json};

use crate::agents::{Agent, Tenu, agent, milieu, monde_trace};
use crate::harness::{Answer, Town, on_cemetery_town};

const MODULE: &str = "/api/modules/cimetiere";

const fn tenu(role: &'static str) -> Tenu<'static> {
    Tenu { role, finalites: &["cimetiere"], communes: None }
}

/// A place so many metres to the east and to the north of another.
fn la(de: &Value, est: f64, nord: f64) -> Value {
    let (lon, lat) = (de["coordinates"][0].as_f64().unwrap(), de["coordinates"][1].as_f64().unwrap());
    json!([lon + est / (111_320.0 * lat.to_radians().cos()), lat + nord / 111_320.0])
}

async fn fait(town: &Town, who: &Agent, objet: &str, champs: Value, geometrie: Value) -> String {
    let corps = json!({ "champs": champs, "geometrie": geometrie });
    let answer = who.post(town, &format!("{MODULE}/{objet}"), &corps).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{objet} {}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn serie(town: &Town, who: &Agent, cle: &str, demande: &Value) -> Answer {
    let cle = [(header::HeaderName::from_static("idempotency-key"), cle)];
    who.ask(town, Method::POST, &format!("{MODULE}/emplacement/serie"), &cle, Some(demande)).await
}

/// As many plots granted, so many years ago.
const ACCORDES: &str = "insert into cimetiere.contrat (collectivite, insee, numero, emplacement, genre, duree, etat, acte_le, debut_le, fin_le, prix)
    select e.collectivite, e.insee, 'A-' || $1 || '-' || e.numero, e.id, 'achat', 'trentenaire', 'signe', d.le, d.le, d.le + 10957, 400
    from (select * from cimetiere.emplacement where archivee_le is null order by id limit $2) e,
        (select make_date(extract(year from core.jour('99101'))::integer - $1, 6, 1) as le) d";

/// A plot is found by what it is called, numbers of one figure among its words.
async fn se_trouve(town: &Town, clerc: &Agent, fiche: &Value) {
    let trouve = async |texte: &str| {
        let q = texte.bytes().fold(String::new(), |q, octet| q + &format!("%{octet:02X}"));
        let page = clerc.get(town, &format!("{MODULE}/emplacement?q={q}")).await.json();
        page["fiches"].as_array().unwrap().iter().any(|une| une["id"] == fiche["id"])
    };
    let titre = fiche["titre"].as_str().unwrap();
    assert!(titre.split(' ').any(|mot| mot.len() < 3 && mot.parse::<u8>().is_ok()), "{titre}");
    assert!(trouve(titre).await && trouve(&titre.to_uppercase()).await, "{titre}");
    assert!(!trouve(&format!("{titre} 97")).await, "{titre} 97");
}

/// Three years of grants: the table says what the rule of the cemetery says.
async fn annees_de_reserve(town: &mut Town, clerc: &Agent) {
    let annees = [(1, 5), (2, 2), (3, 1)];
    for (avant, octrois) in annees {
        sqlx::query(ACCORDES).bind(avant).bind(i64::from(octrois)).execute(&mut town.owner).await.unwrap();
    }
    let bilan = clerc.get(town, "/api/bilans/cimetiere/prevision?parametres=annees:3").await.json();
    let ligne = &bilan["tables"][0]["lignes"][0];
    let libres = ligne[3].as_str().unwrap().parse().unwrap();
    let comptees = annees.map(|(_, octrois)| Annee { octrois, liberations: 0 });
    let Autonomie::Annees(attendue) = autonomie(libres, &comptees) else { panic!("{ligne}") };
    assert_eq!(ligne[7].as_str().unwrap(), attendue.to_string(), "{ligne}");
}

#[test]
fn plots_are_made_in_series_counted_and_found() {
    on_cemetery_town(async |town| {
        monde_trace(town).await;
        let clerc = agent(town, "99101", tenu("cimetiere_agent")).await;
        let chef = agent(town, "99101", tenu("cimetiere_gestionnaire")).await;
        let lecteur = agent(town, "99101", tenu("cimetiere_consultation")).await;
        let voisin = agent(town, "99102", tenu("cimetiere_agent")).await;
        let ici = milieu(town, "99101").await;
        let ligne =
            |nord: f64| json!({ "type": "LineString", "coordinates": [la(&ici, 0.0, nord), la(&ici, 20.0, nord)] });
        let carre = json!({ "type": "Polygon", "coordinates": [[la(&ici, -5.0, -5.0), la(&ici, 30.0, -5.0), la(&ici, 30.0, 12.0), la(&ici, -5.0, 12.0), la(&ici, -5.0, -5.0)]] });
        let cimetiere = fait(town, &chef, "cimetiere", json!({ "libelle": "Cimetière du Val" }), carre.clone()).await;
        let secteur =
            fait(town, &chef, "secteur", json!({ "cimetiere": cimetiere, "libelle": "Carré A" }), carre).await;
        let allee =
            fait(town, &chef, "allee", json!({ "cimetiere": cimetiere, "libelle": "Allée A" }), ligne(0.0)).await;
        let porte = json!({ "type": "Point", "coordinates": la(&ici, -4.0, 0.0) });
        fait(town, &chef, "entree", json!({ "cimetiere": cimetiere, "libelle": "Porte du Val" }), porte).await;
        let communs = json!({ "cimetiere": cimetiere, "secteur": secteur, "allee": allee, "nature": "concession", "places_cercueil": 2 });

        // Given the alley as the line; when it is shown; then nothing is written.
        let demande = json!({ "rangees": 2, "colonnes": 5, "ordre": "serpentin", "champs": communs });
        let apercu = clerc.post(town, &format!("{MODULE}/emplacement/serie/apercu"), &demande).await;
        assert_eq!(apercu.status, StatusCode::OK, "{}", apercu.text());
        let vu = apercu.json();
        assert_eq!(vu["fiches"].as_array().unwrap().len(), 10);
        assert_eq!((&vu["fiches"][5]["numero"], &vu["fiches"][9]["numero"]), (&json!("10"), &json!("6")));
        assert!((vu["ligne_m"].as_f64().unwrap() - 20.0).abs() < 0.2, "{}", vu["ligne_m"]);
        assert!(vu["fiches"].as_array().unwrap().iter().all(|une| une["chevauche"] == false && une["dehors"] == false));
        assert_eq!(clerc.get(town, &format!("{MODULE}/emplacement")).await.json()["total"], 0);

        // When it is made; then all are there, free, of the size that was asked, and a second time is refused.
        let faite = serie(town, &clerc, "une", &demande).await;
        assert_eq!(faite.status, StatusCode::CREATED, "{}", faite.text());
        let premiere = faite.json()["id"].as_str().unwrap().to_owned();
        let page = clerc.get(town, &format!("{MODULE}/emplacement?sort=ordre")).await.json();
        assert_eq!((&page["total"], &page["fiches"][0]["titre"]), (&json!(10), &json!("Allée A n° 1")));
        assert_eq!(page["fiches"][0]["champs"]["statut"], "libre");
        let surface: f64 = page["fiches"][0]["champs"]["surface_plan"].as_str().unwrap().parse().unwrap();
        assert!((surface - 1.4 * 2.4).abs() < 0.03, "{surface}");
        let encore = serie(town, &clerc, "une", &demande).await;
        assert_eq!(
            (encore.status, encore.json()["id"].as_str()),
            (StatusCode::OK, Some(premiere.as_str())),
            "one key, once"
        );
        let encore = serie(town, &clerc, "deux", &demande).await;
        assert_eq!(encore.status, StatusCode::CONFLICT);
        assert!(encore.text().contains("déjà pris"), "{}", encore.text());

        // Two at once at the same place: one is made, the other is told.
        let autre = |prefixe: &str, accepter: bool| json!({ "ligne": ligne(-2.0), "cote": "droite", "colonnes": 3, "longueur": 2.0, "recul": 0.0, "prefixe": prefixe, "champs": communs, "accepter": accepter });
        let (un, deux) = (autre("B", false), autre("C", false));
        let (un, deux) = futures::join!(serie(town, &clerc, "b", &un), serie(town, &chef, "c", &deux));
        let mut statuts = [un.status, deux.status];
        statuts.sort_unstable();
        assert_eq!(statuts, [StatusCode::CREATED, StatusCode::CONFLICT], "{} {}", un.text(), deux.text());
        let refus = if un.status == StatusCode::CONFLICT { &un } else { &deux };
        assert!(refus.text().contains("chevauchent"), "{}", refus.text());
        let dehors = json!({ "ligne": ligne(11.0), "colonnes": 3, "premier": 50, "champs": communs });
        let dehors = serie(town, &clerc, "d", &dehors).await;
        assert!(dehors.status == StatusCode::CONFLICT && dehors.text().contains("sortent"), "{}", dehors.text());

        // Rights: who only looks makes nothing; a neighbour sees and undoes nothing.
        assert_eq!(serie(town, &lecteur, "e", &demande).await.status, StatusCode::FORBIDDEN);
        assert_eq!(voisin.get(town, &format!("{MODULE}/emplacement/serie")).await.json(), json!([]));
        let annule = |id: &str| format!("{MODULE}/emplacement/serie/{id}/annuler");
        let refus = voisin.ask(town, Method::POST, &annule(&premiere), &[], None).await;
        assert_eq!(refus.status, StatusCode::NOT_FOUND, "{}", refus.text());

        // A plot that serves keeps its series; the other goes whole, once.
        let place = page["fiches"][0]["id"].as_str().unwrap();
        let champs = json!({ "emplacement": place, "duree": "trentenaire" });
        let contrat =
            clerc.post(town, &format!("{MODULE}/contrat"), &json!({ "champs": champs, "insee": "99101" })).await;
        assert_eq!(contrat.status, StatusCode::CREATED, "{}", contrat.text());
        let garde = clerc.ask(town, Method::POST, &annule(&premiere), &[], None).await;
        assert!(garde.status == StatusCode::CONFLICT && garde.text().contains("servent"), "{}", garde.text());
        let series = clerc.get(town, &format!("{MODULE}/emplacement/serie")).await.json();
        assert_eq!(series.as_array().unwrap().len(), 2);
        let seconde = series[0]["id"].as_str().unwrap();
        let faite = clerc.ask(town, Method::POST, &annule(seconde), &[], None).await;
        assert_eq!((faite.status, faite.json()), (StatusCode::OK, json!({ "archivees": 3 })));
        assert_eq!(clerc.ask(town, Method::POST, &annule(seconde), &[], None).await.status, StatusCode::CONFLICT);
        assert_eq!(clerc.get(town, &format!("{MODULE}/emplacement")).await.json()["total"], 10);

        // The way to the farthest plot, for all.
        let loin = page["fiches"][4]["id"].as_str().unwrap();
        let chemin = format!("{MODULE}/emplacement/{loin}/itineraire");
        for lu in [town.get(&chemin).await, clerc.get(town, &chemin).await] {
            assert_eq!(lu.status, StatusCode::OK, "{}", lu.text());
            let lu = lu.json();
            assert_eq!(lu["suivi"], true, "{lu}");
            assert!(lu["phrase"].as_str().unwrap().starts_with("Depuis « Porte du Val » : Allée A ("), "{lu}");
            // Four metres to the alley, seven and a half along it, one point seven to the middle of the plot.
            assert!((12..=15).contains(&lu["metres"].as_i64().unwrap()), "{lu}");
        }

        se_trouve(town, &clerc, &page["fiches"][4]).await;

        // Figures: ten plots, all free; nothing was granted yet.
        let bilan = clerc.get(town, "/api/bilans/cimetiere/prevision?parametres=annees:3").await;
        assert_eq!(bilan.status, StatusCode::OK, "{}", bilan.text());
        let bilan = bilan.json();
        assert_eq!(bilan["parametres"][0]["valeur"], 3);
        assert_eq!(
            bilan["tables"][0]["lignes"][0],
            json!(["Cimetière du Val", "Concession", "10", "10", "0", null, null, null, "Aucune année à compter"])
        );
        assert_eq!(town.get("/api/bilans/cimetiere/prevision").await.status, StatusCode::UNAUTHORIZED);
        annees_de_reserve(town, &clerc).await;

        // The map by end-year is another style of the layer.
        let style = clerc.get(town, "/styles/cimetiere_emplacement.emplacement_echeance.json").await;
        assert_eq!(style.json()["metadata"]["finage:groupes"][0]["legende"][1]["libelle"], "2020 à 2029");
        assert_eq!(clerc.get(town, "/styles/cimetiere_emplacement.autre.json").await.status, StatusCode::NOT_FOUND);
    });
}
