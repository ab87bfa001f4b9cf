//! Links of rows to features of the map: `/api/modules/{module}/{objet}/{id}/rattachements`, those that wait, and what hangs on
//! a parcel.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use finage_reference::Idu;
use serde::{Deserialize, Serialize};
use time::Date;
use time::macros::format_description;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::demande::Adresse;
use crate::access::droits::Action;
use crate::db::{Canal, TenantTx};
use crate::http::body::Body;
use crate::http::objets::{PRIVATE, key};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::objets::Regard;
use crate::modules::rattachement::{
    self, Ancrage, Attente, Candidat, Etat, Incomplete, Liees, Rattachement, RattachementError, ancrages,
};

/// Longest body of a link.
const MAX_LINK: usize = 4 << 10;
/// Longest body of a confirmation: a thousand keys.
const MAX_CONFIRM: usize = 256 << 10;
/// Rows told of one object at most.
const MAX_TOLD: i64 = 100;

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes
        .get("/api/modules/{module}/{objet}/{id}/rattachements", Agent, list)
        .post("/api/modules/{module}/{objet}/{id}/rattachements", Agent, (Content::Json, MAX_LINK), link)
        .delete("/api/modules/{module}/{objet}/{id}/rattachements/{lien}", Agent, end)
        .post(
            "/api/modules/{module}/{objet}/{id}/rattachements/{lien}/confirmer",
            Agent,
            (Content::Json, MAX_CONFIRM),
            confirm,
        )
        .get("/api/rattachements/en-attente", Agent, waiting)
        .get("/api/parcelles/{idu}/fiches", Agent, on_parcel)
}

/// A link of a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct LienDeFiche {
    /// Key.
    id: Uuid,
    /// Layer of the feature.
    couche: String,
    /// Business key of the feature: idu of a parcel.
    cle: String,
    /// What the feature is called; of a parcel, its section and number.
    libelle: Option<String>,
    /// What the feature is to the row.
    role: String,
    /// First day it holds.
    #[schema(value_type = String, format = Date)]
    du: Date,
    /// First day it no longer holds; null while it does.
    #[schema(value_type = Option<String>, format = Date)]
    au: Option<Date>,
    /// How sure it is.
    etat: Etat,
    /// Features that may take its place, the likeliest first.
    propose: Vec<Candidat>,
    /// Version.
    version: i32,
}

impl From<Rattachement> for LienDeFiche {
    fn from(lien: Rattachement) -> Self {
        let parcelle: Option<Idu> = lien.cle_entite.parse().ok().filter(|_| lien.couche == "parcelles");
        Self {
            id: lien.id,
            couche: lien.couche,
            libelle: parcelle.map(|idu| idu.reference()),
            cle: lien.cle_entite,
            role: lien.role,
            du: lien.valide_du,
            au: lien.valide_au,
            etat: lien.etat,
            propose: lien.propose.0,
            version: lien.version,
        }
    }
}

/// A link to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lien {
    /// What the feature is to the row; the only one of the object unless told.
    role: Option<String>,
    /// Layer of the feature, where several have that role.
    couche: Option<String>,
    /// Business key of the feature: idu of a parcel.
    cle: String,
    /// First day it holds; today unless told.
    #[schema(value_type = Option<String>, format = Date)]
    du: Option<String>,
}

/// When a link ends.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Fin {
    /// First day it no longer holds, `AAAA-MM-JJ`; today unless told.
    le: Option<String>,
}

/// Features that take the place of one that is gone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choisies {
    /// Their business keys.
    cles: Vec<String>,
}

/// What waits for a human.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnAttente {
    /// Links whose feature is gone from the plan.
    attentes: Vec<Attente>,
    /// Rows without a link that their module requires.
    incompletes: Vec<Incomplete>,
}

/// The links of a row.
///
/// # Errors
/// 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_links", path = "/api/modules/{module}/{objet}/{id}/rattachements", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "Those that hold, then those that ended", body = Vec<LienDeFiche>),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row", body = Problem)
))]
pub async fn list(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let demande = adresse.demande(&app, &agent, None)?;
    let regard = demande.regard_sur(Action::Lire, id).await?;
    let mut tx = demande.begin().await?;
    Ok(([PRIVATE], Json(told(rattachement::lister(&mut tx, &regard, id).await?))).into_response())
}

fn told(liens: Vec<Rattachement>) -> Vec<LienDeFiche> {
    liens.into_iter().map(LienDeFiche::from).collect()
}

/// Links a row that one may change to a feature.
///
/// # Errors
/// 400, 403, 404, 409 where the row is locked, 422 for a feature that is not on the map or a role that is already held.
#[utoipa::path(post, operation_id = "modules_link", path = "/api/modules/{module}/{objet}/{id}/rattachements", tag = "modules", request_body = Lien,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key")), responses(
    (status = 201, description = "The link", body = LienDeFiche),
    (status = 400, description = "Malformed request, or a role that the object has not", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row", body = Problem),
    (status = 409, description = "Locked in its state", body = Problem),
    (status = 422, description = "Unknown feature, or a role that is already held", body = Problem)
))]
pub async fn link(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    Body(lien): Body<Lien>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let ancrage = ancrage(&adresse, lien.role.as_deref(), lien.couche.as_deref())?;
    let du = lien.du.as_deref().map(day).transpose()?;
    let demande = adresse.demande(&app, &agent, None)?;
    let plume = demande.plume_sur(Action::Changer, id).await?;
    let mut tx = demande.begin().await?;
    readable(&app, &agent, &mut tx, &ancrage, &[&lien.cle]).await?;
    let made = rattachement::lier(&mut tx, &plume, id, &ancrage, &lien.cle, du).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, [PRIVATE], Json(LienDeFiche::from(made))).into_response())
}

/// Ends a link of a row that one may change.
///
/// # Errors
/// 400, 403, 404, 409 where the row is locked, 422 for a day before its first or to come.
#[utoipa::path(delete, operation_id = "modules_unlink", path = "/api/modules/{module}/{objet}/{id}/rattachements/{lien}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key"),
        ("lien" = Uuid, Path, description = "Link"), Fin), responses(
    (status = 200, description = "The link, ended", body = LienDeFiche),
    (status = 400, description = "Malformed day", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row or link", body = Problem),
    (status = 409, description = "Locked in its state", body = Problem),
    (status = 422, description = "A day that is none of its own", body = Problem)
))]
pub async fn end(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id, lien)): Path<(String, String, String, String)>,
    Params(fin): Params<Fin>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let (lien, le) = (known_link(&lien)?, fin.le.as_deref().map(day).transpose()?);
    let demande = adresse.demande(&app, &agent, None)?;
    let plume = demande.plume_sur(Action::Changer, id).await?;
    let mut tx = demande.begin().await?;
    let ended = rattachement::delier(&mut tx, &plume, id, lien, le).await?;
    tx.commit().await?;
    Ok(([PRIVATE], Json(LienDeFiche::from(ended))).into_response())
}

/// Gives the place of a feature that is gone to those that a human chose.
///
/// # Errors
/// 400, 403, 404, 409, 422 for a link that waits for nothing, or a feature that is not on the map.
#[utoipa::path(post, operation_id = "modules_confirm_link", path = "/api/modules/{module}/{objet}/{id}/rattachements/{lien}/confirmer", tag = "modules",
    request_body = Choisies,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key"),
        ("lien" = Uuid, Path, description = "Link")), responses(
    (status = 200, description = "The links of the row", body = Vec<LienDeFiche>),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row or link", body = Problem),
    (status = 409, description = "Locked in its state", body = Problem),
    (status = 422, description = "Nothing to confirm, or unknown feature", body = Problem)
))]
pub async fn confirm(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id, lien)): Path<(String, String, String, String)>,
    Body(choisies): Body<Choisies>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let lien = known_link(&lien)?;
    let demande = adresse.demande(&app, &agent, None)?;
    let plume = demande.plume_sur(Action::Changer, id).await?;
    let regard = demande.regard_sur(Action::Lire, id).await?;
    let mut tx = demande.begin().await?;
    let waits = rattachement::lister(&mut tx, &regard, id).await?.into_iter().find(|one| one.id == lien);
    let waits = waits.ok_or(RattachementError::Absent)?;
    let ancrage = ancrage(&adresse, Some(&waits.role), Some(&waits.couche))?;
    let entites: Vec<&str> = choisies.cles.iter().map(String::as_str).collect();
    readable(&app, &agent, &mut tx, &ancrage, &entites).await?;
    rattachement::confirmer(&mut tx, &plume, lien, &ancrage, &entites).await?;
    let after = rattachement::lister(&mut tx, &regard, id).await?;
    tx.commit().await?;
    Ok(([PRIVATE], Json(told(after))).into_response())
}

/// What waits for a human, of the rows that are open to the account: links whose feature is gone from the plan, and rows
/// without a link that their module requires.
///
/// # Errors
/// 401.
#[utoipa::path(get, operation_id = "links_waiting", path = "/api/rattachements/en-attente", tag = "modules", responses(
    (status = 200, description = "Links and rows that wait", body = EnAttente),
    (status = 401, description = "Nobody known asks", body = Problem)
))]
pub async fn waiting(State(app): State<App>, agent: Agent) -> Result<Response, Problem> {
    let modules = app.modules();
    let mut tx = app.collectivites().begin(&agent.acteur(Canal::Api)?).await?;
    let attentes = rattachement::en_attente(&mut tx, &looks(&app, &agent), MAX_TOLD).await?;
    let mut incompletes = Vec::new();
    for (module, objet) in modules.objets() {
        let requis: Vec<Ancrage> = ancrages(&module.file.id, &objet.file.anchor, true);
        let Ok(regard) = Regard::new(agent.identite(), objet.modele, Action::Lire, None) else { continue };
        for ancrage in &requis {
            incompletes.extend(rattachement::incompletes(&mut tx, &regard, ancrage, MAX_TOLD).await?);
        }
    }
    tx.commit().await?;
    Ok(([PRIVATE], Json(EnAttente { attentes, incompletes })).into_response())
}

/// Rows that are linked to a parcel today, of each object that is open to the account.
///
/// # Errors
/// 400 for what is no idu, 401.
#[utoipa::path(get, operation_id = "parcel_rows", path = "/api/parcelles/{idu}/fiches", tag = "modules",
    params(("idu" = String, Path, description = "Identifier of 14 characters")), responses(
    (status = 200, description = "Rows, by object", body = Vec<Liees>),
    (status = 400, description = "Malformed identifier", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem)
))]
pub async fn on_parcel(State(app): State<App>, agent: Agent, Path(idu): Path<String>) -> Result<Response, Problem> {
    let idu: Idu =
        idu.parse().map_err(|error| Problem::bad_request(format!("Identifiant de parcelle refusé : {error}.")))?;
    let mut tx = app.collectivites().begin(&agent.acteur(Canal::Api)?).await?;
    let looks = looks(&app, &agent);
    let found = rattachement::par_entite(&mut tx, &looks, "parcelles", idu.as_str(), MAX_TOLD).await?;
    tx.commit().await?;
    Ok(([PRIVATE], Json(found)).into_response())
}

/// A look at each object that the account may read.
fn looks(app: &App, agent: &Agent) -> Vec<Regard> {
    let modules = app.modules();
    modules.modeles().filter_map(|modele| Regard::new(agent.identite(), modele, Action::Lire, None).ok()).collect()
}

/// What the object may be linked to under that role.
fn ancrage(adresse: &Adresse, role: Option<&str>, couche: Option<&str>) -> Result<Ancrage, Problem> {
    let (module, objet) = adresse.charge().ok_or_else(Problem::internal)?;
    let mut all = ancrages(&module.file.id, &objet.file.anchor, false);
    all.retain(|one| role.is_none_or(|role| one.role == role) && couche.is_none_or(|couche| one.couche == couche));
    if all.len() > 1 {
        return Err(Problem::bad_request("Dites le rôle et la couche du rattachement : plusieurs conviennent."));
    }
    all.pop().ok_or_else(|| {
        Problem::bad_request("Cet objet n'a pas ce rattachement ; son schéma donne les siens (« ancrages »).")
    })
}

/// # Errors
/// A row of a module that the account may not read: it is told as one that is not on the map.
async fn readable(
    app: &App,
    agent: &Agent,
    tx: &mut TenantTx,
    ancrage: &Ancrage,
    entites: &[&str],
) -> Result<(), Problem> {
    let Some(couche) = app.modules().couche(&ancrage.couche) else { return Ok(()) };
    let regard = Regard::new(agent.identite(), couche.modele, Action::Lire, None).ok();
    for entite in entites {
        let seen = match (&regard, entite.parse::<Uuid>()) {
            (Some(regard), Ok(id)) => regard.voit(tx, id).await?,
            _ => false,
        };
        if !seen {
            let cle = entite.chars().filter(|letter| !letter.is_control()).take(60).collect();
            return Err(RattachementError::Entite { couche: ancrage.couche.clone(), cle }.into());
        }
    }
    Ok(())
}

fn known_link(id: &str) -> Result<Uuid, Problem> {
    id.parse().map_err(|_| RattachementError::Absent.into())
}

fn day(text: &str) -> Result<Date, Problem> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|_| Problem::bad_request("Un jour s'écrit AAAA-MM-JJ."))
}
