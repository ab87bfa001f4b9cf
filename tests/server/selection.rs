//! Selections: lists, shapes, buffers, bounds.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::harness::{Answer, Town, on_empty_town, on_sample_town};

async fn select(town: &Town, body: Value) -> Value {
    let answer = town.post("/api/selection", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{body}: {}", answer.text());
    answer.json()
}

async fn refused(town: &Town, body: Value) -> (StatusCode, String) {
    let answer = town.post("/api/selection", &body).await;
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16());
    (answer.status, problem["detail"].as_str().unwrap().to_owned())
}

fn idus(selection: &Value) -> Vec<String> {
    selection["parcelles"].as_array().unwrap().iter().map(|p| p["idu"].as_str().unwrap().to_owned()).collect()
}

fn etats(selection: &Value) -> Vec<(u64, String)> {
    let line = |l: &Value| (l["ligne"].as_u64().unwrap(), l["etat"].as_str().unwrap().to_owned());
    selection["lignes"].as_array().unwrap().iter().map(line).collect()
}

fn states(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
    expected.iter().map(|(line, state)| (*line, (*state).to_owned())).collect()
}

/// Square parcels of `side` metres in rows of `per_row`, in commune 99101, from (842000, 6519000) in Lambert-93.
async fn squares(town: &mut Town, count: i32, per_row: i32, side: f64) {
    sqlx::query(
        "insert into core.commune (insee, nom, genre, cc_srid) values ('99101', 'Essai', 'hors_cog', 3946) on conflict do nothing",
    )
    .execute(&mut town.owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into cadastre.parcelle (idu, insee, prefixe, section, numero, contenance, geom)
         select '99101' || p || s || lpad(n::text, 4, '0'), '99101', p, s, n, 100,
            st_multi(st_makeenvelope(842000 + x * $3, 6519000 + y * $3, 842000 + (x + 1) * $3, 6519000 + (y + 1) * $3, 2154))
         from (
            select i % $2 as x, i / $2 as y, 1 + i % 9000 as n, lpad((i / 9000 / 26)::text, 3, '0') as p, 'A' || chr(65 + i / 9000 % 26) as s
            from generate_series(0, $1 - 1) i
         ) q",
    )
    .bind(count)
    .bind(per_row)
    .bind(side)
    .execute(&mut town.owner)
    .await
    .unwrap();
    sqlx::query("analyze cadastre.parcelle").execute(&mut town.owner).await.unwrap();
}

fn rectangle(x0: f64, y0: f64, x1: f64, y1: f64) -> Value {
    json!({"type": "Polygon", "coordinates": [[[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]]})
}

#[test]
fn each_line_of_a_list_is_answered() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("insee = '99101' and prefixe = '000' and section = 'AB'").await;
        let other = town
            .some_parcel(&format!("insee = '99101' and prefixe = '000' and section = 'AB' and idu > '{idu}'"))
            .await;
        let (short, second) = (idu[10..].trim_start_matches('0'), other[10..].trim_start_matches('0'));
        let list = format!(
            "AB {short}\n\nab{second}, {short}\nAB 9998\nn'importe quoi\n{idu}\n99102 ZZ 1\nAB {short} Ailleurs\nValbrume AB {second}\nAB"
        );
        let selection = select(town, json!({"references": list, "commune": "99101"})).await;
        assert_eq!(idus(&selection), [idu.clone(), other.clone()]);
        assert_eq!(
            etats(&selection),
            states(&[
                (1, "trouvee"),
                (3, "trouvee"),
                (3, "double"),
                (4, "inconnue"),
                (5, "illisible"),
                (6, "double"),
                (7, "inconnue"),
                (8, "inconnue"),
                (9, "double"),
                (10, "illisible"),
            ])
        );
        for line in selection["lignes"].as_array().unwrap() {
            assert_eq!(line["message"].is_null(), line["etat"] == "trouvee", "{line}");
        }
        let facts = &selection["parcelles"][0];
        let sheet = town.get(&format!("/api/parcelles/{idu}")).await.json();
        for key in ["reference", "commune", "contenance_m2", "surface_m2", "centre"] {
            assert_eq!(facts[key], sheet[key], "{key}");
        }
        assert_eq!(selection["totaux"]["parcelles"], 2);
        assert!(selection["zone"].is_null());
    });
}

#[test]
fn a_reference_of_several_communes_is_ambiguous_until_one_is_named() {
    on_sample_town(async |town| {
        let shared: String = sqlx::query_scalar(
            "select section || ' ' || numero from cadastre.parcelle group by section, numero having count(distinct insee) = 2 and count(*) = 2 order by 1 limit 1",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        let selection = select(town, json!({"references": shared})).await;
        assert_eq!(etats(&selection), states(&[(1, "ambigue")]));
        let message = selection["lignes"][0]["message"].as_str().unwrap();
        assert!(message.contains("Valbrume-sur-Ourche") && message.contains("Saint-Cyprin-les-Vignes"), "{message}");
        for named in
            [format!("{shared} Valbrume"), format!("99101 {shared}"), format!("commune;parcelle\n99101;{shared}")]
        {
            let selection = select(town, json!({"references": named})).await;
            assert!(idus(&selection)[0].starts_with("99101"), "{selection}");
        }
        let chosen = select(town, json!({"references": shared, "commune": "99102"})).await;
        assert!(idus(&chosen)[0].starts_with("99102"));
    });
}

#[test]
fn a_prefix_that_is_not_written_may_be_missing() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("prefixe = '103'").await;
        let reference = format!("{} {}", &idu[8..10], &idu[10..]);
        let selection = select(town, json!({"references": format!("103 {reference}"), "commune": "99102"})).await;
        assert_eq!(idus(&selection), std::slice::from_ref(&idu));
        let twin: bool = sqlx::query_scalar(
            "select count(*) > 1 from cadastre.parcelle where insee = '99102' and substr(idu, 9) = $1",
        )
        .bind(&idu[8..])
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        let selection = select(town, json!({"references": reference, "commune": "99102"})).await;
        if twin {
            assert_eq!(etats(&selection), states(&[(1, "ambigue")]));
            assert!(selection["lignes"][0]["message"].as_str().unwrap().contains("préfixe"));
        } else {
            assert_eq!(idus(&selection), [idu]);
        }
    });
}

#[test]
fn identifiers_that_give_no_parcel_are_answered() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("true").await;
        let selection = select(town, json!({"parcelles": ["13004000AB9999", idu, "AB 1", idu]})).await;
        assert_eq!(idus(&selection), [idu]);
        assert_eq!(etats(&selection), states(&[(3, "illisible"), (1, "inconnue")]));
    });
}

#[test]
fn sharing_an_edge_is_not_touching() {
    on_sample_town(async |town| {
        for idu in ["section = 'AB'", "section = 'ZA'", "insee = '99102'"] {
            let idu = town.some_parcel(idu).await;
            let geometry = town.get(&format!("/api/parcelles/{idu}")).await.json()["geometrie"].clone();
            for adjust in ["touche", "contenu"] {
                let selection = select(town, json!({"geometrie": geometry, "ajuster": adjust})).await;
                assert_eq!(idus(&selection), std::slice::from_ref(&idu), "{adjust}");
            }
        }
    });
    on_empty_town(async |town| {
        squares(town, 9, 3, 10.0).await;
        let middle = rectangle(842_010.0, 6_519_010.0, 842_020.0, 6_519_020.0);
        let selection = select(town, json!({"geometrie": middle, "srid": 2154})).await;
        assert_eq!(idus(&selection), ["99101000AA0005"]);
        let wider = rectangle(842_009.5, 6_519_010.0, 842_020.0, 6_519_020.0);
        assert_eq!(idus(&select(town, json!({"geometrie": wider, "srid": 2154})).await).len(), 2);
        let within = select(town, json!({"geometrie": wider, "srid": 2154, "ajuster": "contenu"})).await;
        assert_eq!(idus(&within), ["99101000AA0005"]);
        // A line along an edge takes neither side; a line across takes both.
        let along = json!({"type": "LineString", "coordinates": [[842_010, 6_519_000], [842_010, 6_519_030]]});
        assert!(idus(&select(town, json!({"geometrie": along, "srid": 2154})).await).is_empty());
        let across = json!({"type": "LineString", "coordinates": [[842_005, 6_519_005], [842_015, 6_519_005]]});
        assert_eq!(idus(&select(town, json!({"geometrie": across, "srid": 2154})).await).len(), 2);
        let point = json!({"type": "Point", "coordinates": [842_015, 6_519_015]});
        assert_eq!(idus(&select(town, json!({"geometrie": point, "srid": 2154})).await), ["99101000AA0005"]);
        // A strip too thin to give way still takes what it covers.
        let strip = rectangle(842_012.0, 6_519_005.0, 842_012.01, 6_519_025.0);
        assert_eq!(idus(&select(town, json!({"geometrie": strip, "srid": 2154})).await).len(), 3);
    });
}

#[test]
fn a_buffer_is_exact_on_the_ground() {
    on_empty_town(async |town| {
        squares(town, 1, 1, 100.0).await;
        // Points east of the parcel, at distances measured on the ellipsoid from its edge.
        for (distance, inside) in [(9.9_f64, true), (9.99, true), (10.01, false), (10.1, false)] {
            let place: Value = sqlx::query_scalar(
                "select st_asgeojson(st_project(st_transform(st_setsrid(st_makepoint(842100, 6519050), 2154), 4326)::geography, $1,
                    st_azimuth(st_transform(st_setsrid(st_makepoint(842000, 6519050), 2154), 4326)::geography, st_transform(st_setsrid(st_makepoint(842100, 6519050), 2154), 4326)::geography))::geometry, 12)::jsonb",
            )
            .bind(distance)
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
            let selection = select(town, json!({"geometrie": place, "tampon_m": 10})).await;
            assert_eq!(idus(&selection).len(), usize::from(inside), "{distance}");
        }
        let area: f64 = sqlx::query_scalar("select st_area(st_geomfromgeojson($1)::geography)")
            .bind(
                select(town, json!({"geometrie": {"type": "Point", "coordinates": [4.8, 45.7]}, "tampon_m": 1000}))
                    .await["zone"]
                    .to_string(),
            )
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert!((area / (std::f64::consts::PI * 1e6) - 1.0).abs() < 0.003, "{area}");
    });
}

#[test]
fn a_buffer_alone_is_around_the_parcels() {
    on_empty_town(async |town| {
        squares(town, 25, 5, 10.0).await;
        let selection = select(town, json!({"parcelles": ["99101000AA0013"], "tampon_m": 5})).await;
        assert_eq!(idus(&selection).len(), 9);
        let wide = select(town, json!({"parcelles": ["99101000AA0013"], "tampon_m": 11, "ajuster": "contenu"})).await;
        assert_eq!(idus(&wide).len(), 5, "corners stay out of rounded ones");
    });
}

#[test]
fn half_a_departement_is_refused_with_the_bound() {
    on_empty_town(async |town| {
        squares(town, 60_000, 300, 20.0).await;
        let all = rectangle(841_000.0, 6_518_000.0, 850_000.0, 6_525_000.0);
        for body in [
            json!({"geometrie": all, "srid": 2154}),
            json!({"geometrie": all, "srid": 2154, "ajuster": "contenu"}),
            json!({"geometrie": {"type": "Point", "coordinates": [845_000, 6_521_000]}, "srid": 2154, "tampon_m": 5000}),
        ] {
            let (status, sentence) = refused(town, body).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(
                sentence.contains("au moins 5001 parcelles") && sentence.contains("la limite est de 5000"),
                "{sentence}"
            );
        }
        let exactly = rectangle(842_000.0, 6_519_000.0, 843_000.0, 6_521_000.0);
        assert_eq!(idus(&select(town, json!({"geometrie": exactly, "srid": 2154})).await).len(), 5000);
        let (_, sentence) = refused(town, json!({"parcelles": vec!["99101000AA0001"; 5001]})).await;
        assert!(sentence.contains("5001"), "{sentence}");
        // A long diagonal meets few parcels among many: each cell of it asks the index.
        let diagonal = json!({"type": "LineString", "coordinates": [[842_001, 6_519_003], [847_990, 6_522_900]]});
        let expected: i64 = sqlx::query_scalar("select count(*) from cadastre.parcelle where st_relate(geom, st_setsrid(st_geomfromgeojson($1), 2154), 'T********')")
            .bind(diagonal.to_string())
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let found = idus(&select(town, json!({"geometrie": diagonal, "srid": 2154})).await).len();
        assert!((300..1000).contains(&found) && i64::try_from(found).unwrap() == expected, "{found} {expected}");
    });
}

#[test]
fn geometries_that_cannot_be_believed_are_refused_in_a_sentence() {
    on_sample_town(async |town| {
        let bow = json!({"type": "Polygon", "coordinates": [[[4.80, 45.70], [4.81, 45.71], [4.81, 45.70], [4.80, 45.71], [4.80, 45.70]]]});
        let metres = json!({"type": "Point", "coordinates": [842_000, 6_519_000]});
        let degrees = json!({"type": "Point", "coordinates": [4.8, 45.7]});
        let swapped = json!({"type": "Point", "coordinates": [45.7, 4.8]});
        let there_and_back: Vec<[f64; 2]> = (0..3_000).map(|k| [4.80 + 0.01 * f64::from(k % 2), 45.7]).collect();
        let tangle = json!({"type": "LineString", "coordinates": there_and_back});
        for (body, words) in [
            (json!({"geometrie": bow}), "se croise lui-même"),
            (json!({"geometrie": tangle, "tampon_m": 5}), "se croise plus de 1000 fois"),
            (json!({"geometrie": metres}), "ne tombe pas en métropole"),
            (json!({"geometrie": degrees, "srid": 2154}), "ne tombe pas en métropole"),
            (json!({"geometrie": swapped}), "longitude puis latitude"),
            (json!({"geometrie": degrees, "srid": 3857}), "EPSG:3857"),
            (json!({"geometrie": degrees, "srid": 2975}), "EPSG:2975"),
            (json!({"geometrie": degrees, "tampon_m": -1}), "entre 0 et 5000"),
            (json!({"geometrie": degrees, "tampon_m": 5001}), "entre 0 et 5000"),
            (json!({"geometrie": degrees, "ajuster": "contenu"}), "ne contient pas"),
            (
                json!({"geometrie": {"type": "LineString", "coordinates": [[4.8, 45.7], [4.8, 45.7]]}}),
                "points distincts",
            ),
            (json!({"geometrie": {"type": "GeometryCollection", "geometries": []}}), "GeometryCollection"),
            (json!({"geometrie": {"type": "Polygon", "coordinates": [vec![[4.8, 45.7]; 20_001]]}}), "20000 sommets"),
            (json!({"references": "AB 1", "commune": "1"}), "Code INSEE"),
            (json!({}), "est vide"),
            (json!({"references": "x".repeat((1 << 20) + 1)}), "1 Mio"),
            (json!({"references": "\n1".repeat(20_001)}), "20000 lignes"),
        ] {
            let (status, sentence) = refused(town, body).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{words}: {sentence}");
            assert!(sentence.contains(words) && sentence.ends_with(['.', ')']), "{words}: {sentence}");
        }
        // Harmless defects are mended: a spike, a repeated point, an open ring.
        let spike = json!({"type": "Polygon", "coordinates": [[[4.80, 45.70], [4.81, 45.70], [4.82, 45.70], [4.81, 45.70], [4.81, 45.71], [4.81, 45.71], [4.80, 45.71]]]});
        select(town, json!({"geometrie": spike})).await;
        let overlapping = json!({"type": "MultiPolygon", "coordinates": [
            [[[4.80, 45.70], [4.82, 45.70], [4.82, 45.72], [4.80, 45.72], [4.80, 45.70]]],
            [[[4.81, 45.71], [4.83, 45.71], [4.83, 45.73], [4.81, 45.73], [4.81, 45.71]]]]});
        select(town, json!({"geometrie": overlapping})).await;
    });
}

#[test]
fn hostile_bodies_are_refused() {
    on_empty_town(async |town| {
        let status = |answer: &Answer| answer.status;
        let depth = format!("{{\"geometrie\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
        let far = "{\"geometrie\":{\"type\":\"Point\",\"coordinates\":[1e999,1]}}";
        for body in [
            depth.as_str(),
            far,
            "{\"geometrie\":{\"type\":\"Point\",\"coordinates\":[NaN,1]}}",
            "",
            "3",
            "{\"autre\":1}",
            "{\"tampon_m\":\"dix\"}",
            "{\"ajuster\":\"presque\"}",
            "{\"srid\":-1}",
        ] {
            let answer = town.post_raw("/api/selection", "application/json", body.as_bytes().to_vec()).await;
            assert_eq!(status(&answer), StatusCode::BAD_REQUEST, "{body:.60}: {}", answer.text());
            assert!(answer.json()["detail"].as_str().unwrap().starts_with("Le corps de la demande est illisible"));
        }
        let huge = format!("{{\"references\":\"{}\"}}", "A 1\\n".repeat(600_000));
        let answer = town.post_raw("/api/selection", "application/json", huge.into_bytes()).await;
        assert_eq!(status(&answer), StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text());
        let answer = town.post_raw("/api/selection", "text/plain", b"{}".to_vec()).await;
        assert_eq!(status(&answer), StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let edge = json!({"geometrie": {"type": "Point", "coordinates": [1e300, -1e300]}, "srid": 2154});
        assert_eq!(refused(town, edge).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn a_selection_is_written_in_three_formats_that_others_read() {
    on_sample_town(async |town| {
        let idus: Vec<String> =
            sqlx::query_scalar("select idu from cadastre.parcelle where insee = '99101' order by idu limit 200")
                .fetch_all(&mut town.owner)
                .await
                .unwrap();
        let area: f64 = sqlx::query_scalar("select sum(st_area(geom)) from cadastre.parcelle where idu = any($1)")
            .bind(&idus)
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        let wanted = [idus.clone(), vec!["13004000AB9999".to_owned(), "=1+1".to_owned()]].concat();
        let body = json!({"parcelles": wanted});
        let folder = tempfile::tempdir().unwrap();
        for (format, media, layer) in [
            ("csv", "text/csv; charset=utf-8", "parcelles"),
            ("geojson", "application/geo+json", "Parcelles"),
            ("gpkg", "application/geopackage+sqlite3", "parcelles"),
        ] {
            let answer = town.post(&format!("/api/selection/export?format={format}"), &body).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            assert_eq!(answer.header(&header::CONTENT_TYPE), media);
            let offered = answer.header(&header::CONTENT_DISPOSITION);
            assert!(offered.starts_with(&format!("attachment; filename=\"parcelles.{format}\"")), "{offered}");
            let path = folder.path().join(format!("parcelles.{format}"));
            std::fs::write(&path, &answer.bytes).unwrap();
            let sql = match format {
                "gpkg" => "select count(*) as n, sum(st_area(geom)) as aire from parcelles".to_owned(),
                _ => format!("select count(*) as n from \"{layer}\""),
            };
            let Ok(read) = std::process::Command::new("ogrinfo")
                .args(["-ro", "-dialect", "sqlite", "-sql", &sql])
                .arg(&path)
                .output()
            else {
                println!("SKIPPED: ogrinfo is not here");
                continue;
            };
            let read = String::from_utf8_lossy(&read.stdout).into_owned();
            let value = |name: &str| {
                read.lines()
                    .find(|line| line.trim_start().starts_with(name))
                    .and_then(|line| line.rsplit("= ").next())
                    .unwrap_or_default()
                    .trim()
                    .parse::<f64>()
                    .ok()
            };
            assert!(value("n (").is_some_and(|n| (n - 200.0).abs() < 0.1), "{format}: {read}");
            if format == "gpkg" {
                assert!(value("aire (").is_some_and(|found| (found - area).abs() < 1e-3), "{area} {read}");
                let summary =
                    std::process::Command::new("ogrinfo").args(["-ro", "-so", "-al"]).arg(&path).output().unwrap();
                let summary = String::from_utf8_lossy(&summary.stdout).into_owned();
                assert!(summary.contains("ID[\"EPSG\",2154]") && summary.contains("Multi Polygon"), "{summary}");
            }
        }
        let text = town.post("/api/selection/export?format=csv", &body).await.text();
        let mut lines = text.lines();
        assert_eq!(
            lines.next().unwrap(),
            "\u{feff}idu;reference;commune;insee;prefixe;section;numero;feuille;contenance_m2;surface_m2;adresses;lon;lat"
        );
        assert!(lines.next().unwrap().starts_with(&format!("{};", idus[0])));
        let with_wkt = town.post("/api/selection/export?format=csv&wkt=true", &body).await.text();
        assert!(with_wkt.contains(";MULTIPOLYGON (((") || with_wkt.contains(";\"MULTIPOLYGON ((("), "{with_wkt:.400}");
    });
}

#[test]
fn an_export_is_bounded_and_never_empty() {
    on_sample_town(async |town| {
        let status = async |path: &str, body: Value| town.post(path, &body).await.status;
        let path = "/api/selection/export?format=csv";
        assert_eq!(status(path, json!({"parcelles": []})).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(status(path, json!({"parcelles": ["13004000AB9999"]})).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            status(path, json!({"parcelles": vec!["13004000AB9999"; 5001]})).await,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(status("/api/selection/export?format=shp", json!({"parcelles": []})).await, StatusCode::BAD_REQUEST);
        assert_eq!(status("/api/selection/export", json!({"parcelles": []})).await, StatusCode::BAD_REQUEST);
    });
}
