//! Numbers as French typography writes them.

/// Narrow no-break space, between groups of three digits.
pub(crate) const FINE: char = '\u{202f}';
/// No-break space, before a unit.
pub(crate) const INSECABLE: char = '\u{a0}';

/// `12345` as « 12 345 », with narrow no-break spaces.
pub(crate) fn entier(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (rank, digit) in digits.chars().enumerate() {
        if rank > 0 && (digits.len() - rank).is_multiple_of(3) {
            text.push(FINE);
        }
        text.push(digit);
    }
    text
}

/// A coordinate in whole metres, with its sign.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded to whole metres on purpose")]
pub(crate) fn metres(value: f64) -> String {
    let sign = if value.round() < 0.0 { "-" } else { "" };
    format!("{sign}{}", entier(value.abs().round() as u64))
}

/// An area: « 1 234 m² », with one decimal under 10 m²; a dash when it is no number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "tenths of m², checked to be positive")]
pub(crate) fn surface(area_m2: f64) -> String {
    if !area_m2.is_finite() || area_m2 < 0.0 {
        return "—".to_owned();
    }
    if area_m2 < 9.95 {
        let tenths = (area_m2 * 10.0).round() as u64;
        return format!("{},{}{INSECABLE}m²", tenths / 10, tenths % 10);
    }
    format!("{}{INSECABLE}m²", entier(area_m2.round() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_go_by_three() {
        assert_eq!(entier(0), "0");
        assert_eq!(entier(999), "999");
        assert_eq!(entier(1000), "1\u{202f}000");
        assert_eq!(entier(1_234_567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn areas_have_their_unit() {
        assert_eq!(surface(1234.4), "1\u{202f}234\u{a0}m²");
        assert_eq!(surface(0.96), "1,0\u{a0}m²");
        assert_eq!(surface(f64::NAN), "—");
    }
}
