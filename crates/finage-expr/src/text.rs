//! Writes an expression as text: the form that reads back as the same tree, with the fewest parentheses.

use std::fmt::{self, Display, Formatter, Write as _};

use crate::bounds::MAX_BYTES;
use crate::lexer::{continues_name, starts_name};
use crate::parser::KEYWORDS;
use crate::temporal::{date_text, instant_text};
use crate::tree::{List, Predicate, Scalar, Span};
use crate::{ExprError, Expression, ScalarExpression};

/// Itself, when its text is short enough to be read back.
pub(crate) fn short_enough<E: Display>(expression: E) -> Result<E, ExprError> {
    struct Left(usize);
    impl fmt::Write for Left {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 = self.0.checked_sub(text.len()).ok_or(fmt::Error)?;
            Ok(())
        }
    }
    match write!(Left(MAX_BYTES), "{expression}") {
        Ok(()) => Ok(expression),
        Err(_) => Err(ExprError::TooLong),
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Display for ScalarExpression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Display for Predicate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => chain(f, parts, " and "),
            Self::Or(parts) => chain(f, parts, " or "),
            Self::Not(inner) => match inner.as_ref() {
                Self::And(_) | Self::Or(_) | Self::Not(_) => write!(f, "not ({inner})"),
                Self::Compare(..) | Self::Constant(_) => write!(f, "not {inner}"),
                inner => inner.write(f, "not "),
            },
            other => other.write(f, ""),
        }
    }
}

impl Predicate {
    /// One condition, its operator after `not`.
    fn write(&self, f: &mut Formatter<'_>, not: &str) -> fmt::Result {
        match self {
            Self::Compare(comparison, left, right) => write!(f, "{left} {} {right}", comparison.symbol()),
            Self::Between(value, low, high) => write!(f, "{value} {not}between {low} and {high}"),
            Self::In(value, List::Array(name)) => write!(f, "{value} {not}in {}", Name(name)),
            Self::In(value, List::Scalars(items)) => {
                write!(f, "{value} {not}in (")?;
                for (rank, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if rank == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
            Self::Like(value, pattern) => write!(f, "{value} {not}like {}", Text(pattern)),
            Self::IsNull(value) => write!(f, "{value} is {not}null"),
            Self::Constant(value) => write!(f, "{value}"),
            Self::And(_) | Self::Or(_) | Self::Not(_) => write!(f, "({self})"),
        }
    }
}

fn chain(f: &mut Formatter<'_>, parts: &[Predicate], word: &str) -> fmt::Result {
    for (rank, part) in parts.iter().enumerate() {
        if rank > 0 {
            f.write_str(word)?;
        }
        // `and` binds tighter than `or`; a chain within its own kind keeps its parentheses, they are in the tree.
        let bare = !matches!(part, Predicate::And(_) | Predicate::Or(_))
            || word == " or " && matches!(part, Predicate::And(_));
        if bare { write!(f, "{part}")? } else { write!(f, "({part})")? }
    }
    Ok(())
}

impl Display for Scalar {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Property(name) => Name(name).fmt(f),
            Self::Text(text) => Text(text).fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Boolean(value) => value.fmt(f),
            Self::Date(date) => write!(f, "date('{}')", date_text(*date)),
            Self::Instant(instant) => write!(f, "timestamp('{}')", instant_text(*instant)),
            Self::Today => f.write_str("today()"),
            Self::Moved(value, way, span) => write!(f, "{value} {} {span}", way.sign()),
        }
    }
}

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duration(duration) => write!(f, "'{duration}'"),
            Self::Count(unit, count) => write!(f, "{}({count})", unit.name()),
        }
    }
}

/// A property, between quotes where it needs them.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let plain = self.0.starts_with(starts_name)
            && self.0.chars().all(continues_name)
            && !KEYWORDS.iter().any(|keyword| self.0.eq_ignore_ascii_case(keyword));
        if plain { f.write_str(self.0) } else { quoted(f, self.0, '"') }
    }
}

struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        quoted(f, self.0, '\'')
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str, quote: char) -> fmt::Result {
    f.write_char(quote)?;
    for character in text.chars() {
        if character == quote {
            f.write_char(quote)?;
        }
        f.write_char(character)?;
    }
    f.write_char(quote)
}
