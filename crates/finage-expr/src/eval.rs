//! Evaluates a typed expression on a record, with the three values of SQL: true, false, unknown.

use std::cmp::Ordering;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::temporal::Way;
use crate::tree::Comparison;
use crate::typed::{Length, Origin, Term, Test};
use crate::{Context, Decimal, Typed, TypedScalar, Value, like, temporal};

impl Typed {
    /// Whether a record passes; `None` when it is unknown, which does not pass either.
    ///
    /// A value of another type than the schema's is no value.
    #[must_use]
    pub fn eval<R: Fn(&str) -> Value + ?Sized>(&self, record: &R, context: &Context) -> Option<bool> {
        Evaluator { record, context }.test(&self.0)
    }
}

impl TypedScalar {
    /// Its value on a record; null when a part of it is, or when it is a date beyond the years 1 to 9999.
    ///
    /// A value of another type than the schema's is no value.
    #[must_use]
    pub fn eval<R: Fn(&str) -> Value + ?Sized>(&self, record: &R, context: &Context) -> Value {
        let evaluator = Evaluator { record, context };
        match &self.0.origin {
            Origin::Moved(date, way, length) => {
                evaluator.moved(date, *way, length).and_then(temporal::calendar_date).map_or(Value::Null, Value::Date)
            }
            _ => evaluator.value(&self.0),
        }
    }
}

/// A value to compare; dates are days, so that one moved beyond the calendar still compares.
#[derive(Debug, PartialEq, PartialOrd)]
enum Datum {
    Text(String),
    Number(Decimal),
    Boolean(bool),
    Day(i64),
    Instant(OffsetDateTime),
    Uuid(Uuid),
    Texts(Vec<String>),
    Uuids(Vec<Uuid>),
}

struct Evaluator<'a, R: ?Sized> {
    record: &'a R,
    context: &'a Context,
}

impl<R: Fn(&str) -> Value + ?Sized> Evaluator<'_, R> {
    fn test(&self, test: &Test) -> Option<bool> {
        match test {
            Test::All(parts) => all(parts.iter().map(|part| self.test(part))),
            Test::Any(parts) => any(parts.iter().map(|part| self.test(part))),
            Test::Not(inner) => self.test(inner).map(|value| !value),
            Test::Constant(value) => Some(*value),
            Test::Compare(comparison, left, right) => {
                let ordering = order(self.datum(left).as_ref(), self.datum(right).as_ref())?;
                Some(holds(*comparison, ordering))
            }
            Test::Between(value, low, high) => {
                let value = self.datum(value);
                let low = order(value.as_ref(), self.datum(low).as_ref()).map(Ordering::is_ge);
                let high = order(value.as_ref(), self.datum(high).as_ref()).map(Ordering::is_le);
                all([low, high].into_iter())
            }
            Test::In(value, items) => {
                let value = self.datum(value);
                any(items.iter().map(|item| order(value.as_ref(), self.datum(item).as_ref()).map(Ordering::is_eq)))
            }
            Test::InArray(value, array) => {
                let items: Vec<Datum> = match self.datum(array)? {
                    Datum::Texts(texts) => texts.into_iter().map(Datum::Text).collect(),
                    Datum::Uuids(uuids) => uuids.into_iter().map(Datum::Uuid).collect(),
                    _ => return None,
                };
                let value = self.datum(value);
                any(items.iter().map(|item| order(value.as_ref(), Some(item)).map(Ordering::is_eq)))
            }
            Test::Like(value, pattern) => match self.datum(value)? {
                Datum::Text(value) => Some(like::matches(&value, pattern)),
                _ => None,
            },
            Test::IsNull(value) => Some(self.datum(value).is_none()),
        }
    }

    fn datum(&self, term: &Term) -> Option<Datum> {
        if let Origin::Moved(date, way, length) = &term.origin {
            return self.moved(date, *way, length).map(Datum::Day);
        }
        match self.value(term) {
            Value::Null => None,
            Value::Text(text) => Some(Datum::Text(text)),
            Value::Integer(value) => Some(Datum::Number(value.into())),
            Value::Decimal(value) => Some(Datum::Number(value)),
            Value::Boolean(value) => Some(Datum::Boolean(value)),
            Value::Date(date) => Some(Datum::Day(i64::from(date.to_julian_day()))),
            Value::Instant(instant) => Some(Datum::Instant(instant)),
            Value::Uuid(uuid) => Some(Datum::Uuid(uuid)),
            Value::TextArray(texts) => Some(Datum::Texts(texts)),
            Value::UuidArray(uuids) => Some(Datum::Uuids(uuids)),
        }
    }

    /// The value of a term that is not a date moved.
    fn value(&self, term: &Term) -> Value {
        match &term.origin {
            Origin::Column { property, .. } => (self.record)(property).of_type(term.kind),
            Origin::User(attribute) => self.context.attribute(attribute, term.kind),
            Origin::Literal(value) => value.clone(),
            Origin::Today => Value::Date(self.context.today()),
            Origin::Moved(..) => Value::Null,
        }
    }

    /// The julian day of a date moved.
    fn moved(&self, date: &Term, way: Way, length: &Length) -> Option<i64> {
        let Value::Date(date) = self.value(date) else { return None };
        let shift = match length {
            Length::Fixed(shift) => *shift,
            Length::Count(unit, count) => match self.value(count) {
                Value::Integer(count) => unit.shift(count)?,
                _ => return None,
            },
        };
        Some(temporal::moved(date, way, shift))
    }
}

fn order(left: Option<&Datum>, right: Option<&Datum>) -> Option<Ordering> {
    left?.partial_cmp(right?)
}

fn holds(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::Different => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    }
}

/// False as soon as one is false; unknown when one is and none is false.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    any(parts.map(|part| part.map(|value| !value))).map(|value| !value)
}

/// True as soon as one is true; unknown when one is and none is true.
fn any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut answer = Some(false);
    for part in parts {
        match part {
            Some(true) => return Some(true),
            None => answer = None,
            Some(false) => {}
        }
    }
    answer
}
