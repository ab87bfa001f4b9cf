//! `/api/selection`: parcels selected by list, shape and buffer.

use axum::Json;
use axum::extract::State;

use super::body::Body;
use super::problem::Problem;
use super::state::App;
use crate::cadastre::selection::{self, Demande, Selection, SelectionError};

/// Longest body of a selection.
pub const MAX_BODY: usize = 2 << 20;

/// Selects parcels: the union of identifiers, references, and what a geometry with its buffer takes.
///
/// # Errors
/// 400 for a body that can't be read, 422 for a demand out of bounds, 503 when the database is away.
#[utoipa::path(post, path = "/api/selection", request_body = Demande, responses(
    (status = 200, description = "Parcels, totals, an answer to each line", body = Selection),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 422, description = "Beyond a bound, or a geometry that can't be used: the sentence says which", body = Problem)
))]
pub async fn select(State(app): State<App>, Body(demande): Body<Demande>) -> Result<Json<Selection>, Problem> {
    let limite = usize::try_from(app.config().selection_max).unwrap_or(usize::MAX);
    Ok(Json(selection::selectionner(app.db_read(), &demande, app.config().srid, limite).await?))
}

impl From<SelectionError> for Problem {
    fn from(error: SelectionError) -> Self {
        match error {
            SelectionError::Database(error) => error.into(),
            SelectionError::Projection(_) | SelectionError::Wkb(_) => {
                tracing::error!(%error, "sélection");
                Self::internal()
            }
            refus => Self::unprocessable(refus.to_string()),
        }
    }
}
