//! Connections, on raw sockets: slow clients, held sockets, bodies framed twice, quotas, graceful stop.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use finage::config::Config;
use finage::http::{App, Limits, serve_within};
use finage::jobs::Registry;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::harness::{Town, on_empty_town};

/// A server on a port of its own.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Running {
    async fn on(app: App, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, told) = oneshot::channel();
        let served = tokio::spawn(serve_within(limits, app, listener, async move {
            let _ = told.await;
        }));
        Self { address, stop, served }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// All that comes back for these bytes, until the server closes.
    async fn say(&self, bytes: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        all(&mut stream).await
    }

    async fn ping(&self) -> bool {
        self.say("GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.starts_with("HTTP/1.1 200")
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.served.await.unwrap();
    }
}

/// What the other end says until it closes, politely or not.
async fn all(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    match stream.read_to_end(&mut heard).await {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("{error}"),
    }
    String::from_utf8_lossy(&heard).into_owned()
}

fn app(town: &Town) -> App {
    town.app(Registry::default())
}

const SHORT: Duration = Duration::from_millis(300);

#[test]
fn a_head_that_never_ends_is_cut_off_and_one_at_rest_is_not() {
    on_empty_town(async |town| {
        let running = Running::on(app(town), Limits { head: SHORT, ..Limits::default() }).await;
        for beginning in ["", "GET / HTTP/1.1\r\nhost:", "GET /health HTTP/1.1\r\nhost: a\r\n\r\nGET /"] {
            // It would wait for ever if the server did.
            let heard = running.say(beginning).await;
            assert_eq!(heard.is_empty(), !beginning.contains("/health"), "{heard}");
        }
        let mut stream = running.connect().await;
        let mut buffer = [0; 4096];
        for _ in 0..2 {
            stream.write_all(b"GET /health HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
            assert!(stream.read(&mut buffer).await.unwrap() > 0);
            tokio::time::sleep(SHORT * 2).await;
        }
        running.stop().await;
    });
}

#[test]
fn a_body_that_never_comes_is_answered_in_a_sentence() {
    on_empty_town(async |town| {
        let running = Running::on(app(town), Limits { body: SHORT, ..Limits::default() }).await;
        for framing in ["content-length: 100", "transfer-encoding: chunked"] {
            let heard = running
                .say(&format!(
                    "POST /api/selection HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{framing}\r\n\r\n1\r\n{{"
                ))
                .await;
            assert!(heard.starts_with("HTTP/1.1 408") && heard.contains("problem+json"), "{framing}: {heard}");
        }
        running.stop().await;
    });
}

#[test]
fn a_body_framed_twice_is_refused_and_its_connection_closed() {
    on_empty_town(async |town| {
        let running = Running::on(app(town), Limits::default()).await;
        let smuggled = "0\r\n\r\nGET /robots.txt HTTP/1.1\r\nhost: a\r\n\r\n";
        let (length, chunked) = (format!("Content-Length: {}", smuggled.len()), "Transfer-Encoding: chunked");
        for (one, two) in [(length.as_str(), chunked), (chunked, length.as_str())] {
            for path in ["/api/selection", "/health", "/nulle-part"] {
                let post = format!(
                    "POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{one}\r\n{two}\r\n\r\n"
                );
                let heard = running.say(&format!("{post}{smuggled}")).await;
                assert!(heard.starts_with("HTTP/1.1 400") && heard.contains("Content-Length"), "{path}: {heard}");
                assert_eq!(heard.matches("HTTP/1.1").count(), 1, "nothing is answered after it: {heard}");
                // Behind another request of the same connection.
                let heard = running.say(&format!("GET /health HTTP/1.1\r\nhost: a\r\n\r\n{post}{smuggled}")).await;
                assert!(heard.starts_with("HTTP/1.1 200") && heard.contains("HTTP/1.1 400"), "{path}: {heard}");
            }
        }
        running.stop().await;
    });
}

#[test]
fn heads_that_are_not_http_or_without_bound_are_refused() {
    on_empty_town(async |town| {
        let running = Running::on(app(town), Limits::default()).await;
        let long = "a".repeat(40 << 10);
        let many = "x: 1\r\n".repeat(200);
        let refused = [
            ("GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n".to_owned(), "400"),
            ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n".to_owned(), "400"),
            ("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, identity\r\n\r\n".to_owned(), "400"),
            ("POST / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n".to_owned(), "400"),
            ("GET / HTTP/1.1\r\nhost : a\r\n\r\n".to_owned(), "400"),
            ("\u{16}\u{3}\u{1}\r\n\r\n".to_owned(), "400"),
            ("CONNECT pirate.example:443 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(), "405"),
            ("TRACE / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(), "405"),
            ("OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(), "405"),
            (format!("GET / HTTP/1.1\r\nx: {long}\r\n\r\n"), "431"),
            (format!("GET / HTTP/1.1\r\n{many}\r\n"), "431"),
        ];
        for (head, status) in refused {
            let heard = running.say(&head).await;
            let shown: String = head.chars().take(60).collect();
            assert!(heard.starts_with(&format!("HTTP/1.1 {status}")), "{shown:?}: {heard}");
        }
        assert!(running.ping().await);
        running.stop().await;
    });
}

#[test]
fn a_compressed_body_is_not_unfolded() {
    on_empty_town(async |town| {
        let running = Running::on(app(town), Limits::default()).await;
        for coding in ["gzip", "br", "deflate, gzip", "identity, gzip"] {
            let heard = running
                .say(&format!(
                    "POST /api/selection HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-encoding: {coding}\r\ncontent-length: 2\r\n\r\n{{}}"
                ))
                .await;
            assert!(heard.starts_with("HTTP/1.1 415"), "{coding}: {heard}");
        }
        running.stop().await;
    });
}

#[test]
fn chunks_beyond_the_bound_are_refused_before_they_end() {
    on_empty_town(async |town| {
        let running = Running::on(app(town), Limits::default()).await;
        let mut stream = running.connect().await;
        let head = "POST /api/selection HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(1 << 16));
        // The server stops reading, then closes.
        let (mut reading, mut writing) = stream.into_split();
        let flood = tokio::spawn(async move { while writing.write_all(chunk.as_bytes()).await.is_ok() {} });
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        while !answer.windows(4).any(|four| four == b"\r\n\r\n") {
            match reading.read(&mut buffer).await {
                Ok(read @ 1..) => answer.extend_from_slice(&buffer[..read]),
                _ => break,
            }
        }
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        drop(reading);
        flood.await.unwrap();
        running.stop().await;
    });
}

#[test]
fn held_sockets_keep_nobody_out() {
    on_empty_town(async |town| {
        let running = Running::on(app(town), Limits::default()).await;
        let mut held = Vec::new();
        for _ in 0..200 {
            let mut stream = running.connect().await;
            stream.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
            held.push(stream);
        }
        assert!(running.ping().await);
        drop(held);
        running.stop().await;
    });
}

#[test]
fn beyond_its_places_the_server_says_so_and_goes_on() {
    on_empty_town(async |town| {
        let running = Running::on(app(town), Limits { local: 2, ..Limits::default() }).await;
        let (first, second) = (running.connect().await, running.connect().await);
        let third = all(&mut running.connect().await).await;
        assert!(third.starts_with("HTTP/1.1 503") && third.contains("retry-after"), "{third}");
        drop((first, second));
        // Places come back when the server has seen the others go.
        while !running.ping().await {
            tokio::task::yield_now().await;
        }
        running.stop().await;
    });
}

#[test]
fn a_client_that_holds_its_request_does_not_hold_the_server() {
    on_empty_town(async |town| {
        let running = Running::on(app(town), Limits { shutdown: SHORT, ..Limits::default() }).await;
        let mut stream = running.connect().await;
        stream.write_all(b"POST /api/selection HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{").await.unwrap();
        assert!(running.ping().await);
        running.stop().await;
    });
}

#[test]
fn a_map_is_never_slowed_and_a_pump_is_told_to_wait() {
    on_empty_town(async |town| {
        let config = Config { debit: true, ..town.config.clone() };
        let app = App::new(config, town.pools.clone(), Registry::default());
        let running = Running::on(app, Limits::default()).await;
        let tile = "GET /tiles/parcelles/1/0/0 HTTP/1.1\r\nhost: a\r\n\r\n";
        let statuses = |answers: &str, status: &str| answers.matches(&format!("HTTP/1.1 {status}")).count();
        let last = "GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        let map = running.say(&(tile.repeat(300) + last)).await;
        assert_eq!(statuses(&map, "429"), 0);
        // Plans are dear: sixty at once, then two a second.
        let plan = "GET /parcelle/13004000AB0145/plan.svg HTTP/1.1\r\nhost: a\r\n\r\n";
        let pump = running.say(&(plan.repeat(300) + last)).await;
        assert!(statuses(&pump, "429") > 0, "{} answers", pump.matches("HTTP/1.1").count());
        assert!(pump.contains("retry-after: ") && pump.contains("Trop de demandes"), "{pump}");
        let other = running.say(&(tile.to_owned() + last)).await;
        assert_eq!(statuses(&other, "429"), 0, "the map goes on");
        let token = "GET /api/configuration HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer fin_inconnu\r\n\r\n";
        let guesses = running.say(&(token.repeat(100) + last)).await;
        assert!(statuses(&guesses, "401") >= 40 && statuses(&guesses, "429") > 0, "{guesses}");
        assert!(running.ping().await, "health is never counted");
        running.stop().await;
    });
}
