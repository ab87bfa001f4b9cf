//! `[[reports]]` of `module.toml`: figures of a module, each table by a query of `reports/`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Tables of figures on one page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Identifier.
    pub id: String,
    /// Name shown, in the menu and above the page.
    pub label: String,
    /// What it is for, in a sentence.
    #[serde(default)]
    pub description: Option<String>,
    /// Whole numbers that the reader may set, read by queries under their name.
    #[serde(default)]
    pub params: BTreeMap<String, ReportParam>,
    /// Its tables, in order.
    pub tables: Vec<ReportTable>,
}

/// A whole number that the reader may set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportParam {
    /// Name shown.
    pub label: String,
    /// Value unless told.
    pub default: i64,
    /// The least.
    pub min: i64,
    /// The greatest.
    pub max: i64,
}

/// A table of figures.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportTable {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub label: String,
    /// How it is read or counted, in a sentence.
    #[serde(default)]
    pub note: Option<String>,
    /// Its query, in `reports/`.
    pub query: String,
    /// Names shown of its columns; those of the query unless told.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Number of the query that a bar draws beside each line.
    #[serde(default)]
    pub bars: Option<String>,
}
