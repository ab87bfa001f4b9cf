//! Where a request comes from: the address of its author, and whether credentials may travel with it.
//!
//! What a client writes in `X-Forwarded-*` is believed from the configured proxies alone. Credentials are safe when such a
//! proxy says that it received them over TLS, or when they never leave this machine.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};

use super::problem::Problem;
use crate::config::Config;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// What says that a request went through a proxy.
const TRACES: [HeaderName; 4] =
    [FORWARDED_FOR, FORWARDED_PROTO, header::FORWARDED, HeaderName::from_static("x-real-ip")];

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poste {
    /// Address of its author, as far as trusted proxies tell.
    pub ip: IpAddr,
    /// Whether credentials may travel with it.
    pub sur: bool,
}

impl Poste {
    /// Where `request` comes from; without a peer (tests), from this machine.
    #[must_use]
    pub fn of(request: &Request, config: &Config) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Self::new(peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), request.headers(), config)
    }

    fn new(peer: IpAddr, headers: &HeaderMap, config: &Config) -> Self {
        let peer = peer.to_canonical();
        let forwarded = TRACES.iter().any(|name| headers.contains_key(name));
        if forwarded {
            let trusted = is_trusted(peer, config);
            let ip = if trusted { author(headers, config).unwrap_or(peer) } else { peer };
            return Self { ip, sur: trusted && over_tls(headers) };
        }
        let host = headers.get(header::HOST).map(|host| host.to_str().unwrap_or_default());
        Self { ip: peer, sur: peer.is_loopback() && at_home(config) && host.is_none_or(is_local) }
    }
}

/// A handler that takes or shows credentials: refused over plain HTTP.
#[derive(Debug, Clone, Copy)]
pub struct PosteSur(pub Poste);

impl<S: Send + Sync> FromRequestParts<S> for PosteSur {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let poste = parts.extensions.get::<Poste>().copied();
        poste.filter(|poste| poste.sur).map(Self).ok_or_else(Problem::unsafe_transport)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Poste {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<Self>().copied();
        Ok(known.unwrap_or(Self { ip: IpAddr::V4(Ipv4Addr::LOCALHOST), sur: false }))
    }
}

fn is_trusted(ip: IpAddr, config: &Config) -> bool {
    config.mandataires.iter().any(|trusted| trusted.to_canonical() == ip)
}

/// The rightmost address of `X-Forwarded-For` that is no trusted proxy: those before it may be invented.
fn author(headers: &HeaderMap, config: &Config) -> Option<IpAddr> {
    let lines: Vec<&str> = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok()).collect();
    let mut addresses = lines.iter().flat_map(|line| line.split(',')).map(str::trim).rev();
    addresses.find_map(|text| match text.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(ip) if is_trusted(ip, config) => None,
        other => Some(other.ok()),
    })?
}

/// Every proxy that says by what it was reached says TLS.
fn over_tls(headers: &HeaderMap) -> bool {
    let mut said = headers.get_all(FORWARDED_PROTO).iter().flat_map(|line| line.to_str().unwrap_or("?").split(','));
    headers.contains_key(FORWARDED_PROTO) && said.all(|proto| proto.trim().eq_ignore_ascii_case("https"))
}

/// The public address is plain HTTP on this machine's loopback.
fn at_home(config: &Config) -> bool {
    config.public_url().strip_prefix("http://").is_some_and(|rest| is_local(rest.split('/').next().unwrap_or_default()))
}

/// `localhost` or an address of the loopback, with or without a port.
#[must_use]
pub fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// « Firefox, Linux »: what tells a person one session from another; the rest of the header is not kept.
#[must_use]
pub fn navigateur(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => Some(format!("{browser}, {system}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn seen(peer: &str, headers: &[(&'static str, &'static str)], config: &Config) -> (String, bool) {
        let poste = Poste::new(peer.parse().unwrap(), &from(headers), config);
        (poste.ip.to_string(), poste.sur)
    }

    #[test]
    fn credentials_stay_on_this_machine_or_travel_over_tls() {
        let config = Config::default();
        let seen = |peer: &str, headers: &[(&'static str, &'static str)]| seen(peer, headers, &config);
        assert_eq!(seen("127.0.0.1", &[]), ("127.0.0.1".into(), true));
        assert_eq!(seen("::1", &[("host", "localhost:8080")]), ("::1".into(), true));
        assert!(!seen("127.0.0.1", &[("host", "carte.exemple.fr")]).1, "a name that was made to lead here");
        assert_eq!(seen("192.0.2.7", &[]), ("192.0.2.7".into(), false));
        let tls = [("x-forwarded-proto", "https"), ("x-forwarded-for", "203.0.113.9, 192.0.2.1")];
        assert_eq!(seen("127.0.0.1", &tls), ("192.0.2.1".into(), true));
        assert_eq!(seen("192.0.2.7", &tls), ("192.0.2.7".into(), false), "no proxy of ours");
        assert_eq!(seen("127.0.0.1", &[("x-forwarded-for", "192.0.2.1")]), ("192.0.2.1".into(), false));
        assert!(!seen("127.0.0.1", &[("x-forwarded-proto", "http")]).1);
        assert!(!seen("127.0.0.1", &[("x-forwarded-proto", "https, http")]).1);
        assert!(!seen("127.0.0.1", &[("forwarded", "proto=https")]).1, "not a header that we read");
    }

    #[test]
    fn a_public_address_over_tls_wants_its_proxy() {
        let config = Config {
            public_url: Some("https://carte.exemple.fr".into()),
            mandataires: vec!["10.0.0.2".parse().unwrap(), "10.0.0.3".parse().unwrap()],
            ..Config::default()
        };
        assert!(!seen("127.0.0.1", &[], &config).1);
        let through =
            [("x-forwarded-proto", "https"), ("x-forwarded-for", "198.51.100.4"), ("x-forwarded-for", "10.0.0.3")];
        assert_eq!(seen("::ffff:10.0.0.2", &through, &config), ("198.51.100.4".into(), true));
        let odd = [("x-forwarded-proto", "https"), ("x-forwarded-for", "198.51.100.4, inconnu")];
        assert_eq!(seen("10.0.0.2", &odd, &config).0, "10.0.0.2", "what is no address hides what is before it");
    }

    #[test]
    fn a_browser_is_named_in_short() {
        let agent = [("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")];
        assert_eq!(navigateur(&from(&agent)).as_deref(), Some("Firefox, Linux"));
        assert_eq!(navigateur(&from(&[("user-agent", "QGIS")])), None);
    }
}
