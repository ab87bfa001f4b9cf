//! `/api/modules/{module}/{objet}/serie`: rows made together along a line, shown before, undone whole.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::demande::Adresse;
use crate::access::droits::Action;
use crate::http::body::Body;
use crate::http::objets::{Demande, MAX_ROW, PRIVATE, idempotence, key};
use crate::http::problem::Problem;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::objets::{Plume, Regard, cle};
use crate::modules::serie::{ApercuSerie, Outils, Serie, SerieDemandee, SerieError, annuler, creer, recentes};

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes
        .get("/api/modules/{module}/{objet}/serie", Agent, list)
        .post("/api/modules/{module}/{objet}/serie", Agent, (Content::Json, MAX_ROW), make)
        .post("/api/modules/{module}/{objet}/serie/apercu", Agent, (Content::Json, MAX_ROW), preview)
        .post("/api/modules/{module}/{objet}/serie/{id}/annuler", Agent, (Content::None, 0), undo)
}

/// What undoing a series archived.
#[derive(Debug, Serialize, ToSchema)]
pub struct SerieAnnulee {
    /// Rows archived.
    archivees: usize,
}

/// The rights that a series takes, of one account.
struct Droits {
    plume: Plume,
    regard: Regard,
    lignes: Option<Regard>,
    dedans: Option<Regard>,
}

impl Droits {
    fn new(adresse: &Adresse, demande: &Demande<'_>) -> Result<Self, Problem> {
        let dite = dite(adresse)?;
        let agent = demande.agent.identite();
        let cible = |nom: &Option<String>| {
            let cible = demande.modele.regle(nom.as_ref()?)?.lien?.cible()?;
            Regard::new(agent, cible, Action::Lire, None).ok()
        };
        Ok(Self {
            plume: demande.plume(Action::Creer)?,
            regard: demande.regard(Action::Lire)?,
            lignes: cible(&dite.line),
            dedans: cible(&dite.within),
        })
    }

    fn outils<'a>(&'a self, app: &App, adresse: &'a Adresse) -> Result<Outils<'a>, Problem> {
        Ok(Outils {
            dite: dite(adresse)?,
            cle: &adresse.objet()?.file.key,
            plume: &self.plume,
            regard: &self.regard,
            lignes: self.lignes.as_ref(),
            dedans: self.dedans.as_ref(),
            storage: app.config().srid,
        })
    }
}

fn dite(adresse: &Adresse) -> Result<&finage_manifest::Series, Problem> {
    let sans = || Problem::not_found("Les fiches de cet objet ne se créent pas en série ; son schéma le dit.");
    adresse.objet()?.file.series.as_ref().ok_or_else(sans)
}

/// What a series would make: each shape, what it meets, whether its number is taken. Nothing is written.
///
/// # Errors
/// 400 for a field that is refused, 401, 403, 404, 422 for a line or measures that are refused.
#[utoipa::path(post, operation_id = "modules_preview_series", path = "/api/modules/{module}/{objet}/serie/apercu", tag = "modules", request_body = SerieDemandee,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object")), responses(
    (status = 200, description = "Shapes and numbers to come", body = ApercuSerie),
    (status = 400, description = "Field refused", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object, or one without series", body = Problem),
    (status = 422, description = "Line or measures refused", body = Problem)
))]
pub async fn preview(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet)): Path<(String, String)>,
    Body(voulue): Body<SerieDemandee>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let demande = adresse.demande(&app, &agent, None)?;
    let droits = Droits::new(&adresse, &demande)?;
    let mut tx = demande.begin().await?;
    let apercu = droits.outils(&app, &adresse)?.apercu(&mut tx, &voulue).await?;
    Ok(([PRIVATE], Json(apercu)).into_response())
}

/// Makes a series, all or none. With `Idempotency-Key`, the same key of the same account makes it once.
///
/// # Errors
/// 400 with each field that is refused, 401, 403, 404, 409 for shapes over others that were not accepted or numbers that are
/// taken, 422 for a line or measures that are refused.
#[utoipa::path(post, operation_id = "modules_make_series", path = "/api/modules/{module}/{objet}/serie", tag = "modules", request_body = SerieDemandee,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("Idempotency-Key" = Option<String>, Header, description = "Text of 1 to 100 characters, a UUID for instance")), responses(
    (status = 201, description = "The series", body = Serie),
    (status = 200, description = "The series that this key had made", body = Serie),
    (status = 400, description = "Fields refused, each with its reason", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object, or one without series", body = Problem),
    (status = 409, description = "Shapes over others, or numbers taken", body = Problem),
    (status = 422, description = "Line or measures refused, outside of the territory, or rules that rows break", body = Problem)
))]
pub async fn make(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet)): Path<(String, String)>,
    headers: HeaderMap,
    Body(voulue): Body<SerieDemandee>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let demande = adresse.demande(&app, &agent, None)?;
    let droits = Droits::new(&adresse, &demande)?;
    let acteur = demande.acteur()?;
    let id = idempotence(&headers)?.map_or_else(Uuid::new_v4, |texte| cle(&acteur, demande.modele, texte));
    let mut tx = demande.begin().await?;
    let faite = creer(&mut tx, &droits.outils(&app, &adresse)?, id, &voulue).await;
    let (neuve, serie) = faite.map_err(|error| match error {
        SerieError::Objet(error) => SerieError::Objet(error.nommee(demande.modele)),
        autre => autre,
    })?;
    tx.commit().await?;
    let status = if neuve { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [PRIVATE], Json(serie)).into_response())
}

/// The newest series of an object.
///
/// # Errors
/// 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_series", path = "/api/modules/{module}/{objet}/serie", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object")), responses(
    (status = 200, description = "Twenty series at most, the newest first", body = Vec<Serie>),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object, or one without series", body = Problem)
))]
pub async fn list(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    dite(&adresse)?;
    let demande = adresse.demande(&app, &agent, None)?;
    demande.plume(Action::Creer)?;
    let mut tx = demande.begin().await?;
    let series = recentes(&mut tx, demande.modele).await?;
    Ok(([PRIVATE], Json(series)).into_response())
}

/// Undoes a series: archives all its rows, when no other row names one of them.
///
/// # Errors
/// 401, 403, 404, 409 for a series that was undone already or whose rows serve.
#[utoipa::path(post, operation_id = "modules_undo_series", path = "/api/modules/{module}/{objet}/serie/{id}/annuler", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("id" = Uuid, Path, description = "Series")), responses(
    (status = 200, description = "How many rows were archived", body = SerieAnnulee),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown series", body = Problem),
    (status = 409, description = "Undone already, or its rows serve", body = Problem)
))]
pub async fn undo(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    dite(&adresse)?;
    let demande = adresse.demande(&app, &agent, None)?;
    let plume = demande.plume(Action::Archiver)?;
    let mut tx = demande.begin().await?;
    let archivees = annuler(&mut tx, adresse.registry(), &plume, id).await?;
    tx.commit().await?;
    Ok(([PRIVATE], Json(SerieAnnulee { archivees })).into_response())
}

impl From<SerieError> for Problem {
    fn from(error: SerieError) -> Self {
        let sentence = error.to_string();
        match error {
            SerieError::Objet(error) => error.into(),
            SerieError::Inconnue => Self::not_found(sentence),
            SerieError::Genees { .. } | SerieError::Pris(_) | SerieError::DejaAnnulee | SerieError::Servie { .. } => {
                Self::conflict(sentence)
            }
            SerieError::Disposition(_) | SerieError::SansLigne | SerieError::LigneAbsente => {
                Self::unprocessable(sentence)
            }
            SerieError::Forme(cause) => {
                tracing::error!(%cause, "série");
                Self::internal()
            }
        }
    }
}
