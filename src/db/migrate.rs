//! Brings a database to this version: extensions, roles, migrations, storage SRID, COG.

use sqlx::migrate::Migrator;
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::{Database, DbError, OWNER, requirements};
use crate::territory::cog::Cog;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Migrations of one database run one at a time (arbitrary, constant).
const LOCK: i64 = 0x0066_696e_6d69_6772;

/// Applies what is missing; nothing when the database is up to date.
///
/// # Errors
/// A requirement that is not met, or a statement the database refused; it is then as before that step.
pub async fn migrate(database: &Database, srid: u32) -> Result<(), DbError> {
    let mut connection = database.admin().await?;
    sqlx::query("select pg_advisory_lock($1)").bind(LOCK).execute(&mut connection).await?;
    let done = steps(&mut connection, srid).await;
    database.release(connection).await;
    done
}

/// Brings a database to where tables may be put back: extensions and roles, no table.
///
/// # Errors
/// A requirement that is not met, or a statement the database refused.
pub async fn prepare(connection: &mut PgConnection) -> Result<(), DbError> {
    if let Some(missing) = requirements(connection).await?.into_iter().find(|r| !r.ok) {
        return Err(DbError::Requirement(missing.sentence()));
    }
    connection.execute(include_str!("sql/prepare.sql")).await?;
    connection.execute(include_str!("sql/indexables.sql")).await?;
    Ok(())
}

/// The newest migration that this program knows.
#[must_use]
pub fn last_migration() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

async fn steps(connection: &mut PgConnection, srid: u32) -> Result<(), DbError> {
    prepare(connection).await?;
    connection.execute(sqlx::AssertSqlSafe(format!("set role {OWNER}"))).await?;
    MIGRATIONS.run(&mut *connection).await?;
    store_srid(connection, srid).await?;
    let mut transaction = connection.begin().await?;
    let version: Option<String> =
        sqlx::query_scalar("select max(cog_version) from core.commune").fetch_one(&mut *transaction).await?;
    if version.is_none() {
        Cog::embedded()?.store(&mut transaction).await?;
    }
    transaction.commit().await?;
    connection.execute("reset role").await?;
    Ok(())
}

/// The SRID and the identity of the database are chosen once, when it is made.
async fn store_srid(connection: &mut PgConnection, asked: u32) -> Result<(), DbError> {
    sqlx::query("insert into core.parametre (nom, valeur) values ('srid', $1) on conflict do nothing")
        .bind(asked.to_string())
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into core.parametre (nom, valeur) values ('base', gen_random_uuid()::text) on conflict do nothing",
    )
    .execute(&mut *connection)
    .await?;
    let stored: i32 = sqlx::query_scalar("select core.storage_srid()").fetch_one(&mut *connection).await?;
    if i32::try_from(asked) != Ok(stored) {
        return Err(DbError::Srid { stored, asked });
    }
    connection.execute("select core.apply_storage_srid()").await?;
    Ok(())
}
