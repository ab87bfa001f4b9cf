//! What a field may take, and what a row meets.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::demande::Adresse;
use crate::access::droits::Action;
use crate::db::Canal;
use crate::http::objets::{PRIVATE, key, searched};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::{Agent, Qui};
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::objets::{Choix, Croisement, Lien, MAX_CHOIX, ObjetError, ParcelleRencontree, Regard, codes};

/// Longest row being edited, in an address.
const MAX_RECORD: usize = 4 << 10;

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::{Agent, Ouverte};
    routes
        .get("/api/modules/{module}/{objet}/codes/{champ}", Ouverte, codes_of)
        .get("/api/modules/{module}/{objet}/choix/{champ}", Agent, choices)
        .get("/api/modules/{module}/{objet}/{id}/croisements", Agent, crossings)
}

/// Which values.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Typed {
    /// Text that label or code contain.
    q: Option<String>,
    /// The row being edited, in JSON: what may be chosen depends on it.
    record: Option<String>,
}

/// Codes that a field may take today.
///
/// # Errors
/// 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_codes", path = "/api/modules/{module}/{objet}/codes/{champ}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("champ" = String, Path, description = "Field"), Typed), responses(
    (status = 200, description = "Codes and their labels, 50 at most", body = Vec<Choix>),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object or field", body = Problem)
))]
pub async fn codes_of(
    State(app): State<App>,
    qui: Qui,
    Path((module, objet, champ)): Path<(String, String, String)>,
    Params(typed): Params<Typed>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let (regard, mut tx) = adresse.regard(&app, &qui, Action::Lire, None, Canal::Api).await?;
    let open = regard.champs().any(|one| one.nom == champ);
    let nomenclature = adresse.modele()?.regle(&champ).filter(|_| open).and_then(|regle| regle.nomenclature);
    let nomenclature = nomenclature.ok_or_else(no_choice)?;
    let found = codes(&mut tx, nomenclature, searched(typed.q)?.as_deref(), MAX_CHOIX).await?;
    Ok(([PRIVATE], Json(found)).into_response())
}

/// Rows that a reference may name, for the row being edited.
///
/// # Errors
/// 400, 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_choices", path = "/api/modules/{module}/{objet}/choix/{champ}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("champ" = String, Path, description = "Field"), Typed), responses(
    (status = 200, description = "Keys and titles, 50 at most", body = Vec<Choix>),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing on what the field names", body = Problem),
    (status = 404, description = "Unknown object or field", body = Problem)
))]
pub async fn choices(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, champ)): Path<(String, String, String)>,
    Params(typed): Params<Typed>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let modele = adresse.modele()?;
    let ouvert = agent.droit(modele.objet, Action::Lire)?.champs().any(|one| one.nom == champ);
    let regle = modele.regle(&champ).filter(|_| ouvert).ok_or_else(no_choice)?;
    let cible = regle.lien.and_then(Lien::cible).ok_or_else(no_choice)?;
    let regard = Regard::new(agent.identite(), cible, Action::Lire, None)?;
    let record = match typed.record.as_deref() {
        Some(text) if text.len() > MAX_RECORD => {
            return Err(Problem::bad_request("La fiche en cours est trop longue pour une adresse."));
        }
        Some(text) => serde_json::from_str(text).map_err(|_| Problem::bad_request("record est une fiche en JSON."))?,
        None => Map::<String, Value>::new(),
    };
    let mut tx = app.collectivites().begin_read(&agent.acteur(Canal::Api)?).await?;
    let found = regard.choix(&mut tx, modele, regle, searched(typed.q)?, &record).await?;
    Ok(([PRIVATE], Json(found)).into_response())
}

/// What a row meets.
#[derive(Debug, Serialize, ToSchema)]
pub struct Croisements {
    /// Rows of other objects, by object.
    objets: Vec<Croisement>,
    /// Parcels.
    parcelles: Vec<ParcelleRencontree>,
}

/// What a row's geometry meets: rows of every object that are open to who asks, and parcels.
///
/// # Errors
/// 403, 404.
#[utoipa::path(get, operation_id = "modules_crossings", path = "/api/modules/{module}/{objet}/{id}/croisements", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "What is met", body = Croisements),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row", body = Problem)
))]
pub async fn crossings(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let demande = adresse.demande(&app, &agent, None)?;
    let source = demande.regard_sur(Action::Lire, id).await?;
    let mut tx = demande.begin().await?;
    if !source.voit(&mut tx, id).await? {
        return Err(ObjetError::Absente.into());
    }
    let mut objets = Vec::new();
    for modele in app.modules().modeles().filter(|modele| modele.geometrie.is_some()) {
        if let Ok(regard) = Regard::new(agent.identite(), modele, Action::Lire, None) {
            objets.extend(regard.croise(&mut tx, &source, id).await?);
        }
    }
    let parcelles = source.parcelles(&mut tx, id).await?;
    Ok(([PRIVATE], Json(Croisements { objets, parcelles })).into_response())
}

fn no_choice() -> Problem {
    Problem::not_found("Ce champ n'existe pas, ne vous est pas ouvert, ou ne se choisit pas dans une liste.")
}
