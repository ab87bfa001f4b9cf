//! `GET /api/modules`: modules, objects, menu and dashboard that are open to who asks.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use finage_manifest::{Card, CardKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::demande::Adresse;
use super::liste::{looks, offered};
use super::tableau::ouverte;
use crate::access::droits::Action;
use crate::access::identite::Identite;
use crate::http::objets::PRIVATE;
use crate::http::problem::Problem;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::bilans::Lecteur;
use crate::modules::installation::code_de_role;
use crate::modules::objets::Regard;
use crate::modules::registry::{ModuleCharge, ObjetCharge, Registry};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/modules", Audience::Agent, list)
}

/// Modules that are open to an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Modules {
    modules: Vec<ModuleOuvert>,
}

/// A module of which something is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModuleOuvert {
    /// Identifier.
    id: String,
    /// Name shown.
    libelle: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Version.
    version: String,
    /// Its objects that are open.
    objets: Vec<ObjetOuvert>,
    /// Its entries of the menu.
    menu: Vec<Entree>,
    /// Its cards of the dashboard.
    tableau: Vec<Carte>,
    /// Its tables of figures.
    bilans: Vec<BilanOuvert>,
}

/// Tables of figures that are open.
#[derive(Debug, Serialize, ToSchema)]
pub struct BilanOuvert {
    /// Identifier.
    id: String,
    /// Name shown.
    libelle: String,
}

/// An object that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjetOuvert {
    /// Short name.
    id: &'static str,
    /// Name shown.
    libelle: &'static str,
    /// Name shown, plural.
    pluriel: &'static str,
    /// Kind of its geometry, if any.
    geometrie: Option<&'static str>,
    /// Its layer, if any.
    couche: Option<&'static str>,
    /// Actions permitted on some row at least.
    actions: Vec<&'static str>,
}

/// An entry of the menu.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entree {
    /// Name shown.
    libelle: String,
    /// Object.
    objet: String,
    /// One of its lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    liste: Option<String>,
}

/// A card of the dashboard.
#[derive(Debug, Serialize, ToSchema)]
pub struct Carte {
    /// `compte`, `liste` or `graphique`.
    genre: &'static str,
    /// Name shown.
    libelle: String,
    /// Object.
    objet: String,
    /// One of its lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    liste: Option<String>,
    /// Rank of the card among those of the module: what counts by it names it.
    rang: usize,
    /// Field by which a chart counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    par: Option<String>,
}

/// Modules, objects, menu and dashboard that are open to the account.
#[utoipa::path(get, operation_id = "modules", path = "/api/modules", tag = "modules", responses(
    (status = 200, description = "Modules that are open to the account", body = Modules),
    (status = 401, description = "Nobody known asks", body = Problem)
))]
pub async fn list(State(app): State<App>, agent: Agent) -> Result<Response, Problem> {
    let registry = app.modules();
    let open = |module| open(&app, &registry, module, agent.identite());
    let modules = registry.modules().iter().filter_map(open).collect();
    Ok(([PRIVATE], Json(Modules { modules })).into_response())
}

fn open(app: &App, registry: &Registry, module: &ModuleCharge, qui: &Identite) -> Option<ModuleOuvert> {
    let ouverts: Vec<&ObjetCharge> =
        module.objets.iter().filter(|objet| qui.droit(objet.modele.objet, Action::Lire).is_ok()).collect();
    if ouverts.is_empty() {
        return None;
    }
    let ouvert = |nom: &str| ouverts.iter().find(|objet| objet.nom == nom);
    let menu = if module.file.menu.is_empty() {
        let entree = |objet: &&ObjetCharge| Entree {
            libelle: objet.modele.pluriel.to_owned(),
            objet: objet.nom.to_owned(),
            liste: None,
        };
        ouverts.iter().map(entree).collect()
    } else {
        let entree = |dite: &finage_manifest::Menu| {
            let objet = ouvert(&dite.object)?;
            let liste = dite.list.as_ref().and_then(|id| objet.file.lists.iter().find(|liste| liste.id == *id));
            if liste.is_some_and(|liste| !offered(liste, &looks(qui, objet.modele))) {
                return None;
            }
            let libelle = dite.label.clone().or_else(|| liste.map(|liste| liste.label.clone()));
            Some(Entree {
                libelle: libelle.unwrap_or_else(|| objet.modele.pluriel.to_owned()),
                objet: dite.object.clone(),
                liste: dite.list.clone(),
            })
        };
        module.file.menu.iter().filter_map(entree).collect()
    };
    let tient = |role: &String| holds(qui, &module.file.id, role);
    let cartes = module.file.dashboard.iter().enumerate().filter(|(_, carte)| carte.role.as_ref().is_none_or(tient));
    let tableau = cartes
        .filter(|(_, carte)| reads(app, &module.file.id, carte, qui))
        .map(|(rang, carte)| Carte {
            genre: match carte.kind {
                CardKind::Count => "compte",
                CardKind::List => "liste",
                CardKind::Chart => "graphique",
            },
            libelle: carte.label.clone(),
            objet: carte.object.clone(),
            liste: carte.list.clone(),
            rang,
            par: carte.by.clone(),
        })
        .collect();
    // Those of which every object is open.
    let bilans = module.file.reports.iter().filter(|dit| Lecteur::new(registry, module, qui, dit).is_ok());
    let bilans = bilans.map(|dit| BilanOuvert { id: dit.id.clone(), libelle: dit.label.clone() }).collect();
    Some(ModuleOuvert {
        id: module.file.id.clone(),
        libelle: module.file.label.clone(),
        description: module.file.description.clone(),
        version: module.file.version.clone(),
        objets: ouverts.iter().map(|objet| decrit(objet, qui)).collect(),
        menu,
        tableau,
        bilans,
    })
}

/// Whether all that a card reads is open to an account: one that would be refused is not offered.
fn reads(app: &App, module: &str, carte: &Card, qui: &Identite) -> bool {
    let Ok(adresse) = Adresse::new(app, module, &carte.object) else { return false };
    let regard = adresse.modele().and_then(|modele| Ok(Regard::new(qui, modele, Action::Lire, None)?));
    regard.is_ok_and(|regard| ouverte(carte, &adresse, &regard).is_some())
}

fn decrit(objet: &ObjetCharge, qui: &Identite) -> ObjetOuvert {
    let modele = objet.modele;
    ObjetOuvert {
        id: objet.nom,
        libelle: modele.objet.libelle,
        pluriel: modele.pluriel,
        geometrie: modele.geometrie.map(|geometrie| geometrie.genre),
        couche: objet.couche.map(|couche| couche.id),
        actions: actions(objet, qui),
    }
}

/// Whether an account holds a role that a module delivers.
pub(super) fn holds(qui: &Identite, module: &str, role: &str) -> bool {
    let code = code_de_role(module, role);
    qui.droits.octrois().iter().any(|octroi| octroi.role == code)
}

/// Actions permitted on some row at least.
pub(super) fn actions(objet: &ObjetCharge, qui: &Identite) -> Vec<&'static str> {
    let permise = |action: &Action| qui.droit(objet.modele.objet, *action).is_ok();
    Action::TOUTES.into_iter().filter(permise).map(Action::code).collect()
}
