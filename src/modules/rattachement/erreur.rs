//! Why a record is not linked.

use thiserror::Error;

use crate::modules::objets::ObjetError;

/// Why a record is not linked, or its links not told.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RattachementError {
    /// The record: absent, not open, not to be changed.
    #[error(transparent)]
    Fiche(#[from] ObjetError),
    /// A layer to which nothing is linked.
    #[error("Aucune fiche ne se rattache à la couche « {0} ».")]
    Couche(String),
    /// No such entity on the map.
    #[error("« {cle} » n'est pas dans la couche « {couche} » ; vérifiez la référence, ou le plan en place.")]
    Entite {
        /// Layer.
        couche: String,
        /// Key that was looked for.
        cle: String,
    },
    /// The record is linked to this entity already.
    #[error("Cette fiche est déjà rattachée à « {0} ».")]
    Deja(String),
    /// The role takes one entity at a time.
    #[error("Cette fiche n'a qu'un rattachement « {0} » à la fois ; terminez d'abord celui qui vaut.")]
    UnSeul(String),
    /// More links than a record takes.
    #[error("Cette fiche a déjà {0} rattachements ; terminez-en un d'abord.")]
    Trop(i64),
    /// No such link, or one that ended.
    #[error("Ce rattachement n'existe pas, ou il est déjà terminé.")]
    Absent,
    /// A link that waits for nothing.
    #[error("Ce rattachement n'attend aucune confirmation.")]
    Sur,
    /// Nothing was chosen.
    #[error("Choisissez l'entité qui prend la suite, ou terminez ce rattachement.")]
    SansChoix,
    /// It would end before it began, or on a day to come.
    #[error("Un rattachement se termine entre son premier jour et aujourd'hui ; corrigez la date.")]
    Dates,
    /// The database refused.
    #[error(transparent)]
    Base(#[from] sqlx::Error),
}
