//! `GET /api/modules/{module}/{objet}/{id}/itineraire`: the way to a row, along the lines of its module.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::demande::Adresse;
use crate::access::droits::Action;
use crate::http::objets::{PRIVATE, key};
use crate::http::problem::Problem;
use crate::http::qui::Qui;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::itineraire::{Itineraire, Regards, vers};
use crate::modules::objets::Regard;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/modules/{module}/{objet}/{id}/itineraire", Audience::Ouverte, way)
}

/// The way to a row, from where one comes in: its line on the map, its length, and plain words.
///
/// # Errors
/// 401, 403, 404 for a row that is not open, an object without ways, or a row to which none leads.
#[utoipa::path(get, operation_id = "modules_way", path = "/api/modules/{module}/{objet}/{id}/itineraire", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "The shortest way", body = Itineraire),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row, an object without ways, or no way", body = Problem)
))]
pub async fn way(
    State(app): State<App>,
    qui: Qui,
    Path((module, objet, id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let sans = || Problem::not_found("Aucun itinéraire ne mène aux fiches de cet objet ; son schéma le dit.");
    let dit = adresse.objet()?.file.walk.clone().ok_or_else(sans)?;
    let (but, mut tx) = adresse.regard_sur(&app, &qui, id, None).await?;
    let look = |nom: &str| look(&app, &qui, &adresse, nom, but.est_public()).ok_or_else(sans);
    let (lignes, entrees) = (look(&dit.lines)?, look(&dit.entrances)?);
    let regards = Regards { but: &but, lignes: &lignes, entrees: &entrees };
    let trouve = vers(&mut tx, &dit, regards, id).await?;
    let nulle =
        || Problem::not_found("Aucun itinéraire : la fiche n'est pas au plan, ou aucune entrée n'y est placée.");
    let itineraire = trouve.ok_or_else(nulle)?;
    Ok(([PRIVATE], Json(itineraire)).into_response())
}

/// The look of who asks at another object of the module; anybody's when the row is seen as anybody does.
fn look(app: &App, qui: &Qui, adresse: &Adresse, nom: &str, publique: bool) -> Option<Regard> {
    let (module, _) = adresse.charge()?;
    let modele = module.objets.iter().find(|objet| objet.nom == nom)?.modele;
    if publique {
        return app.modules().publique(modele);
    }
    Regard::new(qui.agent()?.identite(), modele, Action::Lire, None).ok()
}
