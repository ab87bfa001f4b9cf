//! `/services`, `/accessibilite`, `/mentions`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{cadre, page};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::portal::{AccessibilitePage, MentionsPage, ServicesPage, grille};
use crate::services::tiles;

/// Addresses that programs read.
///
/// # Errors
/// 503 when the database is away.
pub async fn services(State(app): State<App>) -> Result<Response, Problem> {
    let labels = tiles::labels(app.db_read()).await?;
    let cadre = cadre(&app, "/services", "Données et services");
    page(StatusCode::OK, &ServicesPage::new(cadre, app.config().public_url(), &labels))
}

/// The declaration of accessibility.
///
/// # Errors
/// 500 when the kept grid can't be read, which tests exclude.
pub async fn accessibility(State(app): State<App>) -> Result<Response, Problem> {
    let grille = grille().ok_or_else(Problem::internal)?;
    let cadre = cadre(&app, "/accessibilite", "Déclaration d'accessibilité");
    page(StatusCode::OK, &AccessibilitePage::new(cadre, grille))
}

/// The legal notice.
///
/// # Errors
/// None in practice: a template that can't be rendered.
pub async fn notice(State(app): State<App>) -> Result<Response, Problem> {
    page(
        StatusCode::OK,
        &MentionsPage::new(cadre(&app, "/mentions", "Mentions légales"), app.config().travaux_conserves_heures),
    )
}
