//! Takes connections: how many, from whom, and how long each may keep the server waiting.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tower::Service as _;
use tower_http::timeout::TimeoutBody;

use super::debit::voisinage;
use super::fil::Wire;
use super::problem::Problem;

/// What a connection keeps of what it reads.
const MAX_BUFFER: usize = 64 << 10;
/// Longest head of a request.
const MAX_HEAD: usize = 32 << 10;
/// Files and sockets the process asks to be allowed.
const MAX_FILES: u64 = 16_384;
/// Wait when the machine has no more sockets to give.
const PAUSE: Duration = Duration::from_millis(200);
/// Said, if it can be at once, to who comes when all places are taken.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// What connections may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once, those of this machine apart.
    pub connections: usize,
    /// Connections of one address (a /64 in IPv6).
    pub per_address: usize,
    /// Connections from this very machine and from trusted proxies: they hold those of everybody.
    pub local: usize,
    /// Time to send a whole head, from the connection or from its first byte.
    pub head: Duration,
    /// Rest between two requests of a connection.
    pub idle: Duration,
    /// Silence between two pieces of a body.
    pub body: Duration,
    /// Time to take 16 KiB of an answer.
    pub write: Duration,
    /// Time that requests under way have once the server was told to stop.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            per_address: 128,
            local: 4_096,
            head: Duration::from_secs(10),
            // Longer than proxies keep theirs (60 s): it is for them to close.
            idle: Duration::from_secs(75),
            body: Duration::from_secs(15),
            write: Duration::from_secs(30),
            shutdown: Duration::from_secs(5),
        }
    }
}

/// Serves connections until `stop` ends, then lets requests under way finish.
pub(super) async fn listen(
    router: Router,
    listener: TcpListener,
    limits: Limits,
    proxies: Vec<IpAddr>,
    stop: impl Future<Output = ()> + Send,
) {
    allow_files();
    let places = Arc::new(Places { limits, proxies, taken: Mutex::default() });
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                rest(&error).await;
                continue;
            }
        };
        let Some(place) = Places::take(&places, peer.ip()) else {
            let _ = stream.try_write(FULL);
            continue;
        };
        let watcher = graceful.watcher();
        let connection = connection(router.clone(), stream, peer, limits);
        tokio::spawn(async move {
            if let Err(error) = watcher.watch(connection).await {
                tracing::trace!(%error, "connexion");
            }
            drop(place);
        });
    }
    drop(listener);
    // A client that never finishes its request does not keep the server.
    let _ = tokio::time::timeout(limits.shutdown, graceful.shutdown()).await;
}

/// One connection, as hyper drives it.
fn connection(
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    limits: Limits,
) -> impl GracefulConnection<Error = hyper::Error> + Send {
    // Small answers leave at once.
    let _ = stream.set_nodelay(true);
    let wire = Wire::new(stream, limits.head, limits.write);
    let ambiguous = wire.ambiguous();
    let service = service_fn(move |request| {
        let (router, ambiguous) = (router.clone(), Arc::clone(&ambiguous));
        async move { Ok::<_, Infallible>(answer(router, request, peer, limits, &ambiguous).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_header_size(MAX_HEAD)
        .max_buf_size(MAX_BUFFER)
        .serve_connection(TokioIo::new(wire), service)
}

/// One answer. A chunked request is the last of its connection, and refused when it also gives its length.
async fn answer(
    mut router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
    limits: Limits,
    ambiguous: &AtomicBool,
) -> Response {
    let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    if chunked && ambiguous.load(Ordering::Relaxed) {
        let refused = Problem::bad_request(
            "La demande donne la longueur de son corps de deux façons (Content-Length et Transfer-Encoding).",
        );
        return closing(refused.into_response());
    }
    let mut request = request.map(|body| Body::new(TimeoutBody::new(limits.body, body)));
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = match router.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if chunked { closing(response) } else { response }
}

fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// After a connection that could not be taken.
async fn rest(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "le serveur ne peut prendre de connexion");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Asks for as many files as connections need: systems allow 1,024 by default, and more to who asks.
fn allow_files() {
    let mut allowed = getrlimit(Resource::Nofile);
    let wanted = allowed.maximum.map_or(MAX_FILES, |most| most.min(MAX_FILES));
    if allowed.current.is_some_and(|current| current < wanted) {
        allowed.current = Some(wanted);
        let _ = setrlimit(Resource::Nofile, allowed);
    }
}

/// Who holds connections.
#[derive(Debug)]
struct Places {
    limits: Limits,
    /// Addresses whose connections are those of everybody.
    proxies: Vec<IpAddr>,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    local: usize,
    outside: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Places {
    fn take(places: &Arc<Self>, ip: IpAddr) -> Option<Place> {
        let address = voisinage(ip);
        let limits = &places.limits;
        let ip = ip.to_canonical();
        let local = ip.is_loopback() || places.proxies.iter().any(|proxy| proxy.to_canonical() == ip);
        let mut taken = places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if local {
            if taken.local >= limits.local {
                return None;
            }
            taken.local += 1;
        } else {
            let theirs = taken.by_address.get(&address).copied().unwrap_or_default();
            if taken.outside >= limits.connections || theirs >= limits.per_address {
                return None;
            }
            taken.outside += 1;
            taken.by_address.insert(address, theirs + 1);
        }
        Some(Place { places: Arc::clone(places), address, local })
    }
}

/// A place among connections, given back when dropped.
#[derive(Debug)]
struct Place {
    places: Arc<Places>,
    address: IpAddr,
    local: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if self.local {
            taken.local -= 1;
            return;
        }
        taken.outside -= 1;
        if let Some(theirs) = taken.by_address.get_mut(&self.address) {
            *theirs -= 1;
            if *theirs == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(connections: usize, per_address: usize, local: usize) -> Arc<Places> {
        let limits = Limits { connections, per_address, local, ..Limits::default() };
        Arc::new(Places { limits, proxies: Vec::new(), taken: Mutex::default() })
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_holds_no_more_than_its_share_and_all_no_more_than_the_whole() {
        let places = places(3, 2, 1);
        let held = [Places::take(&places, ip("192.0.2.1")), Places::take(&places, ip("192.0.2.1"))];
        assert!(held.iter().all(Option::is_some));
        assert!(Places::take(&places, ip("::ffff:192.0.2.1")).is_none(), "the same address, written otherwise");
        let other = Places::take(&places, ip("192.0.2.2"));
        assert!(other.is_some() && Places::take(&places, ip("192.0.2.3")).is_none());
        let local = Places::take(&places, ip("127.0.0.1"));
        assert!(local.is_some() && Places::take(&places, ip("::1")).is_none(), "this machine has its own places");
        drop((held, other, local));
        let taken = places.taken.lock().unwrap();
        assert_eq!((taken.local, taken.outside, taken.by_address.len()), (0, 0, 0));
    }

    #[test]
    fn a_whole_ipv6_network_is_one_address() {
        let places = places(10, 1, 1);
        let held = Places::take(&places, ip("2001:db8:1:2::1"));
        assert!(held.is_some() && Places::take(&places, ip("2001:db8:1:2:ffff::9")).is_none());
        assert!(Places::take(&places, ip("2001:db8:1:3::1")).is_some());
    }
}
