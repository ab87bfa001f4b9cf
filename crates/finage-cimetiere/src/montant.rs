//! Money: whole cents, so that sums are exact.

use rust_decimal::{Decimal, RoundingStrategy};

/// Largest amount, cents: ten billion euros.
const MAX_CENTIMES: i64 = 1_000_000_000_000;

/// A sum that is no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MontantRefuse {
    /// Below zero.
    #[error("un montant ne peut être négatif")]
    Negatif,
    /// Beyond what Finage counts.
    #[error("un montant ne dépasse pas dix milliards d'euros")]
    TropGrand,
    /// Finer than a cent.
    #[error("un montant s'écrit au centime")]
    TropFin,
    /// A surface out of bounds.
    #[error("une surface est comprise entre 0 et 1 000 m²")]
    Surface,
}

/// An amount in euros, from zero to ten billion, to the cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Montant(i64);

impl Montant {
    /// Nothing.
    pub const NUL: Self = Self(0);

    /// Of whole cents.
    ///
    /// # Errors
    ///
    /// Refuses a negative or too large number.
    pub fn centimes(centimes: i64) -> Result<Self, MontantRefuse> {
        match centimes {
            ..0 => Err(MontantRefuse::Negatif),
            0..=MAX_CENTIMES => Ok(Self(centimes)),
            _ => Err(MontantRefuse::TropGrand),
        }
    }

    /// Of euros written to the cent.
    ///
    /// # Errors
    ///
    /// Refuses what is negative, too large or finer than a cent.
    ///
    /// ```
    /// use finage_cimetiere::{Montant, MontantRefuse};
    ///
    /// let prix = Montant::euros("250.50".parse().unwrap()).unwrap();
    /// assert_eq!(prix.en_centimes(), 25_050);
    /// assert_eq!(Montant::euros("0.001".parse().unwrap()), Err(MontantRefuse::TropFin));
    /// ```
    pub fn euros(euros: Decimal) -> Result<Self, MontantRefuse> {
        if euros.normalize().scale() > 2 {
            return Err(MontantRefuse::TropFin);
        }
        Self::arrondi(euros)
    }

    /// Of euros rounded to the nearest cent, a half cent up.
    ///
    /// # Errors
    ///
    /// Refuses what is negative or too large.
    pub fn arrondi(euros: Decimal) -> Result<Self, MontantRefuse> {
        if euros.is_sign_negative() && !euros.is_zero() {
            return Err(MontantRefuse::Negatif);
        }
        let centimes = euros
            .checked_mul(Decimal::ONE_HUNDRED)
            .map(|cents| cents.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero))
            .and_then(|cents| i64::try_from(cents).ok());
        centimes.ok_or(MontantRefuse::TropGrand).and_then(Self::centimes)
    }

    /// In cents.
    #[must_use]
    pub fn en_centimes(self) -> i64 {
        self.0
    }

    /// In euros.
    #[must_use]
    pub fn en_euros(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// The sum of two.
    ///
    /// # Errors
    ///
    /// Refuses a sum that is too large.
    pub fn plus(self, autre: Self) -> Result<Self, MontantRefuse> {
        Self::centimes(self.0 + autre.0)
    }

    /// As many times.
    ///
    /// # Errors
    ///
    /// Refuses a product that is too large.
    pub fn fois(self, nombre: u32) -> Result<Self, MontantRefuse> {
        Self::arrondi(self.en_euros() * Decimal::from(nombre))
    }

    /// What is left of it, zero when the other is larger.
    #[must_use]
    pub fn moins(self, autre: Self) -> Self {
        Self((self.0 - autre.0).max(0))
    }

    /// Its part for some days of a whole, rounded to the nearest cent, a half cent up; all of it beyond the whole.
    pub(crate) fn prorata(self, jours: u32, sur: u32) -> Self {
        if jours >= sur {
            return self;
        }
        let (numerateur, sur) = (i128::from(self.0) * i128::from(jours) * 2, i128::from(sur));
        i64::try_from((numerateur + sur) / (2 * sur)).map_or(self, Self)
    }
}
