//! Where a procedure stands on a day.

use time::Date;

use super::{Etape, Procedure};
use crate::manquement::{Manquement, possible_des};
use crate::phrase::jour;
use crate::regles::abandon::{ENTRETIEN, ORDRE};
use crate::statut::Reprise;

/// The state of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Etat {
    /// Taken on a day; irregular when something stood against it.
    Faite {
        /// Its day.
        le: Date,
        /// What stood against it.
        manquements: Vec<Manquement>,
    },
    /// May be taken that day.
    Possible {
        /// Last day, if it has one.
        au_plus_tard: Option<Date>,
    },
    /// Waiting is enough.
    TropTot {
        /// First day.
        des: Date,
        /// What to wait for.
        manquements: Vec<Manquement>,
    },
    /// Something else is needed first.
    Bloquee {
        /// What.
        manquements: Vec<Manquement>,
    },
    /// Undone by an act of upkeep: to be taken again.
    Caduque {
        /// The day it had been taken.
        faite: Date,
        /// Why it no longer holds, and what stands against taking it again.
        manquements: Vec<Manquement>,
    },
    /// Nobody to notify.
    SansObjet,
}

/// A step and its state.
#[derive(Debug, Clone, PartialEq)]
pub struct Ligne {
    /// The step.
    pub etape: Etape,
    /// Its state.
    pub etat: Etat,
    /// First day the steps before it allow, when they are all taken.
    pub au_plus_tot: Option<Date>,
}

/// The checklist of a procedure on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Avancement {
    /// Every step, in order.
    pub lignes: Vec<Ligne>,
    /// The next step to take, the first that is neither taken nor without object; none at the end.
    pub prochaine: Option<Etape>,
    /// The act of upkeep that stopped it, if any.
    pub entretien: Option<Date>,
}

impl Avancement {
    /// The state of a step.
    #[must_use]
    pub fn etat(&self, etape: Etape) -> Option<&Etat> {
        self.lignes.iter().find(|ligne| ligne.etape == etape).map(|ligne| &ligne.etat)
    }

    /// What the status of the plot takes from it.
    #[must_use]
    pub fn reprise(&self) -> Reprise {
        let faite = |etape| matches!(self.etat(etape), Some(Etat::Faite { .. }));
        if faite(Etape::Liberation) {
            Reprise::Achevee
        } else if faite(Etape::Arrete) {
            Reprise::Prononcee
        } else if faite(Etape::PremierProcesVerbal) {
            Reprise::AbandonEnCours
        } else {
            Reprise::Aucune
        }
    }
}

impl Procedure {
    /// Where it stands on a day: each step taken, possible, too early or blocked, with the reasons.
    #[must_use]
    pub fn avancement(&self, le: Date) -> Avancement {
        let lignes: Vec<Ligne> = Etape::TOUTES.into_iter().map(|etape| self.ligne(etape, le)).collect();
        let a_prendre = |ligne: &&Ligne| !matches!(ligne.etat, Etat::Faite { .. } | Etat::SansObjet);
        let prochaine = lignes.iter().find(a_prendre).map(|ligne| ligne.etape);
        Avancement { lignes, prochaine, entretien: self.entretien() }
    }

    fn ligne(&self, etape: Etape, le: Date) -> Ligne {
        Ligne {
            etape,
            etat: self.etat(etape, le),
            au_plus_tot: self.au_plus_tot(etape).filter(|date| *date > Date::MIN),
        }
    }

    fn etat(&self, etape: Etape, le: Date) -> Etat {
        if let (Some(entretien), Some(faite)) = (self.caduque(etape), self.faites.get(&etape).copied()) {
            let phrase = format!(
                "L'acte d'entretien du {} a fait cesser l'abandon : cette étape du {} est à refaire.",
                jour(entretien),
                jour(faite)
            );
            let mut manquements = vec![Manquement::new(&ENTRETIEN, le, phrase)];
            manquements.extend(self.juger(etape, le));
            return Etat::Caduque { faite, manquements };
        }
        if let Some(faite) = self.tenue(etape) {
            return Etat::Faite { le: faite, manquements: self.juger(etape, faite) };
        }
        if self.sans_objet(etape) {
            return Etat::SansObjet;
        }
        let mut manquements = self.juger(etape, le);
        manquements.extend(self.irregulieres(etape, le));
        if manquements.is_empty() {
            return Etat::Possible { au_plus_tard: self.au_plus_tard(etape) };
        }
        match possible_des(&manquements) {
            Some(des) => Etat::TropTot { des, manquements },
            None => Etat::Bloquee { manquements },
        }
    }

    /// Steps taken before this one against the texts: what follows them would fall with them.
    fn irregulieres(&self, etape: Etape, le: Date) -> Vec<Manquement> {
        let avant = Etape::TOUTES.into_iter().filter(|avant| *avant < etape);
        let irreguliere = avant.filter_map(|avant| {
            let faite = self.tenue(avant)?;
            let fautes = self.juger(avant, faite);
            fautes.iter().any(|faute| !faute.passable).then(|| {
                let phrase =
                    format!("Le {}, {} était contraire aux textes : à reprendre.", jour(faite), avant.libelle());
                Manquement::new(&ORDRE, le, phrase)
            })
        });
        irreguliere.collect()
    }
}
