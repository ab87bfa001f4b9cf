//! Extracts: right to the tenth of a millimetre in every zone, and every refusal says what would do.

use axum::http::{StatusCode, header};
use geo::AffineTransform;
use geo_types::Coord;
use lopdf::content::Content;
use lopdf::{Document, Object};

use crate::harness::{Answer, Town, on_empty_town, on_sample_town};

const MM_PER_POINT: f64 = 25.4 / 72.0;
/// Scales offered, and what of 100 m fits each sheet.
const SCALES: [u32; 8] = [200, 250, 500, 1000, 1250, 2000, 2500, 5000];

/// A rectangular parcel of `width` × `height` metres of the zone, stored in Lambert-93 as an import would.
async fn rectangle(town: &mut Town, zone: u32, width: f64, height: f64) -> String {
    let parallel = zone - 3900;
    let insee = format!("990{parallel}");
    let idu = format!("{insee}000ZZ0001");
    // The meridian of 6° E: away from the axis of the zone.
    sqlx::query("insert into core.commune (insee, nom, genre, cc_srid) values ($1, 'Essai', 'hors_cog', $2)")
        .bind(&insee)
        .bind(i32::try_from(zone).unwrap())
        .execute(&mut town.owner)
        .await
        .unwrap();
    let sql = "with lieu as (select st_transform(st_setsrid(st_makepoint(6, $3), 4326), $2) as p),
        coin as (select round(st_x(p)) as x, round(st_y(p)) as y from lieu)
        insert into cadastre.parcelle (idu, insee, prefixe, section, numero, contenance, geom)
        select $1, left($1, 5), '000', 'ZZ', 1, ($4 * $5)::integer,
            st_transform(st_multi(st_makeenvelope(x, y, x + $4, y + $5, $2)), 2154) from coin";
    sqlx::query(sql)
        .bind(&idu)
        .bind(i32::try_from(zone).unwrap())
        .bind(f64::from(parallel) + 0.3)
        .bind(width)
        .bind(height)
        .execute(&mut town.owner)
        .await
        .unwrap();
    idu
}

/// Ground length of the parcel's south side on the ellipsoid, metres.
async fn on_the_ground(town: &mut Town, idu: &str) -> f64 {
    let sql = "select st_distance(st_transform(st_pointn(r, 1), 4326)::geography, st_transform(st_pointn(r, 4), 4326)::geography)
        from (select st_exteriorring(st_geometryn(geom, 1)) as r from cadastre.parcelle where idu = $1) t";
    sqlx::query_scalar(sql).bind(idu).fetch_one(&mut town.owner).await.unwrap()
}

/// Lengths of all straight segments of the page, in millimetres on paper.
fn segments(pdf: &[u8]) -> Vec<f64> {
    let document = Document::load_mem(pdf).unwrap();
    let page = *document.get_pages().values().next().unwrap();
    let content = Content::decode(&document.get_page_content(page)).unwrap();
    let number = |object: &Object| match object {
        Object::Integer(value) => f64::from(i32::try_from(*value).unwrap()),
        Object::Real(value) => f64::from(*value),
        other => panic!("{other:?}"),
    };
    let mut matrix = AffineTransform::identity();
    let (mut kept, mut at, mut found) = (Vec::new(), Coord::zero(), Vec::new());
    for operation in &content.operations {
        let values = || operation.operands.iter().map(number).collect::<Vec<f64>>();
        match operation.operator.as_str() {
            "q" => kept.push(matrix),
            "Q" => matrix = kept.pop().unwrap(),
            "cm" => {
                let own = values();
                matrix = AffineTransform::new(own[0], own[2], own[4], own[1], own[3], own[5]).compose(&matrix);
            }
            "m" | "l" => {
                let point = values();
                let here = matrix.apply(Coord { x: point[0], y: point[1] });
                if operation.operator == "l" {
                    found.push(f64::hypot(here.x - at.x, here.y - at.y) * MM_PER_POINT);
                }
                at = here;
            }
            _ => {}
        }
    }
    found
}

fn count_near(lengths: &[f64], wanted: f64) -> usize {
    lengths.iter().filter(|length| (**length - wanted).abs() <= 0.1).count()
}

#[test]
fn a_hundred_metres_have_the_right_length_at_each_scale_in_each_zone() {
    on_empty_town(async |town| {
        for zone in 3942..=3950 {
            let (large, small) = (100.0, 30.0);
            let idu = rectangle(town, zone, large, small).await;
            let ground = on_the_ground(town, &idu).await;
            for scale in SCALES {
                // A hundred metres take 500 mm at 1/200: no sheet of ours is so wide.
                let path = format!("/parcelle/{idu}/extrait.pdf?format=A3&orientation=paysage&echelle={scale}");
                let answer = town.get(&path).await;
                let paper = large * 1000.0 / f64::from(scale);
                if paper > 330.0 {
                    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
                    continue;
                }
                assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
                let lengths = segments(&answer.bytes);
                assert!(count_near(&lengths, paper) >= 2, "CC{} 1/{scale}: no side of {paper} mm", zone - 3900);
                assert!(count_near(&lengths, small * 1000.0 / f64::from(scale)) >= 2, "CC{} 1/{scale}", zone - 3900);
                let true_length = ground * 1000.0 / f64::from(scale);
                assert!(
                    (true_length - paper).abs() <= 0.1,
                    "CC{} 1/{scale}: {true_length} mm on the ground",
                    zone - 3900
                );
            }
        }
    });
}

#[test]
fn thirty_metres_have_the_right_length_at_the_largest_scales() {
    on_empty_town(async |town| {
        for zone in 3942..=3950 {
            let idu = rectangle(town, zone, 30.0, 20.0).await;
            for scale in [200, 250] {
                let answer = town.get(&format!("/parcelle/{idu}/extrait.pdf?format=A4&echelle={scale}")).await;
                assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
                let lengths = segments(&answer.bytes);
                assert!(count_near(&lengths, 30_000.0 / f64::from(scale)) >= 2, "CC{} 1/{scale}", zone - 3900);
            }
        }
    });
}

fn is_pdf(answer: &Answer) -> bool {
    answer.status == StatusCode::OK
        && answer.header(&header::CONTENT_TYPE) == "application/pdf"
        && answer.bytes.starts_with(b"%PDF-")
}

#[test]
fn a_parcel_of_the_sample_is_printed_and_its_text_can_be_found() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("contenance between 300 and 900 and insee = '99101'").await;
        for query in
            ["", "?format=A4", "?format=A3&orientation=portrait&echelle=500", "?format=&orientation=&echelle=&fond="]
        {
            let answer = town.get(&format!("/parcelle/{idu}/extrait.pdf{query}")).await;
            assert!(is_pdf(&answer), "{query}: {} {}", answer.status, answer.text());
            assert!(answer.header(&header::CONTENT_DISPOSITION).contains(&idu));
        }
        let answer = town.get(&format!("/parcelle/{idu}/extrait.pdf")).await;
        let document = Document::load_mem(&answer.bytes).unwrap();
        let text = document.extract_text(&[1]).unwrap();
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        for wanted in ["Valbrume-sur-Ourche", "sansvaleurjuridique", "CC44"] {
            assert!(plain.contains(wanted), "{wanted} in {text}");
        }
    });
}

/// Text of all pages, without any space: extractors don't agree on them.
fn compact(pdf: &[u8]) -> String {
    let document = Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    document.extract_text(&pages).unwrap().chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn streets_have_their_whole_name_on_the_plan_and_neighbours_their_number() {
    on_sample_town(async |town| {
        let plan = async |town: &mut Town, query: &str| {
            let answer = town.get(&format!("/parcelle/99101000AB0012/extrait.pdf?{query}")).await;
            assert!(is_pdf(&answer), "{query}: {}", answer.text());
            compact(&answer.bytes)
        };
        // The écritures of the sample are a row a word, and one street has no last word.
        let wide = plan(town, "format=A3&orientation=paysage&echelle=5000").await;
        for name in ["CheminduCimetière", "ChemindelaLande", "ChemindesOEillets"] {
            assert!(wide.contains(name), "{name} in {wide}");
        }
        let (begun, whole) = (wide.matches("Chemindes").count(), ["OEillets", "Crêtes"]);
        let whole = whole.iter().map(|end| wide.matches(&format!("Chemindes{end}")).count()).sum::<usize>();
        assert_eq!(begun, whole, "{wide}");
        // The address says the street once; the plan does too (white, then ink), though it is written out of the frame.
        let near = plan(town, "format=A3&orientation=paysage&echelle=200").await;
        assert_eq!(near.matches("RuedesÉrables").count(), 3, "{near}");
        // The large field across the street.
        let neighbours = plan(town, "format=A4&orientation=paysage&echelle=500").await;
        assert!(neighbours.contains("64") && neighbours.contains("ZA"), "{neighbours}");
        assert!(neighbours.contains("Plancadastralinformatisé(DGFiP),LicenceOuverte2.0."), "{neighbours}");
        assert!(neighbours.contains("(EPSG:3944)"), "{neighbours}");
    });
}

#[test]
fn what_does_not_fit_is_refused_with_what_would_do() {
    on_empty_town(async |town| {
        let idu = rectangle(town, 3944, 400.0, 300.0).await;
        let answer = town.get(&format!("/parcelle/{idu}/extrait.pdf?format=A4&echelle=200")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text();
        let link = page.split("href=\"").find(|part| part.contains("extrait.pdf?")).unwrap().split('"').next().unwrap();
        assert!(link.starts_with(&format!("/parcelle/{idu}/extrait.pdf?")), "{link}");
        let proposed = town.get(&link.replace("&amp;", "&").replace("&#38;", "&")).await;
        assert!(is_pdf(&proposed), "{link}");

        let huge = rectangle(town, 3945, 30_000.0, 20_000.0).await;
        let answer = town.get(&format!("/parcelle/{huge}/extrait.pdf")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn bad_requests_are_told_apart() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("true").await;
        for (path, status) in [
            (format!("/parcelle/{idu}/extrait.pdf?echelle=123"), StatusCode::BAD_REQUEST),
            (format!("/parcelle/{idu}/extrait.pdf?format=A0"), StatusCode::BAD_REQUEST),
            (format!("/parcelle/{idu}/extrait.pdf?orientation=travers"), StatusCode::BAD_REQUEST),
            (format!("/parcelle/{idu}/extrait.pdf?fond=inconnu"), StatusCode::UNPROCESSABLE_ENTITY),
            ("/parcelle/13004000AB9999/extrait.pdf".to_owned(), StatusCode::NOT_FOUND),
            ("/parcelle/nimporte/extrait.pdf".to_owned(), StatusCode::NOT_FOUND),
            ("/parcelle/13004000AB9999/plan.svg".to_owned(), StatusCode::NOT_FOUND),
            ("/extrait.pdf".to_owned(), StatusCode::BAD_REQUEST),
            (format!("/extrait.pdf?parcelles={idu},13004000AB9999"), StatusCode::NOT_FOUND),
        ] {
            let answer = town.get(&path).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.text());
            assert!(answer.text().contains('.'), "{path}");
        }
    });
}

/// An area as [`compact`] leaves it: no space between thousands.
fn grouped(area: i32) -> String {
    if area < 1000 { area.to_string() } else { format!("{}{:03}", area / 1000, area % 1000) }
}

#[test]
fn several_parcels_share_one_plan() {
    on_sample_town(async |town| {
        let idus: Vec<String> = sqlx::query_scalar(
            "select idu from cadastre.parcelle where insee = '99101' and section = 'AB' order by idu limit 60",
        )
        .fetch_all(&mut town.owner)
        .await
        .unwrap();
        for count in [5, 18, 50] {
            let one = town.get(&format!("/extrait.pdf?parcelles={}", idus[..count].join(","))).await;
            assert!(is_pdf(&one), "{}", one.text());
            let text = compact(&one.bytes);
            assert!(!text.contains("autresparcelles") && text.contains(&format!("Total({count})")), "{text}");
            for idu in &idus[..count] {
                let contenance: Option<i32> =
                    sqlx::query_scalar("select contenance from cadastre.parcelle where idu = $1")
                        .bind(idu)
                        .fetch_one(&mut town.owner)
                        .await
                        .unwrap();
                let row = format!("AB{}{}m²", idu[10..].trim_start_matches('0'), grouped(contenance.unwrap()));
                assert!(text.contains(&row), "{row} in {text}");
            }
        }
        let many = town.get(&format!("/extrait.pdf?parcelles={}", idus.join(","))).await;
        assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(many.text().contains("50 parcelles"), "{}", many.text());
    });
}

#[test]
fn the_static_plan_is_a_picture_that_is_revalidated() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("insee = '99101'").await;
        let path = format!("/parcelle/{idu}/plan.svg");
        let plan = town.get(&path).await;
        assert_eq!(plan.status, StatusCode::OK);
        assert!(plan.header(&header::CONTENT_TYPE).starts_with("image/svg+xml"));
        assert!(plan.text().contains("<svg") && !plan.text().contains("<script"));
        let again = town.get_with(&path, &[(header::IF_NONE_MATCH, plan.header(&header::ETAG))]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    });
}

/// A PMTiles file of one zoom, all of the same red, around the sample town.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "tiles of France")]
fn red_archive(folder: &std::path::Path, [west, south, east, north]: [f64; 4]) -> std::path::PathBuf {
    const ZOOM: u8 = 14;
    let path = folder.join("photo.pmtiles");
    let mut png = Vec::new();
    image::RgbImage::from_pixel(256, 256, image::Rgb([200, 30, 30]))
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    let side = f64::from(1_u32 << ZOOM);
    let x = |lon: f64| ((lon + 180.0) / 360.0 * side) as u32;
    let y = |lat: f64| ((1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * side) as u32;
    let mut tiles: Vec<pmtiles::TileCoord> = (y(north)..=y(south))
        .flat_map(|row| (x(west)..=x(east)).map(move |column| pmtiles::TileCoord::new(ZOOM, column, row).unwrap()))
        .collect();
    tiles.sort_by_key(|tile| pmtiles::TileId::from(*tile).value());
    let mut writer = pmtiles::PmTilesWriter::new(pmtiles::TileType::Png)
        .min_zoom(ZOOM)
        .max_zoom(ZOOM)
        .create(std::fs::File::create(&path).unwrap())
        .unwrap();
    for tile in tiles {
        writer.add_tile(tile, &png).unwrap();
    }
    writer.finalize().unwrap();
    path
}

#[test]
fn a_configured_picture_is_offered_and_drawn_under_the_plan() {
    on_sample_town(async |town| {
        let bounds = town.get("/api/configuration").await.json()["etendue"].clone();
        let bounds: Vec<f64> = serde_json::from_value(bounds).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = red_archive(folder.path(), [bounds[0], bounds[1], bounds[2], bounds[3]]);
        town.config.fonds = vec![finage::config::Fond {
            id: "photo".into(),
            libelle: "Photographie".into(),
            genre: finage::config::FondGenre::Pmtiles,
            url: None,
            fichier: Some(file),
            couche: String::new(),
            format: String::new(),
            jeu: String::new(),
            style: String::new(),
            attribution: "Essai de fond".into(),
            zoom_min: 0,
            zoom_max: 19,
        }];
        let idu = town.some_parcel("insee = '99101'").await;
        assert!(town.get(&format!("/parcelle/{idu}")).await.text().contains("<option value=\"photo\">Photographie"));
        assert!(town.get("/extraits").await.text().contains("Photographie"));
        let plain = town.get(&format!("/parcelle/{idu}/extrait.pdf")).await;
        let drawn = town.get(&format!("/parcelle/{idu}/extrait.pdf?fond=photo")).await;
        assert!(is_pdf(&drawn), "{}", drawn.text());
        let pictures = |pdf: &[u8]| {
            let document = Document::load_mem(pdf).unwrap();
            let page = *document.get_pages().values().next().unwrap();
            document.get_page_images(page).unwrap().len()
        };
        assert_eq!((pictures(&plain.bytes), pictures(&drawn.bytes)), (0, 1));
        let text = Document::load_mem(&drawn.bytes).unwrap().extract_text(&[1]).unwrap();
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(compact.contains("Essaidefond"), "{text}");
    });
}
