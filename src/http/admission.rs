//! Who gets in: finds who asks from the cookie or the token, and holds each route to the audience it says.
//!
//! Everything is decided from the head of the request, before its body is read and before its handler:
//!
//! 1. the route is in the list, else the address or the method is refused;
//! 2. what writes, or carries a session, comes from our own pages or from a program, never from a page of another site;
//! 3. credentials come over TLS, or from this very machine;
//! 4. a token that is not good is refused wherever it is shown; a session that ended is as none;
//! 5. the route admits who asks.

use axum::extract::MatchedPath;
use axum::http::{HeaderMap, HeaderName, Method, header};
use data_encoding::BASE64;

use super::cookies;
use super::poste::{Poste, is_local};
use super::problem::Problem;
use super::qui::Qui;
use super::route::{Audience, Content, Route, route};
use super::state::App;
use crate::access::identite::{Connu, Etape, Porteur};
use crate::config::Config;

/// Name of the session's cookie over TLS; the prefix binds it to this host and to TLS.
pub const COOKIE: &str = "__Host-finage";
/// Its name on a machine's own loopback without TLS, where browsers would not keep the other.
pub const COOKIE_LOCAL: &str = "finage-local";

/// Whether a request may go to its handler; `qui` is told who asks, let in or not.
///
/// # Errors
/// 401, 403, 405, 413 or 415, each in a sentence.
pub async fn admit(
    app: &App,
    method: &Method,
    path: Option<&MatchedPath>,
    headers: &HeaderMap,
    poste: &Poste,
    qui: &mut Qui,
) -> Result<(), Problem> {
    let found = path.and_then(|path| route(path.as_str(), method));
    let reading = matches!(*method, Method::GET | Method::HEAD);
    if !poste.sur && (headers.contains_key(header::AUTHORIZATION) || cookie(headers, app.config()).is_some()) {
        return Err(Problem::unsafe_transport());
    }
    let Some(found) = found else {
        // An address that no route has, or read by another method: the fallbacks answer, to who asks.
        if !reading {
            return Err(Problem::method_not_allowed());
        }
        *qui = Qui(identify(app, headers, reading).await?);
        return Ok(());
    };
    if !reading {
        from_here(headers, app.config())?;
        announced(headers, found)?;
    }
    *qui = Qui(identify(app, headers, reading).await?);
    admits(found.audience, qui.0.as_ref())
}

/// Who asks, from a token, else from the cookie.
async fn identify(app: &App, headers: &HeaderMap, reading: bool) -> Result<Option<Connu>, Problem> {
    if headers.contains_key(header::AUTHORIZATION) {
        let token = token(headers).ok_or_else(bad_token)?;
        return app.acces().par_jeton(&token).await?.map(Some).ok_or_else(bad_token);
    }
    let Some(secret) = cookie(headers, app.config()) else { return Ok(None) };
    if !reading && !says_where_from(headers) {
        // A browser that has our cookie also says where its request comes from.
        return Err(other_site());
    }
    Ok(app.acces().par_session(&secret).await?)
}

/// Whether the route admits who asks.
fn admits(audience: Audience, qui: Option<&Connu>) -> Result<(), Problem> {
    if audience == Audience::Ouverte {
        return Ok(());
    }
    let connu = qui.ok_or_else(Problem::unauthorized)?;
    let session = matches!(connu.porteur, Porteur::Session { .. });
    if audience == Audience::Entree {
        return if session { Ok(()) } else { Err(Problem::unauthorized()) };
    }
    match connu.porteur {
        Porteur::Session { etape: Etape::SecondFacteur, .. } => return Err(Problem::second_factor()),
        Porteur::Session { etape: Etape::Enrolement, .. } => return Err(Problem::enrolment()),
        Porteur::Session { etape: Etape::Complete, .. } | Porteur::Jeton { .. } | Porteur::Travail => {}
    }
    match audience {
        Audience::Ouverte | Audience::Entree | Audience::Compte => Ok(()),
        Audience::Personne if session => Ok(()),
        Audience::Personne => Err(Problem::forbidden("Un jeton n'y a pas accès : connectez-vous dans un navigateur.")),
        Audience::Agent if connu.collectivite.is_some() => Ok(()),
        Audience::Agent if connu.collectivites.is_empty() => Err(Problem::forbidden(
            "Votre compte n'agit pour aucune collectivité ; demandez un rôle à un gestionnaire des comptes.",
        )),
        Audience::Agent => Err(Problem::forbidden(
            "Choisissez d'abord, dans « Mon compte », la collectivité pour laquelle vous agissez.",
        )),
        Audience::Administration if session && connu.administrateur && connu.vue_comme.is_none() => Ok(()),
        Audience::Administration => {
            Err(Problem::forbidden("Cette page est réservée à l'administration de l'installation."))
        }
    }
}

/// What the body is said to be.
fn announced(headers: &HeaderMap, route: &Route) -> Result<(), Problem> {
    if headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        // A few bytes could unfold into gigabytes.
        return Err(Problem::unsupported(
            "Le corps des demandes n'est pas lu compressé : envoyez-le sans Content-Encoding.",
        ));
    }
    let kind = text(headers, &header::CONTENT_TYPE).and_then(|kind| kind.split(';').next()).map(str::trim);
    let wanted = match route.content {
        Content::Json => Some("application/json"),
        Content::Form => Some("application/x-www-form-urlencoded"),
        Content::Multipart => Some("multipart/form-data"),
        Content::File | Content::None => None,
    };
    if let Some(wanted) = wanted
        && !kind.is_some_and(|kind| kind.eq_ignore_ascii_case(wanted))
    {
        return Err(Problem::unsupported(format!("Cette adresse attend un corps « Content-Type: {wanted} ».")));
    }
    let length = text(headers, &header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > route.bound)) {
        return Err(Problem::body_too_large(route.bound));
    }
    Ok(())
}

fn bad_token() -> Problem {
    Problem::unauthorized_token()
}

fn other_site() -> Problem {
    Problem::forbidden(
        "Cette demande vient d'un autre site ; faites-la depuis les pages de Finage (réglage « public_url » si leur adresse a changé).",
    )
}

/// The token of `Authorization: Bearer`, or the password of `Basic`: QGIS and GDAL only know that one.
fn token(headers: &HeaderMap) -> Option<String> {
    let value = text(headers, &header::AUTHORIZATION)?;
    let (scheme, rest) = value.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.to_owned());
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(BASE64.decode(rest.as_bytes()).ok()?).ok()?;
        return decoded.split_once(':').map(|(_, password)| password.to_owned());
    }
    None
}

/// The secret of the session's cookie.
fn cookie(headers: &HeaderMap, config: &Config) -> Option<String> {
    cookies::get(headers, cookie_name(config))
}

/// The name under which browsers keep the session.
#[must_use]
pub fn cookie_name(config: &Config) -> &'static str {
    if config.public_url().starts_with("https://") { COOKIE } else { COOKIE_LOCAL }
}

/// # Errors
/// 403 for what a browser says comes from another site; programs that are no browser say nothing and are let in.
fn from_here(headers: &HeaderMap, config: &Config) -> Result<(), Problem> {
    if same_site(headers, config) { Ok(()) } else { Err(other_site()) }
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

fn says_where_from(headers: &HeaderMap) -> bool {
    headers.contains_key(FETCH_SITE) || headers.contains_key(header::ORIGIN)
}

fn same_site(headers: &HeaderMap, config: &Config) -> bool {
    if headers.contains_key(FETCH_SITE) {
        let site = headers.get_all(FETCH_SITE);
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

/// A header given once and readable.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
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
            .map(|(name, value)| (HeaderName::from_static(name), header::HeaderValue::from_static(value)))
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
    fn a_token_is_read_from_bearer_and_from_basic() {
        assert_eq!(token(&from(&[("authorization", "Bearer fin_abc")])).as_deref(), Some("fin_abc"));
        assert_eq!(token(&from(&[("authorization", "Basic YWdlbnQ6ZmluX2FiYw==")])).as_deref(), Some("fin_abc"));
        for wrong in ["Bearer", "Basic !!", "Basic YWdlbnQ=", "Digest x", ""] {
            assert_eq!(token(&from(&[("authorization", wrong)])), None, "{wrong}");
        }
    }
}
