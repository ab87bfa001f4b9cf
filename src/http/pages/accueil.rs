//! `/`: the home page.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{cadre, consulter, page};
use crate::cadastre::exemples;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::portal::AccueilPage;
use crate::territory::extent;

/// The home page: one field, and what there is to consult.
///
/// # Errors
/// 503 when the database is away.
pub async fn home(State(app): State<App>) -> Result<Response, Problem> {
    let (communes, exemples) =
        tokio::try_join!(extent::communes(app.db_read(), None), exemples::exemples(app.db_read()))?;
    let publiques = consulter::publiques(&app, None).await?;
    let frame = cadre(&app, "/", "Consulter le plan cadastral");
    page(StatusCode::OK, &AccueilPage::new(frame, &communes, exemples, publiques))
}
