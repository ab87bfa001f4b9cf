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

#[test]
fn coordinates_are_places_with_the_parcel_under_them() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("insee = '99101'").await;
        let sheet = town.get(&format!("/api/parcelles/{idu}")).await.json();
        let (lon, lat) = (sheet["centre"][0].as_f64().unwrap(), sheet["centre"][1].as_f64().unwrap());
        let point = town.get(&format!("/api/coordonnees?lon={lon}&lat={lat}")).await.json();
        assert_eq!(point["systemes"][0]["libelle"], "Lambert-93");
        let mut typed = vec![format!("{lat:.7}, {lon:.7}"), point["sexagesimal"].as_str().unwrap().to_owned()];
        typed.extend(point["systemes"].as_array().unwrap().iter().map(|s| s["texte"].as_str().unwrap().to_owned()));
        for text in typed {
            let answer = search(town, &text).await;
            assert_eq!((first(&answer, "type"), first(&answer, "idu")), ("coordonnees", idu.as_str()), "{text}");
            let found = &answer["features"][0]["geometry"]["coordinates"];
            assert!((found[0].as_f64().unwrap() - lon).abs() < 1e-5, "{text} {found}");
            let context = first(&answer, "context");
            assert!(
                context.contains("WGS 84") && context.contains("Lambert-93") && context.contains("RGF93 / CC4"),
                "{context}"
            );
        }
        let nowhere = search(town, "45.0001, 1.0001").await;
        assert_eq!(first(&nowhere, "label"), "45,00010° N, 1,00010° E (WGS 84)");
        assert!(nowhere["features"][0]["properties"].get("idu").is_none());
        let two = search(town, "1200000 6100000").await;
        let labels: Vec<&str> =
            two["features"].as_array().unwrap().iter().map(|f| f["properties"]["label"].as_str().unwrap()).collect();
        assert!(
            labels.len() == 2 && labels[0].ends_with("(Lambert-93)") && labels[1].ends_with("(RGF93 / CC47)"),
            "{labels:?}"
        );
        assert_eq!(town.get("/api/coordonnees?lon=200&lat=0").await.status, StatusCode::BAD_REQUEST);
    });
}
