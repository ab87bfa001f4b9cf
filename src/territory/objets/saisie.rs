//! Values of a request, held to the rules of their fields before any statement is made.

use serde_json::{Map, Value};
use sqlx::{Postgres, QueryBuilder};
use time::Date;
use time::macros::format_description;

use super::{Modele, ObjetError, Regle};
use crate::access::droits::{Champ, Genre};

/// A value that its field takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Valeur {
    Texte(Option<String>),
    Date(Option<Date>),
    Booleen(Option<bool>),
    Entier(Option<i64>),
}

/// The fields of a request, in the order of the object.
///
/// # Errors
/// A field that is unknown or that nobody writes, or a value that its rule refuses.
pub(super) fn lire(
    modele: &'static Modele,
    champs: &Map<String, Value>,
) -> Result<Vec<(&'static Champ, Valeur)>, ObjetError> {
    let inconnu = |nom: &String| modele.objet.champ(nom).is_none_or(|champ| !champ.modifiable);
    if let Some(nom) = champs.keys().find(|nom| inconnu(nom)) {
        return Err(ObjetError::Champ(nom.chars().take(60).collect()));
    }
    let donnes = modele.objet.champs.iter().filter_map(|champ| champs.get(champ.nom).map(|valeur| (champ, valeur)));
    donnes.map(|(champ, valeur)| Ok((champ, lue(modele.regle(champ.nom), champ, valeur)?))).collect()
}

/// The name of the first obligatory field that a new row lacks and that has no default.
pub(super) fn manquant(modele: &Modele, lus: &[(&'static Champ, Valeur)]) -> Option<&'static str> {
    let titre = modele.titre;
    lus.iter().all(|(champ, _)| champ.nom != titre).then_some(titre)
}

fn lue(regle: Option<&Regle>, champ: &'static Champ, valeur: &Value) -> Result<Valeur, ObjetError> {
    let refus = |attendu: String| ObjetError::Valeur { champ: champ.nom, attendu };
    let obligatoire = regle.is_some_and(|regle| regle.obligatoire);
    if valeur.is_null() && obligatoire {
        return Err(refus("il ne peut pas être vide".to_owned()));
    }
    match champ.genre {
        Genre::Texte => {
            if valeur.is_null() {
                return Ok(Valeur::Texte(None));
            }
            let texte = valeur.as_str().ok_or_else(|| refus("un texte est attendu".to_owned()))?;
            if texte.contains('\0') {
                return Err(refus("il contient un caractère nul".to_owned()));
            }
            let texte = texte.trim();
            let Some(regle) = regle else { return Ok(Valeur::Texte(Some(texte.to_owned()))) };
            if texte.is_empty() && obligatoire {
                return Err(refus("il ne peut pas être vide".to_owned()));
            }
            if texte.chars().count() > regle.max {
                return Err(refus(format!("{} caractères au plus", regle.max)));
            }
            if !regle.valeurs.is_empty() && regle.valeurs.iter().all(|(code, _)| *code != texte) {
                let codes = regle.valeurs.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(", ");
                return Err(refus(format!("une de ces valeurs est attendue : {codes}")));
            }
            Ok(Valeur::Texte(Some(texte.to_owned())))
        }
        Genre::Date => {
            let lit = |texte: &str| {
                Date::parse(texte, format_description!("[year]-[month]-[day]"))
                    .map_err(|_| refus("une date « AAAA-MM-JJ » est attendue".to_owned()))
            };
            match valeur {
                Value::Null => Ok(Valeur::Date(None)),
                Value::String(texte) if texte.trim().is_empty() => Ok(Valeur::Date(None)),
                Value::String(texte) => Ok(Valeur::Date(Some(lit(texte.trim())?))),
                _ => Err(refus("une date « AAAA-MM-JJ » est attendue".to_owned())),
            }
        }
        Genre::Booleen => match valeur {
            Value::Null => Ok(Valeur::Booleen(None)),
            Value::Bool(oui) => Ok(Valeur::Booleen(Some(*oui))),
            _ => Err(refus("vrai ou faux est attendu".to_owned())),
        },
        Genre::Entier => match valeur {
            Value::Null => Ok(Valeur::Entier(None)),
            _ => valeur
                .as_i64()
                .map(|entier| Valeur::Entier(Some(entier)))
                .ok_or_else(|| refus("un nombre entier est attendu".to_owned())),
        },
        // Written by the program alone.
        Genre::Instant | Genre::Identifiant => Err(ObjetError::Champ(champ.nom.to_owned())),
    }
}

impl Valeur {
    pub(super) fn lie(&self, requete: &mut QueryBuilder<Postgres>) {
        match self {
            Self::Texte(texte) => requete.push_bind(texte.clone()),
            Self::Date(date) => requete.push_bind(*date),
            Self::Booleen(oui) => requete.push_bind(*oui),
            Self::Entier(entier) => requete.push_bind(*entier),
        };
    }

    /// As the history of the row writes it.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Texte(texte) => texte.clone().into(),
            Self::Date(date) => date.map(|date| date.to_string()).into(),
            Self::Booleen(oui) => (*oui).into(),
            Self::Entier(entier) => (*entier).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::territory::objets::{ANNOTATION, PERSONNE};

    fn lus(modele: &'static Modele, value: &Value) -> Result<Vec<(&'static Champ, Valeur)>, String> {
        lire(modele, value.as_object().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn values_are_held_to_their_rule() {
        let bons = lus(&ANNOTATION, &json!({"titre": " Nid de poule ", "categorie": "travaux"})).unwrap();
        assert_eq!(bons[0].1, Valeur::Texte(Some("Nid de poule".into())));
        for (value, cause) in [
            (json!({"titre": ""}), "vide"),
            (json!({"titre": null}), "vide"),
            (json!({"titre": 3}), "texte"),
            (json!({"titre": "a\0"}), "nul"),
            (json!({"titre": "é".repeat(201)}), "200"),
            (json!({"categorie": "autre"}), "a_verifier"),
            (json!({"version": 3}), "inconnu"),
            (json!({"collectivite": 3}), "inconnu"),
        ] {
            let refus = lus(&ANNOTATION, &value).unwrap_err();
            assert!(refus.contains(cause), "{value} {refus}");
        }
    }

    #[test]
    fn dates_and_what_nobody_writes() {
        let lu = lus(&PERSONNE, &json!({"naissance": "1961-02-28", "opposition_publication": true})).unwrap();
        assert_eq!(lu[0].1.json(), json!("1961-02-28"));
        for value in
            [json!({"naissance": "1961-02-30"}), json!({"finalite": "x"}), json!({"opposition_publication": 1})]
        {
            assert!(lus(&PERSONNE, &value).is_err(), "{value}");
        }
    }
}
