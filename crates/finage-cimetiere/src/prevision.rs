//! How many years a cemetery can go on granting.

use rust_decimal::{Decimal, RoundingStrategy};

/// The years of autonomy of a cemetery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Autonomie {
    /// About so many, to the tenth, rounded down: never more than there are.
    Annees(Decimal),
    /// As many plots come back as are granted, or more.
    SansFin,
    /// No year was counted.
    Inconnue,
}

/// Plots granted and plots that came back, in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Annee {
    /// Granted.
    pub octrois: u32,
    /// Recovered, given back.
    pub liberations: u32,
}

/// Years of autonomy: free plots over the mean of what the years took, net of what came back.
///
/// ```
/// use finage_cimetiere::{Annee, Autonomie, autonomie};
///
/// let annees = [Annee { octrois: 12, liberations: 4 }, Annee { octrois: 10, liberations: 6 }];
/// assert_eq!(autonomie(45, &annees), Autonomie::Annees("7.5".parse().unwrap()));
/// assert_eq!(autonomie(45, &[Annee { octrois: 3, liberations: 3 }]), Autonomie::SansFin);
/// assert_eq!(autonomie(45, &[]), Autonomie::Inconnue);
/// ```
#[must_use]
pub fn autonomie(libres: u32, annees: &[Annee]) -> Autonomie {
    let nombre = annees.iter().fold(0_i64, |nombre, _| nombre + 1);
    if nombre == 0 {
        return Autonomie::Inconnue;
    }
    let net = annees.iter().fold(0_i64, |net, annee| {
        net.saturating_add(i64::from(annee.octrois)).saturating_sub(i64::from(annee.liberations))
    });
    if net <= 0 {
        return Autonomie::SansFin;
    }
    let ans = Decimal::from(libres).saturating_mul(Decimal::from(nombre)).checked_div(Decimal::from(net));
    ans.map_or(Autonomie::Inconnue, |ans| {
        Autonomie::Annees(ans.round_dp_with_strategy(1, RoundingStrategy::ToZero).normalize())
    })
}
