//! Whose row it is: owner, territory, mission; and what a transaction without them sees.

use finage::db::{Acteur, Canal, CollectiviteId};
use sqlx::PgPool;

use crate::harness::{Town, on_empty_town};

/// Collectivités of the tests: two communes, their EPCI, a syndicat.
pub struct Monde {
    pub valbrume: Acteur,
    pub cyprin: Acteur,
    pub epci: Acteur,
    pub syndicat: Acteur,
}

/// Commune 99101 and 99102; an EPCI of both with the mission « sig » on 99101 alone; a syndicat with the mission and without territory.
pub async fn monde(town: &mut Town) -> Monde {
    sqlx::raw_sql(include_str!("monde.sql")).execute(&mut town.owner).await.unwrap();
    let mut ids = Vec::new();
    for code in ["99101", "99102", "ccvo", "syndicat"] {
        let id: i32 = sqlx::query_scalar("select id from acces.collectivite where code = $1")
            .bind(code)
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        ids.push(Acteur { utilisateur: None, collectivite: CollectiviteId(id), canal: Canal::Api });
    }
    Monde { valbrume: ids[0], cyprin: ids[1], epci: ids[2], syndicat: ids[3] }
}

async fn titles(town: &Town, acteur: &Acteur) -> Vec<String> {
    let mut tx = town.pools.collectivites.begin_read(acteur).await.unwrap();
    sqlx::query_scalar("select titre from core.annotation order by titre").fetch_all(&mut *tx).await.unwrap()
}

async fn count(pool: &PgPool, relation: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {relation}"))).fetch_one(pool).await
}

#[test]
fn owner_or_territory_with_mission_sees_and_nobody_else() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        assert_eq!(titles(town, &monde.valbrume).await, ["EPCI sur 99101", "Valbrume"]);
        assert_eq!(titles(town, &monde.cyprin).await, ["Cyprin"]);
        assert_eq!(titles(town, &monde.epci).await, ["EPCI sur 99101", "EPCI sur 99102", "Valbrume"]);
        assert_eq!(titles(town, &monde.syndicat).await, [] as [&str; 0]);
    });
}

#[test]
fn a_commune_that_left_is_no_longer_seen_from_that_day() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        for (end, expected) in [("+ 1", 3), ("+ 0", 2)] {
            let sql = format!(
                "update acces.territoire set au = core.jour(insee) {end} where insee = '99101' and collectivite = $1"
            );
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(monde.epci.collectivite).execute(&mut town.owner).await.unwrap();
            assert_eq!(titles(town, &monde.epci).await.len(), expected, "{end}");
        }
        // What the EPCI made stays its own; the commune's went with the commune.
        assert_eq!(titles(town, &monde.epci).await, ["EPCI sur 99101", "EPCI sur 99102"]);
    });
}

#[test]
fn without_a_tenant_no_row_of_a_tenant_table() {
    on_empty_town(async |town| {
        monde(town).await;
        let tables: Vec<String> =
            sqlx::query_scalar("select relation from core.objet union select 'core.historique' order by 1")
                .fetch_all(&mut town.owner)
                .await
                .unwrap();
        assert!(tables.len() >= 3, "{tables:?}");
        for table in tables {
            assert!(
                sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(format!("select count(*) from {table}")))
                    .fetch_one(&mut town.owner)
                    .await
                    .unwrap()
                    > 0,
                "{table}"
            );
            assert_eq!(count(&town.pools.read, &table).await.unwrap(), 0, "{table}");
            assert_eq!(count(&town.pools.write, &table).await.unwrap(), 0, "{table}");
            for pool in [&town.pools.acces, &town.pools.journal] {
                assert!(count(pool, &table).await.unwrap_err().to_string().contains("permission denied"), "{table}");
            }
        }
    });
}

#[test]
fn a_row_is_made_at_home_and_keeps_its_owner() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        let make = async |owner: &Acteur, insee: &str| {
            let mut tx = town.pools.collectivites.begin(&monde.epci).await.unwrap();
            let made = sqlx::query("insert into core.annotation (collectivite, insee, titre, geom) values ($1, $2, 'x', st_setsrid(st_makepoint(842000, 6519000), 2154))")
                .bind(owner.collectivite)
                .bind(insee)
                .execute(&mut *tx)
                .await;
            made.map(|_| ())
        };
        assert!(make(&monde.epci, "99102").await.is_ok());
        for (owner, insee) in [(&monde.valbrume, "99101"), (&monde.epci, "99103")] {
            let refused = make(owner, insee).await.unwrap_err().to_string();
            assert!(refused.contains("row-level security"), "{refused}");
        }
        let mut tx = town.pools.collectivites.begin(&monde.epci).await.unwrap();
        let refused = sqlx::query("update core.annotation set collectivite = $1 where titre = 'EPCI sur 99101'")
            .bind(monde.valbrume.collectivite)
            .execute(&mut *tx)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("ne change pas de mains"), "{refused}");
    });
}

#[test]
fn every_table_with_a_collectivite_is_under_the_guard() {
    on_empty_town(async |town| {
        let unguarded: Vec<String> =
            sqlx::query_scalar(include_str!("sans_garde.sql")).fetch_all(&mut town.owner).await.unwrap();
        assert!(unguarded.is_empty(), "{unguarded:?}");
    });
}

#[test]
fn an_edit_leaves_its_history_its_act_and_its_event() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        let mut tx = town.pools.collectivites.begin(&monde.valbrume).await.unwrap();
        sqlx::query("update core.annotation set texte = 'vu' where titre = 'Valbrume'")
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let (operation, before, after): (String, String, String) = sqlx::query_as(
            "select operation, avant ->> 'texte', apres ->> 'texte' from core.historique order by id desc limit 1",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        assert_eq!((operation.as_str(), before.as_str(), after.as_str()), ("changement", "", "vu"));
        let (canal, details): (String, serde_json::Value) =
            sqlx::query_as("select canal, details from journal.acte order by id desc limit 1")
                .fetch_one(&town.pools.journal)
                .await
                .unwrap();
        assert_eq!((canal.as_str(), details), ("api", serde_json::json!({"champs": ["texte", "version"]})));
        let event: (String, i32) =
            sqlx::query_as("select operation, cardinality(cles) from core.changement order by id desc limit 1")
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
        assert_eq!(event, ("changement".to_owned(), 1));
    });
}
