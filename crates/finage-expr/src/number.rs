//! Exact decimal numbers: what is written is what is compared, as with PostgreSQL's `numeric`.

use std::fmt;
use std::ops::Neg;
use std::str::FromStr;

use thiserror::Error;

/// Digits kept after the point.
const DECIMALS: u8 = 12;
/// Digits kept before the point.
const INTEGER_DIGITS: u8 = 18;
/// One, in units of the last decimal.
const ONE: i128 = 1_000_000_000_000;
/// Most digits of a literal that is no integer: those a JSON number gives back as they were.
const LITERAL_DIGITS: usize = 15;

/// A decimal number of 18 digits before the point and 12 after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i128);

/// A number that is not one, or has more digits than are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("ce n'est pas un nombre d'au plus 18 chiffres avant la virgule et 12 après")]
pub struct NotDecimal;

impl Decimal {
    /// Whether it may be written in an expression: an integer, or a number that JSON gives back unchanged.
    pub(crate) fn is_literal(self) -> bool {
        if self.integer().is_some() {
            return true;
        }
        let digits = self.0.unsigned_abs().to_string();
        digits.trim_end_matches('0').len() <= LITERAL_DIGITS
    }

    /// As an integer, when it is one.
    pub(crate) fn integer(self) -> Option<i64> {
        (self.0 % ONE == 0).then(|| i64::try_from(self.0 / ONE).ok()).flatten()
    }
}

impl Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(i128::from(value) * ONE)
    }
}

impl FromStr for Decimal {
    type Err = NotDecimal;

    /// Reads `-12.50`, `.5`, `1e3`.
    fn from_str(text: &str) -> Result<Self, NotDecimal> {
        let (negative, text) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| NotDecimal)?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.len() + fraction.len() == 0 || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
        {
            return Err(NotDecimal);
        }
        let digits = [whole, fraction].concat();
        let significant = digits.trim_start_matches('0').trim_end_matches('0');
        if significant.is_empty() {
            return Ok(Self(0));
        }
        // Power of ten of the last significant digit.
        let dropped = digits.len() - digits.trim_end_matches('0').len();
        let last = i64::try_from(dropped).unwrap_or(i64::MAX) - i64::try_from(fraction.len()).unwrap_or(i64::MAX)
            + i64::from(exponent);
        let width = i64::try_from(significant.len()).unwrap_or(i64::MAX);
        let shift = last.saturating_add(i64::from(DECIMALS));
        if shift < 0 || last.saturating_add(width) > i64::from(INTEGER_DIGITS) {
            return Err(NotDecimal);
        }
        let shift = u32::try_from(shift).map_err(|_| NotDecimal)?;
        let units: i128 = significant.parse().map_err(|_| NotDecimal)?;
        let units = 10_i128.checked_pow(shift).and_then(|power| units.checked_mul(power)).ok_or(NotDecimal)?;
        Ok(Self(if negative { -units } else { units }))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.0.unsigned_abs();
        let (whole, fraction) = (units / ONE.unsigned_abs(), units % ONE.unsigned_abs());
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        if fraction != 0 {
            let digits = format!("{fraction:0width$}", width = usize::from(DECIMALS));
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<String> {
        text.parse::<Decimal>().ok().map(|decimal| decimal.to_string())
    }

    #[test]
    fn numbers_are_read_exactly_or_refused() {
        for (text, shown) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("1.50", "1.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("12.5E-2", "0.125"),
            ("0001200", "1200"),
            ("999999999999999999.999999999999", "999999999999999999.999999999999"),
            ("0.000000000001", "0.000000000001"),
            ("-100e-14", "-0.000000000001"),
        ] {
            assert_eq!(read(text).as_deref(), Some(shown), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "e5",
            "1e",
            "1e99999999999",
            "1000000000000000000",
            "0.0000000000001",
            "1_0",
            "٣",
            "NaN",
            "--1",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&format!("{}1", "0".repeat(60_000))).as_deref(), Some("1"));
        assert_eq!(read("1e2147483647"), None);
        assert_eq!(read("1e-2147483648"), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(units in -10_i128.pow(30) + 1..10_i128.pow(30)) {
            prop_assert_eq!(Decimal(units).to_string().parse(), Ok(Decimal(units)));
        }

        #[test]
        fn a_literal_survives_json(units in -10_i128.pow(15) + 1..10_i128.pow(15), power in 0..12_u32) {
            let decimal = Decimal(units * 10_i128.pow(power));
            prop_assert!(decimal.is_literal());
            let float: f64 = decimal.to_string().parse().unwrap();
            prop_assert_eq!(serde_json::Number::from_f64(float).unwrap().to_string().parse(), Ok(decimal));
        }
    }
}
