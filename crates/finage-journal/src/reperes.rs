//! Where a chain starts and how far it went: checkpoints left by the purge, heads kept outside the database.

use crate::{Chaine, Cle, Defaut, Faute, Sceau};

/// The last line that a purge erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repere {
    /// Its rank.
    pub rang: i64,
    /// Its seal.
    pub sceau: Sceau,
    /// Every line erased is older than this instant, in microseconds since 2000-01-01 UTC.
    pub jusque: i64,
    /// When the purge ran, likewise.
    pub pose_le: i64,
}

/// The last line sealed, as the file beside the key says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tete {
    /// Its rank; 0 before the first line.
    pub rang: i64,
    /// Its seal.
    pub sceau: Sceau,
    /// When it was sealed, in microseconds since 2000-01-01 UTC.
    pub le: i64,
}

/// What the first line of a chain comes after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depart {
    /// Rank of the line before; 0 when nothing was ever purged.
    pub rang: i64,
    /// Its seal.
    pub sceau: Sceau,
}

impl Depart {
    /// The start of a chain that was never purged.
    pub const ORIGINE: Self = Self { rang: 0, sceau: Sceau::ORIGINE };
}

/// Where the chain starts: after the last of its checkpoints, given in the order of their ranks with their proofs.
///
/// # Errors
/// A checkpoint whose proof is wrong: it was changed, made without the key, or one before it is missing.
pub fn depart(
    cle: &Cle,
    chaine: Chaine,
    reperes: impl IntoIterator<Item = (Repere, Sceau)>,
) -> Result<(Depart, Sceau), Faute> {
    let (mut depart, mut avant) = (Depart::ORIGINE, Sceau::ORIGINE);
    for (repere, preuve) in reperes {
        let juste = cle.prouve_repere(chaine, &avant, &repere) == preuve && repere.rang > depart.rang;
        if !juste {
            return Err(Faute { chaine, rang: repere.rang, id: None, defaut: Defaut::Repere });
        }
        depart = Depart { rang: repere.rang, sceau: repere.sceau };
        avant = preuve;
    }
    Ok((depart, avant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_that_was_touched_or_taken_away_is_found() {
        let cle = Cle::new([1; 32]);
        let mut avant = Sceau::ORIGINE;
        let bons: Vec<(Repere, Sceau)> = (1..=3)
            .map(|n| {
                let repere = Repere { rang: 10 * n, sceau: Sceau([9; 32]), jusque: n, pose_le: n + 5 };
                avant = cle.prouve_repere(Chaine::Acces, &avant, &repere);
                (repere, avant)
            })
            .collect();
        let trouve = |reperes: &[(Repere, Sceau)]| depart(&cle, Chaine::Acces, reperes.iter().copied());
        assert_eq!(trouve(&bons).unwrap(), (Depart { rang: 30, sceau: Sceau([9; 32]) }, avant));
        let mut change = bons.clone();
        change[1].0.jusque += 1;
        assert_eq!(trouve(&change).unwrap_err().rang, 20);
        assert_eq!(trouve(&bons[1..]).unwrap_err().rang, 20);
        assert_eq!(trouve(&[bons[0], bons[2]]).unwrap_err().rang, 30);
        assert!(depart(&cle, Chaine::Acte, bons).is_err());
    }
}
