//! Days as commands and forms write them.

use time::Date;
use time::format_description::FormatItem;
use time::macros::format_description;

const ISO: &[FormatItem<'static>] = format_description!("[year]-[month]-[day]");

/// The day of « 2026-01-31 »; `None` for any other text.
#[must_use]
pub fn lit(texte: &str) -> Option<Date> {
    // What forms send, and no year that PostgreSQL would not keep.
    (texte.len() == 10).then(|| Date::parse(texte, ISO).ok()).flatten()
}

/// « 2026-01-31 ».
#[must_use]
pub fn ecrit(jour: Date) -> String {
    jour.format(ISO).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_forms_do() {
        for jour in ["2026-01-31", "0001-01-01", "9999-12-31"] {
            assert_eq!(lit(jour).map(ecrit).as_deref(), Some(jour));
        }
        for faux in ["", "31/01/2026", "2026-1-31", "2026-02-30", "+02026-01-1", "2026-01-31 "] {
            assert_eq!(lit(faux), None, "{faux}");
        }
    }
}
