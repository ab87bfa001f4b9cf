//! Tiles while objects are made, and PostgreSQL and the server are killed: what was acknowledged is in every tile asked for after.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use finage::db::{Database, Use};
use finage::modules::installation::installe;
use finage::modules::sources::{self, Origine};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::mvt::layers;
use crate::{config, folder, modules, postmaster, start, token, wait};

const COUCHE: &str = "objets_trouves_objet";
/// The tile where all objects are made.
const TILE: &str = "/tiles/objets_trouves_objet/14/8410/5845";
const POINT: [f64; 2] = [4.8, 45.75];
/// Objects acknowledged before each kill, and after it.
const OBJECTS: usize = 40;
const MAKERS: usize = 2;

/// A client of the server, as an agent.
struct Client {
    agent: ureq::Agent,
    token: String,
    base: String,
}

impl Client {
    fn new(base: &str, token: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(20)))
            .http_status_as_error(false)
            .build()
            .into();
        Self { agent, token: token.to_owned(), base: base.to_owned() }
    }

    /// The answer and its bytes; `None` when the server, or PostgreSQL behind it, is away.
    fn get(&self, path: &str) -> Option<Vec<u8>> {
        let url = format!("{}{path}", self.base);
        let mut answer = self.agent.get(&url).header("authorization", &format!("Bearer {}", self.token)).call().ok()?;
        match answer.status().as_u16() {
            200 => answer.body_mut().read_to_vec().ok(),
            204 => Some(Vec::new()),
            status => {
                assert!(status >= 500, "{path}: {status}");
                None
            }
        }
    }

    /// Keys of the objects of the tile.
    fn seen(&self) -> Option<BTreeSet<String>> {
        let bytes = self.get(TILE)?;
        let features = layers(&bytes).remove(COUCHE).unwrap_or_default();
        Some(features.iter().map(|one| one.properties["id"].as_str().unwrap().to_owned()).collect())
    }

    /// Makes an object; its key once it is acknowledged.
    fn make(&self, name: &str) -> Option<String> {
        let body = json!({
            "champs": { "designation": name, "categorie": "parapluie", "trouve_le": "2026-05-03" },
            "geometrie": { "type": "Point", "coordinates": POINT }
        });
        let sent = self
            .agent
            .post(format!("{}/api/modules/objets_trouves/objet", self.base))
            .header("authorization", &format!("Bearer {}", self.token))
            .header("idempotency-key", &format!("{name}-{}", std::process::id()))
            .content_type("application/json")
            .send(body.to_string());
        let mut answer = sent.ok()?;
        let text = answer.body_mut().read_to_string().ok()?;
        if answer.status() != 201 {
            assert!(answer.status().as_u16() >= 500, "{text}");
            return None;
        }
        let made: Value = serde_json::from_str(&text).unwrap();
        Some(made["id"].as_str().unwrap().to_owned())
    }

    /// Whether the tile comes from a snapshot that has every change.
    fn in_step(&self) -> bool {
        let Some(catalog) = self.get("/tiles/catalog") else { return false };
        let catalog: Value = serde_json::from_slice(&catalog).unwrap();
        let layer = &catalog["tiles"][COUCHE];
        layer["source"] == "instantane" && layer["changements"] == 0
    }
}

#[test]
fn tiles_have_every_object_acknowledged_before_a_kill_of_postgresql_or_of_the_server() {
    let folder = folder();
    let config = config(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut server, mut jobs) = start(folder.path());
    let database = Database::open(&config, Use::Command).unwrap();
    let token = runtime.block_on(async {
        let token = token(&database).await;
        finage::db::prepare(&mut database.admin().await.unwrap()).await.unwrap();
        let mut owner = database.owner().await.unwrap();
        let module = sources::lu(&modules().join("objets_trouves")).unwrap_or_else(|faults| panic!("{faults:#?}"));
        installe(&mut owner, &module, Origine::Dossier).await.unwrap();
        sqlx::raw_sql(include_str!("objets_trouves.sql")).execute(&mut owner).await.unwrap();
        token
    });
    let base = |jobs: &str| jobs.replace("/api/travaux", "");
    let kept = Mutex::new(BTreeSet::<String>::new());
    let count = || kept.lock().unwrap().len();
    for round in 0..2 {
        let client = Client::new(&base(&jobs), &token);
        wait(|| client.in_step().then_some(()));
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for maker in 0..MAKERS {
                let (client, kept, stop) = (Client::new(&base(&jobs), &token), &kept, &stop);
                scope.spawn(move || {
                    for rank in 0.. {
                        if stop.load(Ordering::SeqCst) {
                            break;
                        }
                        if let Some(key) = client.make(&format!("Objet {round}-{maker}-{rank}")) {
                            kept.lock().unwrap().insert(key);
                        }
                    }
                });
            }
            // A tile asked for has all that was acknowledged before.
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst) {
                    let before = kept.lock().unwrap().clone();
                    if let Some(seen) = client.seen() {
                        let late: Vec<_> = before.difference(&seen).collect();
                        assert!(late.is_empty(), "{late:?} are not in a tile asked for after them");
                    }
                }
            });
            let reach = |more: usize| {
                let wanted = count() + more;
                wait(|| (count() >= wanted).then_some(()));
            };
            reach(OBJECTS);
            if round == 0 {
                kill_process(Pid::from_raw(postmaster(&config)).unwrap(), Signal::KILL).unwrap();
                reach(OBJECTS);
            } else {
                server.kill();
            }
            stop.store(true, Ordering::SeqCst);
        });
        if round == 1 {
            (server, jobs) = start(folder.path());
        }
        let client = Client::new(&base(&jobs), &token);
        wait(|| client.in_step().then_some(()));
        let seen = client.seen().unwrap();
        let stored: BTreeSet<String> = runtime.block_on(async {
            let mut owner = Database::open(&config, Use::Command).unwrap().owner().await.unwrap();
            let all: Vec<String> =
                sqlx::query_scalar("select id::text from objets_trouves.objet").fetch_all(&mut owner).await.unwrap();
            all.into_iter().collect()
        });
        assert_eq!(seen, stored, "the snapshot has what PostgreSQL has");
        assert!(kept.lock().unwrap().is_subset(&stored), "acknowledged, and lost");
    }
    let _ = (&server, &jobs);
}
