//! How far each layer is behind PostGIS.

use sqlx::PgPool;

/// A layer, and how far what its tiles come from is behind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// The layer.
    pub id: &'static str,
    /// Its rows in full detail; none when PostGIS draws it, which is never behind.
    pub rows: Option<usize>,
    /// Rows changed over its snapshot.
    pub over: usize,
    /// Bytes of its snapshot.
    pub bytes: usize,
    /// Changes that are not in it yet: tiles that who asks would see them in come from PostGIS.
    pub changes: u64,
    /// Milliseconds since the oldest of them.
    pub ms: u64,
}

impl Lag {
    /// Of a layer that PostGIS draws.
    #[must_use]
    pub fn postgis(id: &'static str) -> Self {
        Self { id, rows: None, over: 0, bytes: 0, changes: 0, ms: 0 }
    }

    pub(super) fn of(id: &'static str, layer: &finage_tiles::Layer) -> Self {
        let bytes = layer.base().map_or(0, |base| base.bytes());
        Self { rows: Some(layer.rows()), over: layer.pending(), bytes, ..Self::postgis(id) }
    }

    /// The same, behind by the events of an object since a transaction, but those of `applied`.
    pub(super) async fn behind(
        self,
        pool: &PgPool,
        objet: &str,
        since: u64,
        applied: &[i64],
        most: i64,
    ) -> sqlx::Result<Self> {
        let (changes, ms): (i64, f64) = sqlx::query_as(include_str!("sql/suivi.sql"))
            .bind(since.to_string())
            .bind(objet)
            .bind(applied)
            .bind(most)
            .fetch_one(pool)
            .await?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a duration")]
        let ms = ms.max(0.0) as u64;
        Ok(Self { changes: u64::try_from(changes).unwrap_or_default(), ms, ..self })
    }
}
