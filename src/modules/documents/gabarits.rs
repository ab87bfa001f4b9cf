//! Templates that a collectivité rewrote: kept beside the module's, shown with what differs, put back when asked.

use finage_documents::Ecart;
use finage_manifest::Document;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::atelier::texte_du_module;
use super::{Atelier, DocumentError};
use crate::db::TenantTx;
use crate::fichiers::Empreinte;
use crate::modules::objets::{ObjetError, Versions};

/// The text that a collectivité put in the place of the module's.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Surcharge {
    pub(super) texte: String,
    origine: String,
    version: i32,
}

/// The template of a document, as who rewrites it sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GabaritVu {
    /// Document.
    pub document: String,
    /// Its name.
    pub libelle: String,
    /// The text that makes documents.
    pub texte: String,
    /// The text that the module delivers.
    pub du_module: String,
    /// Whether the collectivité has its own text.
    pub surcharge: bool,
    /// Version of that text: what `If-Match` says when it is changed; 0 without one.
    pub version: i32,
    /// Whether the module's text changed since the collectivité wrote its own.
    pub module_change: bool,
    /// Both texts laid together, line by line.
    pub ecart: Vec<LigneVue>,
}

/// A line of both texts laid together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LigneVue {
    /// Where it is.
    pub sens: Sens,
    /// Its number in the module's text.
    pub avant: Option<usize>,
    /// Its number in the collectivité's text.
    pub apres: Option<usize>,
    /// The line.
    pub texte: String,
}

/// Where a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sens {
    /// In both texts.
    Commune,
    /// In the module's alone.
    Retiree,
    /// In the collectivité's alone.
    Ajoutee,
}

/// The template of a document: the module's text, and the collectivité's when it has its own.
///
/// # Errors
/// The database refused.
pub async fn montre(atelier: &Atelier<'_>, tx: &mut TenantTx, document: &Document) -> Result<GabaritVu, DocumentError> {
    let du_module = texte_du_module(atelier.module, document)?.to_owned();
    let surcharge = surcharge(tx, atelier.objet.modele.objet.nom, &document.id).await?;
    let module_change = surcharge.as_ref().is_some_and(|surcharge| surcharge.origine != empreinte(&du_module));
    let version = surcharge.as_ref().map_or(0, |surcharge| surcharge.version);
    let texte = surcharge.as_ref().map_or_else(|| du_module.clone(), |surcharge| surcharge.texte.clone());
    let ecart = if surcharge.is_some() { lignes(&du_module, &texte) } else { Vec::new() };
    Ok(GabaritVu {
        document: document.id.clone(),
        libelle: document.label.clone(),
        texte,
        du_module,
        surcharge: surcharge.is_some(),
        version,
        module_change,
        ecart,
    })
}

/// Puts a text in the place of the module's; who calls has made a document of an example with it ([`super::essai()`]).
///
/// # Errors
/// Someone wrote another one before.
pub async fn remplace(
    atelier: &Atelier<'_>,
    tx: &mut TenantTx,
    document: &Document,
    texte: &str,
    version: Option<i32>,
) -> Result<(), DocumentError> {
    let origine = empreinte(texte_du_module(atelier.module, document)?);
    let objet = atelier.objet.modele.objet.nom;
    verifie_version(tx, objet, document, version).await?;
    let change = sqlx::query(include_str!("sql/gabarit_changer.sql"))
        .bind(objet)
        .bind(&document.id)
        .bind(texte)
        .bind(&origine)
        .execute(&mut **tx)
        .await?;
    if change.rows_affected() == 0 {
        sqlx::query(include_str!("sql/gabarit_creer.sql"))
            .bind(tx.acteur().collectivite)
            .bind(objet)
            .bind(&document.id)
            .bind(texte)
            .bind(&origine)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Goes back to the module's text; the collectivité's stays in history.
///
/// # Errors
/// There is nothing to go back from, or someone changed it before.
pub async fn retablit(
    atelier: &Atelier<'_>,
    tx: &mut TenantTx,
    document: &Document,
    version: Option<i32>,
) -> Result<(), DocumentError> {
    let objet = atelier.objet.modele.objet.nom;
    verifie_version(tx, objet, document, version).await?;
    let retire =
        sqlx::query(include_str!("sql/gabarit_retirer.sql")).bind(objet).bind(&document.id).execute(&mut **tx).await?;
    if retire.rows_affected() == 0 { Err(DocumentError::SansSurcharge) } else { Ok(()) }
}

/// The collectivité's text of a document.
pub(super) async fn surcharge(tx: &mut TenantTx, objet: &str, document: &str) -> sqlx::Result<Option<Surcharge>> {
    sqlx::query_as(include_str!("sql/gabarit.sql")).bind(objet).bind(document).fetch_optional(&mut **tx).await
}

/// Two who write at once do not undo each other: the second is told.
async fn verifie_version(
    tx: &mut TenantTx,
    objet: &str,
    document: &Document,
    version: Option<i32>,
) -> Result<(), DocumentError> {
    sqlx::query(include_str!("sql/gabarit_verrou.sql")).bind(objet).bind(&document.id).execute(&mut **tx).await?;
    let Some(demandee) = version else { return Ok(()) };
    let actuelle = surcharge(tx, objet, &document.id).await?.map_or(0, |surcharge| surcharge.version);
    if demandee == actuelle { Ok(()) } else { Err(ObjetError::Version(Versions { demandee, actuelle }).into()) }
}

fn lignes(du_module: &str, texte: &str) -> Vec<LigneVue> {
    let sens = |sens: finage_documents::Sens| match sens {
        finage_documents::Sens::Commune => Sens::Commune,
        finage_documents::Sens::Retiree => Sens::Retiree,
        finage_documents::Sens::Ajoutee => Sens::Ajoutee,
    };
    Ecart::lignes(du_module, texte)
        .into_iter()
        .map(|ligne| LigneVue { sens: sens(ligne.sens), avant: ligne.avant, apres: ligne.apres, texte: ligne.texte })
        .collect()
}

fn empreinte(texte: &str) -> String {
    Empreinte::de(texte.as_bytes()).texte()
}
