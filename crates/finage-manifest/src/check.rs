//! Whether a module agrees with the database, with itself and with the modules it names.

mod documents;
mod expressions;
mod hooks;
mod imports;
mod links;
mod names;
mod public;
mod reports;
mod rights;
mod series;
mod shortcuts;
mod sql;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use crate::place::Places;
use crate::{
    Catalogue, Computed, Fault, Kind, Module, Object, Required, Resolved, SYSTEM, Table, Unique, pieces, resolve,
};

pub(crate) use expressions::{Place, Properties};
pub(crate) use names::is_reserved;
pub use sql::check_sql;

/// What a module may name outside of itself.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Modules that are installed.
    pub modules: BTreeSet<String>,
    /// What each of them says it depends on, where its folder is read.
    pub depends: BTreeMap<String, Vec<String>>,
    /// Tables of their objects, by `module.objet`.
    pub objects: BTreeMap<String, String>,
    /// Names of styles.
    pub styles: BTreeSet<String>,
    /// Layers of features that records may be linked to.
    pub layers: BTreeSet<String>,
    /// Fields that the program computes, by `module.objet`.
    pub hooks: BTreeMap<String, BTreeSet<String>>,
}

/// Everything wrong in a module; none: it may be loaded.
#[must_use]
pub fn check(module: &Module, catalogue: &Catalogue, known: &Known) -> Vec<Fault> {
    let mut check = Check { module, catalogue, known, faults: Vec::new() };
    check.module_file();
    names::check(module, known, &mut check.faults);
    links::check(module, catalogue, known, &mut check.faults);
    sql::check(module, &mut check.faults);
    reports::check(module, known, &mut check.faults);
    for object in module.objects.values() {
        check.object(object);
    }
    for import in module.imports.values() {
        imports::check(module, import, catalogue, known, &mut check.faults);
    }
    check.faults.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    check.faults.dedup();
    check.faults
}

struct Check<'a> {
    module: &'a Module,
    catalogue: &'a Catalogue,
    known: &'a Known,
    faults: Vec<Fault>,
}

/// Where faults of a file are written.
pub(crate) struct Wrong<'a> {
    file: &'a str,
    places: &'a Places,
    faults: &'a mut Vec<Fault>,
}

impl Wrong<'_> {
    pub(crate) fn say(&mut self, path: &[&str], message: impl Into<String>) {
        self.faults.push(Fault::new(self.file, self.places.line(path), message));
    }
}

impl Check<'_> {
    fn module_file(&mut self) {
        let file = &self.module.file;
        let mut wrong = Wrong { file: "module.toml", places: &self.module.places, faults: &mut self.faults };
        for missing in file.depends.iter().filter(|id| !self.known.modules.contains(*id)) {
            wrong.say(&["depends"], format!("le module « {missing} » n'est pas installé"));
        }
        for (rank, entry) in file.menu.iter().enumerate() {
            let rank = rank.to_string();
            match self.module.objects.get(&entry.object) {
                None => wrong.say(
                    &["menu", &rank, "object"],
                    format!("l'objet « {} » n'existe pas dans ce module", entry.object),
                ),
                Some(object) => {
                    if let Some(list) = &entry.list
                        && !object.file.lists.iter().any(|one| one.id == *list)
                    {
                        wrong
                            .say(&["menu", &rank, "list"], format!("« {} » n'a pas de liste « {list} »", entry.object));
                    }
                }
            }
        }
        for (rank, card) in file.dashboard.iter().enumerate() {
            let rank = rank.to_string();
            if let Some(role) = card.role.as_ref().filter(|role| !file.roles.contains_key(*role)) {
                wrong.say(&["dashboard", &rank, "role"], format!("le rôle « {role} » n'est pas déclaré dans [roles]"));
            }
            let Some(object) = self.module.objects.get(&card.object) else {
                wrong.say(
                    &["dashboard", &rank, "object"],
                    format!("l'objet « {} » n'existe pas dans ce module", card.object),
                );
                continue;
            };
            if let Some(list) = card.list.as_ref().filter(|list| !object.file.lists.iter().any(|one| one.id == **list))
            {
                wrong.say(&["dashboard", &rank, "list"], format!("« {} » n'a pas de liste « {list} »", card.object));
            }
            if let (Some(filter), Some(table)) = (&card.filter, self.catalogue.tables.get(&object.file.table)) {
                let (fields, _) =
                    resolve(object, table, self.catalogue, &|name| table_of(self.module, self.known, name));
                if let Err(error) = expressions::condition(filter, &Properties::of(&fields)) {
                    wrong.say(&["dashboard", &rank, "where"], error);
                }
            }
            if let (Some(by), Some(table)) = (&card.by, self.catalogue.tables.get(&object.file.table))
                && table.column(by).is_none()
            {
                wrong.say(&["dashboard", &rank, "by"], format!("« {} » n'a pas de champ « {by} »", card.object));
            }
        }
        for (id, purpose) in &file.purposes {
            if let Some(keep) = purpose.keep.as_ref().filter(|keep| !expressions::is_duration(keep)) {
                wrong.say(&["purposes", id, "keep"], format!("« {keep} » n'est pas une durée, par exemple P2Y ou P6M"));
            }
        }
        for role in file.roles.keys().filter(|role| *role == "public" || !crate::module::is_identifier(role, 20)) {
            wrong.say(
                &["roles", role],
                format!("« {role} » ne peut pas nommer un rôle : {}", crate::module::identifier_rule(20)),
            );
        }
    }

    fn object(&mut self, object: &Object) {
        let file = &object.file;
        let mut wrong = Wrong { file: &object.path, places: &object.places, faults: &mut self.faults };
        if !file.table.starts_with(&format!("{}.", self.module.id())) {
            wrong.say(
                &["table"],
                format!("la table d'un module est dans son schéma : {}.{}", self.module.id(), object.name),
            );
        }
        let Some(table) = self.catalogue.tables.get(&file.table) else {
            wrong.say(&["table"], format!("la table « {} » n'existe pas ; les migrations la font", file.table));
            return;
        };
        for name in file.fields.keys().filter(|name| table.column(name).is_none()) {
            let message = if SYSTEM.contains(&name.as_str()) {
                format!("champ « {name} » : cette colonne est tenue par le moteur ; retirez-la du manifeste")
            } else {
                format!("la table « {} » n'a pas de colonne « {name} »", file.table)
            };
            wrong.say(&["fields", name], message);
        }
        let (fields, disagree) =
            resolve(object, table, self.catalogue, &|name| table_of(self.module, self.known, name));
        for (name, message) in disagree {
            wrong.say(&["fields", &name], format!("champ « {name} » : {message}"));
        }
        let properties = Properties::of(&fields);
        self.shape(object, table, &fields);
        let mut wrong = Wrong { file: &object.path, places: &object.places, faults: &mut self.faults };
        for field in &fields {
            if !names::is_column(field.name) {
                wrong.say(
                    &["fields", field.name],
                    format!("la colonne « {} » se renomme : lettres minuscules, chiffres ou « _ »", field.name),
                );
            }
            self::field(field, table, self.module, &properties, &mut wrong);
            if let Some(said) = field.field {
                hooks::field((&object.name, field.name, said), (self.module, self.catalogue, self.known), &mut wrong);
            }
            if let Some(choose) = field.field.and_then(|said| said.choose.as_ref()) {
                let target = field.target.as_ref().and_then(|(table, _)| object_of(self.module, self.catalogue, table));
                let message = match target {
                    Some((name, target, target_table)) => {
                        let tables = |name: &str| table_of(self.module, self.known, name);
                        let (theirs, _) = resolve(target, target_table, self.catalogue, &tables);
                        expressions::choice(choose, name, &Properties::of(&theirs), &properties).err()
                    }
                    None => Some("« choose » filtre une référence à un objet de ce module".to_owned()),
                };
                if let Some(message) = message {
                    wrong.say(&["fields", field.name, "choose"], message);
                }
            }
        }
        rights::check(self.module, object, &fields, &properties, &mut wrong);
        public::check(self.module, self.catalogue, object, (&fields, &properties), &mut wrong);
        series::check(object, table, &fields, &mut wrong);
        walk::check(self.module, object, self.catalogue, &fields, &mut wrong);
    }

    /// Title, key, validity, tabs, lists, groups, workflow, layer, documents.
    #[expect(clippy::too_many_lines, reason = "a paragraph a key of the manifest")]
    fn shape(&mut self, object: &Object, table: &Table, fields: &[Resolved<'_>]) {
        let file = &object.file;
        let properties = Properties::of(fields);
        let has = |name: &str| fields.iter().any(|field| field.name == name);
        let kind = |name: &str| fields.iter().find(|field| field.name == name).map(|field| field.kind);
        let mut wrong = Wrong { file: &object.path, places: &object.places, faults: &mut self.faults };
        if let Some(column) = &file.geometry {
            match table.column(column) {
                None => wrong.say(&["geometry"], format!("la table n'a pas de colonne « {column} »")),
                Some(found) if found.base != "geometry" => wrong.say(
                    &["geometry"],
                    format!("la colonne « {column} » est de type {}, pas une géométrie", found.sql),
                ),
                Some(found) if found.geometry.as_ref().is_none_or(|(_, srid)| *srid == 0) => {
                    wrong.say(
                        &["geometry"],
                        format!("la colonne « {column} » n'a pas de système : geometry(Point, 2154)"),
                    );
                }
                Some(_) => {}
            }
        }
        match pieces(&file.title) {
            Err(message) => wrong.say(&["title"], message),
            Ok(all) => {
                for piece in all {
                    let (name, through) = match &piece {
                        crate::Piece::Text(_) => continue,
                        crate::Piece::Field(name) => (name, None),
                        crate::Piece::Through(name, field) => (name, Some(field)),
                    };
                    let said =
                        fields.iter().find(|field| field.name == name || field.name.strip_suffix("_id") == Some(name));
                    match (said, through) {
                        (None, _) => {
                            wrong.say(&["title"], format!("le titre nomme « {name} », qui n'est pas un champ"));
                        }
                        (Some(field), Some(_)) if field.kind != Kind::Reference => {
                            wrong.say(&["title"], format!("le titre suit « {name} », qui n'est pas une référence"));
                        }
                        (Some(field), Some(inner)) => {
                            let target = field.target.as_ref().and_then(|(table, _)| self.catalogue.tables.get(table));
                            if target.is_some_and(|table| table.column(inner).is_none()) {
                                wrong.say(&["title"], format!("le titre nomme « {name}.{inner} », qui n'existe pas"));
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        for name in file.key.iter().filter(|name| !has(name)) {
            wrong.say(&["key"], format!("« {name} » n'est pas un champ"));
        }
        for name in file.valid.iter().flatten().filter(|name| kind(name) != Some(Kind::Date)) {
            wrong.say(&["valid"], format!("« {name} » n'est pas un champ de type date"));
        }
        if let Some(parent) = file.parent.as_ref().filter(|name| kind(name) != Some(Kind::Reference)) {
            wrong.say(&["parent"], format!("« {parent} » n'est pas une référence"));
        }
        if file.shared {
            if file.parent.is_some() {
                wrong.say(
                    &["shared"],
                    "ce que tous lisent ne suit pas les droits d'une autre fiche : « shared » ou « parent »",
                );
            }
            if let Some(field) = fields.iter().find(|field| field.field.is_some_and(|said| said.personal.is_some())) {
                wrong.say(
                    &["shared"],
                    format!("« {} » est une donnée personnelle : ses lignes ne se partagent pas", field.name),
                );
            }
        }
        if let Some(register) = &file.register {
            if kind(&register.field) != Some(Kind::Text) {
                wrong.say(&["register", "field"], format!("« {} » n'est pas un champ de texte", register.field));
            }
            if !register.format.contains("{seq") {
                wrong.say(&["register", "format"], "le format d'un registre contient {seq} : {year}-{seq:4}");
            }
            let steps = file.workflow.iter().flat_map(|workflow| &workflow.steps);
            if register.step.as_ref().is_some_and(|step| !steps.clone().any(|one| one.id == *step)) {
                wrong.say(&["register", "step"], "le numéro se prend à une étape du « workflow » de l'objet");
            }
            for part in register.per.iter().filter(|part| !["collectivite", "year"].contains(&part.as_str())) {
                wrong.say(
                    &["register", "per"],
                    format!("un registre se compte par « collectivite » et « year », pas par « {part} »"),
                );
            }
        }
        for (rank, group) in file.groups.iter().enumerate() {
            for name in group.fields.iter().filter(|name| !has(name)) {
                wrong.say(&["groups", &rank.to_string(), "fields"], format!("« {name} » n'est pas un champ"));
            }
        }
        for (rank, list) in file.lists.iter().enumerate() {
            let rank = rank.to_string();
            for name in list.columns.iter().filter(|name| !has(name) && *name != "titre") {
                wrong.say(
                    &["lists", &rank, "columns"],
                    format!("la liste « {} » montre « {name} », qui n'est pas un champ", list.id),
                );
            }
            for name in list.sort.iter().map(|name| name.trim_start_matches('-')).filter(|name| !has(name)) {
                wrong.say(
                    &["lists", &rank, "sort"],
                    format!("la liste « {} » se trie par « {name} », qui n'est pas un champ", list.id),
                );
            }
            if let Some(error) = list.filter.as_ref().and_then(|text| expressions::condition(text, &properties).err()) {
                wrong.say(&["lists", &rank, "where"], error);
            }
        }
        for (rank, tab) in file.tabs.iter().enumerate() {
            let rank = rank.to_string();
            if table_of(self.module, self.known, &tab.object).is_none() {
                wrong.say(&["tabs", &rank, "object"], format!("l'objet « {} » n'existe pas", tab.object));
                continue;
            }
            if let Some((other, other_table)) = self
                .module
                .objects
                .get(&tab.object)
                .and_then(|other| Some((other, self.catalogue.tables.get(&other.file.table)?)))
            {
                let (theirs, _) =
                    resolve(other, other_table, self.catalogue, &|name| table_of(self.module, self.known, name));
                let by = theirs.iter().find(|field| field.name == tab.by);
                let refers = by.and_then(|field| field.target.as_ref()).is_some_and(|(table, _)| *table == file.table);
                if !refers {
                    wrong.say(
                        &["tabs", &rank, "by"],
                        format!("« {}.{} » n'est pas une référence à cet objet", tab.object, tab.by),
                    );
                }
            }
        }
        for (rank, anchor) in file.anchor.iter().enumerate() {
            let known =
                self.known.layers.contains(&anchor.layer) || table_of(self.module, self.known, &anchor.layer).is_some();
            if !known {
                wrong.say(
                    &["anchor", &rank.to_string(), "layer"],
                    format!("la couche « {} » n'existe pas", anchor.layer),
                );
            }
        }
        if let Some(layer) = &file.layer {
            if file.geometry.is_none() {
                wrong.say(&["layer"], "une couche veut « geometry = \"colonne\" »");
            }
            if let Some([low, high]) = layer.zoom
                && (low > high || high > 22)
            {
                wrong.say(&["layer", "zoom"], "les zooms vont de 0 à 22, le plus petit d'abord");
            }
            for name in layer.styles.keys() {
                if self.module.folder.text(&format!("styles/{name}.json")).is_err() {
                    wrong.say(&["layer", "styles"], format!("le style styles/{name}.json manque"));
                }
            }
            let published = layer
                .agent
                .iter()
                .flatten()
                .map(|name| ("agent", name))
                .chain(layer.public.iter().map(|name| ("public", name)));
            for (key, name) in published {
                match fields.iter().find(|field| field.name == name) {
                    None => wrong.say(&["layer", key], format!("la couche publie « {name} », qui n'est pas un champ")),
                    Some(field) if field.field.is_some_and(|said| said.personal.is_some()) => {
                        wrong.say(
                            &["layer", key],
                            format!("la couche publie « {name} », une donnée personnelle : aucune tuile n'en porte"),
                        );
                    }
                    Some(_) => {}
                }
            }
        }
        let known = |name: &str| table_of(self.module, self.known, name).is_some();
        documents::check(self.module, &known, object, fields, &properties, &mut wrong);
        let around = (self.module, self.catalogue, self.known);
        shortcuts::check(around, object, fields, &properties, &mut wrong);
        rights::workflow(self.module, object, fields, &properties, &mut wrong);
    }
}

/// The object of this module on a table.
fn object_of<'a>(
    module: &'a Module,
    catalogue: &'a Catalogue,
    table: &str,
) -> Option<(&'a str, &'a Object, &'a Table)> {
    let (name, object) = module.objects.iter().find(|(_, object)| object.file.table == table)?;
    Some((name, object, catalogue.tables.get(table)?))
}

/// What a field says of itself.
fn field(field: &Resolved<'_>, table: &Table, module: &Module, properties: &Properties, wrong: &mut Wrong<'_>) {
    let Some(said) = field.field else { return };
    let name = field.name;
    if let Some(code) = said.code.as_ref().filter(|code| !module.codes.contains_key(*code)) {
        wrong.say(&["fields", name, "code"], format!("la nomenclature « {code} » n'existe pas : codes/{code}.csv"));
    }
    if let Some(error) = said.visible.as_ref().and_then(|text| expressions::condition(text, properties).err()) {
        wrong.say(&["fields", name, "visible"], error);
    }
    match &said.required {
        Some(Required::When(text)) => {
            if let Err(error) = expressions::condition(text, properties) {
                wrong.say(&["fields", name, "required"], error);
            }
        }
        Some(Required::Always(false)) if field.column.not_null && !field.column.default => {
            wrong.say(
                &["fields", name, "required"],
                "la colonne n'est jamais nulle et n'a pas de valeur par défaut : le champ est obligatoire",
            );
        }
        _ => {}
    }
    if said.format.is_some() && field.kind != Kind::Integer {
        wrong.say(&["fields", name, "format"], "une année est un nombre entier");
    }
    match &said.computed {
        Some(computed) if computed.hook().is_some() => {}
        Some(Computed::Expression(text)) => {
            if let Err(error) = expressions::value(text, field.kind, Place::Computed, properties) {
                wrong.say(&["fields", name, "computed"], error);
            }
        }
        Some(Computed::Cases(cases)) => {
            for case in cases {
                let condition = case
                    .when
                    .as_ref()
                    .and_then(|text| expressions::condition_at(text, Place::Computed, properties).err());
                let value = expressions::value(&case.value, field.kind, Place::Computed, properties).err();
                for error in condition.into_iter().chain(value) {
                    wrong.say(&["fields", name, "computed"], error);
                }
            }
            let last = cases.last().is_some_and(|case| case.when.is_none());
            if field.column.not_null && !last {
                wrong.say(
                    &["fields", name, "computed"],
                    "la colonne n'est jamais nulle : le dernier cas n'a pas de « when »",
                );
            }
        }
        None => {}
    }
    if let Some(Unique::With(others)) = &said.unique {
        for other in others.iter().filter(|other| table.column(other).is_none()) {
            wrong.say(&["fields", name, "unique"], format!("« {other} » n'est pas un champ"));
        }
    }
    if let Some(personal) = &said.personal {
        if !module.file.purposes.contains_key(&personal.purpose) {
            wrong.say(
                &["fields", name, "personal"],
                format!("la finalité « {} » n'est pas déclarée dans [purposes]", personal.purpose),
            );
        }
        if let Some(keep) = personal.keep.as_ref().filter(|keep| !expressions::is_duration(keep)) {
            wrong.say(&["fields", name, "personal"], format!("« {keep} » n'est pas une durée, par exemple P30Y"));
        }
        if personal.level > 3 {
            wrong.say(&["fields", name, "personal"], "le niveau d'une donnée personnelle va de 0 à 3");
        }
    }
    if let Some(error) =
        said.default.as_ref().and_then(|text| expressions::value(text, field.kind, Place::Proposed, properties).err())
    {
        wrong.say(&["fields", name, "default"], error);
    }
}

/// The table of an object: of this module by its short name, of another by `module.objet`.
pub(crate) fn table_of(module: &Module, known: &Known, name: &str) -> Option<String> {
    if let Some(object) = module.objects.get(name.strip_prefix(&format!("{}.", module.id())).unwrap_or(name)) {
        return Some(object.file.table.clone());
    }
    known.objects.get(name).cloned()
}
