//! Imports take turns.

use sqlx::PgConnection;

/// Takes the transaction's advisory lock `key`; says so when another import holds it, then waits.
///
/// # Errors
/// The database refused.
pub async fn take_turn(connection: &mut PgConnection, key: i64) -> sqlx::Result<()> {
    let free: bool =
        sqlx::query_scalar("select pg_try_advisory_xact_lock($1)").bind(key).fetch_one(&mut *connection).await?;
    if !free {
        tracing::warn!("un autre import est en cours : attente de sa fin");
        sqlx::query("select pg_advisory_xact_lock($1)").bind(key).execute(connection).await?;
    }
    Ok(())
}
