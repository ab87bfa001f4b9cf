//! A parcel number while it is being typed.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::error::quoted;
use crate::{Numero, ReferenceError};

/// The digits typed so far for a parcel number: one to four.
///
/// `14` means parcel 14 and, the person perhaps still typing, 140 to 149 and 1400 to 1499; four digits
/// mean one parcel; `01` means parcel 1 and, being the start of the padded form, 100 to 199.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumeroQuery {
    value: u16,
    typed: u32,
    padded: bool,
}

impl NumeroQuery {
    /// The parcel number that was typed, when it is one by itself (`0` and `00` are not).
    #[must_use]
    pub fn exact(&self) -> Option<Numero> {
        Numero::try_from(self.value).ok()
    }

    /// Whether no more digits can follow.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.typed == 4
    }

    /// The numbers meant, as inclusive ranges in ascending order: the exact one first, then those it begins.
    #[must_use]
    pub fn ranges(&self) -> Vec<RangeInclusive<u16>> {
        let mut ranges = Vec::with_capacity(4);
        ranges.extend((self.value > 0).then_some(self.value..=self.value));
        let longest = 4_u32.saturating_sub(self.typed);
        // A padded form has one length, so only its last step counts.
        let shortest = if self.padded { longest.max(1) } else { 1 };
        for more in shortest..=longest {
            let step = 10_u16.pow(more);
            let first = self.value * step;
            ranges.push(first.max(1)..=first + (step - 1));
        }
        ranges
    }

    /// Whether this parcel is meant.
    #[must_use]
    pub fn matches(&self, numero: Numero) -> bool {
        self.ranges().iter().any(|range| range.contains(&numero.value()))
    }
}

impl From<Numero> for NumeroQuery {
    fn from(numero: Numero) -> Self {
        Self { value: numero.value(), typed: 4, padded: numero.as_str().starts_with('0') }
    }
}

impl FromStr for NumeroQuery {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let value: u16 = text.parse().map_err(|_| ReferenceError::Numero(quoted(text)))?;
        if !digits || (value == 0 && text.len() == 4) {
            return Err(ReferenceError::Numero(quoted(text)));
        }
        let typed = u32::try_from(text.len()).unwrap_or(4);
        Ok(Self { value, typed, padded: text.starts_with('0') })
    }
}

impl fmt::Display for NumeroQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_mean_the_number_and_what_it_begins() {
        let ranges = |text: &str| text.parse::<NumeroQuery>().unwrap().ranges();
        assert_eq!(ranges("14"), [14..=14, 140..=149, 1400..=1499]);
        assert_eq!(ranges("0145"), [145..=145]);
        assert_eq!(ranges("01"), [1..=1, 100..=199]);
        assert_eq!(ranges("0"), [1..=999]);
        assert_eq!(ranges("9999"), [9999..=9999]);
        assert!("0000".parse::<NumeroQuery>().is_err());
        assert!("+145".parse::<NumeroQuery>().is_err());
    }

    proptest! {
        #[test]
        fn every_prefix_of_a_number_finds_it(value in 1_u16..=9999, cut in 1_usize..=4) {
            let numero = Numero::try_from(value).unwrap();
            for form in [numero.as_str(), numero.short()] {
                let typed = &form[..cut.min(form.len())];
                prop_assert!(typed.parse::<NumeroQuery>().unwrap().matches(numero), "{typed} of {form}");
            }
        }

        #[test]
        fn ranges_ascend_without_overlap(text in "[0-9]{1,4}") {
            if let Ok(query) = text.parse::<NumeroQuery>() {
                let ranges = query.ranges();
                prop_assert!(ranges.windows(2).all(|pair| pair[0].end() < pair[1].start()));
                prop_assert!(ranges.iter().all(|range| range.start() <= range.end() && *range.end() <= 9999));
            }
        }
    }
}
