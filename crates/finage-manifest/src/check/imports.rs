//! Whether the mappings of `imports/*.toml` speak of fields that are.

use super::{Wrong, table_of};
use crate::import::Import;
use crate::{Catalogue, Fault, Kind, Known, Module, resolve};

pub(super) fn check(module: &Module, import: &Import, catalogue: &Catalogue, known: &Known, faults: &mut Vec<Fault>) {
    let file = &import.file;
    let mut wrong = Wrong { file: &import.path, places: &import.places, faults };
    let Some(object) = module.objects.get(&file.object) else {
        wrong.say(&["object"], format!("l'objet « {} » n'existe pas dans ce module", file.object));
        return;
    };
    let Some(table) = catalogue.tables.get(&object.file.table) else { return };
    let (fields, _) = resolve(object, table, catalogue, &|name| table_of(module, known, name));
    for (column, said) in &file.columns {
        if said.field == "insee" {
            continue;
        }
        let Some(field) = fields.iter().find(|field| field.name == said.field) else {
            wrong.say(&["columns", column, "field"], format!("« {} » n'est pas un champ de cet objet", said.field));
            continue;
        };
        if field.field.is_some_and(|field| field.computed.is_some()) || field.kind == Kind::File {
            wrong.say(&["columns", column, "field"], format!("le champ « {} » ne s'importe pas", said.field));
        }
        if let Some(crosswalk) = &said.crosswalk {
            let codes = field.field.and_then(|field| field.code.as_ref()).and_then(|code| module.codes.get(code));
            let found =
                codes.is_some_and(|codes| codes.codes.iter().any(|code| code.crosswalk.contains_key(crosswalk)));
            if !found {
                wrong.say(
                    &["columns", column, "crosswalk"],
                    format!("la nomenclature de « {} » n'a pas de colonne « {crosswalk} »", said.field),
                );
            }
        }
    }
    for name in &file.key {
        if !file.columns.values().any(|column| column.field == *name) {
            wrong.say(&["key"], format!("« {name} » est de la clé, et aucune colonne ne le remplit"));
        }
    }
    if let Some(geometry) = &file.geometry {
        if object.file.geometry.is_none() {
            wrong.say(&["geometry"], "cet objet n'a pas de géométrie");
        }
        let coordinates = geometry.x.is_some() && geometry.y.is_some();
        if geometry.x.is_some() != geometry.y.is_some() || coordinates && geometry.parcel.is_some() {
            wrong.say(&["geometry"], "une géométrie vient de « x » et « y » ensemble, ou de « parcel »");
        }
        if coordinates && geometry.srid.is_none() {
            wrong.say(&["geometry"], "des coordonnées ont un système : srid = 2154");
        }
    }
}
