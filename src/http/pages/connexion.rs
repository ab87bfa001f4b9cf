//! `/connexion` and `/deconnexion`.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{cadre, page};
use crate::access::entree::{Entree, Visiteur, par_mot_de_passe, sort};
use crate::access::identite::{Connu, Etape, Porteur};
use crate::http::body::Form;
use crate::http::cookies;
use crate::http::poste::{Poste, PosteSur, navigateur};
use crate::http::problem::Problem;
use crate::http::qui::Qui;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::portal::ConnexionPage;
use crate::portal::nombres::encode;

/// A form of e-mail, password and where to go.
const FORM: usize = 8 << 10;
/// Longest path that one is led back to.
const MAX_SUITE: usize = 1024;
/// One sentence for a wrong password, an unknown, closed or locked account.
const REFUS: &str = "L'adresse et le mot de passe ne correspondent à aucun compte ouvert, ou trop d'essais ont été manqués : vérifiez-les, attendez quelques minutes avant de recommencer, ou choisissez un nouveau mot de passe.";

/// Pages of sign-in and sign-out.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/connexion", Audience::Ouverte, form).form("/connexion", Audience::Ouverte, FORM, sign_in).form(
        "/deconnexion",
        Audience::Ouverte,
        FORM,
        sign_out,
    )
}

/// What leads to the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Params {
    suite: String,
    avis: String,
}

/// The fields of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    email: String,
    mot_de_passe: String,
    suite: String,
}

/// The form; who is signed in already is led on.
async fn form(
    State(app): State<App>,
    PosteSur(_): PosteSur,
    Qui(qui): Qui,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let suite = local(&params.suite);
    if let Some(connu) = qui
        && let Porteur::Session { etape, .. } = connu.porteur
    {
        return Ok(next(etape, suite));
    }
    let avis = match params.avis.as_str() {
        "mot-de-passe" => {
            Some("Votre mot de passe est changé ; vos sessions sont fermées. Connectez-vous avec le nouveau.")
        }
        "deconnexion" => Some("Vous êtes déconnecté."),
        _ => None,
    };
    shown(&app, StatusCode::OK, "", suite, None, avis)
}

/// Signs in, and leads on.
async fn sign_in(
    State(app): State<App>,
    PosteSur(poste): PosteSur,
    Qui(qui): Qui,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let suite = local(&fields.suite);
    let visiteur = visitor(poste, &headers, qui.as_ref());
    match par_mot_de_passe(app.acces(), &fields.email, &fields.mot_de_passe, &visiteur).await? {
        Entree::Ouverte(secret) => signed_in(&app, &secret, suite).await,
        Entree::Refusee => shown(&app, StatusCode::UNPROCESSABLE_ENTITY, &fields.email, suite, Some(REFUS), None),
        Entree::Attendre(wait) => {
            let told = format!(
                "Trop de connexions manquées viennent de votre adresse : réessayez dans {} minutes.",
                wait.as_secs().div_ceil(60)
            );
            let mut response = shown(&app, StatusCode::TOO_MANY_REQUESTS, &fields.email, suite, Some(&told), None)?;
            response.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
            Ok(response)
        }
    }
}

/// Closes the session, here and where it came from; an ended one is let go the same.
async fn sign_out(State(app): State<App>, Qui(qui): Qui) -> Result<Response, Problem> {
    let mut address = "/connexion?avis=deconnexion".to_owned();
    if let Some(connu) = qui
        && let Porteur::Session { id, .. } = connu.porteur
        && let Some(fermee) = sort(app.acces(), connu.compte.id, id).await?
        && let (Some(fournisseur), Some(id_token)) = (fermee.fournisseur, fermee.id_token)
        && let Some(sortie) = app.externes().sortie(&fournisseur, &id_token).await
    {
        address = sortie;
    }
    let mut response = Redirect::to(&address).into_response();
    cookies::close(response.headers_mut(), app.config());
    Ok(no_store(response))
}

/// Who tries to sign in.
pub(super) fn visitor(poste: Poste, headers: &HeaderMap, qui: Option<&Connu>) -> Visiteur {
    let session = qui.and_then(|connu| match connu.porteur {
        Porteur::Session { id, .. } => Some((connu.compte.id, id)),
        Porteur::Jeton { .. } | Porteur::Travail => None,
    });
    Visiteur { ip: poste.ip, poste: navigateur(headers), session }
}

/// Gives the browser its session and leads to what is next.
pub(super) async fn signed_in(app: &App, secret: &str, suite: &str) -> Result<Response, Problem> {
    let connu = app.acces().par_session(secret).await?;
    let Some(Porteur::Session { etape, .. }) = connu.map(|connu| connu.porteur) else {
        return Err(Problem::internal());
    };
    let mut response = next(etape, suite);
    cookies::open(response.headers_mut(), app.config(), secret);
    Ok(response)
}

/// Where a session goes: on, or to its second factor first.
pub(super) fn next(etape: Etape, suite: &str) -> Response {
    let address = match etape {
        Etape::Complete => suite.to_owned(),
        Etape::SecondFacteur => format!("/connexion/second-facteur?suite={}", encode(suite)),
        Etape::Enrolement => format!("/connexion/enrolement?suite={}", encode(suite)),
    };
    no_store(Redirect::to(&address).into_response())
}

/// A path of this site, else the home page: an address of another's is never followed.
pub(super) fn local(suite: &str) -> &str {
    let plain = suite.len() <= MAX_SUITE && suite.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let ours = suite.starts_with('/') && !suite.starts_with("//");
    let loops = ["/connexion", "/deconnexion", "/mot-de-passe"].iter().any(|page| suite.starts_with(page));
    if plain && ours && !loops { suite } else { "/" }
}

pub(super) fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

fn shown(
    app: &App,
    status: StatusCode,
    email: &str,
    suite: &str,
    erreur: Option<&str>,
    avis: Option<&str>,
) -> Result<Response, Problem> {
    let titre = if erreur.is_some() { "Connexion refusée" } else { "Se connecter" };
    let typed: String = email.chars().take(254).collect();
    let known = app.externes().fournisseurs().iter();
    let providers: Vec<(String, String)> = known
        .map(|one| (one.libelle.clone(), format!("/connexion/externe/{}?suite={}", one.id, encode(suite))))
        .collect();
    let frame = cadre(app, "/connexion", titre);
    page(status, &ConnexionPage::new(frame, &typed, suite, &providers, erreur, avis)).map(no_store)
}

/// The form, with why a sign-in elsewhere failed.
pub(super) fn refusal(app: &App, status: StatusCode, suite: &str, why: &str) -> Result<Response, Problem> {
    shown(app, status, "", suite, Some(why), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_to_a_path_of_this_site_only() {
        for ours in ["/", "/carte?parcelle=13004000AB0145", "/parcelle/13004000AB0145#plan", "/compte"] {
            assert_eq!(local(ours), ours);
        }
        let long = format!("/{}", "a".repeat(2000));
        for other in [
            "",
            "https://autre.fr",
            "//autre.fr",
            "/\\autre.fr",
            "/\t/autre.fr",
            "javascript:alert(1)",
            "carte",
            "/é",
            "/connexion?suite=/",
            "/a b",
            &long,
        ] {
            assert_eq!(local(other), "/", "{other}");
        }
    }
}
