//! What an object says of rows made together.

use super::Wrong;
use crate::{Kind, Object, Resolved, Table};

/// Longest side or gap that may be proposed, metres.
const MAX_METRES: f64 = 50.0;

pub(super) fn check(object: &Object, table: &Table, fields: &[Resolved<'_>], wrong: &mut Wrong<'_>) {
    let Some(series) = &object.file.series else { return };
    let kind = |name: &str| fields.iter().find(|field| field.name == name).map(|field| field.kind);
    let surface = object.file.geometry.as_ref().and_then(|column| table.column(column)).and_then(|column| {
        let (kind, _) = column.geometry.as_ref()?;
        Some(kind.contains("Polygon") || kind.starts_with("Geometry"))
    });
    if surface != Some(true) {
        wrong.say(&["series"], "des fiches en série ont une surface pour géométrie");
    }
    if !matches!(kind(&series.number), Some(Kind::Text)) {
        wrong.say(&["series", "number"], format!("« {} » n'est pas un champ de texte", series.number));
    }
    for (key, name) in [("line", &series.line), ("within", &series.within)] {
        if let Some(name) = name.as_ref().filter(|name| kind(name) != Some(Kind::Reference)) {
            wrong.say(&["series", key], format!("« {name} » n'est pas une référence"));
        }
    }
    for name in series.fields.iter().filter(|name| kind(name).is_none()) {
        wrong.say(&["series", "fields"], format!("« {name} » n'est pas un champ"));
    }
    if series.fields.contains(&series.number) {
        wrong.say(&["series", "fields"], "chaque fiche a son numéro : il ne se demande pas");
    }
    if object.file.register.as_ref().is_some_and(|register| register.step.is_none()) {
        wrong.say(&["series"], "un registre numérote déjà ces fiches, une à une");
    }
    let lengths = [
        ("width", series.width),
        ("length", series.length),
        ("gap", series.gap),
        ("row_gap", series.row_gap),
        ("setback", series.setback),
    ];
    for (key, _) in lengths.iter().filter(|(_, metres)| !(0.0..=MAX_METRES).contains(metres)) {
        wrong.say(&["series", key], "une longueur va de 0 à 50 m");
    }
}
