//! What becomes of each table: its names, its owner, its title, what is hidden.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{MAX_LABEL, bare, plural, short, spoken};
use super::{Adoption, FRAMEWORK, ScaffoldError};
use crate::module::is_identifier;
use crate::{Catalogue, Column, MAX_OBJECTS, SYSTEM, Table};

/// Rows of a table that others choose from, at most.
const MAX_LOOKUP: i64 = 500;
/// Columns of such a table, at most, the key and the framework's apart.
const MAX_LOOKUP_COLUMNS: usize = 4;

/// Tables that become objects.
pub(super) struct Plan<'a> {
    pub(super) tables: Vec<Taken<'a>>,
    pub(super) notes: Vec<String>,
}

/// A table that becomes an object.
pub(super) struct Taken<'a> {
    /// The table as it is.
    pub(super) source: &'a Table,
    /// Its name as it is.
    pub(super) was: &'a str,
    /// Its name as an object.
    pub(super) name: String,
    /// Its columns, renamed where the engine needs their names.
    pub(super) columns: Vec<Column>,
    /// Old names of columns that are renamed, and new ones.
    pub(super) renamed: Vec<(String, String)>,
    /// Primary key of one column.
    pub(super) key: Option<String>,
    /// Foreign keys to other objects: column, object, column there.
    pub(super) references: Vec<(String, String, String)>,
    /// Columns that nobody is shown.
    pub(super) hidden: BTreeSet<String>,
    /// Whether it is only chosen from.
    pub(super) lookup: bool,
    /// Who owns its rows.
    pub(super) owner: Owner,
}

/// Who owns the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// The collectivité that its column says.
    Said,
    /// That of the row which this column names.
    Through(String),
    /// One collectivité; all of them read.
    Shared,
    /// One collectivité.
    One,
}

impl Taken<'_> {
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Columns shown, in their order.
    pub(super) fn shown(&self) -> impl Iterator<Item = &Column> {
        let geometry = self.geometry().map(|column| column.name.clone());
        self.columns.iter().filter(move |column| {
            !self.hidden.contains(&column.name)
                && !SYSTEM.contains(&column.name.as_str())
                && Some(&column.name) != geometry.as_ref()
                && shows(column)
        })
    }

    pub(super) fn geometry(&self) -> Option<&Column> {
        self.columns.iter().find(|column| column.base == "geometry")
    }

    /// Its name shown, singular and plural.
    pub(super) fn labels(&self) -> (String, String) {
        let label = short(self.source.comment.as_ref()).unwrap_or_else(|| spoken(&self.name));
        let plural = plural(&label);
        (label, plural)
    }

    /// Begin and end of validity.
    pub(super) fn valid(&self) -> bool {
        let date = |name| self.column(name).is_some_and(|column| column.base == "date");
        date("om_validite_debut") && date("om_validite_fin")
    }

    /// Columns that a new row leaves empty and that refuse it.
    pub(super) fn loosened(&self) -> impl Iterator<Item = &Column> {
        let geometry = self.geometry().map(|column| column.name.clone());
        self.columns.iter().filter(move |column| {
            column.not_null
                && !column.default
                && !self.source.primary_key.contains(&column.name)
                && Some(&column.name) != geometry.as_ref()
                && !SYSTEM.contains(&column.name.as_str())
                && (self.hidden.contains(&column.name) || !shows(column))
        })
    }

    /// A whole-number key that nothing fills: programs took it from a sequence themselves.
    pub(super) fn counts(&self) -> Option<&Column> {
        let key = self.column(self.key.as_ref()?)?;
        (matches!(key.base.as_str(), "int2" | "int4" | "int8") && !key.default).then_some(key)
    }

    /// Columns that name a row: `libelle`, else names, else the first text that is never empty, else the first text, else the
    /// second column.
    pub(super) fn title(&self) -> Vec<String> {
        let text = |column: &&Column| is_text(column) && !is_rich(column);
        let named =
            |name: &str| self.shown().filter(text).find(|column| column.name == name).map(|column| column.name.clone());
        if let Some(libelle) = named("libelle") {
            return vec![libelle];
        }
        if let Some(nom) = named("nom") {
            return std::iter::once(nom).chain(named("prenom")).collect();
        }
        let filled = self.shown().filter(text).find(|column| column.not_null);
        let first = filled.or_else(|| self.shown().find(text)).or_else(|| self.shown().next());
        let first = first.map(|column| column.name.clone());
        first.or_else(|| self.key.clone()).into_iter().collect()
    }
}

pub(super) fn is_text(column: &Column) -> bool {
    matches!(column.base.as_str(), "text" | "varchar" | "bpchar")
}

pub(super) fn is_rich(column: &Column) -> bool {
    is_text(column) && ["_om_html", "_om_htmletat", "_om_htmletatex"].iter().any(|end| column.name.ends_with(end))
}

/// Whether a form can show it.
fn shows(column: &Column) -> bool {
    matches!(
        column.base.as_str(),
        "text"
            | "varchar"
            | "bpchar"
            | "time"
            | "timetz"
            | "int2"
            | "int4"
            | "int8"
            | "numeric"
            | "float4"
            | "float8"
            | "date"
            | "timestamp"
            | "timestamptz"
            | "bool"
    ) || column.base == "uuid"
}

/// Words of columns that tell of persons.
const PERSONAL: [&str; 12] = [
    "nom",
    "prenom",
    "prenoms",
    "marital",
    "naissance",
    "telephone",
    "tel",
    "mobile",
    "courriel",
    "mail",
    "email",
    "adresse",
];

/// Whether a column looks like one that tells of a person.
fn is_personal(name: &str) -> bool {
    let stem = |word: &str| word.trim_end_matches(|last: char| last.is_ascii_digit()).to_owned();
    name.split('_').any(|word| PERSONAL.contains(&word) || PERSONAL.contains(&stem(word).as_str()))
}

pub(super) fn plan<'a>(catalogue: &'a Catalogue, adoption: &Adoption) -> Result<Plan<'a>, ScaffoldError> {
    let mut notes = Vec::new();
    let chosen = chosen(catalogue, adoption, &mut notes)?;
    let mut tables: Vec<Taken<'a>> = chosen.into_iter().map(|(was, table)| taken(was, table, &mut notes)).collect();
    refer(&mut tables, adoption);
    for rank in 0..tables.len() {
        let named =
            tables.iter().any(|other| other.references.iter().any(|(_, target, _)| *target == tables[rank].name));
        let table = &mut tables[rank];
        table.hidden = hidden(table);
        let columns = table.shown().filter(|column| !column.name.starts_with("om_validite_")).count();
        table.lookup = named
            && table.references.is_empty()
            && table.geometry().is_none()
            && table.source.rows <= MAX_LOOKUP
            && columns <= MAX_LOOKUP_COLUMNS;
    }
    owners(&mut tables, adoption)?;
    for table in &tables {
        let persons: Vec<&str> =
            table.shown().map(|column| column.name.as_str()).filter(|name| is_personal(name)).collect();
        if !persons.is_empty() {
            notes.push(format!(
                "{} : {} ont l'air de données personnelles ; déclarez-les par « personal », avec une finalité du module",
                table.was,
                persons.join(", ")
            ));
        }
        for column in table.columns.iter().filter(|column| !shows(column) && column.base != "geometry") {
            notes.push(format!(
                "{}.{} : aucun formulaire ne montre le type {} ; la colonne reste, sans champ",
                table.was, column.name, column.sql
            ));
        }
    }
    Ok(Plan { tables, notes })
}

/// Tables taken: those asked for, else every one but the framework's.
fn chosen<'a>(
    catalogue: &'a Catalogue,
    adoption: &Adoption,
    notes: &mut Vec<String>,
) -> Result<Vec<(&'a str, &'a Table)>, ScaffoldError> {
    let prefix = format!("{}.", adoption.schema);
    if let Some(absent) = adoption.tables.iter().find(|name| !catalogue.tables.contains_key(&format!("{prefix}{name}")))
    {
        return Err(ScaffoldError::Absent(format!("{prefix}{absent}")));
    }
    let mut chosen = Vec::new();
    for (full, table) in &catalogue.tables {
        let Some(was) = full.strip_prefix(&prefix) else { continue };
        if !adoption.tables.is_empty() && !adoption.tables.contains(was) {
            continue;
        }
        if was.starts_with("om_") || was == "spatial_ref_sys" {
            continue;
        }
        if !is_identifier(&bare(was), 40) || crate::check::is_reserved(&bare(was)) {
            notes.push(format!("{was} : ce nom ne peut pas être celui d'un objet ; la table est laissée de côté"));
            continue;
        }
        chosen.push((was, table));
    }
    match chosen.len() {
        0 => Err(ScaffoldError::Nothing(adoption.schema.clone())),
        many if many > MAX_OBJECTS => Err(ScaffoldError::Many(many)),
        _ => Ok(chosen),
    }
}

fn taken<'a>(was: &'a str, table: &'a Table, notes: &mut Vec<String>) -> Taken<'a> {
    let mut renamed = Vec::new();
    let mut columns: Vec<Column> = table.columns.clone();
    let mut used: BTreeSet<String> = columns.iter().map(|column| column.name.clone()).collect();
    for column in &mut columns {
        let own_key = column.name == "id" && column.base == "uuid";
        let clashes = SYSTEM.contains(&column.name.as_str()) && !own_key;
        let mut wanted = bare(&column.name);
        if clashes {
            wanted.push_str("_origine");
        }
        if wanted == column.name {
            continue;
        }
        while !used.insert(wanted.clone()) {
            wanted.push('_');
        }
        notes.push(format!("{was}.{} : renommée {wanted}", column.name));
        renamed.push((std::mem::replace(&mut column.name, wanted.clone()), wanted));
    }
    let now = |name: &String| {
        renamed.iter().find(|(old, _)| old == name).map_or_else(|| name.clone(), |(_, new)| new.clone())
    };
    let key = match table.primary_key.as_slice() {
        [one] => Some(now(one)),
        _ => None,
    };
    Taken {
        source: table,
        was,
        name: bare(was),
        columns,
        renamed,
        key,
        references: Vec::new(),
        hidden: BTreeSet::new(),
        lookup: false,
        owner: Owner::One,
    }
}

/// Foreign keys to tables that become objects too, by their new names.
fn refer(tables: &mut [Taken<'_>], adoption: &Adoption) {
    let names: BTreeMap<String, (String, Vec<(String, String)>)> = tables
        .iter()
        .map(|table| (format!("{}.{}", adoption.schema, table.was), (table.name.clone(), table.renamed.clone())))
        .collect();
    let now = |renamed: &[(String, String)], name: &String| {
        renamed.iter().find(|(old, _)| old == name).map_or_else(|| name.clone(), |(_, new)| new.clone())
    };
    for table in tables {
        table.references = table
            .source
            .foreign_keys
            .iter()
            .filter_map(|key| {
                let (target, theirs) = names.get(&key.table)?;
                Some((now(&table.renamed, &key.column), target.clone(), now(theirs, &key.target)))
            })
            .collect();
        table.references.sort_by_key(|(column, ..)| table.columns.iter().position(|one| one.name == *column));
    }
}

/// The key that programs count with, the owner's column, and what names a table that is no object.
fn hidden(table: &Taken<'_>) -> BTreeSet<String> {
    let refers = |name: &String| table.references.iter().any(|(column, ..)| column == name);
    let foreign = table.source.foreign_keys.iter().map(|key| {
        table
            .renamed
            .iter()
            .find(|(old, _)| *old == key.column)
            .map_or_else(|| key.column.clone(), |(_, new)| new.clone())
    });
    let counted = table.key.iter().filter(|key| {
        table.column(key).is_some_and(|column| matches!(column.base.as_str(), "int2" | "int4" | "int8")) && !refers(key)
    });
    let bare_uuid = table
        .columns
        .iter()
        .filter(|column| column.base == "uuid" && !refers(&column.name))
        .map(|column| column.name.clone());
    foreign
        .filter(|column| !refers(column))
        .chain(counted.cloned())
        .chain(bare_uuid)
        .chain(table.column(FRAMEWORK).map(|column| column.name.clone()))
        .filter(|name| !SYSTEM.contains(&name.as_str()))
        .collect()
}

/// Owners: said by a column, else by a row that is named, nearest first; else one collectivité, that others read when chosen from.
fn owners(tables: &mut [Taken<'_>], adoption: &Adoption) -> Result<(), ScaffoldError> {
    let said: Vec<bool> = tables.iter().map(|table| table.column(FRAMEWORK).is_some()).collect();
    if said.iter().any(|said| *said) && adoption.collectivites > 1 && adoption.owner.is_none() {
        let unsaid: Vec<(&i64, &String)> =
            adoption.known.iter().filter(|(key, _)| !adoption.owners.contains_key(key)).collect();
        if !unsaid.is_empty() {
            let names = unsaid.iter().map(|(key, name)| format!("{key} ({name})")).collect::<Vec<_>>().join(", ");
            let example = adoption.known.keys().map(|key| format!("{key}=CODE")).collect::<Vec<_>>().join(",");
            return Err(ScaffoldError::Owners(names, example));
        }
    }
    let mut known: BTreeMap<String, Owner> = BTreeMap::new();
    for (table, _) in tables.iter().zip(&said).filter(|(_, said)| **said) {
        known.insert(table.name.clone(), Owner::Said);
    }
    for always in [true, false] {
        loop {
            let next = tables.iter().filter(|table| !known.contains_key(&table.name)).find_map(|table| {
                let through = table.references.iter().find(|(column, target, _)| {
                    known.contains_key(target)
                        && (!always || table.column(column).is_some_and(|column| column.not_null))
                });
                through.map(|(column, ..)| (table.name.clone(), Owner::Through(column.clone())))
            });
            let Some((name, owner)) = next else { break };
            known.insert(name, owner);
        }
    }
    let several = adoption.owners.values().collect::<BTreeSet<_>>().len() > 1;
    let named: BTreeSet<String> =
        tables.iter().flat_map(|table| &table.references).map(|(_, target, _)| target.clone()).collect();
    for table in tables {
        let alone = if several && named.contains(&table.name) { Owner::Shared } else { Owner::One };
        table.owner = known.remove(&table.name).unwrap_or(alone);
    }
    Ok(())
}

/// The sentence that helps to fill a field, from a comment too long to be its label.
pub(super) fn help(column: &Column) -> Option<String> {
    let comment = column.comment.as_ref()?.trim();
    let long = comment.chars().count() > MAX_LABEL || comment.contains('\n');
    long.then(|| comment.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(400).collect())
}
