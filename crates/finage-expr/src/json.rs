//! The JSON of an expression, as CQL2 shapes it: `{"op": "and", "args": [...]}`.
//!
//! `today()` is a function without arguments, a date moved by a duration is `{"op": "+", "args": [date, "P3M"]}`, by a
//! property `{"op": "+", "args": [date, {"op": "years", "args": [{"property": "duree"}]}]}`; `in` of an array takes its
//! property as second argument.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::bounds::{Budget, MAX_DEPTH, MAX_JSON_BYTES, MAX_NAME};
use crate::lexer::{NAME_RULE, NUMBER_RULE, TEXT_RULE};
use crate::like::{self, PATTERN_RULE};
use crate::parser::{own_name, refused};
use crate::temporal::{self, DATE_RULE, DURATION_RULE, Duration, INSTANT_RULE, Unit, Way};
use crate::text::short_enough;
use crate::tree::{Comparison, List, Predicate, Scalar, Span};
use crate::{Decimal, ExprError, Expression, Mode, ScalarExpression};

mod write;

impl Expression {
    /// Reads the JSON of an expression, within the same bounds as a text.
    ///
    /// # Errors
    /// The first thing that is not in the language, or a bound that is passed.
    pub fn from_json(json: &str, mode: Mode) -> Result<Self, ExprError> {
        read(&value(json)?, mode)
    }
}

impl ScalarExpression {
    /// Reads the JSON of a value, within the same bounds as a text.
    ///
    /// # Errors
    /// The first thing that is not in the language, or a bound that is passed.
    pub fn from_json(json: &str, mode: Mode) -> Result<Self, ExprError> {
        read_scalar(&value(json)?, mode)
    }
}

fn value(json: &str) -> Result<Value, ExprError> {
    if json.len() > MAX_JSON_BYTES {
        return Err(ExprError::TooLong);
    }
    // serde_json itself stops at 128 levels.
    serde_json::from_str(json).map_err(|error| ExprError::Json(error.to_string()))
}

/// Within the bounds of a tree; the length of a JSON from outside is for its reader to bound, as
/// [`Expression::from_json`] does.
impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        read(&value, Mode::Finage).map_err(D::Error::custom)
    }
}

/// As that of an [`Expression`].
impl<'de> Deserialize<'de> for ScalarExpression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        read_scalar(&value, Mode::Finage).map_err(D::Error::custom)
    }
}

fn read(value: &Value, mode: Mode) -> Result<Expression, ExprError> {
    let predicate = Reader { mode, budget: Budget::default() }.predicate(value, 1)?;
    short_enough(Expression(predicate))
}

fn read_scalar(value: &Value, mode: Mode) -> Result<ScalarExpression, ExprError> {
    let scalar = Reader { mode, budget: Budget::default() }.scalar(value, 1)?;
    short_enough(ScalarExpression(scalar))
}

struct Reader {
    mode: Mode,
    budget: Budget,
}

impl Reader {
    fn predicate(&mut self, value: &Value, depth: usize) -> Result<Predicate, ExprError> {
        self.enter(depth)?;
        if let Value::Bool(constant) = value {
            return Ok(Predicate::Constant(*constant));
        }
        let (op, args) =
            operation(value).ok_or_else(|| wrong("une condition est un objet {\"op\", \"args\"} ou un booléen"))?;
        let below = depth + 1;
        match (op, args) {
            ("and" | "or", [_, _, ..]) => {
                let parts = args.iter().map(|part| self.predicate(part, below)).collect::<Result<_, _>>()?;
                Ok(if op == "and" { Predicate::And(parts) } else { Predicate::Or(parts) })
            }
            ("not", [inner]) => Ok(Predicate::Not(Box::new(self.predicate(inner, below)?))),
            ("between", [value, low, high]) => {
                Ok(Predicate::Between(self.scalar(value, below)?, self.scalar(low, below)?, self.scalar(high, below)?))
            }
            ("in", [value, list]) => Ok(Predicate::In(self.scalar(value, below)?, self.list(list, below)?)),
            ("like", [value, Value::String(pattern)]) => {
                let value = self.scalar(value, below)?;
                self.enter(below)?;
                if !like::is_pattern(pattern) {
                    return Err(literal("Le modèle", pattern, PATTERN_RULE));
                }
                Ok(Predicate::Like(value, pattern.clone()))
            }
            ("isNull", [value]) => Ok(Predicate::IsNull(self.scalar(value, below)?)),
            (op, args) => {
                let Some(comparison) = Comparison::ALL.into_iter().find(|comparison| comparison.symbol() == op) else {
                    return Err(match op {
                        "and" | "or" | "not" | "between" | "in" | "like" | "isNull" => {
                            wrong("les arguments d'un opérateur ne sont pas ceux qu'il attend")
                        }
                        other => refused(&other.to_lowercase(), other, None),
                    });
                };
                let [left, right] = args else { return Err(wrong("une comparaison a deux arguments")) };
                Ok(Predicate::Compare(comparison, self.scalar(left, below)?, self.scalar(right, below)?))
            }
        }
    }

    fn list(&mut self, value: &Value, depth: usize) -> Result<List, ExprError> {
        match value {
            Value::Array(items) if !items.is_empty() => {
                Ok(List::Scalars(items.iter().map(|item| self.scalar(item, depth)).collect::<Result<_, _>>()?))
            }
            Value::Object(_) => {
                self.addition("« in » suivi d'une propriété")?;
                match self.scalar(value, depth)? {
                    Scalar::Property(name) => Ok(List::Array(name)),
                    _ => Err(wrong("« in » attend une liste ou une propriété")),
                }
            }
            _ => Err(wrong("« in » attend une liste d'au moins une valeur ou une propriété")),
        }
    }

    fn scalar(&mut self, value: &Value, depth: usize) -> Result<Scalar, ExprError> {
        self.enter(depth)?;
        match value {
            Value::Bool(value) => Ok(Scalar::Boolean(*value)),
            Value::String(text) if text.contains('\0') => Err(literal("Le texte", text, TEXT_RULE)),
            Value::String(text) => Ok(Scalar::Text(text.clone())),
            Value::Number(number) => {
                let written = number.to_string();
                let number = written.parse::<Decimal>().ok().filter(|number| number.is_literal());
                number.map(Scalar::Number).ok_or_else(|| literal("Le nombre", &written, NUMBER_RULE))
            }
            Value::Object(object) => self.object(value, object, depth),
            Value::Null | Value::Array(_) => Err(wrong("une propriété ou une valeur est attendue")),
        }
    }

    fn object(&mut self, value: &Value, object: &Map<String, Value>, depth: usize) -> Result<Scalar, ExprError> {
        if let Some((key, Value::String(text))) = object.iter().next().filter(|_| object.len() == 1) {
            return match key.as_str() {
                "property" => self.property(text),
                "date" => temporal::date(text).map(Scalar::Date).ok_or_else(|| literal("La date", text, DATE_RULE)),
                "timestamp" => {
                    temporal::instant(text).map(Scalar::Instant).ok_or_else(|| literal("L'instant", text, INSTANT_RULE))
                }
                _ => Err(wrong("une valeur est un objet {\"property\"}, {\"date\"} ou {\"timestamp\"}")),
            };
        }
        match operation(value) {
            Some(("today", [])) => {
                self.addition("« today() »")?;
                Ok(Scalar::Today)
            }
            Some((op @ ("+" | "-"), [date, span])) => {
                self.addition("Une date déplacée d'une durée")?;
                let date = self.scalar(date, depth + 1)?;
                if !matches!(date, Scalar::Property(_) | Scalar::Date(_) | Scalar::Today) {
                    return Err(wrong("seule une date se déplace avec + ou -"));
                }
                let way = if op == "+" { Way::Later } else { Way::Earlier };
                Ok(Scalar::Moved(Box::new(date), way, self.span(span, depth + 1)?))
            }
            Some((op, _)) => Err(refused(&op.to_lowercase(), op, None)),
            None => Err(wrong("une propriété ou une valeur est attendue")),
        }
    }

    fn span(&mut self, value: &Value, depth: usize) -> Result<Span, ExprError> {
        self.enter(depth)?;
        if let Value::String(written) = value {
            let duration = Duration::parse(written).ok_or_else(|| literal("La durée", written, DURATION_RULE))?;
            return Ok(Span::Duration(duration));
        }
        let (unit, count) = match operation(value) {
            Some((op, [count])) => (Unit::named(op).filter(|unit| unit.name() == op), count),
            _ => (None, value),
        };
        let unit = unit.ok_or_else(|| wrong("une date se déplace d'une durée, de years, de months ou de days"))?;
        match self.scalar(count, depth + 1)? {
            count @ Scalar::Property(_) => Ok(Span::Count(unit, Box::new(count))),
            _ => Err(wrong("years, months et days comptent une propriété")),
        }
    }

    fn property(&self, name: &str) -> Result<Scalar, ExprError> {
        if name.is_empty() || name.contains('\0') || name.chars().count() > MAX_NAME {
            return Err(literal("Le nom", name, NAME_RULE));
        }
        if let Some(what) = own_name(name) {
            self.addition(what)?;
        }
        Ok(Scalar::Property(name.to_owned()))
    }

    fn addition(&self, what: &'static str) -> Result<(), ExprError> {
        if self.mode == Mode::Cql2 { Err(ExprError::Addition { position: None, what }) } else { Ok(()) }
    }

    fn enter(&mut self, depth: usize) -> Result<(), ExprError> {
        if depth > MAX_DEPTH {
            return Err(ExprError::TooDeep { position: None });
        }
        self.budget.take(None)
    }
}

fn operation(value: &Value) -> Option<(&str, &[Value])> {
    let object = value.as_object().filter(|object| object.len() == 2)?;
    Some((object.get("op")?.as_str()?, object.get("args")?.as_array()?))
}

fn wrong(what: &str) -> ExprError {
    ExprError::Json(what.to_owned())
}

fn literal(what: &'static str, literal: &str, rule: &'static str) -> ExprError {
    ExprError::Literal { position: None, what, literal: literal.to_owned(), rule }
}
