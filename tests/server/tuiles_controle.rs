//! `finage tiles verify` and `rebuild`: what differs from PostGIS is found and named, and servers then draw what is right.

use std::process::Output;
use std::time::Duration;

use axum::http::StatusCode;
use finage_tiles::TileCoord;
use serde_json::{Value, json};
use sqlx::Executor as _;

use crate::agents::{Tenu, agent, milieu, monde_trace};
use crate::harness::{Town, on_empty_town, on_sample_town};
use crate::mvt::layers;
use crate::tiles::centre;
use crate::tuiles_commandes::{said, stderr, tiles};

const OBJETS: &str = "/api/modules/objets_trouves/objet";
const COUCHE: &str = "objets_trouves_objet";

/// What is said of a layer.
fn of(output: &Output, layer: &str) -> Value {
    let report = said(output);
    report["couches"].as_array().unwrap().iter().find(|one| one["couche"] == layer).unwrap().clone()
}

async fn verify(town: &Town, code: i32) -> Output {
    let output = tiles(town, &["verify", "--json"]).await;
    assert_eq!(output.status.code(), Some(code), "{}{}", stderr(&output), String::from_utf8_lossy(&output.stdout));
    output
}

/// Waits for the end of transactions of other tests: as long as one is open, the changes after it are read again with each check.
async fn settled(town: &mut Town) {
    let open =
        "select exists (select from core.changement where transaction >= pg_snapshot_xmin(pg_current_snapshot()))";
    for _ in 0..600 {
        if !sqlx::query_scalar::<_, bool>(open).fetch_one(&mut town.owner).await.unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("a transaction stays open");
}

#[test]
fn each_row_that_is_not_as_in_postgis_is_named() {
    on_sample_town(async |town| {
        let none = verify(town, 0).await;
        assert_eq!(of(&none, "parcelles")["etat"], "absent");
        town.sert().await;
        let same = verify(town, 0).await;
        let rows: i64 =
            sqlx::query_scalar("select count(*) from cadastre.parcelle").fetch_one(&mut town.owner).await.unwrap();
        let found = of(&same, "parcelles");
        assert_eq!(
            (&found["etat"], &found["lignes"], &found["ecarts"]),
            (&json!("conforme"), &json!(rows), &json!([]))
        );
        // Labels have rows of their own at each level.
        assert!(of(&same, "labels")["lignes"].as_i64().unwrap() > rows);

        // Behind the engine's back: no version moves.
        let keys: Vec<String> = sqlx::query_scalar("select idu from cadastre.parcelle order by idu limit 3")
            .fetch_all(&mut town.owner)
            .await
            .unwrap();
        for (sql, key) in [
            ("update cadastre.parcelle set contenance = 123456789 where idu = $1", &keys[0]),
            ("update cadastre.parcelle set geom = st_translate(geom, 1, 0) where idu = $1", &keys[1]),
            ("delete from cadastre.parcelle where idu = $1", &keys[2]),
            (
                "insert into cadastre.lieu_dit select (jsonb_populate_record(l, jsonb_build_object('cle', $1::text))).* from cadastre.lieu_dit l limit 1",
                &"neuf".to_owned(),
            ),
        ] {
            sqlx::query(sql).bind(key).execute(&mut town.owner).await.unwrap();
        }
        let found = of(&verify(town, 1).await, "parcelles");
        assert_eq!(found["etat"], "different");
        let wrong = found["ecarts"].as_array().unwrap();
        assert_eq!(wrong.len(), 3, "{wrong:#?}");
        assert_eq!(
            (&wrong[0]["cle"], &wrong[0]["quoi"], &wrong[0]["champ"]),
            (&json!(keys[0]), &json!("valeur"), &json!("contenance"))
        );
        assert_eq!(wrong[0]["postgis"], "123456789");
        assert_eq!((&wrong[1]["cle"], &wrong[1]["quoi"]), (&json!(keys[1]), &json!("forme")));
        assert_eq!((&wrong[2]["cle"], &wrong[2]["quoi"]), (&json!(keys[2]), &json!("en_trop")));
        let found = of(&verify(town, 1).await, "lieux_dits");
        assert_eq!((&found["ecarts"][0]["cle"], &found["ecarts"][0]["quoi"]), (&json!("neuf"), &json!("manque")));

        // For people: a bounded list, and the count.
        let told = tiles(town, &["verify", "--layer", "parcelles"]).await;
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(text.contains("3 écarts") && text.contains(&keys[0]) && text.contains("contenance"), "{text}");
        assert!(stderr(&told).contains("rebuild --layer parcelles"), "{}", stderr(&told));
        town.owner.execute("update cadastre.parcelle set numero = numero + 1").await.unwrap();
        let told = tiles(town, &["verify", "--layer", "parcelles"]).await;
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(text.lines().count() < 30 && text.contains("autres"), "{text}");
        let found = of(&verify(town, 1).await, "parcelles");
        assert!(i64::try_from(found["ecarts"].as_array().unwrap().len()).unwrap() >= rows - 1);
    });
}

#[test]
fn a_damaged_file_is_named_and_one_of_another_moment_is_no_fault() {
    on_sample_town(async |town| {
        town.sert().await;
        let file = town.config.data_dir.join("instantanes/batiments.instantane");
        let written = std::fs::read(&file).unwrap();
        let mut damaged = written.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 1;
        for broken in [damaged, written[..written.len() - 9].to_vec(), Vec::new()] {
            std::fs::write(&file, &broken).unwrap();
            let found = of(&verify(town, 1).await, "batiments");
            assert_eq!(found["etat"], "abime");
            assert!(found["cause"].as_str().unwrap().contains("batiments.instantane"), "{found}");
        }
        std::fs::write(&file, &written).unwrap();
        town.owner.execute("update core.couche set version = version + 1 where id = 'batiments'").await.unwrap();
        let output = verify(town, 0).await;
        assert_eq!(
            (&of(&output, "batiments")["etat"], &of(&output, "sections")["etat"]),
            (&json!("depasse"), &json!("conforme"))
        );
    });
}

#[test]
fn the_layer_of_a_module_is_held_with_its_changes_and_built_again_when_told() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        let held = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };
        let who = agent(town, "99101", held).await;
        let point = milieu(town, "99101").await;
        let mut ids = Vec::new();
        for name in ["Parapluie", "Gant", "Clé"] {
            let fields = json!({ "designation": name, "categorie": "parapluie", "trouve_le": "2026-05-03" });
            let answer = who.post(town, OBJETS, &json!({ "champs": fields, "geometrie": point })).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
            ids.push(answer.json()["id"].as_str().unwrap().to_owned());
        }
        settled(town).await;
        town.sert().await;
        // What the engine saw is a change, not a difference.
        sqlx::query("update objets_trouves.objet set categorie = 'vetement' where id = $1::text::uuid")
            .bind(&ids[0])
            .execute(&mut town.owner)
            .await
            .unwrap();
        let found = of(&verify(town, 0).await, COUCHE);
        assert_eq!((&found["etat"], &found["lignes"]), (&json!("conforme"), &json!(3)));

        // What no trigger saw.
        let mut admin = town.database.admin().await.unwrap();
        let behind = "set session_replication_role = replica;
            update objets_trouves.objet set categorie = 'vetement' where id = '{1}';
            delete from objets_trouves.objet where id = '{2}';";
        let behind = behind.replace("{1}", &ids[1]).replace("{2}", &ids[2]);
        admin.execute(sqlx::AssertSqlSafe(behind)).await.unwrap();
        let found = of(&verify(town, 1).await, COUCHE);
        let expected = json!([
            { "cle": ids[1], "zooms": [10, 22], "quoi": "valeur", "champ": "categorie", "instantane": "parapluie", "postgis": "vetement" },
            { "cle": ids[2], "zooms": [10, 22], "quoi": "en_trop" },
        ]);
        assert_eq!(found["ecarts"], expected);

        // The server draws what is wrong, until it is told.
        let (lon, lat) = (point["coordinates"][0].as_f64().unwrap(), point["coordinates"][1].as_f64().unwrap());
        let coord = TileCoord::containing(lon, lat, 17);
        let path = format!("/tiles/{COUCHE}/17/{}/{}", coord.x(), coord.y());
        town.suit().await;
        assert_eq!(layers(&who.get(town, &path).await.bytes)[COUCHE].len(), 3);
        let told = tiles(town, &["rebuild", "--layer", COUCHE]).await;
        assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
        // Who asks before it is built has it from PostGIS.
        assert_eq!(layers(&who.get(town, &path).await.bytes)[COUCHE].len(), 2);
        settled(town).await;
        town.suit().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(2));
        assert_eq!(layers(&who.get(town, &path).await.bytes)[COUCHE].len(), 2);
        assert_eq!(of(&verify(town, 0).await, COUCHE)["etat"], "conforme");
    });
}

#[test]
fn a_layer_of_the_cadastre_is_built_again_when_told() {
    on_sample_town(async |town| {
        town.sert().await;
        let coord = centre(town, 16).await;
        let path = format!("/tiles/parcelles/16/{}/{}", coord.x(), coord.y());
        let sections = async |town: &Town| {
            let tile = layers(&town.get(&path).await.bytes).remove("parcelles").unwrap();
            tile.iter().filter(|parcel| parcel.properties["section"] == "ZZ").count()
        };
        town.owner.execute("update cadastre.parcelle set section = 'ZZ'").await.unwrap();
        town.suit().await;
        assert_eq!(sections(town).await, 0, "the server knows nothing of it");
        assert_eq!(of(&verify(town, 1).await, "parcelles")["etat"], "different");
        let told = tiles(town, &["--json", "rebuild"]).await;
        assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
        assert!(said(&told)["couches"].as_array().unwrap().contains(&json!("labels")));
        town.attend_les_versions().await;
        town.suit().await;
        assert!(sections(town).await > 0);
        assert_eq!(of(&verify(town, 0).await, "parcelles")["etat"], "conforme");
    });
}
