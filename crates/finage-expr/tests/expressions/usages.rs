//! What an expression uses is told before it is evaluated.

use finage_expr::{Mode, parse, parse_scalar};

/// Properties, whether it uses today, whether it uses who asks.
fn uses(text: &str) -> (Vec<String>, bool, bool) {
    let expression = parse(text, Mode::Finage).unwrap();
    let properties = expression.properties().into_iter().map(str::to_owned).collect();
    (properties, expression.uses_today(), expression.uses_user())
}

#[test]
fn properties_are_found_wherever_they_stand() {
    let text = "a = 1 or not (b between c and d) and (e in (f, 'x') or g in h) and i like '%j%' and k is null \
                and l + 'P1D' < m - years(n) and record.o is null and a = 2";
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "k", "l", "m", "n", "record.o"].map(str::to_owned);
    assert_eq!(uses(text), (names.to_vec(), false, false));
    assert_eq!(uses("true"), (vec![], false, false));
    assert_eq!(uses("'user.email' = 'today()'"), (vec![], false, false));
}

#[test]
fn today_and_the_user_are_found_wherever_they_stand() {
    assert_eq!(uses("true or not (a in (b, today() - 'P1M'))"), (vec!["a".into(), "b".into()], true, false));
    assert!(uses("a between date('2026-01-01') and today()").1);
    assert!(uses("today() is null").1);
    assert_eq!(uses("a in user.communes"), (vec!["a".into(), "user.communes".into()], false, true));
    assert!(uses("a = 1 or a < \"user.x\"").2);
    assert!(uses("a + days(user.delai) < b").2);
}

#[test]
fn a_value_tells_too() {
    let uses = |text: &str| {
        let scalar = parse_scalar(text, Mode::Finage).unwrap();
        let properties: Vec<String> = scalar.properties().into_iter().map(str::to_owned).collect();
        (properties.join(" "), scalar.uses_today(), scalar.uses_user())
    };
    assert_eq!(uses("acte + years(duree)"), ("acte duree".to_owned(), false, false));
    assert_eq!(uses("today() + months(user.delai)"), ("user.delai".to_owned(), true, true));
    assert_eq!(uses("today()"), (String::new(), true, false));
    assert_eq!(uses("user.email"), ("user.email".to_owned(), false, true));
    assert_eq!(uses("'user.email'"), (String::new(), false, false));
}
