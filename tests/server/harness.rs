//! One private PostgreSQL for the whole run, one database a test, cloned from a migrated template.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use finage::access::Acces;
use finage::cadastre::import::{self, ImportError, Options, Report, Source};
use finage::config::Config;
use finage::db::{Database, Pools, Use, migrate};
use finage::http::{App, router};
use finage::jobs::Registry as Works;
use finage::modules::import::{Depot, Imports};
use finage::modules::installation::installe;
use finage::modules::registry::{Connu, Registry, Vivant};
use finage::modules::sources::{self, Origine};
use finage_cluster::{Cluster, Mode};
use sqlx::{Connection as _, PgConnection, PgPool};
use tower::ServiceExt as _;

const TEMPLATE: &str = "modele";
const SAMPLE: &str = "exemple";
const CEMETERY: &str = "cimetieres";
const PREFIX: &str = "finage-test-";

struct Server {
    cluster: Cluster,
    _folder: tempfile::TempDir,
}

/// PostgreSQL ends with this process: the kernel tells it so.
static SERVER: OnceLock<Server> = OnceLock::new();

/// Clusters of runs that have ended: a static is never dropped, so each run clears up after those before.
fn sweep() {
    for entry in std::fs::read_dir("/tmp").unwrap().flatten() {
        let folder = entry.path();
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let Ok(pid) = std::fs::read_to_string(folder.join("cluster/data/postmaster.pid")) else { continue };
        let ended = pid.lines().next().is_none_or(|pid| !Path::new("/proc").join(pid.trim()).exists());
        if ours && ended {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn server() -> &'static Server {
    SERVER.get_or_init(|| {
        std::thread::spawn(|| {
            sweep();
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in("/tmp").unwrap();
            let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(folder.path(), open).unwrap();
            let cluster = Cluster::open(folder.path(), Mode::Server).unwrap();
            runtime().block_on(async {
                let mut admin = connect(&cluster, "postgres").await;
                sqlx::raw_sql("create database modele").execute(&mut admin).await.unwrap();
                // Nothing here outlives the machine: tests of durability have servers of their own.
                for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
                    let statement = sqlx::AssertSqlSafe(format!("alter system set {setting} = off"));
                    sqlx::raw_sql(statement).execute(&mut admin).await.unwrap();
                }
                sqlx::raw_sql("select pg_reload_conf()").execute(&mut admin).await.unwrap();
                let database = Database::open(&config(&cluster, TEMPLATE), Use::Command).unwrap();
                migrate(&database, 2154).await.unwrap();
            });
            Server { cluster, _folder: folder }
        })
        .join()
        .unwrap()
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn url(cluster: &Cluster, database: &str) -> String {
    let host = cluster.socket_dir().to_string_lossy().replace('/', "%2F");
    format!("postgres://finage@{host}:{}/{database}", cluster.port())
}

async fn connect(cluster: &Cluster, database: &str) -> PgConnection {
    PgConnection::connect(&url(cluster, database)).await.unwrap()
}

fn config(cluster: &Cluster, database: &str) -> Config {
    Config { database_url: Some(url(cluster, database)), pool_size: 4, debit: false, ..Config::default() }
}

/// A database of its own for one test.
pub struct Town {
    pub config: Config,
    pub database: Database,
    pub owner: PgConnection,
    /// Reads only.
    pub pool: PgPool,
    /// Writes jobs.
    pub write: PgPool,
    /// Every pool of a server.
    pub pools: Pools,
    /// Modules that its servers know.
    pub modules: Connu,
    /// The server that answers, its layers in snapshots, once there is one ([`Self::sert`]).
    served: Option<(App, tempfile::TempDir)>,
}

/// Runs a test on its own database.
pub fn on_empty_town<T>(test: impl AsyncFnOnce(&mut Town) -> T) -> T {
    server();
    runtime().block_on(on_clone(TEMPLATE, test))
}

/// Runs a test on the sample town: both communes by EDIGEO, their addresses by BAL.
pub fn on_sample_town<T>(test: impl AsyncFnOnce(&mut Town) -> T) -> T {
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| {
        prepare(SAMPLE, async |town| {
            town.import_samples().await;
        });
    });
    runtime().block_on(on_clone(SAMPLE, test))
}

/// Runs a test on an empty town that has the module of cemeteries.
pub fn on_cemetery_town<T>(test: impl AsyncFnOnce(&mut Town) -> T) -> T {
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| prepare(CEMETERY, async |town| town.livre("cimetiere").await));
    runtime().block_on(async {
        on_clone(CEMETERY, async |town| {
            town.may_make_schemas().await;
            town.recharge().await;
            test(town).await
        })
        .await
    })
}

/// Makes a template that tests clone, once a run: what many begin with is not done again by each.
fn prepare(template: &'static str, make: impl AsyncFnOnce(&mut Town) + Send + 'static) {
    server();
    let made = std::thread::spawn(move || {
        runtime().block_on(async {
            create(template, TEMPLATE).await;
            let mut town = open(template).await;
            make(&mut town).await;
            drop(town);
            // Pools close in their own time.
            let mut admin = connect(&server().cluster, "postgres").await;
            sqlx::query("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1")
                .bind(template)
                .fetch_all(&mut admin)
                .await
                .unwrap();
        });
    });
    made.join().unwrap();
}

async fn on_clone<T>(template: &str, test: impl AsyncFnOnce(&mut Town) -> T) -> T {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("ville_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    create(&name, template).await;
    let mut town = open(&name).await;
    let result = test(&mut town).await;
    drop(town);
    // A database takes tens of megabytes: those of tests that passed are not kept.
    let mut admin = connect(&server().cluster, "postgres").await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("drop database {name} with (force)"))).execute(&mut admin).await.unwrap();
    result
}

async fn create(name: &str, template: &str) {
    let mut admin = connect(&server().cluster, "postgres").await;
    // Cloning wants the template to itself.
    sqlx::query("select pg_advisory_lock(1)").execute(&mut admin).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create database {name} template {template}")))
        .execute(&mut admin)
        .await
        .unwrap();
    admin.close().await.unwrap();
}

async fn open(name: &str) -> Town {
    let config = config(&server().cluster, name);
    let database = Database::open(&config, Use::Command).unwrap();
    let owner = database.owner().await.unwrap();
    let pools = database.pools(&config).await.unwrap();
    let (pool, write) = (pools.read.clone(), pools.write.clone());
    Town { config, database, owner, pool, write, pools, modules: Connu::default(), served: None }
}

impl Town {
    pub async fn import_samples(&mut self) -> Report {
        let options = Options { departement: Some("99".into()), whole: true, ..Options::default() };
        let report = self.import(Source::Edigeo(files("edigeo", ".tar.bz2")), &options).await.unwrap();
        for path in files("bal", ".csv") {
            finage::territory::bal::run(&mut self.owner, &path, false, &|_| {}).await.unwrap();
        }
        report
    }

    pub async fn import(&mut self, source: Source, options: &Options) -> Result<Report, ImportError> {
        import::run(&mut self.owner, source, options, &|_| {}).await
    }

    /// A digest of everything users can see, to prove that nothing changed.
    pub async fn fingerprint(&mut self) -> String {
        sqlx::query_scalar(include_str!("fingerprint.sql")).fetch_one(&mut self.owner).await.unwrap()
    }

    pub fn router(&self) -> Router {
        match &self.served {
            Some((app, _)) => router(app.clone()),
            None => router(self.app(self.works())),
        }
    }

    /// From now on one server answers, that has the snapshots of its layers; it takes up changes when [`Self::suit`] says so.
    pub async fn sert(&mut self) {
        let folder = tempfile::tempdir().unwrap();
        self.config.data_dir = folder.path().to_owned();
        self.served = Some((self.app(self.works()), folder));
        self.suit().await;
    }

    /// Brings the snapshots of the server in step.
    pub async fn suit(&self) {
        let app = self.server();
        app.snapshots().refresh(&self.pools.snapshot, app.versions(), Duration::ZERO).await.unwrap();
        app.followed().refresh(&self.pools.snapshot, &app.sources(), Duration::ZERO).await.unwrap();
    }

    /// The same server, started again on the same data.
    pub async fn relance(&mut self) {
        let (_, folder) = self.served.take().unwrap();
        self.served = Some((self.app(self.works()), folder));
        self.suit().await;
    }

    /// Servers trust versions of layers for half a second.
    pub async fn attend_les_versions(&self) {
        tokio::time::sleep(Duration::from_millis(600)).await;
    }

    /// The server that answers.
    pub fn server(&self) -> &App {
        &self.served.as_ref().unwrap().0
    }

    /// The works of modules, on the modules that are installed now.
    pub fn works(&self) -> Works {
        let modules = Vivant::default();
        modules.pose(self.modules.clone());
        let acces = Acces::new(self.pools.acces.clone(), false);
        let depot = Depot::new(&self.config.data_dir);
        Works::default().with(Imports::new(self.pools.collectivites.clone(), acces, modules, depot))
    }

    /// A server that knows these works.
    pub fn app(&self, works: Works) -> App {
        let app = App::new(self.config.clone(), self.pools.clone(), works);
        app.pose(self.modules.clone());
        app
    }

    /// Installs a module of the tests; servers made from now on know it.
    pub async fn installe(&mut self, module: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/modules");
        self.installe_de(&folder, module, Origine::Dossier).await;
        self.config.modules_dir = Some(folder);
        self.recharge().await;
        let pannes = self.modules.pannes();
        assert!(pannes.is_empty(), "{pannes:#?}");
    }

    /// Installs a module that is delivered.
    pub async fn livre(&mut self, module: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("modules");
        self.installe_de(&folder, module, Origine::Livre).await;
        self.recharge().await;
        let pannes = self.modules.pannes();
        assert!(pannes.is_empty(), "{pannes:#?}");
    }

    async fn installe_de(&mut self, folder: &Path, module: &str, origine: Origine) {
        let lu = sources::lu(&folder.join(module)).unwrap_or_else(|faults| panic!("{faults:#?}"));
        self.may_make_schemas().await;
        installe(&mut self.owner, &lu, origine).await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Gives what a clone does not take from its template.
    async fn may_make_schemas(&self) {
        let mut admin = self.database.admin().await.unwrap();
        finage::db::prepare(&mut admin).await.unwrap();
    }

    /// Reads installed modules again.
    pub async fn recharge(&mut self) {
        let lus = Registry::charge(&mut self.owner, self.config.modules_dir.as_deref()).await.unwrap();
        self.modules = Connu::new(lus);
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let response = self.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.post_raw(path, "application/json", body.to_string().into_bytes()).await
    }

    pub async fn post_raw(&self, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, content_type).body(Body::from(body)).unwrap();
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// Some parcel of the sample that has what `condition` asks.
    pub async fn some_parcel(&mut self, condition: &str) -> String {
        let sql = format!("select idu from cadastre.parcelle p where {condition} order by idu limit 1");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut self.owner).await.unwrap()
    }
}

/// An HTTP answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub fn sample(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples").join(path)
}

/// Files of a folder of the sample, whatever their depth.
pub fn files(folder: &str, suffix: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, suffix: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, suffix, found);
            } else if path.to_string_lossy().ends_with(suffix) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&sample(folder), suffix, &mut found);
    found.sort();
    found
}

/// The folder of real files beside the checkout; says so when it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("FINAGE_SHARED_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let file = folder.join("data").join(path);
    if !file.exists() {
        println!("SKIPPED: real file {path} is not here");
        return None;
    }
    Some(file)
}
