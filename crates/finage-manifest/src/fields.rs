//! What each column is, once the catalogue and the manifest are put together.

use crate::{Catalogue, Column, Field, Kind, Object, SYSTEM, Table};

/// A field, as the engine takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved<'a> {
    /// Name, and column.
    pub name: &'a str,
    /// Column.
    pub column: &'a Column,
    /// What the manifest says; nothing for a field it does not name.
    pub field: Option<&'a Field>,
    /// What it holds.
    pub kind: Kind,
    /// Of a reference: table and column it names.
    pub target: Option<(String, String)>,
}

impl Resolved<'_> {
    /// Name shown.
    #[must_use]
    pub fn label(&self) -> String {
        let said = self.field.and_then(|field| field.label.clone()).or_else(|| self.column.comment.clone());
        said.unwrap_or_else(|| spoken(self.name))
    }
}

/// `date_depot` → « Date depot ».
fn spoken(name: &str) -> String {
    let words = name.trim_end_matches("_id").replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// The fields of an object, in the order of forms: groups first, then the table's order. Columns of the engine, hidden ones
/// and those of a type that nothing shows are left out.
///
/// # Errors
/// For each field that disagrees with its column: its name, and why, in French.
pub fn resolve<'a>(
    object: &'a Object,
    table: &'a Table,
    catalogue: &Catalogue,
    tables: &dyn Fn(&str) -> Option<String>,
) -> (Vec<Resolved<'a>>, Vec<(String, String)>) {
    let mut faults = Vec::new();
    let mut fields = Vec::new();
    let geometry = object.file.geometry.as_deref();
    for column in &table.columns {
        let field = object.file.fields.get(&column.name);
        if SYSTEM.contains(&column.name.as_str()) || geometry == Some(column.name.as_str()) {
            if field.is_some() && SYSTEM.contains(&column.name.as_str()) {
                faults.push((
                    column.name.clone(),
                    "cette colonne est tenue par le moteur ; retirez-la du manifeste".to_owned(),
                ));
            }
            continue;
        }
        if field.is_some_and(|field| field.hidden) {
            continue;
        }
        match kind(field, column, table, catalogue, tables) {
            Ok(Some((kind, target))) => fields.push(Resolved { name: &column.name, column, field, kind, target }),
            Ok(None) if field.is_none() => {}
            Ok(None) => faults.push((
                column.name.clone(),
                format!("rien ne montre une colonne de type {} ; dites « hidden = true »", column.sql),
            )),
            Err(message) => faults.push((column.name.clone(), message)),
        }
    }
    let rank = |name: &str| object.file.groups.iter().flat_map(|group| &group.fields).position(|one| one == name);
    fields.sort_by_key(|field| rank(field.name).unwrap_or(usize::MAX));
    (fields, faults)
}

type KindAndTarget = (Kind, Option<(String, String)>);

/// What a column holds; none for a type that nothing shows.
fn kind(
    field: Option<&Field>,
    column: &Column,
    table: &Table,
    catalogue: &Catalogue,
    tables: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<KindAndTarget>, String> {
    let said = field.and_then(|field| field.kind);
    let base = column.base.as_str();
    let text = matches!(base, "text" | "varchar" | "bpchar");
    let expected = |what: &str| Err(format!("la colonne est de type {}, {what} est attendu", column.sql));
    if let Some(field) = field {
        if field.code.is_some() && said.is_none_or(|kind| kind == Kind::Code) {
            return if text { Ok(Some((Kind::Code, None))) } else { expected("un texte") };
        }
        if let Some(reference) = &field.reference {
            let Some(target) = tables(reference) else {
                return Err(format!("l'objet « {reference} » n'existe pas"));
            };
            return match base {
                "uuid" => Ok(Some((Kind::Reference, Some((target, "id".to_owned()))))),
                "_uuid" => Ok(Some((Kind::References, Some((target, "id".to_owned()))))),
                _ if table.foreign_key(&column.name).is_some() => {
                    let key = table.foreign_key(&column.name).map(|key| (key.table.clone(), key.target.clone()));
                    if key.as_ref().is_some_and(|(named, _)| *named == target) {
                        Ok(Some((Kind::Reference, key)))
                    } else {
                        Err("sa clé étrangère nomme une autre table que « reference »".to_owned())
                    }
                }
                _ => expected("uuid ou uuid[]"),
            };
        }
    }
    if let Some(key) = table.foreign_key(&column.name) {
        if key.table == "core.piece_jointe" {
            return if said.is_none_or(|kind| kind == Kind::File) {
                Ok(Some((Kind::File, None)))
            } else {
                Err("sa clé étrangère nomme un fichier joint : « kind = \"file\" »".to_owned())
            };
        }
        if catalogue.tables.contains_key(&key.table) || said == Some(Kind::Reference) {
            if said.is_some_and(|kind| kind != Kind::Reference) {
                return Err(format!("sa clé étrangère nomme {} : « kind = \"reference\" » ou rien", key.table));
            }
            return Ok(Some((Kind::Reference, Some((key.table.clone(), key.target.clone())))));
        }
    }
    let natural = match base {
        "text" | "varchar" | "bpchar" | "time" | "timetz" => Some(Kind::Text),
        "int2" | "int4" | "int8" => Some(Kind::Integer),
        "numeric" | "float4" | "float8" => Some(Kind::Decimal),
        "date" => Some(Kind::Date),
        "timestamptz" | "timestamp" => Some(Kind::Instant),
        "bool" => Some(Kind::Boolean),
        _ => None,
    };
    let agrees = match said {
        None => return Ok(natural.map(|kind| (kind, None))),
        Some(Kind::Text | Kind::Longtext | Kind::Rich) => text || matches!(base, "time" | "timetz"),
        Some(Kind::Integer) => natural == Some(Kind::Integer),
        Some(Kind::Decimal) => natural == Some(Kind::Decimal),
        Some(Kind::Money) => base == "numeric",
        Some(Kind::Date) => natural == Some(Kind::Date),
        Some(Kind::Instant) => natural == Some(Kind::Instant),
        Some(Kind::Boolean) => natural == Some(Kind::Boolean),
        Some(Kind::Code) => {
            return Err("« kind = \"code\" » veut dire quelle nomenclature : « code = \"…\" »".to_owned());
        }
        Some(Kind::Reference) => {
            return Err(
                "une référence veut une clé étrangère, ou « reference = \"objet\" » et une colonne uuid".to_owned()
            );
        }
        Some(Kind::References) => {
            return Err("plusieurs références veulent « reference = \"objet\" » et une colonne uuid[]".to_owned());
        }
        Some(Kind::File) => return Err("un fichier veut une clé étrangère vers core.piece_jointe".to_owned()),
        Some(Kind::Geometry) => {
            return Err("la géométrie d'un objet se dit par « geometry = \"colonne\" », une par objet".to_owned());
        }
    };
    match said {
        Some(kind) if agrees => Ok(Some((kind, None))),
        Some(kind) => Err(format!("la colonne est de type {}, ce qui n'est pas « {} »", column.sql, kind.word())),
        None => Ok(None),
    }
}

impl Kind {
    /// As the manifest writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Longtext => "longtext",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Money => "money",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::Boolean => "boolean",
            Self::Code => "code",
            Self::Reference => "reference",
            Self::References => "references",
            Self::File => "file",
            Self::Geometry => "geometry",
            Self::Rich => "rich",
        }
    }
}
