//! Expressions: their text, or their JSON when the input starts with a brace.

use finage_expr::{
    Context, ExprError, Expression, MAX_BYTES, Mode, ScalarExpression, Schema, Sql, Type, Typed, TypedScalar, Value,
    parse, parse_scalar,
};

/// Reads an input and checks what every expression promises.
pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let json = text.starts_with('{');
    run_scalar(text, json);
    let read = |mode| if json { Expression::from_json(text, mode) } else { parse(text, mode) };
    let expression = match read(Mode::Finage) {
        Ok(expression) => expression,
        Err(error) => {
            check_error(&error, text);
            assert!(read(Mode::Cql2).is_err(), "CQL2 is a part of what Finage reads");
            return;
        }
    };
    match read(Mode::Cql2) {
        Ok(pure) => assert_eq!(pure, expression),
        Err(error) => assert!(matches!(error, ExprError::Addition { .. }), "{error}"),
    }
    check_forms(&expression);
    match expression.typed(&schema()) {
        Ok(typed) => check_typed(&typed),
        Err(error) => check_error(&error, text),
    }
}

/// The same input as a value.
fn run_scalar(text: &str, json: bool) {
    let read = |mode| if json { ScalarExpression::from_json(text, mode) } else { parse_scalar(text, mode) };
    let scalar = match read(Mode::Finage) {
        Ok(scalar) => scalar,
        Err(error) => {
            check_error(&error, text);
            assert!(read(Mode::Cql2).is_err(), "CQL2 is a part of what Finage reads");
            return;
        }
    };
    let written = scalar.to_string();
    assert!(written.len() <= MAX_BYTES);
    assert_eq!(parse_scalar(&written, Mode::Finage).as_ref(), Ok(&scalar), "{written}");
    let json = serde_json::to_string(&scalar).expect("a tree has a JSON form");
    assert_eq!(ScalarExpression::from_json(&json, Mode::Finage).as_ref(), Ok(&scalar), "{json}");
    match scalar.typed(&schema()) {
        Ok(typed) => check_typed_scalar(&typed),
        Err(error) => check_error(&error, text),
    }
}

fn check_error(error: &ExprError, text: &str) {
    let words = error.to_string();
    assert!(words.ends_with('.') && words.chars().count() < 600, "{words}");
    let last = text.chars().count() + 1;
    assert!(error.position().is_none_or(|position| (1..=last).contains(&position)), "{words}");
}

/// Both forms read back as the same tree.
fn check_forms(expression: &Expression) {
    let text = expression.to_string();
    assert!(text.len() <= MAX_BYTES);
    assert_eq!(parse(&text, Mode::Finage).as_ref(), Ok(expression), "{text}");
    let json = serde_json::to_string(expression).expect("a tree has a JSON form");
    assert_eq!(Expression::from_json(&json, Mode::Finage).as_ref(), Ok(expression), "{json}");
}

/// No literal is in the text, each placeholder has its value, and a record has an answer.
fn check_typed(typed: &Typed) {
    let sql = typed.sql(1);
    check_sql(&sql);
    let context = Context::new(time::macros::date!(2026 - 06 - 15));
    assert_eq!(sql.bound(&context).len(), sql.values.len());
    let _ = typed.eval(&|_: &str| Value::Null, &context);
    let context = context.with("communes", Value::TextArray(vec!["99001".to_owned(), String::new()]));
    let _ = typed.eval(&value, &context);
}

fn check_typed_scalar(typed: &TypedScalar) {
    let sql = typed.sql(1);
    check_sql(&sql);
    let context = Context::new(time::macros::date!(2026 - 06 - 15));
    assert_eq!(sql.bound(&context).len(), sql.values.len());
    let _ = typed.eval(&|_: &str| Value::Null, &context);
    if let Value::Date(date) = typed.eval(&value, &context) {
        assert!((-9999..=9999).contains(&date.year()), "{date}");
    }
}

fn check_sql(sql: &Sql) {
    let outside_of_names: String = sql.text.split('"').step_by(2).collect();
    assert!(!outside_of_names.contains('\''), "{}", sql.text);
    for number in 1..=sql.values.len() {
        assert!(sql.text.contains(&format!("${number}::")), "{}", sql.text);
    }
    assert!(!sql.text.contains(&format!("${}::", sql.values.len() + 1)), "{}", sql.text);
}

fn value(property: &str) -> Value {
    match property {
        "nom" | "code" => Value::Text("l'Étang a_b\\".to_owned()),
        "etage" | "rang" => Value::Integer(i64::MAX),
        "surface" => "999999999999999999.999999999999".parse().map_or(Value::Null, Value::Decimal),
        "actif" => Value::Boolean(true),
        "depot" => Value::Date(time::Date::MAX),
        "record.decision" => Value::Date(time::Date::MIN),
        "vu" => Value::Instant(time::macros::datetime!(9999-12-31 23:59:59 UTC)),
        _ => Value::Null,
    }
}

fn schema() -> Schema {
    Schema::new()
        .with("nom", Type::Text, &["nom"])
        .with("code", Type::Text, &["code"])
        .with("etage", Type::Integer, &["etage"])
        .with("rang", Type::Integer, &["rang"])
        .with("surface", Type::Decimal, &["surface"])
        .with("actif", Type::Boolean, &["actif"])
        .with("depot", Type::Date, &["depot"])
        .with("record.decision", Type::Date, &["decision"])
        .with("vu", Type::Instant, &["vu"])
        .with("cle", Type::Uuid, &["cle"])
        .with("liens", Type::UuidArray, &["liens"])
        .with_expression("niveau", Type::Integer, "select coalesce(etage, rang)")
        .with_user("communes", Type::TextArray)
        .with_user("id", Type::Uuid)
}
