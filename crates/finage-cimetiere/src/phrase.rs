//! Dates and amounts as a French sentence says them.

use rust_decimal::Decimal;
use time::Date;

use crate::montant::Montant;

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

/// « 1 234,50 € ».
pub(crate) fn euros(montant: Montant) -> String {
    let centimes = montant.en_centimes();
    let chiffres = (centimes / 100).to_string();
    let mut groupes: Vec<&str> = Vec::new();
    let mut reste = chiffres.as_str();
    while reste.len() > 3 {
        let (avant, groupe) = reste.split_at(reste.len() - 3);
        groupes.push(groupe);
        reste = avant;
    }
    groupes.push(reste);
    groupes.reverse();
    format!("{},{:02}\u{a0}€", groupes.join("\u{202f}"), centimes % 100)
}

/// A number with a comma.
pub(crate) fn nombre(nombre: Decimal) -> String {
    nombre.to_string().replace('.', ",")
}
