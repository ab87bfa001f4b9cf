//! Why nothing is imported.

use thiserror::Error;

use crate::access::identite::Refus;
use crate::access::journal::JournalError;
use crate::modules::objets::ObjetError;
use crate::modules::registre::RegistreError;

/// Why nothing is imported at all. What is wrong with a row is a [`super::Rejet`].
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ErreurImport {
    /// The file cannot be read.
    #[error(transparent)]
    Fichier(#[from] finage_import::ImportError),
    /// The mapping does not fit the file or the object.
    #[error("{0}")]
    Correspondance(String),
    /// The right was not given.
    #[error(transparent)]
    Refus(#[from] Refus),
    /// No such import for who asks.
    #[error("Cet import n'existe pas ; déposez de nouveau le fichier.")]
    Absent,
    /// Done before.
    #[error("Cet import est déjà fait ; déposez de nouveau le fichier pour le refaire.")]
    DejaFait,
    /// The file laid down is no longer there.
    #[error("Le fichier déposé n'est plus là (il est gardé {jours} jours) ; déposez-le de nouveau.", jours = super::JOURS)]
    Perdu,
    /// The file could not be kept.
    #[error("Le fichier n'a pas pu être gardé : {0}.")]
    Disque(#[from] std::io::Error),
    /// The database refused too many rows, one by one.
    #[error("La base refuse plus de {0} lignes, l'import s'arrête et rien n'est changé ; la première : {1}")]
    TropDeRefus(usize, String),
    /// More rows than are read at once.
    #[error("Le fichier a plus de {0} lignes ; importez-le en plusieurs fois.")]
    TropDeLignes(usize),
    /// Told to stop.
    #[error("L'import a été interrompu ; rien n'est changé.")]
    Interrompu,
    /// No number of the register could be taken.
    #[error(transparent)]
    Registre(#[from] RegistreError),
    /// The journal refused.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A row or a right.
    #[error(transparent)]
    Objet(#[from] ObjetError),
    /// The database refused.
    #[error(transparent)]
    Base(#[from] sqlx::Error),
}
