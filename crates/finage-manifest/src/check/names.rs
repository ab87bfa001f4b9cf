//! Names of a module: identifiers that addresses, SQL and tiles can bear, none given twice, and labels that say something.

use std::collections::BTreeSet;

use super::{Known, Wrong};
use crate::module::{identifier_rule, is_identifier};
use crate::{CardKind, Fault, Module, Object};

/// Words that stand beside objects in addresses.
const RESERVED: [&str; 8] = ["schema", "geojson", "export", "imports", "codes", "choix", "documents", "onglets"];
/// Longest code of a role, module included.
const MAX_ROLE: usize = 40;
/// Fields by which rows are sorted at most.
const MAX_SORT: usize = 5;

pub(super) fn check(module: &Module, known: &Known, faults: &mut Vec<Fault>) {
    self::module(module, faults);
    for object in module.objects.values() {
        let mut wrong = Wrong { file: &object.path, places: &object.places, faults };
        self::object(module, object, known, &mut wrong);
    }
    for name in module.codes.keys().filter(|name| !is_identifier(name, 40)) {
        let message = format!("le nom de ce fichier est celui de la nomenclature : {}", identifier_rule(40));
        faults.push(Fault::new(&format!("codes/{name}.csv"), None, message));
    }
}

fn module(module: &Module, faults: &mut Vec<Fault>) {
    let file = &module.file;
    let mut wrong = Wrong { file: "module.toml", places: &module.places, faults };
    wrong.label(&["label"], &file.label);
    if let Some(mission) = file.mission.as_ref().filter(|mission| !is_identifier(mission, 40)) {
        wrong.say(&["mission"], format!("« {mission} » ne peut pas nommer une mission : {}", identifier_rule(40)));
    }
    for (id, role) in &file.roles {
        wrong.label(&["roles", id, "label"], &role.label);
        let code = format!("{}_{id}", module.id());
        if code.len() > MAX_ROLE {
            wrong.say(&["roles", id], format!("le code du rôle serait « {code} » : {MAX_ROLE} caractères au plus"));
        }
    }
    for (id, purpose) in &file.purposes {
        wrong.label(&["purposes", id, "label"], &purpose.label);
        wrong.label(&["purposes", id, "basis"], &purpose.basis);
        if !is_identifier(id, 40) {
            wrong.say(&["purposes", id], format!("« {id} » ne peut pas nommer une finalité : {}", identifier_rule(40)));
        }
    }
    let mut entries = BTreeSet::new();
    for (rank, entry) in file.menu.iter().enumerate() {
        if !entries.insert((&entry.object, &entry.list)) {
            wrong.say(&["menu", &rank.to_string()], "cette entrée est donnée deux fois dans le menu");
        }
    }
    for (rank, card) in file.dashboard.iter().enumerate() {
        let rank = rank.to_string();
        wrong.label(&["dashboard", &rank, "label"], &card.label);
        match (card.kind, &card.by) {
            (CardKind::Chart, None) => {
                wrong.say(&["dashboard", &rank, "kind"], "un graphique compte par un champ : « by = \"champ\" »");
            }
            (CardKind::Count | CardKind::List, Some(_)) => {
                wrong.say(&["dashboard", &rank, "by"], "« by » est le champ d'un graphique (kind = \"chart\")");
            }
            _ => {}
        }
    }
}

fn object(module: &Module, object: &Object, known: &Known, wrong: &mut Wrong<'_>) {
    let file = &object.file;
    if is_reserved(&object.name) {
        wrong.say(&["table"], format!("« {} » ne peut pas nommer un objet : c'est un mot des adresses", object.name));
    }
    if file.table.split('.').nth(1).is_some_and(|table| !is_identifier(table, 63)) {
        wrong.say(&["table"], format!("« {} » ne peut pas nommer une table : {}", file.table, identifier_rule(63)));
    }
    let layer = format!("{}_{}", module.id(), object.name);
    let other = known.objects.keys().find(|name| {
        !name.starts_with(&format!("{}.", module.id())) && name.contains('.') && name.replace('.', "_") == layer
    });
    if let Some(other) = other {
        wrong.say(&["table"], format!("la couche « {layer} » est déjà celle de l'objet « {other} »"));
    }
    wrong.label(&["label"], &file.label);
    if let Some(plural) = &file.plural {
        wrong.label(&["plural"], plural);
    }
    for (name, field) in &file.fields {
        if let Some(label) = &field.label {
            wrong.label(&["fields", name, "label"], label);
        }
    }
    wrong.ids("groups", file.groups.iter().map(|group| (group.id.as_str(), Some(&group.label))));
    wrong.ids("lists", file.lists.iter().map(|list| (list.id.as_str(), Some(&list.label))));
    wrong.ids("documents", file.documents.iter().map(|document| (document.id.as_str(), Some(&document.label))));
    let steps = file.workflow.iter().flat_map(|workflow| &workflow.steps);
    wrong.named(&["workflow", "steps"], "l'étape", steps.map(|step| (step.id.as_str(), step.label.as_ref())));
    let mut grouped = BTreeSet::new();
    for (rank, group) in file.groups.iter().enumerate() {
        for name in group.fields.iter().filter(|name| !grouped.insert(name.as_str())) {
            wrong.say(
                &["groups", &rank.to_string(), "fields"],
                format!("« {name} » est rangé deux fois : un champ a une place"),
            );
        }
    }
    let mut tabs = BTreeSet::new();
    for (rank, tab) in file.tabs.iter().enumerate() {
        if !tabs.insert(tab.object.as_str()) {
            wrong.say(
                &["tabs", &rank.to_string()],
                format!("l'objet « {} » a déjà un onglet ici : un seul par objet", tab.object),
            );
        }
    }
    for (rank, list) in file.lists.iter().enumerate().filter(|(_, list)| list.sort.len() > MAX_SORT) {
        let message = format!("la liste « {} » se trie par {MAX_SORT} champs au plus", list.id);
        wrong.say(&["lists", &rank.to_string(), "sort"], message);
    }
}

impl Wrong<'_> {
    /// A label says something.
    pub(super) fn label(&mut self, path: &[&str], label: &str) {
        if label.trim().is_empty() {
            self.say(path, "ce libellé est vide : dites ce que les gens liront");
        }
    }

    fn ids<'a>(&mut self, key: &str, all: impl Iterator<Item = (&'a str, Option<&'a String>)>) {
        let what = match key {
            "groups" => "le groupe",
            "lists" => "la liste",
            _ => "le document",
        };
        self.named(&[key], what, all);
    }

    /// Identifiers that addresses can bear, each given once.
    fn named<'a>(&mut self, path: &[&str], what: &str, all: impl Iterator<Item = (&'a str, Option<&'a String>)>) {
        let mut seen = BTreeSet::new();
        for (rank, (id, label)) in all.enumerate() {
            let rank = rank.to_string();
            let place = |key| path.iter().copied().chain([rank.as_str(), key]).collect::<Vec<_>>();
            if !is_identifier(id, 40) {
                let message = format!("« {id} » ne peut pas être un identifiant : {}", identifier_rule(40));
                self.say(&place("id"), message);
            }
            if !seen.insert(id) {
                self.say(&place("id"), format!("{what} « {id} » est déjà là : un identifiant sert une fois"));
            }
            if let Some(label) = label {
                self.label(&place("label"), label);
            }
        }
    }
}

/// Whether a word of addresses would be taken for an object.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// Whether a column can be named in SQL and in expressions without quotes.
pub(super) fn is_column(name: &str) -> bool {
    let mut letters = name.bytes();
    letters.next().is_some_and(|first| first.is_ascii_lowercase() || first == b'_')
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_')
}
