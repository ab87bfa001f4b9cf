//! `/journal`: the journal of one's own collectivité.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use finage_journal::Chaine;

use super::objets::{Fields, field};
use super::{cadre, page_agent};
use crate::access::droits::Action;
use crate::http::objets::journal::{LigneJournal, Wanted, lines, permitted};
use crate::http::problem::Problem;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::portal::objets::{ChampPage, JournalPage, Renvoi, TracePage, suite};

const PLACE: &str = "/journal";
/// Lines of a page.
const PAGE: u32 = 100;

/// Adds the page.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/journal", Audience::Agent, show)
}

/// Lines of a chain, filtered, by pages.
///
/// # Errors
/// 403 without the right, 503 when the database is away.
pub async fn show(State(app): State<App>, agent: Agent, Query(params): Query<Fields>) -> Result<Response, Problem> {
    let value = |nom: &str| field(&params, nom).chars().take(200).collect::<String>();
    let chaine = if field(&params, "chaine") == "acte" { Chaine::Acte } else { Chaine::Acces };
    let wanted = Wanted {
        du: value("du"),
        au: value("au"),
        compte: value("compte"),
        objet: value("objet"),
        cle: value("cle"),
        action: value("action"),
        apres: value("apres").parse().ok(),
        limite: Some(PAGE),
    };
    let (status, found, erreur) = match lines(&app, &agent, chaine, &wanted).await {
        Ok(found) => (StatusCode::OK, found, None),
        Err(problem) if problem.status == 400 => (StatusCode::BAD_REQUEST, Vec::new(), Some(problem.detail)),
        Err(problem) => return Err(problem),
    };
    let query = suite(&[
        ("du", &wanted.du),
        ("au", &wanted.au),
        ("compte", &wanted.compte),
        ("objet", &wanted.objet),
        ("cle", &wanted.cle),
        ("action", &wanted.action),
    ]);
    let code = chaine.code();
    let older = (found.len() >= PAGE as usize).then(|| found.last().map(|line| line.trace.id)).flatten();
    let export = permitted(&agent, Action::Exporter).is_ok() && !found.is_empty();
    let template = JournalPage {
        cadre: cadre(&app, PLACE, if erreur.is_some() { "Recherche refusée, journal" } else { "Journal" }),
        chaines: [Chaine::Acces, Chaine::Acte]
            .into_iter()
            .map(|une| (Renvoi::new(libelle(une), format!("{PLACE}?{query}chaine={}", une.code())), une == chaine))
            .collect(),
        adresse: PLACE.to_owned(),
        champs: filters(&wanted, code),
        suite: older.map(|id| format!("{PLACE}?{query}chaine={code}&apres={id}")),
        export: export.then(|| format!("/api/journal/{code}/export?{}", query.trim_end_matches('&'))),
        lignes: found.into_iter().map(shown).collect(),
        erreur,
    };
    page_agent(status, &template)
}

fn libelle(chaine: Chaine) -> &'static str {
    match chaine {
        Chaine::Acces => "Accès aux données nominatives",
        Chaine::Acte => "Actes",
    }
}

fn filters(wanted: &Wanted, chaine: &str) -> Vec<ChampPage> {
    let text = |nom: &str, libelle: &str, valeur: &str| ChampPage {
        nom: nom.to_owned(),
        libelle: libelle.to_owned(),
        valeur: valeur.to_owned(),
        max: 200,
        obligatoire: false,
        long: false,
        date: matches!(nom, "du" | "au"),
        case: false,
        choix: Vec::new(),
        aide: None,
        erreur: None,
    };
    vec![
        ChampPage {
            choix: crate::portal::objets::Choix::liste([("acces", "accès"), ("acte", "actes")], chaine),
            ..text("chaine", "Chaîne", chaine)
        },
        text("du", "Du", &wanted.du),
        text("au", "Au", &wanted.au),
        text("compte", "Compte (adresse électronique)", &wanted.compte),
        text("action", "Action", &wanted.action),
        text("objet", "Objet", &wanted.objet),
        text("cle", "Clé de l'objet", &wanted.cle),
    ]
}

/// A line, as people read it.
pub fn shown(line: LigneJournal) -> TracePage {
    let LigneJournal { compte, trace } = line;
    let details = if trace.details.as_object().is_some_and(serde_json::Map::is_empty) {
        String::new()
    } else {
        trace.details.to_string()
    };
    TracePage {
        le: trace.le.chars().take(19).map(|letter| if letter == 'T' { ' ' } else { letter }).collect(),
        compte: compte.unwrap_or(trace.login),
        action: trace.action,
        objet: trace.objet,
        cle: trace.cle.unwrap_or_default(),
        finalite: trace.finalite.unwrap_or_default(),
        details,
    }
}
