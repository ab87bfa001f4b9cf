//! `/connexion/second-facteur`: the code is asked for; `/connexion/enrolement`: a second factor is chosen.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::BASE64;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;
use uuid::Uuid;

use super::connexion::{local, next, no_store};
use super::{cadre, page};
use crate::access::identite::{Connu, Etape, Porteur};
use crate::access::second_facteur::{self as facteur, Presente, Propose};
use crate::http::body::Form;
use crate::http::cookies;
use crate::http::poste::PosteSur;
use crate::http::problem::Problem;
use crate::http::qui::Compte;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::portal::{CodesPage, EnrolementPage, SecondFacteurPage};

const FORM: usize = 4 << 10;
/// Side of the drawing, in points.
const DRAWING: u32 = 240;

/// Pages of the second factor.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/connexion/second-facteur", Audience::Entree, form)
        .form("/connexion/second-facteur", Audience::Entree, FORM, present)
        .get("/connexion/enrolement", Audience::Entree, enrolment)
        .form("/connexion/enrolement", Audience::Entree, FORM, confirm)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Params {
    suite: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    code: String,
    suite: String,
}

/// Asks for the code.
async fn form(
    State(app): State<App>,
    _: PosteSur,
    Compte(connu): Compte,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let suite = local(&params.suite);
    match session(&connu)? {
        (_, Etape::SecondFacteur) => asked(&app, StatusCode::OK, suite, None),
        (_, etape) => Ok(next(etape, suite)),
    }
}

/// Presents a code.
async fn present(
    State(app): State<App>,
    _: PosteSur,
    Compte(connu): Compte,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let suite = local(&fields.suite);
    let (id, etape) = session(&connu)?;
    if etape != Etape::SecondFacteur {
        return Ok(next(etape, suite));
    }
    match facteur::presente(app.acces(), app.coffre(), connu.compte.id, id, &fields.code).await? {
        Presente::Accepte(secret) => {
            let mut response = next(Etape::Complete, suite);
            cookies::open(response.headers_mut(), app.config(), &secret);
            Ok(response)
        }
        Presente::Refuse => {
            let told = "Ce code n'est pas le bon, ou il a déjà servi, ou trop d'essais ont été manqués : attendez le code suivant, puis recommencez.";
            asked(&app, StatusCode::UNPROCESSABLE_ENTITY, suite, Some(told))
        }
    }
}

/// Proposes a new secret, for who is signed in whole or must choose one; never for who owes a code.
async fn enrolment(
    State(app): State<App>,
    _: PosteSur,
    Compte(connu): Compte,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let suite = local(&params.suite);
    let (_, etape) = session(&connu)?;
    if etape == Etape::SecondFacteur {
        return Ok(next(etape, suite));
    }
    let service = &app.config().portail.nom;
    let proposed = facteur::propose(app.acces(), app.coffre(), connu.compte.id, &connu.compte.email, service).await?;
    match proposed {
        Some(proposed) => shown(&app, StatusCode::OK, &connu, suite, &proposed, None),
        None => Ok(next(Etape::Complete, "/compte")),
    }
}

/// Keeps the secret once a code of it is presented.
async fn confirm(
    State(app): State<App>,
    _: PosteSur,
    Compte(connu): Compte,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let suite = local(&fields.suite);
    let (id, etape) = session(&connu)?;
    if etape == Etape::SecondFacteur {
        return Ok(next(etape, suite));
    }
    let (acces, coffre, compte) = (app.acces(), app.coffre(), &connu.compte);
    if let Some((secret, codes)) = facteur::confirme(acces, coffre, compte.id, id, &fields.code).await? {
        let mut response = codes_once(&app, &codes, suite)?;
        cookies::open(response.headers_mut(), app.config(), &secret);
        return Ok(response);
    }
    let service = &app.config().portail.nom;
    let told = "Ce code n'est pas celui du secret affiché, ou trop d'essais ont été manqués : vérifiez l'heure du téléphone, attendez le code suivant, puis recommencez.";
    match facteur::propose_encore(acces, coffre, compte.id, &compte.email, service).await? {
        Some(proposed) => shown(&app, StatusCode::UNPROCESSABLE_ENTITY, &connu, suite, &proposed, Some(told)),
        None => Ok(next(Etape::Complete, "/compte")),
    }
}

/// Recovery codes, shown this once.
pub(super) fn codes_once(app: &App, codes: &[String], suite: &str) -> Result<Response, Problem> {
    page(StatusCode::OK, &CodesPage::new(cadre(app, "/compte", "Vos codes de secours"), codes, suite)).map(no_store)
}

fn session(connu: &Connu) -> Result<(Uuid, Etape), Problem> {
    match connu.porteur {
        Porteur::Session { id, etape } => Ok((id, etape)),
        Porteur::Jeton { .. } | Porteur::Travail => Err(Problem::unauthorized()),
    }
}

fn asked(app: &App, status: StatusCode, suite: &str, erreur: Option<&str>) -> Result<Response, Problem> {
    let titre = if erreur.is_some() { "Code refusé" } else { "Second facteur" };
    page(status, &SecondFacteurPage::new(cadre(app, "/connexion", titre), suite, erreur)).map(no_store)
}

fn shown(
    app: &App,
    status: StatusCode,
    connu: &Connu,
    suite: &str,
    proposed: &Propose,
    erreur: Option<&str>,
) -> Result<Response, Problem> {
    let drawing = drawing(&proposed.url)?;
    let obligatoire = connu.administrateur && app.acces().second_facteur_obligatoire();
    let titre = if erreur.is_some() { "Code refusé, second facteur" } else { "Choisir un second facteur" };
    let cadre = cadre(app, "/compte", titre);
    page(status, &EnrolementPage::new(cadre, suite, &drawing, &proposed.secret, obligatoire, erreur)).map(no_store)
}

/// The drawing that a telephone reads, as an address that holds it: it is in no file and no cache.
fn drawing(url: &str) -> Result<String, Problem> {
    let code = QrCode::new(url).map_err(|error| {
        tracing::error!(%error, "dessin du second facteur");
        Problem::internal()
    })?;
    let svg = code.render::<svg::Color<'_>>().min_dimensions(DRAWING, DRAWING).build();
    Ok(format!("data:image/svg+xml;base64,{}", BASE64.encode(svg.as_bytes())))
}
