//! Which properties an expression may use, their types, and where SQL finds them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Type {
    /// `text`.
    Text,
    /// `smallint`, `integer` or `bigint`.
    Integer,
    /// `numeric`.
    Decimal,
    /// `boolean`.
    Boolean,
    /// `date`.
    Date,
    /// `timestamptz`.
    Instant,
    /// `uuid`.
    Uuid,
    /// `text[]`, in which `in` looks.
    TextArray,
    /// `uuid[]`, in which `in` looks.
    UuidArray,
}

impl Type {
    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Text => "texte",
            Self::Integer => "entier",
            Self::Decimal => "nombre décimal",
            Self::Boolean => "booléen",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::Uuid => "identifiant",
            Self::TextArray => "tableau de textes",
            Self::UuidArray => "tableau d'identifiants",
        }
    }

    /// PostgreSQL's name for what is bound.
    #[must_use]
    pub fn sql(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "bigint",
            Self::Decimal => "numeric",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Instant => "timestamptz",
            Self::Uuid => "uuid",
            Self::TextArray => "text[]",
            Self::UuidArray => "uuid[]",
        }
    }

    /// Whether it holds several values, in which `in` looks.
    pub(crate) fn is_array(self) -> bool {
        matches!(self, Self::TextArray | Self::UuidArray)
    }
}

/// The properties an expression may use. A property that the reader has no right to is not put in: it reads as unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    properties: BTreeMap<String, Property>,
}

/// A property of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Property {
    pub(crate) kind: Type,
    pub(crate) source: Source,
}

/// Where a property comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A column, or an expression of the program's own, written as SQL.
    Column(String),
    /// An attribute of the user, bound.
    User(String),
}

impl Schema {
    /// Without properties.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a property of the record, and the column that holds it: `&["p", "insee"]` for `"p"."insee"`.
    ///
    /// A [`Type::Decimal`] is a `numeric` column whose values fit [`crate::Decimal`], and a text a `text` column of a
    /// deterministic collation.
    #[must_use]
    pub fn with(mut self, property: &str, kind: Type, column: &[&str]) -> Self {
        let mut sql = String::new();
        for (rank, part) in column.iter().enumerate() {
            let _ = write!(sql, "{}\"{}\"", if rank == 0 { "" } else { "." }, part.replace('"', "\"\""));
        }
        self.properties.insert(property.to_owned(), Property { kind, source: Source::Column(sql) });
        self
    }

    /// With a property of the record that SQL computes: a sub-select, a call.
    ///
    /// The SQL is the program's own word and goes verbatim, between parentheses, wherever the property stands: nothing
    /// that anybody typed may be in it, nor a dollar, which is left to placeholders. It gives that type and raises no
    /// error, whatever the row.
    #[must_use]
    pub fn with_expression(mut self, property: &str, kind: Type, sql: &str) -> Self {
        let source = Source::Column(format!("({sql})"));
        self.properties.insert(property.to_owned(), Property { kind, source });
        self
    }

    /// With an attribute of the user, `user.` before its name in expressions.
    #[must_use]
    pub fn with_user(mut self, attribute: &str, kind: Type) -> Self {
        let source = Source::User(attribute.to_owned());
        self.properties.insert(format!("user.{attribute}"), Property { kind, source });
        self
    }

    pub(crate) fn property(&self, name: &str) -> Option<&Property> {
        self.properties.get(name)
    }
}
