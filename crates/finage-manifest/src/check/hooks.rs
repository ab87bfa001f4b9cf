//! Fields that a program computes: the program knows them, and what they follow is there.

use std::collections::BTreeSet;

use super::{Known, Wrong};
use crate::{Catalogue, Computed, Field, Module};

/// What a field follows besides its row, where the day is meant.
const TODAY: &str = "today";

/// What a computed field says of its program, and of what it follows.
pub(super) fn field(
    (object, name, said): (&str, &str, &Field),
    (module, catalogue, known): (&Module, &Catalogue, &Known),
    wrong: &mut Wrong<'_>,
) {
    let hook = said.computed.as_ref().and_then(Computed::hook);
    if let Some(hook) = hook {
        let own = known.hooks.get(&format!("{}.{object}", module.id()));
        if !own.is_some_and(|names| names.contains(hook)) {
            let message = match own.map(BTreeSet::len) {
                None | Some(0) => format!("« hook:{hook} » : ce programme ne calcule aucun champ de cet objet"),
                Some(_) => format!(
                    "« hook:{hook} » : ce programme calcule {}",
                    own.into_iter().flatten().map(|name| format!("« {name} »")).collect::<Vec<_>>().join(", ")
                ),
            };
            wrong.say(&["fields", name, "computed"], message);
        }
    }
    for one in said.depends.iter().filter(|one| *one != TODAY) {
        let message = match (hook, one.split_once('.')) {
            (None, _) => "un champ calculé dépend de sa fiche et, au plus, de « today »".to_owned(),
            (Some(_), None) => format!("« {one} » : « today », ou « objet.champ » dont le champ désigne cet objet"),
            (Some(_), Some((other, column))) if !names(module, catalogue, (other, column), object) => {
                format!(
                    "« {one} » : l'objet « {other} » n'a pas de champ « {column} » qui désigne cet objet par son « id »"
                )
            }
            (Some(_), Some(_)) => continue,
        };
        wrong.say(&["fields", name, "depends"], message);
    }
}

/// Whether a column of another object of the module names rows of this one by their key.
fn names(module: &Module, catalogue: &Catalogue, (other, column): (&str, &str), object: &str) -> bool {
    let target = module.objects.get(object).map(|object| object.file.table.as_str());
    let Some(table) = module.objects.get(other).and_then(|other| catalogue.tables.get(&other.file.table)) else {
        return false;
    };
    table
        .foreign_keys
        .iter()
        .any(|key| key.column == column && Some(key.table.as_str()) == target && key.target == "id")
}
