//! Versions of the layers: what an import moves in its transaction, and what validators of tiles are made of.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::{PgConnection, PgPool};
use tokio::sync::Mutex;

use crate::cadastre::layers::Layer;

/// How long a layer's version is trusted without asking the database again.
const VERSIONS_FOR: Duration = Duration::from_millis(500);

/// Versions of the layers, read at most twice a second.
#[derive(Debug, Default)]
pub struct Versions {
    read: Mutex<Option<(Instant, Arc<Seen>)>>,
}

/// Versions at one moment: the database's identity, and each layer's.
#[derive(Debug, Clone)]
pub struct Seen {
    base: String,
    layers: Vec<(String, i64)>,
}

impl Versions {
    /// The versions as they are, or were half a second ago at most.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn read(&self, pool: &PgPool) -> sqlx::Result<Arc<Seen>> {
        let mut read = self.read.lock().await;
        if let Some((at, seen)) = read.as_ref()
            && at.elapsed() < VERSIONS_FOR
        {
            return Ok(Arc::clone(seen));
        }
        let seen = Arc::new(at(&mut *pool.acquire().await?).await?);
        *read = Some((Instant::now(), Arc::clone(&seen)));
        Ok(seen)
    }

    /// A string that changes when one of these layers, the database or the program changes.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn of(&self, pool: &PgPool, layers: &[&Layer]) -> sqlx::Result<String> {
        let seen = self.read(pool).await?;
        Ok(seen.together(layers))
    }
}

impl Seen {
    /// A string that changes when this layer, the database or the program changes.
    #[must_use]
    pub fn of(&self, layer: &Layer) -> String {
        self.together(&[layer])
    }

    /// A string that changes when one of these layers, the database or the program changes.
    #[must_use]
    pub fn together(&self, layers: &[&Layer]) -> String {
        let of = |id: &str| self.layers.iter().find(|(name, _)| name == id).map_or(0, |(_, version)| *version);
        let versions = layers.iter().map(|layer| of(layer.id).to_string()).collect::<Vec<_>>().join(".");
        format!("{}-{}-{versions}", self.base, env!("CARGO_PKG_VERSION"))
    }
}

/// The versions that the transaction of `connection` sees.
pub(super) async fn at(connection: &mut PgConnection) -> sqlx::Result<Seen> {
    let base: String = sqlx::query_scalar("select left(valeur, 8) from core.parametre where nom = 'base'")
        .fetch_one(&mut *connection)
        .await?;
    let layers = sqlx::query_as("select id, version from core.couche order by id").fetch_all(connection).await?;
    Ok(Seen { base, layers })
}
