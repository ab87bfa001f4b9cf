//! What is refused is named, where it stands, in words that tell no more than is known.

use finage_expr::{ExprError, Expression, Mode, ScalarExpression, Schema, Type, parse};

fn words(text: &str) -> String {
    parse(text, Mode::Finage).unwrap_err().to_string()
}

#[test]
fn a_refusal_says_where_and_what_was_expected() {
    assert_eq!(
        words("étage = "),
        "Caractère 9 : Une propriété ou une valeur est attendue ; lu : la fin de l'expression."
    );
    assert_eq!(words("(a = 1"), "Caractère 7 : Une parenthèse fermante est attendue ; lu : la fin de l'expression.");
    assert_eq!(
        words("a = null"),
        "Caractère 5 : Une valeur est attendue (l'absence s'écrit « is null ») ; lu : « null »."
    );
    assert_eq!(
        words("s_intersects(geom, bbox(1, 2, 3, 4))"),
        "Caractère 1 : La fonction « s_intersects » n'est pas admise : les opérateurs spatiaux ne s'écrivent pas dans une expression."
    );
    assert_eq!(
        words("a > date('2026-02-30')"),
        "Caractère 10 : La date « 2026-02-30 » : une date s'écrit AAAA-MM-JJ, de l'an 0001 à l'an 9999."
    );
    assert_eq!(words("a = 'x"), "Caractère 5 : Une apostrophe doit fermer le texte ; lu : la fin de l'expression.");
}

#[test]
fn a_foreign_text_is_cut_and_cleaned_in_a_message() {
    let words = words(&format!("a = {}\u{7}(1)", "é".repeat(100)));
    assert!(words.chars().count() < 200, "{words}");
    let words = self::words("a = 1 \u{7}");
    assert!(words.contains("« \u{FFFD} »"), "{words}");
}

#[test]
fn an_unknown_property_and_one_without_right_read_alike() {
    let expression = parse("revenu > 1", Mode::Finage).unwrap();
    let all = Schema::new().with("revenu", Type::Integer, &["revenu"]);
    assert!(expression.typed(&all).is_ok());
    let allowed = Schema::new().with("nom", Type::Text, &["nom"]);
    let unknown = parse("inconnu > 1", Mode::Finage).unwrap().typed(&allowed).unwrap_err();
    let forbidden = expression.typed(&allowed).unwrap_err();
    assert_eq!(forbidden.to_string(), "La propriété « revenu » n'existe pas ou n'est pas utilisable ici.");
    assert_eq!(unknown.to_string(), forbidden.to_string().replace("revenu", "inconnu"));
}

#[test]
fn json_of_something_else_is_refused() {
    for json in [
        "",
        "null",
        "1",
        "\"a = 1\"",
        "[]",
        "{}",
        r#"{"op":"and","args":[true]}"#,
        r#"{"op":"not","args":[]}"#,
        r#"{"op":"=","args":[1]}"#,
        r#"{"op":"=","args":[1,null]}"#,
        r#"{"op":"=","args":[1,[1]]}"#,
        r#"{"op":"in","args":[1,[]]}"#,
        r#"{"op":"in","args":[1,{"op":"today","args":[]}]}"#,
        r#"{"op":"like","args":["a",1]}"#,
        r#"{"op":"like","args":["a","\\"]}"#,
        r#"{"op":"s_intersects","args":[1,2]}"#,
        r#"{"op":"=","args":[1,1],"more":1}"#,
        r#"{"op":"=","args":[{"property":""},1]}"#,
        r#"{"op":"=","args":[{"property":"a\u0000"},1]}"#,
        r#"{"op":"=","args":["a\u0000",1]}"#,
        r#"{"op":"=","args":[1e300,1]}"#,
        r#"{"op":"=","args":[0.12345678901234567,1]}"#,
        r#"{"op":"=","args":[{"date":"2026"},1]}"#,
        r#"{"op":"=","args":[{"op":"+","args":[1,"P1D"]},1]}"#,
        r#"{"op":"=","args":[{"op":"+","args":[{"property":"a"},"1 day"]},1]}"#,
        r#"{"op":"=","args":[{"op":"+","args":[{"property":"a"},1]},1]}"#,
        r#"{"op":"=","args":[{"op":"+","args":[{"property":"a"},{"property":"b"}]},1]}"#,
        r#"{"op":"=","args":[{"op":"+","args":[{"property":"a"},{"op":"years","args":[]}]},1]}"#,
        r#"{"op":"=","args":[{"op":"+","args":[{"property":"a"},{"op":"years","args":[3]}]},1]}"#,
        r#"{"op":"=","args":[{"op":"+","args":[{"property":"a"},{"op":"YEARS","args":[{"property":"b"}]}]},1]}"#,
        r#"{"op":"=","args":[{"op":"+","args":[{"property":"a"},{"op":"weeks","args":[{"property":"b"}]}]},1]}"#,
        r#"{"op":"=","args":[{"op":"years","args":[{"property":"b"}]},1]}"#,
        r#"{"op":"=","args":[{"op":"+","args":[{"op":"+","args":[{"property":"a"},"P1D"]},"P1D"]},1]}"#,
    ] {
        let error = Expression::from_json(json, Mode::Finage);
        assert!(error.is_err(), "{json}");
    }
}

#[test]
fn json_of_no_value_is_refused() {
    for json in [
        "",
        "null",
        "[]",
        "[1]",
        "{}",
        "1e300",
        r#""a\u0000""#,
        r#"{"op":"=","args":[1,1]}"#,
        r#"{"op":"and","args":[true,true]}"#,
        r#"{"op":"today","args":[1]}"#,
        r#"{"op":"years","args":[{"property":"b"}]}"#,
        r#"{"property":1}"#,
        r#"{"property":"a","more":1}"#,
    ] {
        assert!(ScalarExpression::from_json(json, Mode::Finage).is_err(), "{json}");
    }
    let json = r#"{"op":"+","args":[{"property":"a"},{"op":"years","args":[{"property":"b"}]}]}"#;
    assert_eq!(ScalarExpression::from_json(json, Mode::Finage).unwrap().to_string(), "a + years(b)");
    assert!(matches!(ScalarExpression::from_json(json, Mode::Cql2), Err(ExprError::Addition { .. })));
}

#[test]
fn json_of_an_addition_is_no_cql2() {
    for json in [
        r#"{"op":"in","args":[{"property":"a"},{"property":"b"}]}"#,
        r#"{"op":"=","args":[{"property":"user.email"},"a"]}"#,
        r#"{"op":"=","args":[{"property":"record.a"},"a"]}"#,
        r#"{"op":"=","args":[{"property":"a"},{"op":"today","args":[]}]}"#,
        r#"{"op":"=","args":[{"property":"a"},{"op":"+","args":[{"property":"b"},"P1D"]}]}"#,
    ] {
        assert!(Expression::from_json(json, Mode::Finage).is_ok(), "{json}");
        assert!(matches!(Expression::from_json(json, Mode::Cql2), Err(ExprError::Addition { .. })), "{json}");
    }
}
