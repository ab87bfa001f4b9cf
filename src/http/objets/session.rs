//! `/api/session`: who asks, and what it may do.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::droits::Action;
use crate::http::qui::Qui;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/session", Audience::Ouverte, session)
}

/// Who asks. Nobody known: `connecte` is false, and nothing else is said.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Session {
    /// Whether an account is signed in whole.
    connecte: bool,
    /// Its e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    compte: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    nom: Option<String>,
    /// Name of the collectivité for which it acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    collectivite: Option<String>,
    /// Actions permitted on some row at least, by object.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    droits: BTreeMap<&'static str, Vec<&'static str>>,
}

/// Who asks, and what it may do.
#[utoipa::path(get, operation_id = "session", path = "/api/session", responses((status = 200, description = "The account, or none", body = Session)))]
pub async fn session(State(app): State<App>, Qui(connu): Qui) -> impl IntoResponse {
    let modules = app.modules();
    let known = connu.filter(|connu| connu.complete());
    let session = known.map_or_else(Session::default, |connu| {
        let permitted = |objet| -> Vec<&'static str> {
            let all = Action::TOUTES.into_iter();
            all.filter(|action| connu.droit(objet, *action).is_ok()).map(Action::code).collect()
        };
        let droits = modules.noms().map(|objet| (objet.nom, permitted(objet)));
        Session {
            connecte: true,
            compte: Some(connu.compte.email.clone()),
            nom: Some(connu.compte.nom.clone()),
            collectivite: connu.collectivite.as_ref().map(|une| une.nom.clone()),
            droits: droits.filter(|(_, actions)| !actions.is_empty()).collect(),
        }
    });
    ([(header::CACHE_CONTROL, "no-store")], Json(session))
}
