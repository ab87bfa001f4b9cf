//! What several tests say.

use finage_cimetiere::{Contrat, Duree, Manquement, Montant, Nature};
use time::Date;

pub fn codes(manquements: &[Manquement]) -> Vec<&'static str> {
    manquements.iter().map(|manquement| manquement.regle.code).collect()
}

pub fn contrat(duree: Duree, depart: Date) -> Contrat {
    Contrat { nature: Nature::Achat, duree, depart, fin_anticipee: None }
}

pub fn euros(euros: i64) -> Montant {
    Montant::centimes(euros * 100).unwrap()
}

pub fn hier(date: Date) -> Date {
    date.previous_day().unwrap()
}

pub fn demain(date: Date) -> Date {
    date.next_day().unwrap()
}
