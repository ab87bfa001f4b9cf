//! JSON numbers as f64, correctly rounded, fast on the short decimals of coordinates.

/// Powers of ten that f64 holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];
/// Integers up to here are exact in f64.
const EXACT_INTEGER: u64 = 1 << 53;

/// Reads the number at the start of `bytes`: its value and its length; `None` when it is no JSON number.
///
/// A mantissa below 2^53 over a power of ten up to 22 needs one division of two exact values, which is
/// correctly rounded (Clinger 1990, fast path); anything longer goes through the standard parser.
#[inline]
pub(crate) fn number(bytes: &[u8]) -> Option<(f64, usize)> {
    let negative = bytes.first() == Some(&b'-');
    let start = usize::from(negative);
    let mut at = start;
    let mut mantissa: u64 = 0;
    while let Some(digit) = digit_at(bytes, at) {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
        at += 1;
    }
    let mut digits = at - start;
    // JSON has no leading zero and no empty integer part.
    if digits == 0 || (digits > 1 && bytes.get(start) == Some(&b'0')) {
        return None;
    }
    let mut decimals = 0;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        let point = at;
        while let Some(digit) = digit_at(bytes, at) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
            at += 1;
        }
        decimals = at - point;
        digits += decimals;
        if decimals == 0 {
            return None;
        }
    }
    let exponent = matches!(bytes.get(at), Some(b'e' | b'E'));
    // Nineteen digits never overflow u64, so the wrapping above did not wrap.
    if !exponent && digits <= 19 && mantissa <= EXACT_INTEGER && decimals < EXACT_POWERS.len() {
        #[expect(clippy::cast_precision_loss, reason = "the mantissa was checked to be exact in f64")]
        let value = mantissa as f64 / EXACT_POWERS[decimals];
        return Some((if negative { -value } else { value }, at));
    }
    if exponent {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        let first = at;
        while digit_at(bytes, at).is_some() {
            at += 1;
        }
        if at == first {
            return None;
        }
    }
    let value = std::str::from_utf8(bytes.get(..at)?).ok()?.parse().ok()?;
    Some((value, at))
}

#[inline]
fn digit_at(bytes: &[u8], at: usize) -> Option<u64> {
    let digit = bytes.get(at)?.wrapping_sub(b'0');
    (digit < 10).then_some(u64::from(digit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_json_numbers_are_read() {
        for (text, value) in [("0", 0.0), ("-0.5]", -0.5), ("4.651207,", 4.651_207), ("1e3", 1000.0), ("12E-1", 1.2)] {
            assert_eq!(number(text.as_bytes()).unwrap().0.to_bits(), f64::to_bits(value), "{text}");
        }
        for bad in ["", "-", "01", ".5", "5.", "+1", "1e", "1e+", "NaN", "Infinity", "-.5", "x"] {
            assert!(number(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(number(b"1e999").unwrap().0.is_infinite());
    }

    proptest! {
        #[test]
        fn the_value_is_that_of_the_standard_parser(text in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?") {
            let (value, length) = number(text.as_bytes()).unwrap();
            prop_assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits());
            prop_assert_eq!(length, text.len());
        }
    }
}
