//! `/administration/collectivites`: collectivités, their territory and missions, for administrators.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::roles::{day, words};
use super::{cadre, page_agent};
use crate::access::collectivites::{self, CollectiviteError, Etendue, Nouvelle};
use crate::access::journal::Auteur;
use crate::db::Canal;
use crate::http::body::Form;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Compte;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::portal::{CollectivitePage, CollectivitesPage, Faute, SaisieCollectivite, SaisiePeriode};

/// Longest form: the communes of a whole département, more than once.
const MAX_FORM: usize = 64 << 10;
const LIST: &str = "/administration/collectivites";

/// Adds these routes.
pub fn routes(routes: Routes) -> Routes {
    use Audience::Administration;
    routes
        .get("/administration/collectivites", Administration, list)
        .form("/administration/collectivites", Administration, MAX_FORM, create)
        .get("/administration/collectivites/{code}", Administration, one)
        .form("/administration/collectivites/{code}/ajouter", Administration, MAX_FORM, add)
        .form("/administration/collectivites/{code}/terminer", Administration, MAX_FORM, end)
        .form("/administration/collectivites/{code}/fermer", Administration, 1024, close)
}

/// The fields of the form that makes one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Champs {
    code: String,
    nom: String,
    genre: String,
    siren: String,
    communes: String,
}

/// The fields of the form that adds communes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChampsPeriode {
    mission: String,
    communes: String,
    du: String,
    au: String,
    fondement: String,
}

/// The day shown.
#[derive(Debug, Deserialize)]
pub struct Jour {
    #[serde(default)]
    le: String,
}

/// The code again.
#[derive(Debug, Deserialize)]
pub struct Confirmation {
    #[serde(default)]
    confirme: String,
}

/// Every collectivité.
///
/// # Errors
/// 503 when the database is away.
pub async fn list(State(app): State<App>) -> Result<Response, Problem> {
    listed(&app, StatusCode::OK, &SaisieCollectivite::default(), &Faute::default()).await
}

/// Makes one; a refusal gives the form back as it was filled.
///
/// # Errors
/// 503 when the database is away.
pub async fn create(
    State(app): State<App>,
    Compte(connu): Compte,
    Form(champs): Form<Champs>,
) -> Result<Response, Problem> {
    let Champs { code, nom, genre, siren, communes } = champs;
    let saisie = SaisieCollectivite { code, nom, genre, siren, communes };
    let siren = words(&saisie.siren).concat();
    let nouvelle = Nouvelle {
        code: saisie.code.trim(),
        nom: &saisie.nom,
        genre: &saisie.genre,
        siren: (!siren.is_empty()).then_some(siren.as_str()),
        communes: &words(&saisie.communes),
    };
    let mut connection = app.acces().pool().acquire().await?;
    let made = collectivites::cree(&mut connection, &auteur(&connu), &nouvelle).await;
    drop(connection);
    match made {
        Ok(_) => Ok(Redirect::to(&format!("{LIST}/{}", nouvelle.code)).into_response()),
        Err(error) => listed(&app, StatusCode::UNPROCESSABLE_ENTITY, &saisie, &faute(error)?).await,
    }
}

/// One, with its territory and its missions; `?le=` shows those of a day.
///
/// # Errors
/// 404 for an unknown code.
pub async fn one(
    State(app): State<App>,
    Path(code): Path<String>,
    Params(Jour { le }): Params<Jour>,
) -> Result<Response, Problem> {
    shown(&app, StatusCode::OK, &code, &le, &SaisiePeriode::default(), &Faute::default()).await
}

/// Adds communes to the territory or to a mission.
///
/// # Errors
/// 404 for an unknown code.
pub async fn add(
    State(app): State<App>,
    Compte(connu): Compte,
    Path(code): Path<String>,
    Form(champs): Form<ChampsPeriode>,
) -> Result<Response, Problem> {
    changed(&app, &auteur(&connu), &code, champs, false).await
}

/// Ends the period that runs.
///
/// # Errors
/// 404 for an unknown code.
pub async fn end(
    State(app): State<App>,
    Compte(connu): Compte,
    Path(code): Path<String>,
    Form(champs): Form<ChampsPeriode>,
) -> Result<Response, Problem> {
    changed(&app, &auteur(&connu), &code, champs, true).await
}

/// Closes one, once its code was written again.
///
/// # Errors
/// 404 for an unknown code.
pub async fn close(
    State(app): State<App>,
    Compte(connu): Compte,
    Path(code): Path<String>,
    Form(Confirmation { confirme }): Form<Confirmation>,
) -> Result<Response, Problem> {
    let refused = if confirme.trim() == code {
        let mut connection = app.acces().pool().acquire().await?;
        match collectivites::ferme(&mut connection, &auteur(&connu), &code, None).await {
            Ok(()) => {
                app.acces().oublie();
                return Ok(Redirect::to(LIST).into_response());
            }
            Err(error) => faute(error)?,
        }
    } else {
        Faute::new(None, "la collectivité n'est pas fermée : son code n'a pas été écrit pour confirmer")
    };
    shown(&app, StatusCode::UNPROCESSABLE_ENTITY, &code, "", &SaisiePeriode::default(), &refused).await
}

async fn changed(
    app: &App,
    auteur: &Auteur,
    code: &str,
    champs: ChampsPeriode,
    ends: bool,
) -> Result<Response, Problem> {
    let ChampsPeriode { mission, communes, du, au, fondement } = champs;
    let saisie = SaisiePeriode { mission, communes, du, au, fondement };
    match change(app, auteur, code, &saisie, ends).await {
        Ok(()) => {
            app.acces().oublie();
            Ok(Redirect::to(&format!("{LIST}/{code}")).into_response())
        }
        Err(refused) => shown(app, StatusCode::UNPROCESSABLE_ENTITY, code, "", &saisie, &refused?).await,
    }
}

async fn change(
    app: &App,
    auteur: &Auteur,
    code: &str,
    saisie: &SaisiePeriode,
    ends: bool,
) -> Result<(), Result<Faute, Problem>> {
    let given = |texte: &'_ str| !texte.trim().is_empty();
    let etendue = Etendue {
        mission: given(&saisie.mission).then_some(saisie.mission.trim()),
        communes: &words(&saisie.communes),
        du: day("du", &saisie.du).map_err(Ok)?,
        au: day("au", &saisie.au).map_err(Ok)?,
        fondement: given(&saisie.fondement).then_some(saisie.fondement.trim()),
    };
    let mut connection = app.acces().pool().acquire().await.map_err(|error| Err(error.into()))?;
    let done = if ends {
        collectivites::termine(&mut connection, auteur, code, &etendue).await
    } else {
        collectivites::ajoute(&mut connection, auteur, code, &etendue).await
    };
    done.map_err(faute)
}

async fn listed(
    app: &App,
    status: StatusCode,
    saisie: &SaisieCollectivite,
    faute: &Faute,
) -> Result<Response, Problem> {
    let mut connection = app.acces().pool().acquire().await?;
    let fiches = collectivites::liste(&mut connection).await?;
    page_agent(status, &CollectivitesPage::new(cadre(app, "/administration", "Collectivités"), fiches, saisie, faute))
}

async fn shown(
    app: &App,
    status: StatusCode,
    code: &str,
    le: &str,
    saisie: &SaisiePeriode,
    faute: &Faute,
) -> Result<Response, Problem> {
    let mut connection = app.acces().pool().acquire().await?;
    let fiche = collectivites::une(&mut connection, code).await?.ok_or_else(unknown)?;
    let periodes = collectivites::periodes(&mut connection, fiche.id).await?;
    let missions = collectivites::missions(&mut connection).await?;
    let le = day("le", le).unwrap_or_default();
    let frame = cadre(app, "/administration", fiche.nom.clone());
    page_agent(status, &CollectivitePage::new(frame, &fiche, periodes, le, missions, saisie, faute))
}

fn auteur(connu: &crate::access::identite::Connu) -> Auteur {
    Auteur { utilisateur: Some(connu.compte.id), collectivite: None, canal: Canal::Page }
}

/// A fault of what was typed, else a problem.
fn faute(error: CollectiviteError) -> Result<Faute, Problem> {
    match error {
        CollectiviteError::Inconnue(_) => Err(unknown()),
        CollectiviteError::Base(error) => Err(error.into()),
        CollectiviteError::Journal(error) => Err(error.into()),
        autre => Ok(Faute::new(autre.champ(), &autre.to_string())),
    }
}

fn unknown() -> Problem {
    Problem::not_found("Aucune collectivité n'a ce code ; la liste est à la page « Collectivités ».")
}
