//! Writes an expression as JSON.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::tree::{List, Predicate, Scalar, Span};
use crate::{Decimal, Expression, ScalarExpression, temporal};

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        predicate_json(&self.0).serialize(serializer)
    }
}

impl Serialize for ScalarExpression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        scalar_json(&self.0).serialize(serializer)
    }
}

fn predicate_json(predicate: &Predicate) -> Value {
    let all = |parts: &[Predicate]| parts.iter().map(predicate_json).collect();
    let (op, args): (&str, Vec<Value>) = match predicate {
        Predicate::And(parts) => ("and", all(parts)),
        Predicate::Or(parts) => ("or", all(parts)),
        Predicate::Not(inner) => ("not", vec![predicate_json(inner)]),
        Predicate::Constant(value) => return json!(value),
        Predicate::Compare(comparison, left, right) => {
            (comparison.symbol(), vec![scalar_json(left), scalar_json(right)])
        }
        Predicate::Between(value, low, high) => ("between", [value, low, high].map(scalar_json).to_vec()),
        Predicate::In(value, List::Scalars(items)) => {
            ("in", vec![scalar_json(value), items.iter().map(scalar_json).collect()])
        }
        Predicate::In(value, List::Array(name)) => ("in", vec![scalar_json(value), json!({ "property": name })]),
        Predicate::Like(value, pattern) => ("like", vec![scalar_json(value), json!(pattern)]),
        Predicate::IsNull(value) => ("isNull", vec![scalar_json(value)]),
    };
    json!({ "op": op, "args": args })
}

fn scalar_json(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Property(name) => json!({ "property": name }),
        Scalar::Text(text) => json!(text),
        Scalar::Number(number) => number_json(*number),
        Scalar::Boolean(value) => json!(value),
        Scalar::Date(date) => json!({ "date": temporal::date_text(*date) }),
        Scalar::Instant(instant) => json!({ "timestamp": temporal::instant_text(*instant) }),
        Scalar::Today => json!({ "op": "today", "args": [] }),
        Scalar::Moved(date, way, span) => json!({ "op": way.sign(), "args": [scalar_json(date), span_json(span)] }),
    }
}

fn span_json(span: &Span) -> Value {
    match span {
        Span::Duration(duration) => json!(duration.to_string()),
        Span::Count(unit, count) => json!({ "op": unit.name(), "args": [scalar_json(count)] }),
    }
}

/// As it is written: literals have no more digits than a JSON number gives back.
fn number_json(number: Decimal) -> Value {
    match number.integer() {
        Some(integer) => json!(integer),
        None => number.to_string().parse::<f64>().map_or(Value::Null, |float| json!(float)),
    }
}
