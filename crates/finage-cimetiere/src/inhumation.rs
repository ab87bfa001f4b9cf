//! When a burial may take place (R2213-33).

use time::{Date, Time};

use crate::delai::{jours_apres, lendemain};
use crate::feries::{Ressort, jours_non_feries_apres};
use crate::manquement::Manquement;
use crate::phrase::jour;
use crate::regle::{Regle, Valeur};
use crate::regles::operations::{APRES_DECES, DELAI, DEROGATION};

/// What the préfet granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derogation {
    /// For this burial, until a day of the préfet's choice.
    Individuelle {
        /// Last day.
        jusqu_au: Date,
    },
    /// For all burials of the département over some time: so many days, which the text bounds.
    Generale {
        /// Days from the death or the entry of the body.
        jours: u16,
    },
}

/// A burial, or a deposit in a temporary vault, and what its delay runs from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inhumation {
    /// Day of the death.
    pub deces: Date,
    /// Its hour, local time, when known.
    pub heure_deces: Option<Time>,
    /// Day of the burial.
    pub le: Date,
    /// Its hour, local time, when known.
    pub heure: Option<Time>,
    /// Day the body entered the territory, for a death abroad or overseas.
    pub entree_en_france: Option<Date>,
    /// Day the procureur allowed the burial, after a death with a medico-legal obstacle.
    pub autorisation_procureur: Option<Date>,
    /// What the préfet granted.
    pub derogation: Option<Derogation>,
    /// Whose holidays, for a death before 12 July 2024.
    pub ressort: Ressort,
}

impl Inhumation {
    /// A death and a burial, nothing special.
    #[must_use]
    pub fn simple(deces: Date, le: Date) -> Self {
        Self {
            deces,
            heure_deces: None,
            le,
            heure: None,
            entree_en_france: None,
            autorisation_procureur: None,
            derogation: None,
            ressort: Ressort::Commun,
        }
    }

    /// Day from which the delay runs: the latest of the death, the entry and the authorisation.
    fn depart(&self) -> Date {
        [self.entree_en_france, self.autorisation_procureur].into_iter().flatten().fold(self.deces, Date::max)
    }

    /// Last day, without the préfet.
    fn dernier_jour_de_droit(&self, regle: &Regle) -> Date {
        match regle.valeur {
            Valeur::JoursNonFeries(jours) => jours_non_feries_apres(self.depart(), jours, self.ressort),
            _ => regle.son_delai().dernier_jour(self.depart()),
        }
    }

    /// Last day on which the burial may take place, the préfet's derogation counted.
    ///
    /// ```
    /// use finage_cimetiere::{Derogation, Inhumation};
    /// use time::macros::date;
    ///
    /// let mut inhumation = Inhumation::simple(date!(2026 - 03 - 02), date!(2026 - 03 - 10));
    /// assert_eq!(inhumation.dernier_jour(), date!(2026 - 03 - 16));
    /// inhumation.derogation = Some(Derogation::Generale { jours: 30 });
    /// assert_eq!(inhumation.dernier_jour(), date!(2026 - 03 - 23), "vingt et un jours au plus");
    /// ```
    #[must_use]
    pub fn dernier_jour(&self) -> Date {
        let droit = self.dernier_jour_de_droit(DELAI.au(self.deces));
        match self.derogation {
            Some(Derogation::Individuelle { jusqu_au }) => droit.max(jusqu_au),
            Some(Derogation::Generale { jours }) if self.generale_vise() => {
                let plafond = DEROGATION.actuelle.son_delai().nombre;
                droit.max(jours_apres(self.depart(), jours.min(plafond).into()))
            }
            None | Some(Derogation::Generale { .. }) => droit,
        }
    }

    /// A general derogation exists since the decree of 2024, and not for the delay that the procureur starts.
    fn generale_vise(&self) -> bool {
        DEROGATION.actuelle.en_vigueur(self.deces) && self.autorisation_procureur.is_none()
    }

    /// What stands against it.
    #[must_use]
    pub fn juger(&self) -> Vec<Manquement> {
        let mut manquements = Vec::new();
        manquements.extend(self.trop_tot());
        for (date, quoi) in [
            (self.entree_en_france, "L'entrée du corps en France"),
            (self.autorisation_procureur, "L'autorisation du procureur"),
        ] {
            if date.is_some_and(|date| date < self.deces) {
                let phrase = format!("{quoi} est datée d'avant le décès : corrigez l'une des dates.");
                manquements.push(Manquement::new(&DELAI, self.deces, phrase));
            }
            if let Some(date) = date.filter(|date| *date > self.le) {
                let phrase = format!("{quoi} n'est que du {} : l'inhumation ne la précède pas.", jour(date));
                manquements.push(Manquement::new(&DELAI, self.deces, phrase).possible_le(date));
            }
        }
        manquements.extend(self.trop_tard());
        manquements
    }

    /// Twenty-four hours: sure from two days after the death; the day after it, if both hours say so.
    fn trop_tot(&self) -> Option<Manquement> {
        let ecart = (self.le - self.deces).whole_days();
        let surlendemain = lendemain(lendemain(self.deces));
        match ecart {
            ..0 => {
                let phrase = "L'inhumation est datée d'avant le décès : corrigez l'une des dates.";
                Some(Manquement::new(&APRES_DECES, self.deces, phrase).possible_le(surlendemain))
            }
            0 => {
                let phrase =
                    "Il faut vingt-quatre heures au moins après le décès : l'inhumation n'a pas lieu le jour même.";
                Some(Manquement::new(&APRES_DECES, self.deces, phrase).possible_le(surlendemain))
            }
            1 => match (self.heure_deces, self.heure) {
                (Some(deces), Some(heure)) if deces <= heure => None,
                (Some(_), Some(_)) => {
                    let phrase = "Il ne s'est pas écoulé vingt-quatre heures depuis le décès : choisissez une heure plus tardive, ou le lendemain.";
                    Some(Manquement::new(&APRES_DECES, self.deces, phrase).possible_le(surlendemain))
                }
                _ => {
                    let phrase = "Le lendemain du décès, il faut les heures du décès et de l'inhumation pour compter vingt-quatre heures : notez-les.";
                    Some(Manquement::new(&APRES_DECES, self.deces, phrase).possible_le(surlendemain).passable(true))
                }
            },
            _ => None,
        }
    }

    fn trop_tard(&self) -> Option<Manquement> {
        let dernier = self.dernier_jour();
        if self.le <= dernier {
            return None;
        }
        if let (Some(Derogation::Generale { jours }), true) = (self.derogation, self.generale_vise()) {
            let plafond = DEROGATION.actuelle.son_delai().nombre;
            let phrase = format!(
                "La dérogation générale ({} jours au plus) s'arrête au {} : il faut une dérogation individuelle du préfet.",
                jours.min(plafond),
                jour(dernier)
            );
            return Some(Manquement::new(&DEROGATION, self.deces, phrase));
        }
        let phrase = format!(
            "L'inhumation devait avoir lieu au plus tard le {} : il faut une dérogation individuelle du préfet.",
            jour(dernier)
        );
        Some(Manquement::new(&DELAI, self.deces, phrase))
    }
}
