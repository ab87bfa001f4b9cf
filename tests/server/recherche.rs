//! The one search box on the sample town.

use axum::http::StatusCode;
use serde_json::Value;

use crate::harness::{Town, on_empty_town, on_sample_town};

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

async fn search(town: &Town, text: &str) -> Value {
    let answer = town.get(&format!("/api/recherche?q={}", encoded(text))).await;
    assert_eq!(answer.status, StatusCode::OK, "{text}: {}", answer.text());
    answer.json()
}

fn first<'a>(answer: &'a Value, property: &str) -> &'a str {
    answer["features"][0]["properties"][property].as_str().unwrap_or_default()
}

#[test]
fn a_parcel_is_found_in_every_form_people_type() {
    on_sample_town(async |town| {
        let idu = town
            .some_parcel("insee = '99101' and prefixe = '000' and section = 'AB' and numero between 10 and 99")
            .await;
        let numero = idu[10..].trim_start_matches('0');
        for text in [
            format!("AB {numero}"),
            format!("ab{numero}"),
            idu.clone(),
            idu.to_lowercase(),
            format!("000 AB {numero}"),
            format!("section AB n° {numero}"),
            format!("99101 AB {numero}"),
            format!("AB {numero} valbrume"),
        ] {
            let answer = search(town, &text).await;
            let ids: Vec<&str> =
                answer["features"].as_array().unwrap().iter().filter_map(|f| f["properties"]["idu"].as_str()).collect();
            // « AB 12 » may be in both communes: the first ones are exact.
            assert!(ids.iter().take(2).any(|id| *id == idu), "{text}: {ids:?}");
        }
        assert_eq!(first(&search(town, &idu).await, "idu"), idu);
        assert_eq!(search(town, &idu).await["features"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_prefix_tells_the_absorbed_commune() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("prefixe = '103'").await;
        let (section, numero) = (idu[8..10].trim_start_matches('0'), idu[10..].trim_start_matches('0'));
        let answer = search(town, &format!("103 {section} {numero}")).await;
        assert_eq!(first(&answer, "idu"), idu);
        assert!(first(&answer, "label").starts_with("103 "));
    });
}

#[test]
fn addresses_lieux_dits_streets_and_communes_are_found() {
    on_sample_town(async |town| {
        let (numero, voie): (i32, String) = sqlx::query_as(
            "select a.numero, v.nom from adresse.adresse a join adresse.voie v on v.id = a.voie where a.insee = '99101' and a.suffixe = '' order by a.cle limit 1",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        let answer = search(town, &format!("{numero} {voie}")).await;
        assert_eq!(
            (first(&answer, "type"), first(&answer, "name")),
            ("housenumber", format!("{numero} {voie}").as_str())
        );
        // As people type: no accent, no capital, the last word unfinished.
        let typed = finage_reference::normalise(&voie);
        let answer = search(town, &typed[..typed.len() - 2]).await;
        assert_eq!(first(&answer, "street"), voie, "{typed}");

        let lieu: String =
            sqlx::query_scalar("select nom from cadastre.lieu_dit where insee = '99101' order by nom limit 1")
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
        assert_eq!(first(&search(town, &lieu).await, "type"), "locality", "{lieu}");
        assert_eq!(first(&search(town, "valbrume").await, "type"), "municipality");
        assert_eq!(first(&search(town, "saint cyprin").await, "citycode"), "99102");
        assert_eq!(first(&search(town, "st cyprin").await, "citycode"), "99102");
        assert_eq!(first(&search(town, "valbrune").await, "type"), "municipality", "a misspelling is forgiven");
    });
}

#[test]
fn nonsense_gives_a_hint_and_never_an_error() {
    on_sample_town(async |town| {
        for text in [
            "",
            "   ",
            "zzzzqqqq",
            "'; drop table cadastre.parcelle; --",
            "%",
            "_",
            "\\",
            "\0",
            "AB 99999999",
            "💥",
            "' or 1=1",
            "((((",
            "0 0 0 0 0",
            "12",
            "rue",
            "r",
        ] {
            let answer = search(town, text).await;
            if answer["features"].as_array().unwrap().is_empty() {
                assert!(answer["indice"].as_str().is_some_and(|hint| !hint.is_empty()), "{text}");
            }
        }
        let long = town.get(&format!("/api/recherche?q={}", "a".repeat(500))).await;
        assert_eq!(long.status, StatusCode::BAD_REQUEST);
        assert_eq!(town.get("/api/recherche?q=a&lon=500&lat=0").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(town.get("/api/recherche?q=a&limit=abc").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(search(town, "AB 1").await["features"].as_array().map(|f| f.len() <= 10), Some(true));
    });
}

#[test]
fn an_empty_database_answers_with_a_hint() {
    on_empty_town(async |town| {
        let answer = search(town, "AB 145").await;
        assert!(answer["features"].as_array().unwrap().is_empty());
        assert!(answer["indice"].as_str().unwrap().contains("AB 145"));
    });
}

#[test]
fn parcels_plans_use_the_index() {
    on_sample_town(async |town| {
        sqlx::query("set enable_seqscan = off").execute(&mut town.owner).await.unwrap();
        let plan: Vec<String> = sqlx::query_scalar(
            "explain select idu from cadastre.parcelle where section = 'AB' and numero between 14 and 14",
        )
        .fetch_all(&mut town.owner)
        .await
        .unwrap();
        assert!(plan.join("\n").contains("parcelle_reference_idx"), "{plan:#?}");
        let plan: Vec<String> = sqlx::query_scalar(
            "explain select cle from core.recherche where mots like '% lav%' and mots like '% rue%'",
        )
        .fetch_all(&mut town.owner)
        .await
        .unwrap();
        assert!(plan.join("\n").contains("recherche_mots_idx"), "{plan:#?}");
    });
}
