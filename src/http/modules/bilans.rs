//! `GET /api/bilans/{module}/{bilan}`: tables of figures, under the rights of who asks.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::db::Canal;
use crate::http::objets::PRIVATE;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::bilans::{Chiffres, Lecteur};
use crate::modules::documents::DocumentError;
use crate::territory::jour::day_at;

/// Numbers set at most.
const MAX_SET: usize = 20;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/bilans/{module}/{bilan}", Audience::Agent, show)
}

/// Numbers that the reader sets.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Poses {
    /// `nom:nombre`, separated by commas; those that are not said are as the module proposes.
    parametres: String,
}

/// Figures of a module, counted on the rows that are open to the account.
///
/// # Errors
/// 400 for a number that is none, 401, 403, 404.
#[utoipa::path(get, operation_id = "report", path = "/api/bilans/{module}/{bilan}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("bilan" = String, Path, description = "Report"), Poses), responses(
    (status = 200, description = "Tables of figures", body = Chiffres),
    (status = 400, description = "A number that is none", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown report", body = Problem)
))]
pub async fn show(
    State(app): State<App>,
    agent: Agent,
    Path((module, bilan)): Path<(String, String)>,
    Params(poses): Params<Poses>,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("Ce bilan n'existe pas ; /api/modules donne ceux qui vous sont ouverts.");
    let registry = app.modules();
    let charge = registry.module(&module).ok_or_else(unknown)?;
    let dit = charge.file.reports.iter().find(|dit| dit.id == bilan).ok_or_else(unknown)?;
    let lecteur = Lecteur::new(&registry, charge, agent.identite(), dit)?;
    let poses = numbers(&poses.parametres)?;
    let mut tx = app.collectivites().begin(&agent.acteur(Canal::Api)?).await?;
    let aujourd_hui = day_at("", Timestamp::now());
    let bilan = lecteur.lu(&mut tx, aujourd_hui, &poses).await.map_err(told)?;
    tx.commit().await?;
    Ok(([PRIVATE], Json(bilan)).into_response())
}

/// A refusal, in the words of figures.
fn told(error: DocumentError) -> Problem {
    match error {
        DocumentError::RequeteLente(_) => {
            Problem::busy("Ce bilan n'a pas pu être compté en cinq secondes ; réessayez, ou signalez-le.")
        }
        DocumentError::Requete(nom) => Problem::unprocessable(format!(
            "Le tableau « {nom} » de ce bilan n'a pas pu être compté ; signalez-le à qui tient le module."
        )),
        DocumentError::TropDeLignes(nom) => {
            Problem::unprocessable(format!("Le tableau « {nom} » de ce bilan dépasse mille lignes."))
        }
        autre => autre.into(),
    }
}

fn numbers(text: &str) -> Result<BTreeMap<String, i64>, Problem> {
    let malformed = || Problem::bad_request("« parametres » est fait de « nom:nombre », séparés par des virgules.");
    let said = text.split(',').map(str::trim).filter(|said| !said.is_empty()).take(MAX_SET);
    said.map(|said| {
        let (name, number) = said.split_once(':').ok_or_else(malformed)?;
        Ok((name.to_owned(), number.parse().map_err(|_| malformed())?))
    })
    .collect()
}
