//! What is read of the database in the snapshot that `pg_dump` then takes.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::BackupError;
use super::manifeste::{Base, Connexion, Entete, FORMAT};
use crate::db::{BACKUP, Database, last_migration};

/// How a snapshot begins: others may read the same until it ends.
pub(super) const DEBUT: &str = "begin isolation level repeatable read read only";

/// A snapshot, which lasts as long as its transaction.
#[derive(Debug)]
pub(super) struct Releve {
    /// Its name, for `pg_dump`.
    pub(super) instantane: String,
    pub(super) entete: Entete,
    pub(super) base: Base,
    /// Bytes of each table, `schema.table`.
    pub(super) tailles: BTreeMap<String, u64>,
}

/// Takes a snapshot in a transaction of an administrator, who may read who logs in, or that is left out.
pub(super) async fn releve(transaction: &mut PgConnection, faite_le: &str) -> Result<Releve, BackupError> {
    // It waits for pg_dump, however long.
    sqlx::query("select set_config('idle_in_transaction_session_timeout', '0', true), set_config('statement_timeout', '0', true)")
        .execute(&mut *transaction)
        .await?;
    let instantane: String = sqlx::query_scalar("select pg_export_snapshot()").fetch_one(&mut *transaction).await?;
    let connexions = connexions(transaction).await?;
    let cachee: Option<String> =
        sqlx::query_scalar(include_str!("sql/cachee.sql")).fetch_optional(&mut *transaction).await?;
    if let Some(table) = cachee {
        return Err(BackupError::Cachee(table));
    }
    let (srid, base, postgresql, majeure, postgis): (i32, String, String, i32, String) =
        sqlx::query_as(include_str!("sql/entete.sql")).fetch_one(&mut *transaction).await?;
    let migration: i64 = sqlx::query_scalar(include_str!("sql/migration.sql")).fetch_one(&mut *transaction).await?;
    let laisses: Vec<String> = sqlx::query_scalar(include_str!("sql/laisses.sql")).fetch_all(&mut *transaction).await?;
    let tailles: Vec<(String, i64)> =
        sqlx::query_as(include_str!("sql/tailles.sql")).fetch_all(&mut *transaction).await?;
    let lignes = lignes(transaction).await?;
    let entete = Entete {
        format: FORMAT,
        finage: env!("CARGO_PKG_VERSION").to_owned(),
        faite_le: faite_le.to_owned(),
        srid: srid.unsigned_abs(),
        migration,
        base,
        postgresql,
        majeure: majeure.unsigned_abs(),
        postgis,
    };
    Ok(Releve {
        instantane,
        entete,
        base: Base { connexions, lignes, laisses },
        tailles: tailles.into_iter().map(|(table, octets)| (table, octets.unsigned_abs())).collect(),
    })
}

/// Refuses a database that was never migrated, or by a newer Finage.
pub(super) async fn a_niveau(database: &Database) -> Result<(), BackupError> {
    let mut admin = database.admin().await?;
    let faite: bool =
        sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null").fetch_one(&mut admin).await?;
    let migration: Option<i64> =
        if faite { sqlx::query_scalar(include_str!("sql/migration.sql")).fetch_one(&mut admin).await? } else { None };
    database.release(admin).await;
    if migration.is_some_and(|migration| migration <= last_migration()) { Ok(()) } else { Err(BackupError::Niveau) }
}

async fn connexions(connection: &mut PgConnection) -> sqlx::Result<Vec<Connexion>> {
    let lisible: bool = sqlx::query_scalar("select has_table_privilege('pg_catalog.pg_authid', 'select')")
        .fetch_one(&mut *connection)
        .await?;
    let sql = if lisible { include_str!("sql/connexions.sql") } else { include_str!("sql/connexions_sans_secret.sql") };
    sqlx::query_as(sql).fetch_all(connection).await
}

/// Rows of each table of Finage, as the role of backups sees them.
pub(super) async fn lignes(connection: &mut PgConnection) -> sqlx::Result<BTreeMap<String, i64>> {
    let tables: Vec<(String, String)> =
        sqlx::query_as(include_str!("sql/tables.sql")).fetch_all(&mut *connection).await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("set local role {BACKUP}"))).execute(&mut *connection).await?;
    let mut lignes = BTreeMap::new();
    for (table, citee) in tables {
        // PostgreSQL itself quoted the name.
        let sql = format!("select count(*) from {citee}");
        let nombre: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *connection).await?;
        lignes.insert(table, nombre);
    }
    sqlx::query("reset role").execute(&mut *connection).await?;
    Ok(lignes)
}
