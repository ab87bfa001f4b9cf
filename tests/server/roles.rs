//! What the application's role may do, and what tables must have.

use crate::harness::on_empty_town;

/// What the application may do beside reading: jobs, and rows of the objects that collectivités own, which row-level
/// security keeps. It deletes none of those but saved views: they are archived.
const WRITES: [&str; 32] = [
    "core.annotation INSERT",
    "core.annotation UPDATE",
    "core.anomalie INSERT",
    "core.anomalie UPDATE",
    "core.avenant INSERT",
    "core.correspondance INSERT",
    "core.correspondance UPDATE",
    "core.derogation INSERT",
    "core.elimination INSERT",
    "core.elimination UPDATE",
    "core.gabarit INSERT",
    "core.gabarit UPDATE",
    "core.importation INSERT",
    "core.importation UPDATE",
    "core.personne INSERT",
    "core.personne UPDATE",
    "core.piece_jointe INSERT",
    "core.piece_jointe UPDATE",
    "core.rattachement INSERT",
    "core.rattachement UPDATE",
    "core.reprise INSERT",
    "core.reprise UPDATE",
    "core.serie INSERT",
    "core.serie UPDATE",
    "core.travail DELETE",
    "core.travail INSERT",
    "core.travail UPDATE",
    "core.travail_piece DELETE",
    "core.travail_piece INSERT",
    "core.vue DELETE",
    "core.vue INSERT",
    "core.vue UPDATE",
];

#[test]
fn the_application_writes_what_is_listed_and_nothing_else() {
    on_empty_town(async |town| {
        let writable: Vec<String> = sqlx::query_scalar(
            "select table_schema || '.' || table_name || ' ' || privilege_type from information_schema.role_table_grants
             where grantee in ('finage_app', 'finage_snapshot', 'finage_backup') and privilege_type <> 'SELECT'
             order by 1",
        )
        .fetch_all(&mut town.owner)
        .await
        .unwrap();
        assert_eq!(writable, WRITES);
        let refused = sqlx::query("delete from cadastre.parcelle").execute(&town.write).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{refused}");
    });
}

#[test]
fn the_pool_of_reads_writes_not_even_jobs() {
    on_empty_town(async |town| {
        let refused = sqlx::query("delete from core.travail").execute(&town.pool).await.unwrap_err();
        assert!(refused.to_string().contains("read-only transaction"), "{refused}");
        assert!(sqlx::query("delete from core.travail").execute(&town.write).await.is_ok());
    });
}

#[test]
fn the_application_owns_nothing() {
    on_empty_town(async |town| {
        let owned: i64 = sqlx::query_scalar(
            "select count(*) from pg_class k join pg_roles r on r.oid = k.relowner where r.rolname <> 'finage_owner'
             and k.relnamespace in (select oid from pg_namespace where nspname in ('core', 'cadastre', 'adresse', 'acces', 'journal'))",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        assert_eq!(owned, 0);
    });
}

#[test]
fn every_table_says_what_it_holds() {
    on_empty_town(async |town| {
        let silent: Vec<String> = sqlx::query_scalar(
            "select n.nspname || '.' || k.relname from pg_class k join pg_namespace n on n.oid = k.relnamespace
             where n.nspname in ('core', 'cadastre', 'adresse', 'acces', 'journal') and k.relkind = 'r' and obj_description(k.oid) is null",
        )
        .fetch_all(&mut town.owner)
        .await
        .unwrap();
        assert!(silent.is_empty(), "{silent:?}");
    });
}

#[test]
fn migrating_twice_changes_nothing() {
    on_empty_town(async |town| {
        let before = town.fingerprint().await;
        finage::db::migrate(&town.database, 2154).await.unwrap();
        assert_eq!(town.fingerprint().await, before);
        let other = finage::db::migrate(&town.database, 2975).await.unwrap_err();
        assert!(other.to_string().contains("EPSG:2154"), "{other}");
    });
}

#[test]
fn reads_go_to_the_replica_when_there_is_one() {
    on_empty_town(async |town| {
        let other = finage::config::Config {
            read_database_url: town.config.database_url.clone(),
            database_url: Some("postgres://nobody@nowhere.invalid/none".into()),
            ..town.config.clone()
        };
        let database = finage::db::Database::open(&other, finage::db::Use::Command).unwrap();
        let pool = database.app_pool(&other).await.unwrap();
        let role: String = sqlx::query_scalar("select current_user::text").fetch_one(&pool).await.unwrap();
        assert_eq!(role, "finage_app");
    });
}
