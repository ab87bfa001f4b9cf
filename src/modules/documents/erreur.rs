//! Why a document is not made.

use finage_documents::GabaritError;
use thiserror::Error;

use crate::access::identite::Refus;
use crate::access::journal::JournalError;
use crate::fichiers::FichierError;
use crate::modules::objets::ObjetError;

/// Why a document is not made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// No such document.
    #[error("Ce document n'existe pas ; le schéma de l'objet donne les siens.")]
    Inconnu,
    /// The document is not for this row.
    #[error("Le document « {0} » ne se fait pas pour cette fiche dans son état ; le module dit à quelles conditions.")]
    HorsCondition(String),
    /// It shows personal data, and no purpose was said.
    #[error(
        "Le document « {document} » montre des données personnelles : dites sa finalité, « {finalite} » (paramètre « finalite »)."
    )]
    SansFinalite {
        /// Its name.
        document: String,
        /// Its purpose.
        finalite: String,
    },
    /// A purpose that is not the document's.
    #[error("Le document « {0} » ne se fait pas pour cette finalité ; son schéma dit la sienne.")]
    AutreFinalite(String),
    /// It is made row by row.
    #[error("Le document « {0} » se fait fiche par fiche : le module ne le prévoit pas en lot.")]
    SansLot(String),
    /// The template is wrong, or does not agree with the row.
    #[error("Le document « {document} » n'a pas pu être composé. {cause}")]
    Gabarit {
        /// Its name.
        document: String,
        /// What is wrong, and where.
        cause: GabaritError,
    },
    /// A query of the document failed.
    #[error("La requête « {0} » de ce document a échoué ; signalez-le à qui tient le module.")]
    Requete(String),
    /// A query of the document took too long.
    #[error("La requête « {0} » de ce document n'a pas abouti en cinq secondes ; réessayez, ou signalez-le.")]
    RequeteLente(String),
    /// A query gives more rows than a document shows.
    #[error("La requête « {0} » de ce document donne plus de mille lignes ; un document n'en montre pas tant.")]
    TropDeLignes(String),
    /// No rewritten template to go back from.
    #[error("Ce document a déjà le texte du module.")]
    SansSurcharge,
    /// The row is not there, not open, or the right is missing.
    #[error(transparent)]
    Objet(#[from] ObjetError),
    /// The document could not be laid down.
    #[error(transparent)]
    Fichier(#[from] FichierError),
}

impl From<Refus> for DocumentError {
    fn from(refus: Refus) -> Self {
        Self::Objet(refus.into())
    }
}

impl From<sqlx::Error> for DocumentError {
    fn from(cause: sqlx::Error) -> Self {
        Self::Objet(cause.into())
    }
}

impl From<JournalError> for DocumentError {
    fn from(cause: JournalError) -> Self {
        Self::Objet(cause.into())
    }
}
