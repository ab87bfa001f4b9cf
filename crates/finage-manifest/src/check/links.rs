//! What a module and its objects name: other modules that it depends on, tables that are objects, parents without a circle.

use std::collections::BTreeSet;

use super::{Known, Wrong};
use crate::{Catalogue, Fault, Module, Object};

pub(super) fn check(module: &Module, catalogue: &Catalogue, known: &Known, faults: &mut Vec<Fault>) {
    depends(module, known, faults);
    for object in module.objects.values() {
        let mut wrong = Wrong { file: &object.path, places: &object.places, faults };
        named(module, object, &mut wrong);
        keys(module, object, catalogue, known, &mut wrong);
        if let Some(circle) = circle(module, object, catalogue) {
            wrong.say(&["parent"], format!("les parents tournent en rond : {}", circle.join(" → ")));
        }
    }
}

fn depends(module: &Module, known: &Known, faults: &mut Vec<Fault>) {
    let mut wrong = Wrong { file: "module.toml", places: &module.places, faults };
    let mut seen = BTreeSet::new();
    for id in &module.file.depends {
        if id == module.id() {
            wrong.say(&["depends"], "un module ne dépend pas de lui-même");
        } else if !seen.insert(id) {
            wrong.say(&["depends"], format!("« {id} » est donné deux fois"));
        } else if reaches(known, id, module.id(), &mut BTreeSet::new()) {
            wrong.say(
                &["depends"],
                format!("« {id} » dépend déjà de « {} » : deux modules ne dépendent pas l'un de l'autre", module.id()),
            );
        }
    }
}

fn reaches<'a>(known: &'a Known, from: &'a str, to: &str, seen: &mut BTreeSet<&'a str>) -> bool {
    seen.insert(from)
        && known.depends.get(from).is_some_and(|names| {
            names.iter().any(|name| name == to) || names.iter().any(|name| reaches(known, name, to, seen))
        })
}

/// The module of `module.objet`, when it is another.
fn other<'a>(module: &Module, name: &'a str) -> Option<&'a str> {
    name.split_once('.').map(|(other, _)| other).filter(|other| *other != module.id())
}

/// Objects of other modules are those of modules that this one depends on.
fn named(module: &Module, object: &Object, wrong: &mut Wrong<'_>) {
    let stranger = |name: &str| {
        other(module, name).filter(|other| !module.file.depends.iter().any(|one| one == other)).map(str::to_owned)
    };
    let message = |id: &str| format!("le module « {id} » n'est pas dans « depends » de module.toml");
    for (rank, tab) in object.file.tabs.iter().enumerate() {
        if let Some(id) = stranger(&tab.object) {
            wrong.say(&["tabs", &rank.to_string(), "object"], message(&id));
        }
    }
    for (rank, shortcut) in object.file.shortcuts.iter().enumerate() {
        if let Some(id) = stranger(&shortcut.object) {
            wrong.say(&["shortcuts", &rank.to_string(), "object"], message(&id));
        }
    }
    for (name, field) in &object.file.fields {
        if let Some(id) = field.reference.as_deref().and_then(stranger) {
            wrong.say(&["fields", name, "reference"], message(&id));
        }
    }
    for (rank, anchor) in object.file.anchor.iter().enumerate() {
        // Layers of the core are everybody's.
        if let Some(id) = stranger(&anchor.layer).filter(|id| id != "cadastre") {
            wrong.say(&["anchor", &rank.to_string(), "layer"], message(&id));
        }
    }
}

/// Foreign keys name tables of objects: a form could choose nothing in another.
fn keys(module: &Module, object: &Object, catalogue: &Catalogue, known: &Known, wrong: &mut Wrong<'_>) {
    let Some(table) = catalogue.tables.get(&object.file.table) else { return };
    let shown = |column: &str| !object.file.fields.get(column).is_some_and(|field| field.hidden);
    for key in table.foreign_keys.iter().filter(|key| shown(&key.column) && catalogue.tables.contains_key(&key.table)) {
        let own = module.objects.values().any(|one| one.file.table == key.table);
        let theirs = known.objects.iter().find(|(_, table)| **table == key.table);
        let path: &[&str] = &["fields", &key.column];
        match theirs {
            _ if own => {}
            None => wrong.say(
                path,
                format!("« {} » nomme la table {}, qui n'est celle d'aucun objet : faites-en un objet, ou dites « hidden = true »", key.column, key.table),
            ),
            Some((name, _)) => {
                if let Some(id) = other(module, name).filter(|id| !module.file.depends.iter().any(|one| one == id)) {
                    wrong.say(path, format!("« {} » nomme un objet du module « {id} », qui n'est pas dans « depends » de module.toml", key.column));
                }
            }
        }
    }
}

/// The circle of parents that this object closes: `["a", "b", "a"]`.
fn circle(module: &Module, object: &Object, catalogue: &Catalogue) -> Option<Vec<String>> {
    let mut path = vec![object.name.clone()];
    let mut current = object;
    loop {
        let parent = current.file.parent.as_ref()?;
        let key = catalogue.tables.get(&current.file.table)?.foreign_key(parent)?;
        let next = module.objects.values().find(|one| one.file.table == key.table)?;
        path.push(next.name.clone());
        if next.name == object.name {
            return Some(path);
        }
        // A circle that this object hangs on without being of it: its own objects say it.
        if path.iter().filter(|name| **name == next.name).count() > 1 {
            return None;
        }
        current = next;
    }
}
