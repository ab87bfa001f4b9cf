//! `/annotations`: what the API does with annotations, without a map and without JavaScript.

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::objets::{Field, Fields, changes, field, filled, mark, refused_with};
use super::{cadre, page_agent};
use crate::access::droits::Action;
use crate::http::body::Form;
use crate::http::objets::{Demande, fichiers};
use crate::http::problem::Problem;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::objets::{ANNOTATION, Filtre, Saisie};
use crate::portal::objets::{
    ChampPage, Choix, Contenu, FichePage, Liste, ListePage, NouveauPage, PAR_PAGE, Renvoi, suite, titre,
};
use crate::spatial::coordonnees;

const LIST: &str = "/annotations";
/// Longest form: 10,000 letters of text, each up to nine bytes when written in a form, and a geometry.
const MAX_FORM: usize = 256 << 10;

/// Adds the pages of annotations.
pub fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes
        .get("/annotations", Agent, list)
        .get("/annotations/nouvelle", Agent, blank)
        .form("/annotations/nouvelle", Agent, MAX_FORM, create)
        .get("/annotations/{id}", Agent, show)
        .form("/annotations/{id}", Agent, MAX_FORM, change)
        .form("/annotations/{id}/archiver", Agent, 1024, archive)
        .post("/annotations/{id}/fichiers", Agent, (Content::File, fichiers::MAX_UPLOAD), join)
        .post("/annotations/{id}/fichiers/{fichier}/retirer", Agent, (Content::Form, 1024), detach)
}

fn demande<'a>(app: &'a App, agent: &'a Agent) -> Demande<'a> {
    Demande::page(app, agent, &ANNOTATION, None)
}

/// The list, filtered, by pages.
///
/// # Errors
/// 403 without the right, 503 when the database is away.
pub async fn list(State(app): State<App>, agent: Agent, Query(params): Query<Fields>) -> Result<Response, Problem> {
    let value = |nom: &str| field(&params, nom);
    let (q, categorie, archivees) = (value("q"), value("categorie"), value("archivees") == "oui");
    let filtre = Filtre {
        q: Some(q.chars().take(200).collect()),
        egaux: if categorie.is_empty() { Vec::new() } else { vec![("categorie", categorie.replace('\0', ""))] },
        archivees,
        rang: value("rang").parse().unwrap_or(0).max(0),
        limite: PAR_PAGE,
        ..Filtre::default()
    };
    let demande = demande(&app, &agent);
    let found = demande.liste(&filtre).await?;
    let archived = if archivees { "oui" } else { "" };
    let query = suite(&[("q", q), ("categorie", categorie), ("archivees", archived)]);
    let mut actions = Vec::new();
    if agent.droit(ANNOTATION.objet, Action::Creer).is_ok() {
        actions.push(Renvoi::new("Nouvelle annotation", "/annotations/nouvelle"));
    }
    if agent.droit(ANNOTATION.objet, Action::Exporter).is_ok() && found.total > 0 {
        let query = query.replace("archivees=oui", "archivees=true");
        for (libelle, format) in [("CSV", "csv"), ("GeoJSON", "geojson"), ("GeoPackage", "gpkg")] {
            let href = format!("/api/annotations/export?{query}format={format}");
            actions.push(Renvoi::new(format!("Exporter en {libelle}"), href));
        }
    }
    let chapeau =
        "Les repères, tracés et notes de votre collectivité, et ceux des communes où elle exerce la mission « sig ».";
    let cadre = cadre(&app, LIST, "Annotations");
    let champs = filters(q, categorie, archived);
    let liste = Liste {
        chapeau,
        adresse: LIST,
        modele: &ANNOTATION,
        colonnes: &["categorie"],
        champs,
        page: Some(&found),
        suite: &query,
        actions,
    };
    page_agent(StatusCode::OK, &ListePage::new(cadre, liste))
}

fn filters(q: &str, categorie: &str, archived: &str) -> Vec<ChampPage> {
    let text = |nom: &str, libelle: &str, valeur: &str| ChampPage {
        nom: nom.to_owned(),
        libelle: libelle.to_owned(),
        valeur: valeur.to_owned(),
        max: 200,
        obligatoire: false,
        long: false,
        date: false,
        case: false,
        choix: Vec::new(),
        aide: None,
        erreur: None,
    };
    let all = std::iter::once(("", "toutes"));
    let known = ANNOTATION.regle("categorie").map_or(&[][..], |regle| regle.valeurs).iter().copied();
    vec![
        text("q", "Titre ou texte", q),
        ChampPage { choix: Choix::liste(all.chain(known), categorie), ..text("categorie", "Catégorie", categorie) },
        ChampPage { case: true, ..text("archivees", "Seulement les annotations archivées", archived) },
    ]
}

/// The form that makes one.
///
/// # Errors
/// 403 without the right.
pub async fn blank(State(app): State<App>, agent: Agent, Query(params): Query<Fields>) -> Result<Response, Problem> {
    demande(&app, &agent).plume(Action::Creer)?;
    form(&app, StatusCode::OK, &params, None)
}

/// Makes one where the coordinates or the geometry say, and leads to its sheet.
///
/// # Errors
/// 403 without the right, 503 when the database is away.
pub async fn create(State(app): State<App>, agent: Agent, Form(fields): Form<Fields>) -> Result<Response, Problem> {
    let demande = demande(&app, &agent);
    demande.plume(Action::Creer)?;
    let made = async {
        let geometrie = place(field(&fields, "lieu"), app.config().srid)?;
        let champs = filled(&ANNOTATION, &fields);
        let saisie = Saisie { champs: &champs, geometrie: Some(&geometrie), insee: None };
        demande.creer(&saisie, None).await
    };
    match made.await {
        Ok((_, id)) => Ok(Redirect::to(&format!("{LIST}/{id}")).into_response()),
        Err(problem) => {
            let (status, problem) = refused_with(problem)?;
            form(&app, status, &fields, Some(&problem))
        }
    }
}

/// Where one is: coordinates in any system of the territory, or GeoJSON.
fn place(text: &str, srid: u32) -> Result<Value, Problem> {
    let wrong = |detail: &str| Problem { champ: Some("lieu".to_owned()), ..Problem::bad_request(detail) };
    let text = text.trim();
    if text.starts_with('{') {
        return serde_json::from_str(text).map_err(|_| wrong("La géométrie n'est pas du GeoJSON lisible."));
    }
    let found = coordonnees::lire(text, srid).into_iter().next();
    let point = found.ok_or_else(|| wrong("L'emplacement est illisible ; écrivez par exemple « 45,7578 4,8320 »."))?;
    Ok(json!({ "type": "Point", "coordinates": [point.lon, point.lat] }))
}

fn form(app: &App, status: StatusCode, fields: &[Field], problem: Option<&Problem>) -> Result<Response, Problem> {
    let written = ANNOTATION.objet.champs.iter().filter(|champ| champ.modifiable);
    let mut champs: Vec<ChampPage> =
        written.map(|champ| ChampPage::new(&ANNOTATION, champ, field(fields, champ.nom).to_owned())).collect();
    champs.push(ChampPage {
        nom: "lieu".to_owned(),
        libelle: "Emplacement".to_owned(),
        valeur: field(fields, "lieu").to_owned(),
        max: 200_000,
        obligatoire: true,
        long: true,
        date: false,
        case: false,
        choix: Vec::new(),
        aide: Some(
            "Des coordonnées, comme « 45,7578 4,8320 » (latitude et longitude) ou « 842000 6519000 » (Lambert-93) ; ou une géométrie GeoJSON, pour une ligne ou une surface. Sur la carte, « Annoter » la dessine."
                .to_owned(),
        ),
        erreur: None,
    });
    mark(&mut champs, problem);
    let titre = if problem.is_some() { "Annotation refusée" } else { "Nouvelle annotation" };
    let template = NouveauPage {
        cadre: cadre(app, LIST, titre),
        retour: Renvoi::new("Annotations", LIST),
        action: format!("{LIST}/nouvelle"),
        champs,
        erreur: problem.map(|problem| problem.detail.clone()),
    };
    page_agent(status, &template)
}

/// A sheet: what it holds, its files, its history, the form that changes it.
///
/// # Errors
/// 403 without the right, 404 for what does not exist or is another collectivité's.
pub async fn show(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<Response, Problem> {
    sheet(&app, &agent, key(&id)?, StatusCode::OK, None, None).await
}

/// Changes what was changed in the form.
///
/// # Errors
/// 403, 404, 503.
pub async fn change(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let id = key(&id)?;
    let demande = demande(&app, &agent);
    let fiche = demande.fiche(id).await?;
    let champs: Map<String, Value> = changes(&ANNOTATION, &fiche, &fields);
    let version = field(&fields, "version").parse().unwrap_or_default();
    let saisie = Saisie { champs: &champs, geometrie: None, insee: None };
    match demande.changer(id, version, &saisie).await {
        Ok(()) => Ok(Redirect::to(&format!("{LIST}/{id}")).into_response()),
        Err(problem) => {
            let (status, problem) = refused_with(problem)?;
            sheet(&app, &agent, id, status, Some(&fields), Some(&problem)).await
        }
    }
}

/// Archives it, and leads to the list.
///
/// # Errors
/// 403, 404, 503.
pub async fn archive(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let id = key(&id)?;
    match demande(&app, &agent).archiver(id, field(&fields, "version").parse().ok()).await {
        Ok(()) => Ok(Redirect::to(LIST).into_response()),
        Err(problem) => {
            let (status, problem) = refused_with(problem)?;
            sheet(&app, &agent, id, status, None, Some(&problem)).await
        }
    }
}

/// Attaches a file, and shows the sheet.
///
/// # Errors
/// 403, 404, 503.
pub async fn join(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let id = key(&id)?;
    let demande = demande(&app, &agent);
    let attached = async { fichiers::attach(&demande, id, fichiers::sent(request).await?).await };
    match attached.await {
        Ok(_) => Ok(Redirect::to(&format!("{LIST}/{id}")).into_response()),
        Err(problem) => {
            let (status, problem) = refused_with(problem)?;
            sheet(&app, &agent, id, status, None, Some(&problem)).await
        }
    }
}

/// Takes a file off, and shows the sheet.
///
/// # Errors
/// 403, 404, 503.
pub async fn detach(
    State(app): State<App>,
    agent: Agent,
    Path((id, fichier)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = key(&id)?;
    fichiers::detach(&demande(&app, &agent), id, key(&fichier)?).await?;
    Ok(Redirect::to(&format!("{LIST}/{id}")).into_response())
}

async fn sheet(
    app: &App,
    agent: &Agent,
    id: Uuid,
    status: StatusCode,
    typed: Option<&[Field]>,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let demande = demande(app, agent);
    let fiche = demande.fiche(id).await?;
    let may = |action| agent.droit(ANNOTATION.objet, action).is_ok();
    let mut champs = if may(Action::Changer) && fiche.archivee_le.is_none() {
        super::objets::fields(&demande, &fiche, typed)?
    } else {
        Vec::new()
    };
    mark(&mut champs, problem);
    let nom = titre(&ANNOTATION, &fiche);
    let contenu = Contenu {
        modele: &ANNOTATION,
        adresse: format!("{LIST}/{id}"),
        champs,
        erreur: problem.map(|problem| problem.detail.clone()),
        archivable: may(Action::Archiver),
        joints: Some((fichiers::files(&demande, id).await?, may(Action::Changer))),
        etapes: demande.historique(id).await?.into_iter().map(|step| (step.par, step.etape)).collect(),
        traces: None,
        liens: on_map(fiche.geometrie.as_ref()).into_iter().collect(),
        fiche: &fiche,
    };
    let title = if problem.is_some() { format!("Refusé : {nom}") } else { nom };
    let cadre = cadre(app, LIST, title);
    page_agent(status, &FichePage::new(cadre, Renvoi::new("Annotations", LIST), contenu))
}

/// Where the first vertex is, on the map.
fn on_map(geometrie: Option<&Value>) -> Option<Renvoi> {
    let mut position = geometrie?.get("coordinates")?;
    while position.get(0)?.is_array() {
        position = position.get(0)?;
    }
    let (lon, lat) = (position.get(0)?.as_f64()?, position.get(1)?.as_f64()?);
    Some(Renvoi::new("Voir sur la carte", format!("/carte#18/{lat:.6}/{lon:.6}")))
}

fn key(id: &str) -> Result<Uuid, Problem> {
    super::objets::key(id)
}
