//! A server killed in the middle of a job, or of lines of the journal: the next one carries on, and nothing is lost.
//!
//! The server is this very binary, run again: `finage serve` with a work that tells what it does.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use finage::access::journal::{Auteur, Dossier, Fait, acte, controle};
use finage::cli::serve_until;
use finage::config::Config;
use finage::db::{Database, Use, migrate};
use finage::http::bind;
use finage::jobs::{Accepted, Context, Outcome, Piece, Refusal, Registry, Work, WorkError};
use finage_journal::Chaine;
use futures::future::{BoxFuture, join, join_all};
use serde_json::{Value, json};

#[path = "server/mvt.rs"]
#[expect(dead_code, clippy::panic, reason = "shapes are not looked at here, and a test may stop at once")]
mod mvt;
#[path = "kill/tuiles.rs"]
mod tuiles;

/// Folder given to the server that is run again.
const FOLDER: &str = "KILL_TEST_FOLDER";
const PIECES: i32 = 8;

/// Writes a line before each piece it makes.
struct Tells(PathBuf);

impl Work for Tells {
    fn genre(&self) -> &'static str {
        "dit"
    }

    fn check(&self, parametres: Value) -> BoxFuture<'_, Result<Accepted, Refusal>> {
        Box::pin(async move { Ok(Accepted { libelle: "Dit".into(), total: Some(PIECES), parametres }) })
    }

    fn run<'a>(&'a self, _: Value, ctx: &'a Context) -> BoxFuture<'a, Result<Outcome, WorkError>> {
        Box::pin(async move {
            for rang in 0..PIECES {
                ctx.check()?;
                if !ctx.has_piece(rang) {
                    let mut log = std::fs::OpenOptions::new().create(true).append(true).open(&self.0).unwrap();
                    writeln!(log, "{rang}").unwrap();
                    tokio::time::sleep(Duration::from_millis(400)).await;
                    ctx.piece(rang, Piece::new(&format!("{rang}.txt"), "text/plain", vec![b'a'])).await?;
                }
                ctx.progress(usize::try_from(rang).unwrap() + 1, "");
            }
            Ok(Outcome::default())
        })
    }
}

/// No test: the server of the test below.
#[test]
#[ignore = "started by the other tests of this file"]
fn serve() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let config = config(&folder);
    let mut database = Database::open(&config, Use::Server).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        migrate(&database, config.srid).await.unwrap();
        let listener = bind(config.bind).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let works = Registry::default().with(Tells(folder.join("made")));
        let ready = || {
            // Renamed when whole: who waits for the file reads it at once.
            std::fs::write(folder.join("address.new"), address).unwrap();
            std::fs::rename(folder.join("address.new"), folder.join("address")).unwrap();
        };
        serve_until(&config, &mut database, listener, move |_, _| works, ready, std::future::pending()).await.unwrap();
    });
}

fn config(folder: &Path) -> Config {
    Config {
        data_dir: folder.join("data"),
        bind: "127.0.0.1:0".parse().unwrap(),
        modules_dir: Some(modules()),
        debit: false,
        ..Config::default()
    }
}

/// The modules of the tests.
fn modules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/modules")
}

/// A folder that PostgreSQL, which never runs as root, may pass through.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("finage-kill-").tempdir_in("/tmp").unwrap();
    let open: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open).unwrap();
    folder
}

/// A server that ends with the test, whatever its outcome.
struct Server(Child);

impl Server {
    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn start(folder: &Path) -> (Server, String) {
    let _ = std::fs::remove_file(folder.join("address"));
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "serve", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .spawn()
        .unwrap();
    let server = Server(child);
    let address = wait(|| std::fs::read_to_string(folder.join("address")).ok());
    (server, format!("http://{address}/api/travaux"))
}

/// Asks until there is an answer; gives up after two minutes.
fn wait<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    (0..2400)
        .find_map(|_| {
            std::thread::sleep(Duration::from_millis(50));
            ask()
        })
        .unwrap()
}

fn get(url: &str) -> Value {
    serde_json::from_str(&ureq::get(url).call().unwrap().body_mut().read_to_string().unwrap()).unwrap()
}

#[test]
fn a_job_survives_the_kill_of_its_server() {
    let folder = folder();
    let (mut server, jobs) = start(folder.path());
    let body = json!({"genre": "dit", "parametres": {}}).to_string();
    let mut deposited = ureq::post(&jobs).content_type("application/json").send(&body).unwrap();
    let job: Value = serde_json::from_str(&deposited.body_mut().read_to_string().unwrap()).unwrap();
    let id = job["id"].as_str().unwrap().to_owned();
    let stored = wait(|| get(&format!("{jobs}/{id}"))["fait"].as_i64().filter(|fait| *fait >= 2));
    server.kill();
    let made = |folder: &Path| -> Vec<i64> {
        let text = std::fs::read_to_string(folder.join("made")).unwrap();
        text.lines().map(|line| line.parse().unwrap()).collect()
    };
    let before = made(folder.path());
    assert!(before.len() < usize::try_from(PIECES).unwrap(), "killed too late: {before:?}");

    let (_server, jobs) = start(folder.path());
    let done = wait(|| Some(get(&format!("{jobs}/{id}"))).filter(|job| job["fin"].is_string()));
    assert_eq!((done["etat"].as_str(), done["fait"].as_i64()), (Some("fait"), Some(PIECES.into())), "{done}");
    assert_eq!(done["resultat"]["type"], "application/zip");
    let after = made(folder.path())[before.len()..].to_vec();
    // The piece under way may be made again, those stored before it never.
    assert!(after.iter().all(|rang| *rang >= stored), "{before:?} {after:?}");
    assert_eq!(after.last(), Some(&i64::from(PIECES - 1)));
}

/// Edits acknowledged over HTTP before each kill.
const EDITS: u64 = 120;

/// A token of an agent who may make annotations, in the database of `config`.
async fn token(database: &Database) -> String {
    let (secret, empreinte) = finage::access::secret::nouveau("fin_").unwrap();
    let mut owner = database.owner().await.unwrap();
    sqlx::raw_sql(include_str!("kill/agent.sql")).execute(&mut owner).await.unwrap();
    sqlx::query(
        "insert into acces.jeton (id, empreinte, utilisateur, collectivite, libelle, portee, expire_le)
         select gen_random_uuid(), $1, a.utilisateur, a.collectivite, 'essai', '{read,write}', now() + interval '1 day'
         from acces.attribution a",
    )
    .bind(empreinte.octets())
    .execute(&mut owner)
    .await
    .unwrap();
    database.release(owner).await;
    secret
}

/// The first process of PostgreSQL, as it says itself.
fn postmaster(config: &Config) -> i32 {
    let written = std::fs::read_to_string(config.data_dir.join("cluster/data/postmaster.pid")).unwrap();
    written.lines().next().unwrap().trim().parse().unwrap()
}

/// Makes annotations until told to stop; gives the keys of those that were acknowledged.
fn edit(jobs: &str, token: &str, writer: u64, stop: &AtomicBool, acknowledged: &AtomicU64) -> Vec<String> {
    let url = jobs.replace("/api/travaux", "/api/annotations");
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(20)))
        .http_status_as_error(false)
        .build()
        .into();
    let mut kept = Vec::new();
    for rank in 0_u64.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let body = json!({
            "champs": { "titre": format!("Repère {writer}-{rank}") },
            "geometrie": { "type": "Point", "coordinates": [4.8, 45.75] }
        });
        let sent = agent
            .post(&url)
            .header("authorization", &format!("Bearer {token}"))
            .header("idempotency-key", &format!("{writer}-{rank}-{}", std::process::id()))
            .content_type("application/json")
            .send(body.to_string());
        match sent {
            Ok(mut answer) if answer.status() == 201 => {
                let made: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
                kept.push(made["id"].as_str().unwrap().to_owned());
                acknowledged.fetch_add(1, Ordering::SeqCst);
            }
            // PostgreSQL is away for a moment: the server says so, and nothing was promised.
            Ok(answer) => assert!(answer.status().as_u16() >= 500, "{answer:?}"),
            // The server is gone.
            Err(_) => break,
        }
    }
    kept
}

#[test]
fn edits_acknowledged_survive_the_kill_of_server_and_of_postgresql() {
    let folder = folder();
    let config = config(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut server, mut jobs) = start(folder.path());
    let database = Database::open(&config, Use::Command).unwrap();
    let token = runtime.block_on(token(&database));
    let acknowledged = AtomicU64::new(0);
    let mut kept = Vec::new();
    for round in 1..=2_u64 {
        let stop = AtomicBool::new(false);
        let reach = |wanted: u64| {
            wait(|| (acknowledged.load(Ordering::SeqCst) >= wanted).then_some(()));
        };
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let (jobs, token, stop, acknowledged) = (&jobs, &token, &stop, &acknowledged);
                    scope.spawn(move || edit(jobs, token, round * 10 + writer, stop, acknowledged))
                })
                .collect();
            let before = acknowledged.load(Ordering::SeqCst);
            reach(before + EDITS);
            if round == 1 {
                // PostgreSQL dies at once; the server starts it again, and goes on by itself.
                let pid = rustix::process::Pid::from_raw(postmaster(&config)).unwrap();
                rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
                reach(before + 2 * EDITS);
                stop.store(true, Ordering::SeqCst);
            } else {
                server.kill();
            }
            for writer in writers {
                kept.extend(writer.join().unwrap());
            }
        });
        if round == 2 {
            (server, jobs) = start(folder.path());
        }
    }
    assert_eq!(kept.len() as u64, acknowledged.load(Ordering::SeqCst));
    let _ = (&server, &jobs);
    let database = Database::open(&config, Use::Command).unwrap();
    runtime.block_on(async {
        let mut owner = database.owner().await.unwrap();
        let lost: Vec<String> = sqlx::query_scalar(
            "select k from unnest($1::text[]) k where not exists (select from core.annotation a where a.id::text = k)",
        )
        .bind(&kept)
        .fetch_all(&mut owner)
        .await
        .unwrap();
        assert_eq!(lost, [] as [&str; 0], "acknowledged, and lost");
        // One row, one step of its history, one act of the journal: they commit together or not at all.
        let (rows, doubled, history): (i64, i64, i64) = sqlx::query_as(
            "select count(*), count(*) - count(distinct titre), (select count(*) from core.historique where objet = 'annotation')
             from core.annotation",
        )
        .fetch_one(&mut owner)
        .await
        .unwrap();
        assert_eq!((doubled, history), (0, rows));
        let pool = database.journal_pool().await.unwrap();
        let acts: i64 = sqlx::query_scalar("select count(*) from journal.acte where objet = 'annotation'").fetch_one(&pool).await.unwrap();
        assert_eq!(acts, rows);
        let dossier = {
            let mut connection = pool.acquire().await.unwrap();
            Dossier::ouvre(&mut connection, &config.data_dir).await.unwrap().unwrap()
        };
        let found = controle(&pool, &dossier, Chaine::Acte, &|_, _| {}).await.unwrap();
        assert!(found.bilan.lignes + found.attente.unsigned_abs() >= acts.unsigned_abs());
    });
}

/// Writers of lines at once, and how many lines they are acknowledged before the server is killed.
const WRITERS: u64 = 4;
const LINES: u64 = 300;
const KILLS: u64 = 2;

#[test]
fn the_journal_survives_the_kill_of_its_server() {
    let folder = folder();
    let config = config(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let acknowledged = AtomicU64::new(0);
    for round in 1..=KILLS {
        let (mut server, _) = start(folder.path());
        let database = Database::open(&config, Use::Command).unwrap();
        let killed = AtomicBool::new(false);
        runtime.block_on(async {
            let pool = database.write_pool(&config).await.unwrap();
            let write = async || {
                let details = json!({});
                let fait = Fait { action: "essayer", objet: "essai", cle: None, details: &details };
                while !killed.load(Ordering::SeqCst) {
                    let Ok(mut connection) = pool.acquire().await else { return };
                    if acte(&mut connection, &Auteur::COMMANDE, &fait).await.is_err() {
                        return;
                    }
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            };
            let kill = async {
                while acknowledged.load(Ordering::SeqCst) < round * LINES {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                server.kill();
                killed.store(true, Ordering::SeqCst);
            };
            join(join_all((0..WRITERS).map(|_| write())), kill).await;
        });
    }
    let acknowledged = acknowledged.into_inner();
    let (_server, _) = start(folder.path());
    let database = Database::open(&config, Use::Command).unwrap();
    runtime.block_on(async {
        let pool = database.journal_pool().await.unwrap();
        let dossier = {
            let mut connection = pool.acquire().await.unwrap();
            Dossier::ouvre(&mut connection, &config.data_dir).await.unwrap().unwrap()
        };
        let mut found = controle(&pool, &dossier, Chaine::Acte, &|_, _| {}).await.unwrap();
        for _ in 0..2400 {
            if found.attente == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            found = controle(&pool, &dossier, Chaine::Acte, &|_, _| {}).await.unwrap();
        }
        assert_eq!(found.attente, 0);
        let written: i64 = sqlx::query_scalar("select count(*) from journal.acte where objet = 'essai'")
            .fetch_one(&pool)
            .await
            .unwrap();
        // What was under way may have been committed without its answer, one line a writer and a kill.
        let written = written.unsigned_abs();
        assert!((acknowledged..=acknowledged + WRITERS * KILLS).contains(&written), "{acknowledged} {written}");
        assert!(found.bilan.lignes >= written);
    });
}
