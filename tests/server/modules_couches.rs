//! Layers of modules: filtered as lists are, drawn for the public where it reads, styled from the registry.

use axum::http::{StatusCode, header};
use finage_tiles::TileCoord;
use serde_json::{Value, json};

use crate::agents::{Tenu, agent, milieu};
use crate::harness::{Answer, Town, on_empty_town};
use crate::modules_etapes::{AGENT, emplacement, etape, installe};

const LAYER: &str = "concessions_emplacement";

/// The tile in which every place of these tests lies.
async fn place(town: &mut Town) -> String {
    let point = milieu(town, "99101").await;
    let [lon, lat] = [0, 1].map(|rank| point["coordinates"][rank].as_f64().unwrap());
    let tile = TileCoord::containing(lon, lat, 14);
    format!("/tiles/{LAYER}/{}/{}/{}", tile.z(), tile.x(), tile.y())
}

/// Whether a text stands in a tile: an MVT holds its values in clear.
fn holds(tile: &Answer, text: &str) -> bool {
    tile.bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_layer_is_filtered_as_its_list() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        emplacement(town, &agent_, "zqun", "caveau").await;
        let occupe = emplacement(town, &agent_, "zqdeux", "pleine_terre").await;
        assert_eq!(etape(town, &agent_, &occupe, "occuper", "\"1\"", &json!({})).await.status, StatusCode::OK);
        let tile = place(town).await;
        let all = agent_.get(town, &tile).await;
        assert!(holds(&all, "zqun") && holds(&all, "zqdeux"), "{}", all.status);
        for (query, first, second) in [
            ("filter=nature%20%3D%20%27caveau%27", true, false),
            ("liste=libres", true, false),
            ("q=zqdeux", false, true),
            ("q=zqun&filter=nature%20%3D%20%27pleine_terre%27", false, false),
            ("archivees=true", false, false),
        ] {
            let one = agent_.get(town, &format!("{tile}?{query}")).await;
            assert_eq!((holds(&one, "zqun"), holds(&one, "zqdeux")), (first, second), "{query}");
            assert!(one.header(&header::CACHE_CONTROL).starts_with("private"), "{query}");
        }
        for query in ["filter=inconnu%20%3D%201", "filter=(((", "liste=inconnue", "q=%00&filter=nature"] {
            assert_eq!(agent_.get(town, &format!("{tile}?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
        }
        let two = tile.replace(LAYER, &format!("{LAYER},communes"));
        assert_eq!(agent_.get(town, &two).await.status, StatusCode::OK);
        assert_eq!(agent_.get(town, &format!("{two}?q=zqun")).await.status, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn the_public_sees_the_rows_and_fields_opened_to_it_and_no_other() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        emplacement(town, &agent_, "zqun", "caveau").await;
        let occupe = emplacement(town, &agent_, "zqdeux", "pleine_terre").await;
        assert_eq!(etape(town, &agent_, &occupe, "occuper", "\"1\"", &json!({})).await.status, StatusCode::OK);
        let tile = place(town).await;
        let lecteur = agent(town, "99101", Tenu { role: "lecteur", ..Tenu::default() }).await;
        for seen in [town.get(&tile).await, lecteur.get(town, &tile).await] {
            assert_eq!(seen.status, StatusCode::OK);
            assert!(holds(&seen, "caveau") && !holds(&seen, "zqun"), "a field that is not published");
            assert!(!holds(&seen, "pleine_terre"), "a row that is not open");
        }
        assert_eq!(town.get(&format!("{tile}?filter=etat%20%3D%20%27libre%27")).await.status, StatusCode::BAD_REQUEST);
        // Unchanged, it costs nothing; a row that closes shows at once.
        let first = town.get(&tile).await;
        let etag = first.header(&header::ETAG).to_owned();
        let again = town.get_with(&tile, &[(header::IF_NONE_MATCH, &etag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        sqlx::query("update concessions.emplacement set archivee_le = now()").execute(&mut town.owner).await.unwrap();
        assert_eq!(town.get_with(&tile, &[(header::IF_NONE_MATCH, &etag)]).await.status, StatusCode::NO_CONTENT);

        let json_ = town.get(&format!("/tiles/{LAYER}")).await.json();
        let fields: Vec<&String> = json_["vector_layers"][0]["fields"].as_object().unwrap().keys().collect();
        assert_eq!(fields, ["id", "nature"]);
        // What opens no row to the public is not known to it.
        town.installe("objets_trouves").await;
        let both = town.get("/api/configuration").await.json();
        let ids: Vec<&Value> = both["couches"].as_array().unwrap().iter().map(|une| &une["id"]).collect();
        assert_eq!(ids, ["concessions_emplacement", "objets_trouves_objet"]);
        assert_eq!(town.get("/tiles/concessions_contrat").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_layer_is_styled_by_the_state_it_publishes_with_a_legend() {
    on_empty_town(async |town| {
        installe(town).await;
        let agent_ = agent(town, "99101", AGENT).await;
        let style = agent_.get(town, &format!("/styles/{LAYER}.json")).await.json();
        let group = &style["metadata"]["finage:groupes"][0];
        assert_eq!(group["theme"], "Concessions d'essai", "{style}");
        let legend: Vec<&Value> = group["legende"].as_array().unwrap().iter().map(|entry| &entry["libelle"]).collect();
        assert_eq!(legend, ["Libre", "Occupé"]);
        assert_eq!(style["layers"][0]["paint"]["fill-color"][1], json!(["get", "etat"]));
        assert_eq!((&style["layers"][0]["source-layer"], &style["layers"][0]["type"]), (&json!(LAYER), &json!("fill")));
        // The public has no state: the nature colours.
        let open = town.get("/styles/modules.json").await.json();
        assert_eq!(open["layers"][0]["paint"]["fill-color"][1], json!(["get", "nature"]), "{open}");
        assert!(open["sources"][LAYER]["url"].as_str().unwrap().ends_with(&format!("/tiles/{LAYER}")));
        assert_eq!(town.get("/styles/concessions_contrat.json").await.status, StatusCode::NOT_FOUND);
        assert_eq!(town.get("/styles/annotations.json").await.status, StatusCode::OK);
    });
}
