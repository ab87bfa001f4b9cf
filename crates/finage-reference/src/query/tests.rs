//! What people type, and what is understood.

use proptest::prelude::*;

use super::*;
use crate::composed::tests::any_idu;

/// `insee/prefixe/section/numero` of each parcel, then the words left, for the best reading.
fn best(text: &str) -> String {
    parse(text).first().map_or_else(|| "rien".to_owned(), shown)
}

fn shown(candidate: &Candidate) -> String {
    let one = |parcel: &ParcelQuery| {
        format!(
            "{}/{}/{}/{}",
            parcel.insee.map_or("-".into(), |insee| insee.to_string()),
            parcel.prefixe.map_or("-".into(), |prefixe| prefixe.to_string()),
            parcel.section,
            parcel.numero.map_or("-".into(), |numero| numero.to_string())
        )
    };
    let parcels: Vec<String> = candidate.parcels.iter().map(one).collect();
    format!("{} {}", parcels.join(" "), candidate.commune_words.join(" ")).trim_end().to_owned()
}

#[test]
fn what_people_type_is_understood() {
    for (typed, understood) in [
        ("AB 145", "-/-/AB/145"),
        ("ab145", "-/-/AB/145"),
        ("AB145", "-/-/AB/145"),
        ("AB-145", "-/-/AB/145"),
        ("AB 0145", "-/-/AB/145"),
        ("13004000AB0145", "13004/000/AB/145"),
        ("13004 000 AB 145", "13004/000/AB/145"),
        ("13004 000 AB 0145", "13004/000/AB/145"),
        ("13004 AB 145", "13004/-/AB/145"),
        ("13004AB145", "13004/-/AB/145"),
        ("000 AB 145", "-/000/AB/145"),
        ("103AB12", "-/103/AB/12"),
        ("103 A 12", "-/103/A/12"),
        ("A 12", "-/-/A/12"),
        ("0A0012", "-/-/A/12"),
        ("0A 12", "-/-/A/12"),
        ("2A004000AB0145", "2A004/000/AB/145"),
        ("2a004 ab 145", "2A004/-/AB/145"),
        ("section AB n° 145", "-/-/AB/145"),
        ("Section AB numéro 145", "-/-/AB/145"),
        ("AB n°145", "-/-/AB/145"),
        ("AB nº 145", "-/-/AB/145"),
        ("AB n 145", "-/-/AB/145"),
        ("N 12", "-/-/N/12"),
        ("NO 12", "-/-/NO/12"),
        ("parcelle AB 145", "-/-/AB/145"),
        ("parcelle cadastrée section AB n° 145", "-/-/AB/145"),
        ("132004000AB0145", "13004/000/AB/145"),
        ("690114    B0794", "69114/000/B/794"),
        ("FR132004000AB0145", "13004/000/AB/145"),
        ("AB", "-/-/AB/-"),
        ("section A", "-/-/A/-"),
        ("13004 AB", "13004/-/AB/-"),
        ("13004000AB", "13004/000/AB/-"),
        ("13004000AB01", "13004/000/AB/1"),
        ("67482000120345", "67482/000/12/345"),
        ("67482 12 345", "67482/-/12/345"),
        ("12 345", "-/-/12/345"),
        ("section 12 n° 345", "-/-/12/345"),
    ] {
        assert_eq!(best(typed), understood, "{typed}");
    }
}

#[test]
fn lists_share_what_comes_first() {
    assert_eq!(best("AB 145, 146"), "-/-/AB/145 -/-/AB/146");
    assert_eq!(best("AB 145 et 146"), "-/-/AB/145 -/-/AB/146");
    assert_eq!(best("AB 145, 146 et AC 12"), "-/-/AB/145 -/-/AB/146 -/-/AC/12");
    assert_eq!(best("13004 AB n° 145 et n° 146"), "13004/-/AB/145 13004/-/AB/146");
    assert_eq!(best("AB 145/146/147 Valbrume"), "-/-/AB/145 -/-/AB/146 -/-/AB/147 valbrume");
    assert_eq!(best("103 AB 1; AC 2"), "-/103/AB/1 -/103/AC/2");
}

#[test]
fn words_around_the_reference_are_handed_back() {
    assert_eq!(best("AB 145 Valbrume"), "-/-/AB/145 valbrume");
    assert_eq!(best("Valbrume AB 145"), "-/-/AB/145 valbrume");
    assert_eq!(best("AB 145 à Saint-Rémy-de-Provence"), "-/-/AB/145 saint remy de provence");
    assert_eq!(best("AB 145, Valbrume"), "-/-/AB/145 valbrume");
    assert_eq!(best("AB 145 13004"), "13004/-/AB/145");
    assert_eq!(best("section AB Valbrume"), "-/-/AB/- valbrume");
}

#[test]
fn five_digits_may_be_a_postcode() {
    let readings: Vec<String> = parse("13200 AB 145").iter().map(shown).collect();
    assert_eq!(readings, ["13200/-/AB/145", "-/-/AB/145 13200"]);
}

#[test]
fn an_address_is_no_parcel() {
    for typed in [
        "12 rue de la République",
        "rue du 8 mai 1945",
        "La Ciotat",
        "12 bis",
        "145",
        "Valbrume",
        "",
        "  ",
        "06 12 34 56 78",
        "0000",
        "12 AB 3 rue",
    ] {
        assert!(
            parse(typed).iter().all(|candidate| candidate.confidence == Confidence::Possible),
            "{typed}: {:?}",
            parse(typed)
        );
    }
    assert_eq!(best("rue du 8 mai 1945"), "rien");
    assert_eq!(best("La Ciotat"), "rien");
    assert_eq!(best("145"), "rien");
}

#[test]
fn too_long_a_text_has_no_reading() {
    assert!(!parse(&format!("AB 145{}", " ".repeat(MAX_CHARS - 6))).is_empty());
    assert!(parse(&format!("AB 145{}", " ".repeat(MAX_CHARS - 5))).is_empty());
}

proptest! {
    #[test]
    fn every_form_of_an_idu_finds_it(idu in any_idu(), lower in any::<bool>()) {
        let (insee, prefixe, section, numero) = (idu.insee(), idu.prefixe(), idu.section(), idu.numero());
        let ccodir = "0".parse().unwrap();
        let forms = [
            idu.to_string(),
            idu.majic_key(ccodir),
            idu.inspire_id(ccodir),
            format!("{insee} {prefixe} {section} {numero}"),
            format!("{insee} {prefixe} {} {}", section.as_str(), numero.as_str()),
            format!("{insee}-{prefixe}-{section}-{numero}"),
            format!("{insee} section {prefixe} {section} n° {numero}"),
        ];
        for form in forms {
            let typed = if lower { form.to_lowercase() } else { form };
            let readings = parse(&typed);
            let first = readings.first().and_then(|candidate| candidate.parcels.first());
            let found = first.is_some_and(|query| {
                query.insee == Some(insee) && query.prefixe == Some(prefixe) && query.section == section
                    && query.numero.is_some_and(|typed| typed.exact() == Some(numero))
            });
            prop_assert!(found, "{typed}: {readings:?}");
        }
    }

    #[test]
    fn the_shown_reference_is_understood(idu in any_idu()) {
        let readings = parse(&idu.reference());
        let found = readings.iter().flat_map(|candidate| &candidate.parcels).any(|query| {
            query.section == idu.section() && query.numero.is_some_and(|typed| typed.exact() == Some(idu.numero()))
                && query.prefixe.is_none_or(|prefixe| prefixe == idu.prefixe())
        });
        prop_assert!(found, "{}: {readings:?}", idu.reference());
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        for candidate in parse(&text) {
            prop_assert!(!candidate.parcels.is_empty());
        }
    }

    #[test]
    fn no_near_reference_panics(text in "[0-9a-bA-Bn°, /é-]{0,40}") {
        let _ = parse(&text);
    }
}
