//! What an object says of the way to its rows.

use super::Wrong;
use crate::{Catalogue, Kind, Module, Object, Resolved};

pub(super) fn check(
    module: &Module,
    object: &Object,
    catalogue: &Catalogue,
    fields: &[Resolved<'_>],
    wrong: &mut Wrong<'_>,
) {
    let Some(walk) = &object.file.walk else { return };
    if object.file.geometry.is_none() {
        wrong.say(&["walk"], "un itinéraire mène à des fiches qui ont une géométrie");
    }
    let reference = |name: &str| fields.iter().any(|field| field.name == name && field.kind == Kind::Reference);
    for (key, name) in [("by", Some(&walk.by)), ("along", walk.along.as_ref())] {
        if let Some(name) = name.filter(|name| !reference(name)) {
            wrong.say(&["walk", key], format!("« {name} » n'est pas une référence"));
        }
    }
    for (key, name, kind) in [("lines", &walk.lines, "LineString"), ("entrances", &walk.entrances, "Point")] {
        let Some(other) = module.objects.get(name) else {
            wrong.say(&["walk", key], format!("l'objet « {name} » n'existe pas dans ce module"));
            continue;
        };
        let Some(table) = catalogue.tables.get(&other.file.table) else { continue };
        let shape = other.file.geometry.as_ref().and_then(|column| table.column(column)?.geometry.as_ref());
        if shape.is_none_or(|(found, _)| !found.contains(kind)) {
            wrong.say(&["walk", key], format!("la géométrie de « {name} » n'est pas de genre {kind}"));
        }
        if table.foreign_key(&walk.by).is_none() {
            wrong.say(&["walk", key], format!("« {name} » n'a pas de référence « {} »", walk.by));
        }
    }
}
