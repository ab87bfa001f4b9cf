//! The tree of an expression. Whoever holds one holds it within bounds: [`crate::parse`] and the JSON reader alone make it.

use time::{Date, OffsetDateTime};

use crate::bounds::MAX_DEPTH;
use crate::temporal::{Duration, Way};
use crate::{Decimal, ExprError, Schema, Typed, check};

/// An expression as it was written, within bounds, not yet typed.
///
/// [`std::fmt::Display`] writes its text, serde its CQL2 JSON; both read back as the same expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression(pub(crate) Predicate);

impl Expression {
    /// Checks it against the properties of a schema.
    ///
    /// # Errors
    /// A property that the schema does not give, or an operator between values it does not compare.
    pub fn typed(&self, schema: &Schema) -> Result<Typed, ExprError> {
        check::typed(&self.0, schema)
    }
}

/// What is true, false or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Predicate {
    /// All of two or more.
    And(Vec<Self>),
    /// One of two or more.
    Or(Vec<Self>),
    Not(Box<Self>),
    Constant(bool),
    Compare(Comparison, Scalar, Scalar),
    Between(Scalar, Scalar, Scalar),
    In(Scalar, List),
    Like(Scalar, String),
    IsNull(Scalar),
}

impl Predicate {
    /// Levels of the tree below and with this one.
    pub(crate) fn height(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => 1 + parts.iter().map(Self::height).max().unwrap_or(0),
            Self::Not(inner) => 1 + inner.height(),
            Self::Constant(_) => 1,
            Self::Compare(_, left, right) => 1 + left.height().max(right.height()),
            Self::Between(value, low, high) => 1 + value.height().max(low.height()).max(high.height()),
            Self::In(value, List::Scalars(items)) => {
                1 + items.iter().map(Scalar::height).max().unwrap_or(0).max(value.height())
            }
            Self::In(value, List::Array(_)) | Self::Like(value, _) | Self::IsNull(value) => 1 + value.height(),
        }
    }

    /// Itself, when it is not too deep.
    pub(crate) fn bounded(self, position: Option<usize>) -> Result<Self, ExprError> {
        if self.height() > MAX_DEPTH { Err(ExprError::TooDeep { position }) } else { Ok(self) }
    }
}

/// What `in` looks into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum List {
    /// One value or more.
    Scalars(Vec<Scalar>),
    /// A property that is an array.
    Array(String),
}

/// A single value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scalar {
    Property(String),
    Text(String),
    Number(Decimal),
    Boolean(bool),
    Date(Date),
    Instant(OffsetDateTime),
    Today,
    /// A property, a date or today, moved.
    Moved(Box<Self>, Way, Duration),
}

impl Scalar {
    fn height(&self) -> usize {
        if matches!(self, Self::Moved(..)) { 2 } else { 1 }
    }
}

/// An order or its opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(crate) const ALL: [Self; 6] =
        [Self::Equal, Self::Different, Self::Less, Self::LessOrEqual, Self::Greater, Self::GreaterOrEqual];

    /// As CQL2 and SQL write it.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Different => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether it asks for an order, and not only for equality.
    pub(crate) fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::Different)
    }
}
