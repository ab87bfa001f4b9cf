//! Burials, exhumations, remains, urns, temporary deposits.

use time::macros::date;

use crate::delai::{Delai, Unite};
use crate::regle::{Regle, Texte, Valeur};

pub(crate) static APRES_DECES: Texte = Texte::seul(
    Regle::new(
        "inhumation-apres-deces",
        "R2213-33",
        "L'inhumation a lieu vingt-quatre heures au moins après le décès.",
    )
    .valeur(Valeur::Heures(24))
    .lue("article reproduit par lexbase.fr (L0785MNE)"),
);

pub(crate) static DELAI: Texte = Texte {
    anciennes: &[Regle::new(
        "inhumation-delai",
        "R2213-33",
        "L'inhumation a lieu six jours au plus après le décès, l'entrée du corps en France ou l'autorisation du procureur, dimanches et jours fériés non comptés.",
    )
    .jusque(date!(2024 - 07 - 11))
    .valeur(Valeur::JoursNonFeries(6))
    .lue("réponse n° 04764, JO Sénat du 23 mars 2023, sur idcite.com")],
    actuelle: Regle::new(
        "inhumation-delai",
        "R2213-33 (décret n° 2024-790)",
        "L'inhumation a lieu au plus tard le quatorzième jour suivant le décès, l'entrée du corps en France ou l'autorisation du procureur, sauf dérogation du préfet.",
    )
    .version(2, date!(2024 - 07 - 12))
    .delai(Delai::ecoule(14, Unite::Jours))
    .lue("article reproduit par lexbase.fr (L0785MNE) ; décès depuis le 12 juillet 2024 : horizon63.cerfrance.fr"),
};

pub(crate) static DEROGATION: Texte = Texte::seul(
    Regle::new(
        "inhumation-derogation-generale",
        "R2213-33 (décret n° 2024-790)",
        "La dérogation générale du préfet ne porte pas l'inhumation au-delà du vingt et unième jour suivant le décès ou l'entrée du corps ; elle ne vise pas l'autorisation du procureur.",
    )
    .depuis(date!(2024 - 07 - 12))
    .delai(Delai::ecoule(21, Unite::Jours))
    .lue("article reproduit par lexbase.fr (L0785MNE)"),
);

pub(crate) static SEPULTURE_DUE: Texte = Texte::seul(
    Regle::new(
        "sepulture-due",
        "L2223-3",
        "La sépulture est due à qui meurt dans la commune, y est domicilié, y a une sépulture de famille, ou, établi hors de France, peut y être électeur ; à d'autres, le maire peut l'accorder.",
    )
    .passable()
    .lue("article reproduit par lexbase.fr (L3869LKI)"),
);

pub(crate) static PLACES: Texte = Texte::seul(
    Regle::new(
        "places",
        "usage ; règlement du cimetière",
        "Un emplacement ne reçoit pas plus de cercueils ni d'urnes qu'il n'a de places.",
    )
    .passable(),
);

pub(crate) static DATES_DE_SEJOUR: Texte = Texte::seul(
    Regle::new(
        "sejour-dates",
        "cohérence des registres",
        "Un séjour finit après avoir commencé : nul n'est exhumé avant d'être inhumé.",
    )
    .lue("règle de Finage"),
);

pub(crate) static DEMANDEUR: Texte = Texte::seul(
    Regle::new(
        "exhumation-demandeur",
        "R2213-40",
        "L'exhumation est demandée par le plus proche parent, qui justifie de son état civil, de son domicile et de sa qualité ; le maire l'autorise.",
    )
    .lue("article rapporté par atd31.fr"),
);

pub(crate) static ACCORD_FAMILLE: Texte = Texte::seul(
    Regle::new(
        "exhumation-opposition",
        "R2213-40 ; jurisprudence",
        "Quand un parent s'oppose à l'exhumation, le maire attend que le tribunal judiciaire ait tranché.",
    )
    .lue("doctrine : Résonance funéraire n° 3862"),
);

pub(crate) static PRESENCE: Texte = Texte::seul(
    Regle::new(
        "exhumation-presence",
        "R2213-40",
        "L'exhumation se fait en présence d'un parent ou d'un mandataire de la famille ; absent, l'opération n'a pas lieu.",
    )
    .lue("section reproduite par tricoteuses.fr (LEGISCTA000006197796)"),
);

pub(crate) static FERMETURE: Texte = Texte::seul(
    Regle::new(
        "exhumation-fermeture",
        "R2213-42 (décret n° 2016-1253)",
        "L'exhumation se fait hors des heures d'ouverture, ou dans une partie du cimetière fermée au public.",
    )
    .lue("article reproduit par multi.groupe-sedi.fr"),
);

pub(crate) static CONTAGION: Texte = Texte::seul(
    Regle::new(
        "exhumation-contagion",
        "R2213-41",
        "Le corps d'une personne atteinte d'une infection de la liste n'est exhumé qu'après un an, sauf d'un dépôt temporaire.",
    )
    .delai(Delai::expire(1, Unite::Annees))
    .lue("article reproduit par cpfm.fr"),
);

pub(crate) static OUVERTURE: Texte = Texte::seul(
    Regle::new(
        "cercueil-ouverture",
        "R2213-42",
        "Un cercueil en bon état n'est ouvert que s'il s'est écoulé cinq ans depuis le décès.",
    )
    .delai(Delai::ecoule(5, Unite::Annees))
    .lue("article reproduit par multi.groupe-sedi.fr"),
);

pub(crate) static REDUCTION: Texte = Texte::seul(
    Regle::new(
        "reduction-delai",
        "usage ; règlement du cimetière",
        "Un corps n'est réduit que cinq ans après l'inhumation, quand il n'en reste que les ossements.",
    )
    .delai(Delai::ecoule(5, Unite::Annees))
    .passable(),
);

pub(crate) static URNE: Texte = Texte::seul(
    Regle::new(
        "urne-autorisation",
        "R2213-39",
        "Placer, sceller ou déposer une urne, ou disperser les cendres, demande l'autorisation du maire.",
    )
    .lue("article reproduit par federation-fnf.fr"),
);

pub(crate) static URNE_RETRAIT: Texte = Texte::seul(
    Regle::new(
        "urne-retrait",
        "R2223-23-3",
        "Une urne est retirée d'une concession dans les conditions d'une exhumation, à la demande du plus proche parent.",
    )
    .lue("article reproduit par french-business-law.com"),
);

pub(crate) static OPPOSITION: Texte = Texte::seul(
    Regle::new(
        "cremation-opposition",
        "L2223-4",
        "Les restes de qui s'est opposé à la crémation ne sont pas brûlés : ils sont distingués dans l'ossuaire.",
    )
    .lue("article cité par atd31.fr"),
);

pub(crate) static CREMATION_INFORMATION: Texte = Texte {
    anciennes: &[Regle::new(
        "cremation-information",
        "L2223-4 ; décision n° 2024-1110 QPC",
        "Avant la crémation de restes exhumés, le maire informe par tout moyen utile les tiers qui peuvent dire la volonté du défunt.",
    )
    .depuis(date!(2024 - 10 - 31))
    .jusque(date!(2025 - 12 - 30))
    .lue("décision rapportée par novlaw.fr et apgl64.fr")],
    actuelle: Regle::new(
        "cremation-information",
        "L2223-4, après l'abrogation du 31 décembre 2025",
        "Faute d'un texte nouveau qui ait été lu, la crémation de restes exhumés garde la même exigence d'information, ou elle est suspendue : la commune choisit.",
    )
    .version(2, date!(2025 - 12 - 31)),
};

pub(crate) static OSSUAIRE: Texte = Texte::seul(
    Regle::new(
        "ossuaire-registre",
        "L2223-4, R2223-6",
        "Les restes exhumés sont aussitôt réinhumés à l'ossuaire et les noms consignés dans un registre ouvert au public, même sans restes.",
    )
    .lue("réponse n° 33616 sur questions.assemblee-nationale.fr ; article cité par atd31.fr"),
);

pub(crate) static DEPOT: Texte = Texte::seul(
    Regle::new(
        "depot-provisoire",
        "R2213-29",
        "Le dépôt en caveau provisoire n'excède pas six mois ; le corps est ensuite inhumé ou fait l'objet d'une crémation.",
    )
    .delai(Delai::ecoule(6, Unite::Mois))
    .lue("article cité par Résonance funéraire n° 3831"),
);

pub(crate) static DEPOSITOIRE: Texte = Texte::seul(
    Regle::new(
        "depot-depositoire",
        "R2213-29 (décret n° 2020-352)",
        "Le dépôt en dépositoire s'achève dans le délai de l'inhumation.",
    )
    .passable(),
);
