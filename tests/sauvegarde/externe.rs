//! A PostgreSQL of one's own.

use finage_cluster::{Cluster, Mode};

use crate::machine::{Machine, folder, runtime, text};

#[test]
fn a_database_of_ones_own_is_saved_and_restored_where_it_is_empty() {
    let folder = folder();
    let cluster = Cluster::open(&folder.path().join("postgresql"), Mode::Server).unwrap();
    let host = cluster.socket_dir().to_string_lossy().replace('/', "%2F");
    let url = |base: &str| format!("postgres://finage@{host}:{}/{base}", cluster.port());
    runtime().block_on(async {
        let mut admin = <sqlx::PgConnection as sqlx::Connection>::connect(&url("postgres")).await.unwrap();
        for base in ["source", "cible"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("create database {base}"))).execute(&mut admin).await.unwrap();
        }
    });
    let machine = |base: &str| Machine { url: Some(url(base)), ..Machine::new(&folder, base) };
    let (here, there) = (machine("source"), machine("cible"));
    here.populate();
    here.owner(async |owner| {
        sqlx::raw_sql("set role finage; create schema a_autrui; create table a_autrui.note (n int); create table public.autre (n int)")
            .execute(owner)
            .await
            .unwrap();
    });
    here.json(&["sql-role", "create", "qgis_externe", "--user", "agent@exemple.invalid", "--collectivite", "99101"]);
    let archive = folder.path().join("source.finage");
    let saved = here.json(&["backup", "--sortie", text(&archive)]);
    let warnings = saved["avertissements"].to_string();
    assert!(warnings.contains("a_autrui") && warnings.contains("public.autre"), "{warnings}");

    let restored = there.json(&["restore", text(&archive)]);
    assert_eq!(restored["lignes"], saved["lignes"]);
    // Logins are those of the whole cluster: this one was there.
    assert!(restored["avertissements"].to_string().contains("qgis_externe"), "{restored}");
    assert_eq!(there.count("select count(*) from core.annotation"), 4);
    assert_eq!(there.count("select count(*) from pg_namespace where nspname = 'a_autrui'"), 0);
    let refused =
        Machine { url: Some(url("cible")), ..Machine::new(&folder, "encore") }.refused(&["restore", text(&archive)]);
    assert!(refused.contains("contient déjà des données"), "{refused}");
    cluster.close().unwrap();
}
