//! Which database one reads, and where its transactions stand.

use sqlx::PgConnection;

use super::build::BuildError;

/// Where a reader of events stands.
#[derive(Debug)]
pub(super) struct Moment {
    /// Which database it is: another one once it is restored from a backup.
    pub base: String,
    /// Every earlier transaction has ended.
    pub now: u64,
    /// The last transaction whose changes are no longer told.
    pub forgotten: u64,
}

/// The moment that the transaction of `connection` sees.
pub(super) async fn moment(connection: &mut PgConnection) -> Result<Moment, BuildError> {
    let (base, now, forgotten): (String, String, String) =
        sqlx::query_as(include_str!("sql/moment.sql")).fetch_one(connection).await?;
    let read = |transaction: String| transaction.parse().map_err(|_| BuildError::Unfinished);
    Ok(Moment { base, now: read(now)?, forgotten: read(forgotten)? })
}
