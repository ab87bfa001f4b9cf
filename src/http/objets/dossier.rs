//! `/api/personnes/{id}/dossier`: everything Finage holds about one person's sheet, to answer that person.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use finage_export::{Colonne, Crs, Genre, Ligne, Table, csv};
use finage_journal::Chaine;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::journal::LigneJournal;
use super::{Demande, EtapeSignee, key, purpose};
use crate::access::droits::Action;
use crate::access::journal::{self, Auteur, Fait, MAX_PAGE, Noms, Recherche};
use crate::db::Canal;
use crate::http::download::attachment;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::objets::{DROITS_DES_PERSONNES, Fiche, Joint, PERSONNE};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/personnes/{id}/dossier", Audience::Agent, file)
}

/// In what form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DossierFormat {
    /// JSON.
    #[default]
    Json,
    /// CSV for spreadsheets: rubric, name, value.
    Csv,
}

/// In what form.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// `json` (unless told) or `csv`.
    #[param(inline)]
    format: DossierFormat,
}

/// Everything about one person's sheet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dossier {
    /// The sheet.
    pub fiche: Fiche,
    /// Its history.
    pub historique: Vec<EtapeSignee>,
    /// Its files.
    pub fichiers: Vec<Joint>,
    /// Who looked at it: the journal of looks.
    pub acces: Vec<LigneJournal>,
    /// What was done with it: the journal of acts.
    pub actes: Vec<LigneJournal>,
}

/// The file of a person: the sheet whatever its purpose, its history, its attached files, the journal about it. It takes the
/// right to export persons and the declared purpose « droits_des_personnes »; leaves a line in both journals.
///
/// # Errors
/// 403 without the right or the purpose, 404 for what does not exist or is another collectivité's.
#[utoipa::path(get, operation_id = "personnes_dossier", path = "/api/personnes/{id}/dossier", params(("id" = Uuid, Path, description = "Key"), Wanted), responses(
    (status = 200, description = "The file", body = Dossier),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing, or purpose not declared", body = Problem),
    (status = 404, description = "Unknown person", body = Problem)
))]
pub async fn file(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let id = key(&id)?;
    let mut demande = Demande::new(&app, &agent, &PERSONNE, Some(DROITS_DES_PERSONNES))?;
    demande.canal = Canal::Export;
    let regard = demande.regard_sur(Action::Exporter, id).await?;
    let mut tx = demande.begin().await?;
    let fiche = regard.fiche(&mut tx, id).await?;
    let details = json!({ "format": if wanted.format == DossierFormat::Csv { "csv" } else { "json" } });
    let (auteur, cle) = (Auteur::from(tx.acteur()), id.to_string());
    let fait = Fait { action: "exporter", objet: PERSONNE.objet.nom, cle: Some(&cle), details: &details };
    journal::acte(&mut tx, &auteur, &fait).await?;
    let etapes = regard.historique(&mut tx, id).await?;
    let fichiers = regard.joints(&mut tx, id).await?;
    tx.commit().await?;
    let noms = Noms::lit(app.acces().pool()).await?;
    let par = |utilisateur: Option<Uuid>| utilisateur.and_then(|id| noms.compte(id)).map(str::to_owned);
    let dossier = Dossier {
        fiche,
        historique: etapes.into_iter().map(|etape| EtapeSignee { par: par(etape.utilisateur), etape }).collect(),
        fichiers,
        acces: traces(&app, &agent, &noms, Chaine::Acces, id).await?,
        actes: traces(&app, &agent, &noms, Chaine::Acte, id).await?,
    };
    let no_store = (header::CACHE_CONTROL, "private, no-store");
    if wanted.format == DossierFormat::Json {
        return Ok(([no_store], [attachment("dossier.json")], Json(dossier)).into_response());
    }
    let octets = written(&dossier).map_err(|error| {
        tracing::error!(%error, "dossier d'une personne");
        Problem::internal()
    })?;
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), no_store];
    Ok((headers, [attachment("dossier.csv")], octets).into_response())
}

/// What the journal of the collectivité tells of one person's sheet, newest first.
pub async fn traces(
    app: &App,
    agent: &Agent,
    noms: &Noms,
    chaine: Chaine,
    id: Uuid,
) -> Result<Vec<LigneJournal>, Problem> {
    let collectivite = agent.acteur(Canal::Api)?.collectivite;
    let recherche = Recherche { collectivite: Some(collectivite), ..Recherche::personne(id) };
    let mut connection = app.db_journal().acquire().await?;
    let traces = recherche.page(&mut connection, chaine, MAX_PAGE).await?;
    let named = |trace: &journal::Trace| trace.utilisateur.and_then(|id| noms.compte(id)).map(str::to_owned);
    Ok(traces.into_iter().map(|trace| LigneJournal { compte: named(&trace), trace }).collect())
}

/// The purpose of all this.
pub fn droits_des_personnes() -> Result<journal::Finalite, Problem> {
    purpose(DROITS_DES_PERSONNES)
}

fn written(dossier: &Dossier) -> Result<Vec<u8>, finage_export::ExportError> {
    let colonnes = ["rubrique", "nom", "valeur"].map(|nom| Colonne::new(nom, Genre::Texte)).to_vec();
    let table = Table::new("dossier", "Dossier", colonnes, Crs::wgs84())?;
    let mut lignes: Vec<[String; 3]> = Vec::new();
    let mut ajoute = |rubrique: &str, nom: &str, valeur: String| lignes.push([rubrique.into(), nom.into(), valeur]);
    ajoute("fiche", "id", dossier.fiche.id.to_string());
    ajoute("fiche", "commune", dossier.fiche.insee.clone().unwrap_or_default());
    for champ in PERSONNE.objet.champs {
        let valeur = match dossier.fiche.champs.get(champ.nom) {
            None | Some(serde_json::Value::Null) => continue,
            Some(serde_json::Value::String(texte)) => texte.clone(),
            Some(autre) => autre.to_string(),
        };
        ajoute("fiche", champ.libelle, valeur);
    }
    for step in &dossier.historique {
        let quoi = format!("{} par {}", step.etape.operation, step.par.as_deref().unwrap_or("inconnu"));
        let change = json!({ "le": step.etape.le.to_string(), "avant": step.etape.avant, "apres": step.etape.apres });
        ajoute("historique", &quoi, change.to_string());
    }
    for joint in &dossier.fichiers {
        ajoute("fichier joint", &joint.nom, format!("{}, {} octets", joint.genre, joint.octets));
    }
    for (rubrique, lines) in [("accès", &dossier.acces), ("acte", &dossier.actes)] {
        for line in lines {
            let par = line.compte.as_deref().unwrap_or(&line.trace.login);
            let quoi = format!("{} {} par {par}", line.trace.le, line.trace.action);
            ajoute(rubrique, &quoi, line.trace.details.to_string());
        }
    }
    let lignes = lignes.into_iter().map(|ligne| Ligne { valeurs: ligne.map(Into::into).to_vec(), geometrie: None });
    let mut octets = Vec::new();
    csv::ecrire(&mut octets, &table, lignes, csv::Options::default())?;
    Ok(octets)
}
