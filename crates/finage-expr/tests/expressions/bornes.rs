//! Nothing larger than the bounds is held, whatever form it comes in.

use finage_expr::{
    ExprError, Expression, MAX_BYTES, MAX_DEPTH, MAX_JSON_BYTES, MAX_NODES, Mode, ScalarExpression, parse, parse_scalar,
};

fn nested(open: &str, count: usize, close: &str) -> String {
    format!("{}a = 1{}", open.repeat(count), close.repeat(count))
}

fn refusal(text: &str) -> ExprError {
    parse(text, Mode::Finage).unwrap_err()
}

#[test]
fn parentheses_are_counted_while_they_open() {
    assert!(parse(&nested("(", MAX_DEPTH, ")"), Mode::Finage).is_ok());
    for count in [MAX_DEPTH + 1, 1_000, 30_000] {
        assert_eq!(refusal(&nested("(", count, ")")), ExprError::TooDeep { position: Some(MAX_DEPTH + 1) });
    }
    // Alone, and too long by itself.
    assert_eq!(refusal(&"(".repeat(60_000)), ExprError::TooDeep { position: Some(MAX_DEPTH + 1) });
    assert_eq!(refusal(&"(".repeat(MAX_BYTES + 1)), ExprError::TooLong);
}

#[test]
fn the_tree_is_no_deeper_than_its_bound() {
    // Each turn is two levels, `not` and `and`; the comparison and its operands are two more.
    let turns = (MAX_DEPTH - 2) / 2;
    assert!(parse(&nested("not (b = 1 and ", turns, ")"), Mode::Finage).is_ok());
    assert!(matches!(refusal(&nested("not (b = 1 and ", turns + 1, ")")), ExprError::TooDeep { position: Some(_) }));
    assert!(matches!(refusal(&"not ".repeat(15_000)), ExprError::Syntax { position: 5, .. }));
    assert!(matches!(refusal(&nested("not (", 15, ")").repeat(2)), ExprError::Syntax { .. }));
}

#[test]
fn the_deepest_trees_read_back() {
    let mut json = serde_json::json!({ "op": "isNull", "args": [{ "property": "a" }] });
    for level in 3..=MAX_DEPTH + 1 {
        let tree = json.to_string();
        let expression = Expression::from_json(&tree, Mode::Cql2).unwrap();
        assert_eq!(parse(&expression.to_string(), Mode::Cql2).unwrap(), expression);
        json = match level % 3 {
            0 => serde_json::json!({ "op": "not", "args": [json] }),
            1 => serde_json::json!({ "op": "and", "args": [true, json] }),
            _ => serde_json::json!({ "op": "or", "args": [json, false] }),
        };
    }
    let refused = Expression::from_json(&json.to_string(), Mode::Cql2).unwrap_err();
    assert_eq!(refused, ExprError::TooDeep { position: None });
}

#[test]
fn a_count_is_two_levels_below_its_date() {
    let moved =
        |turns: usize, span: &str| nested("not (b = 1 and ", turns, ")").replace("a = 1", &format!("a + {span} = c"));
    let turns = (MAX_DEPTH - 4) / 2;
    assert!(parse(&moved(turns, "years(d)"), Mode::Finage).is_ok());
    assert!(matches!(refusal(&moved(turns + 1, "years(d)")), ExprError::TooDeep { position: Some(_) }));
    let json = serde_json::to_string(&parse(&moved(turns, "years(d)"), Mode::Finage).unwrap()).unwrap();
    assert!(Expression::from_json(&json, Mode::Finage).is_ok());
    let deeper = format!("{{\"op\":\"not\",\"args\":[{json}]}}");
    assert_eq!(Expression::from_json(&deeper, Mode::Finage).unwrap_err(), ExprError::TooDeep { position: None });
}

#[test]
fn a_value_has_the_bounds_of_a_condition() {
    let longest = format!("'{}'", "x".repeat(MAX_BYTES - 2));
    let scalar = parse_scalar(&longest, Mode::Finage).unwrap();
    let json = serde_json::to_string(&scalar).unwrap();
    assert_eq!(ScalarExpression::from_json(&json, Mode::Finage).unwrap(), scalar);
    assert_eq!(parse_scalar(&format!("{longest} "), Mode::Finage).unwrap_err(), ExprError::TooLong);
    let longer = json.replacen('x', "xx", 1);
    assert_eq!(ScalarExpression::from_json(&longer, Mode::Finage).unwrap_err(), ExprError::TooLong);
    let huge = format!("\"{}\"", "x".repeat(MAX_JSON_BYTES));
    assert_eq!(ScalarExpression::from_json(&huge, Mode::Finage).unwrap_err(), ExprError::TooLong);
}

#[test]
fn nodes_are_counted_alike_in_both_forms() {
    // One operator, one property, and the values.
    let most = |values: usize| format!("a in ({})", vec!["1"; values].join(", "));
    let expression = parse(&most(MAX_NODES - 2), Mode::Finage).unwrap();
    let json = serde_json::to_string(&expression).unwrap();
    assert_eq!(Expression::from_json(&json, Mode::Finage).unwrap(), expression);
    assert!(matches!(refusal(&most(MAX_NODES - 1)), ExprError::TooManyNodes { position: Some(_) }));
    let more = json.replace("[1,", "[1,1,");
    assert_eq!(Expression::from_json(&more, Mode::Finage).unwrap_err(), ExprError::TooManyNodes { position: None });
    assert!(matches!(refusal(&vec!["a = 1"; 5_000].join(" or ")), ExprError::TooManyNodes { position: Some(_) }));
}

#[test]
fn json_is_bounded_before_it_is_read() {
    let long = format!("{{\"op\":\"=\",\"args\":[{{\"property\":\"a\"}},\"{}\"]}}", "x".repeat(MAX_JSON_BYTES));
    assert_eq!(Expression::from_json(&long, Mode::Finage).unwrap_err(), ExprError::TooLong);
    // Short enough as JSON, too long as text.
    let long = format!("{{\"op\":\"=\",\"args\":[{{\"property\":\"a\"}},\"{}\"]}}", "x".repeat(MAX_BYTES));
    assert_eq!(Expression::from_json(&long, Mode::Finage).unwrap_err(), ExprError::TooLong);
    for open in ["[", "{\"op\":\"not\",\"args\":["] {
        let deep = open.repeat(20_000);
        assert!(matches!(Expression::from_json(&deep, Mode::Finage).unwrap_err(), ExprError::Json(_)), "{open}");
    }
}

#[test]
fn the_longest_text_survives_json() {
    // Control characters take six bytes of JSON each.
    let text = format!("a = '{}'", "\u{1}".repeat(MAX_BYTES - 6));
    let expression = parse(&text, Mode::Finage).unwrap();
    let json = serde_json::to_string(&expression).unwrap();
    assert_eq!(Expression::from_json(&json, Mode::Finage).unwrap(), expression);
}
