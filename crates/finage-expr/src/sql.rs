//! Writes a typed expression as a condition or a value of PostgreSQL.
//!
//! No word of the expression enters the text: columns are those of the schema, values are bound, and each placeholder
//! says its type. Order between texts is that of code points (`collate "C"`), so that a record and a row agree whatever
//! the collation of the database; equality needs no collation, and so keeps its index.

use std::fmt::Write as _;

use crate::temporal::{Shift, Way};
use crate::tree::Comparison;
use crate::typed::{Length, Origin, Term, Test};
use crate::{Context, Type, Typed, TypedScalar, Value};

/// A condition or a value with numbered placeholders, and what they stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    /// A condition stands beside `and`, `or` and `not` without parentheses, a value beside any operator.
    pub text: String,
    /// What each placeholder stands for, in the order of their numbers.
    pub values: Vec<Bind>,
}

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bind {
    /// A literal, or a part of a duration.
    Value(Type, Value),
    /// An attribute of the user.
    User(Type, String),
    /// The date of today.
    Today,
}

impl Sql {
    /// The values to bind, with their types: a null has one too.
    #[must_use]
    pub fn bound(&self, context: &Context) -> Vec<(Type, Value)> {
        let bound = |bind: &Bind| match bind {
            Bind::Value(kind, value) => (*kind, value.clone()),
            Bind::User(kind, attribute) => (*kind, context.attribute(attribute, *kind)),
            Bind::Today => (Type::Date, Value::Date(context.today())),
        };
        self.values.iter().map(bound).collect()
    }
}

impl Typed {
    /// Writes it as SQL, its placeholders numbered from `first_param`.
    #[must_use]
    pub fn sql(&self, first_param: usize) -> Sql {
        let mut writer = Writer { first: first_param, text: String::new(), values: Vec::new() };
        writer.test(&self.0);
        Sql { text: writer.text, values: writer.values }
    }
}

impl TypedScalar {
    /// Writes it as SQL of the type [`TypedScalar::kind`], its placeholders numbered from `first_param`.
    #[must_use]
    pub fn sql(&self, first_param: usize) -> Sql {
        let mut writer = Writer { first: first_param, text: String::new(), values: Vec::new() };
        writer.term(&self.0);
        let mut text = writer.text;
        if let Origin::Moved(..) = self.0.origin {
            // A date to keep is one of the calendar; to compare, any will do.
            text = format!("case when {text} between make_date(1, 1, 1) and make_date(9999, 12, 31) then {text} end");
            text = format!("({text})");
        }
        Sql { text, values: writer.values }
    }
}

struct Writer {
    first: usize,
    text: String,
    values: Vec<Bind>,
}

impl Writer {
    fn test(&mut self, test: &Test) {
        match test {
            Test::All(parts) => self.chain(parts, " and "),
            Test::Any(parts) => self.chain(parts, " or "),
            Test::Not(inner) => {
                self.write("(not ");
                self.test(inner);
                self.write(")");
            }
            Test::Constant(value) => self.bind(Bind::Value(Type::Boolean, Value::Boolean(*value))),
            Test::Compare(comparison, left, right) => self.compare(*comparison, left, right),
            Test::Between(value, low, high) => {
                self.ordered(value);
                self.write(" between ");
                self.term(low);
                self.write(" and ");
                self.term(high);
            }
            Test::In(value, items) => {
                self.term(value);
                for (rank, item) in items.iter().enumerate() {
                    self.write(if rank == 0 { " in (" } else { ", " });
                    self.term(item);
                }
                self.write(")");
            }
            Test::InArray(value, array) => {
                self.term(value);
                self.write(" = any(");
                self.term(array);
                self.write(")");
            }
            Test::Like(value, pattern) => {
                self.term(value);
                // Without a clause, the escape is the backslash.
                self.write(" like ");
                self.bind(Bind::Value(Type::Text, Value::Text(pattern.clone())));
            }
            Test::IsNull(value) => {
                self.term(value);
                self.write(" is null");
            }
        }
    }

    fn chain(&mut self, parts: &[Test], word: &str) {
        for (rank, part) in parts.iter().enumerate() {
            self.write(if rank == 0 { "(" } else { word });
            self.test(part);
        }
        self.write(")");
    }

    fn compare(&mut self, comparison: Comparison, left: &Term, right: &Term) {
        if comparison.orders() {
            self.ordered(left);
        } else {
            self.term(left);
        }
        let _ = write!(self.text, " {} ", comparison.symbol());
        self.term(right);
    }

    /// A term on the left of an order.
    fn ordered(&mut self, term: &Term) {
        self.term(term);
        if term.kind == Type::Text {
            self.write(" collate \"C\"");
        }
    }

    fn term(&mut self, term: &Term) {
        match &term.origin {
            Origin::Column { sql, .. } => self.write(sql),
            Origin::User(attribute) => self.bind(Bind::User(term.kind, attribute.clone())),
            Origin::Literal(value) => self.bind(Bind::Value(term.kind, value.clone())),
            Origin::Today => self.bind(Bind::Today),
            Origin::Moved(date, way, length) => {
                self.write("(");
                self.term(date);
                self.write(if *way == Way::Later { " + " } else { " - " });
                self.write("make_interval(");
                self.length(length);
                self.write("))::date");
            }
        }
    }

    /// What `make_interval` takes. It gives null of a null, and a count beyond bounds is one.
    fn length(&mut self, length: &Length) {
        match length {
            Length::Fixed(Shift { months, days }) => {
                let integer = |value: i64| Bind::Value(Type::Integer, Value::Integer(value));
                self.write("months => ");
                self.placeholder(integer(*months), "integer");
                self.write(", days => ");
                self.placeholder(integer(*days), "integer");
            }
            Length::Count(unit, count) => {
                let most = unit.most();
                let _ = write!(self.text, "{} => (case when ", unit.name());
                self.term(count);
                let _ = write!(self.text, " between -{most} and {most} then ");
                self.term(count);
                self.write(" end)::integer");
            }
        }
    }

    fn bind(&mut self, bind: Bind) {
        let kind = match &bind {
            Bind::Value(kind, _) | Bind::User(kind, _) => *kind,
            Bind::Today => Type::Date,
        };
        self.placeholder(bind, kind.sql());
    }

    /// A placeholder of that type; what does not change within a request is bound once.
    fn placeholder(&mut self, bind: Bind, sql_type: &str) {
        let known = match bind {
            Bind::Value(..) => None,
            Bind::User(..) | Bind::Today => self.values.iter().position(|value| *value == bind),
        };
        let rank = known.unwrap_or_else(|| {
            self.values.push(bind);
            self.values.len() - 1
        });
        let _ = write!(self.text, "${}::{sql_type}", self.first + rank);
    }

    fn write(&mut self, text: &str) {
        self.text.push_str(text);
    }
}
