//! Pages, headers, limits, contract.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use tower::ServiceExt as _;

use crate::harness::{on_empty_town, on_sample_town};

#[test]
fn an_unknown_parcel_page_offers_the_search() {
    on_sample_town(async |town| {
        for path in [
            "/parcelle/13004000AB9999",
            "/parcelle/nimporte-quoi",
            "/parcelle/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
            "/autre",
        ] {
            let page = town.get(path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
            let html = page.text();
            assert!(html.contains("action=\"/recherche\"") && html.contains("name=\"q\""), "{path}");
            assert!(!html.contains("<script>"), "{path}");
            assert!(html.starts_with("<!doctype html>\n<html lang=\"fr\">"));
        }
    });
}

#[test]
fn every_answer_carries_the_security_headers() {
    on_empty_town(async |town| {
        for path in [
            "/",
            "/carte",
            "/api/configuration",
            "/api/recherche?q=x",
            "/tiles/parcelles",
            "/autre",
            "/assets/absent.js",
            "/styles/cadastre.json",
        ] {
            let answer = town.get(path).await;
            assert!(answer.status != StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            assert!(answer.header(&header::CONTENT_SECURITY_POLICY).starts_with("default-src 'self'"), "{path}");
            assert_eq!(answer.header(&header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
        }
    });
}

#[test]
fn nothing_is_written_over_http() {
    on_empty_town(async |town| {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for path in ["/", "/api/parcelles/13004000AB0145", "/tiles/parcelles", "/autre"] {
                let request = Request::builder().method(&method).uri(path).body(Body::empty()).unwrap();
                let status = town.router().oneshot(request).await.unwrap().status();
                assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            }
        }
    });
}

#[test]
fn refusals_are_french_problems() {
    on_empty_town(async |town| {
        for path in
            ["/api/recherche?limit=-1", "/api/recherche?q=a&q=b", "/api/parcelles", "/api/parcelles?lon=abc&lat=1"]
        {
            let answer = town.get(path).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
            assert!(answer.json()["detail"].as_str().unwrap().starts_with("Les paramètres"), "{path}");
        }
        let nowhere = town.get("/api/nope").await;
        assert_eq!((nowhere.status, nowhere.json()["status"].as_u64()), (StatusCode::NOT_FOUND, Some(404)));
    });
}

#[test]
fn health_needs_no_database_and_readiness_does() {
    on_empty_town(async |town| {
        assert_eq!(town.get("/ready").await.status, StatusCode::OK);
        town.pool.close().await;
        assert_eq!(town.get("/health").await.text(), "ok\n");
        let away = town.get("/ready").await;
        assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!away.text().to_lowercase().contains("sqlx") && !away.text().contains("pool"), "{}", away.text());
    });
}

#[test]
fn the_map_page_is_embedded() {
    on_empty_town(async |town| {
        let page = town.get("/carte?parcelle=13004000AB0145").await;
        assert_eq!(page.status, StatusCode::OK, "build web/dist first");
        let html = page.text();
        assert!(html.contains("lang=\"fr\"") && html.contains("/assets/"));
        let asset = html.split("src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let script = town.get(&asset).await;
        assert_eq!(script.status, StatusCode::OK, "{asset}");
        assert!(script.header(&header::CACHE_CONTROL).contains("immutable"));
        let again = town.get_with(&asset, &[(header::IF_NONE_MATCH, script.header(&header::ETAG))]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    });
}

#[test]
fn the_committed_contract_is_the_served_one() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("web/openapi.json");
    let committed: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let served = serde_json::to_value(finage::http::document()).unwrap();
    assert!(committed == served, "refresh it: finage openapi > web/openapi.json");
}

#[test]
fn configuration_tells_what_is_imported() {
    on_sample_town(async |town| {
        let configuration = town.get("/api/configuration").await.json();
        assert_eq!(configuration["communes"].as_array().unwrap().len(), 2);
        assert_eq!(configuration["communes"][1]["nom"], "Valbrume-sur-Ourche");
        assert!(configuration["fonds"].as_array().unwrap().is_empty(), "no background by default");
        let millesime = configuration["communes"][0]["millesime"].as_str().unwrap();
        assert_eq!(millesime.len(), "2026-10-01".len());
        let one = town.get("/api/communes/99101").await.json();
        assert_eq!(one["cc_srid"], 3944);
        assert_eq!(town.get("/api/communes/13004").await.status, StatusCode::NOT_FOUND);
    });
}
