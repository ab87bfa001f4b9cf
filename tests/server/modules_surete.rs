//! The SQL of a module: it stays in its transaction, in its schema and in its time.

use std::time::{Duration, Instant};

use finage::modules::installation::{Delais, InstallationError, verifie, verifie_en};

use crate::agents::monde_trace;
use crate::harness::{Town, on_empty_town};
use crate::modules_versions::{change, fichiers, module, pret};

const MIGRATION: &str = "migrations/0002_essai.sql";

/// What a check says of the module with this migration more.
async fn dit(town: &mut Town, sql: &str) -> String {
    let mut files = fichiers("objets_trouves");
    files.insert(MIGRATION.to_owned(), sql.as_bytes().to_vec());
    verifie(&mut town.owner, &module(&files)).await.map_or_else(|error| error.to_string(), |()| "bon".to_owned())
}

async fn schemas(town: &mut Town) -> i64 {
    let sql = "select count(*) from pg_namespace where nspname in ('objets_trouves', 'ailleurs')";
    sqlx::query_scalar(sql).fetch_one(&mut town.owner).await.unwrap()
}

#[test]
fn a_migration_does_not_leave_its_transaction() {
    on_empty_town(async |town| {
        pret(town).await;
        for (sql, words) in [
            ("create table casier (id uuid);\ncommit;", "ligne 2 : le moteur tient seul la transaction"),
            ("rollback; begin", "ligne 1 : le moteur tient seul la transaction"),
            ("create table casier (id uuid);\n/* ; */ savepoint a", "ligne 2 : le moteur tient seul la transaction"),
            ("reset role", "le moteur tient seul le rôle qui agit"),
            ("set local session authorization postgres", "le moteur tient seul le rôle qui agit"),
            ("create table casier (id uuid);\ndo $$ begin commit; end $$", "le moteur tient seul la transaction"),
            (
                "create table casier (id uuid);\ndo $$ begin execute 'commit'; end $$",
                "le moteur tient seul la transaction",
            ),
            ("do $$ begin execute 'reset role'; end $$", "security-definer"),
            ("select set_config('role', 'none', false)", "security-definer"),
        ] {
            let said = dit(town, sql).await;
            assert!(said.contains(words), "{sql} : {said}");
            assert_eq!(schemas(town).await, 0, "{sql}");
        }
        assert_eq!(dit(town, "create table casier (id uuid)").await, "bon");
        assert_eq!(schemas(town).await, 0);
        let said = dit(town, "create table casier (id uuid);\nselect rien;").await;
        assert!(said.contains("ligne 2") && said.contains("code 42703") && !said.contains("at line"), "{said}");
    });
}

#[test]
fn a_migration_touches_its_own_schema_alone() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        town.installe("fige_base").await;
        for (sql, name) in [
            ("drop table acces.utilisateur cascade", "acces.utilisateur"),
            ("create table core.mienne (id uuid)", "core.mienne"),
            ("create schema ailleurs", "ailleurs"),
            ("create schema ailleurs; create table ailleurs.x (id uuid)", "ailleurs.x"),
            ("alter table core.commune add column mienne text", "core.commune"),
            ("alter table fige_base.fabricant add column mienne text", "fige_base.fabricant"),
            ("drop policy proprietaire on core.derogation", "proprietaire"),
            ("do $$ begin execute 'drop policy proprietaire on core.derogation'; end $$", "core.derogation"),
            ("do $$ begin execute 'grant select on acces.utilisateur to public'; end $$", "acces.utilisateur"),
            ("create function public.mienne() returns int language sql as 'select 1'", "public.mienne()"),
            (
                "create trigger mienne before insert on acces.utilisateur for each row execute function core.avancer_version()",
                "acces.utilisateur",
            ),
            (
                "create or replace function acces.mon_canal() returns text language sql as 'select ''api'''",
                "acces.mon_canal()",
            ),
            ("create type core.genre as enum ('a')", "core.genre"),
            ("truncate core.code", "core.code"),
            ("insert into acces.role (code, libelle) values ('mien', 'Mien')", "le contenu de acces.role"),
        ] {
            let said = dit(town, sql).await;
            // A policy is refused before anything runs.
            let early = name == "proprietaire" && said.contains("le moteur tient seul les politiques");
            assert!(early || (said.contains("ne touche que son schéma") && said.contains(name)), "{sql} : {said}");
        }
        // What is another's may be named.
        let mut files = fichiers("objets_trouves");
        change(&mut files, "module.toml", "label = ", "depends = [\"fige_base\"]\nlabel = ");
        let sql = "create table casier (id uuid primary key, commune text references core.commune,
            fabricant uuid references fige_base.fabricant (id) on delete set null);
            create type genre as enum ('a'); create view casiers as select * from casier;
            create function un() returns int language sql as 'select 1';
            create temporary table passage as select 1 as un;";
        files.insert(MIGRATION.to_owned(), sql.as_bytes().to_vec());
        verifie(&mut town.owner, &module(&files)).await.unwrap_or_else(|error| panic!("{error}"));
    });
}

#[test]
fn a_check_holds_nobody_up() {
    on_empty_town(async |town| {
        pret(town).await;
        let mut slow = fichiers("objets_trouves");
        slow.insert(MIGRATION.to_owned(), b"select pg_sleep(60);".to_vec());
        let slow = module(&slow);
        let short = Delais { passage: Some(Duration::from_secs(1)), ..Delais::CONTROLE };
        let refused = verifie_en(&mut town.owner, &slow, short).await.unwrap_err();
        assert!(matches!(refused, InstallationError::TropLongue { secondes: 1, .. }), "{refused}");

        // Others hold what it needs.
        let mut other = town.database.owner().await.unwrap();
        sqlx::raw_sql("begin; lock table core.module in access exclusive mode").execute(&mut other).await.unwrap();
        let short = Delais { verrou: Duration::from_millis(300), ..Delais::CONTROLE };
        let refused = verifie_en(&mut town.owner, &module(&fichiers("objets_trouves")), short).await.unwrap_err();
        assert!(refused.to_string().contains("ce que d'autres utilisent"), "{refused}");
        sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
        verifie(&mut town.owner, &module(&fichiers("objets_trouves"))).await.unwrap();

        // Whoever goes away takes along what runs.
        let mut admin = town.database.admin().await.unwrap();
        let mut gone = town.database.owner().await.unwrap();
        let check = tokio::spawn(async move { verifie(&mut gone, &slow).await.is_ok() });
        let sleeping =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
        for expected in [1_i64, 0] {
            let started = Instant::now();
            loop {
                let found: i64 = sqlx::query_scalar(sleeping).fetch_one(&mut admin).await.unwrap();
                if found == expected {
                    break;
                }
                assert!(started.elapsed() < Duration::from_secs(20), "{expected}: {found}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            check.abort();
        }
    });
}
