//! `finage tiles export`: the archive holds what the server draws for nobody, and is whole or not there.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output};

use axum::http::StatusCode;
use finage::services::tiles::{ExportError, Exported, Means, Wanted, Zone, export};
use finage_tiles::TileCoord;
use pmtiles::{AsyncPmTilesReader, MmapBackend};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::agents::{Tenu, agent, milieu, monde_trace};
use crate::harness::{Town, on_empty_town, on_sample_town};
use crate::mvt::layers;
use crate::tiles::centre;

const OBJETS: &str = "/api/modules/objets_trouves/objet";
const COUCHE: &str = "objets_trouves_objet";

fn command(town: &Town) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_finage"));
    set(&mut command, town);
    command
}

/// The database and the data directory of a town, and no other setting.
fn set(command: &mut Command, town: &Town) {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FINAGE_")) {
        command.env_remove(name);
    }
    command.env("DATABASE_URL", town.config.database_url.as_deref().unwrap());
    command.env("FINAGE_DATA_DIR", &town.config.data_dir);
    if let Some(modules) = &town.config.modules_dir {
        command.env("FINAGE_MODULES_DIR", modules);
    }
}

/// Runs `finage tiles` to its end, apart: the runtime of the test must go on.
pub async fn tiles(town: &Town, arguments: &[&str]) -> Output {
    let mut command = command(town);
    command.arg("tiles").args(arguments);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn said(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

async fn opened(path: &Path) -> AsyncPmTilesReader<MmapBackend> {
    AsyncPmTilesReader::new_with_path(path).await.unwrap()
}

/// The bytes of a tile of an archive, as they were encoded; none when it has no such tile.
async fn tile(archive: &AsyncPmTilesReader<MmapBackend>, coord: TileCoord) -> Option<Vec<u8>> {
    let place = pmtiles::TileCoord::new(coord.z(), coord.x(), coord.y()).unwrap();
    let compressed = archive.get_tile(place).await.unwrap()?;
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(&*compressed).read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

/// Tiles of a zoom around one.
fn around(middle: TileCoord, reach: u32) -> Vec<TileCoord> {
    let side = 1_u32 << middle.z();
    let near = |at: u32| at.saturating_sub(reach)..=(at + reach).min(side - 1);
    near(middle.x()).flat_map(|x| near(middle.y()).map(move |y| TileCoord::new(middle.z(), x, y).unwrap())).collect()
}

#[test]
fn an_archive_holds_every_tile_that_the_server_draws_and_no_other() {
    on_sample_town(async |town| {
        town.sert().await;
        let (folder, list) = (tempfile::tempdir().unwrap(), "communes,parcelles,batiments,numeros,labels");
        let path = folder.path().join("ville.pmtiles");
        let done = tiles(town, &["export", "--json", "--layer", list, "--out", path.to_str().unwrap()]).await;
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
        let report = said(&done);
        assert_eq!((&report["zooms"], &report["reprises"]), (&json!([6, 17]), &json!(0)));
        let names: BTreeSet<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert_eq!(names, BTreeSet::from(["ville.pmtiles".into()]), "nothing is left beside");

        let archive = opened(&path).await;
        let (mut there, mut compared) = (0, 0);
        for (zoom, reach) in [(6, 1), (9, 1), (12, 2), (13, 3), (14, 4), (15, 6), (16, 4), (17, 4)] {
            for coord in around(centre(town, zoom).await, reach) {
                let drawn = town.get(&format!("/tiles/{list}/{zoom}/{}/{}", coord.x(), coord.y())).await;
                let kept = tile(&archive, coord).await;
                assert_eq!(kept.is_some(), drawn.status == StatusCode::OK, "{coord:?}");
                assert!(kept.as_ref().is_none_or(|kept| *kept == drawn.bytes), "{coord:?}");
                compared += 1;
                there += u32::from(kept.is_some());
            }
        }
        assert!(there > 100 && compared > there, "{there} of {compared}");

        // What clients are told.
        let header = archive.get_header();
        assert_eq!((header.min_zoom, header.max_zoom, header.clustered()), (6, 17, true));
        assert_eq!(header.n_addressed_tiles().unwrap().get(), report["tuiles"].as_u64().unwrap());
        let told: Value = serde_json::from_str(&archive.get_metadata().await.unwrap()).unwrap();
        let served = town.get(&format!("/tiles/{list}")).await.json();
        for (told, served) in
            told["vector_layers"].as_array().unwrap().iter().zip(served["vector_layers"].as_array().unwrap())
        {
            assert_eq!((&told["id"], &told["fields"]), (&served["id"], &served["fields"]));
            assert_eq!((&told["minzoom"], &told["maxzoom"]), (&served["minzoom"], &json!(17)));
        }
        let bounds = served["bounds"].as_array().unwrap().iter().map(|degrees| degrees.as_f64().unwrap());
        let its = [header.min_longitude, header.min_latitude, header.max_longitude, header.max_latitude];
        assert!(bounds.zip(its).all(|(served, told)| (served - told).abs() < 0.02), "{its:?}");
    });
}

#[test]
fn what_is_not_public_or_not_there_is_refused_by_its_name() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("a.pmtiles");
        let ask = async |arguments: &[&str]| {
            let output = tiles(town, &[&["export", "--out", out.to_str().unwrap()], arguments].concat()).await;
            assert_eq!(output.status.code(), Some(1), "{arguments:?}");
            stderr(&output)
        };
        for (arguments, name) in [
            (&["--layer", "parcelles,proprietaires"][..], "proprietaires"),
            (&["--layer", "annotations"], "annotations"),
            (&["--layer", "objets_trouves_lieu"], "objets_trouves_lieu"),
            (&["--layer", "troncons"], "troncons"),
            (&["--layer", "parcelles,parcelles"], "deux fois"),
            (&["--layer", "parcelles", "--fields", "parcelles.proprietaire"], "proprietaire"),
            (&["--layer", COUCHE, "--fields", "objets_trouves_objet.designation"], "designation"),
            (&["--layer", "parcelles", "--fields", "idu"], "idu"),
            (&["--layer", "parcelles", "--minzoom", "16", "--maxzoom", "14"], "16"),
            (&["--layer", "parcelles", "--commune", "99999"], "99999"),
            (&["--layer", "parcelles"], "rien à exporter"),
        ] {
            let sentence = ask(arguments).await;
            assert!(sentence.contains(name), "{arguments:?}: {sentence}");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
        }
        for usage in [
            &["export", "--out", "a.pmtiles"][..],
            &["export", "--layer", "parcelles"],
            &["export", "--layer", "parcelles", "--out", "a", "--maxzoom", "23"],
            &["export", "--layer", "parcelles", "--out", "a", "--bbox", "4,43,3,44"],
            &["export", "--layer", "parcelles", "--out", "a", "--bbox", "3,43,4,44", "--commune", "99101"],
        ] {
            assert_eq!(tiles(town, usage).await.status.code(), Some(2), "{usage:?}");
        }
        for command in ["verify", "rebuild"] {
            let output = tiles(town, &[command, "--layer", "troncons"]).await;
            assert!(output.status.code() == Some(1) && stderr(&output).contains("troncons"), "{}", stderr(&output));
        }
    });
}

/// An export of these layers, told to stop once a share of the tiles were looked at: one in so many.
async fn exported(town: &Town, stop_at: Option<u64>, out: &Path, zone: Zone) -> Result<Exported, ExportError> {
    let (stop, stopped) = watch::channel(false);
    let told = |done: u64, total: u64| {
        if stop_at.is_some_and(|share| done * share >= total) {
            stop.send_replace(true);
        }
    };
    let means = Means {
        pool: &town.pools.snapshot,
        tenants: &town.pools.collectivites,
        modules: &town.modules,
        data_dir: &town.config.data_dir,
        simplified: true,
        stop: stopped,
        told: &told,
    };
    let layers = ["communes", "parcelles", "batiments"].map(str::to_owned).to_vec();
    let out = out.to_owned();
    let wanted = Wanted { layers, fields: Vec::new(), zoom_min: None, zoom_max: Some(17), zone, out };
    export(&means, &wanted).await
}

#[test]
fn an_export_goes_on_from_where_it_was_stopped_and_begins_again_when_something_changed() {
    on_sample_town(async |town| {
        let folder = tempfile::tempdir().unwrap();
        let (whole, out) = (folder.path().join("entier.pmtiles"), folder.path().join("ville.pmtiles"));
        let in_one_go = exported(town, None, &whole, Zone::Everywhere).await.unwrap();
        assert!(in_one_go.tuiles > 100, "{in_one_go:?}");
        std::fs::write(&out, "celui d'avant").unwrap();

        for share in [u64::MAX / 1_000_000, 8] {
            let stopped = exported(town, Some(share), &out, Zone::Everywhere).await;
            assert!(matches!(stopped, Err(ExportError::Interrupted(_))), "{stopped:?}");
            assert_eq!(std::fs::read(&out).unwrap(), b"celui d'avant");
        }
        let done = exported(town, None, &out, Zone::Everywhere).await.unwrap();
        assert!(done.reprises > 0 && done.reprises < done.tuiles, "{done:?}");
        assert_eq!((done.tuiles, done.octets), (in_one_go.tuiles, in_one_go.octets));
        assert!(std::fs::read(&out).unwrap() == std::fs::read(&whole).unwrap());
        assert!(!folder.path().join("ville.pmtiles.part").exists());

        // Another zone, then another version of a layer: nothing of what was done serves.
        for change in [false, true] {
            let stopped = exported(town, Some(8), &out, Zone::Everywhere).await;
            assert!(matches!(stopped, Err(ExportError::Interrupted(_))), "{stopped:?}");
            let mut zone = Zone::Communes(vec!["99101".to_owned(), "99102".to_owned()]);
            if change {
                sqlx::raw_sql("update core.couche set version = version + 1 where id = 'batiments'")
                    .execute(&mut town.owner)
                    .await
                    .unwrap();
                zone = Zone::Everywhere;
            }
            let done = exported(town, None, &out, zone).await.unwrap();
            assert_eq!(done.reprises, 0);
        }
        // The same rows under another version make the same tiles.
        assert!(std::fs::read(&out).unwrap() == std::fs::read(&whole).unwrap());
    });
}

#[test]
fn a_full_disk_leaves_the_archive_that_was_there_and_what_was_done() {
    on_sample_town(async |town| {
        town.sert().await;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("ville.pmtiles");
        std::fs::write(&out, "celui d'avant").unwrap();
        // A bound on the size of files stands for a full disk: writing fails, the process is not killed.
        let export = async |blocks: &str| {
            let mut command = Command::new("sh");
            set(&mut command, town);
            let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
            command.args(["-c", &script, env!("CARGO_BIN_EXE_finage"), "tiles", "export", "--json"]);
            command.args(["--layer", "parcelles,batiments", "--out", out.to_str().unwrap()]);
            tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
        };
        let full = export("300").await;
        assert_eq!(full.status.code(), Some(1), "{}", stderr(&full));
        assert!(stderr(&full).contains("archive PMTiles"), "{}", stderr(&full));
        assert_eq!(std::fs::read(&out).unwrap(), b"celui d'avant");
        let done = export("unlimited").await;
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
        assert!(said(&done)["reprises"].as_u64().unwrap() > 0);
        assert!(opened(&out).await.get_header().clustered());
    });
}

#[test]
fn a_zone_keeps_the_tiles_that_meet_it() {
    on_sample_town(async |town| {
        town.sert().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("commune.pmtiles");
        let coord = centre(town, 16).await;
        // A box of one tile, a little inside its edges.
        let edge = |x: u32, y: u32| {
            let side = 65_536.0;
            let lon = f64::from(x) / side * 360.0 - 180.0;
            let lat = (std::f64::consts::PI * (1.0 - 2.0 * f64::from(y) / side)).sinh().atan().to_degrees();
            (lon, lat)
        };
        let ((west, north), (east, south)) = (edge(coord.x(), coord.y()), edge(coord.x() + 1, coord.y() + 1));
        let bbox = format!("{},{},{},{}", west + 1e-5, south + 1e-5, east - 1e-5, north - 1e-5);
        let ask = async |zone: &[&str]| {
            let base = ["export", "--json", "--layer", "parcelles", "--maxzoom", "16", "--out", path.to_str().unwrap()];
            let output = tiles(town, &[&base, zone].concat()).await;
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            said(&output)
        };
        let one = ask(&["--bbox", &bbox]).await;
        let zooms = one["zooms"][1].as_u64().unwrap() - one["zooms"][0].as_u64().unwrap() + 1;
        assert_eq!(one["tuiles"], json!(zooms), "one a zoom");
        assert!(tile(&opened(&path).await, coord).await.is_some());
        let (all, commune) = (ask(&[]).await, ask(&["--commune", "99102"]).await);
        let (all, commune) = (all["tuiles"].as_u64().unwrap(), commune["tuiles"].as_u64().unwrap());
        assert!(commune > 10 && commune < all, "{commune} of {all}");
    });
}

#[test]
fn the_layer_of_a_module_holds_what_anybody_sees_of_it() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("objets_trouves").await;
        let held = Tenu { role: "objets_trouves_agent", finalites: &["restitution"], communes: None };
        let who = agent(town, "99101", held).await;
        let point = milieu(town, "99101").await;
        for (name, category) in [("Parapluie rouge", "parapluie"), ("Collier d'or", "valeur")] {
            let fields = json!({ "designation": name, "categorie": category, "trouve_le": "2026-05-03" });
            let answer = who.post(town, OBJETS, &json!({ "champs": fields, "geometrie": point })).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        }
        let (lon, lat) = (point["coordinates"][0].as_f64().unwrap(), point["coordinates"][1].as_f64().unwrap());
        let coord = TileCoord::containing(lon, lat, 16);
        let drawn = town.get(&format!("/tiles/{COUCHE}/16/{}/{}", coord.x(), coord.y())).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("objets.pmtiles");
        let export = ["export", "--layer", COUCHE, "--out", path.to_str().unwrap()];
        let done = tiles(town, &export).await;
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
        let archive = opened(&path).await;
        let (kept, drawn) = (layers(&tile(&archive, coord).await.unwrap()), layers(&drawn.bytes));
        assert_eq!(kept[COUCHE].len(), 1, "what has value is not told");
        assert_eq!(kept[COUCHE][0].properties, drawn[COUCHE][0].properties);
        let told = archive.get_metadata().await.unwrap();
        assert!(told.contains("categorie") && !told.contains("designation"), "{told}");

        let only = [&export[..], &["--fields", "objets_trouves_objet.categorie"]].concat();
        assert_eq!(tiles(town, &only).await.status.code(), Some(0));
        let kept = layers(&tile(&opened(&path).await, coord).await.unwrap());
        assert_eq!(kept[COUCHE][0].properties.keys().collect::<Vec<_>>(), ["categorie"]);
    });
}
