//! `/roles`: roles of a collectivité, for its manager of accounts.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{cadre, page_agent};
use crate::access::attributions::{self, AttributionError, Demande, Pouvoir};
use crate::access::droits::Action;
use crate::access::droits::catalogue::ATTRIBUTION;
use crate::access::identite::{Collectivite, Porteur, Refus};
use crate::access::{jour, roles};
use crate::db::Canal;
use crate::http::body::Form;
use crate::http::catalogue;
use crate::http::problem::Problem;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::portal::{Faute, RolesComptePage, RolesPage, SaisieRole};

/// Longest form.
const MAX_FORM: usize = 64 << 10;

/// Adds these routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/roles", Audience::Agent, list)
        .form("/roles", Audience::Agent, MAX_FORM, grant)
        .get("/roles/{utilisateur}", Audience::Agent, account)
        .form("/roles/attributions/{id}/retirer", Audience::Agent, 1024, revoke)
}

/// The fields of the form that gives a role.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Champs {
    email: String,
    role: String,
    collectivite: String,
    communes: String,
    finalites: String,
    du: String,
    au: String,
}

impl Champs {
    /// As typed.
    pub(super) fn saisie(self) -> SaisieRole {
        let Self { email, role, collectivite, communes, finalites, du, au } = self;
        SaisieRole { email, role, collectivite, communes, finalites, du, au }
    }
}

/// Who holds what, and the form that gives a role.
///
/// # Errors
/// 403 without the right to read attributions.
pub async fn list(State(app): State<App>, agent: Agent) -> Result<Response, Problem> {
    shown(&app, &agent, StatusCode::OK, &SaisieRole::default(), &Faute::default()).await
}

/// Gives a role; a refusal gives the form back as it was filled.
///
/// # Errors
/// 403 without the right to give.
pub async fn grant(State(app): State<App>, agent: Agent, Form(champs): Form<Champs>) -> Result<Response, Problem> {
    agent.droit(&ATTRIBUTION, Action::Creer)?;
    // The collectivité is the one acted for, whatever the form says.
    let saisie = SaisieRole { collectivite: chez(&agent)?.code.clone(), ..champs.saisie() };
    let mut connection = app.acces().pool().acquire().await?;
    let given = give(&mut connection, &Pouvoir::Gestion(agent.identite(), Canal::Page), &saisie).await;
    drop(connection);
    match given {
        Ok(()) => {
            app.acces().oublie();
            Ok(Redirect::to("/roles").into_response())
        }
        Err(faute) => shown(&app, &agent, StatusCode::UNPROCESSABLE_ENTITY, &saisie, &faute?).await,
    }
}

/// The roles of an account for this collectivité.
///
/// # Errors
/// 404 for an account that holds none here.
pub async fn account(
    State(app): State<App>,
    agent: Agent,
    Path(utilisateur): Path<String>,
) -> Result<Response, Problem> {
    agent.droit(&ATTRIBUTION, Action::Lire)?;
    let unknown = || Problem::not_found("Aucun compte de ce nom ne tient de rôle pour votre collectivité.");
    let id = utilisateur.parse::<Uuid>().map_err(|_| unknown())?;
    let collectivite = chez(&agent)?;
    let mut connection = app.acces().pool().acquire().await?;
    let tenues = attributions::liste(&mut connection, Some(collectivite.id), Some(id)).await?;
    let (nom, email) = tenues.first().map(|tenue| (tenue.nom.clone(), tenue.email.clone())).ok_or_else(unknown)?;
    let identite = agent.identite();
    let voir = identite.compte.id != id
        && matches!(identite.porteur, Porteur::Session { .. })
        && agent.droit(&ATTRIBUTION, Action::Creer).is_ok()
        && tenues.iter().any(|tenue| tenue.en_cours && tenue.actif);
    let retire = agent.droit(&ATTRIBUTION, Action::Changer).is_ok();
    let here = (collectivite.code.as_str(), collectivite.nom.as_str());
    page_agent(
        StatusCode::OK,
        &RolesComptePage::new(cadre(&app, "/roles", nom), here, (id, email), tenues, retire, voir),
    )
}

/// Withdraws a role.
///
/// # Errors
/// 403 without the right, 404 for a role that another collectivité gave.
pub async fn revoke(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<Response, Problem> {
    agent.droit(&ATTRIBUTION, Action::Changer)?;
    let id = id.parse::<i64>().map_err(|_| probleme(AttributionError::Inconnue))?;
    let mut connection = app.acces().pool().acquire().await?;
    let pouvoir = Pouvoir::Gestion(agent.identite(), Canal::Page);
    attributions::retire(&mut connection, &pouvoir, id).await.map_err(probleme)?;
    app.acces().oublie();
    Ok(Redirect::to("/roles").into_response())
}

async fn shown(
    app: &App,
    agent: &Agent,
    status: StatusCode,
    saisie: &SaisieRole,
    faute: &Faute,
) -> Result<Response, Problem> {
    agent.droit(&ATTRIBUTION, Action::Lire)?;
    let collectivite = chez(agent)?;
    let may = |action| agent.droit(&ATTRIBUTION, action).is_ok();
    let mut connection = app.acces().pool().acquire().await?;
    let tenues = attributions::liste(&mut connection, Some(collectivite.id), None).await?;
    let donnables = roles::liste(&mut connection, Some(collectivite.id)).await?;
    let donnables = donnables.into_iter().map(|role| (role.code, role.libelle)).collect();
    let records = catalogue::fiches(&app.modules()).map(|objet| (objet.nom, objet.libelle)).collect();
    let allowed = (may(Action::Creer), may(Action::Changer));
    let frame = cadre(app, "/roles", "Rôles");
    page_agent(status, &RolesPage::new(frame, &collectivite.nom, tenues, allowed, (donnables, records), saisie, faute))
}

/// Gives a role as typed; a refusal of what was typed is a fault, others are a problem.
pub(super) async fn give(
    connection: &mut PgConnection,
    pouvoir: &Pouvoir<'_>,
    saisie: &SaisieRole,
) -> Result<(), Result<Faute, Problem>> {
    let (du, au) = (day("du", &saisie.du).map_err(Ok)?, day("au", &saisie.au).map_err(Ok)?);
    let communes = words(&saisie.communes);
    let demande = Demande {
        email: &saisie.email,
        role: &saisie.role,
        collectivite: &saisie.collectivite,
        communes: (!communes.is_empty()).then_some(communes.as_slice()),
        finalites: &words(&saisie.finalites),
        du,
        au,
    };
    match attributions::donne(connection, pouvoir, &demande).await {
        Ok(_) => Ok(()),
        Err(error @ (AttributionError::Refus(_) | AttributionError::Journal(_) | AttributionError::Base(_))) => {
            Err(Err(probleme(error)))
        }
        Err(error) => Err(Ok(Faute::new(error.champ(), &error.to_string()))),
    }
}

/// A day typed in a field; none when it is empty.
pub(super) fn day(champ: &'static str, texte: &str) -> Result<Option<time::Date>, Faute> {
    let texte = texte.trim();
    if texte.is_empty() {
        return Ok(None);
    }
    let lu = jour::lit(texte);
    lu.map(Some).ok_or_else(|| Faute::new(Some(champ), "un jour s'écrit AAAA-MM-JJ, par exemple 2026-01-31"))
}

/// Words typed one after another, separated by spaces, commas or semicolons.
pub(super) fn words(texte: &str) -> Vec<String> {
    texte.split([' ', ',', ';', '\n', '\r', '\t', '\u{a0}']).filter(|mot| !mot.is_empty()).map(str::to_owned).collect()
}

/// The collectivité acted for.
fn chez(agent: &Agent) -> Result<&Collectivite, Problem> {
    agent.identite().collectivite.as_ref().ok_or_else(|| Refus::SansCollectivite.into())
}

/// What could not be given or withdrawn, as an answer.
pub(super) fn probleme(error: AttributionError) -> Problem {
    match error {
        AttributionError::Refus(refus) => refus.into(),
        AttributionError::Inconnue => Problem::not_found("Ce rôle n'est pas, ou n'est plus, attribué."),
        AttributionError::Base(error) => error.into(),
        AttributionError::Journal(error) => error.into(),
        autre => Problem::unprocessable(format!("{autre}.")),
    }
}
