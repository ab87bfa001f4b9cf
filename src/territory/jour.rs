//! The civil day where a commune is: law counts days there, not where the server stands.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use time::{Date, Month};

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
    let name = OVERSEAS.iter().find(|(code, _)| insee.starts_with(code)).map_or("Europe/Paris", |(_, zone)| zone);
    let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
    let day = now.to_zoned(zone).date();
    let month = u8::try_from(day.month()).ok().and_then(|month| Month::try_from(month).ok()).unwrap_or(Month::January);
    let number = u8::try_from(day.day()).unwrap_or(1);
    Date::from_calendar_date(i32::from(day.year()), month, number).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn midnight_falls_where_the_commune_is() {
        let late: Timestamp = "2026-07-01T22:30:00Z".parse().unwrap();
        assert_eq!(day_at("13004", late), date!(2026 - 07 - 02), "summer time in Arles");
        assert_eq!(day_at("97105", late), date!(2026 - 07 - 01), "afternoon in Guadeloupe");
        assert_eq!(day_at("97411", late), date!(2026 - 07 - 02), "night in La Réunion");
        let winter: Timestamp = "2026-12-31T23:30:00Z".parse().unwrap();
        assert_eq!(day_at("2A004", winter), date!(2027 - 01 - 01));
    }
}
