//! Tiles from snapshots of layers: the same as PostGIS gives, in step with every change, never a row that one may not see.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::StatusCode;
use finage_tiles::TileCoord;
use serde_json::{Value, json};

use crate::agents::{Agent, Tenu, agent, milieu, monde_trace};
use crate::harness::{Answer, Town, on_empty_town, on_sample_town};
use crate::mvt::{Feature, layers};
use crate::tiles::centre;

const OBJETS: &str = "/api/modules/objets_trouves/objet";
const COUCHE: &str = "objets_trouves_objet";
const AGENT: Tenu<'static> = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };

/// Layers drawn from a snapshot, with the property that names a feature.
const ENTIERES: [(&str, &str); 8] = [
    ("communes", "id"),
    ("sections", "id"),
    ("feuilles", "id"),
    ("lieux_dits", "id"),
    ("parcelles", "idu"),
    ("batiments", "id"),
    ("numeros", "id"),
    ("labels", ""),
];

fn named(features: Vec<Feature>, key: &str) -> BTreeMap<String, Feature> {
    let name = |feature: &Feature| match feature.properties.get(key) {
        Some(Value::String(name)) => name.clone(),
        // A label has no key of its own.
        _ => format!("{:?} {:?}", feature.properties, feature.bounds()),
    };
    features.into_iter().map(|feature| (name(&feature), feature)).collect()
}

#[test]
fn a_tile_of_a_snapshot_has_what_postgis_gives() {
    on_sample_town(async |town| {
        let list = ENTIERES.map(|(layer, _)| layer).join(",");
        let mut from_postgis = Vec::new();
        for zoom in [14, 15, 16, 18] {
            let tile = centre(town, zoom).await;
            for (dx, dy) in [(0, 0), (1, 0), (0, 1)] {
                let path = format!("/tiles/{list}/{zoom}/{}/{}", tile.x() + dx, tile.y() + dy);
                let answer = town.get(&path).await;
                from_postgis.push((path, answer));
            }
        }
        town.sert().await;
        let mut compared = 0;
        for (path, from_postgis) in from_postgis {
            let from_snapshot = town.get(&path).await;
            assert_eq!(from_snapshot.status, from_postgis.status, "{path}");
            assert_ne!(from_snapshot.bytes, from_postgis.bytes, "{path} came from PostGIS");
            let mut expected = layers(&from_postgis.bytes);
            let found = layers(&from_snapshot.bytes);
            assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{path}");
            for (layer, features) in found {
                let key = ENTIERES.iter().find(|(name, _)| *name == layer).unwrap().1;
                if layer == "labels" {
                    // Points that fall between two units of the grid go to one or the other.
                    assert_eq!(features.len(), expected[&layer].len(), "{path} {layer}");
                    continue;
                }
                valid(town, &features).await;
                let (found, expected) = (named(features, key), named(expected.remove(&layer).unwrap(), key));
                compared += same(town, &format!("{path} {layer}"), found, &expected).await;
            }
        }
        assert!(compared > 1_000, "{compared}");
    });
}

/// Holds the features of a snapshot to those of PostGIS: the same, with the same properties, at the same place within a unit.
async fn same(
    town: &mut Town,
    whence: &str,
    found: BTreeMap<String, Feature>,
    expected: &BTreeMap<String, Feature>,
) -> usize {
    // What only brushes the edge of the buffer may be in or out.
    let brushes = |feature: &Feature| {
        let [west, south, east, north] = feature.bounds();
        east <= -62 || west >= 4096 + 62 || north <= -62 || south >= 4096 + 62
    };
    let missing = expected.iter().filter(|(name, feature)| !found.contains_key(*name) && !brushes(feature));
    let missing: Vec<_> = missing.map(|(name, feature)| (name, feature.bounds())).collect();
    assert!(missing.is_empty(), "{whence}: {missing:?} are not in the snapshot's");
    let (mut compared, mut areas) = (0, (Vec::new(), Vec::new()));
    for (name, feature) in found {
        let Some(other) = expected.get(&name) else {
            assert!(brushes(&feature), "{whence}: {name} {:?} is not PostGIS's", feature.bounds());
            continue;
        };
        assert_eq!(feature.properties, other.properties, "{whence}");
        assert_eq!(feature.kind, other.kind, "{whence}");
        if feature.kind == 3 {
            areas.0.push(feature.wkt());
            areas.1.push(other.wkt());
        } else {
            let close = feature.bounds().iter().zip(other.bounds()).all(|(one, other)| (one - other).abs() <= 1);
            assert!(close, "{whence}: {name} is at {:?}, PostGIS has it at {:?}", feature.bounds(), other.bounds());
        }
        compared += 1;
    }
    // A snapshot leaves what goes a little out of the tile as it is: what is in the tile is compared.
    let apart: Vec<String> = sqlx::query_scalar(
        "select format('%s is not %s', a, b) from unnest($1::text[], $2::text[]) t (a, b),
            st_makeenvelope(-64, -4160, 4160, 64) box,
            st_intersection(st_geomfromtext(a), box) here, st_intersection(st_geomfromtext(b), box) there
        where st_area(st_symdifference(here, there)) > 4 + st_perimeter(there)",
    )
    .bind(&areas.0)
    .bind(&areas.1)
    .fetch_all(&mut town.owner)
    .await
    .unwrap();
    assert!(apart.is_empty(), "{whence}: {apart:#?}");
    compared
}

/// Holds polygons to be valid, as PostGIS says it.
pub async fn valid(town: &mut Town, features: &[Feature]) {
    let shapes: Vec<String> = features.iter().filter(|feature| feature.kind == 3).map(Feature::wkt).collect();
    let wrong: Vec<String> = sqlx::query_scalar(
        "select st_isvalidreason(g) || ' ' || t from unnest($1::text[]) t, st_geomfromtext(t) g where not st_isvalid(g)",
    )
    .bind(&shapes)
    .fetch_all(&mut town.owner)
    .await
    .unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_file_that_is_corrupt_is_built_again_and_one_of_this_version_is_opened() {
    on_sample_town(async |town| {
        town.sert().await;
        let tile = centre(town, 16).await;
        let path = format!("/tiles/parcelles/16/{}/{}", tile.x(), tile.y());
        let before = town.get(&path).await.bytes;
        let file = town.config.data_dir.join("instantanes/parcelles.instantane");
        let written = std::fs::read(&file).unwrap();
        let made = std::fs::metadata(&file).unwrap().modified().unwrap();
        town.relance().await;
        assert_eq!(std::fs::metadata(&file).unwrap().modified().unwrap(), made, "it was opened, not built");
        assert_eq!(town.get(&path).await.bytes, before);

        for broken in [written[..written.len() / 2].to_vec(), with_a_byte_changed(&written), Vec::new()] {
            std::fs::write(&file, &broken).unwrap();
            town.relance().await;
            assert_eq!(town.get(&path).await.bytes, before);
            assert_eq!(std::fs::read(&file).unwrap(), written, "the same rows make the same file");
        }

        // A new version of the layer: PostGIS draws it until its snapshot is there.
        sqlx::raw_sql(
            "delete from cadastre.parcelle where section <> 'AB'; update core.couche set version = version + 1 where id = 'parcelles'",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        town.attend_les_versions().await;
        let from_postgis = layers(&town.get(&path).await.bytes);
        town.suit().await;
        let from_snapshot = layers(&town.get(&path).await.bytes);
        assert_eq!(from_snapshot["parcelles"].len(), from_postgis["parcelles"].len());
        assert!(from_snapshot["parcelles"].iter().all(|parcelle| parcelle.properties["section"] == "AB"));
    });
}

fn with_a_byte_changed(bytes: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    changed
}

async fn depose(town: &Town, who: &Agent, nom: &str, point: &Value) -> String {
    let champs = json!({ "designation": nom, "categorie": "parapluie", "trouve_le": "2026-05-03" });
    let answer = who.post(town, OBJETS, &json!({ "champs": champs, "geometrie": point })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn objets(tile: &Answer) -> BTreeMap<String, Feature> {
    named(layers(&tile.bytes).remove(COUCHE).unwrap_or_default(), "id")
}

#[test]
fn every_change_is_in_the_next_tile_whoever_makes_it() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        let who = agent(town, "99101", AGENT).await;
        let point = milieu(town, "99101").await;
        let one = depose(town, &who, "Parapluie", &point).await;
        town.sert().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(1));
        let (lon, lat) = (point["coordinates"][0].as_f64().unwrap(), point["coordinates"][1].as_f64().unwrap());
        let tile = TileCoord::containing(lon, lat, 17);
        let path = format!("/tiles/{COUCHE}/17/{}/{}", tile.x(), tile.y());
        // With an empty search the same rows are drawn by PostGIS.
        let plain = format!("{path}?q=");
        let same = async |town: &Town, count: usize| {
            let (here, there) = (objets(&who.get(town, &path).await), objets(&who.get(town, &plain).await));
            assert_eq!(here.len(), count);
            let told = |features: BTreeMap<String, Feature>| {
                features.into_values().map(|one| one.properties).collect::<Vec<_>>()
            };
            assert_eq!(told(here), told(there));
        };
        same(town, 1).await;

        // At once, before the snapshot has it; then from the snapshot.
        let two = depose(town, &who, "Écharpe", &point).await;
        same(town, 2).await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(1));
        town.suit().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(2));
        same(town, 2).await;

        // From SQL, several at once, and by who archives.
        sqlx::query("update objets_trouves.objet set categorie = 'vetement' where id = $1::text::uuid")
            .bind(&two)
            .execute(&mut town.owner)
            .await
            .unwrap();
        town.suit().await;
        let seen = objets(&who.get(town, &path).await);
        assert_eq!(
            (&seen[&one].properties["categorie"], &seen[&two].properties["categorie"]),
            (&json!("parapluie"), &json!("vetement"))
        );
        sqlx::query("update objets_trouves.objet set archivee_le = now() where id = $1::text::uuid")
            .bind(&one)
            .execute(&mut town.owner)
            .await
            .unwrap();
        same(town, 1).await;
        town.suit().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(1));
        same(town, 1).await;

        // A transaction that was open while another ended: nothing of it is lost.
        let mut slow = town.database.owner().await.unwrap();
        sqlx::raw_sql("begin; update objets_trouves.objet set archivee_le = null").execute(&mut slow).await.unwrap();
        let three = depose(town, &who, "Gant", &point).await;
        town.suit().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(2));
        same(town, 2).await;
        sqlx::raw_sql("commit").execute(&mut slow).await.unwrap();
        same(town, 3).await;
        town.suit().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(3));
        same(town, 3).await;

        // Everything goes: the layer is built again. A server that starts finds its snapshot, and what changed since.
        sqlx::raw_sql("truncate objets_trouves.objet cascade").execute(&mut town.owner).await.unwrap();
        same(town, 0).await;
        town.suit().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(0));
        depose(town, &who, "Clé", &point).await;
        town.relance().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(1));
        same(town, 1).await;
        assert!(!objets(&who.get(town, &path).await).contains_key(&three));
    });
}

#[test]
fn a_snapshot_draws_for_each_what_is_theirs() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        let (here, there) = (agent(town, "99101", AGENT).await, agent(town, "99102", AGENT).await);
        let point = milieu(town, "99101").await;
        depose(town, &here, "Parapluie", &point).await;
        town.sert().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(1));
        let (lon, lat) = (point["coordinates"][0].as_f64().unwrap(), point["coordinates"][1].as_f64().unwrap());
        let tile = TileCoord::containing(lon, lat, 17);
        let path = format!("/tiles/{COUCHE}/17/{}/{}", tile.x(), tile.y());
        assert_eq!(objets(&here.get(town, &path).await).len(), 1);
        assert_eq!(there.get(town, &path).await.status, StatusCode::NO_CONTENT);
        // The module opens some rows to all, with other fields.
        let (public, by_postgis) = (objets(&town.get(&path).await), objets(&town.get(&format!("{path}?q=")).await));
        assert_eq!(public, by_postgis);
        // What is personal is in no file.
        let file = std::fs::read(town.config.data_dir.join(format!("instantanes/{COUCHE}.instantane"))).unwrap();
        let columns = String::from_utf8_lossy(&file);
        assert!(columns.contains("categorie") && !columns.contains("inventeur") && !columns.contains("telephone"));
    });
}

#[test]
fn a_server_that_missed_changes_no_longer_told_reads_its_layer_again() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        let who = agent(town, "99101", AGENT).await;
        let point = milieu(town, "99101").await;
        depose(town, &who, "Parapluie", &point).await;
        town.sert().await;
        depose(town, &who, "Écharpe", &point).await;
        let told = async |town: &mut Town| -> i64 {
            sqlx::query_scalar("select count(*) from core.changement").fetch_one(&mut town.owner).await.unwrap()
        };
        let forget = async |town: &mut Town| {
            sqlx::query("select core.oublier_changements()").execute(&town.write).await.unwrap();
        };
        // Transactions of other tests, that are still open, keep what came after them.
        let forget_all = async |town: &mut Town| {
            sqlx::query("update core.changement set le = le - interval '3 days'")
                .execute(&mut town.owner)
                .await
                .unwrap();
            for _ in 0..600 {
                forget(town).await;
                if told(town).await == 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            panic!("changes are still told");
        };
        let before = told(town).await;
        forget(town).await;
        assert_eq!(told(town).await, before, "two days are left to who is late");
        forget_all(town).await;

        let (lon, lat) = (point["coordinates"][0].as_f64().unwrap(), point["coordinates"][1].as_f64().unwrap());
        let tile = TileCoord::containing(lon, lat, 17);
        let path = format!("/tiles/{COUCHE}/17/{}/{}", tile.x(), tile.y());
        // PostGIS draws until the layer is read again, by the server that runs or by the next.
        assert_eq!(objets(&who.get(town, &path).await).len(), 2);
        assert_eq!(town.server().followed().rows(COUCHE), Some(1));
        town.suit().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(2));
        sqlx::query("update objets_trouves.objet set archivee_le = now() where designation = 'Écharpe'")
            .execute(&mut town.owner)
            .await
            .unwrap();
        forget_all(town).await;
        town.relance().await;
        assert_eq!(town.server().followed().rows(COUCHE), Some(1));
        assert_eq!(objets(&who.get(town, &path).await).len(), 1);
    });
}
