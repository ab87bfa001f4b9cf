//! How a price is shared, to the cent.

use crate::montant::Montant;

/// The shares of an amount by whole weights: two thirds and one third are `[2, 1]`.
///
/// Each share is rounded down, then the cents left go one by one to the shares that lost most, the first of them when they
/// lost the same: the shares always sum to the whole. With no weight above zero the first takes all; with no weight at all
/// there is no share.
///
/// ```
/// use finage_cimetiere::{Montant, partager};
///
/// let parts = partager(Montant::centimes(10_000).unwrap(), &[2, 1]);
/// assert_eq!(parts.iter().map(|part| part.en_centimes()).collect::<Vec<_>>(), [6_667, 3_333]);
/// ```
#[must_use]
pub fn partager(total: Montant, poids: &[u16]) -> Vec<Montant> {
    let centimes = i128::from(total.en_centimes());
    let somme: i128 = poids.iter().copied().map(i128::from).sum();
    if somme == 0 {
        return poids.iter().enumerate().map(|(rang, _)| if rang == 0 { total } else { Montant::NUL }).collect();
    }
    let mut parts: Vec<(i128, i128)> = poids
        .iter()
        .map(|poids| {
            let produit = centimes * i128::from(*poids);
            (produit / somme, produit % somme)
        })
        .collect();
    let mut restent = centimes - parts.iter().map(|(part, _)| part).sum::<i128>();
    let mut ordre: Vec<usize> = (0..parts.len()).collect();
    ordre.sort_by_key(|rang| std::cmp::Reverse(parts[*rang].1));
    for rang in ordre {
        if restent == 0 {
            break;
        }
        parts[rang].0 += 1;
        restent -= 1;
    }
    parts
        .into_iter()
        .map(|(part, _)| i64::try_from(part).ok().and_then(|part| Montant::centimes(part).ok()).unwrap_or_default())
        .collect()
}
