//! The tree of an expression. Whoever holds one holds it within bounds: [`crate::parse`] and the JSON reader alone make it.

use std::collections::BTreeSet;

use time::{Date, OffsetDateTime};

use crate::bounds::MAX_DEPTH;
use crate::temporal::{Duration, Unit, Way};
use crate::{Decimal, ExprError, Schema, Typed, TypedScalar, check};

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

    /// Names of the properties it uses, `user.` and `record.` included, as they are written.
    #[must_use]
    pub fn properties(&self) -> BTreeSet<&str> {
        self.0.scalars().into_iter().filter_map(Scalar::property).chain(self.0.arrays()).collect()
    }

    /// Whether its answer changes with the date.
    #[must_use]
    pub fn uses_today(&self) -> bool {
        self.0.scalars().into_iter().any(|scalar| *scalar == Scalar::Today)
    }

    /// Whether its answer changes with who asks.
    #[must_use]
    pub fn uses_user(&self) -> bool {
        self.properties().into_iter().any(is_of_user)
    }
}

/// A value as it was written: a property, a literal, today, a date moved. Within bounds, not yet typed.
///
/// [`std::fmt::Display`] writes its text, serde its CQL2 JSON; both read back as the same value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScalarExpression(pub(crate) Scalar);

impl ScalarExpression {
    /// Checks it against the properties of a schema.
    ///
    /// # Errors
    /// A property that the schema does not give, or one that does not move a date, or is not moved.
    pub fn typed(&self, schema: &Schema) -> Result<TypedScalar, ExprError> {
        check::typed_scalar(&self.0, schema)
    }

    /// Names of the properties it uses, `user.` and `record.` included, as they are written.
    #[must_use]
    pub fn properties(&self) -> BTreeSet<&str> {
        self.0.parts().into_iter().filter_map(Scalar::property).collect()
    }

    /// Whether what it gives changes with the date.
    #[must_use]
    pub fn uses_today(&self) -> bool {
        self.0.parts().into_iter().any(|scalar| *scalar == Scalar::Today)
    }

    /// Whether what it gives changes with who asks.
    #[must_use]
    pub fn uses_user(&self) -> bool {
        self.properties().into_iter().any(is_of_user)
    }
}

fn is_of_user(property: &str) -> bool {
    property.starts_with("user.")
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

    /// Every value in it, and those they are made of.
    fn scalars(&self) -> Vec<&Scalar> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::scalars).collect(),
            Self::Not(inner) => inner.scalars(),
            Self::Constant(_) => Vec::new(),
            Self::Compare(_, left, right) => [left, right].into_iter().flat_map(Scalar::parts).collect(),
            Self::Between(value, low, high) => [value, low, high].into_iter().flat_map(Scalar::parts).collect(),
            Self::In(value, List::Scalars(items)) => {
                std::iter::once(value).chain(items).flat_map(Scalar::parts).collect()
            }
            Self::In(value, List::Array(_)) | Self::Like(value, _) | Self::IsNull(value) => value.parts(),
        }
    }

    /// Every property that `in` looks into.
    fn arrays(&self) -> Vec<&str> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::arrays).collect(),
            Self::Not(inner) => inner.arrays(),
            Self::In(_, List::Array(name)) => vec![name],
            _ => Vec::new(),
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
    Moved(Box<Self>, Way, Span),
}

/// What a date is moved by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Span {
    Duration(Duration),
    /// As many units as a property says.
    Count(Unit, Box<Scalar>),
}

impl Scalar {
    fn height(&self) -> usize {
        match self {
            Self::Moved(_, _, Span::Count(..)) => 3,
            Self::Moved(..) => 2,
            _ => 1,
        }
    }

    /// Itself and the values it is made of.
    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Moved(date, _, Span::Count(_, count)) => vec![self, date, count],
            Self::Moved(date, ..) => vec![self, date],
            _ => vec![self],
        }
    }

    fn property(&self) -> Option<&str> {
        if let Self::Property(name) = self { Some(name) } else { None }
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
