//! `/api/journal/{chaine}`: the journal of one's own collectivité, for its delegate for data protection.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use finage_export::{Colonne, Crs, Genre, Ligne, Table, Valeur, csv};
use finage_journal::Chaine;
use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::access::droits::Action;
use crate::access::identite::Refus;
use crate::access::journal::{self, Auteur, Fait, Instant, MAX_PAGE, Noms, Recherche, Trace};
use crate::db::Canal;
use crate::http::download::attachment;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::objets::OBJET_JOURNAL;

/// Lines of a page, unless told.
const PAGE: u32 = 100;
/// Lines of an export at most.
const MAX_EXPORT: usize = 50_000;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/journal/{chaine}", Audience::Agent, list).get(
        "/api/journal/{chaine}/export",
        Audience::Agent,
        export,
    )
}

/// Which lines.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// From this day (`AAAA-MM-JJ`, at midnight in Paris) or instant (RFC 3339) on.
    pub du: String,
    /// To this day, whole, or before this instant.
    pub au: String,
    /// E-mail of the account that acted.
    pub compte: String,
    /// Kind of object.
    pub objet: String,
    /// Key of the object.
    pub cle: String,
    /// Verb.
    pub action: String,
    /// Older than this line: the last number of the page before.
    pub apres: Option<i64>,
    /// Lines at most (1 to 1000, 100 unless told).
    pub limite: Option<u32>,
}

/// A line, with the name of its account.
#[derive(Debug, Serialize, ToSchema)]
pub struct LigneJournal {
    /// E-mail of the account that acted; none for the command line or an account that is gone.
    pub compte: Option<String>,
    /// The line.
    #[serde(flatten)]
    pub trace: Trace,
}

/// Lines of the journal of the collectivité, newest first.
///
/// # Errors
/// 400 for a malformed request, 403 without the right, 404 for another chain than `acces` and `acte`.
#[utoipa::path(get, operation_id = "journal_list", path = "/api/journal/{chaine}",
    params(("chaine" = String, Path, description = "`acces`: looks at nominative data; `acte`: acts"), Wanted), responses(
    (status = 200, description = "Lines", body = Vec<LigneJournal>),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown chain", body = Problem)
))]
pub async fn list(
    State(app): State<App>,
    agent: Agent,
    Path(chaine): Path<String>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let lines = lines(&app, &agent, chain(&chaine)?, &wanted).await?;
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(lines)).into_response())
}

/// The same as a CSV for spreadsheets. The export leaves an act.
///
/// # Errors
/// 400, 403, 404, 422 beyond 50,000 lines.
#[utoipa::path(get, operation_id = "journal_export", path = "/api/journal/{chaine}/export",
    params(("chaine" = String, Path, description = "`acces` or `acte`"), Wanted), responses(
    (status = 200, description = "The file", body = Vec<u8>, content_type = "text/csv"),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown chain", body = Problem),
    (status = 422, description = "Beyond the bound", body = Problem)
))]
pub async fn export(
    State(app): State<App>,
    agent: Agent,
    Path(chaine): Path<String>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let chaine = chain(&chaine)?;
    permitted(&agent, Action::Exporter)?;
    let noms = Noms::lit(app.acces().pool()).await?;
    let mut recherche = wanted.recherche(&agent, &noms)?;
    let mut transaction = app.db_journal().begin().await?;
    let mut traces: Vec<Trace> = Vec::new();
    loop {
        let page = recherche.page(&mut transaction, chaine, MAX_PAGE).await?;
        recherche.apres = page.last().map(|trace| trace.id);
        let last = page.len() < MAX_PAGE as usize;
        traces.extend(page);
        if traces.len() > MAX_EXPORT {
            return Err(Problem::unprocessable(format!(
                "L'export dépasse {MAX_EXPORT} lignes ; réduisez-le par des dates, un compte ou un objet."
            )));
        }
        if last {
            break;
        }
    }
    let details = json!({ "chaine": chaine.code(), "criteres": wanted.criteres(), "nombre": traces.len() });
    let auteur = Auteur::from(&agent.acteur(Canal::Export)?);
    let fait = Fait { action: "exporter", objet: "journal", cle: None, details: &details };
    journal::acte(&mut transaction, &auteur, &fait).await?;
    let octets = tokio::task::spawn_blocking(move || written(&traces, &noms)).await.map_err(|_| Problem::internal())?;
    let octets = octets.map_err(|error| {
        tracing::error!(%error, "export du journal");
        Problem::internal()
    })?;
    transaction.commit().await?;
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, [attachment(&format!("journal-{}.csv", chaine.code()))], octets).into_response())
}

/// Lines of a page.
pub async fn lines(app: &App, agent: &Agent, chaine: Chaine, wanted: &Wanted) -> Result<Vec<LigneJournal>, Problem> {
    permitted(agent, Action::Lire)?;
    let noms = Noms::lit(app.acces().pool()).await?;
    let recherche = wanted.recherche(agent, &noms)?;
    let mut connection = app.db_journal().acquire().await?;
    let traces = recherche.page(&mut connection, chaine, wanted.limite.unwrap_or(PAGE)).await?;
    Ok(traces.into_iter().map(|trace| LigneJournal { compte: name(&noms, &trace), trace }).collect())
}

/// The chain of that name.
pub fn chain(nom: &str) -> Result<Chaine, Problem> {
    let found = Chaine::TOUTES.into_iter().find(|chaine| chaine.code() == nom);
    found.ok_or_else(|| Problem::not_found("Le journal a deux chaînes : « acces » et « acte »."))
}

/// The right on the journal. Its lines are of no commune: a role held in some communes alone does not open it.
pub fn permitted(agent: &Agent, action: Action) -> Result<(), Problem> {
    agent.droit(&OBJET_JOURNAL, action)?;
    let connu = agent.identite();
    // Criteria of searches hold names.
    if connu.vue_comme.is_some() {
        return Err(Refus::VueComme.into());
    }
    let whole = connu.droits.octrois().iter().any(|octroi| {
        octroi.objet == OBJET_JOURNAL.nom
            && octroi.action == action.code()
            && octroi.communes.is_none()
            && octroi.lignes.is_none()
    });
    if whole {
        return Ok(());
    }
    Err(Problem::forbidden(
        "Le journal est celui de toute la collectivité : il faut un rôle qui vaille dans toutes ses communes.",
    ))
}

impl Wanted {
    /// The search within one's own collectivité.
    fn recherche(&self, agent: &Agent, noms: &Noms) -> Result<Recherche, Problem> {
        let text = |text: &str| {
            let text = text.trim().replace('\0', "");
            (!text.is_empty()).then_some(text)
        };
        let compte = text(&self.compte);
        Ok(Recherche {
            du: instant(&self.du, 0)?,
            au: instant(&self.au, 1)?,
            // An account that does not exist did nothing.
            utilisateur: compte.map(|email| noms.compte_de(&email).unwrap_or_default()),
            collectivite: Some(agent.acteur(Canal::Api)?.collectivite),
            objet: text(&self.objet),
            cle: text(&self.cle),
            action: text(&self.action),
            apres: self.apres,
        })
    }

    fn criteres(&self) -> Value {
        json!({
            "du": self.du, "au": self.au, "compte": self.compte, "objet": self.objet, "cle": self.cle, "action": self.action
        })
    }
}

/// A day at midnight in Paris, `more` days later, or an instant as it is.
fn instant(text: &str, more: i64) -> Result<Option<Instant>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(instant) = Instant::parse(text) {
        return Ok(Some(instant));
    }
    let malformed = || Problem::bad_request("Une date s'écrit AAAA-MM-JJ, par exemple 2026-11-28.");
    let day: civil::Date = text.parse().map_err(|_| malformed())?;
    let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
    let midnight =
        day.checked_add(jiff::Span::new().days(more)).and_then(|day| day.to_zoned(zone)).map_err(|_| malformed())?;
    Instant::parse(&midnight.timestamp().to_string()).map(Some).ok_or_else(malformed)
}

fn name(noms: &Noms, trace: &Trace) -> Option<String> {
    trace.utilisateur.and_then(|id| noms.compte(id)).map(str::to_owned)
}

fn written(traces: &[Trace], noms: &Noms) -> Result<Vec<u8>, finage_export::ExportError> {
    let textes = ["le", "compte", "login", "canal", "action", "objet", "cle", "finalite", "details"];
    let colonnes = std::iter::once(Colonne::new("numero", Genre::Entier))
        .chain(textes.map(|nom| Colonne::new(nom, Genre::Texte)))
        .chain(std::iter::once(Colonne::new("rang", Genre::Entier)))
        .collect();
    let table = Table::new("journal", "Journal", colonnes, Crs::wgs84())?;
    let lignes = traces.iter().map(|trace| Ligne {
        valeurs: vec![
            trace.id.into(),
            trace.le.as_str().into(),
            Valeur::de(name(noms, trace)),
            trace.login.as_str().into(),
            trace.canal.as_str().into(),
            trace.action.as_str().into(),
            trace.objet.as_str().into(),
            Valeur::de(trace.cle.as_deref()),
            Valeur::de(trace.finalite.as_deref()),
            trace.details.to_string().into(),
            Valeur::de(trace.rang),
        ],
        geometrie: None,
    });
    let mut octets = Vec::new();
    csv::ecrire(&mut octets, &table, lignes, csv::Options::default())?;
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_of_paris() {
        assert_eq!(instant("2026-07-01", 0).unwrap().unwrap().texte(), "2026-06-30T22:00:00Z");
        assert_eq!(instant("2026-12-31", 1).unwrap().unwrap().texte(), "2026-12-31T23:00:00Z");
        assert_eq!(instant(" ", 0).unwrap(), None);
        for wrong in ["hier", "2026-02-30", "9999-12-31T", "-1"] {
            assert!(instant(wrong, 1).is_err(), "{wrong}");
        }
    }
}
