//! `module.toml`, and the module whole.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::codes::Codes;
use crate::folder::hex;
use crate::import::{Import, ImportFile};
use crate::object::{Object, ObjectFile};
use crate::place::{Places, line_at};
use crate::report::Report;
use crate::{ENGINE, Fault, Folder};

/// Objects of a module at most.
pub const MAX_OBJECTS: usize = 100;

/// `module.toml`: who the module is.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModuleFile {
    /// Version of the manifest's language: 1.
    pub engine: u32,
    /// Identifier: its folder, its schema in the database, the first part of its layers.
    pub id: String,
    /// Version of the module: `1.2.0`.
    pub version: String,
    /// Name shown.
    pub label: String,
    /// What it is for, in a sentence.
    #[serde(default)]
    pub description: Option<String>,
    /// Mission whose holders see its rows beside the collectivité that owns them; the identifier unless told.
    #[serde(default)]
    pub mission: Option<String>,
    /// Modules whose objects it refers to.
    #[serde(default)]
    pub depends: Vec<String>,
    /// Roles that it delivers, by their short name.
    #[serde(default)]
    pub roles: BTreeMap<String, Role>,
    /// Purposes for which it holds personal data.
    #[serde(default)]
    pub purposes: BTreeMap<String, Purpose>,
    /// Entries of the menu; every object unless told.
    #[serde(default)]
    pub menu: Vec<Menu>,
    /// Cards of the dashboard.
    #[serde(default)]
    pub dashboard: Vec<Card>,
    /// Tables of figures.
    #[serde(default)]
    pub reports: Vec<Report>,
}

/// A role that the module delivers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Name shown.
    pub label: String,
}

/// A purpose for which personal data are held (RGPD, articles 5 and 30).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Name shown, and written in the register.
    pub label: String,
    /// Legal basis.
    pub basis: String,
    /// How long, from the end of use: an ISO 8601 duration.
    #[serde(default)]
    pub keep: Option<String>,
    /// What becomes of the data then.
    #[serde(default, rename = "final")]
    pub end: Final,
    /// Who receives them.
    #[serde(default)]
    pub recipients: Option<String>,
}

/// The final sort of data, at the end of their use (code du patrimoine, L212-2 and L212-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Final {
    /// Destroyed, once the Archives approved the list.
    #[default]
    Destroy,
    /// Some are kept, the others destroyed.
    Sample,
    /// Handed over to the Archives.
    Transfer,
}

impl Final {
    /// The word that the database keeps.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::Destroy => "detruire",
            Self::Sample => "echantillonner",
            Self::Transfer => "transferer",
        }
    }
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Menu {
    /// Object.
    pub object: String,
    /// One of its lists.
    #[serde(default)]
    pub list: Option<String>,
    /// Name shown; that of the list or of the objects unless told.
    #[serde(default)]
    pub label: Option<String>,
}

/// A card of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Role that sees it; every one unless told.
    #[serde(default)]
    pub role: Option<String>,
    /// What it shows.
    pub kind: CardKind,
    /// Object.
    pub object: String,
    /// One of its lists.
    #[serde(default)]
    pub list: Option<String>,
    /// Condition on its rows.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// Field by which a chart counts.
    #[serde(default)]
    pub by: Option<String>,
    /// Name shown.
    pub label: String,
}

/// What a card of the dashboard shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CardKind {
    /// How many.
    Count,
    /// The first rows.
    List,
    /// How many by value of a field, with the table.
    Chart,
}

/// A migration of the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Its number, from 1.
    pub version: i32,
    /// Its file.
    pub file: String,
    /// Its SQL.
    pub sql: String,
    /// SHA-256 of its text, in hexadecimal.
    pub digest: String,
}

/// A module, read.
#[derive(Debug)]
pub struct Module {
    /// Who it is.
    pub file: ModuleFile,
    /// Its objects, by their short name.
    pub objects: BTreeMap<String, Object>,
    /// Its nomenclatures, by their short name.
    pub codes: BTreeMap<String, Codes>,
    /// Mappings of files that it knows, by their name.
    pub imports: BTreeMap<String, Import>,
    /// Its migrations, in order.
    pub migrations: Vec<Migration>,
    /// All its files.
    pub folder: Folder,
    pub(crate) places: Places,
}

impl Module {
    /// Reads every file of the folder.
    ///
    /// # Errors
    /// Everything wrong, file by file: a module with a fault is not loaded at all.
    pub fn read(folder: Folder) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let text = folder.text("module.toml").map_err(|fault| vec![fault])?.to_owned();
        let file: ModuleFile = parse("module.toml", &text).map_err(|fault| vec![fault])?;
        let places = Places::of(&text);
        let mut wrong =
            |key: &str, message: String| faults.push(Fault::new("module.toml", places.line(&[key]), message));
        if file.engine != ENGINE {
            wrong(
                "engine",
                format!("ce Finage lit les manifestes « engine = {ENGINE} », celui-ci est écrit pour {}", file.engine),
            );
        }
        if !is_identifier(&file.id, 31) {
            wrong(
                "id",
                format!("« {} » ne peut pas être l'identifiant d'un module : {}", file.id, identifier_rule(31)),
            );
        }
        if RESERVED.contains(&file.id.as_str()) {
            wrong("id", format!("« {} » est un nom du socle ; choisissez un autre identifiant", file.id));
        }
        if !is_version(&file.version) {
            wrong("version", format!("« {} » n'est pas une version : trois nombres, par exemple 1.2.0", file.version));
        }
        let objects = objects(&folder, &mut faults);
        let codes = codes(&folder, &mut faults);
        let imports = imports(&folder, &mut faults);
        let migrations = migrations(&folder, &mut faults);
        if faults.is_empty() {
            Ok(Self { file, objects, codes, imports, migrations, folder, places })
        } else {
            Err(faults)
        }
    }

    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.file.id
    }

    /// Mission whose holders see its rows.
    #[must_use]
    pub fn mission(&self) -> &str {
        self.file.mission.as_deref().unwrap_or(&self.file.id)
    }
}

/// Schemas of the core, which no module takes.
pub(crate) const RESERVED: [&str; 9] =
    ["core", "cadastre", "adresse", "acces", "journal", "public", "pg_catalog", "information_schema", "finage"];

fn objects(folder: &Folder, faults: &mut Vec<Fault>) -> BTreeMap<String, Object> {
    let mut objects = BTreeMap::new();
    for path in folder.within("objects", ".toml") {
        let name = path.trim_start_matches("objects/").trim_end_matches(".toml");
        if !is_identifier(name, 40) {
            let message = format!("le nom de ce fichier est celui de l'objet : {}", identifier_rule(40));
            faults.push(Fault::new(path, None, message));
            continue;
        }
        let read = folder.text(path).and_then(|text| Ok((parse::<ObjectFile>(path, text)?, Places::of(text))));
        match read {
            Ok((file, places)) => {
                objects.insert(name.to_owned(), Object { name: name.to_owned(), path: path.to_owned(), file, places });
            }
            Err(fault) => faults.push(fault),
        }
    }
    if objects.len() > MAX_OBJECTS {
        faults.push(Fault::new("objects", None, format!("un module a {MAX_OBJECTS} objets au plus")));
    }
    objects
}

fn codes(folder: &Folder, faults: &mut Vec<Fault>) -> BTreeMap<String, Codes> {
    let mut all = BTreeMap::new();
    for path in folder.within("codes", ".csv") {
        let name = path.trim_start_matches("codes/").trim_end_matches(".csv");
        match folder.text(path).map_err(|fault| vec![fault]).and_then(|text| Codes::read(path, text)) {
            Ok(codes) => {
                all.insert(name.to_owned(), codes);
            }
            Err(wrong) => faults.extend(wrong),
        }
    }
    all
}

fn imports(folder: &Folder, faults: &mut Vec<Fault>) -> BTreeMap<String, Import> {
    let mut imports = BTreeMap::new();
    for path in folder.within("imports", ".toml") {
        let name = path.trim_start_matches("imports/").trim_end_matches(".toml");
        if !is_identifier(name, 40) {
            let message = format!("le nom de ce fichier est celui de la correspondance : {}", identifier_rule(40));
            faults.push(Fault::new(path, None, message));
            continue;
        }
        match folder.text(path).and_then(|text| Ok((parse::<ImportFile>(path, text)?, Places::of(text)))) {
            Ok((file, places)) => {
                let import = Import { name: name.to_owned(), path: path.to_owned(), file, places };
                imports.insert(name.to_owned(), import);
            }
            Err(fault) => faults.push(fault),
        }
    }
    imports
}

fn migrations(folder: &Folder, faults: &mut Vec<Fault>) -> Vec<Migration> {
    let mut all: Vec<Migration> = Vec::new();
    for path in folder.within("migrations", ".sql") {
        let name = path.trim_start_matches("migrations/");
        let Some(version) =
            name.split('_').next().filter(|digits| digits.len() == 4).and_then(|digits| digits.parse().ok())
        else {
            faults.push(Fault::new(path, None, "une migration se nomme 0001_quelque_chose.sql"));
            continue;
        };
        match folder.text(path) {
            Ok(sql) => {
                use sha2::{Digest as _, Sha256};
                let digest = hex(&Sha256::digest(sql.as_bytes()));
                all.push(Migration { version, file: path.to_owned(), sql: sql.to_owned(), digest });
            }
            Err(fault) => faults.push(fault),
        }
    }
    all.sort_by_key(|migration| migration.version);
    for (rank, migration) in all.iter().enumerate() {
        if usize::try_from(migration.version) != Ok(rank + 1) {
            faults.push(Fault::new(
                &migration.file,
                None,
                format!("les migrations se suivent depuis 0001 : celle-ci devrait être la {:04}", rank + 1),
            ));
        }
    }
    all
}

/// Reads a TOML file, its faults in French where it can be told.
fn parse<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_at(text, span.start));
        Fault::new(path, line, french(error.message()))
    })
}

/// What serde and TOML complain of, in French.
fn french(message: &str) -> String {
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let known = rest.split_once("expected ").map_or(String::new(), |(_, known)| {
            let known = known.trim_start_matches("one of ").replace('`', "");
            format!(" ; ici se disent : {known}")
        });
        return format!("la clé « {} » n'est pas connue{known}", quoted(rest));
    }
    if let Some(rest) = message.strip_prefix("missing field ") {
        return format!("la clé « {} » manque", quoted(rest));
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        let known = rest.split_once("expected ").map_or("", |(_, known)| known.trim_start_matches("one of "));
        return format!("la valeur « {} » n'est pas admise ; sont admises : {}", quoted(rest), known.replace('`', ""));
    }
    if let Some(rest) = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: ")) {
        let (found, expected) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let expected = kind(expected).map_or_else(String::new, |kind| format!(" : {kind} est attendu"));
        let found = kind(found).map_or_else(String::new, |kind| format!(", et non {kind}"));
        return format!("une valeur n'est pas de la forme voulue{expected}{found}");
    }
    if message.starts_with("invalid length") {
        return "une liste n'a pas le nombre d'éléments voulu".to_owned();
    }
    if message.starts_with("duplicate key") {
        return format!("la clé « {} » est donnée deux fois", quoted(message));
    }
    let cause = message.lines().next().unwrap_or_default();
    let told = if cause.contains("string") || cause.contains('"') || cause.contains("quote") {
        "un texte est mal fermé, ou contient ce qu'un texte ne contient pas"
    } else if cause.contains("array") || cause.contains(']') {
        "une liste est mal fermée"
    } else if cause.contains("table") || cause.contains('}') {
        "un tableau est mal fermé"
    } else if cause.contains("key") || cause.contains('=') {
        "« clé = valeur » est attendu"
    } else {
        "une valeur est mal écrite"
    };
    format!("ce n'est pas du TOML : {told}")
}

/// A kind of value, as serde names it, with its article.
fn kind(serdes: &str) -> Option<&'static str> {
    const KINDS: [(&str, &str); 8] = [
        ("sequence", "une liste"),
        ("array", "une liste"),
        ("map", "une table"),
        ("string", "un texte"),
        ("integer", "un nombre entier"),
        ("floating point", "un nombre"),
        ("boolean", "true ou false"),
        ("struct", "une table"),
    ];
    let integers = ["u8", "u16", "u32", "u64", "i32", "i64", "usize"];
    let serdes = serdes.strip_prefix("a ").or_else(|| serdes.strip_prefix("an ")).unwrap_or(serdes);
    let known = KINDS.iter().find(|(name, _)| serdes.starts_with(name)).map(|(_, said)| *said);
    known.or_else(|| integers.contains(&serdes).then_some("un nombre entier"))
}

pub(crate) fn is_identifier(text: &str, longest: usize) -> bool {
    let mut letters = text.bytes();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && (2..=longest).contains(&text.len())
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_')
}

/// What [`is_identifier`] asks, to be said after what was refused.
pub(crate) fn identifier_rule(longest: usize) -> String {
    format!("2 à {longest} lettres minuscules, chiffres ou « _ », une lettre d'abord")
}

fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| part.len() <= 5 && part.parse::<u32>().is_ok() && !part.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_toml_complains_of_is_said_in_french() {
        let said = |text: &str| parse::<ModuleFile>("module.toml", text).unwrap_err().message;
        for (text, words) in [
            ("engine = 1\nid = [1]", "un texte est attendu, et non une liste"),
            ("engine = \"1\"", "un nombre entier est attendu, et non un texte"),
            ("id = \"a", "un texte est mal fermé"),
            ("depends = [\"a\"", "liste"),
            ("id = \"a\"\nid = \"b\"", "« id » est donnée deux fois"),
            ("id", "« clé = valeur »"),
        ] {
            let message = said(text);
            assert!(message.contains(words), "{text} : {message}");
            for english in ["invalid", "expected", "duplicate", "string", "sequence"] {
                assert!(!message.contains(english), "{text} : {message}");
            }
        }
    }
}
