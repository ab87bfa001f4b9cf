//! Prices, and the servitude around cemeteries.

use time::macros::date;

use crate::regle::{Regle, Texte, Valeur};

pub(crate) static SURFACE: Texte = Texte::seul(
    Regle::new(
        "tarif-surface",
        "R2223-11",
        "Le prix d'une concession peut croître avec la surface pour ce qui passe deux mètres carrés.",
    )
    .valeur(Valeur::MetresCarres(2))
    .lue("article reproduit par codes-et-lois.fr"),
);

pub(crate) static TAXES: Texte = Texte::seul(
    Regle::new(
        "taxes-abolies",
        "loi n° 2020-1721, article 121 (ancien L2223-22)",
        "Les taxes de convoi, d'inhumation, de crémation, de dispersion et d'ouverture de caveau ne sont plus perçues depuis le 1er janvier 2021 ; les redevances le restent.",
    )
    .depuis(date!(2021 - 01 - 01))
    .lue("blog.landot-avocats.net ; réponse n° 20962, JO Sénat du 12 août 2021"),
);

pub(crate) static VACATIONS: Texte = Texte::seul(
    Regle::new(
        "vacations",
        "L2213-15",
        "Une vacation de surveillance est comprise entre 20 et 25 euros, et due pour les seules opérations surveillées.",
    )
    .valeur(Valeur::Euros(20, 25))
    .lue("réponse ministérielle rapportée par lagazettedescommunes.com, 20 mars 2023"),
);

pub(crate) static SERVITUDE: Texte = Texte::seul(
    Regle::new(
        "servitude-cimetiere",
        "L2223-5",
        "Nul n'élève d'habitation ni ne creuse de puits sans autorisation à moins de cent mètres d'un cimetière transféré hors de la commune.",
    )
    .valeur(Valeur::Metres(100))
    .passable()
    .lue("article cité par Résonance funéraire n° 4087"),
);
