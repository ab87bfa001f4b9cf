//! Tiles as they are sent: properties wanted, codings, what is kept and for whom, what operators are told.

use axum::http::{StatusCode, header};
use finage_tiles::TileCoord;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::agents::{Agent, Tenu, agent, milieu, monde_trace};
use crate::harness::{Town, on_empty_town, on_sample_town};
use crate::mvt::{Feature, layers};
use crate::tiles::centre;
use finage::services::tiles::Origin;

const OBJETS: &str = "/api/modules/objets_trouves/objet";
const COUCHE: &str = "objets_trouves_objet";
const AGENT: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };

async fn address(town: &mut Town, list: &str, zoom: u8) -> String {
    let tile = centre(town, zoom).await;
    format!("/tiles/{list}/{zoom}/{}/{}", tile.x(), tile.y())
}

fn properties(features: &[Feature]) -> Vec<Vec<&str>> {
    features.iter().map(|feature| feature.properties.keys().map(String::as_str).collect()).collect()
}

#[test]
fn features_have_the_properties_asked_for_alone() {
    on_sample_town(async |town| {
        let path = address(town, "parcelles,troncons", 16).await;
        let whole = layers(&town.get(&path).await.bytes);
        // By PostGIS, then from snapshots.
        for _ in 0..2 {
            let few = layers(&town.get(&format!("{path}?fields=numero,genre")).await.bytes);
            for (layer, field) in [("parcelles", "numero"), ("troncons", "genre")] {
                assert_eq!(few[layer].len(), whole[layer].len());
                for (less, more) in properties(&few[layer]).into_iter().zip(properties(&whole[layer])) {
                    assert_eq!(less, [field]);
                    assert!(more.len() > 1);
                }
            }
            let none = layers(&town.get(&format!("{path}?fields=")).await.bytes);
            assert!(none["parcelles"].iter().all(|parcelle| parcelle.properties.is_empty()));
            for unknown in ["proprietaire", "idu;drop", "nom,absent", "é"] {
                let refused = town.get(&format!("{path}?fields=idu,{unknown}")).await;
                assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{unknown}");
                assert!(refused.json()["detail"].as_str().unwrap().contains("propriété"), "{unknown}");
            }
            town.sert().await;
        }
    });
}

#[test]
fn a_tile_is_the_same_in_every_coding_and_is_made_once_for_all_who_ask() {
    on_sample_town(async |town| {
        town.sert().await;
        let path = address(town, "parcelles,batiments", 15).await;
        let plain = town.get(&path).await;
        let mut etags = vec![plain.header(&header::ETAG).to_owned()];
        for coding in ["gzip", "br", "zstd"] {
            let before = town.server().tiles().measures().tiles(Origin::Snapshot);
            let headers = [(header::ACCEPT_ENCODING, coding)];
            let answers = join_all((0..20).map(|_| town.get_with(&path, &headers))).await;
            assert_eq!(town.server().tiles().measures().tiles(Origin::Snapshot), before + 1, "{coding}");
            for answer in answers {
                assert_eq!(answer.header(&header::CONTENT_ENCODING), coding);
                assert!(answer.header(&header::VARY).contains("accept-encoding"));
                assert_eq!(unpacked(coding, &answer.bytes), plain.bytes, "{coding}");
                etags.push(answer.header(&header::ETAG).to_owned());
            }
        }
        etags.dedup();
        assert_eq!(etags.len(), 1, "a tile is recognised however it is coded");
    });
}

fn unpacked(coding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match coding {
        "gzip" => std::io::copy(&mut flate2::read::GzDecoder::new(bytes), &mut plain).map(|_| ()).unwrap(),
        "br" => brotli::BrotliDecompress(&mut &*bytes, &mut plain).unwrap(),
        _ => plain = zstd::stream::decode_all(bytes).unwrap(),
    }
    plain
}

#[test]
fn the_address_of_a_version_is_kept_for_good_until_an_import() {
    on_sample_town(async |town| {
        let path = address(town, "parcelles", 16).await;
        let template = town.get("/tiles/parcelles").await.json()["tiles"][0].as_str().unwrap().to_owned();
        let early = town.get(&format!("{path}?{}", template.split_once('?').unwrap().1)).await;
        assert!(!early.header(&header::CACHE_CONTROL).contains("immutable"), "a snapshot is to come");
        town.sert().await;
        let path = address(town, "parcelles", 16).await;
        let versioned = async |town: &Town| {
            let document = town.get("/tiles/parcelles").await;
            assert_eq!(document.header(&header::CACHE_CONTROL), "no-cache");
            let template = document.json()["tiles"][0].as_str().unwrap().to_owned();
            format!("{path}?{}", template.split_once('?').unwrap().1)
        };
        let first = versioned(town).await;
        let kept = town.get(&first).await;
        assert!(kept.header(&header::CACHE_CONTROL).contains("immutable"));
        assert!(!town.get(&path).await.header(&header::CACHE_CONTROL).contains("immutable"));
        sqlx::raw_sql(
            "update cadastre.parcelle set contenance = contenance + 1; update core.couche set version = version + 1 where id = 'parcelles'",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        town.attend_les_versions().await;
        town.suit().await;
        let after = town.get(&first).await;
        assert_ne!(after.bytes, kept.bytes, "an old address shows what is now");
        assert!(!after.header(&header::CACHE_CONTROL).contains("immutable"));
        let second = versioned(town).await;
        assert_ne!(second, first);
        assert_eq!(town.get(&second).await.bytes, after.bytes);
    });
}

async fn depose(town: &Town, who: &Agent, point: &Value) -> String {
    let champs = json!({ "designation": "Parapluie", "categorie": "parapluie", "trouve_le": "2026-05-03" });
    let answer = who.post(town, OBJETS, &json!({ "champs": champs, "geometrie": point })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_edit_makes_its_own_tiles_again_and_leaves_the_others_kept() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        let (who, other) = (agent(town, "99101", AGENT).await, agent(town, "99102", AGENT).await);
        let (here, there) = (milieu(town, "99101").await, milieu(town, "99102").await);
        let (one, _) = (depose(town, &who, &here).await, depose(town, &other, &there).await);
        town.sert().await;
        let tile = |point: &Value, zoom| {
            let at = |rank: usize| point["coordinates"][rank].as_f64().unwrap();
            let tile = TileCoord::containing(at(0), at(1), zoom);
            format!("/tiles/{COUCHE}/{zoom}/{}/{}", tile.x(), tile.y())
        };
        let (mine, theirs) = (tile(&here, 17), tile(&there, 17));
        assert_ne!(mine, theirs);
        let made = |town: &Town| town.server().tiles().measures().tiles(Origin::Snapshot);
        let kept = |town: &Town| town.server().tiles().measures().tiles(Origin::Kept);
        let first = who.get(town, &mine).await;
        assert_eq!(first.status, StatusCode::OK);
        assert_eq!(first.header(&header::CACHE_CONTROL), "private, no-cache");
        assert!(first.header(&header::VARY).contains("cookie"));
        other.get(town, &theirs).await;
        assert_eq!((made(town), kept(town)), (2, 0));
        who.get(town, &mine).await;
        other.get(town, &theirs).await;
        assert_eq!((made(town), kept(town)), (2, 2));
        // Another's look at the same tile is another tile.
        assert_eq!(other.get(town, &mine).await.status, StatusCode::NO_CONTENT);
        assert_eq!((made(town), kept(town)), (3, 2));

        sqlx::query("update objets_trouves.objet set categorie = 'vetement' where id = $1::text::uuid")
            .bind(&one)
            .execute(&mut town.owner)
            .await
            .unwrap();
        town.suit().await;
        let etag = first.header(&header::ETAG).to_owned();
        let again = who.get(town, &mine).await;
        assert_ne!(again.header(&header::ETAG), etag);
        assert_eq!(layers(&again.bytes)[COUCHE][0].properties["categorie"], json!("vetement"));
        other.get(town, &theirs).await;
        assert_eq!((made(town), kept(town)), (4, 3));
        // A forbidden property is refused in the words of one that does not exist.
        let refused = async |field: &str| {
            let answer = who.get(town, &format!("{mine}?fields={field}")).await;
            (answer.status, answer.json()["detail"].as_str().unwrap().replace(field, "…"))
        };
        let (absent, closed) = (refused("absente").await, refused("inventeur").await);
        assert_eq!(absent, closed);
        assert_eq!(absent.0, StatusCode::BAD_REQUEST);
        let few = who.get(town, &format!("{mine}?fields=categorie")).await;
        assert_eq!(properties(&layers(&few.bytes)[COUCHE]), [["categorie"]]);
    });
}

#[test]
fn operators_are_told_how_far_each_layer_is_behind() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        let who = agent(town, "99101", AGENT).await;
        let point = milieu(town, "99101").await;
        depose(town, &who, &point).await;
        let before = who.get(town, "/tiles/catalog").await.json();
        assert_eq!(before["tiles"][COUCHE]["source"], "postgis");
        town.sert().await;
        let of = |catalog: Value| catalog["tiles"][COUCHE].clone();
        let in_step = of(who.get(town, "/tiles/catalog").await.json());
        assert_eq!((&in_step["source"], &in_step["changements"]), (&json!("instantane"), &json!(0)));
        depose(town, &who, &point).await;
        depose(town, &who, &point).await;
        let behind = of(who.get(town, "/tiles/catalog").await.json());
        assert_eq!(behind["changements"], 2);
        assert!(behind["retard_ms"].as_u64().unwrap() < 60_000);
        town.suit().await;
        assert_eq!(of(who.get(town, "/tiles/catalog").await.json())["changements"], 0);

        let metrics = town.get("/metrics").await;
        assert_eq!(metrics.status, StatusCode::OK);
        let text = metrics.text();
        for line in [
            format!("finage_instantane_lignes{{couche=\"{COUCHE}\"}} 3"),
            format!("finage_instantane_changements_attendus{{couche=\"{COUCHE}\"}} 0"),
            "finage_tuiles_total{source=\"cache\"} 0".to_owned(),
        ] {
            assert!(text.contains(&line), "{line} is not in {text}");
        }
        town.config.metriques = vec!["192.0.2.1".parse().unwrap()];
        town.relance().await;
        assert_eq!(town.get("/metrics").await.status, StatusCode::FORBIDDEN);
        // A stranger is not told of layers that are not open to it.
        let open: Vec<String> =
            town.get("/tiles/catalog").await.json()["tiles"].as_object().unwrap().keys().cloned().collect();
        assert!(open.contains(&"parcelles".to_owned()) && !open.contains(&"annotations".to_owned()), "{open:?}");
    });
}
