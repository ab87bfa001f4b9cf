//! Refusals and failures of pages, in the same frame as all others.
//!
//! Handlers say what could not be done; [`dress`] makes a page of it on the way out, where the configuration is at hand.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::{cadre, page};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::portal::RefusPage;
use crate::portal::nombres::encode;

/// Where clients are programs: they read problem+json.
const FOR_PROGRAMS: [&str; 8] =
    ["/api/", "/tiles/", "/styles/", "/fonds/", "/assets/", "/health", "/ready", "/metrics"];

/// What a page of refusal says.
#[derive(Debug, Clone)]
struct Refus {
    titre: String,
    cause: String,
    propose: Option<(String, String)>,
}

/// A page that says what could not be done; `propose` is a link to what can: text and address.
pub fn refused(status: StatusCode, titre: &str, cause: &str, propose: Option<(String, String)>) -> Response {
    let mut response = (status, [(header::CACHE_CONTROL, "no-store")]).into_response();
    response.extensions_mut().insert(Refus { titre: titre.to_owned(), cause: cause.to_owned(), propose });
    response
}

/// The page for what is no identifier of a parcel.
pub fn malformed_parcel(idu: &str) -> Response {
    let shown: String = idu.chars().take(40).collect();
    refused(
        StatusCode::NOT_FOUND,
        &format!("« {shown} » n'est pas un identifiant de parcelle"),
        "Une parcelle s'identifie par 14 caractères : code INSEE, préfixe, section et numéro, par exemple 13004000AB0145.",
        None,
    )
}

/// Every other address.
pub async fn unknown(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        return Problem::not_found("Cette adresse n'est pas de l'API ; /api/openapi.json la décrit.").into_response();
    }
    refused(StatusCode::NOT_FOUND, "Cette page n'existe pas", "L'adresse a changé ou comporte une faute.", None)
}

/// Makes a page of a refusal that leaves an address for people; other answers pass as they are.
pub fn dress(app: &App, method: &Method, uri: &Uri, mut response: Response) -> Response {
    let (status, path) = (response.status(), uri.path());
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let refus = match response.extensions_mut().remove::<Refus>() {
        Some(refus) => refus,
        None if FOR_PROGRAMS.iter().any(|folder| path.starts_with(folder)) => {
            // The layer that stops what is too slow says nothing.
            let silent =
                status == StatusCode::SERVICE_UNAVAILABLE && !response.headers().contains_key(header::CONTENT_TYPE);
            return if silent {
                Problem::busy("La réponse a pris trop de temps ; réessayez, ou demandez moins à la fois.")
                    .into_response()
            } else {
                response
            };
        }
        None => match response.extensions_mut().remove::<Problem>() {
            Some(Problem { mend: Some(page), .. }) if matches!(*method, Method::GET | Method::HEAD) => {
                return leads_to(page, uri);
            }
            Some(problem) => {
                let propose = problem.mend.map(|page| ("Se connecter".to_owned(), page.to_owned()));
                Refus { titre: problem.title.to_owned(), cause: problem.detail, propose }
            }
            None if is_html(response.headers()) => return response,
            None => said_of(status),
        },
    };
    let frame = cadre(app, path, refus.titre.as_str());
    let Ok(mut dressed) = page(status, &RefusPage::new(frame, &refus.cause, refus.propose.as_ref())) else {
        return response;
    };
    // The refusal's own headers (retry-after, allow, cache-control) stay; the body's are the page's.
    for (name, value) in response.headers() {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING].contains(name) {
            dressed.headers_mut().insert(name, value.clone());
        }
    }
    dressed.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    dressed
}

/// Leads to the page of sign-in, and from there back to what was asked.
fn leads_to(page: &str, uri: &Uri) -> Response {
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    let address = format!("{page}?suite={}", encode(asked));
    ([(header::CACHE_CONTROL, "no-store")], Redirect::to(&address)).into_response()
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// What a layer refused without a word: a body too long, a request too slow.
fn said_of(status: StatusCode) -> Refus {
    let problem = match status {
        StatusCode::SERVICE_UNAVAILABLE => Problem::unavailable(),
        StatusCode::NOT_FOUND => Problem::not_found("L'adresse a changé ou comporte une faute."),
        StatusCode::METHOD_NOT_ALLOWED => Problem::method_not_allowed(),
        other if other.is_client_error() => {
            Problem::bad_request("La demande n'a pas pu être lue ; revenez en arrière et recommencez.")
        }
        _ => Problem::internal(),
    };
    Refus { titre: problem.title.to_owned(), cause: problem.detail, propose: None }
}
