//! The vectors, evaluated on records. The server's tests give the same to PostgreSQL.

use crate::support::{Vectors, property};

#[test]
fn each_vector_answers_as_expected() {
    let vectors = Vectors::read();
    let mut wrong = Vec::new();
    for vector in &vectors.vecteurs {
        let text = &vector.expression;
        match (vector.typed(), &vector.erreur) {
            (Ok(typed), None) => {
                let answer =
                    typed.eval(&|name: &str| property(&vector.record, name), &vectors.context(vector.user.as_ref()));
                if answer != vector.attendu {
                    wrong.push(format!("{text} : {answer:?}, attendu {:?}", vector.attendu));
                }
            }
            (Err(error), Some(part)) if error.to_string().contains(part.as_str()) => {}
            (Err(error), expected) => wrong.push(format!("{text} : « {error} », attendu {expected:?}")),
            (Ok(_), Some(part)) => wrong.push(format!("{text} : admise, attendu « {part} »")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_value_is_the_expected_one() {
    let vectors = Vectors::read();
    let mut wrong = Vec::new();
    for vector in &vectors.valeurs {
        let text = &vector.expression;
        match (vector.typed(), &vector.erreur) {
            (Ok(typed), None) => {
                let context = vectors.context(vector.user.as_ref());
                let value = typed.eval(&|name: &str| property(&vector.record, name), &context);
                let expected = vector.expected(typed.kind());
                if value != expected || typed.kind().sql() != vector.kind {
                    let (kind, expected_kind) = (typed.kind().sql(), &vector.kind);
                    wrong.push(format!("{text} : {value:?} ({kind}), attendu {expected:?} ({expected_kind})"));
                }
            }
            (Err(error), Some(part)) if error.to_string().contains(part.as_str()) => {}
            (Err(error), expected) => wrong.push(format!("{text} : « {error} », attendu {expected:?}")),
            (Ok(_), Some(part)) => wrong.push(format!("{text} : admise, attendu « {part} »")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
