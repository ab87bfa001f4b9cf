//! The parcel sheet, checked against PostGIS.

use axum::http::StatusCode;

use crate::harness::{on_sample_town, shared};
use finage::cadastre::import::{Options, Source};

#[test]
fn the_sheet_says_what_the_plan_says() {
    on_sample_town(async |town| {
        let idu = town
            .some_parcel("insee = '99101' and exists (select from cadastre.batiment b where st_area(st_intersection(b.geom, p.geom)) > 40) and exists (select from adresse.adresse a where p.idu = any(a.parcelles))")
            .await;
        let sheet = town.get(&format!("/api/parcelles/{idu}")).await.json();
        assert_eq!(sheet["idu"], idu.as_str());
        assert_eq!(sheet["commune"]["nom"], "Valbrume-sur-Ourche");
        assert!(sheet["contenance_m2"].as_i64().unwrap() > 0);
        let (area, built): (f64, f64) = sqlx::query_as(
            "select st_area(st_transform(p.geom, c.cc_srid)),
                (select sum(st_area(st_transform(st_intersection(b.geom, p.geom), c.cc_srid))) from cadastre.batiment b where st_intersects(b.geom, p.geom))
             from cadastre.parcelle p join core.commune c using (insee) where p.idu = $1",
        )
        .bind(&idu)
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        assert!((sheet["surface_m2"].as_f64().unwrap() - area).abs() < 0.1);
        assert!((sheet["emprise_batie_m2"].as_f64().unwrap() - built).abs() < 1.0, "{built} {sheet}");
        assert!(sheet["surface_methode"].as_str().unwrap().starts_with("RGF93 / CC4"));
        assert!(sheet["adresses"].as_array().unwrap().iter().any(|address| address["lien"] == "declare"));
        assert_eq!(sheet["geometrie"]["type"], "MultiPolygon");
        assert_eq!(sheet["source"], "edigeo");
        assert!(sheet["millesime"].as_str().is_some());
        assert!(sheet["feuille"]["echelle"].as_i64().unwrap() >= 500);
    });
}

#[test]
fn neighbours_know_each_other_from_the_opposite_side() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("insee = '99101' and section = 'AB' and (select count(*) from cadastre.parcelle n where st_touches(n.geom, p.geom)) >= 3").await;
        let sheet = town.get(&format!("/api/parcelles/{idu}")).await.json();
        let neighbours = sheet["voisins"].as_array().unwrap();
        assert!(neighbours.len() >= 2, "{sheet}");
        for neighbour in neighbours {
            let other = town.get(&format!("/api/parcelles/{}", neighbour["idu"].as_str().unwrap())).await.json();
            let back = other["voisins"]
                .as_array()
                .unwrap()
                .iter()
                .find(|n| n["idu"] == idu.as_str())
                .unwrap_or_else(|| panic!("{neighbour}"));
            assert!(
                (back["contact_m"].as_f64().unwrap() - neighbour["contact_m"].as_f64().unwrap()).abs() < 0.5,
                "{back} {neighbour}"
            );
        }
    });
}

#[test]
fn a_point_gives_its_parcel_and_a_street_gives_none() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("insee = '99101'").await;
        let sheet = town.get(&format!("/api/parcelles/{idu}")).await.json();
        let (lon, lat) = (sheet["centre"][0].as_f64().unwrap(), sheet["centre"][1].as_f64().unwrap());
        assert_eq!(town.get(&format!("/api/parcelles?lon={lon}&lat={lat}")).await.json()["idu"], idu.as_str());
        let nowhere = town.get("/api/parcelles?lon=-40&lat=10").await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
        assert!(nowhere.json()["detail"].as_str().unwrap().contains("pas de parcelle"));
    });
}

#[test]
fn unknown_and_malformed_identifiers_are_told_apart() {
    on_sample_town(async |town| {
        let unknown = town.get("/api/parcelles/13004000AB9999").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert_eq!(unknown.header(&axum::http::header::CONTENT_TYPE), "application/problem+json; charset=utf-8");
        assert_eq!(town.get("/api/parcelles/n-importe-quoi").await.status, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn a_new_commune_names_the_communes_it_absorbed() {
    let Some(path) = shared("cadastre_etalab/cadastre-69114-parcelles.json.gz") else {
        return;
    };
    on_sample_town(async |town| {
        town.import(Source::Etalab(vec![path]), &Options::default()).await.unwrap();
        let idu = town.some_parcel("insee = '69114' and prefixe <> '000'").await;
        let sheet = town.get(&format!("/api/parcelles/{idu}")).await.json();
        assert_eq!(sheet["ancienne_commune"]["insee"], format!("69{}", &idu[5..8]).as_str());
        assert!(sheet["ancienne_commune"]["nom"].as_str().is_some(), "{sheet}");
    });
}
