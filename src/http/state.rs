//! What handlers share.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::debit::Debit;
use super::headers;
use super::problem::Problem;
use crate::access::Acces;
use crate::access::coffre::Coffre;
use crate::access::courrier::Courrier;
use crate::access::externe::Externes;
use crate::config::Config;
use crate::db::{Acteur, Canal, CollectiviteId, Collectivites, Pools};
use crate::jobs::{Queue, Registry, Rules};
use crate::modules::crochet;
use crate::modules::installation::ANNONCE;
use crate::modules::registry::{self, Registry as Modules, Vivant};
use crate::services::tiles::{Followed, Snapshots, Source, Tiles, Versions};

/// Drawings, and selections, made at once; the map keeps the rest of the machine and of the connections.
const MAX_HEAVY: usize = 2;
/// What a request waits for its turn at a heavy computation.
const TURN: Duration = Duration::from_secs(5);
/// How often one asks whether the day changed.
const DAY_CHECK: Duration = Duration::from_mins(1);
/// What PostgreSQL tells a change of rows by (`core.ecrire_changement`).
const CHANGES: &str = "finage_changement";
/// How long a layer that is all to be read again must have been left alone.
const SETTLED: Duration = Duration::from_secs(3);
/// What changes are waited for once one is told.
const TOGETHER: Duration = Duration::from_millis(20);
/// How often one asks whether a layer changed.
const LAYERS_CHECK: Duration = Duration::from_millis(500);
/// Clients that may follow jobs by events at once; others ask from time to time.
const MAX_FOLLOWERS: usize = 64;

/// State of the server, cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: Config,
    pools: Pools,
    acces: Acces,
    coffre: Coffre,
    courrier: Courrier,
    externes: Externes,
    versions: Versions,
    snapshots: Snapshots,
    followed: Followed,
    tiles: Tiles,
    modules: Vivant,
    jobs: Queue,
    followers: Arc<Semaphore>,
    drawings: Arc<Semaphore>,
    selections: Arc<Semaphore>,
    debit: Option<Debit>,
    securite: Vec<(HeaderName, HeaderValue)>,
    closing: watch::Sender<bool>,
}

impl App {
    /// The state of a server on these pools, that knows these works.
    #[must_use]
    pub fn new(config: Config, pools: Pools, works: Registry) -> Self {
        Self::with_modules(config, pools, works, Vivant::default())
    }

    /// The same, whose installed modules its works know too.
    #[must_use]
    pub fn with_modules(config: Config, pools: Pools, works: Registry, modules: Vivant) -> Self {
        let jobs = Queue::new(pools.write.clone(), works, Rules::new(&config));
        Self::made(config, pools, jobs, modules)
    }

    /// The same on a queue whose rules are not those of the configuration.
    #[must_use]
    pub fn with_jobs(config: Config, pools: Pools, jobs: Queue) -> Self {
        Self::made(config, pools, jobs, Vivant::default())
    }

    fn made(config: Config, pools: Pools, jobs: Queue, modules: Vivant) -> Self {
        let (followers, closing) = (Arc::new(Semaphore::new(MAX_FOLLOWERS)), watch::channel(false).0);
        let acces = Acces::new(pools.acces.clone(), config.second_facteur_administrateurs);
        Self {
            inner: Arc::new(Inner {
                debit: config.debit.then(Debit::default),
                securite: headers::security(&config),
                acces,
                coffre: Coffre::new(&config.data_dir),
                courrier: Courrier::new(&config),
                externes: Externes::new(&config),
                snapshots: Snapshots::new(&config.data_dir, config.tuiles_simplifiees),
                followed: Followed::new(&config.data_dir),
                tiles: Tiles::keeping(u64::from(config.tuiles_cache) << 20),
                config,
                pools,
                versions: Versions::default(),
                modules,
                jobs,
                followers,
                drawings: Arc::new(Semaphore::new(MAX_HEAVY)),
                selections: Arc::new(Semaphore::new(MAX_HEAVY)),
                closing,
            }),
        }
    }

    /// Configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Connections for reads of what is open to all; on the replica when one is configured, read-only in any case.
    #[must_use]
    pub fn db_read(&self) -> &PgPool {
        &self.inner.pools.read
    }

    /// Connections to the primary: for writes, and for reads that must see them at once.
    #[must_use]
    pub fn db_write(&self) -> &PgPool {
        &self.inner.pools.write
    }

    /// Transactions made for a collectivité.
    #[must_use]
    pub fn collectivites(&self) -> &Collectivites {
        &self.inner.pools.collectivites
    }

    /// Who asks, and what they may do: accounts, sessions, tokens, rights.
    #[must_use]
    pub fn acces(&self) -> &Acces {
        &self.inner.acces
    }

    /// What seals secrets of second factors.
    #[must_use]
    pub fn coffre(&self) -> &Coffre {
        &self.inner.coffre
    }

    /// What sends mail.
    #[must_use]
    pub fn courrier(&self) -> &Courrier {
        &self.inner.courrier
    }

    /// Providers of identities.
    #[must_use]
    pub fn externes(&self) -> &Externes {
        &self.inner.externes
    }

    /// Installed modules, as they are now.
    #[must_use]
    pub fn modules(&self) -> registry::Connu {
        self.inner.modules.lu()
    }

    /// Reads installed modules again, and swaps them whole.
    ///
    /// # Errors
    /// The database refused; what was known stays.
    pub async fn recharge(&self) -> sqlx::Result<()> {
        let mut connection = self.inner.pools.write.acquire().await?;
        let lus = Modules::charge(&mut connection, self.config().modules_dir.as_deref()).await?;
        self.pose(Arc::new(lus));
        Ok(())
    }

    /// Swaps installed modules for these.
    pub fn pose(&self, modules: registry::Connu) {
        self.inner.modules.pose(modules);
    }

    /// Reads modules again each time one is installed, upgraded or disabled, until `closing` becomes true.
    pub async fn suit_les_modules(&self, pool: PgPool) {
        let mut closing = self.closing();
        let Ok(mut listener) = PgListener::connect_with(&pool).await else { return };
        if listener.listen(ANNONCE).await.is_err() {
            return;
        }
        while !*closing.borrow() {
            tokio::select! {
                _ = closing.changed() => {}
                // A connection that came back may have missed some.
                _ = listener.try_recv() => {
                    if let Err(error) = self.recharge().await {
                        tracing::error!(%error, "les modules n'ont pas pu être relus");
                        tokio::time::sleep(TURN).await;
                    }
                }
            }
        }
    }

    /// Recalculates, each time the day changes in one of the country's time zones, what depends on today; until `closing`
    /// becomes true.
    pub async fn suit_le_jour(&self) {
        let mut closing = self.closing();
        while !*closing.borrow() {
            let done: sqlx::Result<i64> =
                sqlx::query_scalar("select core.recalculer()").fetch_one(&self.inner.pools.write).await;
            match done {
                Ok(0) => {}
                Ok(rows) => tracing::info!(rows, "champs qui suivent le jour recalculés"),
                Err(error) => tracing::error!(%error, "les champs qui suivent le jour n'ont pas pu être recalculés"),
            }
            if let Err(error) = sqlx::query("select core.oublier_changements()").execute(&self.inner.pools.write).await
            {
                tracing::error!(%error, "les changements de plus de deux jours n'ont pas pu être retirés");
            }
            if let Err(error) = self.recalcule_les_crochets().await {
                tracing::error!(%error, "les champs que calculent les programmes des modules n'ont pas pu l'être");
            }
            tokio::select! {
                _ = closing.changed() => {}
                () = tokio::time::sleep(DAY_CHECK) => {}
            }
        }
    }

    /// Computes what the programs of modules have waiting: what the day brought, what another connection changed.
    ///
    /// # Errors
    /// The database refused.
    pub async fn recalcule_les_crochets(&self) -> sqlx::Result<()> {
        let attendent: Vec<CollectiviteId> =
            sqlx::query_scalar("select core.collectivites_a_recalculer()").fetch_all(&self.inner.pools.write).await?;
        let registry = self.modules();
        for collectivite in attendent {
            let acteur = Acteur { utilisateur: None, collectivite, canal: Canal::Travail };
            let mut tx = self.collectivites().begin(&acteur).await?;
            let rows = crochet::recalcule_tout(&mut tx, &registry).await?;
            tx.commit().await?;
            tracing::info!(rows, collectivite = collectivite.0, "fiches recalculées par le programme de leur module");
        }
        Ok(())
    }

    /// Connections that seal and read the journal.
    #[must_use]
    pub fn db_journal(&self) -> &PgPool {
        &self.inner.pools.journal
    }

    /// The queue of long work.
    #[must_use]
    pub fn jobs(&self) -> &Queue {
        &self.inner.jobs
    }

    /// What may be asked at once; `None` where the configuration does not bound it.
    pub(super) fn debit(&self) -> Option<&Debit> {
        self.inner.debit.as_ref()
    }

    /// Security headers of every answer.
    pub(super) fn securite(&self) -> &[(HeaderName, HeaderValue)] {
        &self.inner.securite
    }

    /// Versions of the layers.
    #[must_use]
    pub fn versions(&self) -> &Versions {
        &self.inner.versions
    }

    /// Snapshots of the layers, that tiles come from.
    #[must_use]
    pub fn snapshots(&self) -> &Snapshots {
        &self.inner.snapshots
    }

    /// Layers of modules, that tiles come from too.
    #[must_use]
    pub fn followed(&self) -> &Followed {
        &self.inner.followed
    }

    /// What makes tiles and keeps them.
    #[must_use]
    pub fn tiles(&self) -> &Tiles {
        &self.inner.tiles
    }

    /// Keeps snapshots at the versions of their layers, until the server stops.
    pub async fn suit_les_couches(&self) {
        let mut closing = self.closing();
        loop {
            // On the primary, whose versions are those that are built: a replica behind it draws from PostGIS until it is there.
            if let Err(error) =
                self.inner.snapshots.refresh(&self.inner.pools.snapshot, &self.inner.versions, SETTLED).await
            {
                tracing::debug!(%error, "versions des couches illisibles");
            }
            tokio::select! {
                () = tokio::time::sleep(LAYERS_CHECK) => {}
                _ = closing.wait_for(|closing| *closing) => return,
            }
        }
    }

    /// Keeps layers of modules in step with their rows, until the server stops: as soon as one changes, and from time to time for
    /// what was not told.
    pub async fn suit_les_fiches(&self, listen: PgPool) {
        let mut closing = self.closing();
        let (mut told, mut modules, mut sources) = (None, self.modules(), self.sources());
        loop {
            if !Arc::ptr_eq(&modules, &self.modules()) {
                (modules, sources) = (self.modules(), self.sources());
            }
            if let Err(error) = self.inner.followed.refresh(&self.inner.pools.snapshot, &sources, SETTLED).await {
                tracing::debug!(%error, "changements illisibles");
            }
            if told.is_none() {
                told = listener(&listen).await;
            }
            let change = async {
                match told.as_mut() {
                    Some(listener) => PgListener::recv(listener).await.is_ok(),
                    None => std::future::pending().await,
                }
            };
            let alive = tokio::select! {
                alive = change => Some(alive),
                () = tokio::time::sleep(LAYERS_CHECK) => None,
                _ = closing.wait_for(|closing| *closing) => return,
            };
            match alive {
                Some(true) => {
                    // What changes together is read together.
                    tokio::time::sleep(TOGETHER).await;
                    while told.as_mut().is_some_and(|listener| listener.next_buffered().is_some()) {}
                }
                Some(false) => told = None,
                None => {}
            }
        }
    }

    /// How the layers of modules are read.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        let simplifiees = self.inner.config.tuiles_simplifiees;
        self.modules().couches().filter_map(|couche| Source::of(couche, simplifiees)).collect()
    }

    /// A place among those who follow a job by events; `None` when all are taken.
    pub(super) fn follower(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.inner.followers).try_acquire_owned().ok()
    }

    /// Draws a plan when its turn comes.
    ///
    /// # Errors
    /// 503 when too many are asked for at once.
    pub(super) async fn drawing<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Problem> {
        in_turn(&self.inner.drawings, work).await
    }

    /// Selects parcels when its turn comes.
    ///
    /// # Errors
    /// 503 when too many are asked for at once.
    pub(super) async fn selection<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Problem> {
        in_turn(&self.inner.selections, work).await
    }

    /// Becomes true when the server stops.
    #[must_use]
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.inner.closing.subscribe()
    }

    /// Tells all that is long to end: answers that go on, workers.
    pub fn close(&self) {
        self.inner.closing.send_replace(true);
    }
}

/// A connection that is told what changes; none where it cannot be had: one asks from time to time.
async fn listener(pool: &PgPool) -> Option<PgListener> {
    let mut listener = PgListener::connect_with(pool).await.ok()?;
    listener.listen(CHANGES).await.ok()?;
    Some(listener)
}

/// Runs `work` with a place of its own. The place is given back when the work ends, not when its client leaves: what
/// PostgreSQL is computing goes on.
async fn in_turn<T: Send + 'static>(
    places: &Arc<Semaphore>,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Problem> {
    let busy = || Problem::busy("Trop de demandes de ce genre sont en cours ; réessayez dans quelques secondes.");
    let waited = tokio::time::timeout(TURN, Arc::clone(places).acquire_owned()).await;
    let place = waited.map_err(|_| busy())?.map_err(|_| busy())?;
    let running = tokio::spawn(async move {
        let done = work.await;
        drop(place);
        done
    });
    running.await.map_err(|_| Problem::internal())
}
