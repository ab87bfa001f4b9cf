//! What the database says of tables: the truth for storage.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The tables of one or several schemas.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// By `schema.table`.
    pub tables: BTreeMap<String, Table>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    /// Its comment.
    pub comment: Option<String>,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// Columns of its primary key.
    pub primary_key: Vec<String>,
    /// Columns of each unique constraint or index.
    pub unique: Vec<Vec<String>>,
    /// Columns of each unique index by its name, those of expressions and the primary key among them.
    #[serde(default)]
    pub unique_indexes: BTreeMap<String, Vec<String>>,
    /// Its foreign keys of one column.
    pub foreign_keys: Vec<ForeignKey>,
    /// Rows, as the statistics say.
    pub rows: i64,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Name of its type in `pg_type`: `varchar`, `int4`, `_uuid`, `geometry`.
    pub base: String,
    /// Its type as PostgreSQL writes it: `character varying(40)`.
    pub sql: String,
    /// Whether it is never null.
    pub not_null: bool,
    /// Whether the database gives it a value: default, identity or generated.
    pub default: bool,
    /// What the database writes by default, as it says it: `'achat'::text`, `CURRENT_DATE`.
    #[serde(default, skip_serializing)]
    pub default_sql: Option<String>,
    /// Whether nobody may write it: generated, or identity always.
    pub generated: bool,
    /// Its comment.
    pub comment: Option<String>,
    /// Longest text, characters.
    pub length: Option<u32>,
    /// Digits in all, of a number that has a bound.
    #[serde(default)]
    pub precision: Option<u32>,
    /// Digits after the point.
    pub scale: Option<u32>,
    /// Of a geometry: its kind and its system.
    pub geometry: Option<(String, i32)>,
}

/// A foreign key of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Column.
    pub column: String,
    /// Table it names: `schema.table`.
    pub table: String,
    /// Column of that table.
    pub target: String,
}

impl Table {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The foreign key of a column.
    #[must_use]
    pub fn foreign_key(&self, column: &str) -> Option<&ForeignKey> {
        self.foreign_keys.iter().find(|key| key.column == column)
    }
}
