//! What handlers share.

use std::sync::Arc;

use sqlx::PgPool;

use crate::config::Config;
use crate::services::tiles::Versions;

/// State of the server, cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: Config,
    pool: PgPool,
    versions: Versions,
}

impl App {
    /// The state of a server on this pool.
    #[must_use]
    pub fn new(config: Config, pool: PgPool) -> Self {
        Self { inner: Arc::new(Inner { config, pool, versions: Versions::default() }) }
    }

    /// Configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Connections for reads.
    #[must_use]
    pub fn db_read(&self) -> &PgPool {
        &self.inner.pool
    }

    /// Versions of the layers.
    #[must_use]
    pub fn versions(&self) -> &Versions {
        &self.inner.versions
    }
}
