//! What an object shows to everybody: a page where it is searched, a form by which anybody deposits a row.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// The public page of an object: its rows that the public may read, searched and listed, a sheet each.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Title of the page, and of the links to it.
    pub title: String,
    /// Sentences under the title.
    #[serde(default)]
    pub intro: Option<String>,
    /// Whether its rows are persons: robots are asked not to keep it, and nothing is listed before something is searched.
    #[serde(default)]
    pub persons: bool,
    /// What may be searched.
    #[serde(default)]
    pub search: Vec<Search>,
    /// Columns of the list, besides the title: a field, or `reference.champ`.
    #[serde(default)]
    pub columns: Vec<String>,
    /// What a sheet shows; the columns unless told.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Order: `-` before a field for the descending one.
    #[serde(default)]
    pub sort: Vec<String>,
    /// Reference whose row has the geometry of this one; its own geometry unless told.
    #[serde(default)]
    pub place: Option<String>,
    /// Objects of its tabs that a sheet shows too.
    #[serde(default)]
    pub tabs: Vec<String>,
    /// What every sheet says.
    #[serde(default)]
    pub texts: Vec<Paragraph>,
    /// Object of which a sheet offers the deposit form.
    #[serde(default)]
    pub deposit: Option<String>,
}

/// A field of a search form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Identifier: the name of the parameter.
    pub id: String,
    /// Name shown.
    pub label: String,
    /// A sentence that helps to fill it.
    #[serde(default)]
    pub help: Option<String>,
    /// Fields searched, any of them: texts by words, dates and whole numbers by year, a code or a reference by choice. A code
    /// or a reference is alone, and may be reached through a reference: `emplacement.cimetiere`.
    pub fields: Vec<String>,
}

/// What a sheet says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// Its title.
    pub title: String,
    /// Its sentences; a line a paragraph.
    pub text: String,
    /// Rows whose sheet says it; all unless told.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
}

/// A form by which anybody deposits a row, that the public never reads back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deposit {
    /// Title of the form, and of the links to it.
    pub title: String,
    /// Sentences under the title.
    #[serde(default)]
    pub intro: Option<String>,
    /// Fields asked, in order.
    pub fields: Vec<String>,
    /// Those of them that the form requires, besides what the table requires.
    #[serde(default)]
    pub required: Vec<String>,
    /// Reference, among the fields, whose row says which collectivité receives: one that the public may read.
    pub to: String,
    /// What browsers may fill by themselves, by field: `family-name`, `street-address`, `email`…
    #[serde(default)]
    pub autocomplete: BTreeMap<String, String>,
    /// Attached files at most, 0 to 5: PDF, JPEG, PNG or WebP.
    #[serde(default)]
    pub files: u8,
    /// Deposits of one address in a day, at most.
    #[serde(default = "per_address")]
    pub per_address: u16,
    /// Deposits in a day, at most, whoever sends.
    #[serde(default = "per_day")]
    pub per_day: u16,
    /// What is said once it was received.
    pub received: String,
}

fn per_address() -> u16 {
    5
}

fn per_day() -> u16 {
    200
}
