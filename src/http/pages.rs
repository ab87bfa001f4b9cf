//! Pages that need no JavaScript: links to parcels, and what is not found.

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use finage_reference::Idu;

use super::problem::Problem;
use super::state::App;
use crate::cadastre::parcelle;

/// `/`: the map.
pub async fn home() -> Redirect {
    Redirect::temporary("/carte")
}

/// `/parcelle/{idu}`: the parcel on the map; a page that offers the search when it is unknown.
///
/// # Errors
/// 503 when the database is away.
pub async fn parcel(State(app): State<App>, Path(idu): Path<String>) -> Result<Response, Problem> {
    let shown: String = idu.chars().take(40).collect();
    let Ok(known) = idu.parse::<Idu>() else {
        let cause = "Une parcelle s'identifie par 14 caractères : code INSEE, préfixe, section et numéro, par exemple 13004000AB0145.";
        return Ok(not_found(&format!("« {shown} » n'est pas un identifiant de parcelle"), cause));
    };
    if parcelle::exists(app.db_read(), known).await? {
        return Ok(Redirect::temporary(&format!("/carte?parcelle={known}")).into_response());
    }
    Ok(not_found(
        &format!("La parcelle {known} est inconnue ici"),
        "Elle a pu être renumérotée, divisée ou réunie, ou sa commune n'est pas importée.",
    ))
}

/// Every other address.
pub async fn unknown(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        return Problem::not_found("Cette adresse n'est pas de l'API ; /api/openapi.json la décrit.").into_response();
    }
    not_found("Cette page n'existe pas", "L'adresse a changé ou comporte une faute.")
}

/// A refusal, as a page.
pub fn problem(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    page(status, problem.title, &problem.detail)
}

fn not_found(title: &str, cause: &str) -> Response {
    page(StatusCode::NOT_FOUND, title, cause)
}

fn page(status: StatusCode, title: &str, cause: &str) -> Response {
    let (title, cause) = (escape(title), escape(cause));
    let page = format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} – Finage</title>\n<link rel=\"stylesheet\" href=\"/pages.css\">\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{cause}</p>\n\
         <form action=\"/carte\" method=\"get\" role=\"search\">\n<label for=\"q\">Chercher une parcelle, une adresse, un lieu-dit ou une commune</label>\n\
         <p><input id=\"q\" name=\"q\" type=\"search\" autocomplete=\"off\" placeholder=\"AB 145\">\n<button type=\"submit\">Chercher</button></p>\n</form>\n\
         <p><a href=\"/carte\">Ouvrir la carte</a></p>\n</main>\n</body>\n</html>\n"
    );
    (status, [(header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
}

/// `/pages.css`: the few rules of these pages.
pub async fn stylesheet() -> Response {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")],
        include_str!("pages.css"),
    )
        .into_response()
}

/// Text as HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_never_becomes_markup() {
        assert_eq!(escape("<script>'\"&"), "&lt;script&gt;&#39;&quot;&amp;");
    }
}
