//! The table of all rules.

pub(crate) mod abandon;
pub(crate) mod concessions;
pub(crate) mod operations;
pub(crate) mod tarifs;
pub(crate) mod terrain;

use time::Date;

use crate::regle::{Regle, Texte};

/// Every rule, each through its versions. `docs/cimetiere-regles.md` has a line for each, and a test holds them together.
pub static REGLES: [&Texte; 59] = [
    &concessions::CLASSES,
    &concessions::CENTENAIRE,
    &concessions::TERME,
    &concessions::FENETRE,
    &concessions::TARIF,
    &concessions::INFORMATION,
    &concessions::TIERS,
    &concessions::PAIEMENT,
    &concessions::REPRISE,
    &concessions::CONVERSION,
    &concessions::RETROCESSION,
    &concessions::BENEFICIAIRES,
    &concessions::EN_COURS,
    &concessions::TERME_PROCHE,
    &concessions::ROTATION,
    &concessions::ETENDUE,
    &terrain::PROFONDEUR,
    &terrain::LARGEUR,
    &terrain::ECART_COTES,
    &terrain::ECART_TETE,
    &terrain::SITE_CINERAIRE,
    &operations::APRES_DECES,
    &operations::DELAI,
    &operations::DEROGATION,
    &operations::SEPULTURE_DUE,
    &operations::PLACES,
    &operations::DATES_DE_SEJOUR,
    &operations::DEMANDEUR,
    &operations::ACCORD_FAMILLE,
    &operations::PRESENCE,
    &operations::FERMETURE,
    &operations::CONTAGION,
    &operations::OUVERTURE,
    &operations::REDUCTION,
    &operations::URNE,
    &operations::URNE_RETRAIT,
    &operations::OPPOSITION,
    &operations::CREMATION_INFORMATION,
    &operations::OSSUAIRE,
    &operations::DEPOT,
    &operations::DEPOSITOIRE,
    &abandon::TRENTE_ANS,
    &abandon::DIX_ANS,
    &abandon::MORT_POUR_LA_FRANCE,
    &abandon::ENTRETIEN_PUBLIC,
    &abandon::AVIS,
    &abandon::ORDRE,
    &abandon::NOTIFICATION,
    &abandon::AFFICHAGE,
    &abandon::AFFICHAGE_DUREE,
    &abandon::AFFICHAGE_INTERVALLE,
    &abandon::ATTENTE,
    &abandon::ENTRETIEN,
    &abandon::DELIBERATION,
    &abandon::ENLEVEMENT,
    &tarifs::SURFACE,
    &tarifs::TAXES,
    &tarifs::VACATIONS,
    &tarifs::SERVITUDE,
];

/// The version of a rule in force on a day, the oldest one before it; `None` for a code that is no rule's.
///
/// ```
/// use finage_cimetiere::{Valeur, regle};
/// use time::macros::date;
///
/// let avant = regle("inhumation-delai", date!(2024 - 07 - 11)).unwrap();
/// let depuis = regle("inhumation-delai", date!(2024 - 07 - 12)).unwrap();
/// assert_eq!((avant.version, depuis.version), (1, 2));
/// assert_eq!(avant.valeur, Valeur::JoursNonFeries(6));
/// ```
#[must_use]
pub fn regle(code: &str, le: Date) -> Option<&'static Regle> {
    REGLES.iter().find(|texte| texte.actuelle.code == code).map(|texte| texte.au(le))
}

/// Radius of the servitude INT1 around a cemetery transferred out of the town, metres (CGCT, L2223-5).
#[must_use]
pub fn rayon_servitude_m() -> u16 {
    tarifs::SERVITUDE.actuelle.nombre()
}
