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
                let answer = typed.eval(&|name: &str| property(&vector.record, name), &vectors.context(vector));
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
