//! What may be sent to the server: a list of routes, each with what its body must be, and nothing from another site.
//!
//! Everything else is read-only: a POST to a route that is not in [`WRITING`] is refused before its handler, and a route
//! that is in the list without a handler answers 405 as well. Whoever adds a route that takes a POST or a DELETE
//!
//! 1. adds it to [`WRITING`], with the kind and the bound of its body;
//! 2. reads the body with [`super::body::Body`] (JSON) or [`super::body::Form`] (an HTML form), whose refusals are French;
//! 3. names the depositor of a job with [`super::depositor::Depositor`].
//!
//! The handler may then trust that the request comes from our own pages or from a program, never from a page of another
//! site, that its content type is the one of the list, and that its body is whole and within the bound.

use axum::body::{self, Body};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::selection;
use crate::config::Config;
use crate::jobs::MAX_PARAMETERS;

/// What a route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// JSON, announced by its content type.
    Json,
    /// The fields of an HTML form.
    Form,
    /// Nothing.
    None,
}

/// A route that takes something else than GET or HEAD.
#[derive(Debug, Clone)]
pub struct Writing {
    /// Method.
    pub method: Method,
    /// Path, as the router writes it.
    pub path: &'static str,
    /// What its body is.
    pub content: Content,
    /// Longest body, in bytes.
    pub bound: usize,
}

/// Longest body of any route.
pub const MAX_BODY: usize = 2 << 20;
/// A form writes a character in up to nine bytes (`%E2%80%99`), a list of references is ASCII but for a few.
const MAX_FORM: usize = MAX_PARAMETERS + (MAX_PARAMETERS >> 1);

/// Every route that takes something else than GET or HEAD. The selection only reads, but its list is too long for an address.
pub static WRITING: [Writing; 6] = [
    Writing { method: Method::POST, path: "/api/travaux", content: Content::Json, bound: MAX_PARAMETERS + 4096 },
    Writing { method: Method::DELETE, path: "/api/travaux/{id}", content: Content::None, bound: 0 },
    Writing { method: Method::POST, path: "/api/selection", content: Content::Json, bound: selection::MAX_BODY },
    Writing { method: Method::POST, path: "/api/selection/export", content: Content::Json, bound: selection::MAX_BODY },
    Writing { method: Method::POST, path: "/extraits", content: Content::Form, bound: MAX_FORM },
    Writing { method: Method::POST, path: "/travaux/{id}/annuler", content: Content::Form, bound: 1024 },
];

/// Whether a request may go to its handler, from its head alone.
///
/// # Errors
/// 405 for a route that is only read, 403 from another site, 415 for another content type, 413 for a body announced too long.
pub fn admit(request: &Request, config: &Config) -> Result<(), Problem> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(());
    }
    let route = route(request).ok_or_else(Problem::method_not_allowed)?;
    let headers = request.headers();
    if !same_site(headers, config) {
        return Err(Problem::forbidden(
            "Cette demande vient d'un autre site ; faites-la depuis les pages de Finage (réglage « public_url » si leur adresse a changé).",
        ));
    }
    let announced = text(headers, &header::CONTENT_TYPE).and_then(|kind| kind.split(';').next()).map(str::trim);
    let wanted = match route.content {
        Content::Json => Some("application/json"),
        Content::Form => Some("application/x-www-form-urlencoded"),
        Content::None => None,
    };
    if let Some(wanted) = wanted
        && !announced.is_some_and(|kind| kind.eq_ignore_ascii_case(wanted))
    {
        return Err(Problem::unsupported(format!("Cette adresse attend un corps « Content-Type: {wanted} ».")));
    }
    let length = text(headers, &header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > route.bound)) {
        return Err(too_large(route.bound));
    }
    Ok(())
}

/// Reads the body of a writing route whole, within its bound; other requests have none to read.
pub async fn bounded(request: Request, next: Next) -> Response {
    let Some(bound) = route(&request).map(|route| route.bound) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    match body::to_bytes(body, bound).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => too_large(bound).into_response(),
    }
}

fn route(request: &Request) -> Option<&'static Writing> {
    let matched = request.extensions().get::<MatchedPath>()?;
    WRITING.iter().find(|route| route.path == matched.as_str() && route.method == *request.method())
}

fn too_large(bound: usize) -> Problem {
    Problem::too_large(format!("Le corps de la demande dépasse {} Kio ; faites-la en plusieurs fois.", bound / 1024))
}

/// Whether a browser says that one of our pages made this request; programs that are no browser say nothing and are let in.
fn same_site(headers: &HeaderMap, config: &Config) -> bool {
    if headers.contains_key("sec-fetch-site") {
        let site = headers.get_all("sec-fetch-site");
        return site.iter().all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    }
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let Some(origin) = text(headers, &header::ORIGIN) else { return false };
    let ours = config.public_url();
    // `scheme://host[:port]` of the public address, without its path.
    let ours = ours.split('/').take(3).collect::<Vec<_>>().join("/");
    // A name of another's that leads here is not ours: only addresses of this machine speak for themselves.
    let host = text(headers, &header::HOST).filter(|host| is_local(host));
    origin.eq_ignore_ascii_case(&ours)
        || host.is_some_and(|host| {
            origin
                .split_once("://")
                .is_some_and(|(scheme, name)| matches!(scheme, "http" | "https") && name.eq_ignore_ascii_case(host))
        })
}

/// `localhost` or an address of the loopback, with or without a port.
fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A header given once and readable.
fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), header::HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn another_site_is_told_from_ours() {
        let config = Config { public_url: Some("https://carte.exemple.fr/".into()), ..Config::default() };
        let ours = [
            vec![],
            vec![("sec-fetch-site", "same-origin"), ("origin", "https://carte.exemple.fr")],
            vec![("sec-fetch-site", "none")],
            vec![("origin", "https://carte.exemple.fr")],
            vec![("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")],
        ];
        for headers in ours {
            assert!(same_site(&from(&headers), &config), "{headers:?}");
        }
        let others = [
            // A name that someone made to lead to this machine.
            vec![("origin", "http://autre.exemple:8080"), ("host", "autre.exemple:8080")],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("origin", "null")],
            vec![("origin", "https://autre.fr"), ("host", "127.0.0.1:8080")],
            vec![("origin", "https://carte.exemple.fr.autre.fr")],
            vec![("origin", "https://carte.exemple.fr:8443"), ("host", "carte.exemple.fr")],
        ];
        for headers in others {
            assert!(!same_site(&from(&headers), &config), "{headers:?}");
        }
    }

    #[test]
    fn no_bound_exceeds_what_the_server_takes() {
        assert!(WRITING.iter().all(|route| route.bound <= MAX_BODY));
    }
}
