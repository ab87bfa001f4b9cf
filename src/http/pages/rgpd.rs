//! `/rgpd`: one person's data found, exported, rectified, by the delegate for data protection.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use finage_journal::Chaine;
use uuid::Uuid;

use super::objets::{Field, Fields, changes, field, fields, key, mark, refused_with};
use super::{cadre, page_agent};
use crate::access::droits::Action;
use crate::access::journal::Noms;
use crate::http::body::Form;
use crate::http::objets::{Demande, dossier};
use crate::http::problem::Problem;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::objets::{Filtre, PERSONNE, Saisie};
use crate::portal::objets::{ChampPage, Contenu, FichePage, Liste, ListePage, PAR_PAGE, Renvoi, suite, titre};

const PLACE: &str = "/rgpd";
const MAX_FORM: usize = 64 << 10;

/// Adds the pages.
pub fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes.get("/rgpd", Agent, list).get("/rgpd/{id}", Agent, show).form("/rgpd/{id}", Agent, MAX_FORM, change)
}

fn demande<'a>(app: &'a App, agent: &'a Agent) -> Result<Demande<'a>, Problem> {
    Ok(Demande::page(app, agent, &PERSONNE, Some(dossier::droits_des_personnes()?)))
}

/// Sheets of a person, whatever their purpose. Nothing is listed before a name or an e-mail is given.
///
/// # Errors
/// 403 without the right or the purpose, 503 when the database is away.
pub async fn list(State(app): State<App>, agent: Agent, Query(params): Query<Fields>) -> Result<Response, Problem> {
    let demande = demande(&app, &agent)?;
    demande.regard(Action::Lire)?;
    let q: String = field(&params, "q").chars().take(200).collect();
    let filtre = Filtre {
        q: Some(q.clone()),
        rang: field(&params, "rang").parse().unwrap_or(0).max(0),
        limite: PAR_PAGE,
        ..Filtre::default()
    };
    let found = if q.trim().is_empty() { None } else { Some(demande.liste(&filtre).await?) };
    let champs = vec![ChampPage {
        nom: "q".to_owned(),
        libelle: "Nom, prénom ou adresse électronique".to_owned(),
        valeur: q.clone(),
        max: 200,
        obligatoire: true,
        long: false,
        date: false,
        case: false,
        choix: Vec::new(),
        aide: Some("La recherche porte sur toutes les finalités ; elle est inscrite au journal des accès.".to_owned()),
        erreur: None,
    }];
    let query = suite(&[("q", &q)]);
    let mut actions = Vec::new();
    if found.as_ref().is_some_and(|found| found.total > 0) && demande.regard(Action::Exporter).is_ok() {
        let href = format!("/api/personnes/export?{query}finalite=droits_des_personnes&format=csv");
        actions.push(Renvoi::new("Exporter en CSV", href));
    }
    let chapeau = "Retrouver ce que la collectivité sait d'une personne, pour répondre à sa demande : accès, rectification, opposition à la publication.";
    let cadre = cadre(&app, PLACE, "Droits des personnes");
    let liste = Liste {
        chapeau,
        adresse: PLACE,
        modele: &PERSONNE,
        colonnes: &["prenoms", "finalite", "opposition_publication"],
        champs,
        page: found.as_ref(),
        suite: &query,
        actions,
    };
    page_agent(StatusCode::OK, &ListePage::new(cadre, liste))
}

/// A sheet: all that is known, who looked at it, the form that rectifies it.
///
/// # Errors
/// 403 without the right or the purpose, 404 for what does not exist or is another collectivité's.
pub async fn show(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<Response, Problem> {
    sheet(&app, &agent, key(&id)?, StatusCode::OK, None, None).await
}

/// Rectifies what was changed in the form.
///
/// # Errors
/// 403, 404, 503.
pub async fn change(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Form(typed): Form<Fields>,
) -> Result<Response, Problem> {
    let id = key(&id)?;
    let demande = demande(&app, &agent)?;
    let fiche = demande.fiche(id).await?;
    let champs = changes(&PERSONNE, &fiche, &typed);
    let version = field(&typed, "version").parse().unwrap_or_default();
    let saisie = Saisie { champs: &champs, geometrie: None, insee: None };
    match demande.changer(id, version, &saisie).await {
        Ok(()) => Ok(Redirect::to(&format!("{PLACE}/{id}")).into_response()),
        Err(problem) => {
            let (status, problem) = refused_with(problem)?;
            sheet(&app, &agent, id, status, Some(&typed), Some(&problem)).await
        }
    }
}

async fn sheet(
    app: &App,
    agent: &Agent,
    id: Uuid,
    status: StatusCode,
    typed: Option<&[Field]>,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let demande = demande(app, agent)?;
    let fiche = demande.fiche(id).await?;
    let mut champs = if demande.plume(Action::Changer).is_ok() { fields(&demande, &fiche, typed)? } else { Vec::new() };
    mark(&mut champs, problem);
    let noms = Noms::lit(app.acces().pool()).await?;
    let mut traces = dossier::traces(app, agent, &noms, Chaine::Acces, id).await?;
    traces.extend(dossier::traces(app, agent, &noms, Chaine::Acte, id).await?);
    traces.sort_by(|one, other| other.trace.le.cmp(&one.trace.le));
    let mut liens = Vec::new();
    if demande.regard(Action::Exporter).is_ok() {
        for (libelle, format) in [("JSON", "json"), ("CSV", "csv")] {
            let href = format!("/api/personnes/{id}/dossier?format={format}");
            liens.push(Renvoi::new(format!("Exporter le dossier en {libelle}"), href));
        }
    }
    let nom = titre(&PERSONNE, &fiche);
    let contenu = Contenu {
        modele: &PERSONNE,
        adresse: format!("{PLACE}/{id}"),
        champs,
        erreur: problem.map(|problem| problem.detail.clone()),
        archivable: false,
        joints: None,
        etapes: demande.historique(id).await?.into_iter().map(|step| (step.par, step.etape)).collect(),
        traces: Some(traces.into_iter().map(super::journal::shown).collect()),
        liens,
        fiche: &fiche,
    };
    let title = if problem.is_some() { format!("Refusé : {nom}") } else { nom };
    let cadre = cadre(app, PLACE, title);
    page_agent(status, &FichePage::new(cadre, Renvoi::new("Droits des personnes", PLACE), contenu))
}
