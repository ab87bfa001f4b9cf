//! The recovery of a concession left without upkeep.

use time::macros::date;

use crate::delai::{Delai, Unite};
use crate::regle::{Regle, Texte};

/// First day of the delay of one year, which applies to procedures under way.
pub(crate) const UN_AN_DEPUIS: time::Date = date!(2022 - 02 - 23);

pub(crate) static TRENTE_ANS: Texte = Texte::seul(
    Regle::new(
        "abandon-trente-ans",
        "L2223-17, R2223-12",
        "Une concession n'est réputée abandonnée qu'après l'expiration de trente ans à compter de l'acte.",
    )
    .delai(Delai::expire(30, Unite::Annees))
    .lue("articles reproduits par french-business-law.com et cpfm.fr"),
);

pub(crate) static DIX_ANS: Texte = Texte::seul(
    Regle::new("abandon-dix-ans", "R2223-12", "La procédure n'est engagée que dix ans après la dernière inhumation.")
        .delai(Delai::ecoule(10, Unite::Annees))
        .lue("article reproduit par cpfm.fr"),
);

pub(crate) static MORT_POUR_LA_FRANCE: Texte = Texte::seul(
    Regle::new(
        "abandon-mort-pour-la-france",
        "R2223-22",
        "La concession perpétuelle ou centenaire où repose un mort pour la France n'est pas reprise avant cinquante ans.",
    )
    .delai(Delai::expire(50, Unite::Annees))
    .lue("article reproduit par cpfm.fr"),
);

pub(crate) static ENTRETIEN_PUBLIC: Texte = Texte::seul(
    Regle::new(
        "abandon-entretien-public",
        "R2223-23",
        "Une concession que la commune ou un établissement public doit entretenir (donation, testament) n'est pas reprise.",
    )
    .lue("article reproduit par cpfm.fr"),
);

pub(crate) static AVIS: Texte = Texte::seul(
    Regle::new(
        "abandon-avis",
        "R2223-13, R2223-18",
        "Les descendants, les successeurs et qui entretient sont avisés un mois avant le constat, par lettre recommandée ; inconnus, l'avis est affiché.",
    )
    .delai(Delai::ecoule(1, Unite::Mois))
    .lue("article reproduit par french-business-law.com"),
);

pub(crate) static ORDRE: Texte = Texte::seul(
    Regle::new(
        "abandon-ordre",
        "R2223-13 à R2223-21",
        "Chaque étape de la procédure suit les précédentes, faites régulièrement.",
    )
    .lue("R2223-13, -14, -16 et -18 lus ; R2223-15, -17, -19, -20 et -21 d'après novlaw.fr, atd31.fr et legibase.fr"),
);

pub(crate) static NOTIFICATION: Texte = Texte::seul(
    Regle::new(
        "abandon-notification",
        "R2223-15",
        "Le procès-verbal est notifié dans les huit jours, avec mise en demeure de rétablir la concession en bon état.",
    )
    .delai(Delai::ecoule(8, Unite::Jours))
    .lue("article rapporté par novlaw.fr et mairesdefrance.com ; « même délai de huit jours » : R2223-16"),
);

pub(crate) static AFFICHAGE: Texte = Texte::seul(
    Regle::new(
        "abandon-affichage",
        "R2223-16",
        "Des extraits du procès-verbal sont affichés dans les huit jours aux portes de la mairie et du cimetière.",
    )
    .delai(Delai::ecoule(8, Unite::Jours))
    .lue("article reproduit par french-business-law.com"),
);

pub(crate) static AFFICHAGE_DUREE: Texte = Texte::seul(
    Regle::new("abandon-affichage-duree", "R2223-16", "Chaque affichage dure un mois ; le maire certifie les trois.")
        .delai(Delai::ecoule(1, Unite::Mois))
        .lue("article reproduit par french-business-law.com"),
);

pub(crate) static AFFICHAGE_INTERVALLE: Texte = Texte::seul(
    Regle::new(
        "abandon-affichage-intervalle",
        "R2223-16",
        "Les affiches sont renouvelées deux fois, à quinze jours d'intervalle.",
    )
    .delai(Delai::ecoule(15, Unite::Jours))
    .lue("article reproduit par french-business-law.com ; quinze jours après le retrait : avis de Montreuil-sur-Mer, 2025"),
);

pub(crate) static ATTENTE: Texte = Texte {
    anciennes: &[Regle::new(
        "abandon-attente",
        "L2223-17, R2223-18",
        "Le second constat attend l'expiration de trois ans après la publicité du premier.",
    )
    .jusque(date!(2022 - 02 - 22))
    .delai(Delai::expire(3, Unite::Annees))
    .lue("ancien article cité par atd31.fr")],
    actuelle: Regle::new(
        "abandon-attente",
        "L2223-17, R2223-18 (loi n° 2022-217, article 237 ; décret n° 2022-1127)",
        "Le second constat attend l'expiration d'un an après la publicité du premier, procédures en cours le 23 février 2022 comprises.",
    )
    .version(2, UN_AN_DEPUIS)
    .delai(Delai::expire(1, Unite::Annees))
    .lue("articles reproduits par french-business-law.com ; procédures en cours : atd31.fr"),
};

pub(crate) static ENTRETIEN: Texte = Texte::seul(Regle::new(
    "abandon-entretien",
    "L2223-17 ; usage",
    "Un acte d'entretien fait cesser l'abandon : la procédure recommence, ou son délai d'attente, selon le choix de la commune.",
));

pub(crate) static DELIBERATION: Texte = Texte::seul(
    Regle::new(
        "abandon-deliberation",
        "R2223-18",
        "Le conseil municipal est saisi un mois après la notification du second procès-verbal.",
    )
    .delai(Delai::ecoule(1, Unite::Mois))
    .lue("article reproduit par french-business-law.com"),
);

pub(crate) static ENLEVEMENT: Texte = Texte::seul(
    Regle::new(
        "abandon-enlevement",
        "R2223-19, R2223-20",
        "Les monuments sont enlevés et les restes exhumés trente jours après la publication et la notification de l'arrêté.",
    )
    .delai(Delai::ecoule(30, Unite::Jours))
    .lue("articles rapportés par legibase.fr"),
);
