//! `/parcelle/{idu}`: the facts of a parcel.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use finage_reference::Idu;

use super::{cadre, malformed_parcel, page, refused};
use crate::cadastre::parcelle;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::portal::ParcellePage;
use crate::print;

/// Width and height of the static plan, in pixels.
const PLAN: (u32, u32) = (960, 720);

/// The page of a parcel; its one address when the identifier is written otherwise.
///
/// # Errors
/// 503 when the database is away.
pub async fn parcel(State(app): State<App>, Path(asked): Path<String>) -> Result<Response, Problem> {
    let Some(idu) = identifier(&asked) else { return Ok(malformed_parcel(&asked)) };
    let canonical = idu.to_string();
    if asked != canonical {
        let location = [(header::LOCATION, format!("/parcelle/{canonical}"))];
        return Ok((StatusCode::MOVED_PERMANENTLY, location).into_response());
    }
    let Some(sheet) = parcelle::sheet(app.db_read(), idu).await? else {
        return Ok(refused(
            StatusCode::NOT_FOUND,
            &format!("La parcelle {idu} est inconnue ici"),
            "Elle a pu être renumérotée, divisée ou réunie, ou sa commune n'est pas importée.",
            None,
        ));
    };
    let points = parcelle::points(app.db_read(), idu).await?;
    let cadre = cadre(&app, "/parcelle", ParcellePage::titre(&sheet));
    let fonds = print::printable(&app.config().fonds);
    page(StatusCode::OK, &ParcellePage::new(cadre, &sheet, &points, &fonds, PLAN))
}

/// The identifier, in either case, with or without spaces.
pub fn identifier(text: &str) -> Option<Idu> {
    if text.len() > 60 {
        return None;
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    compact.parse().ok()
}
