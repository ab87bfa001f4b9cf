//! A condition that a request puts on rows, in CQL2.

use finage_expr::{Bind, ExprError, Mode, Schema, Sql, Type, Value, parse};
use sqlx::{Postgres, QueryBuilder};

use super::{Modele, Regard};
use crate::access::droits::{Champ, Genre};
use crate::db::expression;

/// Longest text of a condition, bytes.
const MAX_TEXTE: usize = 8 << 10;

/// A condition, read against the fields that are open to who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    texte: String,
    sql: Sql,
}

impl Condition {
    /// The condition as it was asked.
    #[must_use]
    pub fn texte(&self) -> &str {
        &self.texte
    }

    /// Adds it.
    pub(super) fn pousse(&self, requete: &mut QueryBuilder<Postgres>) {
        pousse(&self.sql, requete);
    }
}

/// Adds a condition whose `today()` is that of the installation, and that knows no user.
pub(super) fn pousse(sql: &Sql, requete: &mut QueryBuilder<Postgres>) {
    expression::push(requete, sql, |requete, bind| match bind {
        Bind::Value(genre, valeur) => expression::push_value(requete, *genre, valeur.clone()),
        Bind::Today => {
            requete.push("core.jour('')");
        }
        Bind::User(genre, _) => expression::push_value(requete, *genre, Value::Null),
        _ => {
            requete.push("null");
        }
    });
}

impl Regard {
    /// Reads a condition of pure CQL2. A field that is unknown and one that is not open are refused in the same words.
    ///
    /// # Errors
    /// Where and why it cannot be read.
    pub fn condition(&self, texte: &str) -> Result<Condition, ExprError> {
        self.lit(texte, Mode::Cql2)
    }

    /// The same with Finage's own words, of a list that a manifest wrote.
    ///
    /// # Errors
    /// Where and why it cannot be read.
    pub fn condition_du_module(&self, texte: &str) -> Result<Condition, ExprError> {
        self.lit(texte, Mode::Finage)
    }

    fn lit(&self, texte: &str, mode: Mode) -> Result<Condition, ExprError> {
        let lue = parse(texte.get(..MAX_TEXTE).unwrap_or(texte), mode)?;
        let sql = lue.typed(&schema(self.modele(), |champ| self.ouvre_partout(champ)))?.sql(0);
        Ok(Condition { texte: texte.to_owned(), sql })
    }
}

/// The properties that a condition may use.
pub(super) fn schema(modele: &Modele, ouvert: impl Fn(&Champ) -> bool) -> Schema {
    let socle = Schema::new()
        .with("id", Type::Uuid, &["o", "id"])
        .with("insee", Type::Text, &["o", "insee"])
        .with("creee_le", Type::Instant, &["o", "creee_le"])
        .with("version", Type::Integer, &["o", "version"]);
    modele.objet.champs.iter().filter(|champ| ouvert(champ)).fold(socle, |schema, champ| match genre(champ.genre) {
        // A column that is read otherwise than by its name.
        Some(genre) if champ.expression().starts_with('(') || champ.expression().contains("::") => {
            schema.with_expression(champ.nom, genre, champ.expression())
        }
        Some(genre) => schema.with(champ.nom, genre, &["o", champ.nom]),
        None => schema,
    })
}

/// The type of a field in expressions; none for what they do not read.
#[expect(clippy::unnecessary_wraps, reason = "a kind to come may be none that expressions read")]
pub(super) fn genre(genre: Genre) -> Option<Type> {
    Some(match genre {
        Genre::Texte => Type::Text,
        Genre::Entier => Type::Integer,
        Genre::Decimal => Type::Decimal,
        Genre::Booleen => Type::Boolean,
        Genre::Date => Type::Date,
        Genre::Instant => Type::Instant,
        Genre::Identifiant => Type::Uuid,
        Genre::Identifiants => Type::UuidArray,
    })
}

#[cfg(test)]
mod tests {
    use finage_expr::Context;

    use super::super::ANNOTATION;
    use super::*;

    #[test]
    fn closed_and_unknown_fields_are_refused_in_the_same_words() {
        let schema = schema(&ANNOTATION, |champ| champ.nom != "texte");
        let refus = |texte: &str| {
            let error = parse(texte, Mode::Cql2).unwrap().typed(&schema).unwrap_err().to_string();
            error.replace("texte", "X").replace("inconnu", "X")
        };
        assert_eq!(refus("texte = 'a'"), refus("inconnu = 'a'"));
        let sql = parse("titre like 'a%'", Mode::Cql2).unwrap().typed(&schema).unwrap().sql(0);
        assert_eq!(sql.bound(&Context::new(time::macros::date!(2026 - 01 - 01))).len(), 1);
    }
}
