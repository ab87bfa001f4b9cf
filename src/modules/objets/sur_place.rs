//! Expressions of a manifest judged on the very row: its commune's day, whoever asks.

use finage_expr::{Bind, Schema, Sql, Type};
use sqlx::{Postgres, QueryBuilder};

use super::Modele;
use super::condition::{genre, schema};
use crate::db::expression;

/// What `user.` has, as manifests may say it.
const ATTRIBUTS: [(&str, Type); 4] =
    [("email", Type::Text), ("id", Type::Uuid), ("collectivite", Type::Integer), ("communes", Type::TextArray)];

impl Modele {
    /// What expressions of its manifest may use, on a row `o`; `record.` is that row too.
    #[must_use]
    pub fn proprietes(&self) -> Schema {
        let socle = schema(self, |_| true).with("collectivite", Type::Integer, &["o", "collectivite"]);
        let socle = socle.with("record.insee", Type::Text, &["o", "insee"]).with("record.id", Type::Uuid, &["o", "id"]);
        let champs = self.objet.champs.iter().fold(socle, |schema, champ| match genre(champ.genre) {
            Some(genre) => schema.with_expression(&format!("record.{}", champ.nom), genre, champ.expression()),
            None => schema,
        });
        ATTRIBUTS.into_iter().fold(champs, |schema, (nom, genre)| schema.with_user(nom, genre))
    }
}

/// Adds an expression on a row `o`: today is that of its commune, `user.communes` the territory of who acts.
pub(super) fn pousse(sql: &Sql, requete: &mut QueryBuilder<Postgres>) {
    expression::push(requete, sql, |requete, bind| match bind {
        Bind::Value(genre, valeur) => expression::push_value(requete, *genre, valeur.clone()),
        Bind::Today => {
            requete.push("core.jour(coalesce(o.insee, ''))");
        }
        Bind::User(_, nom) if nom == "communes" => {
            requete.push("(select acces.mon_territoire())");
        }
        _ => {
            requete.push("null");
        }
    });
}
