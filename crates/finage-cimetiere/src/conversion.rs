//! A concession changed for a longer one, or given back.

use time::Date;

use crate::concession::{Contrat, Duree, Nature, accorder};
use crate::manquement::Manquement;
use crate::montant::Montant;
use crate::regles::concessions::{CONVERSION, RETROCESSION};

/// What a conversion gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {
    /// What stands against it.
    pub manquements: Vec<Manquement>,
    /// Value of the time left in what was paid.
    pub valeur_restante: Montant,
    /// What is to be paid; nothing is given back when the time left is worth more than the new price.
    pub du: Montant,
    /// The contract it makes, from that day, in place of the other.
    pub contrat: Contrat,
}

/// A concession in force changed for a longer one on a day: the new price less the value of the time left.
///
/// That value is what was paid, in proportion of the days left to the days of the whole period, to the nearest cent, a half
/// cent up.
#[must_use]
pub fn convertir(contrat: &Contrat, paye: Montant, duree: Duree, prix: Montant, le: Date) -> Conversion {
    let mut manquements = accorder(duree, le);
    if !contrat.en_cours(le) {
        let phrase =
            "La concession n'est pas en cours : échue, elle se renouvelle, pour une durée plus longue s'il le faut.";
        manquements.push(Manquement::new(&CONVERSION, le, phrase));
    }
    if !duree.plus_longue_que(contrat.duree) {
        let phrase = "Une concession ne se convertit qu'en une plus longue : choisissez une durée supérieure.";
        manquements.push(Manquement::new(&CONVERSION, le, phrase));
    }
    let valeur_restante = restant(contrat, paye, le).unwrap_or_default();
    Conversion {
        manquements,
        valeur_restante,
        du: prix.moins(valeur_restante),
        contrat: Contrat { nature: Nature::Conversion, duree, depart: le, fin_anticipee: None },
    }
}

/// A request to give a concession back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemandeRetrocession {
    /// Its day.
    pub le: Date,
    /// Whether the founder asks.
    pub par_fondateur: bool,
    /// Whether nobody rests there, or no longer.
    pub vide: bool,
    /// Whether the commune accepts: it is free to refuse.
    pub acceptee: bool,
}

/// What giving back a concession gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Retrocession {
    /// What stands against it.
    pub manquements: Vec<Manquement>,
    /// What is paid back at most.
    pub remboursement: Remboursement,
}

/// What is paid back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remboursement {
    /// In proportion of the time left.
    Prorata(Montant),
    /// A concession without end has no time left to count: the commune decides, up to that.
    AuPlus(Montant),
}

/// A concession given back on a day: what the commune kept of the price (the share of the CCAS stays with it), in
/// proportion of the days left, to the nearest cent, a half cent up.
///
/// ```
/// use finage_cimetiere::*;
/// use time::macros::date;
///
/// let contrat = Contrat { nature: Nature::Achat, duree: Duree::Trentenaire, depart: date!(1995 - 01 - 01), fin_anticipee: None };
/// let demande = DemandeRetrocession { le: date!(2005 - 01 - 01), par_fondateur: true, vide: true, acceptee: true };
/// let euros = |euros: i64| Montant::centimes(euros * 100).unwrap();
/// let rendu = retroceder(&contrat, euros(300), euros(100), &demande);
/// assert!(rendu.manquements.is_empty());
/// assert_eq!(rendu.remboursement, Remboursement::Prorata(Montant::centimes(13_333).unwrap()));
/// ```
#[must_use]
pub fn retroceder(contrat: &Contrat, paye: Montant, part_ccas: Montant, demande: &DemandeRetrocession) -> Retrocession {
    let mut manquements = Vec::new();
    let mut refuse = |phrase: &str| {
        manquements.push(Manquement::new(&RETROCESSION, demande.le, phrase));
    };
    if !demande.par_fondateur {
        refuse("Seul le fondateur peut rendre sa concession : ses héritiers sont tenus par son contrat.");
    }
    if !demande.vide {
        refuse("La concession n'est pas vide : des exhumations sont à faire d'abord.");
    }
    if !demande.acceptee {
        refuse("La commune n'a pas accepté la rétrocession : elle est libre de la refuser.");
    }
    if !contrat.en_cours(demande.le) {
        refuse("La concession n'est plus en cours : il n'y a rien à rendre.");
    }
    let base = paye.moins(part_ccas);
    let remboursement = restant(contrat, base, demande.le).map_or(Remboursement::AuPlus(base), Remboursement::Prorata);
    Retrocession { manquements, remboursement }
}

/// The part of an amount for the days left to a contract on a day; `None` without end.
fn restant(contrat: &Contrat, montant: Montant, le: Date) -> Option<Montant> {
    let echeance = contrat.echeance()?;
    let jours = |du: Date| u32::try_from((echeance - du).whole_days()).unwrap_or(0);
    Some(montant.prorata(jours(le), jours(contrat.depart).max(1)))
}
