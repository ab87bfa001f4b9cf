//! Why a series is not laid out, not made, or not undone.

use finage_plan::SerieRefusee;
use thiserror::Error;

use crate::modules::objets::ObjetError;
use crate::spatial::wkb::WkbError;

/// Why a series is not laid out, not made, or not undone.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SerieError {
    /// The measures or the line.
    #[error(transparent)]
    Disposition(#[from] SerieRefusee),
    /// No line, or what is none.
    #[error("Tracez une ligne sur la carte, ou choisissez une fiche qui en a une.")]
    SansLigne,
    /// The row that was to give the line has none that may be seen.
    #[error("La fiche choisie n'a pas de ligne au plan : tracez-en une sur la carte.")]
    LigneAbsente,
    /// Shapes over rows that are there, or out of the surface that should hold them.
    #[error("{}", generees(*.chevauchent, *.dehors))]
    Genees {
        /// Shapes over a row that is there.
        chevauchent: usize,
        /// Shapes that leave their surface.
        dehors: usize,
    },
    /// Numbers that are taken.
    #[error("Ces numéros sont déjà pris : {0}. Changez le premier numéro, le préfixe ou le complément.")]
    Pris(String),
    /// No such series.
    #[error("Cette série n'existe pas, ou elle est d'une autre collectivité.")]
    Inconnue,
    /// It was undone already.
    #[error("Cette série est déjà annulée.")]
    DejaAnnulee,
    /// Other rows rest on it.
    #[error("La série n'est pas annulée : {nombre} de ses fiches servent déjà ({par}). Archivez les autres une à une.")]
    Servie {
        /// Rows of the series that are named.
        nombre: i64,
        /// By rows of which object.
        par: &'static str,
    },
    /// A row.
    #[error(transparent)]
    Objet(#[from] ObjetError),
    /// A shape that cannot be told to the database.
    #[error(transparent)]
    Forme(#[from] WkbError),
}

impl From<sqlx::Error> for SerieError {
    fn from(error: sqlx::Error) -> Self {
        Self::Objet(error.into())
    }
}

fn generees(chevauchent: usize, dehors: usize) -> String {
    let dites = [(chevauchent, "en chevauchent d'autres"), (dehors, "sortent de leur secteur")];
    let dites: Vec<String> =
        dites.iter().filter(|(nombre, _)| *nombre > 0).map(|(nombre, quoi)| format!("{nombre} {quoi}")).collect();
    format!("Parmi les fiches à créer, {} ; déplacez la ligne, ou créez quand même (« accepter »).", dites.join(" et "))
}
