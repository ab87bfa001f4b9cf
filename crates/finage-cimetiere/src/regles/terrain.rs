//! What a cemetery must offer, and the shape of graves in the ground.

use time::macros::date;

use crate::regle::{Regle, Texte, Valeur};

pub(crate) static PROFONDEUR: Texte = Texte::seul(
    Regle::new("fosse-profondeur", "R2223-3", "Une fosse a de 1,50 m à 2 m de profondeur.")
        .valeur(Valeur::Centimetres(150, 200))
        .passable()
        .lue("article reproduit par afif.asso.fr"),
);

pub(crate) static LARGEUR: Texte = Texte::seul(
    Regle::new("fosse-largeur", "R2223-3", "Une fosse a 80 cm de largeur.")
        .valeur(Valeur::Centimetres(80, 80))
        .passable()
        .lue("article reproduit par afif.asso.fr"),
);

pub(crate) static ECART_COTES: Texte = Texte::seul(
    Regle::new("fosse-ecart-cotes", "R2223-4", "Les fosses sont distantes de 30 à 40 cm sur les côtés.")
        .valeur(Valeur::Centimetres(30, 40))
        .passable()
        .lue("article reproduit par afif.asso.fr"),
);

pub(crate) static ECART_TETE: Texte = Texte::seul(
    Regle::new("fosse-ecart-tete", "R2223-4", "Les fosses sont distantes de 30 à 50 cm à la tête et aux pieds.")
        .valeur(Valeur::Centimetres(30, 50))
        .passable()
        .lue("article reproduit par afif.asso.fr"),
);

pub(crate) static SITE_CINERAIRE: Texte = Texte::seul(
    Regle::new(
        "site-cineraire",
        "L2223-1, L2223-2",
        "Une commune de 2 000 habitants et plus dispose d'un site cinéraire.",
    )
    .depuis(date!(2013 - 01 - 01))
    .valeur(Valeur::Habitants(2_000))
    .passable()
    .lue("articles cités par Résonance funéraire n° 3600 et n° 4351 (échéance du 1er janvier 2013)"),
);
