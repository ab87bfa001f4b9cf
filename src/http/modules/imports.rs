//! Files that become rows: laid down, tried, launched.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use finage_import::{Classeur, Format, Genre, Options, ouvrir};
use serde::Serialize;
use sqlx::types::Json as Jsonb;
use utoipa::ToSchema;
use uuid::Uuid;

use super::demande::Adresse;
use super::fiche::Purpose;
use crate::access::droits::Action;
use crate::db::{Canal, TenantTx};
use crate::fichiers::nettoye;
use crate::http::body::Body;
use crate::http::depositor::Depositor;
use crate::http::objets::fichiers::{FichierEnvoye, MAX_UPLOAD, Named, sent};
use crate::http::objets::{PRIVATE, key, purpose as named_purpose};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::jobs::Travail;
use crate::modules::import::{
    Bilan, Correspondance, Demande, Depot, ErreurImport, GENRE, Importation, Imports, Plan, Suivi, du_manifeste,
    limites, proposee, retenue, signature,
};
use crate::modules::objets::Modele;

/// Longest demand: a mapping of hundreds of columns.
const MAX_DEMANDE: usize = 256 << 10;
/// Longest trial: beyond, it is a job.
const MAX_ESSAI: Duration = Duration::from_secs(25);

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    let json = (Content::Json, MAX_DEMANDE);
    routes
        .post("/api/modules/{module}/{objet}/imports", Agent, (Content::File, MAX_UPLOAD), deposit)
        .get("/api/modules/{module}/{objet}/imports/{id}", Agent, show)
        .post("/api/modules/{module}/{objet}/imports/{id}/essai", Agent, json, attempt)
        .post("/api/modules/{module}/{objet}/imports/{id}/lancer", Agent, json, launch)
}

/// A file laid down, and what may be made of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FichierDepose {
    /// Key.
    id: Uuid,
    /// Name of the file.
    nom: String,
    /// `csv`, `xlsx`, `ods`, `gpkg`, `shp`, `geojson` or `dump`.
    format: &'static str,
    /// Sheets, layers or tables.
    feuilles: Vec<FeuilleVue>,
    /// What each column of the first sheet is thought to fill.
    correspondance: Correspondance,
    /// Whether it is the one kept for the same columns.
    retenue: bool,
    /// Mappings that the module knows for this object.
    correspondances: Vec<CorrespondanceConnue>,
    /// Fields by which rows of the object are known again.
    cles: Vec<String>,
    /// The job that does it, once launched.
    travail: Option<Uuid>,
    /// What became of it.
    bilan: Option<Bilan>,
}

/// A sheet, a layer or a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeuilleVue {
    /// Name.
    nom: String,
    /// Columns.
    colonnes: Vec<ColonneVue>,
    /// Rows, where the format tells.
    lignes: Option<u64>,
    /// Its geometries.
    geometrie: Option<GeometrieVue>,
}

/// A column.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColonneVue {
    /// Name.
    nom: String,
    /// `texte`, `entier`, `decimal`, `date`, `instant` or `booleen`.
    genre: &'static str,
    /// Some values.
    exemples: Vec<String>,
}

/// The geometries of a sheet.
#[derive(Debug, Serialize, ToSchema)]
pub struct GeometrieVue {
    /// EPSG code; to be said in the mapping when it is null.
    srid: Option<u32>,
    /// Kind.
    genre: String,
}

/// A mapping that the module knows.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrespondanceConnue {
    /// Its name.
    id: String,
    /// Name shown.
    libelle: String,
}

/// Lays a file down: as the field « fichier » of a form, or as the body itself, named by the address. It waits for some days.
///
/// # Errors
/// 400, 403, 404, 413 beyond 20 MiB, 422 for what cannot be read.
#[utoipa::path(post, operation_id = "modules_import_deposit", path = "/api/modules/{module}/{objet}/imports", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), Named),
    request_body(content = FichierEnvoye, content_type = "multipart/form-data"), responses(
    (status = 201, description = "What is in it, and the mapping proposed", body = FichierDepose),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object", body = Problem),
    (status = 413, description = "Beyond 20 MiB", body = Problem),
    (status = 422, description = "The file cannot be read", body = Problem),
    (status = 507, description = "The disk is full", body = Problem)
))]
pub async fn deposit(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let demande = adresse.demande(&app, &agent, None)?;
    let modele = adresse.modele()?;
    demande.plume(Action::Creer)?;
    let envoi = sent(request).await?;
    let (nom, octets) = (nettoye(&envoi.nom), envoi.octets.len());
    let depot = Depot::new(&app.config().data_dir);
    let ouvert = nom.clone();
    let lire = move || -> Result<_, ErreurImport> {
        let empreinte = depot.pose(&envoi.octets)?;
        let chemin = depot.chemin(&empreinte).ok_or(ErreurImport::Perdu)?;
        Ok((empreinte, ouvre(&chemin, &ouvert)?))
    };
    let (empreinte, classeur) = app.selection(blocking(lire)).await??;
    let mut tx = demande.begin().await?;
    let id = Importation::depose(&mut tx, modele, &nom, &empreinte, octets).await?;
    let importation = Importation::lit(&mut tx, id).await?;
    let vu = describe(&mut tx, &adresse, &importation, &classeur).await?;
    tx.commit().await?;
    let place = format!("{}/imports/{id}", adresse.place());
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], [PRIVATE], Json(vu)).into_response())
}

/// A file that one laid down.
///
/// # Errors
/// 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_import_show", path = "/api/modules/{module}/{objet}/imports/{id}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "What is in it, what became of it", body = FichierDepose),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown import", body = Problem)
))]
pub async fn show(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let depose = Depose::find(&app, &agent, &adresse, &id).await?;
    let mut tx = app.collectivites().begin(&agent.acteur(Canal::Api)?).await?;
    let vu = describe(&mut tx, &adresse, &depose.importation, &depose.classeur).await?;
    Ok(([PRIVATE], Json(vu)).into_response())
}

/// Tries an import: all is done but kept.
///
/// # Errors
/// 400, 403, 404, 422 for a mapping that does not fit, or a trial that is too long.
#[utoipa::path(post, operation_id = "modules_import_try", path = "/api/modules/{module}/{objet}/imports/{id}/essai", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key"), Purpose),
    request_body = Demande, responses(
    (status = 200, description = "What it would do", body = Bilan),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown import", body = Problem),
    (status = 422, description = "The mapping does not fit, or the trial is too long: launch it", body = Problem),
    (status = 503, description = "Too many at once", body = Problem)
))]
pub async fn attempt(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    Params(purpose): Params<Purpose>,
    Body(asked): Body<Demande>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let depose = Depose::find(&app, &agent, &adresse, &id).await?;
    let mut tx = app.collectivites().begin(&agent.acteur(Canal::Api)?).await?;
    let asked = Demande { finalite: purpose.finalite.or(asked.finalite), ..asked };
    let asked = resolve(&mut tx, &adresse, &depose.classeur, asked).await?;
    let plan = plan(&mut tx, &agent, &adresse, &depose, &asked).await?;
    // Reading takes no connection.
    drop(tx);
    let acteur = agent.acteur(Canal::Api)?;
    let (collectivites, classeur) = (app.collectivites().clone(), Arc::clone(&depose.classeur));
    let trial = async move {
        let debut = Instant::now();
        let plan = Arc::new(plan);
        let lit = Arc::clone(&plan);
        let lues = blocking(move || lit.lit(&classeur)).await?;
        let mut tx = collectivites.begin(&acteur).await?;
        let suivi = Suivi { avance: &|_, _| (), arrete: &move || debut.elapsed() > MAX_ESSAI };
        let (mut bilan, _) = plan.ecrit(&mut tx, lues, suivi).await?;
        bilan.ecrit = false;
        Ok::<_, Problem>(bilan)
    };
    Ok(([PRIVATE], Json(app.selection(trial).await??)).into_response())
}

/// Launches an import, as a job; its rejects are the file of the job.
///
/// # Errors
/// 400, 403, 404, 409 when it is done already, 422 for a mapping that does not fit, 429.
#[utoipa::path(post, operation_id = "modules_import_launch", path = "/api/modules/{module}/{objet}/imports/{id}/lancer", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key"), Purpose),
    request_body = Demande, responses(
    (status = 202, description = "The job, waiting", body = Travail, headers(("Location" = String, description = "Address of the job"))),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown import", body = Problem),
    (status = 409, description = "Done already", body = Problem),
    (status = 422, description = "The mapping does not fit", body = Problem),
    (status = 429, description = "Too many jobs; Retry-After says when", body = Problem)
))]
pub async fn launch(
    State(app): State<App>,
    agent: Agent,
    Depositor(demandeur): Depositor,
    Path((module, objet, id)): Path<(String, String, String)>,
    Params(purpose): Params<Purpose>,
    Body(asked): Body<Demande>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let depose = Depose::find(&app, &agent, &adresse, &id).await?;
    let acteur = agent.acteur(Canal::Api)?;
    let mut tx = app.collectivites().begin(&acteur).await?;
    let asked = Demande { finalite: purpose.finalite.or(asked.finalite), ..asked };
    let asked = resolve(&mut tx, &adresse, &depose.classeur, asked).await?;
    plan(&mut tx, &agent, &adresse, &depose, &asked).await?;
    let import = depose.importation.id;
    Importation::demande(&mut tx, import, &asked).await?;
    tx.commit().await?;
    let parametres = Imports::parametres(import, acteur.collectivite).map_err(|_| Problem::internal())?;
    let travail = app.jobs().deposit_for(GENRE, parametres, &demandeur, acteur.utilisateur).await?;
    let mut tx = app.collectivites().begin(&acteur).await?;
    Importation::confie(&mut tx, import, travail.id).await?;
    tx.commit().await?;
    let location = format!("/api/travaux/{}", travail.id);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], [PRIVATE], Json(travail)).into_response())
}

/// A file that one laid down, open.
struct Depose {
    importation: Importation,
    classeur: Arc<Classeur>,
}

impl Depose {
    async fn find(app: &App, agent: &Agent, adresse: &Adresse, id: &str) -> Result<Self, Problem> {
        let id = key(id).map_err(|_| Problem::from(ErreurImport::Absent))?;
        let modele = adresse.modele()?;
        adresse.demande(app, agent, None)?.plume(Action::Creer)?;
        let mut tx = app.collectivites().begin_read(&agent.acteur(Canal::Api)?).await?;
        let importation = Importation::sienne(&mut tx, modele, id).await?;
        drop(tx);
        let chemin = Depot::new(&app.config().data_dir).chemin(&importation.empreinte).ok_or(ErreurImport::Perdu)?;
        let nom = importation.nom.clone();
        let classeur = app.selection(blocking(move || ouvre(&chemin, &nom))).await??;
        Ok(Self { importation, classeur: Arc::new(classeur) })
    }
}

/// The demand with its mapping: the one said, one of the module's, the one kept, or the one proposed.
async fn resolve(
    tx: &mut TenantTx,
    adresse: &Adresse,
    classeur: &Classeur,
    asked: Demande,
) -> Result<Demande, Problem> {
    // PostgreSQL holds no NUL.
    if serde_json::to_string(&asked).is_ok_and(|texte| texte.contains("\\u0000")) {
        return Err(Problem::bad_request("La correspondance contient un caractère nul ; retirez-le."));
    }
    let correspondance = match (&asked.correspondance, &asked.nom) {
        (Some(dite), _) => dite.clone(),
        (None, Some(nom)) => known(adresse)
            .find(|(id, _)| *id == nom)
            .map(|(_, import)| du_manifeste(&import.file))
            .ok_or_else(|| Problem::bad_request("Le module n'a pas de correspondance de ce nom pour cet objet."))?,
        (None, None) => proposed(tx, adresse.modele()?, classeur).await?.0,
    };
    Ok(Demande { correspondance: Some(correspondance), nom: None, ..asked })
}

async fn plan(
    tx: &mut TenantTx,
    agent: &Agent,
    adresse: &Adresse,
    depose: &Depose,
    asked: &Demande,
) -> Result<Plan, Problem> {
    let correspondance = asked.correspondance.clone().unwrap_or_default();
    let fichier = (&*depose.classeur, &correspondance);
    let (modele, import) = (adresse.modele()?, depose.importation.id);
    let finalite = asked.finalite.as_deref().map(named_purpose).transpose()?;
    Ok(Plan::prepare(tx, agent.identite(), modele, fichier, (asked.reprise, finalite.as_ref()), import).await?)
}

/// The mapping kept for the columns of the first sheet, else the one that their names tell.
async fn proposed(
    tx: &mut TenantTx,
    modele: &'static Modele,
    classeur: &Classeur,
) -> Result<(Correspondance, bool), Problem> {
    let Some(feuille) = classeur.feuilles.first() else { return Ok((Correspondance::default(), false)) };
    match retenue(tx, modele, &signature(feuille)).await? {
        Some(gardee) => Ok((gardee, true)),
        None => Ok((proposee(modele, feuille), false)),
    }
}

/// Mappings that the module knows for this object.
fn known(adresse: &Adresse) -> impl Iterator<Item = (&String, &finage_manifest::Import)> {
    adresse
        .charge()
        .into_iter()
        .flat_map(|(module, objet)| module.imports.iter().filter(move |(_, import)| import.file.object == objet.nom))
}

async fn describe(
    tx: &mut TenantTx,
    adresse: &Adresse,
    importation: &Importation,
    classeur: &Classeur,
) -> Result<FichierDepose, Problem> {
    let modele = adresse.modele()?;
    let (correspondance, retenue) = match &importation.demande {
        Some(Jsonb(Demande { correspondance: Some(dite), .. })) => (dite.clone(), false),
        _ => proposed(tx, modele, classeur).await?,
    };
    Ok(FichierDepose {
        id: importation.id,
        nom: importation.nom.clone(),
        format: format(classeur.format),
        feuilles: classeur.feuilles.iter().map(sheet).collect(),
        correspondance,
        retenue,
        correspondances: known(adresse)
            .map(|(id, import)| CorrespondanceConnue { id: id.clone(), libelle: import.file.label.clone() })
            .collect(),
        cles: modele.cle.iter().map(|nom| (*nom).to_owned()).collect(),
        travail: importation.travail,
        bilan: importation.bilan.as_ref().map(|Jsonb(bilan)| bilan.clone()),
    })
}

fn sheet(feuille: &finage_import::Feuille) -> FeuilleVue {
    FeuilleVue {
        nom: feuille.nom.clone(),
        colonnes: feuille
            .colonnes
            .iter()
            .map(|colonne| ColonneVue {
                nom: colonne.nom.clone(),
                genre: match colonne.genre {
                    Genre::Texte => "texte",
                    Genre::Entier => "entier",
                    Genre::Decimal => "decimal",
                    Genre::Date => "date",
                    Genre::Instant => "instant",
                    Genre::Booleen => "booleen",
                },
                exemples: colonne.exemples.clone(),
            })
            .collect(),
        lignes: feuille.lignes,
        geometrie: feuille
            .geometrie
            .as_ref()
            .map(|geometrie| GeometrieVue { srid: geometrie.srid, genre: geometrie.genre.clone() }),
    }
}

fn format(format: Format) -> &'static str {
    match format {
        Format::Csv => "csv",
        Format::Xlsx => "xlsx",
        Format::Ods => "ods",
        Format::GeoPackage => "gpkg",
        Format::Shapefile => "shp",
        Format::GeoJson => "geojson",
        Format::Dxf => "dxf",
        Format::Dump => "dump",
        Format::Memoire => "memoire",
    }
}

fn ouvre(chemin: &std::path::Path, nom: &str) -> Result<Classeur, ErreurImport> {
    Ok(ouvrir(chemin, nom, &Options { limites: limites(), ..Options::default() })?)
}

/// Files are long to read: on a thread of their own.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ErreurImport> + Send + 'static,
) -> Result<T, Problem> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(|_| Problem::internal())??)
}

impl From<ErreurImport> for Problem {
    fn from(error: ErreurImport) -> Self {
        let sentence = error.to_string();
        match error {
            ErreurImport::Absent | ErreurImport::Perdu => Self::not_found(sentence),
            ErreurImport::DejaFait => Self::conflict(sentence),
            ErreurImport::Refus(refus) => refus.into(),
            ErreurImport::Objet(error) => error.into(),
            ErreurImport::Journal(error) => error.into(),
            ErreurImport::Base(error) => error.into(),
            ErreurImport::Registre(error) => crate::modules::objets::ObjetError::from(error).into(),
            ErreurImport::Interrompu => {
                Self::unprocessable("L'essai dure trop ; lancez-le comme un travail, avec « essai ».")
            }
            ErreurImport::Disque(error) => crate::fichiers::FichierError::from(error).into(),
            ErreurImport::Fichier(_)
            | ErreurImport::Correspondance(_)
            | ErreurImport::TropDeRefus(..)
            | ErreurImport::TropDeLignes(_) => Self::unprocessable(sentence),
        }
    }
}
