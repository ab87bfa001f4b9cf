//! `/api`: objects that belong to collectivités. Each face is written once and takes the object's model.

pub(super) mod annotations;
pub(super) mod dossier;
pub(super) mod fichiers;
pub(super) mod journal;
pub(super) mod personnes;
pub(super) mod session;

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::download::attachment;
use super::problem::Problem;
use super::qui::{Agent, Qui};
use super::route::Routes;
use super::state::App;
use crate::access::droits::Action;
use crate::access::identite::Refus;
use crate::access::journal::{Finalite, Noms};
use crate::db::{Acteur, Canal, TenantTx};
use crate::modules::crochet::Outre;
use crate::modules::objets::{
    ANNOTATION, Etape, Fiche, Filtre, Format, Modele, ObjetError, PageFiches, Plume, Regard, Saisie, Trouvee, cle,
    refus,
};
use crate::services::recherche::Reperee;

/// Longest body that writes a row: a drawn geometry of 5,000 vertices and its fields.
pub(super) const MAX_ROW: usize = 512 << 10;
/// Longest key of idempotence.
const MAX_KEY: usize = 100;
/// Rows of one object that a search shows at most.
const MAX_FOUND: i64 = 5;
/// What is of a collectivité is kept by no cache without asking again.
pub(super) const PRIVATE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "private, no-cache");

/// Adds the routes of objects.
pub fn routes(routes: Routes) -> Routes {
    let routes = session::routes(routes);
    let routes = annotations::routes(routes);
    let routes = personnes::routes(routes);
    let routes = fichiers::routes(routes);
    let routes = journal::routes(routes);
    dossier::routes(routes)
}

/// A step of a row's life, with who made it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EtapeSignee {
    /// E-mail of the account; none for the command line or an account that is gone.
    pub par: Option<String>,
    /// The step.
    #[serde(flatten)]
    pub etape: Etape,
}

/// What a request asks of a model: who, through what, for what purpose.
pub struct Demande<'a> {
    pub app: &'a App,
    pub agent: &'a Agent,
    pub modele: &'static Modele,
    pub finalite: Option<Finalite>,
    pub canal: Canal,
    /// Why rules are passed over.
    pub outre: Option<&'a str>,
}

impl<'a> Demande<'a> {
    /// The demand of the API.
    pub fn new(
        app: &'a App,
        agent: &'a Agent,
        modele: &'static Modele,
        finalite: Option<&str>,
    ) -> Result<Self, Problem> {
        Ok(Self { app, agent, modele, finalite: finalite.map(purpose).transpose()?, canal: Canal::Api, outre: None })
    }

    /// The same from a page.
    pub fn page(app: &'a App, agent: &'a Agent, modele: &'static Modele, finalite: Option<Finalite>) -> Self {
        Self { app, agent, modele, finalite, canal: Canal::Page, outre: None }
    }

    /// The same, that passes over rules for this reason.
    pub fn passant_outre(self, motif: Option<&'a str>) -> Self {
        Self { outre: motif, ..self }
    }

    fn arme(&self, plume: Plume) -> Result<Plume, Problem> {
        match self.outre {
            None => Ok(plume),
            Some(motif) => Ok(plume.passant_outre(Outre::new(self.agent.identite(), self.modele, motif)?)),
        }
    }

    /// Who acts.
    pub fn acteur(&self) -> Result<Acteur, Problem> {
        self.agent.acteur(self.canal)
    }

    pub async fn begin(&self) -> Result<TenantTx, Problem> {
        Ok(self.app.collectivites().begin(&self.acteur()?).await?)
    }

    /// The right to read.
    pub fn regard(&self, action: Action) -> Result<Regard, Refus> {
        Regard::new(self.agent.identite(), self.modele, action, self.finalite.as_ref())
    }

    /// The right to write.
    pub fn plume(&self, action: Action) -> Result<Plume, Refus> {
        Plume::new(self.agent.identite(), self.modele, action, self.finalite.as_ref())
    }

    /// A refusal about a row: that the right is missing is said of one's own collectivité's rows alone.
    async fn sans_droit(&self, id: Uuid, cause: Refus) -> Problem {
        let found = async {
            let mut tx = self.begin().await?;
            Ok::<_, Problem>(refus(&mut tx, self.modele, id).await?)
        };
        match found.await {
            Ok(ObjetError::Absente) => ObjetError::Absente.into(),
            Ok(_) => cause.into(),
            Err(problem) => problem,
        }
    }

    /// The right to read this row.
    pub async fn regard_sur(&self, action: Action, id: Uuid) -> Result<Regard, Problem> {
        match self.regard(action) {
            Ok(regard) => Ok(regard),
            Err(cause) => Err(self.sans_droit(id, cause).await),
        }
    }

    /// The right to write this row.
    pub async fn plume_sur(&self, action: Action, id: Uuid) -> Result<Plume, Problem> {
        match self.plume(action) {
            Ok(plume) => self.arme(plume),
            Err(cause) => Err(self.sans_droit(id, cause).await),
        }
    }

    /// A page of sheets.
    pub async fn liste(&self, filtre: &Filtre) -> Result<PageFiches, Problem> {
        let regard = self.regard(Action::Lire)?;
        let mut tx = self.begin().await?;
        let page = regard.page(&mut tx, filtre).await?;
        // The line of the journal is there before anything is shown.
        tx.commit().await?;
        Ok(page)
    }

    /// A sheet.
    pub async fn fiche(&self, id: Uuid) -> Result<Fiche, Problem> {
        let regard = self.regard_sur(Action::Lire, id).await?;
        let mut tx = self.begin().await?;
        let fiche = regard.fiche(&mut tx, id).await?;
        tx.commit().await?;
        Ok(fiche)
    }

    /// The history of a row.
    pub async fn historique(&self, id: Uuid) -> Result<Vec<EtapeSignee>, Problem> {
        let regard = self.regard_sur(Action::Lire, id).await?;
        let mut tx = self.begin().await?;
        let etapes = regard.historique(&mut tx, id).await?;
        tx.commit().await?;
        self.signees(etapes).await
    }

    /// The amendments of a row.
    pub async fn avenants(&self, id: Uuid) -> Result<Vec<EtapeSignee>, Problem> {
        let regard = self.regard_sur(Action::Lire, id).await?;
        let mut tx = self.begin().await?;
        let avenants = regard.avenants(&mut tx, id).await?;
        tx.commit().await?;
        self.signees(avenants).await
    }

    async fn signees(&self, etapes: Vec<Etape>) -> Result<Vec<EtapeSignee>, Problem> {
        let noms = Noms::lit(self.app.acces().pool()).await?;
        let par = |etape: &Etape| etape.utilisateur.and_then(|id| noms.compte(id)).map(str::to_owned);
        Ok(etapes.into_iter().map(|etape| EtapeSignee { par: par(&etape), etape }).collect())
    }

    /// Makes a row; 200 when its key had made it already.
    pub async fn creer(&self, saisie: &Saisie<'_>, idempotence: Option<&str>) -> Result<(bool, Uuid), Problem> {
        let plume = self.arme(self.plume(Action::Creer)?)?;
        let acteur = self.acteur()?;
        let id = idempotence.map_or_else(Uuid::new_v4, |texte| cle(&acteur, self.modele, texte));
        let mut tx = self.begin().await?;
        let made = plume.creer(&mut tx, id, saisie, self.app.config().srid).await;
        let made = made.map_err(|error| error.nommee(self.modele))?;
        tx.commit().await?;
        Ok((made, id))
    }

    /// Changes a row whose version is `version`.
    pub async fn changer(&self, id: Uuid, version: i32, saisie: &Saisie<'_>) -> Result<(), Problem> {
        let plume = self.plume_sur(Action::Changer, id).await?;
        let mut tx = self.begin().await?;
        let done = plume.changer(&mut tx, id, version, saisie, self.app.config().srid).await;
        done.map_err(|error| error.nommee(self.modele))?;
        Ok(tx.commit().await?)
    }

    /// Changes a locked row whose version is `version`, for a reason.
    pub async fn amender(&self, id: Uuid, version: i32, saisie: &Saisie<'_>, motif: &str) -> Result<(), Problem> {
        let plume = self.plume_sur(Action::Changer, id).await?;
        let mut tx = self.begin().await?;
        let done = plume.amender(&mut tx, id, version, saisie, motif, self.app.config().srid).await;
        done.map_err(|error| error.nommee(self.modele))?;
        Ok(tx.commit().await?)
    }

    /// Archives a row.
    pub async fn archiver(&self, id: Uuid, version: Option<i32>) -> Result<(), Problem> {
        let plume = self.plume_sur(Action::Archiver, id).await?;
        let mut tx = self.begin().await?;
        plume.archiver(&mut tx, id, version).await?;
        Ok(tx.commit().await?)
    }

    /// The geometry of a row before a change.
    pub async fn geometrie_avant(&self, id: Uuid, rang: i64) -> Result<Option<Value>, Problem> {
        let plume = self.plume_sur(Action::Changer, id).await?;
        let mut tx = self.begin().await?;
        Ok(plume.geometrie_avant(&mut tx, id, rang).await?)
    }

    /// Puts an archived row back.
    pub async fn desarchiver(&self, id: Uuid, version: Option<i32>) -> Result<(), Problem> {
        let plume = self.plume_sur(Action::Archiver, id).await?;
        let mut tx = self.begin().await?;
        plume.desarchiver(&mut tx, id, version).await.map_err(|error| error.nommee(self.modele))?;
        Ok(tx.commit().await?)
    }

    /// Rows as a file.
    pub async fn exporter(&self, filtre: &Filtre, format: Format) -> Result<Response, Problem> {
        let regard = self.regard(Action::Exporter)?;
        let acteur = self.agent.acteur(Canal::Export)?;
        let mut tx = self.app.collectivites().begin(&acteur).await?;
        let fichier = regard.exporter(&mut tx, filtre, format, self.app.config().srid).await?;
        tx.commit().await?;
        let headers =
            [(header::CONTENT_TYPE, fichier.media.to_owned()), (header::CACHE_CONTROL, "no-store".to_owned())];
        Ok((headers, [attachment(&fichier.nom)], fichier.octets).into_response())
    }

    /// A row made or changed, as who wrote it may see it; its address alone to who may only write.
    pub async fn montre(&self, status: StatusCode, id: Uuid, place: &str) -> Result<Response, Problem> {
        let location = [(header::LOCATION, format!("{place}/{id}"))];
        match self.fiche(id).await {
            Ok(fiche) => Ok((status, location, shown(fiche)).into_response()),
            Err(problem) if problem.status == 403 => {
                let vide = Json(serde_json::json!({ "id": id }));
                Ok((status, location, [PRIVATE], vide).into_response())
            }
            Err(problem) => Err(problem),
        }
    }
}

/// Annotations that a text finds, for who may read them; nothing for others.
pub async fn trouvees(app: &App, qui: &Qui, texte: &str) -> Result<Vec<Trouvee>, Problem> {
    let Some(agent) = qui.agent() else { return Ok(Vec::new()) };
    let Ok(regard) = Regard::new(agent.identite(), &ANNOTATION, Action::Lire, None) else { return Ok(Vec::new()) };
    let mut tx = app.collectivites().begin_read(&agent.acteur(Canal::Api)?).await?;
    Ok(regard.trouve(&mut tx, texte, MAX_FOUND).await?)
}

/// Rows of modules that a text finds, of each object that is open to who asks, with the module's and the object's names.
pub async fn nommees(app: &App, qui: &Qui, texte: &str) -> Result<Vec<Reperee>, Problem> {
    let Some(agent) = qui.agent() else { return Ok(Vec::new()) };
    let mut reperees = Vec::new();
    let mut tx = app.collectivites().begin_read(&agent.acteur(Canal::Api)?).await?;
    for (module, objet) in app.modules().objets() {
        let Ok(regard) = Regard::new(agent.identite(), objet.modele, Action::Lire, None) else { continue };
        let trouvees = regard.nommees(&mut tx, texte, MAX_FOUND).await?;
        let adresse = format!("/app/{}/{}", module.file.id, objet.nom);
        reperees.extend(trouvees.into_iter().map(|fiche| Reperee {
            url: format!("{adresse}/{}", fiche.id),
            genre: objet.modele.objet.libelle,
            fiche,
        }));
    }
    Ok(reperees)
}

/// A sheet with its version.
pub(super) fn shown(fiche: Fiche) -> Response {
    ([PRIVATE], [(header::ETAG, format!("\"{}\"", fiche.version))], Json(fiche)).into_response()
}

/// The key of an address; what is none names no row.
pub(super) fn key(id: &str) -> Result<Uuid, Problem> {
    id.parse().map_err(|_| ObjetError::Absente.into())
}

pub(super) fn purpose(nom: &str) -> Result<Finalite, Problem> {
    Finalite::parse(nom).map_err(|error| Problem::bad_request(format!("{error}.")))
}

/// The version of `If-Match`, with or without quotes; `None` when it is not said.
pub(super) fn version(headers: &HeaderMap) -> Result<Option<i32>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
    let malformed =
        || Problem::bad_request("L'en-tête If-Match porte la version d'une fiche, par exemple If-Match: \"3\".");
    text.parse().map(Some).map_err(|_| malformed())
}

/// `Idempotency-Key`: the same key makes the same row once.
pub(super) fn idempotence(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    if text.is_empty() || text.len() > MAX_KEY {
        return Err(Problem::bad_request(format!(
            "L'en-tête Idempotency-Key est un texte de 1 à {MAX_KEY} caractères ASCII, par exemple un UUID."
        )));
    }
    Ok(Some(text))
}

/// `west,south,east,north` in degrees.
pub(super) fn bbox(text: &str) -> Result<[f64; 4], Problem> {
    let malformed = || Problem::bad_request("bbox est faite de quatre degrés : ouest,sud,est,nord.");
    let numbers: Vec<f64> = text.split(',').map_while(|part| part.trim().parse().ok()).collect();
    let [ouest, sud, est, nord] = <[f64; 4]>::try_from(numbers).map_err(|_| malformed())?;
    let bonne = (-180.0..=180.0).contains(&ouest)
        && (-180.0..=180.0).contains(&est)
        && (-90.0..=90.0).contains(&sud)
        && (-90.0..=90.0).contains(&nord)
        && ouest <= est
        && sud <= nord;
    if bonne { Ok([ouest, sud, est, nord]) } else { Err(malformed()) }
}

/// Text that is searched; bounded.
pub(super) fn searched(q: Option<String>) -> Result<Option<String>, Problem> {
    match q {
        Some(q) if q.chars().count() > 200 => Err(Problem::bad_request("Le texte recherché dépasse 200 caractères.")),
        autre => Ok(autre),
    }
}

/// What an object holds, in a request.
pub(super) type Champs = Map<String, Value>;
