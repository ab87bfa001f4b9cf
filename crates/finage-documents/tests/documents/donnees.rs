//! Data are data: shown as they are, never run, and a template that they do not fit says so.

use crate::common::{entete, gabarit, jour, pdf, refusal, text};
use finage_documents::{Champs, Donnee, Donnees};
use proptest::prelude::*;

const HOSTILE: [&str; 12] = [
    "#panic(\"x\")",
    "#import \"@preview/a:1.0.0\"",
    "] #let x = 1 [",
    "$ x $ *gras* _italique_ = Titre",
    "\\ \\u{41} `code` ```rust```",
    "<finage-debut> @finage-fin",
    "// comment /* block */",
    "\"guillemets\" et 'apostrophes'",
    "https://example.org/a?b=c#d",
    "- liste + numéro / terme: x",
    "#__lot #donnees.autre",
    "}}}]]])))",
];

#[test]
fn hostile_texts_are_shown_as_they_are() {
    let values: Vec<Donnee> = HOSTILE.iter().map(|value| (*value).into()).collect();
    let bytes = pdf("#for v in donnees.v [#v #linebreak()]", [("v", Donnee::Liste(values))]).unwrap();
    if let Some(text) = text(&bytes) {
        for value in HOSTILE {
            let expected = value.split(' ').collect::<Vec<_>>().join(" ");
            assert!(text.contains(&expected), "« {expected} » is not in {text}");
        }
    }
}

#[test]
fn every_helper_shows_hostile_texts_as_they_are() {
    let hostile = "#panic() [*] $";
    let source = "#entete((nom: donnees.v, adresse: (donnees.v,)))
#adresse((donnees.v, none, \"\"))
#paragraphes(donnees.v)
#tableau((donnees.v,), ((donnees.v,),))";
    let bytes = pdf(source, [("v", hostile.into())]).unwrap();
    if let Some(text) = text(&bytes) {
        assert_eq!(text.matches("#panic() [*] $").count(), 6, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn any_text_makes_a_document(value in "\\PC{0,60}", other in any::<String>()) {
        let bytes = pdf("#donnees.a #donnees.b", [("a", value.into()), ("b", other.into())]);
        prop_assert!(bytes.is_ok(), "{:?}", bytes.err());
    }
}

#[test]
fn a_missing_field_is_named_at_its_place() {
    let said = refusal("Bonjour,\n#donnees.nom", [("autre", "x".into())]);
    assert!(said.contains("« nom »") && said.contains("ligne 3, colonne"), "{said}");
    let said = refusal("#en_toutes_lettres(donnees.total)", [("total", Donnee::Vide)]);
    assert!(said.contains("vide") && said.contains("ligne 2"), "{said}");
    let said = refusal("#date_longue(donnees.le)", [("le", "2026-05-01".into())]);
    assert!(said.contains("date") && said.contains("ligne 2"), "{said}");
}

#[test]
fn what_is_empty_shows_nothing() {
    let source = "[#date_longue(donnees.v)#date_courte(donnees.v)#nombre(donnees.v)#montant(donnees.v)#paragraphes(donnees.v)#donnees.v]";
    let bytes = pdf(source, [("v", Donnee::Vide)]).unwrap();
    if let Some(text) = text(&bytes) {
        assert_eq!(text, "[]");
    }
}

#[test]
fn numbers_and_dates_are_french() {
    let source = "#date_longue(donnees.le) / #date_courte(donnees.le) / #montant(donnees.m) / #nombre(donnees.n) / \
                  #en_toutes_lettres(donnees.n) / #montant_en_toutes_lettres(donnees.m) / #montant(donnees.m + donnees.m)";
    let bytes = pdf(
        source,
        [("le", jour().into()), ("m", Donnee::Decimal("1234.5".to_owned())), ("n", Donnee::Entier(-81_000))],
    )
    .unwrap();
    if let Some(text) = text(&bytes) {
        for expected in [
            "1er mai 2026 / 01/05/2026 / 1 234,50 € / –81 000 / moins quatre-vingt-un mille",
            "mille deux cent trente-quatre euros et cinquante centimes",
            "2 469,00 €",
        ] {
            assert!(text.contains(expected), "« {expected} » is not in {text}");
        }
    }
}

#[test]
fn json_and_typed_values_reach_the_template() {
    let json = serde_json::json!({ "nom": "Zoé", "age": 12, "taille": 1.62, "amis": ["Léa", null], "vrai": true });
    let Donnee::Groupe(champs) = json.into() else { panic!() };
    let bytes =
        gabarit("#donnees.nom #(donnees.age + 1) #nombre(donnees.taille) #donnees.amis.at(0) #if donnees.vrai [vrai]")
            .unwrap()
            .rendre(&Donnees::new(entete(), champs))
            .unwrap();
    if let Some(text) = text(&bytes) {
        assert!(text.contains("Zoé 13 1,62 Léa vrai"), "{text}");
    }
}

#[test]
fn values_out_of_bounds_are_named() {
    let said = refusal("x", [("montant", Donnee::Decimal("12,50".to_owned()))]);
    assert!(said.contains("« montant »") && said.contains("décimal"), "{said}");
    let photo = Donnee::Liste(vec![Donnee::Image(b"<svg/>".to_vec())]);
    let said = refusal("x", [("photos", photo)]);
    assert!(said.contains("« photos[0] »") && said.contains("PNG"), "{said}");
}

#[test]
fn a_batch_gives_each_record_its_pages() {
    let gabarit = gabarit("#set page(footer: pagination())\nLettre de #donnees.nom. #pagebreak() Suite.").unwrap();
    let names = ["Un", "Deux", "Trois"];
    let records = names.map(|name| Champs::from([("nom".to_owned(), name.into())]));
    let bytes = gabarit.rendre_lot(&entete(), records.clone()).unwrap();
    let read = lopdf::Document::load_mem(&bytes).unwrap();
    assert_eq!(read.get_pages().len(), 6);
    if let Some(text) = text(&bytes) {
        for name in names {
            let letter = format!("Lettre de {name}. Page 1 sur 2 Suite. Page 2 sur 2");
            assert!(text.contains(&letter), "« {letter} » is not in {text}");
        }
    }
    let documents = records.map(|record| Donnees::new(entete(), record));
    let each: Vec<_> = gabarit.rendre_chacun(documents).collect::<Result<_, _>>().unwrap();
    assert_eq!(each.len(), 3);
    assert!(each.iter().all(|bytes| lopdf::Document::load_mem(bytes).unwrap().get_pages().len() == 2));
}

#[test]
fn a_batch_names_the_record_that_can_not_be_written() {
    let gabarit = gabarit("#donnees.nom").unwrap();
    let good = Champs::from([("nom".to_owned(), "Un".into())]);
    let said = gabarit.rendre_lot(&entete(), [good.clone(), good, Champs::new()]).unwrap_err().to_string();
    assert!(said.starts_with("Fiche 3 du lot : Le champ « nom » manque"), "{said}");
}
