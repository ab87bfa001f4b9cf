//! The JSON trees of the vectors, for the evaluator of the browser, which reads no text.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use finage_expr::{ExprError, Mode, parse, parse_scalar};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::support::{ATTRIBUTES, PROPERTIES, Vectors};

#[test]
fn the_trees_of_the_vectors_are_written_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vecteurs_json.json");
    let expected = written(&Vectors::read());
    let read = |text: &str| serde_json::from_str::<Json>(text).ok();
    let found = fs::read_to_string(&path).ok();
    if found.as_deref().and_then(read) != read(&expected) {
        fs::write(&path, expected).unwrap();
        panic!("{} did not follow vecteurs.json; it is written anew, commit it", path.display());
    }
}

/// One line a vector, so that a difference is read at its line; null for a text that is refused.
fn written(vectors: &Vectors) -> String {
    let mode = |cql2| if cql2 { Mode::Cql2 } else { Mode::Finage };
    let properties = PROPERTIES.iter().map(|(name, kind, column)| json!([name, kind.sql(), column]));
    let attributes = ATTRIBUTES.iter().map(|(name, kind)| json!([name, kind.sql()]));
    let conditions = vectors.vecteurs.iter().map(|vector| tree(parse(&vector.expression, mode(vector.cql2))));
    let values = vectors.valeurs.iter().map(|vector| tree(parse_scalar(&vector.expression, mode(vector.cql2))));
    let lists: [(&str, Vec<Json>); 4] = [
        ("proprietes", properties.collect()),
        ("attributs", attributes.collect()),
        ("vecteurs", conditions.collect()),
        ("valeurs", values.collect()),
    ];
    let mut text = String::new();
    for (rank, (name, lines)) in lists.iter().enumerate() {
        let _ = write!(text, "{}  \"{name}\": [", if rank == 0 { "{\n" } else { ",\n" });
        for (rank, line) in lines.iter().enumerate() {
            let _ = write!(text, "{}    {line}", if rank == 0 { "\n" } else { ",\n" });
        }
        text.push_str("\n  ]");
    }
    text.push_str("\n}\n");
    text
}

fn tree<E: Serialize>(expression: Result<E, ExprError>) -> Json {
    expression.map_or(Json::Null, |expression| json!(expression))
}
