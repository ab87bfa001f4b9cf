//! `/parcelle/{idu}/extrait.pdf`, `/extrait.pdf` and `/parcelle/{idu}/plan.svg`: plans to scale.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use finage_print::{Demande, Echelle, MiseError};
use finage_reference::Idu;
use jiff::Timestamp;
use serde::Deserialize;

use super::pages;
use super::problem::Problem;
use super::query::Params;
use super::state::App;
use crate::print::{self, PrintError};

/// Width and height of the static plan, pixels.
const PICTURE: (u32, u32) = (960, 720);
/// Plans are made anew at each request: an import, or midnight, changes them.
const CACHE: &str = "no-cache";

/// What may be asked of the sheet; the empty fields of a form are left to us.
#[derive(Debug, Default, Deserialize)]
pub struct Sheet {
    #[serde(default)]
    format: String,
    #[serde(default)]
    orientation: String,
    #[serde(default)]
    echelle: String,
    #[serde(default)]
    fond: String,
    /// Identifiers separated by commas, for one plan of several parcels.
    #[serde(default)]
    parcelles: String,
}

/// The extract of one parcel.
///
/// # Errors
/// 503 when the database is away; what the person can mend is a page.
pub async fn parcel(
    State(app): State<App>,
    Path(idu): Path<String>,
    Params(sheet): Params<Sheet>,
) -> Result<Response, Problem> {
    let Some(idu) = pages::identifier(&idu) else { return Ok(pages::malformed_parcel(&idu)) };
    draw(&app, &[idu], sheet, &format!("/parcelle/{idu}/extrait.pdf?")).await
}

/// One plan of several parcels.
///
/// # Errors
/// 400 for what is no identifier, 503 when the database is away.
pub async fn several(State(app): State<App>, Params(sheet): Params<Sheet>) -> Result<Response, Problem> {
    let mut idus = Vec::new();
    for text in sheet.parcelles.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        match text.parse::<Idu>() {
            Ok(idu) if idus.contains(&idu) => {}
            Ok(idu) => idus.push(idu),
            Err(_) => return Ok(pages::malformed_parcel(text)),
        }
        if idus.len() > print::MAX_SUJETS {
            let asked = sheet.parcelles.split(',').count();
            return Ok(refused(&PrintError::TooMany(asked), None));
        }
    }
    if idus.is_empty() {
        return Err(Problem::bad_request("Donnez les parcelles : /extrait.pdf?parcelles=identifiant,identifiant."));
    }
    let list = idus.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    draw(&app, &idus, sheet, &format!("/extrait.pdf?parcelles={list}&")).await
}

/// The static plan of a parcel, for its page.
///
/// # Errors
/// 404 for an unknown parcel, 503 when the database is away.
pub async fn picture(State(app): State<App>, Path(idu): Path<String>, request: HeaderMap) -> Result<Response, Problem> {
    let idu: Idu = idu.parse().map_err(|error| Problem::bad_request(format!("Identifiant refusé : {error}")))?;
    let version = app.versions().of(app.db_read(), &crate::cadastre::layers::LAYERS.iter().collect::<Vec<_>>()).await?;
    let etag = format!("W/\"plan-{version}-{idu}\"");
    let headers = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, CACHE.to_owned())];
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let svg = print::svg(app.db_read(), idu, PICTURE.0, PICTURE.1).await.map_err(problem)?;
    Ok((headers, [(header::CONTENT_TYPE, "image/svg+xml; charset=utf-8")], svg).into_response())
}

async fn draw(app: &App, idus: &[Idu], sheet: Sheet, address: &str) -> Result<Response, Problem> {
    let work = make(app.clone(), idus.to_vec(), sheet);
    let pdf = match app.drawing(work).await? {
        Ok(pdf) => pdf,
        Err(PrintError::Database(cause)) => return Err(cause.into()),
        Err(error) => return Ok(refused(&error, Some(address))),
    };
    let name = match idus {
        [one] => format!("extrait-{one}.pdf"),
        several => format!("extrait-{}-parcelles.pdf", several.len()),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
        (header::CACHE_CONTROL, CACHE.to_owned()),
    ];
    Ok((headers, pdf).into_response())
}

async fn make(app: App, idus: Vec<Idu>, sheet: Sheet) -> Result<Vec<u8>, PrintError> {
    let demande = demande(&sheet)?;
    let fond = print::background(&app.config().fonds, Some(&sheet.fond))?;
    print::pdf(app.db_read(), &idus, demande, fond, Timestamp::now()).await
}

fn demande(sheet: &Sheet) -> Result<Demande, PrintError> {
    fn given<T: std::str::FromStr<Err = MiseError>>(text: &str) -> Result<Option<T>, MiseError> {
        let text = text.trim();
        if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
    }
    Ok(Demande {
        format: given(&sheet.format)?,
        orientation: given(&sheet.orientation)?,
        echelle: scale(&sheet.echelle)?,
    })
}

/// « 500 », or « 1/500 » as people write it.
fn scale(text: &str) -> Result<Option<Echelle>, PrintError> {
    let written: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if written.is_empty() {
        return Ok(None);
    }
    let Ok(denominator) = written.strip_prefix("1/").unwrap_or(&written).parse::<u32>() else {
        return Err(PrintError::Scale(written.chars().take(20).collect()));
    };
    Ok(Some(Echelle::try_from(denominator)?))
}

/// The page that says what cannot be drawn, and offers the sheet that can.
fn refused(error: &PrintError, address: Option<&str>) -> Response {
    let proposed = match (error, address) {
        (PrintError::Mise(MiseError::TropGrand { proposee, .. }), Some(address)) => Some((
            format!("Extrait {proposee}"),
            format!(
                "{address}format={}&orientation={}&echelle={}",
                proposee.format,
                proposee.orientation,
                proposee.echelle.denominateur()
            ),
        )),
        _ => None,
    };
    pages::refused(status(error), "Cet extrait n'a pas pu être fait", &error.to_string(), proposed)
}

fn status(error: &PrintError) -> StatusCode {
    match error {
        PrintError::Unknown(_) => StatusCode::NOT_FOUND,
        PrintError::Scale(_)
        | PrintError::Mise(MiseError::Echelle(_) | MiseError::Format(_) | MiseError::Orientation(_)) => {
            StatusCode::BAD_REQUEST
        }
        PrintError::Mise(_)
        | PrintError::TooMany(_)
        | PrintError::TooDense
        | PrintError::FondRefused(_)
        | PrintError::Fond(_)
        | PrintError::Draw(finage_print::PrintError::TropDeSommets { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn problem(error: PrintError) -> Problem {
    match error {
        PrintError::Database(cause) => cause.into(),
        PrintError::Unknown(_) => Problem::not_found(error.to_string()),
        other => {
            tracing::error!(error = %other, "plan");
            Problem::internal()
        }
    }
}
