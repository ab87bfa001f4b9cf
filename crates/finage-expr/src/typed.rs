//! An expression whose every part has a type: what is left to write as SQL or to evaluate.

use crate::temporal::{Shift, Unit, Way};
use crate::tree::Comparison;
use crate::{Type, Value};

/// An expression that fits its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed(pub(crate) Test);

/// A value that fits its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedScalar(pub(crate) Term);

impl TypedScalar {
    /// The type of what it gives, when it gives something.
    #[must_use]
    pub fn kind(&self) -> Type {
        self.0.kind
    }
}

/// What is true, false or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Constant(bool),
    Compare(Comparison, Term, Term),
    Between(Term, Term, Term),
    In(Term, Vec<Term>),
    InArray(Term, Term),
    Like(Term, String),
    IsNull(Term),
}

/// A value and its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) kind: Type,
    pub(crate) origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A property and its column, as SQL.
    Column {
        property: String,
        sql: String,
    },
    /// An attribute of the user.
    User(String),
    Literal(Value),
    Today,
    /// A date, moved.
    Moved(Box<Term>, Way, Length),
}

/// How far a date moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Length {
    Fixed(Shift),
    /// As many units as an integer says.
    Count(Unit, Box<Term>),
}
