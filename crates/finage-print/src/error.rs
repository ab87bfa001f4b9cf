//! What can go wrong when a plan is drawn.

use crate::french::entier;
use crate::mise::Mise;

/// A plan that can't be printed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// A subject is not wholly inside the frame.
    #[error(
        "La parcelle {reference} ne tient pas dans le cadre ({mise}) ; choisissez une échelle plus petite ou un format plus grand."
    )]
    HorsCadre {
        /// Its reference.
        reference: String,
        /// The page it was to go on.
        mise: Mise,
    },
    /// No subject has a shape.
    #[error("Aucune des parcelles demandées n'a de contour dans le plan ; vérifiez leur référence.")]
    SansContour,
    /// Shapes with more vertices than a page can hold.
    #[error(
        "Le plan demandé a {sommets} sommets, plus que les {limite} qu'une page peut porter ; choisissez une échelle plus grande ou moins de parcelles."
    )]
    TropDeSommets {
        /// Vertices given.
        sommets: usize,
        /// The bound.
        limite: usize,
    },
    /// The background is no picture that can be read.
    #[error("Le fond de plan n'a pas pu être lu ({0}) ; demandez l'extrait sans fond.")]
    Fond(String),
    /// The embedded fonts can't be read: a defect of ours.
    #[error("Les polices de l'extrait sont illisibles ; signalez cette erreur.")]
    Police,
    /// The PDF can't be written or doesn't follow PDF/UA-1: a defect of ours.
    #[error("Le PDF n'a pas pu être écrit ({0}) ; signalez cette erreur.")]
    Pdf(String),
}

/// No page fits what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MiseError {
    /// What was asked is too small for the parcels; something else would do.
    #[error("Les parcelles demandées ne tiennent pas dans un extrait {demande} ; {proposee} convient.")]
    TropGrand {
        /// What was asked, in words: « A4 au 1/200 ».
        demande: String,
        /// A page that holds the parcels.
        proposee: Mise,
    },
    /// Larger than the largest page at the smallest scale.
    #[error(
        "Les parcelles demandées couvrent {} m sur {} m, plus qu'un extrait A3 au 1/25 000 ne peut montrer ; demandez-les en plusieurs extraits.",
        entier(*largeur_m), entier(*hauteur_m)
    )]
    HorsGabarit {
        /// West to east, in metres.
        largeur_m: u64,
        /// South to north, in metres.
        hauteur_m: u64,
    },
    /// Bounds that are no numbers.
    #[error("L'étendue des parcelles demandées est illisible ; vérifiez leur contour.")]
    Etendue,
    /// A scale that is not offered.
    #[error(
        "L'échelle 1/{0} n'est pas proposée ; choisissez parmi 1/200, 1/250, 1/500, 1/1000, 1/1250, 1/2000, 1/2500 et 1/5000."
    )]
    Echelle(u32),
    /// A format other than A4 and A3.
    #[error("Le format « {0} » n'est pas proposé ; choisissez A4 ou A3.")]
    Format(String),
    /// An orientation other than the two.
    #[error("L'orientation « {0} » n'est pas proposée ; choisissez portrait ou paysage.")]
    Orientation(String),
}
