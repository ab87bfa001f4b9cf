//! `/recherche`: what a text means, or what it may mean.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::{cadre, page};
use crate::http::objets;
use crate::http::problem::Problem;
use crate::http::qui::Qui;
use crate::http::state::App;
use crate::portal::RecherchePage;
use crate::services::recherche::MAX_LIMIT;
use crate::services::{destination, recherche};

/// Longest text searched, in characters; what is longer is cut, and finds nothing.
const MAX_QUERY: usize = 200;

/// The parcel at once when the text means one alone, else a list of links.
///
/// # Errors
/// 503 when the database is away.
pub async fn search(
    State(app): State<App>,
    qui: Qui,
    Query(params): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let q = params.into_iter().find(|(name, _)| name == "q").map(|(_, value)| value).unwrap_or_default();
    // PostgreSQL text holds no NUL; a control character is no part of a name.
    let q: String = q.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_QUERY).collect();
    let answer = recherche::search(app.db_read(), &q, None, MAX_LIMIT, app.config().srid).await?;
    let fiches = objets::nommees(&app, &qui, &q).await?;
    let answer = answer.avec(objets::trouvees(&app, &qui, &q).await?, fiches);
    let lieux = destination::lieux(app.db_read(), &answer).await?;
    if let Some(idu) = destination::seule(&answer, &lieux) {
        return Ok(Redirect::to(&format!("/parcelle/{idu}")).into_response());
    }
    let cadre = cadre(&app, "/recherche", RecherchePage::titre(&answer)).cherchant(q.trim());
    page(StatusCode::OK, &RecherchePage::new(cadre, &answer, &lieux))
}
