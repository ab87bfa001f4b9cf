//! Values of a request, held to the rules of their fields before any statement is made.

use serde_json::{Map, Value};
use sqlx::{Postgres, QueryBuilder};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::erreur::FauteChamp;
use super::{Modele, Nature, ObjetError, Regle, riche};
use crate::access::droits::{Champ, Genre};

/// Rows that a field of several references names at most.
const MAX_REFERENCES: usize = 1_000;
/// Longest text of a field without a bound of its own, characters.
const MAX_TEXTE: usize = 100_000;

/// A value that its field takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Valeur {
    Texte(Option<String>),
    Date(Option<Date>),
    Booleen(Option<bool>),
    Entier(Option<i64>),
    Decimal(Option<String>),
    Instant(Option<OffsetDateTime>),
    Identifiant(Option<Uuid>),
    Identifiants(Option<Vec<Uuid>>),
}

/// The fields of a request, in the order of the object.
///
/// # Errors
/// A field that is unknown or that nobody writes; every value that its rule refuses.
pub(super) fn lire(
    modele: &'static Modele,
    champs: &Map<String, Value>,
) -> Result<Vec<(&'static Champ, Valeur)>, ObjetError> {
    let inconnu = |nom: &String| modele.objet.champ(nom).is_none_or(|champ| !champ.modifiable);
    if let Some(nom) = champs.keys().find(|nom| inconnu(nom)) {
        return Err(ObjetError::Champ(nom.chars().take(60).collect()));
    }
    let donnes = modele.objet.champs.iter().filter_map(|champ| champs.get(champ.nom).map(|valeur| (champ, valeur)));
    let (mut lus, mut fautes) = (Vec::new(), Vec::new());
    for (champ, valeur) in donnes {
        match lue(modele.regle(champ.nom), champ, valeur) {
            Ok(valeur) => lus.push((champ, valeur)),
            Err(message) => fautes.push(FauteChamp::new(champ.nom, message)),
        }
    }
    if fautes.is_empty() { Ok(lus) } else { Err(ObjetError::Champs(fautes)) }
}

/// Obligatory fields that a new row lacks and that nothing fills.
pub(super) fn manquants(modele: &Modele, lus: &[(&'static Champ, Valeur)]) -> Vec<FauteChamp> {
    let manque = |regle: &&Regle| {
        regle.obligatoire
            && !regle.par_defaut
            && modele.objet.champ(regle.champ).is_some_and(|champ| champ.modifiable)
            && lus.iter().all(|(champ, _)| champ.nom != regle.champ)
    };
    modele.regles.iter().filter(manque).map(|regle| FauteChamp::new(regle.champ, VIDE)).collect()
}

/// The values of a row being edited that can be read, as its table would hold them.
pub(super) fn lisible(modele: &'static Modele, champs: &Map<String, Value>) -> Value {
    let lisibles = modele.objet.champs.iter().filter_map(|champ| {
        let regle = modele.regle(champ.nom);
        // A key that a module brought is not the row's own.
        if regle.and_then(|regle| regle.lien).is_some_and(|lien| lien.cle != "id") {
            return None;
        }
        // What its rule refuses, an empty obligatory field among it, is nothing yet.
        let valeur = lue(regle, champ, champs.get(champ.nom)?).ok()?;
        Some((champ.nom.to_owned(), valeur.json()))
    });
    Value::Object(lisibles.collect())
}

/// What is said of an obligatory field left empty.
pub(in crate::modules) const VIDE: &str = "il ne peut pas être vide";

/// A value as its table would hold it, once held to the rule of its field; for what writes many rows at once.
///
/// # Errors
/// What is expected, for people.
pub(in crate::modules) fn tenue(regle: &Regle, champ: &'static Champ, valeur: &Value) -> Result<Value, String> {
    lue(Some(regle), champ, valeur).map(|valeur| valeur.json())
}

fn lue(regle: Option<&Regle>, champ: &'static Champ, valeur: &Value) -> Result<Valeur, String> {
    let obligatoire = regle.is_some_and(|regle| regle.obligatoire);
    // An empty text is nothing, but of a text that says otherwise.
    let rien = valeur.is_null() || valeur.as_str().is_some_and(|texte| texte.trim().is_empty());
    if rien && obligatoire {
        return Err(VIDE.to_owned());
    }
    if rien && champ.genre != Genre::Texte {
        return Ok(Valeur::absente(champ.genre));
    }
    match champ.genre {
        Genre::Texte => texte(regle, valeur, rien),
        Genre::Date => {
            let attendue = || "une date « AAAA-MM-JJ » est attendue".to_owned();
            let lue = valeur.as_str().ok_or_else(attendue)?.trim();
            let date = Date::parse(lue, format_description!("[year]-[month]-[day]")).map_err(|_| attendue())?;
            Ok(Valeur::Date(Some(date)))
        }
        Genre::Booleen => {
            valeur.as_bool().map(|oui| Valeur::Booleen(Some(oui))).ok_or_else(|| "vrai ou faux est attendu".to_owned())
        }
        Genre::Entier => {
            let entier = valeur.as_i64().or_else(|| valeur.as_str()?.trim().parse().ok());
            let entier = entier.ok_or_else(|| "un nombre entier est attendu".to_owned())?;
            match regle.and_then(|regle| regle.bornes) {
                Some((bas, haut)) if !(bas..=haut).contains(&entier) => Err(format!("le nombre va de {bas} à {haut}")),
                _ => Ok(Valeur::Entier(Some(entier))),
            }
        }
        Genre::Decimal => decimal(regle, valeur).map(|lu| Valeur::Decimal(Some(lu))),
        Genre::Instant => {
            let attendu = || "un instant est attendu, par exemple 2026-05-03T14:30:00+02:00".to_owned();
            let lu = valeur.as_str().ok_or_else(attendu)?.trim();
            Ok(Valeur::Instant(Some(OffsetDateTime::parse(lu, &Rfc3339).map_err(|_| attendu())?)))
        }
        Genre::Identifiant => {
            let lu = valeur.as_str().and_then(|texte| texte.trim().parse().ok());
            lu.map(|id| Valeur::Identifiant(Some(id))).ok_or_else(|| "l'identifiant d'une fiche est attendu".to_owned())
        }
        Genre::Identifiants => {
            let attendus = || format!("une liste d'au plus {MAX_REFERENCES} identifiants de fiches est attendue");
            let liste = valeur.as_array().filter(|liste| liste.len() <= MAX_REFERENCES).ok_or_else(attendus)?;
            let ids: Option<Vec<Uuid>> = liste.iter().map(|un| un.as_str()?.parse().ok()).collect();
            Ok(Valeur::Identifiants(Some(ids.ok_or_else(attendus)?)))
        }
    }
}

fn texte(regle: Option<&Regle>, valeur: &Value, rien: bool) -> Result<Valeur, String> {
    let vide = if regle.is_some_and(|regle| regle.sans_nul) { Some(String::new()) } else { None };
    if rien {
        return Ok(Valeur::Texte(vide));
    }
    let texte = valeur.as_str().ok_or("un texte est attendu")?;
    if texte.contains('\0') {
        return Err("il contient un caractère nul".to_owned());
    }
    let nature = regle.map_or(Nature::Texte, |regle| regle.nature);
    let texte = if nature == Nature::Riche { riche::nettoye(texte) } else { texte.trim().to_owned() };
    if nature == Nature::Texte && texte.contains(['\n', '\r']) {
        return Err("il tient sur une ligne".to_owned());
    }
    let max = regle.map_or(MAX_TEXTE, |regle| if regle.max == 0 { MAX_TEXTE } else { regle.max });
    if texte.chars().count() > max {
        return Err(format!("{max} caractères au plus"));
    }
    let valeurs = regle.map_or(&[][..], |regle| regle.valeurs);
    if !valeurs.is_empty() && valeurs.iter().all(|(code, _)| *code != texte) {
        let codes = valeurs.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(", ");
        return Err(format!("une de ces valeurs est attendue : {codes}"));
    }
    Ok(Valeur::Texte(Some(texte)))
}

/// An exact decimal number: digits, a point or a comma, digits.
fn decimal(regle: Option<&Regle>, valeur: &Value) -> Result<String, String> {
    let attendu = || "un nombre est attendu, par exemple 12.50".to_owned();
    let texte = match valeur {
        Value::String(texte) => texte.trim().replace(',', "."),
        Value::Number(nombre) => nombre.to_string(),
        _ => return Err(attendu()),
    };
    let nu = texte.strip_prefix('-').unwrap_or(&texte);
    let (entiers, decimales) = nu.split_once('.').unwrap_or((nu, ""));
    let chiffres = |part: &str| part.bytes().all(|octet| octet.is_ascii_digit());
    if entiers.is_empty() || !chiffres(entiers) || !chiffres(decimales) || nu.ends_with('.') || nu.len() > 30 {
        return Err(attendu());
    }
    let chiffres_admis = regle.and_then(|regle| regle.chiffres).and_then(|nombre| usize::try_from(nombre).ok());
    if let Some(admis) = chiffres_admis.filter(|admis| entiers.trim_start_matches('0').len() > *admis) {
        return Err(format!("{admis} chiffres avant la virgule, au plus"));
    }
    let admises = regle.and_then(|regle| regle.decimales).and_then(|nombre| usize::try_from(nombre).ok());
    match admises {
        Some(0) if !decimales.is_empty() => Err("un nombre entier est attendu".to_owned()),
        Some(admises) if decimales.trim_end_matches('0').len() > admises => {
            Err(format!("{admises} chiffres après la virgule, au plus"))
        }
        _ => Ok(texte),
    }
}

impl Valeur {
    fn absente(genre: Genre) -> Self {
        match genre {
            Genre::Texte => Self::Texte(None),
            Genre::Date => Self::Date(None),
            Genre::Booleen => Self::Booleen(None),
            Genre::Entier => Self::Entier(None),
            Genre::Decimal => Self::Decimal(None),
            Genre::Instant => Self::Instant(None),
            Genre::Identifiant => Self::Identifiant(None),
            Genre::Identifiants => Self::Identifiants(None),
        }
    }

    /// Adds it as its column takes it.
    pub(super) fn lie(&self, regle: Option<&Regle>, requete: &mut QueryBuilder<Postgres>) {
        match self {
            Self::Texte(texte) => {
                requete.push_bind(texte.clone());
                if let Some(genre) = regle.and_then(|regle| regle.type_sql) {
                    requete.push("::text::").push(genre);
                }
            }
            Self::Date(date) => {
                requete.push_bind(*date);
            }
            Self::Booleen(oui) => {
                requete.push_bind(*oui);
            }
            Self::Entier(entier) => {
                requete.push_bind(*entier).push("::bigint");
            }
            // As text: a `numeric` of it, exactly.
            Self::Decimal(texte) => {
                requete.push_bind(texte.clone()).push("::text::numeric");
            }
            Self::Instant(instant) => {
                requete.push_bind(*instant);
            }
            Self::Identifiant(id) => match regle.and_then(|regle| regle.lien).filter(|lien| lien.cle != "id") {
                // A module that brought its own keys keeps them.
                Some(lien) => {
                    requete.push("(select t.\"").push(lien.cle).push("\" from ");
                    requete.push(lien.cible().map_or("core.objet", Modele::relation));
                    requete.push(" t where t.id = ").push_bind(*id).push(")");
                }
                None => {
                    requete.push_bind(*id);
                }
            },
            Self::Identifiants(ids) => {
                requete.push_bind(ids.clone());
            }
        }
    }

    /// As the history of the row writes it; of a reference by a module's own key, nothing that may be compared.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Texte(texte) | Self::Decimal(texte) => texte.clone().into(),
            Self::Date(date) => date.map(|date| date.to_string()).into(),
            Self::Booleen(oui) => (*oui).into(),
            Self::Entier(entier) => (*entier).into(),
            Self::Instant(instant) => instant.and_then(|instant| instant.format(&Rfc3339).ok()).into(),
            Self::Identifiant(id) => id.map(|id| id.to_string()).into(),
            Self::Identifiants(ids) => {
                ids.as_ref().map(|ids| ids.iter().map(ToString::to_string).collect::<Vec<_>>()).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::modules::objets::{ANNOTATION, PERSONNE};

    fn lus(modele: &'static Modele, value: &Value) -> Result<Vec<(&'static Champ, Valeur)>, String> {
        lire(modele, value.as_object().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn values_are_held_to_their_rule() {
        let bons = lus(&ANNOTATION, &json!({"titre": " Nid de poule ", "categorie": "travaux"})).unwrap();
        let vides = lus(&ANNOTATION, &json!({"texte": null})).unwrap();
        assert_eq!(vides[0].1, Valeur::Texte(Some(String::new())));
        assert_eq!(lus(&PERSONNE, &json!({"adresse": " "})).unwrap()[0].1, Valeur::Texte(None));
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
    fn decimals_are_exact_and_bounded() {
        let regle =
            Regle { champ: "x", nature: Nature::Montant, decimales: Some(2), chiffres: Some(8), ..Regle::TEXTE };
        for (value, lu) in
            [(json!("12,50"), "12.50"), (json!("-0.1"), "-0.1"), (json!(3), "3"), (json!("1.500"), "1.500")]
        {
            assert_eq!(decimal(Some(&regle), &value).unwrap(), lu);
        }
        assert_eq!(decimal(Some(&regle), &json!("0012345678.50")).unwrap(), "0012345678.50");
        assert!(decimal(Some(&regle), &json!("123456789")).unwrap_err().contains("8 chiffres avant la virgule"));
        for value in [json!("1.234"), json!("abc"), json!("1."), json!(".5"), json!("1e3"), json!([1]), json!("1 000")]
        {
            assert!(decimal(Some(&regle), &value).is_err(), "{value}");
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
