//! `finage import cadastre` against a local server: whole communes, missing files, jobs taken up again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use finage::cadastre::import::{DownloadError, DownloadReport, Options, Target, download};

use crate::harness::{Town, on_empty_town, sample};

/// A published cadastre whose second commune can be out of order.
#[derive(Clone, Default)]
struct Published {
    broken: Arc<AtomicBool>,
    asked: Arc<AtomicU32>,
    ranges: Arc<AtomicU32>,
}

async fn file(State(published): State<Published>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    published.asked.fetch_add(1, Ordering::Relaxed);
    if name.contains("99102") && published.broken.load(Ordering::Relaxed) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let Ok(bytes) = std::fs::read(sample("etalab").join(&name)) else { return StatusCode::NOT_FOUND.into_response() };
    let bytes = Bytes::from(bytes);
    let from = headers
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok()?.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    match from {
        Some(from) => {
            published.ranges.fetch_add(1, Ordering::Relaxed);
            (StatusCode::PARTIAL_CONTENT, bytes.slice(from..)).into_response()
        }
        None => bytes.into_response(),
    }
}

async fn publish(published: Published) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/{name}", get(file)).with_state(published);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn run(town: &mut Town, target: &Target, address: SocketAddr, folder: &std::path::Path) -> DownloadReport {
    let template = format!("http://{address}/cadastre-{{insee}}-{{couche}}.json.gz");
    download(&mut town.owner, target, &template, folder, &Options::default(), &|_, _, _| {}).await.unwrap()
}

#[test]
fn a_commune_is_downloaded_and_imported_whole() {
    on_empty_town(async |town| {
        let (published, folder) = (Published::default(), tempfile::tempdir().unwrap());
        let address = publish(published.clone()).await;
        // A download cut short earlier is gone on with, not begun again.
        let parcels = std::fs::read(sample("etalab/cadastre-99101-parcelles.json.gz")).unwrap();
        let job = "00000000-0000-7000-8000-000000000001";
        sqlx::query("insert into core.telechargement_job (id, cible) values ($1::uuid, 'commune 99101')")
            .bind(job)
            .execute(&mut town.owner)
            .await
            .unwrap();
        let cut = folder.path().join(job);
        std::fs::create_dir(&cut).unwrap();
        std::fs::write(cut.join("cadastre-99101-parcelles.json.part"), &parcels[..5000]).unwrap();
        let report = run(town, &Target::Commune("99101".parse().unwrap()), address, folder.path()).await;
        assert!(report.echecs.is_empty(), "{:#?}", report.echecs);
        assert_eq!(published.ranges.load(Ordering::Relaxed), 1);
        assert!(report.rapports[0].total("parcelle", |l| l.ajoutes) > 1000);
        assert!(report.rapports[0].total("section", |l| l.ajoutes) > 5);
        assert!(!cut.exists(), "nothing is left behind");
    });
}

#[test]
fn a_grouping_goes_on_where_it_stopped() {
    on_empty_town(async |town| {
        sqlx::raw_sql(
            "insert into core.commune (insee, nom, genre) values ('99101', 'Un', 'hors_cog'), ('99102', 'Deux', 'hors_cog');
             insert into core.collectivite (siren, nom, genre) values ('999999999', 'Groupement fictif', 'CC');
             insert into core.collectivite_membre values ('999999999', '99101'), ('999999999', '99102')",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        let (published, folder) = (Published::default(), tempfile::tempdir().unwrap());
        let address = publish(published.clone()).await;
        let target = Target::Epci("999999999".into());
        published.broken.store(true, Ordering::Relaxed);
        let first = run(town, &target, address, folder.path()).await;
        assert_eq!((first.rapports.len(), first.echecs.len()), (1, 1));
        assert_eq!(first.echecs[0].insee, "99102");
        published.broken.store(false, Ordering::Relaxed);
        let before = published.asked.load(Ordering::Relaxed);
        let second = run(town, &target, address, folder.path()).await;
        assert_eq!(second.deja_faites, ["99101"]);
        assert_eq!((second.rapports.len(), second.echecs.len()), (1, 0));
        assert_eq!(published.asked.load(Ordering::Relaxed) - before, 8, "only the second commune is asked for");
        let communes: i64 = sqlx::query_scalar("select count(distinct insee) from cadastre.parcelle")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(communes, 2);
    });
}

#[test]
fn what_is_not_published_is_told() {
    on_empty_town(async |town| {
        let folder = tempfile::tempdir().unwrap();
        let address = publish(Published::default()).await;
        let report = run(town, &Target::Commune("13004".parse().unwrap()), address, folder.path()).await;
        assert!(report.echecs[0].message.contains("cadastre-13004-parcelles.json.gz"), "{:?}", report.echecs);
        let unknown = Target::Epci("123456789".into());
        let error = download(
            &mut town.owner,
            &unknown,
            "http://127.0.0.1/{insee}{couche}",
            folder.path(),
            &Options::default(),
            &|_, _, _| {},
        )
        .await;
        assert!(matches!(error, Err(DownloadError::UnknownGrouping(_))));
        let template =
            download(&mut town.owner, &unknown, "http://127.0.0.1/", folder.path(), &Options::default(), &|_, _, _| {})
                .await;
        assert!(matches!(template, Err(DownloadError::Template(_))));
    });
}
