//! Plans under the application's role: what a policy hides must not be found by reading the whole table.

use finage::db::TenantTx;

use crate::collectivites::monde;
use crate::harness::{Town, on_empty_town};

/// Annotations of several collectivités: enough for an index to be worth it.
const ROWS: i32 = 24_000;

async fn fill(town: &mut Town) {
    // What each line writes besides (history, journal) is not what is planned here.
    sqlx::raw_sql("alter table core.annotation disable trigger user").execute(&mut town.owner).await.unwrap();
    sqlx::query(include_str!("annotations.sql")).bind(ROWS).execute(&mut town.owner).await.unwrap();
    sqlx::raw_sql("alter table core.annotation enable trigger user; analyze core.annotation")
        .execute(&mut town.owner)
        .await
        .unwrap();
}

async fn plan(tx: &mut TenantTx, sql: &str) -> String {
    let lines: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("explain (costs off) {sql}")))
        .fetch_all(&mut **tx)
        .await
        .unwrap();
    lines.join("\n")
}

#[test]
fn an_index_serves_behind_the_policies() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        fill(town).await;
        // What is looked for below is what a question without an index shows.
        let bare: Vec<String> =
            sqlx::query_scalar("explain (costs off) select id from core.annotation where categorie ilike '%repère%'")
                .fetch_all(&mut town.owner)
                .await
                .unwrap();
        assert!(bare.join("\n").contains("Seq Scan on annotation"), "{bare:?}");
        let one: String = sqlx::query_scalar("select id::text from core.annotation order by id limit 1")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let questions = [
            ("box", "geom && st_makeenvelope(842000, 6519000, 842200, 6519200, 2154)".to_owned()),
            ("intersection", "st_intersects(geom, st_makeenvelope(842000, 6519000, 842200, 6519200, 2154))".to_owned()),
            ("title", "core.cherchable(titre) like core.cherchable('%repère 12345%')".to_owned()),
            ("identifier", format!("id = '{one}'")),
        ];
        for (who, acteur) in [("commune", monde.valbrume), ("EPCI", monde.epci), ("syndicat", monde.syndicat)] {
            let mut tx = town.pools.collectivites.begin_read(&acteur).await.unwrap();
            for (what, condition) in &questions {
                let plan = plan(&mut tx, &format!("select id, titre from core.annotation where {condition}")).await;
                assert!(
                    !plan.contains("Seq Scan on annotation") && plan.contains("Index"),
                    "{what} of a {who}:\n{plan}"
                );
            }
        }
    });
}

#[test]
fn the_plans_find_the_rows_that_are_mine_alone() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        fill(town).await;
        let sql = "select count(*) from core.annotation where titre like 'repère %' and geom && st_makeenvelope(842000, 6519000, 852000, 6529000, 2154)";
        let all: i64 = sqlx::query_scalar(sql).fetch_one(&mut town.owner).await.unwrap();
        assert_eq!(all, i64::from(ROWS));
        for (acteur, share) in [(monde.valbrume, 3), (monde.cyprin, 3), (monde.syndicat, 3)] {
            let mut tx = town.pools.collectivites.begin_read(&acteur).await.unwrap();
            let seen: i64 = sqlx::query_scalar(sql).fetch_one(&mut *tx).await.unwrap();
            assert_eq!(seen, i64::from(ROWS) / share);
        }
    });
}
