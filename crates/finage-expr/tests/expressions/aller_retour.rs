//! Text and JSON read back as the tree they were written from.

use finage_expr::{Expression, Mode, ScalarExpression, Value, parse, parse_scalar};
use proptest::prelude::*;

use crate::support::{
    Vectors, any_record, any_scalar_tree, any_tree, any_user, context, from_scalar_tree, from_tree, property, schema,
};

fn reads_back(expression: &Expression) -> Result<(), TestCaseError> {
    let text = expression.to_string();
    prop_assert_eq!(parse(&text, Mode::Finage), Ok(expression.clone()), "{}", text);
    let json = serde_json::to_string(expression).unwrap();
    prop_assert_eq!(Expression::from_json(&json, Mode::Finage), Ok(expression.clone()), "{}", json);
    prop_assert_eq!(&serde_json::from_str::<Expression>(&json).unwrap(), expression);
    Ok(())
}

fn scalar_reads_back(scalar: &ScalarExpression) -> Result<(), TestCaseError> {
    let text = scalar.to_string();
    prop_assert_eq!(parse_scalar(&text, Mode::Finage), Ok(scalar.clone()), "{}", text);
    let json = serde_json::to_string(scalar).unwrap();
    prop_assert_eq!(ScalarExpression::from_json(&json, Mode::Finage), Ok(scalar.clone()), "{}", json);
    prop_assert_eq!(&serde_json::from_str::<ScalarExpression>(&json).unwrap(), scalar);
    Ok(())
}

proptest! {
    #[test]
    fn a_tree_reads_back(tree in any_tree()) {
        reads_back(&from_tree(&tree))?;
    }

    #[test]
    fn a_typed_tree_has_an_answer_and_as_many_values_as_placeholders(
        tree in any_tree(), record in any_record(), user in any_user(), first in 1..50_usize,
    ) {
        let typed = from_tree(&tree).typed(&schema()).unwrap();
        let context = context("2026-06-15", &user);
        let sql = typed.sql(first);
        let last = first + sql.values.len();
        prop_assert!((first..last).all(|number| sql.text.contains(&format!("${number}::"))), "{}", sql.text);
        let after = format!("${last}::");
        prop_assert!(!sql.text.contains(&after), "{}", sql.text);
        prop_assert_eq!(sql.bound(&context).len(), sql.values.len());
        let answer = typed.eval(&|name: &str| property(&record, name), &context);
        // What is true is not false: the negation answers the opposite, or is unknown too.
        let negation = serde_json::json!({ "op": "not", "args": [tree] });
        let opposite = from_tree(&negation).typed(&schema()).unwrap().eval(&|name: &str| property(&record, name), &context);
        prop_assert_eq!(opposite, answer.map(|answer| !answer));
    }

    #[test]
    fn a_value_reads_back_and_is_of_its_type(tree in any_scalar_tree(), record in any_record(), user in any_user()) {
        let scalar = from_scalar_tree(&tree);
        scalar_reads_back(&scalar)?;
        let (typed, context) = (scalar.typed(&schema()).unwrap(), context("2026-06-15", &user));
        let value = typed.eval(&|name: &str| property(&record, name), &context);
        prop_assert_eq!(typed.sql(1).bound(&context).len(), typed.sql(7).values.len());
        // What it gives is null exactly when a condition says so, but for dates beyond the calendar.
        let is_null = serde_json::json!({ "op": "isNull", "args": [tree] });
        let absent = from_tree(&is_null).typed(&schema()).unwrap().eval(&|name: &str| property(&record, name), &context);
        prop_assert!(absent == Some(value == Value::Null) || value == Value::Null && tree["op"].is_string());
    }

    #[test]
    fn what_is_read_reads_back(text in "[a( )='<>1.,+-]{0,12}|([a-z]|and|or|not|in|is|null|like|between|true|today|[ (),'=<]|user\\.|1|'P1D'){0,20}") {
        match parse(&text, Mode::Finage) {
            Ok(expression) => reads_back(&expression)?,
            Err(error) => prop_assert!(error.position().is_some_and(|position| position <= text.chars().count() + 1)),
        }
        if let Ok(scalar) = parse_scalar(&text, Mode::Finage) {
            scalar_reads_back(&scalar)?;
        }
    }
}

#[test]
fn vectors_read_back() {
    let vectors = Vectors::read();
    for vector in vectors.vecteurs {
        if let Ok(expression) = parse(&vector.expression, Mode::Finage) {
            reads_back(&expression).unwrap();
        }
    }
    for vector in vectors.valeurs {
        if let Ok(scalar) = parse_scalar(&vector.expression, Mode::Finage) {
            scalar_reads_back(&scalar).unwrap();
        }
    }
}

#[test]
fn the_json_is_that_of_cql2() {
    let text = "not (nom like 'a%' or etage not in (1, 2.5)) and depot - 'P1M' < today() - years(etage) and \"and\" is null and vu = timestamp('2026-01-01T00:00:00Z') and nom in user.communes and etage between -1 and 3";
    let expression = parse(text, Mode::Finage).unwrap();
    let expected = serde_json::json!({ "op": "and", "args": [
        { "op": "not", "args": [{ "op": "or", "args": [
            { "op": "like", "args": [{ "property": "nom" }, "a%"] },
            { "op": "not", "args": [{ "op": "in", "args": [{ "property": "etage" }, [1, 2.5]] }] },
        ] }] },
        { "op": "<", "args": [
            { "op": "-", "args": [{ "property": "depot" }, "P1M"] },
            { "op": "-", "args": [{ "op": "today", "args": [] }, { "op": "years", "args": [{ "property": "etage" }] }] },
        ] },
        { "op": "isNull", "args": [{ "property": "and" }] },
        { "op": "=", "args": [{ "property": "vu" }, { "timestamp": "2026-01-01T00:00:00Z" }] },
        { "op": "in", "args": [{ "property": "nom" }, { "property": "user.communes" }] },
        { "op": "between", "args": [{ "property": "etage" }, -1, 3] },
    ] });
    assert_eq!(serde_json::to_value(&expression).unwrap(), expected);
    assert_eq!(expression.to_string(), text);
}
