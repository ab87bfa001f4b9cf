//! The recovery of a concession whose term is past, and of a grave of the common ground.

use rust_decimal::Decimal;
use time::Date;

use crate::concession::Contrat;
use crate::delai::{Delai, Unite};
use crate::manquement::Manquement;
use crate::regles::concessions::{ETENDUE, INFORMATION, REPRISE, ROTATION};

/// How the family was told of its right to renew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moyen {
    /// A letter, a message, a call, a publication: anything that may reach them.
    Utile,
    /// A notice in the cemetery alone, which is not enough.
    AffichageAuCimetiere,
}

/// One time the family was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Information {
    /// Its day.
    pub le: Date,
    /// How.
    pub moyen: Moyen,
}

/// Whether the ground of a concession may be taken back on a day for want of renewal.
///
/// `derniere_inhumation` is that of the last coffin still there; `informations` those about this term.
#[must_use]
pub fn reprendre_echue(
    contrat: &Contrat,
    informations: &[Information],
    derniere_inhumation: Option<Date>,
    le: Date,
) -> Vec<Manquement> {
    let Some(echeance) = contrat.echeance() else {
        let phrase = "Une concession perpétuelle n'a pas de terme : seule la procédure d'abandon peut la reprendre.";
        return vec![Manquement::new(&REPRISE, le, phrase)];
    };
    let mut manquements = Vec::new();
    let possible = REPRISE.au(le).son_delai().possible_des(echeance);
    manquements.extend(Manquement::trop_tot(&REPRISE, le, possible, "La famille peut encore renouveler"));
    let tenue = INFORMATION.versions().any(|regle| regle.en_vigueur(le));
    let informee = informations.iter().any(|information| information.le <= le && information.moyen == Moyen::Utile);
    if tenue && !informee {
        let phrase = "Rien ne montre que le titulaire ou ses ayants cause ont été informés de leur droit de renouveler, autrement que par une affiche au cimetière : informez-les et gardez-en la preuve.";
        manquements.push(Manquement::new(&INFORMATION, le, phrase));
    }
    manquements.extend(rouvrir(derniere_inhumation, None, le));
    manquements
}

/// Whether a grave may be opened on a day for another burial, or taken back: five years after the last one, or more where
/// the commune said so (`annees_locales`, never fewer than five).
#[must_use]
pub fn rouvrir(derniere_inhumation: Option<Date>, annees_locales: Option<u16>, le: Date) -> Option<Manquement> {
    let loi = ROTATION.au(le).son_delai();
    let delai = match annees_locales {
        Some(annees) if annees > loi.nombre => Delai::ecoule(annees, Unite::Annees),
        _ => loi,
    };
    let inhumation = derniere_inhumation?;
    let phrase = format!("La dernière inhumation n'a pas {delai}");
    Manquement::trop_tot(&ROTATION, le, delai.possible_des(inhumation), &phrase)
}

/// How large the common ground is, in the unit of what a year takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etendue {
    /// Graves, and graves a year.
    Places {
        /// In all.
        offertes: u32,
        /// Burials expected each year.
        par_an: u32,
    },
    /// Square metres, and burials a year of so many square metres each, passages included.
    Surface {
        /// In all, m².
        offerte_m2: Decimal,
        /// Burials expected each year.
        par_an: u32,
        /// Ground one takes, m².
        par_fosse_m2: Decimal,
    },
}

/// Whether the common ground is five times what a year takes.
#[must_use]
pub fn etendue_suffisante(etendue: Etendue, le: Date) -> Option<Manquement> {
    let facteur = ETENDUE.au(le).nombre();
    let (offert, voulu, unite) = match etendue {
        Etendue::Places { offertes, par_an } => {
            (Decimal::from(offertes), Decimal::from(u64::from(par_an) * u64::from(facteur)), "places")
        }
        Etendue::Surface { offerte_m2, par_an, par_fosse_m2 } => {
            let an = Decimal::from(par_an).saturating_mul(par_fosse_m2);
            (offerte_m2, an.saturating_mul(Decimal::from(facteur)), "m²")
        }
    };
    (offert < voulu).then(|| {
        let phrase = format!(
            "Le terrain commun offre {} {unite} ; il en faut {} ({facteur} fois une année) : reprenez des sépultures ou étendez-le.",
            offert.normalize(),
            voulu.normalize()
        );
        Manquement::new(&ETENDUE, le, phrase)
    })
}
