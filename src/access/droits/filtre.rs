//! The filter of a right on rows: an expression of `acces.droit.lignes`, written as SQL.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use finage_expr::{Bind, ExprError, Mode, Schema, Sql, Type, Value, parse};
use sqlx::{Postgres, QueryBuilder};

use super::sujet::{COMMUNES, Sujet};
use super::{Genre, Objet, Octroi};
use crate::db::expression;

/// Wrong filters said once each; beyond this many, the server has said enough.
const MAX_DITS: usize = 200;

/// A filter, for one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filtre {
    sql: Sql,
    communes: Option<Vec<String>>,
    sujet: Sujet,
}

impl Filtre {
    /// The filter of this text; `None` when it cannot be read, which is logged once.
    pub(super) fn compile(objet: &'static Objet, texte: &str, octroi: &Octroi, sujet: &Sujet) -> Option<Self> {
        match lit(objet, texte) {
            Ok(sql) => Some(Self { sql, communes: octroi.communes.clone(), sujet: sujet.clone() }),
            Err(error) => {
                avertit(objet, texte, &octroi.role, &error);
                None
            }
        }
    }

    /// Adds the condition.
    pub(super) fn pousse(&self, requete: &mut QueryBuilder<Postgres>) {
        expression::push(requete, &self.sql, |requete, bind| match bind {
            Bind::Value(genre, valeur) => expression::push_value(requete, *genre, valeur.clone()),
            Bind::User(genre, nom) if nom == COMMUNES => match &self.communes {
                Some(communes) => expression::push_value(requete, *genre, Value::TextArray(communes.clone())),
                // Held everywhere: the territory, as it is today.
                None => {
                    requete.push("(select acces.mon_territoire())");
                }
            },
            Bind::User(genre, nom) => expression::push_value(requete, *genre, self.sujet.attribut(nom)),
            // The day on which roles begin and end, too.
            Bind::Today => {
                requete.push("core.jour('')");
            }
            _ => {
                requete.push("null");
            }
        });
    }
}

/// Whether a text may filter the rows of this object.
///
/// # Errors
/// Where and why not, in French.
pub fn verifie_lignes(objet: &Objet, texte: &str) -> Result<(), ExprError> {
    lit(objet, texte).map(|_| ())
}

fn lit(objet: &Objet, texte: &str) -> Result<Sql, ExprError> {
    if !objet.a_des_fiches() {
        // Nobody would evaluate it: the right would be wider than it says.
        return Err(ExprError::Property { name: objet.nom.to_owned() });
    }
    Ok(parse(texte, Mode::Finage)?.typed(&schema(objet))?.sql(0))
}

/// Every field of the object, whether the account sees it or not: the filter is not the account's, and tells it nothing.
fn schema(objet: &Objet) -> Schema {
    // Every protected table has these two.
    let socle =
        Schema::new().with("collectivite", Type::Integer, &["collectivite"]).with("insee", Type::Text, &["insee"]);
    let champs = objet.champs.iter().fold(socle, |schema, champ| {
        let genre = match champ.genre {
            Genre::Texte => Type::Text,
            Genre::Entier => Type::Integer,
            Genre::Booleen => Type::Boolean,
            Genre::Date => Type::Date,
            Genre::Instant => Type::Instant,
            Genre::Identifiant => Type::Uuid,
            Genre::Decimal => Type::Decimal,
            Genre::Identifiants => Type::UuidArray,
        };
        if champ.lecture.is_empty() {
            schema.with(champ.nom, genre, &[champ.nom])
        } else {
            schema.with_expression(champ.nom, genre, champ.lecture)
        }
    });
    Sujet::ATTRIBUTS.into_iter().fold(champs, |schema, (nom, genre)| schema.with_user(nom, genre))
}

/// Says once that a filter is wrong: it is read at each request.
fn avertit(objet: &Objet, texte: &str, role: &str, error: &ExprError) {
    static DITS: Mutex<Option<HashSet<(String, String)>>> = Mutex::new(None);
    let mut dits = DITS.lock().unwrap_or_else(PoisonError::into_inner);
    let dits = dits.get_or_insert_default();
    if dits.len() < MAX_DITS && dits.insert((role.to_owned(), texte.to_owned())) {
        tracing::warn!(role, objet = objet.nom, %error, "le filtre d'un droit est illisible : ce droit n'ouvre rien");
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Champ, Genre};
    use super::*;

    static FICHE: Objet = Objet {
        nom: "fiche",
        libelle: "fiche",
        champs: &[Champ {
            nom: "etat",
            libelle: "état",
            genre: Genre::Texte,
            niveau: 0,
            modifiable: true,
            lecture: "",
        }],
    };

    #[test]
    fn what_has_no_records_takes_no_filter() {
        for texte in ["user.email = 'x'", "1 = 1", "collectivite = 1"] {
            assert!(verifie_lignes(&super::super::catalogue::JOURNAL, texte).is_err(), "{texte}");
        }
    }

    #[test]
    fn a_filter_uses_fields_and_user_and_nothing_else() {
        for bon in [
            "etat = 'clos'",
            "insee in user.communes",
            "collectivite = user.collectivite and etat is not null",
            "etat = user.email or user.id = user.id",
        ] {
            assert!(verifie_lignes(&FICHE, bon).is_ok(), "{bon}");
        }
        for mauvais in ["", "etat", "etat = 1", "secret = 'x'", "user.mot_de_passe = 'x'", "etat = 'a'; drop table x"] {
            assert!(verifie_lignes(&FICHE, mauvais).is_err(), "{mauvais}");
        }
    }
}
