//! Dates and lists as a French sentence says them.

use time::Date;

const MOIS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// « 3 mars 2026 », « 1er mai 2026 ».
pub(crate) fn jour(date: Date) -> String {
    let mois = MOIS[usize::from(u8::from(date.month())) - 1];
    let rang = if date.day() == 1 { "er" } else { "" };
    format!("{}{rang} {mois} {}", date.day(), date.year())
}
