//! When the public has taken every connection of reads: it is told to come back, and nobody else notices.

use axum::http::{StatusCode, header};

use crate::collectivites::monde;
use crate::harness::on_empty_town;

#[test]
fn a_crowd_of_slow_queries_keeps_neither_agents_nor_health_out() {
    on_empty_town(async |town| {
        let monde = monde(town).await;
        let mut held = Vec::new();
        for _ in 0..town.config.pool_size {
            held.push(town.pools.read.acquire().await.unwrap());
        }
        let crowd = futures::future::join_all((0..200).map(|_| town.get("/api/configuration"))).await;
        for answer in crowd {
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(answer.header(&header::RETRY_AFTER), "2");
            assert!(answer.json()["detail"].as_str().unwrap().contains("réessayez"));
        }
        assert_eq!(town.get("/health").await.text(), "ok\n");
        let mut tx = town.pools.collectivites.begin_read(&monde.valbrume).await.unwrap();
        let seen: i64 = sqlx::query_scalar("select count(*) from core.annotation").fetch_one(&mut *tx).await.unwrap();
        assert_eq!(seen, 2);
        // Who asks is found apart too: a wrong token is told so while the public waits.
        let wrong = town.get_with("/api/configuration", &[(header::AUTHORIZATION, "Bearer fin_inconnu")]).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        drop(held);
        assert_eq!(town.get("/api/configuration").await.status, StatusCode::OK);
    });
}
