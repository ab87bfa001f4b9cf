//! Rows as a file, and as GeoJSON for maps.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::demande::Adresse;
use super::liste::Wanted;
use crate::access::droits::Action;
use crate::db::Canal;
use crate::http::download::attachment;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Qui;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::objets::{Filtre, Format};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/modules/{module}/{objet}/export", Audience::Agent, export).get(
        "/api/modules/{module}/{objet}/geojson",
        Audience::Ouverte,
        geojson,
    )
}

/// Which rows, in what form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// Format of the file.
    #[param(inline)]
    format: Format,
    /// Condition in CQL2 text.
    filter: Option<String>,
    /// One of the lists of the manifest.
    liste: Option<String>,
    /// Words that searched fields contain.
    q: Option<String>,
    /// Fields by which rows are sorted.
    sort: Option<String>,
    /// `west,south,east,north` in degrees.
    bbox: Option<String>,
    /// Archived rows, and they alone.
    #[serde(default)]
    archivees: bool,
    /// Purpose for which personal fields are written; leaves a line in the journal.
    finalite: Option<String>,
}

/// Writes rows to a file. Leaves an act; with personal fields, a line in the journal of looks.
///
/// # Errors
/// 400, 401, 403, 404, 422 beyond 50,000 rows.
#[utoipa::path(get, operation_id = "modules_export", path = "/api/modules/{module}/{objet}/export", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), Exported), responses(
    (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object", body = Problem),
    (status = 422, description = "Beyond the bound", body = Problem)
))]
pub async fn export(
    State(app): State<App>,
    qui: Qui,
    Path((module, objet)): Path<(String, String)>,
    Params(exported): Params<Exported>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let Exported { format, filter, liste, q, sort, bbox, archivees, finalite } = exported;
    let wanted = Wanted::export(filter, liste, q, sort, bbox, archivees);
    let (regard, mut tx) = adresse.regard(&app, &qui, Action::Exporter, finalite.as_deref(), Canal::Export).await?;
    let filtre = wanted.filtre(&adresse, &regard)?;
    let fichier = regard.exporter(&mut tx, &filtre, format, app.config().srid).await?;
    tx.commit().await?;
    let headers = [(header::CONTENT_TYPE, fichier.media.to_owned()), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, [attachment(&fichier.nom)], fichier.octets).into_response())
}

/// Features of a page, unless told and at most: maps and GIS ask once, and follow the link `next` where there are more.
const MAX_FEATURES: i64 = 10_000;

/// Rows with their geometries, as a GeoJSON collection of ten thousand features at most; `links` says where the next ones are.
///
/// # Errors
/// 400, 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_geojson", path = "/api/modules/{module}/{objet}/geojson", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), Wanted), responses(
    (status = 200, description = "A FeatureCollection: numberMatched, numberReturned, and the link « next » where there are more", body = Object, content_type = "application/geo+json"),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object", body = Problem)
))]
pub async fn geojson(
    State(app): State<App>,
    qui: Qui,
    Path((module, objet)): Path<(String, String)>,
    RawQuery(asked): RawQuery,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let limite = wanted.limite(MAX_FEATURES, MAX_FEATURES)?;
    let (regard, mut tx) = adresse.regard(&app, &qui, Action::Lire, wanted.finalite(), Canal::Api).await?;
    let filtre = Filtre { geometrie: true, limite, ..wanted.filtre(&adresse, &regard)? };
    let page = regard.page(&mut tx, &filtre).await?;
    tx.commit().await?;
    let features: Vec<serde_json::Value> = page
        .fiches
        .into_iter()
        .map(|fiche| {
            let mut properties = fiche.champs;
            if let Some(fields) = properties.as_object_mut() {
                fields.insert("titre".to_owned(), fiche.titre.into());
            }
            serde_json::json!({ "type": "Feature", "id": fiche.id, "geometry": fiche.geometrie, "properties": properties })
        })
        .collect();
    let place = format!("{}{}/geojson", app.config().public_url(), adresse.place());
    let returned = i64::try_from(features.len()).unwrap_or(i64::MAX);
    let next = page.rang.saturating_add(returned);
    let link =
        |rel: &str, href: String| serde_json::json!({ "rel": rel, "type": "application/geo+json", "href": href });
    let mut links = vec![link("self", at(&place, asked.as_deref(), page.rang))];
    if returned > 0 && next < page.total {
        links.push(link("next", at(&place, asked.as_deref(), next)));
    }
    let collection = serde_json::json!({
        "type": "FeatureCollection",
        "numberMatched": page.total,
        "numberReturned": returned,
        "links": links,
        "features": features,
    });
    let headers = [(header::CONTENT_TYPE, "application/geo+json"), (header::CACHE_CONTROL, "private, no-cache")];
    Ok((headers, collection.to_string()).into_response())
}

/// The same question, from this rank on.
fn at(place: &str, asked: Option<&str>, rang: i64) -> String {
    let kept = asked.unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("rang="));
    let pairs: Vec<String> = kept.map(str::to_owned).chain((rang > 0).then(|| format!("rang={rang}"))).collect();
    if pairs.is_empty() { place.to_owned() } else { format!("{place}?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_the_same_question_further_on() {
        assert_eq!(at("/a", None, 0), "/a");
        assert_eq!(at("/a", Some("q=%C3%A9&rang=10&limite=5"), 15), "/a?q=%C3%A9&limite=5&rang=15");
    }
}
