//! `GET /api/tableau/{module}/{rang}`: a card of the dashboard, under the rights of who asks.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use finage_manifest::{Card, CardKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::demande::Adresse;
use super::liste::Wanted;
use super::menu::holds;
use crate::access::droits::Action;
use crate::db::Canal;
use crate::http::objets::PRIVATE;
use crate::http::problem::Problem;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::objets::{Filtre, PageFiches, Part, Regard};

/// Rows of a card at most.
const MAX_ROWS: i64 = 10;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/tableau/{module}/{rang}", Audience::Agent, card)
}

/// What a card shows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ContenuDeCarte {
    /// How many rows.
    Compte {
        /// Rows that answer.
        total: i64,
    },
    /// The first rows.
    Liste(PageFiches),
    /// How many rows by value of a field.
    Graphique {
        /// Values, the most frequent first.
        valeurs: Vec<Part>,
    },
}

/// What a card of the dashboard shows of the rows that are open to the account.
///
/// # Errors
/// 401, 403, 404.
#[utoipa::path(get, operation_id = "dashboard_card", path = "/api/tableau/{module}/{rang}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("rang" = usize, Path, description = "Rank of the card, from 0")), responses(
    (status = 200, description = "A count, the first rows, or counts by value", body = ContenuDeCarte),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown card, or another role's", body = Problem)
))]
pub async fn card(
    State(app): State<App>,
    agent: Agent,
    Path((module, rang)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("Cette carte n'existe pas ; /api/modules donne celles qui vous sont ouvertes.");
    let modules = app.modules();
    let charge = modules.module(&module).ok_or_else(unknown)?;
    let carte = rang.parse().ok().and_then(|rang: usize| charge.file.dashboard.get(rang)).ok_or_else(unknown)?;
    if carte.role.as_ref().is_some_and(|role| !holds(agent.identite(), &module, role)) {
        return Err(unknown());
    }
    let adresse = Adresse::new(&app, &module, &carte.object)?;
    let regard = Regard::new(agent.identite(), adresse.modele()?, Action::Lire, None)?;
    let closed = || Problem::forbidden("Cette carte lit un champ qui ne vous est pas ouvert.");
    let (filtre, par) = ouverte(carte, &adresse, &regard).ok_or_else(closed)?;
    let mut tx = app.collectivites().begin_read(&agent.acteur(Canal::Api)?).await?;
    let contenu = match carte.kind {
        CardKind::Count => ContenuDeCarte::Compte { total: regard.nombre(&mut tx, &filtre).await? },
        CardKind::List => ContenuDeCarte::Liste(regard.page(&mut tx, &filtre).await?),
        CardKind::Chart => {
            let par = par.ok_or_else(closed)?;
            ContenuDeCarte::Graphique { valeurs: regard.repartition(&mut tx, &filtre, par).await? }
        }
    };
    Ok(([PRIVATE], Json(contenu)).into_response())
}

/// The rows that a card reads and the field by which it counts, if all that it reads is open on every row.
pub(super) fn ouverte(carte: &Card, adresse: &Adresse, regard: &Regard) -> Option<(Filtre, Option<&'static str>)> {
    let wanted = Wanted::conditions(None, None, carte.list.clone(), false);
    let mut filtre = Filtre { limite: MAX_ROWS, ..wanted.filtre(adresse, regard).ok()? };
    if let Some(texte) = &carte.filter {
        filtre.condition = Some(regard.condition_du_module(texte).ok()?);
    }
    let Some(par) = carte.by.as_deref() else { return Some((filtre, None)) };
    let champ = regard.champs().find(|champ| champ.nom == par && regard.ouvre_partout(champ))?;
    Some((filtre, Some(champ.nom)))
}
