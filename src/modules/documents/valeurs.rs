//! A row as templates read it: dates are dates, amounts are exact, and what is closed is empty.

use finage_documents::{Champs, Donnee};
use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

use crate::access::droits::Champ;
use crate::modules::objets::{Fiche, Modele, Nature};
use crate::territory::jour::local_at;

/// Digits of an exact number in a template.
const CHIFFRES: usize = 28;

/// The fields of a row.
pub(super) fn champs(modele: &Modele, fiche: &Fiche) -> Champs {
    let insee = fiche.insee.as_deref().unwrap_or_default();
    let lu = |champ: &Champ| {
        let nature = modele.regle(champ.nom).map_or(Nature::Texte, |regle| regle.nature);
        (champ.nom.to_owned(), valeur(nature, fiche.champs.get(champ.nom).unwrap_or(&Value::Null), insee))
    };
    modele.objet.champs.iter().map(lu).collect()
}

/// What its codes, references and files are called; empty where there is nothing, or nothing open.
pub(super) fn libelles(modele: &Modele, fiche: &Fiche) -> Champs {
    let nommes =
        modele.regles.iter().filter(|regle| matches!(regle.nature, Nature::Code | Nature::Reference | Nature::Fichier));
    nommes
        .map(|regle| {
            let dit = fiche.libelles.get(regle.champ).and_then(Value::as_str);
            (regle.champ.to_owned(), dit.map_or(Donnee::Vide, Donnee::from))
        })
        .collect()
}

fn valeur(nature: Nature, json: &Value, insee: &str) -> Donnee {
    match (nature, json) {
        (_, Value::Null) => Donnee::Vide,
        (Nature::Date, Value::String(texte)) => date(texte),
        (Nature::Instant, Value::String(texte)) => instant(texte, insee),
        (Nature::Decimal | Nature::Montant, Value::String(texte)) => decimal(texte),
        (Nature::Riche, Value::String(texte)) => Donnee::Texte(sans_balises(texte)),
        (_, autre) => Donnee::from(autre.clone()),
    }
}

/// A civil date of the database; as a text where it is none.
pub(super) fn date(texte: &str) -> Donnee {
    match Date::parse(texte, format_description!("[year]-[month]-[day]")) {
        Ok(date) => date.into(),
        Err(_) => texte.into(),
    }
}

/// An instant of the database, at the time of the commune.
pub(super) fn instant(texte: &str, insee: &str) -> Donnee {
    match OffsetDateTime::parse(texte, &Rfc3339) {
        Ok(instant) => local_at(insee, instant).into(),
        Err(_) => texte.into(),
    }
}

/// An exact number; as a text beyond what templates compute with.
pub(super) fn decimal(texte: &str) -> Donnee {
    let chiffres = texte.bytes().filter(u8::is_ascii_digit).count();
    let nombre = texte.bytes().all(|octet| octet.is_ascii_digit() || matches!(octet, b'-' | b'.'));
    if nombre && (1..=CHIFFRES).contains(&chiffres) { Donnee::Decimal(texte.to_owned()) } else { texte.into() }
}

/// The text of a rich text, a line a paragraph.
fn sans_balises(html: &str) -> String {
    let mut texte = String::with_capacity(html.len());
    let mut reste = html;
    while let Some((avant, apres)) = reste.split_once('<') {
        texte.push_str(avant);
        let (balise, suite) = apres.split_once('>').unwrap_or((apres, ""));
        let nom = balise.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        let fin =
            balise.starts_with('/') && matches!(nom, "p" | "li" | "h1" | "h2" | "h3" | "h4" | "blockquote" | "tr");
        if (fin || nom == "br") && !texte.ends_with('\n') {
            texte.push('\n');
        }
        if nom == "li" && !balise.starts_with('/') {
            texte.push_str("– ");
        }
        reste = suite;
    }
    texte.push_str(reste);
    // « &amp; » last: what it gives is no entity.
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}"), ("&amp;", "&")]
        .into_iter()
        .fold(texte.trim().to_owned(), |texte, (entite, lettre)| texte.replace(entite, lettre))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn values_have_the_type_of_their_field() {
        let lu = |nature, json: Value| valeur(nature, &json, "99101");
        assert_eq!(lu(Nature::Date, json!("2026-05-03")), Donnee::Date(date!(2026 - 05 - 03)));
        assert_eq!(lu(Nature::Montant, json!("12.50")), Donnee::Decimal("12.50".to_owned()));
        assert_eq!(lu(Nature::Instant, json!("2026-07-01T22:30:15Z")), Donnee::Instant(datetime!(2026-07-02 00:30:15)));
        assert_eq!(lu(Nature::Entier, json!(3)), Donnee::Entier(3));
        assert_eq!(lu(Nature::Date, Value::Null), Donnee::Vide);
        assert_eq!(lu(Nature::Decimal, json!("9".repeat(40))), Donnee::Texte("9".repeat(40)));
        assert_eq!(lu(Nature::Decimal, json!("NaN")), Donnee::Texte("NaN".to_owned()));
    }

    #[test]
    fn a_rich_text_is_read_as_text() {
        let html = "<p>Bonjour <b>M. &amp; Mme</b><br>Martin</p><ul><li>un</li><li>deux &lt;3&amp;lt;</li></ul>";
        assert_eq!(sans_balises(html), "Bonjour M. & Mme\nMartin\n– un\n– deux <3&lt;");
        assert_eq!(sans_balises("a < b"), "a");
    }
}
