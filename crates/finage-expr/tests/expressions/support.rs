//! What the tests of this crate and those on PostgreSQL share: a schema, records, the vectors, expressions at random.

use std::str::FromStr as _;

use finage_expr::{
    Context, Decimal, ExprError, Expression, Mode, ScalarExpression, Schema, Type, Typed, TypedScalar, Value, parse,
    parse_scalar,
};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, Rfc3339};

/// Properties of a record, their types and columns.
pub const PROPERTIES: [(&str, Type, &str); 12] = [
    ("nom", Type::Text, "nom"),
    ("code", Type::Text, "code"),
    ("etage", Type::Integer, "etage"),
    ("rang", Type::Integer, "rang"),
    ("surface", Type::Decimal, "surface"),
    ("actif", Type::Boolean, "actif"),
    ("depot", Type::Date, "depot"),
    ("record.decision", Type::Date, "decision"),
    ("vu", Type::Instant, "vu"),
    ("cle", Type::Uuid, "cle"),
    ("nom d'\"usage\"", Type::Text, "nom \"d'usage\""),
    ("liens", Type::UuidArray, "liens"),
];

/// A property that SQL computes: the floor or, without it, the rank.
const COMPUTED: (&str, Type, &str) = ("niveau", Type::Integer, "select coalesce(essai.etage, essai.rang)");

/// Attributes of the user.
pub const ATTRIBUTES: [(&str, Type); 5] = [
    ("communes", Type::TextArray),
    ("email", Type::Text),
    ("collectivite", Type::Integer),
    ("id", Type::Uuid),
    ("services", Type::UuidArray),
];

/// The schema; its columns are those of a table `essai`.
pub fn schema() -> Schema {
    let schema = PROPERTIES
        .iter()
        .fold(Schema::new(), |schema, (name, kind, column)| schema.with(name, *kind, &["essai", column]));
    let (name, kind, sql) = COMPUTED;
    let schema = schema.with_expression(name, kind, sql);
    ATTRIBUTES.iter().fold(schema, |schema, (name, kind)| schema.with_user(name, *kind))
}

/// The vectors.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vectors {
    /// Date of today.
    pub aujourd_hui: String,
    /// Attributes of the user.
    pub user: Json,
    /// One expression on one record each.
    pub vecteurs: Vec<Vector>,
    /// One value on one record each.
    pub valeurs: Vec<ScalarVector>,
}

/// An expression, a record, and what is expected.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// The text.
    pub expression: String,
    /// Values of properties; those left out are null.
    #[serde(default)]
    pub record: Json,
    /// True, false, or null for unknown.
    #[serde(default)]
    pub attendu: Option<bool>,
    /// Instead of an answer, a part of the refusal.
    pub erreur: Option<String>,
    /// Attributes of the user that are others here.
    pub user: Option<Json>,
    /// Whether only CQL2 is read.
    #[serde(default)]
    pub cql2: bool,
}

/// A value, a record, and what is expected.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScalarVector {
    /// The text.
    pub expression: String,
    /// Values of properties; those left out are null.
    #[serde(default)]
    pub record: Json,
    /// The type of what is expected, as PostgreSQL names it.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// What is expected.
    #[serde(default)]
    attendu: Json,
    /// Instead of a value, a part of the refusal.
    pub erreur: Option<String>,
    /// Attributes of the user that are others here.
    pub user: Option<Json>,
    /// Whether only CQL2 is read.
    #[serde(default)]
    pub cql2: bool,
}

impl Vectors {
    /// Those of the file.
    pub fn read() -> Self {
        serde_json::from_str(include_str!("../vecteurs.json")).unwrap()
    }

    /// What a vector knows of today and of its user, who may be its own.
    pub fn context(&self, user: Option<&Json>) -> Context {
        context(&self.aujourd_hui, user.unwrap_or(&self.user))
    }
}

impl Vector {
    /// Its expression, read and typed.
    pub fn typed(&self) -> Result<Typed, ExprError> {
        parse(&self.expression, if self.cql2 { Mode::Cql2 } else { Mode::Finage })?.typed(&schema())
    }
}

impl ScalarVector {
    /// Its value, read and typed.
    pub fn typed(&self) -> Result<TypedScalar, ExprError> {
        parse_scalar(&self.expression, if self.cql2 { Mode::Cql2 } else { Mode::Finage })?.typed(&schema())
    }

    /// What is expected, of a type.
    pub fn expected(&self, kind: Type) -> Value {
        value(kind, &self.attendu)
    }
}

/// Today and the user.
pub fn context(today: &str, user: &Json) -> Context {
    let Value::Date(today) = value(Type::Date, &json!(today)) else { panic!("{today}") };
    ATTRIBUTES.iter().fold(Context::new(today), |context, (name, kind)| context.with(name, value(*kind, &user[name])))
}

/// The value of a property in a record, by column.
pub fn property(record: &Json, name: &str) -> Value {
    if name == COMPUTED.0 {
        return match property(record, "etage") {
            Value::Null => property(record, "rang"),
            floor => floor,
        };
    }
    let (_, kind, column) = PROPERTIES.iter().find(|(own, ..)| *own == name).unwrap();
    value(*kind, &record[column])
}

fn value(kind: Type, json: &Json) -> Value {
    let text = || json.as_str().unwrap().to_owned();
    match kind {
        _ if json.is_null() => Value::Null,
        Type::Text => Value::Text(text()),
        Type::Integer => Value::Integer(json.as_i64().unwrap()),
        Type::Decimal => Value::Decimal(Decimal::from_str(&text()).unwrap()),
        Type::Boolean => Value::Boolean(json.as_bool().unwrap()),
        Type::Date => Value::Date(time::Date::parse(&text(), &Iso8601::DATE).unwrap()),
        Type::Instant => Value::Instant(OffsetDateTime::parse(&text(), &Rfc3339).unwrap()),
        Type::Uuid => Value::Uuid(text().parse().unwrap()),
        Type::TextArray => {
            Value::TextArray(json.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect())
        }
        Type::UuidArray => {
            Value::UuidArray(json.as_array().unwrap().iter().map(|id| id.as_str().unwrap().parse().unwrap()).collect())
        }
        other => panic!("{other:?}"),
    }
}

/// The typed form of a tree that was made at random.
pub fn from_tree(tree: &Json) -> Expression {
    Expression::from_json(&tree.to_string(), Mode::Finage).unwrap_or_else(|error| panic!("{error}\n{tree}"))
}

/// The same, of a value.
pub fn from_scalar_tree(tree: &Json) -> ScalarExpression {
    ScalarExpression::from_json(&tree.to_string(), Mode::Finage).unwrap_or_else(|error| panic!("{error}\n{tree}"))
}

const IDS: [&str; 2] = ["0f2b6c1e-8f53-4c6b-9d59-0c8e4d7a1b10", "f0000000-0000-4000-8000-000000000001"];
/// Counts that move a date far, or not at all.
const COUNTS: [i64; 5] = [12_000, 366_000, 366_001, i64::MAX, i64::MIN];

/// A record at random, of values few enough to be equal now and then.
pub fn any_record() -> impl Strategy<Value = Json> {
    let text = || option(any_text().prop_map(Json::from));
    let integer = || option((-2..3_i64).prop_map(Json::from));
    let date = || option(any_date().prop_map(Json::from));
    let texts = (text(), text(), text());
    let rank = option(prop_oneof![6 => -2..3_i64, 1 => prop::sample::select(&COUNTS[..])].prop_map(Json::from));
    let numbers = (integer(), rank, option(any_decimal().prop_map(|number| json!(number.to_string()))));
    let others = (
        option(any::<bool>().prop_map(Json::from)),
        date(),
        date(),
        option(any_instant().prop_map(Json::from)),
        option(prop::sample::select(&IDS[..]).prop_map(Json::from)),
        option(any_ids().prop_map(Json::from)),
    );
    (texts, numbers, others).prop_map(
        |((nom, code, usage), (etage, rang, surface), (actif, depot, decision, vu, cle, liens))| {
            json!({
                "nom": nom, "code": code, "nom \"d'usage\"": usage, "etage": etage, "rang": rang, "surface": surface,
                "actif": actif, "depot": depot, "decision": decision, "vu": vu, "cle": cle, "liens": liens,
            })
        },
    )
}

/// Attributes of a user at random.
pub fn any_user() -> impl Strategy<Value = Json> {
    (
        option(prop::collection::vec(any_text(), 0..4).prop_map(Json::from)),
        option(any_text().prop_map(Json::from)),
        option((-2..3_i64).prop_map(Json::from)),
        option(prop::sample::select(&IDS[..]).prop_map(Json::from)),
        option(any_ids().prop_map(Json::from)),
    )
        .prop_map(|(communes, email, collectivite, id, services)| {
            json!({ "communes": communes, "email": email, "collectivite": collectivite, "id": id, "services": services })
        })
}

fn any_ids() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(&IDS[..]), 0..3)
}

/// A tree at random that fits the schema, as JSON.
pub fn any_tree() -> impl Strategy<Value = Json> {
    any_condition().prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            3 => (prop::sample::select(&["and", "or"][..]), prop::collection::vec(inner.clone(), 2..5))
                .prop_map(|(op, args)| json!({ "op": op, "args": args })),
            1 => inner.prop_map(|inner| json!({ "op": "not", "args": [inner] })),
        ]
    })
}

/// A value at random that fits the schema, as JSON.
pub fn any_scalar_tree() -> impl Strategy<Value = Json> {
    any_kind(true).prop_flat_map(any_scalar)
}

fn any_condition() -> impl Strategy<Value = Json> {
    prop_oneof![
        8 => any_kind(true).prop_flat_map(|kind| (any_comparison(kind), any_scalar(kind), any_scalar(kind)))
            .prop_map(|(op, left, right)| json!({ "op": op, "args": [left, right] })),
        2 => any_kind(false).prop_flat_map(|kind| (any_scalar(kind), any_scalar(kind), any_scalar(kind)))
            .prop_map(|(value, low, high)| json!({ "op": "between", "args": [value, low, high] })),
        2 => any_kind(true).prop_flat_map(|kind| (any_scalar(kind), prop::collection::vec(any_scalar(kind), 1..4)))
            .prop_map(|(value, items)| json!({ "op": "in", "args": [value, items] })),
        1 => any_scalar(Type::Text)
            .prop_map(|value| json!({ "op": "in", "args": [value, { "property": "user.communes" }] })),
        1 => (any_scalar(Type::Uuid), prop::sample::select(&["liens", "user.services"][..]))
            .prop_map(|(value, array)| json!({ "op": "in", "args": [value, { "property": array }] })),
        3 => (any_scalar(Type::Text), any_pattern()).prop_map(|(value, pattern)| json!({ "op": "like", "args": [value, pattern] })),
        2 => any_kind(true).prop_flat_map(any_scalar).prop_map(|value| json!({ "op": "isNull", "args": [value] })),
        1 => any::<bool>().prop_map(Json::from),
    ]
}

fn any_kind(also_unordered: bool) -> impl Strategy<Value = Type> {
    let kinds = [Type::Text, Type::Decimal, Type::Date, Type::Instant, Type::Boolean, Type::Uuid];
    prop::sample::select(if also_unordered { kinds.to_vec() } else { kinds[..4].to_vec() })
}

fn any_comparison(kind: Type) -> impl Strategy<Value = &'static str> {
    let all = ["=", "<>", "<", "<=", ">", ">="];
    let ordered = !matches!(kind, Type::Boolean | Type::Uuid);
    prop::sample::select(if ordered { all.to_vec() } else { all[..2].to_vec() })
}

fn any_scalar(kind: Type) -> BoxedStrategy<Json> {
    let names =
        |names: &'static [&'static str]| prop::sample::select(names).prop_map(|name| json!({ "property": name }));
    match kind {
        Type::Text => {
            prop_oneof![2 => names(&["nom", "code", "user.email", "nom d'\"usage\""]), 1 => any_text().prop_map(Json::from)].boxed()
        }
        Type::Boolean => prop_oneof![names(&["actif"]), any::<bool>().prop_map(Json::from)].boxed(),
        Type::Date => {
            let date = || {
                prop_oneof![
                    2 => names(&["depot", "record.decision"]),
                    1 => any_date().prop_map(|date| json!({ "date": date })),
                    1 => Just(json!({ "op": "today", "args": [] })),
                ]
            };
            let moved = (date(), any::<bool>(), 0..3_u32, 0..30_u32, 0..70_u32).prop_map(|(date, later, years, months, days)| {
                json!({ "op": if later { "+" } else { "-" }, "args": [date, format!("P{years}Y{months}M{days}D")] })
            });
            let units = prop::sample::select(&["years", "months", "days"][..]);
            let counted = (date(), any::<bool>(), units, names(&["etage", "rang", "niveau", "user.collectivite"])).prop_map(
                |(date, later, unit, count)| {
                    json!({ "op": if later { "+" } else { "-" }, "args": [date, { "op": unit, "args": [count] }] })
                },
            );
            prop_oneof![2 => date(), 1 => moved, 1 => counted].boxed()
        }
        Type::Instant => {
            prop_oneof![1 => names(&["vu"]), 1 => any_instant().prop_map(|instant| json!({ "timestamp": instant }))].boxed()
        }
        Type::Uuid => {
            prop_oneof![2 => names(&["cle", "user.id"]), 1 => prop::sample::select(&IDS[..]).prop_map(Json::from)]
                .boxed()
        }
        _ => prop_oneof![
            3 => names(&["etage", "rang", "surface", "niveau", "user.collectivite"]),
            1 => (-2..3_i64).prop_map(Json::from),
            1 => any_decimal().prop_map(Json::from),
        ]
        .boxed(),
    }
}

fn any_text() -> impl Strategy<Value = String> {
    "[aAbzZéÉ %_'\"\\\\🦉-]{0,3}"
}

fn any_pattern() -> impl Strategy<Value = String> {
    r"([abAéZ _%'-]|\\[ab%_\\]|%|🦉){0,4}"
}

fn any_decimal() -> impl Strategy<Value = f64> {
    prop::sample::select(&[-1.5, 0.0, 0.1, 1.0, 1.25, 2.0, 0.000001, 12345678901.25][..])
}

fn any_date() -> impl Strategy<Value = String> {
    prop::sample::select(
        &["2024-02-29", "2024-01-31", "2026-06-15", "2026-03-15", "1999-12-31", "0001-01-01", "9999-12-31"][..],
    )
    .prop_map(str::to_owned)
}

fn any_instant() -> impl Strategy<Value = String> {
    prop::sample::select(
        &["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00.000001Z", "0001-01-01T00:00:00Z"][..],
    )
    .prop_map(str::to_owned)
}

fn option(values: impl Strategy<Value = Json>) -> impl Strategy<Value = Json> {
    prop_oneof![1 => Just(Json::Null), 4 => values]
}
