//! What each step waits for.

use time::Date;

use super::{Etape, Procedure};
use crate::manquement::Manquement;
use crate::phrase::jour;
use crate::regle::Texte;
use crate::regles::abandon::{
    AFFICHAGE, AFFICHAGE_DUREE, AFFICHAGE_INTERVALLE, ATTENTE, AVIS, DELIBERATION, ENLEVEMENT, NOTIFICATION, ORDRE,
    UN_AN_DEPUIS,
};
use crate::regles::operations::OSSUAIRE;

/// A condition on the day of a step.
#[derive(Debug, Clone, Copy)]
enum Condition {
    /// After another, by the delay of a rule.
    Apres(Etape, &'static Texte),
    /// At the latest so long after another.
    AuPlusTard(Etape, &'static Texte),
    /// A posting after the month of the one before, and the days between.
    Reaffichage(Etape),
    /// After the wait that follows the three postings.
    Attente,
}

fn conditions(etape: Etape) -> Vec<Condition> {
    use Condition::{Apres, Attente, AuPlusTard, Reaffichage};
    match etape {
        Etape::PremierAvis => vec![],
        Etape::PremierProcesVerbal => vec![Apres(Etape::PremierAvis, &AVIS)],
        Etape::PremiereNotification => {
            vec![Apres(Etape::PremierProcesVerbal, &ORDRE), AuPlusTard(Etape::PremierProcesVerbal, &NOTIFICATION)]
        }
        Etape::PremierAffichage => {
            vec![Apres(Etape::PremierProcesVerbal, &ORDRE), AuPlusTard(Etape::PremierProcesVerbal, &AFFICHAGE)]
        }
        Etape::DeuxiemeAffichage => vec![Reaffichage(Etape::PremierAffichage)],
        Etape::TroisiemeAffichage => vec![Reaffichage(Etape::DeuxiemeAffichage)],
        Etape::Certificat => vec![Apres(Etape::TroisiemeAffichage, &AFFICHAGE_DUREE)],
        Etape::Liste => vec![Apres(Etape::PremierProcesVerbal, &ORDRE)],
        Etape::SecondAvis => vec![
            Apres(Etape::PremiereNotification, &ORDRE),
            Apres(Etape::Certificat, &ORDRE),
            Apres(Etape::Liste, &ORDRE),
        ],
        Etape::SecondProcesVerbal => vec![Apres(Etape::SecondAvis, &AVIS), Attente],
        Etape::SecondeNotification => vec![Apres(Etape::SecondProcesVerbal, &ORDRE)],
        Etape::Deliberation => {
            vec![Apres(Etape::SecondProcesVerbal, &ORDRE), Apres(Etape::SecondeNotification, &DELIBERATION)]
        }
        Etape::Arrete => vec![Apres(Etape::Deliberation, &ORDRE)],
        Etape::Publication | Etape::NotificationArrete => vec![Apres(Etape::Arrete, &ORDRE)],
        Etape::Enlevement | Etape::Exhumation => {
            vec![Apres(Etape::Publication, &ENLEVEMENT), Apres(Etape::NotificationArrete, &ENLEVEMENT)]
        }
        Etape::Registre => vec![Apres(Etape::Exhumation, &ORDRE)],
        Etape::Liberation => {
            vec![Apres(Etape::Enlevement, &ORDRE), Apres(Etape::Exhumation, &ORDRE), Apres(Etape::Registre, &OSSUAIRE)]
        }
    }
}

/// First day of a step, as one of its conditions has it.
enum Depart {
    /// Nothing to wait for.
    Libre,
    /// From a day, by a rule.
    Des(Date, &'static Texte),
    /// Another step is to be taken first.
    Manque(Etape),
}

impl Condition {
    /// The step that it waits for.
    fn attend(self) -> Etape {
        match self {
            Self::Apres(avant, _) | Self::AuPlusTard(avant, _) | Self::Reaffichage(avant) => avant,
            Self::Attente => Etape::TroisiemeAffichage,
        }
    }
}

impl Procedure {
    /// Steps already taken that waited for this one, and that its day, or its absence, would make irregular.
    #[must_use]
    pub fn suites_contraires(&self, etape: Etape) -> Vec<Manquement> {
        let suites =
            Etape::TOUTES.into_iter().filter(|suite| conditions(*suite).iter().any(|une| une.attend() == etape));
        let contraires = suites.filter_map(|suite| {
            let faite = self.tenue(suite)?;
            let fautes = self.juger(suite, faite);
            fautes.iter().any(|faute| !faute.passable).then(|| {
                let phrase = format!(
                    "{}, du {}, viendrait alors contre l'ordre des textes : retirez d'abord cette étape, ou corrigez la date.",
                    majuscule(suite.libelle()),
                    jour(faite)
                );
                Manquement::new(&ORDRE, faite, phrase)
            })
        });
        contraires.collect()
    }

    /// What stands against a step on a day.
    pub(super) fn juger(&self, etape: Etape, le: Date) -> Vec<Manquement> {
        let mut manquements = Vec::new();
        if etape == Etape::PremierAvis {
            manquements.extend(self.concession.eligible(le));
            manquements.extend(self.apres_l_entretien(le));
        }
        for condition in conditions(etape) {
            match self.depart(condition) {
                Depart::Libre => {}
                Depart::Manque(avant) => {
                    let phrase = format!("Il faut d'abord {}.", avant.libelle());
                    manquements.push(Manquement::new(&ORDRE, le, phrase));
                }
                Depart::Des(possible, texte) => {
                    let phrase = format!("{} vient trop tôt", majuscule(etape.libelle()));
                    manquements.extend(Manquement::trop_tot(texte, le, possible, &phrase));
                }
            }
            if let Some((dernier, texte)) = self.dernier_jour(condition).filter(|(dernier, _)| *dernier < le) {
                let phrase = format!(
                    "{} devait se faire au plus tard le {} : dressez un nouveau procès-verbal.",
                    majuscule(etape.libelle()),
                    jour(dernier)
                );
                manquements.push(Manquement::new(texte, le, phrase));
            }
        }
        manquements
    }

    /// First day on which a step may be taken, as far as the steps before it say; `None` while one of them is missing.
    pub(super) fn au_plus_tot(&self, etape: Etape) -> Option<Date> {
        conditions(etape).into_iter().try_fold(Date::MIN, |plus_tot, condition| match self.depart(condition) {
            Depart::Libre => Some(plus_tot),
            Depart::Des(possible, _) => Some(plus_tot.max(possible)),
            Depart::Manque(_) => None,
        })
    }

    /// Last day on which a step may be taken, if it has one.
    pub(super) fn au_plus_tard(&self, etape: Etape) -> Option<Date> {
        conditions(etape)
            .into_iter()
            .filter_map(|condition| self.dernier_jour(condition))
            .map(|(dernier, _)| dernier)
            .min()
    }

    fn depart(&self, condition: Condition) -> Depart {
        match condition {
            Condition::AuPlusTard(..) => Depart::Libre,
            Condition::Apres(avant, texte) => {
                // What is not notified runs from the report or the publication that it would follow.
                let Some(date) = self.tenue(avant) else {
                    return if self.sans_objet(avant) {
                        self.faute_de_notification(avant, texte)
                    } else {
                        Depart::Manque(avant)
                    };
                };
                Depart::Des(texte.actuelle.son_delai().possible_des(date), texte)
            }
            Condition::Reaffichage(avant) => match self.tenue(avant) {
                None => Depart::Manque(avant),
                Some(pose) => {
                    let retrait = AFFICHAGE_DUREE.actuelle.son_delai().possible_des(pose);
                    let possible = AFFICHAGE_INTERVALLE.actuelle.son_delai().possible_des(retrait);
                    Depart::Des(possible, &AFFICHAGE_INTERVALLE)
                }
            },
            Condition::Attente => match self.tenue(Etape::TroisiemeAffichage) {
                None => Depart::Manque(Etape::TroisiemeAffichage),
                Some(pose) => {
                    let publicite = AFFICHAGE_DUREE.actuelle.son_delai().possible_des(pose);
                    // Upkeep that left the postings standing starts the wait again.
                    let depart = self.entretien().map_or(publicite, |entretien| entretien.max(publicite));
                    Depart::Des(attente(depart), &ATTENTE)
                }
            },
        }
    }

    fn faute_de_notification(&self, notification: Etape, texte: &'static Texte) -> Depart {
        let autre = match notification {
            Etape::SecondeNotification => Etape::SecondProcesVerbal,
            _ => return Depart::Libre,
        };
        match self.tenue(autre) {
            None => Depart::Manque(autre),
            Some(date) => Depart::Des(texte.actuelle.son_delai().possible_des(date), texte),
        }
    }

    fn dernier_jour(&self, condition: Condition) -> Option<(Date, &'static Texte)> {
        let Condition::AuPlusTard(avant, texte) = condition else {
            return None;
        };
        self.tenue(avant).map(|date| (texte.actuelle.son_delai().dernier_jour(date), texte))
    }

    /// A first notice after upkeep comes after it.
    fn apres_l_entretien(&self, le: Date) -> Option<Manquement> {
        let entretien = self.entretien()?;
        let caduque = self.caduque(Etape::PremierAvis).is_some();
        let possible = crate::delai::lendemain(entretien);
        caduque.then(|| {
            Manquement::trop_tot(
                &crate::regles::abandon::ENTRETIEN,
                le,
                possible,
                "Un acte d'entretien a fait cesser l'abandon",
            )
        })?
    }
}

/// First day of the second report: after one year since the law of 2022, procedures under way included, or after three
/// years for those that had waited them before.
fn attente(depart: Date) -> Date {
    let un_an = ATTENTE.actuelle.son_delai().possible_des(depart).max(UN_AN_DEPUIS);
    let anciennes = ATTENTE.anciennes.iter().map(|regle| regle.son_delai().possible_des(depart));
    anciennes.fold(un_an, Date::min)
}

fn majuscule(libelle: &str) -> String {
    let mut lettres = libelle.chars();
    lettres.next().map_or_else(String::new, |premiere| premiere.to_uppercase().chain(lettres).collect())
}
