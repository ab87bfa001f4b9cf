//! Renewal: its window, the tariff it takes, the period it opens.

use time::Date;

use crate::concession::{Contrat, Duree, Nature, accorder};
use crate::delai::{jours_apres, lendemain};
use crate::manquement::Manquement;
use crate::phrase::jour;
use crate::regles::concessions::{FENETRE, PAIEMENT, REPRISE, TIERS};

/// The dates around a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fenetre {
    /// Day of the notice before the term, by the commune's practice.
    pub preavis: Date,
    /// Last day of the concession.
    pub echeance: Date,
    /// First day past the term.
    pub echue_des: Date,
    /// Last day of the right to renew.
    pub derniere_demande: Date,
    /// First day on which the commune may take the ground back.
    pub reprise_des: Date,
}

/// The dates around a term; `jours_avant` is how many days before it the notice goes.
///
/// ```
/// use finage_cimetiere::fenetre;
/// use time::macros::date;
///
/// let fenetre = fenetre(date!(1990 - 08 - 16), 90);
/// assert_eq!(fenetre.derniere_demande, date!(1992 - 08 - 16));
/// assert_eq!(fenetre.reprise_des, date!(1992 - 08 - 17));
/// ```
#[must_use]
pub fn fenetre(echeance: Date, jours_avant: u16) -> Fenetre {
    Fenetre {
        preavis: jours_apres(echeance, -i32::from(jours_avant)),
        echeance,
        echue_des: lendemain(echeance),
        derniere_demande: FENETRE.actuelle.son_delai().dernier_jour(echeance),
        reprise_des: REPRISE.actuelle.son_delai().possible_des(echeance),
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualite {
    /// The holder.
    Titulaire,
    /// One who holds the holder's rights.
    AyantCause,
    /// Anyone else.
    Tiers,
}

/// A request to renew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemandeRenouvellement {
    /// Its day.
    pub le: Date,
    /// Who asks.
    pub par: Qualite,
    /// For how long.
    pub duree: Duree,
    /// Whether a burial calls for it before the term.
    pub pour_inhumation: bool,
    /// Whether the commune has taken the ground back.
    pub terrain_repris: bool,
    /// Whether the price was paid.
    pub paye: bool,
}

/// What a renewal gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Renouvellement {
    /// What stands against it.
    pub manquements: Vec<Manquement>,
    /// The day whose tariff applies: the term, whatever the day of the request.
    pub tarif_au: Date,
    /// The contract it makes; it runs from the term.
    pub contrat: Contrat,
}

/// Judges a request to renew; `None` for a concession without end, which is not renewed.
///
/// The holder stays the same, whoever pays.
#[must_use]
pub fn renouveler(contrat: &Contrat, demande: &DemandeRenouvellement) -> Option<Renouvellement> {
    let echeance = contrat.echeance()?;
    let le = demande.le;
    let mut manquements = accorder(demande.duree, le);
    let fenetre = fenetre(echeance, 0);
    if le < echeance && !demande.pour_inhumation {
        let phrase =
            format!("La concession court jusqu'au {} : le droit de la renouveler s'ouvre ce jour-là.", jour(echeance));
        manquements.push(Manquement::new(&FENETRE, le, phrase).possible_le(echeance));
    }
    if demande.terrain_repris {
        let phrase = "La commune a repris le terrain : proposez une nouvelle concession.";
        manquements.push(Manquement::new(&FENETRE, le, phrase).passable(false));
    } else if le > fenetre.derniere_demande {
        let phrase = format!(
            "Le droit de renouveler s'est éteint le {} : le maire peut encore accepter, sans y être tenu.",
            jour(fenetre.derniere_demande)
        );
        manquements.push(Manquement::new(&FENETRE, le, phrase));
    }
    if contrat.rompu(le) {
        let phrase = "Ce contrat a pris fin avant son terme : il ne se renouvelle pas.";
        manquements.push(Manquement::new(&FENETRE, le, phrase).passable(false));
    }
    if demande.par == Qualite::Tiers {
        let phrase = "Le demandeur n'est ni titulaire ni ayant cause : s'il paie, le titulaire reste le même et lui n'acquiert aucun droit.";
        manquements.push(Manquement::new(&TIERS, le, phrase));
    }
    if !demande.paye {
        let phrase = "Le prix n'est pas encaissé : le titre ne se signe qu'après.";
        manquements.push(Manquement::new(&PAIEMENT, le, phrase));
    }
    let contrat =
        Contrat { nature: Nature::Renouvellement, duree: demande.duree, depart: echeance, fin_anticipee: None };
    Some(Renouvellement { manquements, tarif_au: echeance, contrat })
}
