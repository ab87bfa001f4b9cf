//! Terms of concessions, their renewal, who rests in them; the common ground.

use time::macros::date;

use crate::delai::{Delai, Unite};
use crate::regle::{Regle, Texte, Valeur};

pub(crate) static CLASSES: Texte = Texte::seul(
    Regle::new(
        "concession-classes",
        "L2223-14",
        "Une concession est temporaire (quinze ans au plus), trentenaire, cinquantenaire ou perpétuelle.",
    )
    .valeur(Valeur::Facteur(15))
    .lue("article cité en entier par Résonance funéraire n° 5791"),
);

pub(crate) static CENTENAIRE: Texte = Texte::seul(
    Regle::new(
        "concession-centenaire",
        "ordonnance n° 59-33 du 5 janvier 1959",
        "Aucune concession centenaire n'est plus accordée depuis 1959 ; celles d'avant courent jusqu'à leur terme.",
    )
    .depuis(date!(1959 - 01 - 01))
    .passable(),
);

pub(crate) static TERME: Texte = Texte::seul(
    Regle::new(
        "concession-terme",
        "CE, 21 mai 2007, n° 281615 ; code de procédure civile, 640 à 642",
        "Une concession de N ans s'achève à la fin du jour qui porte, N ans après, le même quantième que l'acte ; une perpétuelle n'a pas de terme.",
    )
    .lue("faits de l'arrêt (16 août 1960, 16 août 1990) rapportés par obseques-organisation.com ; décompte : réponse n° 04764, JO Sénat du 23 mars 2023"),
);

pub(crate) static FENETRE: Texte = Texte::seul(
    Regle::new(
        "renouvellement-fenetre",
        "L2223-15",
        "La concession échue peut être renouvelée pendant les deux années qui suivent son terme ; au-delà, le maire n'y est plus tenu.",
    )
    .delai(Delai::expire(2, Unite::Annees))
    .passable()
    .lue("article cité par Résonance funéraire n° 1665 ; au-delà : réponse n° 14489, JO AN du 23 avril 2024"),
);

pub(crate) static TARIF: Texte = Texte::seul(
    Regle::new(
        "renouvellement-tarif",
        "CE, 21 mai 2007, n° 281615",
        "Le renouvellement se paie au tarif en vigueur à l'échéance, et la nouvelle période court de cette échéance, quel que soit le jour de la demande.",
    )
    .lue("arrêt rapporté par obseques-organisation.com et par la question n° 01700, JO Sénat du 17 octobre 2024"),
);

pub(crate) static INFORMATION: Texte = Texte {
    anciennes: &[Regle::new(
        "renouvellement-information",
        "CE, 11 mars 2020, n° 436693",
        "Le maire recherche par tout moyen utile à informer les titulaires ou leurs ayants droit de l'extinction de la concession et de leur droit à la renouveler.",
    )
    .depuis(date!(2020 - 03 - 11))
    .jusque(date!(2022 - 02 - 22))
    .lue("considérant cité par novlaw.fr")],
    actuelle: Regle::new(
        "renouvellement-information",
        "L2223-15 (loi n° 2022-217, article 237)",
        "La commune informe par tout moyen les concessionnaires et leurs ayants cause de leur droit au renouvellement ; l'affichage au cimetière ne suffit pas.",
    )
    .version(2, date!(2022 - 02 - 23))
    .lue("loi reproduite par tricoteuses.fr (JORFARTI000045197690) ; affichage : réponse n° 14489, JO AN du 23 avril 2024"),
};

pub(crate) static TIERS: Texte = Texte::seul(
    Regle::new(
        "renouvellement-tiers",
        "L2223-15 ; CE, 21 octobre 1955, Méline",
        "Celui qui paie le renouvellement n'en tire aucun droit : le titulaire reste le même ; la commune peut refuser un tiers.",
    )
    .passable()
    .lue("doctrine : Résonance funéraire n° 1665 et n° 2989"),
);

pub(crate) static PAIEMENT: Texte = Texte::seul(
    Regle::new(
        "concession-paiement",
        "L2223-15",
        "La concession est accordée ou renouvelée contre le versement de son prix : rien n'est signé avant.",
    )
    .passable()
    .lue("article cité par Résonance funéraire n° 1665"),
);

pub(crate) static REPRISE: Texte = Texte::seul(
    Regle::new(
        "reprise-echue",
        "L2223-15",
        "Le terrain d'une concession échue n'est repris que deux années révolues après son terme.",
    )
    .delai(Delai::expire(2, Unite::Annees))
    .lue("article cité par Résonance funéraire n° 1665"),
);

pub(crate) static CONVERSION: Texte = Texte::seul(
    Regle::new(
        "concession-conversion",
        "L2223-16",
        "Une concession en cours se convertit en une plus longue ; la valeur du temps restant est déduite du prix.",
    )
    .lue("article cité par legibase.fr ; concession échue non convertible : même source"),
);

pub(crate) static RETROCESSION: Texte = Texte::seul(
    Regle::new(
        "concession-retrocession",
        "réponses n° 57159, JO AN du 12 juillet 2005, et n° 105031",
        "Seul le fondateur rend sa concession, vide de tout corps, et si la commune accepte ; le remboursement suit le temps restant, hors part du CCAS.",
    )
    .lue("réponse n° 105031 sur questions.assemblee-nationale.fr"),
);

pub(crate) static BENEFICIAIRES: Texte = Texte::seul(
    Regle::new(
        "concession-beneficiaires",
        "L2223-13 ; CE, 30 avril 2014, n° 366081",
        "Ne repose dans une concession que qui y a droit : la personne désignée, l'une des personnes nommées, ou la famille du titulaire.",
    )
    .lue("CAA Nantes, 22 septembre 2017, commentée par seban-associes.avocat.fr ; Résonance funéraire n° 5376"),
);

pub(crate) static EN_COURS: Texte = Texte::seul(
    Regle::new(
        "concession-en-cours",
        "L2223-15",
        "On n'inhume que dans une concession en cours ; échue, elle se renouvelle d'abord.",
    )
    .lue("article cité par Résonance funéraire n° 1665"),
);

pub(crate) static TERME_PROCHE: Texte = Texte::seul(
    Regle::new(
        "concession-terme-proche",
        "R2223-5 ; réponse n° 15700, JO Sénat",
        "Une inhumation dans les cinq dernières années appelle le renouvellement d'abord : la fosse ne se rouvre pas avant cinq ans.",
    )
    .delai(Delai::ecoule(5, Unite::Annees))
    .passable()
    .lue("réponse rapportée par la question n° 01700, JO Sénat du 17 octobre 2024"),
);

pub(crate) static ROTATION: Texte = Texte::seul(
    Regle::new(
        "fosse-rotation",
        "R2223-5",
        "Une fosse ne se rouvre pour une nouvelle sépulture que cinq ans après l'inhumation.",
    )
    .delai(Delai::ecoule(5, Unite::Annees))
    .lue("article reproduit par afif.asso.fr"),
);

pub(crate) static ETENDUE: Texte = Texte::seul(
    Regle::new(
        "terrain-commun-etendue",
        "L2223-2",
        "Le terrain d'inhumation est cinq fois plus étendu que l'espace nécessaire aux morts attendus chaque année.",
    )
    .valeur(Valeur::Facteur(5))
    .passable()
    .lue("article reproduit par legifrance.gouv.fr (LEGIARTI000019983166)"),
);
