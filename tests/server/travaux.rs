//! Long work: deposit, workers, cancellation, crash, bounds, events, files.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use finage::http::{App, router};
use finage::jobs::{
    Accepted, Context, Etat, LigneRapport, Outcome, Piece, Queue, Rapport, Refusal, Registry, Rules, Travail, Work,
    WorkError, Workers,
};
use futures::StreamExt as _;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{Notify, watch};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::harness::{Answer, Town, on_empty_town};

/// Makes `pieces` small files; waits at `gate` before each from the second on, when there is one.
struct Makes {
    made: Arc<AtomicUsize>,
    gate: Option<Arc<Notify>>,
    started: Arc<Notify>,
}

impl Makes {
    fn open() -> Self {
        Self { made: Arc::default(), gate: None, started: Arc::default() }
    }

    fn gated() -> Self {
        Self { gate: Some(Arc::default()), ..Self::open() }
    }
}

impl Work for Makes {
    fn genre(&self) -> &'static str {
        "essai"
    }

    fn check(&self, parametres: Value) -> BoxFuture<'_, Result<Accepted, Refusal>> {
        Box::pin(async move {
            let total =
                parametres["pieces"].as_i64().ok_or_else(|| Refusal::Malformed("Il manque « pieces ».".into()))?;
            if total > 100 {
                return Err(Refusal::Unacceptable("Pas plus de 100 pièces.".into()));
            }
            let total = i32::try_from(total).ok();
            Ok(Accepted { libelle: "Essai".into(), total, parametres })
        })
    }

    fn run<'a>(&'a self, parametres: Value, ctx: &'a Context) -> BoxFuture<'a, Result<Outcome, WorkError>> {
        Box::pin(async move {
            let total = usize::try_from(parametres["pieces"].as_i64().unwrap()).unwrap();
            ctx.set_total(total);
            for index in 0..total {
                ctx.check()?;
                let rang = i32::try_from(index).unwrap();
                if !ctx.has_piece(rang) {
                    self.made.fetch_add(1, Ordering::SeqCst);
                    let text = ctx.compute(move || format!("pièce {index}").into_bytes()).await?;
                    ctx.piece(rang, Piece::new("Été à l'Ourche.txt", "text/plain", text)).await?;
                }
                ctx.progress(index + 1, format!("pièce {}", index + 1));
                if let Some(gate) = &self.gate {
                    self.started.notify_one();
                    tokio::select! {
                        () = gate.notified() => {}
                        () = ctx.cancelled() => return Err(WorkError::Interrupted),
                    }
                }
            }
            let lignes =
                vec![LigneRapport { ligne: 1, texte: "AB\0 1".into(), etat: "servie".into(), ..Default::default() }];
            let rapport = Some(Rapport { resume: format!("{total} pièces"), lignes });
            Ok(Outcome { rapport, archive: Some("essais.zip".into()) })
        })
    }
}

/// Ends badly, in the way asked.
struct Fails;

impl Work for Fails {
    fn genre(&self) -> &'static str {
        "echoue"
    }

    fn check(&self, parametres: Value) -> BoxFuture<'_, Result<Accepted, Refusal>> {
        Box::pin(async move { Ok(Accepted { libelle: "Échec".into(), total: None, parametres }) })
    }

    fn run<'a>(&'a self, parametres: Value, ctx: &'a Context) -> BoxFuture<'a, Result<Outcome, WorkError>> {
        Box::pin(async move {
            ctx.piece(0, Piece::new("a", "text/plain", vec![0])).await?;
            match parametres["comment"].as_str().unwrap() {
                "phrase" => Err(WorkError::Failed("La parcelle AB 1 ne tient pas sur la feuille.".into())),
                "panique" => panic!("exprès"),
                "calcul" => ctx.compute(|| panic!("exprès, dans le calcul")).await,
                _ => {
                    // Deaf to cancellation.
                    std::future::pending().await
                }
            }
        })
    }
}

fn rules() -> Rules {
    Rules { lease: Duration::from_secs(2), ..Rules::new(&finage::config::Config::default()) }
}

fn queue(town: &Town, works: Registry) -> Queue {
    Queue::new(town.write.clone(), works, rules())
}

/// Workers of their own for one queue, stopped politely at the end.
struct Running {
    workers: Workers,
    close: watch::Sender<bool>,
}

impl Running {
    async fn on(town: &Town, queue: &Queue) -> Self {
        let close = watch::channel(false).0;
        let workers = Workers::start(queue, town.database.listen_pool().await.unwrap(), &close.subscribe());
        Self { workers, close }
    }

    async fn stop(self) {
        self.close.send_replace(true);
        self.workers.ended().await;
    }
}

async fn ended(queue: &Queue, id: Uuid) -> Travail {
    let (_open, closing) = watch::channel(false);
    let states: Vec<Travail> = queue.follow(id, closing).collect().await;
    states.into_iter().next_back().unwrap()
}

#[test]
fn a_job_is_carried_out_and_gives_its_account() {
    on_empty_town(async |town| {
        let queue = queue(town, Registry::default().with(Makes::open()));
        let deposited = queue.deposit("essai", json!({"pieces": 3}), "a").await.unwrap();
        assert_eq!((deposited.etat, deposited.fait, deposited.total), (Etat::Attente, 0, Some(3)));
        let running = Running::on(town, &queue).await;
        let done = ended(&queue, deposited.id).await;
        assert_eq!((done.etat, done.fait, done.total), (Etat::Fait, 3, Some(3)));
        let rapport = done.rapport.unwrap();
        assert_eq!((rapport.resume.as_str(), rapport.lignes[0].texte.as_str()), ("3 pièces", "AB  1"));
        assert!(done.debut >= Some(done.depose_le) && done.fin >= done.debut && done.expire_le > done.fin);
        assert_eq!(done.resultat.unwrap().nom, "essais.zip");
        running.stop().await;
    });
}

#[test]
fn two_workers_never_take_the_same_job() {
    on_empty_town(async |town| {
        let work = Makes::open();
        let made = Arc::clone(&work.made);
        let works = Registry::default().with(work);
        let many = Rules { open_per_depositor: 100, hourly_per_depositor: 100, ..rules() };
        let first = Queue::new(town.write.clone(), works.clone(), Rules { simultaneous: 3, ..many.clone() });
        let second =
            Queue::new(town.database.write_pool(&town.config).await.unwrap(), works, Rules { simultaneous: 3, ..many });
        let mut ids = Vec::new();
        for _ in 0..20 {
            ids.push(first.deposit("essai", json!({"pieces": 2}), "a").await.unwrap().id);
        }
        let running = (Running::on(town, &first).await, Running::on(town, &second).await);
        for id in ids {
            assert_eq!(ended(&first, id).await.etat, Etat::Fait);
        }
        assert_eq!(made.load(Ordering::SeqCst), 40);
        let attempts: Vec<i32> =
            sqlx::query_scalar("select essai from core.travail").fetch_all(&town.pool).await.unwrap();
        assert!(attempts.iter().all(|essai| *essai == 1), "{attempts:?}");
        running.0.stop().await;
        running.1.stop().await;
    });
}

#[test]
fn a_waiting_job_is_cancelled_at_once_and_a_running_one_soon() {
    on_empty_town(async |town| {
        let work = Makes::gated();
        let started = Arc::clone(&work.started);
        let queue = queue(town, Registry::default().with(work).with(Fails));
        let running_job = queue.deposit("essai", json!({"pieces": 5}), "a").await.unwrap().id;
        let waiting_job = queue.deposit("essai", json!({"pieces": 5}), "a").await.unwrap().id;
        let deaf = queue.deposit("echoue", json!({"comment": "sourd"}), "a").await.unwrap().id;
        let running = Running::on(town, &queue).await;
        started.notified().await;
        assert_eq!(queue.cancel(waiting_job).await.unwrap().unwrap().etat, Etat::Annule);
        queue.cancel(running_job).await.unwrap().unwrap();
        let cancelled = ended(&queue, running_job).await;
        assert_eq!((cancelled.etat, cancelled.fait, cancelled.total), (Etat::Annule, 1, Some(5)));
        assert!(cancelled.resultat.is_none() && cancelled.erreur.is_none());
        // A work that never looks is left behind.
        while queue.travail(deaf).await.unwrap().unwrap().etat != Etat::EnCours {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        queue.cancel(deaf).await.unwrap();
        assert_eq!(ended(&queue, deaf).await.etat, Etat::Annule);
        // Cancelling again changes nothing.
        assert_eq!(queue.cancel(running_job).await.unwrap().unwrap(), cancelled);
        let left: i64 =
            sqlx::query_scalar("select count(*) from core.travail_piece").fetch_one(&town.pool).await.unwrap();
        assert_eq!(left, 0);
        running.stop().await;
    });
}

#[test]
fn a_work_that_fails_or_panics_fails_its_job_alone() {
    on_empty_town(async |town| {
        let queue = queue(town, Registry::default().with(Fails).with(Makes::open()));
        let running = Running::on(town, &queue).await;
        for (how, sentence) in
            [("phrase", "ne tient pas sur la feuille"), ("panique", "erreur interne"), ("calcul", "erreur interne")]
        {
            let id = queue.deposit("echoue", json!({"comment": how}), "a").await.unwrap().id;
            let failed = ended(&queue, id).await;
            assert_eq!((failed.etat, failed.resultat), (Etat::Echec, None), "{how}");
            assert!(failed.erreur.unwrap().contains(sentence), "{how}");
        }
        let after = queue.deposit("essai", json!({"pieces": 1}), "a").await.unwrap().id;
        assert_eq!(ended(&queue, after).await.etat, Etat::Fait);
        running.stop().await;
    });
}

/// Makes the worker's claim look as old as a crash would leave it.
async fn silence(town: &mut Town, id: Uuid) {
    sqlx::query("update core.travail set battement = now() - interval '1 hour' where id = $1")
        .bind(id)
        .execute(&mut town.owner)
        .await
        .unwrap();
}

#[test]
fn a_job_whose_worker_is_silent_is_taken_over_and_the_zombie_writes_nothing() {
    on_empty_town(async |town| {
        let gated = Makes::gated();
        let (gate, started) = (gated.gate.clone().unwrap(), Arc::clone(&gated.started));
        // The first worker is told too late that its lease is over: its lease is longer.
        let patient = Rules { lease: Duration::from_hours(2), ..rules() };
        let zombie = Queue::new(town.write.clone(), Registry::default().with(gated), patient);
        let id = zombie.deposit("essai", json!({"pieces": 3}), "a").await.unwrap().id;
        let first = Running::on(town, &zombie).await;
        started.notified().await;
        // As if its process had been stopped for long: another takes the job.
        sqlx::query("update core.travail set essai = essai + 1, battement = now() - interval '1 hour' where id = $1")
            .bind(id)
            .execute(&mut town.owner)
            .await
            .unwrap();
        gate.notify_waiters();
        let work = Makes::open();
        let made = Arc::clone(&work.made);
        let heir = queue(town, Registry::default().with(work));
        let second = Running::on(town, &heir).await;
        let done = ended(&heir, id).await;
        assert_eq!((done.etat, done.fait), (Etat::Fait, 3));
        assert_eq!(made.load(Ordering::SeqCst), 2, "the piece made before is not made again");
        let pieces: i64 =
            sqlx::query_scalar("select count(*) from core.travail_piece").fetch_one(&town.pool).await.unwrap();
        assert_eq!(pieces, 3);
        first.stop().await;
        second.stop().await;
        assert_eq!(heir.travail(id).await.unwrap().unwrap(), done);
    });
}

#[test]
fn a_job_broken_down_three_times_has_failed() {
    on_empty_town(async |town| {
        let queue = queue(town, Registry::default().with(Makes::open()));
        let id = queue.deposit("essai", json!({"pieces": 1}), "a").await.unwrap().id;
        sqlx::query("update core.travail set etat = 'en_cours', essai = 3, pannes = 2 where id = $1")
            .bind(id)
            .execute(&mut town.owner)
            .await
            .unwrap();
        silence(town, id).await;
        let running = Running::on(town, &queue).await;
        let failed = ended(&queue, id).await;
        assert_eq!(failed.etat, Etat::Echec);
        assert!(failed.erreur.unwrap().contains("échoué plusieurs fois de suite"));
        running.stop().await;
    });
}

#[test]
fn a_graceful_stop_gives_jobs_back_at_once() {
    on_empty_town(async |town| {
        let work = Makes::gated();
        let started = Arc::clone(&work.started);
        let first = queue(town, Registry::default().with(work));
        let id = first.deposit("essai", json!({"pieces": 3}), "a").await.unwrap().id;
        let running = Running::on(town, &first).await;
        started.notified().await;
        running.stop().await;
        assert_eq!(first.travail(id).await.unwrap().unwrap().etat, Etat::Attente);
        let work = Makes::open();
        let made = Arc::clone(&work.made);
        let second = queue(town, Registry::default().with(work));
        let running = Running::on(town, &second).await;
        assert_eq!(ended(&second, id).await.etat, Etat::Fait);
        assert_eq!(made.load(Ordering::SeqCst), 2);
        let pannes: i16 = sqlx::query_scalar("select pannes from core.travail").fetch_one(&town.pool).await.unwrap();
        assert_eq!(pannes, 0, "a stop that was asked for is no breakdown");
        running.stop().await;
    });
}

#[test]
fn expired_jobs_are_erased_with_their_files() {
    on_empty_town(async |town| {
        let queue = queue(town, Registry::default().with(Makes::open()));
        let id = queue.deposit("essai", json!({"pieces": 2}), "a").await.unwrap().id;
        let running = Running::on(town, &queue).await;
        assert_eq!(ended(&queue, id).await.etat, Etat::Fait);
        running.stop().await;
        sqlx::query("update core.travail set expire_le = now() - interval '1 second'")
            .execute(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(queue.travail(id).await.unwrap(), None, "erased for users before the purge");
        let running = Running::on(town, &queue).await;
        loop {
            let left: i64 = sqlx::query_scalar(
                "select (select count(*) from core.travail) + (select count(*) from core.travail_piece)",
            )
            .fetch_one(&town.pool)
            .await
            .unwrap();
            if left == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        running.stop().await;
    });
}

async fn send(app: &App, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router(app.clone()).oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
    Answer { status: parts.status, headers: parts.headers, bytes }
}

const JSON: (&str, &str) = ("content-type", "application/json");

async fn post(app: &App, body: &Value) -> Answer {
    send(app, Method::POST, "/api/travaux", &[JSON], body.to_string()).await
}

#[test]
fn a_bad_deposit_is_refused_at_once_in_french() {
    on_empty_town(async |town| {
        let app = town.app(Registry::default().with(Makes::open()));
        let cases = [
            (json!({"genre": "essai", "parametres": {}}), 400, "pieces"),
            (json!({"genre": "essai", "parametres": {"pieces": 101}}), 422, "100"),
            (json!({"genre": "autre", "parametres": {}}), 422, "inconnu"),
            (json!({"genre": "essai", "parametres": {"pieces": 1, "a": "\0"}}), 400, "caractère nul"),
            (json!({"genre": "essai", "parametres": {"pieces": 1, "a": "x".repeat(1 << 20)}}), 413, "1 Mio"),
            (json!({"genre": "essai", "parametres": {"pieces": 1, "a": "x".repeat(3 << 20)}}), 413, "Kio"),
            (json!({"parametres": {}}), 400, "le champ « genre » manque"),
            (json!([]), 400, "illisible"),
        ];
        for (body, status, word) in cases {
            let answer = post(&app, &body).await;
            assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
            assert!(answer.json()["detail"].as_str().unwrap().contains(word), "{}", answer.text());
        }
        let plain = send(&app, Method::POST, "/api/travaux", &[("content-type", "text/plain")], "{}").await;
        assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let count: i64 = sqlx::query_scalar("select count(*) from core.travail").fetch_one(&town.pool).await.unwrap();
        assert_eq!(count, 0);
    });
}

#[test]
fn a_request_of_another_site_is_refused() {
    on_empty_town(async |town| {
        let app = town.app(Registry::default().with(Makes::open()));
        let body = json!({"genre": "essai", "parametres": {"pieces": 1}}).to_string();
        let job = post(&app, &json!({"genre": "essai", "parametres": {"pieces": 1}})).await.json();
        let one = format!("/api/travaux/{}", job["id"].as_str().unwrap());
        for other in [("sec-fetch-site", "cross-site"), ("origin", "https://ailleurs.fr"), ("origin", "null")] {
            let refused = send(&app, Method::POST, "/api/travaux", &[JSON, other], body.clone()).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{other:?}");
            assert_eq!(send(&app, Method::DELETE, &one, &[other], "").await.status, StatusCode::FORBIDDEN, "{other:?}");
        }
        let ours = [JSON, ("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8080")];
        assert_eq!(send(&app, Method::POST, "/api/travaux", &ours, body).await.status, StatusCode::ACCEPTED);
    });
}

#[test]
fn one_depositor_does_not_fill_the_queue() {
    on_empty_town(async |town| {
        let app = town.app(Registry::default().with(Makes::open()));
        let body = json!({"genre": "essai", "parametres": {"pieces": 1}});
        let mut last = String::new();
        for _ in 0..3 {
            let answer = post(&app, &body).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
            assert_eq!(answer.header(&header::CACHE_CONTROL), "no-store");
            last = answer.header(&header::LOCATION).to_owned();
        }
        let fourth = post(&app, &body).await;
        assert_eq!(fourth.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(fourth.header(&header::RETRY_AFTER).parse::<u32>().unwrap() > 0);
        // Another depositor is served; cancelling makes room.
        app.jobs().deposit("essai", json!({"pieces": 1}), "autre").await.unwrap();
        assert_eq!(send(&app, Method::DELETE, &last, &[], "").await.json()["etat"], "annule");
        assert_eq!(post(&app, &body).await.status, StatusCode::ACCEPTED);
        // Thirty an hour, whatever became of them.
        sqlx::query(
            "update core.travail set etat = 'annule', fin = now(), expire_le = now() + interval '1 day' where etat = 'attente'",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        sqlx::query(
            "insert into core.travail (id, genre, libelle, demandeur, parametres, etat, fin, expire_le, depose_le)
             select gen_random_uuid(), genre, libelle, demandeur, parametres, 'annule', now(), now() + interval '1 day',
                 now() - interval '50 minutes'
             from core.travail, generate_series(1, 26) where id = (select id from core.travail where demandeur = '127.0.0.1' limit 1)",
        )
        .execute(&mut town.owner)
        .await
        .unwrap();
        let hourly = post(&app, &body).await;
        assert_eq!(hourly.status, StatusCode::TOO_MANY_REQUESTS, "{}", hourly.text());
        let wait: u32 = hourly.header(&header::RETRY_AFTER).parse().unwrap();
        assert!((500..=600).contains(&wait), "{wait}");
        // The queue itself is bounded.
        let full =
            Queue::new(town.write.clone(), Registry::default().with(Makes::open()), Rules { waiting: 1, ..rules() });
        full.deposit("essai", json!({"pieces": 1}), "b").await.unwrap();
        let refused = full.deposit("essai", json!({"pieces": 1}), "c").await.unwrap_err();
        assert!(refused.to_string().contains("pleine") && refused.retry_after().is_some(), "{refused}");
    });
}

#[test]
fn an_unknown_job_is_not_found() {
    on_empty_town(async |town| {
        for id in ["nimporte", "00000000-0000-4000-8000-000000000000"] {
            for rest in ["", "/evenements", "/resultat"] {
                let answer = town.get(&format!("/api/travaux/{id}{rest}")).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}{rest}");
            }
        }
    });
}

#[test]
fn several_pieces_come_as_a_zip_that_others_read() {
    on_empty_town(async |town| {
        let app = town.app(Registry::default().with(Makes::open()));
        let running = Running::on(town, app.jobs()).await;
        let three = app.jobs().deposit("essai", json!({"pieces": 3}), "a").await.unwrap().id;
        let one = app.jobs().deposit("essai", json!({"pieces": 1}), "a").await.unwrap().id;
        let none = app.jobs().deposit("essai", json!({"pieces": 0}), "a").await.unwrap().id;
        let (three, one) = (ended(app.jobs(), three).await, ended(app.jobs(), one).await);
        let none = ended(app.jobs(), none).await;

        let zip =
            send(&app, Method::GET, &format!("/api/travaux/{}/resultat", three.id), &[("accept-encoding", "gzip")], "")
                .await;
        assert_eq!(zip.header(&header::CONTENT_TYPE), "application/zip");
        assert!(zip.header(&header::CONTENT_DISPOSITION).contains("filename*=UTF-8''essais.zip"));
        assert_eq!(zip.header(&header::CONTENT_LENGTH), zip.bytes.len().to_string());
        assert_eq!(three.resultat.unwrap().octets, i64::try_from(zip.bytes.len()).unwrap());
        let names = python_reads(&zip.bytes);
        assert_eq!(
            names,
            json!({"Été à l'Ourche.txt": "pièce 0", "Été à l'Ourche-2.txt": "pièce 1", "Été à l'Ourche-3.txt": "pièce 2"})
        );

        let file = send(&app, Method::GET, &format!("/api/travaux/{}/resultat", one.id), &[], "").await;
        assert_eq!((file.text().as_str(), file.header(&header::CONTENT_TYPE)), ("pièce 0", "text/plain"));
        let empty = send(&app, Method::GET, &format!("/api/travaux/{}/resultat", none.id), &[], "").await;
        assert_eq!((empty.status, none.resultat), (StatusCode::CONFLICT, None));
        running.stop().await;
    });
}

/// What Python's zipfile finds: it checks every CRC and every header.
fn python_reads(zip: &[u8]) -> Value {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), zip).unwrap();
    let script = "import sys, json, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps({n: z.read(n).decode() for n in z.namelist()}))";
    let output = std::process::Command::new("python3").args(["-c", script]).arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn events_tell_each_state_and_end_with_the_last() {
    on_empty_town(async |town| {
        let work = Makes::gated();
        let (gate, started) = (work.gate.clone().unwrap(), Arc::clone(&work.started));
        let app = town.app(Registry::default().with(work));
        let running = Running::on(town, app.jobs()).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, told) = tokio::sync::oneshot::channel::<()>();
        let served = tokio::spawn(finage::http::serve(app.clone(), listener, async move {
            let _ = told.await;
        }));

        let id = app.jobs().deposit("essai", json!({"pieces": 2}), "a").await.unwrap().id;
        started.notified().await;
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /api/travaux/{id}/evenements HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut heard = String::new();
        let mut buffer = [0; 4096];
        // The first state comes while the job is held: nothing buffers it.
        while !heard.contains("\"etat\":\"en_cours\"") {
            let read = stream.read(&mut buffer).await.unwrap();
            assert!(read > 0, "{heard}");
            heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        assert!(heard.contains("text/event-stream") && heard.contains("event: travail"), "{heard}");
        assert!(!heard.contains("content-encoding"), "{heard}");
        gate.notify_one();
        started.notified().await;
        gate.notify_one();
        stream.read_to_string(&mut heard).await.unwrap();
        let last = heard.lines().rfind(|line| line.starts_with("data:")).unwrap();
        assert!(last.contains("\"etat\":\"fait\"") && last.contains("\"fait\":2"), "{last}");

        // A follower of a job that goes on does not hold the server.
        let held = app.jobs().deposit("essai", json!({"pieces": 2}), "a").await.unwrap().id;
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream
            .write_all(format!("GET /api/travaux/{held}/evenements HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes())
            .await
            .unwrap();
        assert!(stream.read(&mut buffer).await.unwrap() > 0);
        stop.send(()).unwrap();
        served.await.unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        assert!(String::from_utf8_lossy(&rest).ends_with("0\r\n\r\n"), "the answer is ended, not cut");
        running.stop().await;
    });
}
