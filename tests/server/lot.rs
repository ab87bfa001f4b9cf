//! Batches of extracts: each line answered, the good ones served, none clipped.

use std::io::Read as _;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use finage::http::{App, router};
use finage::jobs::{Registry, Workers};
use finage::print::Extraits;
use lopdf::Document;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::harness::{Town, on_sample_town};

fn app(town: &Town) -> App {
    town.app(Registry::default().with(Extraits::new(town.pool.clone(), Vec::new())))
}

async fn ask(app: &App, method: &str, path: &str, body: Value) -> (StatusCode, Vec<u8>) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::HOST, "127.0.0.1")
        .body(if body.is_null() { Body::empty() } else { Body::from(body.to_string()) })
        .unwrap();
    let response = router(app.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    (status, axum::body::to_bytes(response.into_body(), 256 << 20).await.unwrap().to_vec())
}

/// Deposits a batch, waits for its end; its state and its file.
async fn batch(town: &Town, parametres: Value) -> (Value, Vec<u8>) {
    let app = app(town);
    let workers = Workers::start(app.jobs(), town.database.listen_pool().await.unwrap(), &app.closing());
    let (status, answer) =
        ask(&app, "POST", "/api/travaux", json!({ "genre": "extraits", "parametres": parametres })).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{}", String::from_utf8_lossy(&answer));
    let job: Value = serde_json::from_slice(&answer).unwrap();
    let path = format!("/api/travaux/{}", job["id"].as_str().unwrap());
    let ended = loop {
        let state: Value = serde_json::from_slice(&ask(&app, "GET", &path, Value::Null).await.1).unwrap();
        if !["attente", "en_cours"].contains(&state["etat"].as_str().unwrap()) {
            break state;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    let (_, file) = ask(&app, "GET", &format!("{path}/resultat"), Value::Null).await;
    app.close();
    workers.ended().await;
    (ended, file)
}

async fn idus(town: &mut Town, count: i64) -> Vec<String> {
    sqlx::query_scalar(
        "select idu from cadastre.parcelle where insee = '99101' and section = 'AB' order by idu limit $1",
    )
    .bind(count)
    .fetch_all(&mut town.owner)
    .await
    .unwrap()
}

#[test]
fn each_line_is_answered_and_the_good_ones_are_served() {
    on_sample_town(async |town| {
        let known = idus(town, 3).await;
        let list = format!("{}\n{}\nZZ 9999\nn'importe quoi\n{}\n{}\n", known[0], known[1], known[0], known[2]);
        let (job, file) = batch(town, json!({ "references": list, "commune": "99101", "sortie": "zip" })).await;
        assert_eq!(job["etat"], "fait", "{job}");
        let states: Vec<&str> =
            job["rapport"]["lignes"].as_array().unwrap().iter().map(|line| line["etat"].as_str().unwrap()).collect();
        assert_eq!(states, ["servie", "servie", "inconnue", "illisible", "double", "servie"], "{job}");
        assert!(job["rapport"]["resume"].as_str().unwrap().starts_with("3 extraits"), "{job}");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
        assert_eq!(archive.len(), 3);
        for rank in 0..archive.len() {
            let mut entry = archive.by_index(rank).unwrap();
            assert!(known.iter().any(|idu| entry.name().contains(idu.as_str())), "{}", entry.name());
            let mut pdf = Vec::new();
            entry.read_to_end(&mut pdf).unwrap();
            assert_eq!(Document::load_mem(&pdf).unwrap().get_pages().len(), 1);
        }
    });
}

#[test]
fn one_document_has_a_page_a_parcel_and_a_scale_that_fits() {
    on_sample_town(async |town| {
        let largest: String = sqlx::query_scalar(
            "select idu from cadastre.parcelle where insee = '99101' order by st_area(geom) desc limit 1",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        let mut asked = idus(town, 20).await;
        asked.push(largest);
        let (job, file) =
            batch(town, json!({ "parcelles": asked, "format": "A4", "echelle": 200, "sortie": "pdf" })).await;
        assert_eq!(job["etat"], "fait", "{job}");
        assert_eq!(Document::load_mem(&file).unwrap().get_pages().len(), 21);
        assert_eq!((job["fait"].as_i64(), job["total"].as_i64()), (Some(21), Some(21)));
        let lines = job["rapport"]["lignes"].as_array().unwrap();
        assert!(lines.iter().zip(1..).all(|(line, rank)| line["ligne"] == rank), "{job}");
        let last = &job["rapport"]["lignes"][20];
        assert!(last["message"].as_str().unwrap().contains("ne tient pas"), "{last}");
    });
}

#[test]
fn a_batch_that_cannot_be_honoured_is_refused_at_once() {
    on_sample_town(async |town| {
        let app = app(town);
        let known = idus(town, 1).await;
        for (parametres, status) in [
            (json!({ "sortie": "zip" }), 422),
            (json!({ "references": "  \n ", "sortie": "zip" }), 422),
            (json!({ "parcelles": known, "sortie": "doc" }), 400),
            (json!({ "parcelles": known, "sortie": "pdf", "echelle": 3 }), 400),
            (json!({ "parcelles": known, "sortie": "pdf", "format": "A0" }), 400),
            (json!({ "parcelles": known, "sortie": "pdf", "fond": "photo" }), 422),
            (json!({ "parcelles": known, "sortie": "pdf", "commune": "xx" }), 400),
        ] {
            let body = json!({ "genre": "extraits", "parametres": parametres });
            let (found, answer) = ask(&app, "POST", "/api/travaux", body).await;
            assert_eq!(found.as_u16(), status, "{parametres}: {}", String::from_utf8_lossy(&answer));
        }
    });
}

#[test]
fn a_long_list_of_mistakes_is_answered_line_by_line() {
    on_sample_town(async |town| {
        let mut list: Vec<String> = (0..6_000).map(|n| format!("ZZ {n}")).collect();
        list.extend(idus(town, 1).await);
        let (job, _) = batch(town, json!({ "references": list.join("\n"), "commune": "99101", "sortie": "zip" })).await;
        assert_eq!(job["etat"], "fait", "{}", job["erreur"]);
        assert_eq!(job["rapport"]["lignes"].as_array().unwrap().len(), 6_001);
    });
}
