//! Prices the council voted, by their dates of effect.

use rust_decimal::Decimal;
use time::Date;

use crate::concession::Duree;
use crate::delai::{Delai, Unite};
use crate::manquement::Manquement;
use crate::montant::{Montant, MontantRefuse};
use crate::regles::tarifs::{SURFACE, TAXES, VACATIONS};

/// Largest surface of a concession, m².
pub(crate) const MAX_SURFACE_M2: u16 = 1_000;

/// The price of a kind of concession from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tarif {
    /// What it prices: the nature of the plot and the commune's own distinctions (« case de columbarium », « hors
    /// commune »).
    pub objet: String,
    /// For how long.
    pub duree: Duree,
    /// First day it applies.
    pub du: Date,
    /// Last day it applies; none when it still does.
    pub au: Option<Date>,
    /// Up to two square metres.
    pub base: Montant,
    /// Each square metre beyond.
    pub metre_au_dela: Montant,
}

/// The price of an object for a duration on a day: of those that apply, the one that took effect last.
///
/// For a renewal the day is that of the term ([`crate::renouveler`]), whatever the day of the request.
#[must_use]
pub fn tarif_au<'a>(tarifs: &'a [Tarif], objet: &str, duree: Duree, le: Date) -> Option<&'a Tarif> {
    let applicables = tarifs.iter().filter(|tarif| {
        tarif.objet == objet && tarif.duree == duree && tarif.du <= le && tarif.au.is_none_or(|au| le <= au)
    });
    applicables.max_by_key(|tarif| tarif.du)
}

impl Tarif {
    /// Price of a surface, m²: the base, and each square metre beyond two; rounded once, to the nearest cent, a half up.
    ///
    /// # Errors
    ///
    /// Refuses a surface below zero or above 1,000 m², and a price too large.
    ///
    /// ```
    /// use finage_cimetiere::{Duree, Montant, Tarif};
    /// use time::macros::date;
    ///
    /// let euros = |euros: i64| Montant::centimes(euros * 100).unwrap();
    /// let tarif = Tarif {
    ///     objet: "concession".into(),
    ///     duree: Duree::Trentenaire,
    ///     du: date!(2024 - 01 - 01),
    ///     au: None,
    ///     base: euros(400),
    ///     metre_au_dela: euros(250),
    /// };
    /// assert_eq!(tarif.prix("2.00".parse().unwrap()), Ok(euros(400)));
    /// assert_eq!(tarif.prix("3.50".parse().unwrap()), Ok(euros(775)));
    /// ```
    pub fn prix(&self, surface_m2: Decimal) -> Result<Montant, MontantRefuse> {
        if surface_m2 < Decimal::ZERO || surface_m2 > Decimal::from(MAX_SURFACE_M2) {
            return Err(MontantRefuse::Surface);
        }
        let franchise = Decimal::from(SURFACE.au(self.du).nombre());
        surface_payee(self.base, self.metre_au_dela, franchise, surface_m2)
    }
}

/// The base, and each square metre beyond those it includes; rounded once, to the nearest cent, a half up.
pub(crate) fn surface_payee(
    base: Montant,
    metre_au_dela: Montant,
    comprise_m2: Decimal,
    surface_m2: Decimal,
) -> Result<Montant, MontantRefuse> {
    let au_dela = (surface_m2 - comprise_m2).max(Decimal::ZERO);
    let supplement = au_dela.checked_mul(metre_au_dela.en_euros()).ok_or(MontantRefuse::TropGrand)?;
    Montant::arrondi(base.en_euros() + supplement)
}

/// What a commune may ask to be paid, besides the price of concessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recette {
    /// Tax on processions.
    TaxeConvoi,
    /// Tax on burials.
    TaxeInhumation,
    /// Tax on cremations.
    TaxeCremation,
    /// Tax on the scattering of ashes.
    TaxeDispersion,
    /// Tax on the opening of a vault.
    TaxeOuvertureCaveau,
    /// A second burial and those after, where the council voted it.
    Superposition,
    /// Reduction or reunion of bodies by the commune's own service.
    ReductionOuReunion,
    /// The temporary vault, by day or month.
    CaveauProvisoire,
    /// Attendance at an operation that the law has attended.
    Vacation(Montant),
}

/// Whether something may be asked to be paid on a day.
#[must_use]
pub fn percevoir(recette: Recette, le: Date) -> Option<Manquement> {
    let taxe = match recette {
        Recette::TaxeConvoi => "de convoi",
        Recette::TaxeInhumation => "d'inhumation",
        Recette::TaxeCremation => "de crémation",
        Recette::TaxeDispersion => "de dispersion des cendres",
        Recette::TaxeOuvertureCaveau => "d'ouverture de caveau",
        Recette::Superposition | Recette::ReductionOuReunion | Recette::CaveauProvisoire => return None,
        Recette::Vacation(montant) => return vacation(montant, le),
    };
    TAXES.actuelle.en_vigueur(le).then(|| {
        let phrase = format!(
            "La taxe {taxe} est supprimée depuis le 1er janvier 2021 : retirez-la du catalogue, ou dites quel service elle rémunère."
        );
        Manquement::new(&TAXES, le, phrase)
    })
}

fn vacation(montant: Montant, le: Date) -> Option<Manquement> {
    let crate::regle::Valeur::Euros(moins, plus) = VACATIONS.au(le).valeur else {
        return None;
    };
    let centimes = montant.en_centimes();
    (centimes < i64::from(moins) * 100 || centimes > i64::from(plus) * 100).then(|| {
        let phrase = format!(
            "Une vacation est comprise entre {moins} et {plus} euros : le maire en fixe le montant dans ces bornes."
        );
        Manquement::new(&VACATIONS, le, phrase)
    })
}

/// Price of the burials beyond the first in one plot, where the council voted it.
///
/// # Errors
///
/// Refuses a price too large.
pub fn superposition(par_corps: Montant, corps_deja_presents: u32, nouveaux: u32) -> Result<Montant, MontantRefuse> {
    let payants = if corps_deja_presents == 0 { nouveaux.saturating_sub(1) } else { nouveaux };
    par_corps.fois(payants)
}

/// How a temporary vault is priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occupation {
    /// Each day.
    ParJour(Montant),
    /// Each month that was begun.
    ParMoisCommence(Montant),
}

impl Occupation {
    /// Price from the day of entry, counted, to that of exit, not counted: one day, or one month, at least.
    ///
    /// # Errors
    ///
    /// Refuses a price too large.
    ///
    /// ```
    /// use finage_cimetiere::{Montant, Occupation};
    /// use time::macros::date;
    ///
    /// let un_euro = Montant::centimes(100).unwrap();
    /// let (du, au) = (date!(2026 - 01 - 31), date!(2026 - 03 - 01));
    /// assert_eq!(Occupation::ParJour(un_euro).prix(du, au), Montant::centimes(2_900));
    /// assert_eq!(Occupation::ParMoisCommence(un_euro).prix(du, au), Montant::centimes(200));
    /// ```
    pub fn prix(self, du: Date, au: Date) -> Result<Montant, MontantRefuse> {
        match self {
            Self::ParJour(montant) => montant.fois(u32::try_from((au - du).whole_days()).unwrap_or(0).max(1)),
            Self::ParMoisCommence(montant) => montant.fois(mois_commences(du, au)),
        }
    }
}

/// Months begun from a day to another, one at least.
fn mois_commences(du: Date, au: Date) -> u32 {
    let rang = |date: Date| i64::from(date.year()) * 12 + i64::from(u8::from(date.month()));
    let mois = u16::try_from(rang(au) - rang(du)).unwrap_or(if au > du { u16::MAX } else { 0 });
    let entame = Delai::ecoule(mois, Unite::Mois).dernier_jour(du) < au;
    (u32::from(mois) + u32::from(entame)).max(1)
}
