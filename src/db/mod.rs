//! The database: the embedded cluster or a PostgreSQL of one's own, its migrations, its roles.

mod client;
pub mod copy;
pub mod copy_out;
pub mod expression;
pub mod lock;
mod migrate;
mod refus;
mod requirements;
mod tenant;
mod watch;

use std::str::FromStr as _;
use std::time::Duration;

use finage_cluster::{Cluster, ClusterError, Listen, Mode, Options};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use thiserror::Error;

pub use client::Role;
pub use migrate::{last_migration, migrate, prepare};
pub use refus::dit;
pub use requirements::{Requirement, not_leakproof, requirements};
pub use tenant::{Acteur, Canal, CollectiviteId, Collectivites, TenantTx};
pub use watch::Watch;

use crate::config::Config;

/// The role that owns every table and imports.
pub const OWNER: &str = "finage_owner";
/// The role that serves requests.
pub const APP: &str = "finage_app";
/// The role that alone reads accounts, sessions and rights.
pub const ACCES: &str = "finage_acces";
/// The role that seals and reads the journal.
pub const JOURNAL: &str = "finage_journal";
/// The role that reads what layers publish, for the snapshots that tiles come from.
pub const SNAPSHOT: &str = "finage_snapshot";
/// The role that reads everything, for backups.
pub const BACKUP: &str = "finage_backup";
/// Longest a public read may take.
const STATEMENT_TIMEOUT: &str = "5s";
/// Longest a write of a job may take: a piece of 64 MiB on a slow disk.
const WRITE_TIMEOUT: &str = "30s";

/// Why the database cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DbError {
    /// The embedded cluster.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// `DATABASE_URL` is malformed.
    #[error("DATABASE_URL n'est pas une adresse PostgreSQL (postgres://utilisateur@serveur/base) : {0}")]
    Url(sqlx::Error),
    /// The server does not answer or refuses.
    #[error("la base de données ne répond pas : {0} ; « finage doctor » dit ce qui manque")]
    Connect(sqlx::Error),
    /// A requirement is not met.
    #[error("{0}")]
    Requirement(String),
    /// A migration failed; the database is as before it.
    #[error("la mise à niveau de la base a échoué, elle est restée comme avant : {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The database refused a statement of the set-up.
    #[error("la base a refusé la préparation : {0}")]
    Setup(#[from] sqlx::Error),
    /// The database stores another system than the configuration asks for.
    #[error(
        "la base stocke ses géométries en EPSG:{stored}, la configuration demande EPSG:{asked} : une base garde son système ; corrigez « srid »"
    )]
    Srid {
        /// SRID of the database.
        stored: i32,
        /// SRID of the configuration.
        asked: u32,
    },
    /// The COG could not be stored.
    #[error(transparent)]
    Cog(#[from] crate::territory::cog::CogError),
}

/// What a process wants the database for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The one server of a data directory.
    Server,
    /// A command, beside a server or alone.
    Command,
}

/// A way to the database. Dropping it stops the embedded cluster if this process owns it.
#[derive(Debug)]
pub struct Database {
    options: PgConnectOptions,
    embedded: bool,
    cluster: Option<Cluster>,
}

impl Database {
    /// Opens the configured database; starts or joins the embedded cluster when there is no `DATABASE_URL`.
    ///
    /// Blocking: call it before, or outside, the asynchronous part.
    ///
    /// # Errors
    /// The embedded cluster cannot start, or the address is malformed.
    pub fn open(config: &Config, used_for: Use) -> Result<Self, DbError> {
        if let Some(url) = &config.database_url {
            let options = PgConnectOptions::from_str(url).map_err(DbError::Url)?;
            return Ok(Self { options: common(options), embedded: false, cluster: None });
        }
        let mode = match used_for {
            Use::Server => Mode::Server,
            Use::Command => Mode::Attach,
        };
        let listen = config.sql.adresse.map(|address| Listen { address, certificate: config.sql.tls() });
        let cluster = Cluster::open_with(&config.data_dir, Options::new(mode).listen(listen))?;
        let options = PgConnectOptions::new_without_pgpass()
            .socket(cluster.socket_dir())
            .port(cluster.port())
            .username(cluster.database_user())
            .database(cluster.database());
        Ok(Self { options: common(options), embedded: true, cluster: Some(cluster) })
    }

    /// Gives the cluster to a thread that restarts PostgreSQL if it ends while the server runs.
    pub fn watch(&mut self) -> Option<Watch> {
        self.cluster.take().map(Watch::start)
    }

    /// A connection as the role that may create extensions and roles.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn admin(&self) -> Result<PgConnection, DbError> {
        self.options.connect().await.map_err(DbError::Connect)
    }

    /// A connection as the owner of the tables.
    ///
    /// # Errors
    /// The server does not answer, or the role is not there yet.
    pub async fn owner(&self) -> Result<PgConnection, DbError> {
        if self.embedded {
            return self.options.clone().username(OWNER).connect().await.map_err(DbError::Connect);
        }
        let mut connection = self.admin().await?;
        connection.execute(sqlx::AssertSqlSafe(format!("set role {OWNER}"))).await?;
        Ok(connection)
    }

    /// Every pool of a server.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn pools(&self, config: &Config) -> Result<Pools, DbError> {
        Ok(Pools {
            read: self.app_pool(config).await?,
            write: self.write_pool(config).await?,
            collectivites: self.collectivites(config).await?,
            acces: self.acces_pool().await?,
            journal: self.journal_pool().await?,
            snapshot: self.snapshot_pool(),
        })
    }

    /// The pool that serves reads of what is open to all, on the replica when one is configured, as the application's role.
    /// Its transactions are read-only, and see nothing that belongs to a collectivité.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn app_pool(&self, config: &Config) -> Result<PgPool, DbError> {
        let (base, embedded) = match &config.read_database_url {
            Some(replica) => (common(PgConnectOptions::from_str(replica).map_err(DbError::Url)?), false),
            None => (self.options.clone(), self.embedded),
        };
        let options = base.options([("statement_timeout", STATEMENT_TIMEOUT), ("default_transaction_read_only", "on")]);
        let pool = PgPoolOptions::new().max_connections(config.pool_size).min_connections(1);
        connect_as(APP, pool, options, embedded).await
    }

    /// The pool that writes jobs, on the primary, as the application's role.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn write_pool(&self, config: &Config) -> Result<PgPool, DbError> {
        let options = self.options.clone().options([("statement_timeout", WRITE_TIMEOUT)]);
        // A job holds two at most (its heartbeat, a piece); the rest is for requests that deposit and follow.
        let pool = PgPoolOptions::new().max_connections(2 * config.travaux_simultanes + 4);
        connect_as(APP, pool, options, self.embedded).await
    }

    /// The pool of transactions made for a collectivité; apart from the public's, so that no crowd keeps agents out.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn collectivites(&self, config: &Config) -> Result<Collectivites, DbError> {
        let options = self.options.clone().options([("statement_timeout", WRITE_TIMEOUT)]);
        let pool = PgPoolOptions::new().max_connections(config.pool_size);
        Ok(Collectivites::new(connect_as(APP, pool, options, self.embedded).await?))
    }

    /// The pool that alone reads and writes accounts, sessions and rights.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn acces_pool(&self) -> Result<PgPool, DbError> {
        let options = self.options.clone().options([("statement_timeout", STATEMENT_TIMEOUT)]);
        connect_as(ACCES, PgPoolOptions::new().max_connections(4), options, self.embedded).await
    }

    /// The pool that seals and reads the journal.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn journal_pool(&self) -> Result<PgPool, DbError> {
        let options = self.options.clone().options([("statement_timeout", WRITE_TIMEOUT)]);
        connect_as(JOURNAL, PgPoolOptions::new().max_connections(2), options, self.embedded).await
    }

    /// The pool that reads layers whole, for the snapshots that tiles come from; on the primary, whose changes it follows. It
    /// connects when it is first used.
    #[must_use]
    pub fn snapshot_pool(&self) -> PgPool {
        let options = self.options.clone().options([("default_transaction_read_only", "on")]);
        let pool = acting_as(SNAPSHOT, PgPoolOptions::new().max_connections(4), self.embedded);
        pool.connect_lazy_with(named(SNAPSHOT, options, self.embedded))
    }

    /// Connections to the primary, to listen: to the queue, to changes of rights, of modules and of rows.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn listen_pool(&self) -> Result<PgPool, DbError> {
        connect_as(APP, PgPoolOptions::new().max_connections(4), self.options.clone(), self.embedded).await
    }

    /// Closes a connection politely, so that a short-lived cluster stops at once.
    pub async fn release(&self, connection: PgConnection) {
        let _ = connection.close().await;
    }

    /// Lets go of the database; an embedded cluster that this process owns has then ended.
    ///
    /// Blocking.
    ///
    /// # Errors
    /// PostgreSQL does not end.
    pub fn close(mut self) -> Result<(), DbError> {
        Ok(self.cluster.take().map_or(Ok(()), Cluster::close)?)
    }

    /// Whether the embedded cluster is used.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.embedded
    }
}

/// Every pool of a server.
#[derive(Debug, Clone)]
pub struct Pools {
    /// Reads of what is open to all.
    pub read: PgPool,
    /// Writes of jobs.
    pub write: PgPool,
    /// Transactions made for a collectivité.
    pub collectivites: Collectivites,
    /// Accounts, sessions, rights.
    pub acces: PgPool,
    /// The journal: sealing and reading.
    pub journal: PgPool,
    /// Layers, read whole.
    pub snapshot: PgPool,
}

impl Pools {
    /// Closes every connection.
    pub async fn close(&self) {
        for pool in [&self.snapshot, &self.journal, &self.acces, &self.write, &self.read] {
            pool.close().await;
        }
        self.collectivites.close().await;
    }
}

/// Connects a pool as a role.
async fn connect_as(
    role: &'static str,
    pool: PgPoolOptions,
    options: PgConnectOptions,
    embedded: bool,
) -> Result<PgPool, DbError> {
    let options = named(role, options, embedded);
    acting_as(role, pool, embedded).connect_with(options).await.map_err(DbError::Connect)
}

/// On the embedded cluster a role connects itself; elsewhere the configured user takes it.
fn named(role: &str, options: PgConnectOptions, embedded: bool) -> PgConnectOptions {
    if embedded { options.username(role) } else { options }
}

fn acting_as(role: &'static str, pool: PgPoolOptions, embedded: bool) -> PgPoolOptions {
    pool.acquire_timeout(Duration::from_secs(2)).after_connect(move |connection, _| {
        Box::pin(async move {
            if !embedded {
                connection.execute(sqlx::AssertSqlSafe(format!("set role {role}"))).await?;
            }
            Ok(())
        })
    })
}

fn common(options: PgConnectOptions) -> PgConnectOptions {
    options
        .application_name("finage")
        // Statements are short: to compile them costs more than to run them.
        .options([("jit", "off")])
        .log_statements(tracing::log::LevelFilter::Trace)
        .log_slow_statements(tracing::log::LevelFilter::Debug, Duration::from_secs(1))
}
