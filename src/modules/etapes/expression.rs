//! Guards and values of steps, as SQL on the row; what they say of `user.` is the account's own.

use finage_expr::{Bind, Mode, Sql, Value, parse, parse_scalar};

use crate::access::identite::Identite;
use crate::modules::objets::Modele;

/// A condition; `None` when it cannot be read.
pub(super) fn condition(texte: &str, modele: &Modele, qui: &Identite) -> Option<Sql> {
    let lue = parse(texte, Mode::Finage).ok()?.typed(&modele.proprietes()).ok()?;
    Some(pour(lue.sql(0), qui))
}

/// A value; `None` when it cannot be read.
pub(super) fn valeur(texte: &str, modele: &Modele, qui: &Identite) -> Option<Sql> {
    let lue = parse_scalar(texte, Mode::Finage).ok()?.typed(&modele.proprietes()).ok()?;
    Some(pour(lue.sql(0), qui))
}

fn pour(sql: Sql, qui: &Identite) -> Sql {
    let attribut = |nom: &str| match nom {
        "email" => Some(Value::Text(qui.compte.email.clone())),
        "id" => Some(Value::Uuid(qui.compte.id)),
        "collectivite" => Some(qui.collectivite.as_ref().map_or(Value::Null, |une| Value::Integer(une.id.0.into()))),
        _ => None,
    };
    let lie = |bind: Bind| match bind {
        Bind::User(genre, nom) => match attribut(&nom) {
            Some(valeur) => Bind::Value(genre, valeur),
            None => Bind::User(genre, nom),
        },
        autre => autre,
    };
    Sql { text: sql.text, values: sql.values.into_iter().map(lie).collect() }
}
