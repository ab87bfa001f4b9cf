//! The database: the embedded cluster or a PostgreSQL of one's own, its migrations, its roles.

pub mod copy;
pub mod lock;
mod migrate;
mod requirements;
mod watch;

use std::str::FromStr as _;
use std::time::Duration;

use finage_cluster::{Cluster, ClusterError, Mode};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use thiserror::Error;

pub use migrate::migrate;
pub use requirements::{Requirement, requirements};
pub use watch::Watch;

use crate::config::Config;

/// The role that owns every table and imports.
pub const OWNER: &str = "finage_owner";
/// The role that serves requests.
pub const APP: &str = "finage_app";
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
        let cluster = Cluster::open(&config.data_dir, mode)?;
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

    /// The pool that serves reads, on the replica when one is configured, as the application's role. Its transactions are
    /// read-only: what writes says so by asking for the other pool.
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
        app(pool, options, embedded).await
    }

    /// The pool that writes, on the primary, as the application's role: it may write jobs and nothing else.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn write_pool(&self, config: &Config) -> Result<PgPool, DbError> {
        let options = self.options.clone().options([("statement_timeout", WRITE_TIMEOUT)]);
        // A job holds two at most (its heartbeat, a piece); the rest is for requests that deposit and follow.
        let pool = PgPoolOptions::new().max_connections(2 * config.travaux_simultanes + 4);
        app(pool, options, self.embedded).await
    }

    /// One connection to the primary, to listen.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn listen_pool(&self) -> Result<PgPool, DbError> {
        app(PgPoolOptions::new().max_connections(1), self.options.clone(), self.embedded).await
    }

    /// Closes a connection politely, so that a short-lived cluster stops at once.
    pub async fn release(&self, connection: PgConnection) {
        let _ = connection.close().await;
    }

    /// Whether the embedded cluster is used.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.embedded
    }
}

/// Connects a pool as the application's role.
async fn app(pool: PgPoolOptions, options: PgConnectOptions, embedded: bool) -> Result<PgPool, DbError> {
    let options = options.options([("jit", "off")]);
    let options = if embedded { options.username(APP) } else { options };
    pool.acquire_timeout(Duration::from_secs(2))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if !embedded {
                    connection.execute(sqlx::AssertSqlSafe(format!("set role {APP}"))).await?;
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .map_err(DbError::Connect)
}

fn common(options: PgConnectOptions) -> PgConnectOptions {
    options
        .application_name("finage")
        .log_statements(tracing::log::LevelFilter::Trace)
        .log_slow_statements(tracing::log::LevelFilter::Debug, Duration::from_secs(1))
}
