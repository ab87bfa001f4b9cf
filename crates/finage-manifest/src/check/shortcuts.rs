//! What a sheet makes in one press: an object that exists, fields of both that exist, and a condition on the row.

use super::expressions::{self, Properties};
use super::{Known, Wrong, table_of};
use crate::{Catalogue, Given, Kind, Module, Object, Resolved, resolve};

/// Shortcuts of an object at most: more buttons than that are no shortcut.
const MAX: usize = 6;

pub(super) fn check(
    (module, catalogue, known): (&Module, &Catalogue, &Known),
    object: &Object,
    fields: &[Resolved<'_>],
    properties: &Properties,
    wrong: &mut Wrong<'_>,
) {
    if object.file.shortcuts.len() > MAX {
        wrong.say(&["shortcuts"], format!("{MAX} raccourcis au plus sur une fiche"));
    }
    for (rank, shortcut) in object.file.shortcuts.iter().enumerate() {
        let rank = rank.to_string();
        wrong.label(&["shortcuts", &rank, "label"], &shortcut.label);
        if table_of(module, known, &shortcut.object).is_none() {
            wrong.say(&["shortcuts", &rank, "object"], format!("l'objet « {} » n'existe pas", shortcut.object));
            continue;
        }
        if let Some(error) = shortcut.filter.as_ref().and_then(|text| expressions::condition(text, properties).err()) {
            wrong.say(&["shortcuts", &rank, "where"], error);
        }
        let own = shortcut.object.strip_prefix(&format!("{}.", module.id())).unwrap_or(&shortcut.object);
        let target = module.objects.get(own).and_then(|one| Some((one, catalogue.tables.get(&one.file.table)?)));
        let theirs = target.map(|(one, table)| resolve(one, table, catalogue, &|name| table_of(module, known, name)).0);
        for (name, value) in &shortcut.with {
            let path = ["shortcuts", &rank, "with", name];
            let field = theirs.as_ref().map(|all| all.iter().find(|field| field.name == name));
            if field == Some(None) {
                wrong.say(&path, format!("« {} » n'a pas de champ « {name} »", shortcut.object));
            }
            let field = field.flatten();
            let Given::Field(from) = Given::read(value) else {
                let named =
                    field.is_some_and(|one| matches!(one.kind, Kind::Reference | Kind::References | Kind::File));
                if named {
                    wrong.say(&path, format!("« {name} » désigne une fiche : un texte ne la dit pas"));
                }
                continue;
            };
            let here = fields.iter().find(|field| field.name == from);
            if here.is_none() && from != "id" {
                wrong.say(
                    &path,
                    format!(
                        "« {from} » n'est pas un champ de cette fiche ; un texte s'écrit entre apostrophes : 'oui'"
                    ),
                );
            }
            // A field that names a row takes a row of what it names.
            let Some((table, _)) = field.and_then(|field| field.target.as_ref()) else { continue };
            let given = match here {
                None => Some(&object.file.table),
                Some(here) => here.target.as_ref().map(|(table, _)| table),
            };
            if given.is_some_and(|given| given != table) || (here.is_some() && given.is_none()) {
                wrong.say(&path, format!("« {from} » ne désigne pas ce que désigne « {name} »"));
            }
        }
    }
}
