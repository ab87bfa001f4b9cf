//! One field into a value: numbers, dates, identifiers, each with what was forgiven.

use jiff::civil::Date;
use uuid::Uuid;

/// A value and whether it was written as the standard wants.
pub(crate) struct Read<T> {
    pub value: T,
    pub standard: bool,
}

/// A finite decimal number; a decimal comma is forgiven.
pub(crate) fn decimal(text: &str) -> Option<Read<f64>> {
    let standard = !text.contains(',');
    let dotted = if standard { text.to_owned() } else { text.replacen(',', ".", 1) };
    let plain = dotted.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'e' | b'E' | b'+'));
    let value: f64 = dotted.parse().ok().filter(|value: &f64| plain && value.is_finite())?;
    Some(Read { value, standard })
}

/// A civil date: `2024-12-19`; dots, slashes, the French order and a time after it are forgiven.
pub(crate) fn date(text: &str) -> Option<Read<Date>> {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let mut parts = day.split(['-', '.', '/']);
    let parts = [parts.next()?, parts.next()?, parts.next()?, parts.next().unwrap_or_default()];
    let [first, month, last, ""] = parts else {
        return None;
    };
    let (year, day_of_month) = if first.len() == 4 { (first, last) } else { (last, first) };
    if year.len() != 4 {
        return None;
    }
    let value = Date::new(whole(year)?, whole(month)?, whole(day_of_month)?).ok()?;
    Some(Read { value, standard: value.to_string() == text })
}

fn whole<T: std::str::FromStr>(digits: &str) -> Option<T> {
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// A yes or no; the standard writes 1 and 0.
pub(crate) fn flag(text: &str) -> Option<Read<bool>> {
    match text.to_lowercase().as_str() {
        "1" => Some(Read { value: true, standard: true }),
        "0" => Some(Read { value: false, standard: true }),
        "oui" | "true" | "vrai" => Some(Read { value: true, standard: false }),
        "non" | "false" | "faux" => Some(Read { value: false, standard: false }),
        _ => None,
    }
}

/// The identifier after a mark in `uid_adresse` (`@c:`, `@v:`, `@a:`).
pub(crate) fn marked_uuid(text: &str, mark: &str) -> Option<Uuid> {
    let found = text.split_whitespace().find_map(|part| part.strip_prefix(mark))?;
    Uuid::try_parse(found).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_judged() {
        let number = |text: &str| decimal(text).map(|read| (read.value.to_string(), read.standard));
        assert_eq!(number("4.63"), Some(("4.63".into(), true)));
        assert_eq!(number("-4,63"), Some(("-4.63".into(), false)));
        for bad in ["", "NaN", "inf", "1,2,3", "4.6.3", "abc"] {
            assert_eq!(number(bad), None, "{bad}");
        }
        let day = |text: &str| date(text).map(|read| (read.value.to_string(), read.standard));
        assert_eq!(day("2020-11-09"), Some(("2020-11-09".into(), true)));
        assert_eq!(day("2013.01.26"), Some(("2013-01-26".into(), false)));
        assert_eq!(day("26/01/2013"), Some(("2013-01-26".into(), false)));
        assert_eq!(day("2020-11-09T10:00:00Z"), Some(("2020-11-09".into(), false)));
        for bad in ["", "2020-02-30", "2020", "26/01/13", "2020-1-2-3", "hier"] {
            assert_eq!(day(bad), None, "{bad}");
        }
    }
}
