//! Values of a record, and what an expression knows besides it.

use std::collections::BTreeMap;

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::{Decimal, Type};

/// The value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// None.
    Null,
    /// A text.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// True or false.
    Boolean(bool),
    /// A civil date.
    Date(Date),
    /// An instant, to the microsecond.
    Instant(OffsetDateTime),
    /// An identifier.
    Uuid(Uuid),
    /// Texts, none of them null.
    TextArray(Vec<String>),
    /// Identifiers, none of them null.
    UuidArray(Vec<Uuid>),
}

impl Value {
    /// Itself when it is of that type, null otherwise: a value of another type is no value.
    pub(crate) fn of_type(self, kind: Type) -> Self {
        match (kind, self) {
            (Type::Decimal, Self::Integer(value)) => Self::Decimal(value.into()),
            (Type::Text, value @ Self::Text(_))
            | (Type::Integer, value @ Self::Integer(_))
            | (Type::Decimal, value @ Self::Decimal(_))
            | (Type::Boolean, value @ Self::Boolean(_))
            | (Type::Date, value @ Self::Date(_))
            | (Type::Instant, value @ Self::Instant(_))
            | (Type::Uuid, value @ Self::Uuid(_))
            | (Type::TextArray, value @ Self::TextArray(_))
            | (Type::UuidArray, value @ Self::UuidArray(_)) => value,
            _ => Self::Null,
        }
    }
}

/// What an expression knows besides a record: the date of today and attributes of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    today: Date,
    user: BTreeMap<String, Value>,
}

impl Context {
    /// On a date, for nobody in particular.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self { today, user: BTreeMap::new() }
    }

    /// With an attribute of the user, named without `user.`.
    #[must_use]
    pub fn with(mut self, attribute: &str, value: Value) -> Self {
        self.user.insert(attribute.to_owned(), value);
        self
    }

    pub(crate) fn today(&self) -> Date {
        self.today
    }

    /// An attribute the schema gives this type; null when it is absent or of another.
    pub(crate) fn attribute(&self, name: &str, kind: Type) -> Value {
        self.user.get(name).cloned().unwrap_or(Value::Null).of_type(kind)
    }
}
