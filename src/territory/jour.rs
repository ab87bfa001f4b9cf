//! The civil day where a commune is: law counts days there, not where the server stands.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// Time zones of the départements and collectivités overseas, by the beginning of the INSEE code (IANA names).
const OVERSEAS: [(&str, &str); 7] = [
    ("971", "America/Guadeloupe"),
    ("972", "America/Martinique"),
    ("973", "America/Cayenne"),
    ("974", "Indian/Reunion"),
    ("975", "America/Miquelon"),
    ("976", "Indian/Mayotte"),
    ("977", "America/St_Barthelemy"),
];

/// The day it is at `now` in the commune `insee`.
#[must_use]
pub fn day_at(insee: &str, now: Timestamp) -> Date {
    civil(now.to_zoned(zone(insee)).date())
}

/// The day and the time that clocks of the commune `insee` show at `instant`, to the second.
#[must_use]
pub fn local_at(insee: &str, instant: OffsetDateTime) -> PrimitiveDateTime {
    let instant = Timestamp::from_second(instant.unix_timestamp()).unwrap_or_default();
    let local = instant.to_zoned(zone(insee)).datetime();
    let part = |part: i8| u8::try_from(part).unwrap_or_default();
    let time = Time::from_hms(part(local.hour()), part(local.minute()), part(local.second())).unwrap_or(Time::MIDNIGHT);
    PrimitiveDateTime::new(civil(local.date()), time)
}

fn zone(insee: &str) -> TimeZone {
    let name = OVERSEAS.iter().find(|(code, _)| insee.starts_with(code)).map_or("Europe/Paris", |(_, zone)| zone);
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn civil(day: jiff::civil::Date) -> Date {
    let month = u8::try_from(day.month()).ok().and_then(|month| Month::try_from(month).ok()).unwrap_or(Month::January);
    let number = u8::try_from(day.day()).unwrap_or(1);
    Date::from_calendar_date(i32::from(day.year()), month, number).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn midnight_falls_where_the_commune_is() {
        let late: Timestamp = "2026-07-01T22:30:00Z".parse().unwrap();
        assert_eq!(day_at("13004", late), date!(2026 - 07 - 02), "summer time in Arles");
        assert_eq!(day_at("97105", late), date!(2026 - 07 - 01), "afternoon in Guadeloupe");
        assert_eq!(day_at("97411", late), date!(2026 - 07 - 02), "night in La Réunion");
        let winter: Timestamp = "2026-12-31T23:30:00Z".parse().unwrap();
        assert_eq!(day_at("2A004", winter), date!(2027 - 01 - 01));
    }

    #[test]
    fn clocks_show_the_time_of_the_commune() {
        let instant = datetime!(2026-07-01 22:30:15 UTC);
        assert_eq!(local_at("13004", instant), datetime!(2026-07-02 00:30:15));
        assert_eq!(local_at("97105", instant), datetime!(2026-07-01 18:30:15));
    }
}
