//! What is wrong with a journal, and where first.

use thiserror::Error;

use crate::Chaine;

/// The first bad line of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}, {} : {defaut}", chaine.libelle(), lieu(*rang, *id))]
pub struct Faute {
    /// Its chain.
    pub chaine: Chaine,
    /// Rank where the chain breaks.
    pub rang: i64,
    /// Number of the line that stands there; none when it is missing.
    pub id: Option<i64>,
    /// What is wrong.
    pub defaut: Defaut,
}

fn lieu(rang: i64, id: Option<i64>) -> String {
    id.map_or_else(|| format!("rang {rang}"), |id| format!("ligne n° {id} (rang {rang})"))
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Defaut {
    /// Its seal is the right one for what followed, but not for what it says now.
    #[error("la ligne a été changée après son scellement")]
    Changee,
    /// Neither it nor what follows fits: it was moved, replaced, or sealed with another key.
    #[error("la ligne n'est pas à sa place ou a été scellée avec une autre clé")]
    SceauEtranger,
    /// Lines are missing from this rank on, and others follow.
    #[error("{manquantes} ligne(s) scellée(s) manquent à partir d'ici")]
    Supprimee {
        /// How many.
        manquantes: i64,
    },
    /// This rank is taken already, or was purged.
    #[error("la ligne a été ajoutée sous un rang déjà pris")]
    Inseree,
    /// It has a rank without a seal, or a seal without a rank.
    #[error("la ligne a perdu son rang ou son sceau")]
    Descellee,
    /// The chain ends before its head.
    #[error("{manquantes} ligne(s) scellée(s) manquent à la fin du journal")]
    Tronquee {
        /// How many.
        manquantes: i64,
    },
    /// The line is well sealed, but is not the one the head tells of.
    #[error("la ligne scellée n'est pas celle que dit la tête du journal : l'un des deux vient d'une autre copie")]
    Tete,
    /// A checkpoint was changed, made without the key, or one before it was removed.
    #[error("le repère de purge a été changé, ajouté sans la clé, ou un repère précédent manque")]
    Repere,
}

impl Defaut {
    /// The word for it, for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Changee => "changee",
            Self::SceauEtranger => "sceau_etranger",
            Self::Supprimee { .. } => "supprimee",
            Self::Inseree => "inseree",
            Self::Descellee => "descellee",
            Self::Tronquee { .. } => "tronquee",
            Self::Tete => "tete",
            Self::Repere => "repere",
        }
    }
}
