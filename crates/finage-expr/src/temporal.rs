//! Dates, instants, durations, and dates moved by durations as PostgreSQL moves them.

use std::fmt;

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

/// Longest duration, years; a date of the years 1 to 9999 moved by it stays within PostgreSQL's.
const MAX_YEARS: u32 = 1_000;

/// How a date is written.
pub(crate) const DATE_RULE: &str = "une date s'écrit AAAA-MM-JJ, de l'an 0001 à l'an 9999";
/// How an instant is written.
pub(crate) const INSTANT_RULE: &str =
    "un instant s'écrit AAAA-MM-JJThh:mm:ssZ, en temps universel, à la microseconde au plus";
/// How a duration is written.
pub(crate) const DURATION_RULE: &str =
    "une durée s'écrit en années, mois et jours : 'P1Y', 'P3M', 'P2M15D', pour 1 000 ans au plus";

/// Reads `2026-06-15`.
pub(crate) fn date(text: &str) -> Option<Date> {
    if text.len() != 10 {
        return None;
    }
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok().filter(|date| (1..=9999).contains(&date.year()))
}

/// Writes what [`date`] reads.
pub(crate) fn date_text(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// Reads `2026-06-15T08:30:00Z`.
pub(crate) fn instant(text: &str) -> Option<OffsetDateTime> {
    if text.len() > 30 || !text.ends_with('Z') || text.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    let instant = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    ((1..=9999).contains(&instant.year()) && instant.nanosecond().is_multiple_of(1_000)).then_some(instant)
}

/// Writes what [`instant`] reads.
pub(crate) fn instant_text(instant: OffsetDateTime) -> String {
    let instant = instant.to_offset(UtcOffset::UTC);
    let (hour, minute, second, micro) = instant.to_hms_micro();
    let fraction = if micro == 0 { String::new() } else { format!(".{micro:06}") };
    let fraction = fraction.trim_end_matches('0');
    format!("{}T{hour:02}:{minute:02}:{second:02}{fraction}Z", date_text(instant.date()))
}

/// Years, months and days, as they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Duration {
    years: u32,
    months: u32,
    days: u32,
}

impl Duration {
    /// Reads an ISO 8601 duration of whole years, months and days.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty())?;
        let mut parts = [0; 3];
        for (part, unit) in parts.iter_mut().zip(['Y', 'M', 'D']) {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 0 && rest[digits..].starts_with(unit) {
                *part = rest[..digits].parse().ok()?;
                rest = &rest[digits + 1..];
            }
        }
        let [years, months, days] = parts;
        let sound = rest.is_empty() && years <= MAX_YEARS && months <= MAX_YEARS * 12 && days <= MAX_YEARS * 366;
        let duration = Self { years, months, days };
        (sound && duration.total_months() <= i64::from(MAX_YEARS) * 12).then_some(duration)
    }

    /// How far it moves a date.
    pub(crate) fn shift(self) -> Shift {
        Shift { months: self.total_months(), days: self.days.into() }
    }

    /// Years and months, in months.
    fn total_months(self) -> i64 {
        i64::from(self.years) * 12 + i64::from(self.months)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        for (part, unit) in [(self.years, 'Y'), (self.months, 'M')] {
            if part > 0 {
                write!(f, "{part}{unit}")?;
            }
        }
        if self.days > 0 || self.total_months() == 0 {
            write!(f, "{}D", self.days)?;
        }
        Ok(())
    }
}

/// How far a date moves: months first, then days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) months: i64,
    pub(crate) days: i64,
}

/// What an integer counts when it moves a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Years,
    Months,
    Days,
}

impl Unit {
    /// Of a name, whatever its case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Years, Self::Months, Self::Days].into_iter().find(|unit| unit.name().eq_ignore_ascii_case(name))
    }

    /// As expressions name it, and PostgreSQL's `make_interval` too.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Months => "months",
            Self::Days => "days",
        }
    }

    /// The largest count, either way: what the longest duration holds. Beyond it there is no date.
    pub(crate) fn most(self) -> i64 {
        let years = i64::from(MAX_YEARS);
        match self {
            Self::Years => years,
            Self::Months => years * 12,
            Self::Days => years * 366,
        }
    }

    /// How far that many move a date, within the bounds of a duration.
    pub(crate) fn shift(self, count: i64) -> Option<Shift> {
        let (months, days) = match self {
            Self::Years => (12, 0),
            Self::Months => (1, 0),
            Self::Days => (0, 1),
        };
        let within = (-self.most()..=self.most()).contains(&count);
        within.then(|| Shift { months: months * count, days: days * count })
    }
}

/// Whether a date goes back or forth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Later,
    Earlier,
}

impl Way {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Later => "+",
            Self::Earlier => "-",
        }
    }
}

/// The date of a julian day, from year 1 to year 9999.
pub(crate) fn calendar_date(day: i64) -> Option<Date> {
    let date = Date::from_julian_day(i32::try_from(day).ok()?).ok()?;
    (1..=9999).contains(&date.year()).then_some(date)
}

/// Julian day of a date moved: months first, the day cut to the end of its month, then days.
///
/// Beyond year 9999 there is no `Date`; there is a day to compare with others.
pub(crate) fn moved(date: Date, way: Way, shift: Shift) -> i64 {
    let sign = if way == Way::Later { 1 } else { -1 };
    let months = i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1 + sign * shift.months;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let day = i64::from(date.day()).min(month_length(year, month));
    julian_day(year, month, day) + sign * shift.days
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Of a day of the Gregorian calendar, carried back before it was in use. Years run from March, so that the leap day is the last.
fn julian_day(year: i64, month: i64, day: i64) -> i64 {
    let from_march = (month + 9) % 12;
    let year = if month <= 2 { year - 1 } else { year };
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * from_march + 2) / 5
        + day
        + 1_721_119
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    fn days() -> impl Strategy<Value = Date> {
        (date!(0001 - 01 - 01).to_julian_day()..=date!(9999 - 12 - 31).to_julian_day())
            .prop_map(|day| Date::from_julian_day(day).unwrap())
    }

    #[test]
    fn durations_are_years_months_and_days() {
        for (text, shown) in
            [("P1Y", "P1Y"), ("P2M015D", "P2M15D"), ("P0D", "P0D"), ("P0Y0M", "P0D"), ("P1000Y", "P1000Y")]
        {
            assert_eq!(Duration::parse(text).map(|duration| duration.to_string()).as_deref(), Some(shown), "{text}");
        }
        for text in [
            "",
            "P",
            "P1",
            "1Y",
            "P1D1M",
            "PT1H",
            "P1W",
            "P-1D",
            "P1001Y",
            "P1000Y1M",
            "P12001M",
            "P99999999999D",
            "p1y",
            "P1Yé",
        ] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_end_of_a_month_stays_in_it() {
        let moved = |date, way, text: &str| {
            let day = moved(date, way, Duration::parse(text).unwrap().shift());
            date_text(Date::from_julian_day(i32::try_from(day).unwrap()).unwrap())
        };
        assert_eq!(moved(date!(2024 - 01 - 31), Way::Later, "P1M"), "2024-02-29");
        assert_eq!(moved(date!(2023 - 01 - 31), Way::Later, "P1M1D"), "2023-03-01");
        assert_eq!(moved(date!(2024 - 02 - 29), Way::Earlier, "P1Y"), "2023-02-28");
        assert_eq!(moved(date!(2024 - 03 - 01), Way::Earlier, "P1D"), "2024-02-29");
    }

    #[test]
    fn a_count_moves_as_a_duration_does_within_its_bounds() {
        for (unit, count, text) in [(Unit::Years, 30, "P30Y"), (Unit::Months, 18, "P18M"), (Unit::Days, 45, "P45D")] {
            assert_eq!(unit.shift(count), Duration::parse(text).map(Duration::shift), "{text}");
        }
        for unit in [Unit::Years, Unit::Months, Unit::Days] {
            assert!(unit.shift(unit.most()).is_some() && unit.shift(-unit.most()).is_some());
            for count in [unit.most() + 1, -unit.most() - 1, i64::MAX, i64::MIN] {
                assert_eq!(unit.shift(count), None, "{} {count}", unit.name());
            }
        }
    }

    #[test]
    fn dates_and_instants_have_one_form() {
        for text in ["2026-6-15", "26-06-15", "+026-06-15", "0000-01-01", "2026-02-30", "2026-06-15 ", "-001-01-01"] {
            assert_eq!(date(text), None, "{text}");
        }
        for text in [
            "2026-06-15T08:30:00",
            "2026-06-15T08:30:00+02:00",
            "2026-06-15T08:30:00.1234567Z",
            "2026-06-15 08:30:00Z",
            "0000-12-31T00:00:00Z",
            "2026-06-15T24:00:00Z",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
        for text in ["2026-06-15T08:30:00Z", "2026-06-15T08:30:00.1Z", "2026-06-15T08:30:00.000001Z"] {
            assert_eq!(instant_text(instant(text).unwrap()), text);
        }
    }

    proptest! {
        #[test]
        fn a_julian_day_is_the_one_of_time(date in days()) {
            let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
            prop_assert_eq!(julian_day(year.into(), month.into(), day.into()), i64::from(date.to_julian_day()));
        }

        #[test]
        fn dates_read_back(day in days()) {
            prop_assert_eq!(date(&date_text(day)), Some(day));
        }
    }
}
