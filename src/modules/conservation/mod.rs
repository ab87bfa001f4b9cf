//! Personal data at the end of their use: what is past its term, lists for the Archives, and what leaves for good.
//!
//! The end of use of a row is its archiving; the term, the retention that its manifest declares. Nothing is destroyed but
//! from a list that was exported, then marked as approved by the Archives (code du patrimoine, L212-2 and L212-3).

mod bordereau;
mod concernees;
mod registre;

use finage_manifest::Final;
use serde::Serialize;
use sqlx::{FromRow, QueryBuilder};
use thiserror::Error;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

pub use bordereau::{Bordereau, approuve, bordereaux, execute, exporte, propose};
pub use concernees::{Concernees, FicheConcernee, concernees};
pub use registre::{Traitement, registre};

use super::objets::Modele;
use super::registry::Registry;
use crate::access::journal::{FinaliteError, JournalError};
use crate::db::TenantTx;

/// Why a list was not made, approved or carried out.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConservationError {
    /// No such list of this collectivité.
    #[error("Ce bordereau n'existe pas dans votre collectivité.")]
    Absent,
    /// The module of its object is not loaded.
    #[error("Le module de cet objet n'est pas chargé : demandez à l'administrateur de le charger, puis recommencez.")]
    Decharge,
    /// Nothing is past its term.
    #[error("Aucune fiche de cet objet n'a dépassé sa durée de conservation pour cette finalité.")]
    Rien,
    /// It was carried out already.
    #[error("Ce bordereau a déjà été exécuté.")]
    Execute,
    /// It was not exported.
    #[error("Exportez d'abord ce bordereau : les Archives le visent sur pièce.")]
    SansExport,
    /// It has no approval.
    #[error("Ce bordereau n'est pas visé par les Archives : inscrivez d'abord la référence et la date de leur visa.")]
    SansVisa,
    /// The reference of the approval.
    #[error("La référence du visa est un texte de 1 à 200 caractères.")]
    Visa,
    /// The file could not be made.
    #[error("Le fichier n'a pas pu être écrit : {0}.")]
    Fichier(String),
    /// A purpose that is none.
    #[error(transparent)]
    Finalite(#[from] FinaliteError),
    /// The journal refused.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The database refused.
    #[error(transparent)]
    Base(#[from] sqlx::Error),
}

/// Personal fields of an object that share a purpose, a term and an end.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Groupe {
    pub objet: String,
    pub finalite: String,
    pub sort: String,
    pub champs: Vec<String>,
}

/// Rows of an object that are past their term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Echeance {
    /// Object.
    pub objet: String,
    /// Name shown, plural.
    pub libelle: String,
    /// Purpose.
    pub finalite: String,
    /// What becomes of them: `detruire`, `echantillonner`, `transferer`.
    pub sort: String,
    /// Personal fields.
    pub champs: Vec<String>,
    /// Names shown of those fields.
    pub libelles: Vec<String>,
    /// How many rows.
    pub nombre: i64,
    /// When the oldest was archived.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub depuis: Option<OffsetDateTime>,
}

/// What is past its term, of one's own collectivité.
///
/// # Errors
/// The database refused.
pub async fn echeances(tx: &mut TenantTx, registry: &Registry) -> sqlx::Result<Vec<Echeance>> {
    let mut echeances = Vec::new();
    for groupe in groupes(tx).await? {
        let Some(modele) = registry.modele(&groupe.objet) else { continue };
        let mut requete = QueryBuilder::new("select count(*), min(o.archivee_le) from ");
        requete.push(modele.relation()).push(" o where ");
        groupe.pousse_echues(&mut requete);
        let (nombre, depuis): (i64, Option<OffsetDateTime>) = requete.build_query_as().fetch_one(&mut **tx).await?;
        if nombre > 0 {
            let Groupe { objet, finalite, sort, champs } = groupe;
            echeances.push(Echeance {
                objet,
                libelle: modele.pluriel.to_owned(),
                libelles: libelles(modele, &champs),
                finalite,
                sort,
                champs,
                nombre,
                depuis,
            });
        }
    }
    Ok(echeances)
}

/// Names shown of fields; of one that is gone from the module, its own.
fn libelles(modele: &Modele, champs: &[String]) -> Vec<String> {
    let libelle = |nom: &String| modele.objet.champ(nom).map_or_else(|| nom.clone(), |champ| champ.libelle.to_owned());
    champs.iter().map(libelle).collect()
}

async fn groupes(tx: &mut TenantTx) -> sqlx::Result<Vec<Groupe>> {
    sqlx::query_as(include_str!("sql/groupes.sql")).fetch_all(&mut **tx).await
}

impl Groupe {
    /// Adds the condition of rows past their term, that still hold something.
    fn pousse_echues(&self, requete: &mut QueryBuilder<sqlx::Postgres>) {
        requete.push("o.collectivite = (select acces.ma_collectivite()) and o.archivee_le + (select min(c.conservation) from core.champ_personnel c where c.objet = ");
        requete.push_bind(self.objet.clone()).push(" and c.finalite = ").push_bind(self.finalite.clone());
        requete.push(" and c.sort = ").push_bind(self.sort.clone()).push(") <= now() and (");
        for (rang, champ) in self.champs.iter().enumerate() {
            // Names are those of a checked manifest.
            requete
                .push(if rang == 0 { "o.\"" } else { " or o.\"" })
                .push(champ.replace('"', ""))
                .push("\" is not null");
        }
        requete.push(")");
    }
}

/// The word of a final sort.
#[must_use]
pub fn sort(dit: Final) -> &'static str {
    dit.stored()
}

/// A row and when its use ended.
#[derive(Debug, FromRow)]
pub(super) struct Echue {
    pub id: Uuid,
}
