//! What becomes of exhumed remains; temporary deposits.

use time::Date;

use crate::inhumation::Inhumation;
use crate::manquement::Manquement;
use crate::phrase::jour;
use crate::regles::operations::{CREMATION_INFORMATION, DEPOSITOIRE, DEPOT, OPPOSITION, OSSUAIRE};

/// What is known of a deceased person's will about cremation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Volonte {
    /// Against, known or attested.
    Opposee,
    /// For.
    Favorable,
    /// Not known.
    #[default]
    Inconnue,
}

/// What a commune does since the abrogation of 31 December 2025, for want of a new text that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CremationDesRestes {
    /// As between the decision and the abrogation: third parties told, nobody objects.
    #[default]
    SousInformation,
    /// None, until a new text.
    Suspendue,
}

/// Cremation of the remains that the commune exhumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cremation {
    /// Its day.
    pub le: Date,
    /// The will of the deceased.
    pub volonte: Volonte,
    /// Day on which those who may tell that will were told, with a proof.
    pub information: Option<Date>,
    /// The commune's choice since 31 December 2025.
    pub choix: CremationDesRestes,
}

/// What stands against the cremation of exhumed remains.
#[must_use]
pub fn bruler_les_restes(cremation: &Cremation) -> Vec<Manquement> {
    let le = cremation.le;
    let mut manquements = Vec::new();
    if cremation.volonte == Volonte::Opposee {
        let phrase = "Le défunt s'opposait à la crémation : ses restes vont à l'ossuaire, distingués des autres.";
        manquements.push(Manquement::new(&OPPOSITION, le, phrase));
    }
    let regle = CREMATION_INFORMATION.au(le);
    if !regle.en_vigueur(le) {
        return manquements;
    }
    if regle.version > 1 && cremation.choix == CremationDesRestes::Suspendue {
        let phrase =
            "La commune a suspendu la crémation des restes jusqu'à un texte nouveau : déposez-les à l'ossuaire.";
        manquements.push(Manquement::new(&CREMATION_INFORMATION, le, phrase));
    }
    match cremation.information {
        Some(date) if date <= le => {}
        Some(date) => {
            let phrase = format!("L'information des proches n'est que du {} : elle précède la crémation.", jour(date));
            manquements.push(Manquement::new(&CREMATION_INFORMATION, le, phrase).possible_le(date));
        }
        None => {
            let phrase = "Rien ne prouve que les proches ont été informés de la crémation envisagée : informez-les par tout moyen utile, ou déposez les restes à l'ossuaire.";
            manquements.push(Manquement::new(&CREMATION_INFORMATION, le, phrase));
        }
    }
    manquements
}

/// Whether the names of the exhumed are in the register; no plot is free before.
#[must_use]
pub fn noms_au_registre(consignes: bool, le: Date) -> Option<Manquement> {
    (!consignes).then(|| {
        let phrase =
            "Les noms ne sont pas au registre de l'ossuaire : consignez-les, même si aucun reste n'a été trouvé.";
        Manquement::new(&OSSUAIRE, le, phrase)
    })
}

/// Where a coffin waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attente {
    /// In a temporary vault, since a day.
    CaveauProvisoire(Date),
    /// In a dépositoire, within the delay of the burial it waits for.
    Depositoire(Inhumation),
}

impl Attente {
    /// Last day there.
    #[must_use]
    pub fn dernier_jour(&self) -> Date {
        match self {
            Self::CaveauProvisoire(du) => DEPOT.actuelle.son_delai().dernier_jour(*du),
            Self::Depositoire(inhumation) => inhumation.dernier_jour(),
        }
    }

    /// Whether the coffin has waited too long on a day.
    #[must_use]
    pub fn juger(&self, le: Date) -> Option<Manquement> {
        let dernier = self.dernier_jour();
        let texte = match self {
            Self::CaveauProvisoire(_) => &DEPOT,
            Self::Depositoire(_) => &DEPOSITOIRE,
        };
        (le > dernier).then(|| {
            let phrase = format!(
                "Le dépôt devait cesser le {} : inhumez le corps, ou faites procéder à sa crémation.",
                jour(dernier)
            );
            Manquement::new(texte, le, phrase)
        })
    }
}
