//! Layouts that are valid GeoJSON, files that are not, and the real files where they are at hand.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Cursor, Read, Write};
use std::path::PathBuf;

use finage_etalab::{FileError, Item, Layer, Limits, Problem, Reader, Record, TypeBatiment, parse_feature};
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

const RING: &str = "[[4.6,43.6],[4.7,43.6],[4.7,43.7],[4.6,43.6]]";

fn parcel(idu: &str) -> String {
    format!(
        r#"{{"type":"Feature","id":"{idu}","geometry":{{"type":"Polygon","coordinates":[{RING}]}},"properties":{{"id":"{idu}","commune":"13004","prefixe":"000","section":"AB","numero":"145","contenance":354,"arpente":false,"created":"2024-12-19","updated":"2024-12-20"}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}

fn read_bytes(name: &str, bytes: Vec<u8>, limits: Limits) -> Result<Vec<Item>, FileError> {
    Reader::new(name, Cursor::new(bytes), limits)?.features().collect()
}

fn read(json: &str) -> Result<Vec<Item>, FileError> {
    read_bytes("cadastre-13004-parcelles.json", json.as_bytes().to_vec(), Limits::default())
}

fn idus(items: &[Item]) -> Vec<String> {
    let idu = |item: &Item| match item {
        Item::Feature(feature) => match &feature.record {
            Record::Parcelle(parcelle) => parcelle.idu.to_string(),
            other => format!("{other:?}"),
        },
        Item::Rejected(rejected) => rejected.to_string(),
    };
    items.iter().map(idu).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_valid_layout_reads_the_same() {
    let one = parcel("13004000AB0145");
    let value: serde_json::Value = serde_json::from_str(&one).unwrap();
    let layouts = [
        collection(std::slice::from_ref(&one)),
        format!("\u{feff} {}", collection(std::slice::from_ref(&one))),
        serde_json::to_string_pretty(
            &serde_json::json!({"type": "FeatureCollection", "features": [value]}),
        )
        .unwrap(),
        format!(
            r#"{{"features":[{one}],"bbox":[1,2,3,4],"name":"a{{b","type":"FeatureCollection"}}"#
        ),
        format!(
            r#"{{"crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}}},"x":[{{"features":[1]}}],"type":"FeatureCollection","features":[{one}]}}"#
        ),
        one.clone(),
        format!("\n{one}\n\n"),
        format!("\u{1e}{one}\n"),
        // Properties first, altitudes, extra members, escapes in keys.
        r#"{"type":"FeatureCollection","features":[{"bbox":null,"properties":{"extra":{"a":[1,{"b":"}"}]},"\u0069d":"13004000AB0145","contenance":354,"created":"2024-12-19","updated":"2024-12-20"},"geometry":{"coordinates":[[[4.6,43.6,1],[4.7,43.6,2.5],[4.7 , 43.7,-1e1],[4.6,43.6,1]]],"type":"Polygon"},"type":"Feature"}]}"#.to_owned(),
        format!(
            r#"{{"type":"FeatureCollection","features":[{}]}}"#,
            one.replace(
                r#""Polygon","coordinates":["#,
                r#""MultiPolygon","coordinates":[["#
            )
            .replace("]]]}", "]]]]}")
        ),
    ];
    let expected = read(&layouts[0]).unwrap();
    assert_eq!(idus(&expected), ["13004000AB0145"]);
    for layout in &layouts {
        assert_eq!(read(layout).unwrap(), expected, "{layout}");
        let packed = gzip(layout.as_bytes());
        assert_eq!(read_bytes("parcelles.json.gz", packed, Limits::default()).unwrap(), expected);
    }
}

#[test]
fn features_one_a_line_are_all_read() {
    let lines = format!("{}\n{}\n", parcel("13004000AB0145"), parcel("13004000AB0145"));
    assert_eq!(read(&lines).unwrap().len(), 2);
}

#[test]
fn an_empty_list_is_an_empty_layer() {
    assert!(read(&collection(&[])).unwrap().is_empty());
}

#[test]
fn the_layer_comes_from_the_name_or_the_properties() {
    let surface = format!(r#""geometry":{{"type":"Polygon","coordinates":[{RING}]}}"#);
    let cases = [
        (Layer::Communes, r#"{"id":"13004","nom":"ARLES"}"#),
        (
            Layer::PrefixesSections,
            r#"{"id":"13004103","commune":"13004","prefixe":"103","ancienne":"13103","nom":"X"}"#,
        ),
        (Layer::Sections, r#"{"id":"130040000A","commune":"13004","prefixe":"000","code":"A"}"#),
        (
            Layer::Feuilles,
            r#"{"id":"13004000AB01","commune":"13004","prefixe":"000","section":"AB","numero":"01","qualite":"01","modeConfection":"02","echelle":1000}"#,
        ),
        (
            Layer::Parcelles,
            r#"{"id":"13004000AB0145","commune":"13004","prefixe":"000","section":"AB","numero":"145"}"#,
        ),
        (Layer::Batiments, r#"{"type":"02","nom":null,"commune":"13004"}"#),
        (Layer::LieuxDits, r#"{"nom":"LA PLAINE","commune":"13004"}"#),
        (Layer::SubdivisionsFiscales, r#"{"parcelle":"13004000AB0145","lettre":"a"}"#),
    ];
    for (layer, properties) in cases {
        let json = format!(r#"{{"type":"Feature",{surface},"properties":{properties}}}"#);
        for hint in [None, Some(layer)] {
            let feature = parse_feature(json.as_bytes(), hint).unwrap();
            assert_eq!(feature.record.layer(), layer);
            assert_eq!(feature.record.insee().unwrap().as_str(), "13004");
        }
    }
    let light = format!(r#"{{"type":"Feature",{surface},"properties":{{"type":"02","commune":"13004"}}}}"#);
    let Record::Batiment(batiment) = parse_feature(light.as_bytes(), None).unwrap().record else { panic!("bâtiment") };
    assert_eq!(batiment.kind, Some(TypeBatiment::Leger));
}

#[test]
fn a_broken_object_is_set_aside_and_the_rest_is_read() {
    let good = parcel("13004000AB0145");
    let broken = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replace(from, to)
    };
    let cases = [
        (broken("13004000AB0145", "13004000AB145"), "identifiant de parcelle"),
        (broken(r#""id":"13004000AB0145","#, ""), "identifiant absent"),
        (broken(RING, ""), "géométrie vide"),
        (broken(RING, "[]"), "géométrie vide"),
        (broken(RING, "[[4.6,43.6],[4.7,43.6],[4.7,43.7],[4.6,43.7]]"), "contour non fermé"),
        (broken(RING, "[[4.6,43.6],[4.7,43.6],[4.6,43.6]]"), "moins de quatre points"),
        (broken("4.6,43.6", "1e999,43.6"), "nombre fini"),
        (broken("[4.6,43.6]", "[NaN,43.6]"), "nombre fini"),
        (broken("[4.6,43.6]", "[4.6,null]"), "nombre fini"),
        (broken("[4.6,43.6]", "[4.6]"), "mal imbriquées"),
        (broken(&format!("[{RING}]"), RING), "mal imbriquées"),
        (broken(r#""Polygon""#, r#""Point""#), "type « Point »"),
        (broken(r#""numero":"145""#, r#""numero":"146""#), "« numero » (146) contredit l'identifiant"),
        (broken(r#""contenance":354"#, r#""contenance":-1"#), "« contenance » vaut « -1 »"),
        (broken("2024-12-19", "2024-02-30"), "« created » vaut"),
        (broken(r#""type":"Feature""#, r#""type":"Parcelle""#), "« Parcelle » au lieu de Feature"),
    ];
    for (bad, reason) in cases {
        let items = read(&collection(&[bad.clone(), good.clone()])).unwrap();
        let told = idus(&items);
        assert!(told[0].contains(reason) && told[0].starts_with("Objet n° 1, ligne 1, la parcelle"), "{bad}\n{told:?}");
        assert_eq!(told[1], "13004000AB0145");
    }
}

#[test]
fn another_crs_stops_the_file() {
    let lambert = parcel("13004000AB0145").replace("4.6,43.6", "832000.1,6287000.2");
    let error = read(&collection(&[parcel("13004000AB0145"), lambert])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Le fichier cadastre-13004-parcelles.json est refusé (ligne 2) : les coordonnées de la parcelle 13004000AB0145 (832000.1 ; 6287000.2) semblent être en Lambert-93 ; convertissez-le en longitude et latitude (WGS 84) avant de l'importer."
    );
    let member = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}}"#;
    for json in [
        format!(r#"{{"type":"FeatureCollection",{member},"features":[]}}"#),
        format!(r#"{{"type":"FeatureCollection","features":[],{member}}}"#),
        collection(&[parcel("13004000AB0145").replacen('{', &format!("{{{member},"), 1)]),
    ] {
        assert!(matches!(read(&json), Err(FileError::Crs { .. })), "{json}");
    }
}

#[test]
fn broken_json_is_told_with_its_place() {
    let good = parcel("13004000AB0145");
    for (json, line) in [
        (collection(&[good.clone(), good.replace("[4.7,43.6]", "[4.7,,43.6]")]), 2),
        (collection(&[good.clone(), good.replace(":354", ":35x4")]), 2),
        (collection(&[good.clone(), "12".into()]), 2),
        (format!("{{\"type\":\"FeatureCollection\",\"features\":[{good}\n{good}]}}"), 2),
        (format!("{{\"type\":\"FeatureCollection\",\"features\":[{good},\n]}}"), 2),
        (format!("{{\"type\" \"FeatureCollection\",\"features\":[{good}]}}"), 1),
        (format!("{}\nx", collection(std::slice::from_ref(&good))), 2),
        (collection(&[good.replace("4.6,", "04.6,")]), 1),
    ] {
        match read(&json) {
            Err(FileError::Syntax { line: told, .. }) => assert_eq!(told, line, "{json}"),
            other => panic!("{json}\n{other:?}"),
        }
    }
}

#[test]
fn what_is_no_geojson_is_said() {
    for (json, said) in [
        ("", "vide"),
        (" \n", "vide"),
        ("[]", "une liste"),
        ("{}", "sans type"),
        (r#"{"type":"Topology","objects":{}}"#, "Topology"),
        (r#"{"type":"FeatureCollection"}"#, "absente"),
    ] {
        let error = read(json).unwrap_err();
        assert!(matches!(error, FileError::NotGeoJson { .. }) && error.to_string().contains(said), "{json}: {error}");
    }
    assert!(matches!(read("gml_id,cli"), Err(FileError::Syntax { .. })));
}

#[test]
fn a_cut_file_is_never_taken_for_whole() {
    let whole = collection(&[parcel("13004000AB0145"), parcel("13004000AB0145")]);
    for cut in 1..whole.len() {
        assert!(read(&whole[..cut]).is_err(), "{}", &whole[..cut]);
    }
    let packed = gzip(whole.as_bytes());
    for cut in 3..packed.len() {
        let read = read_bytes("parcelles.json.gz", packed[..cut].to_vec(), Limits::default());
        assert!(matches!(read, Err(FileError::Truncated { .. })), "{cut}: {read:?}");
    }
}

#[test]
fn a_damaged_gzip_is_refused() {
    let mut packed = gzip(collection(&[parcel("13004000AB0145")]).as_bytes());
    let checksum = packed.len() - 6;
    packed[checksum] ^= 0xff;
    let read = read_bytes("parcelles.json.gz", packed, Limits::default());
    assert!(matches!(read, Err(FileError::Damaged { .. })), "{read:?}");
}

#[test]
fn what_is_too_big_is_refused() {
    let features: Vec<String> = (0..20).map(|_| parcel("13004000AB0145")).collect();
    let json = collection(&features);
    let limited = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        limits
    };
    for limits in [
        limited(|limits| limits.max_bytes = 2000),
        limited(|limits| limits.max_features = 19),
        limited(|limits| limits.max_feature_bytes = 200),
        limited(|limits| limits.max_depth = 1),
    ] {
        let read = read_bytes("parcelles.json", json.clone().into_bytes(), limits);
        assert!(matches!(read, Err(FileError::TooBig { .. })), "{limits:?}: {read:?}");
    }
    let bomb = gzip(&vec![b' '; 50 << 20]);
    assert!(matches!(read_bytes("x.json.gz", bomb, Limits::default()), Err(FileError::TooBig { .. })));
    let deep = format!(r#"{{"type":"FeatureCollection","features":[{{"a":{}"#, "[".repeat(1_000_000));
    assert!(read(&deep).is_err());
    let nested = format!("{}{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    assert!(matches!(read(&nested), Err(FileError::TooBig { .. })));
}

#[test]
fn batches_hold_the_same_features() {
    let features: Vec<String> = (1..=50).map(|n| parcel("13004000AB0145").replace("354", &n.to_string())).collect();
    let json = collection(&features);
    let all = read(&json).unwrap();
    let mut reader = Reader::new("parcelles.json", Cursor::new(json.into_bytes()), Limits::default()).unwrap();
    let mut gathered = Vec::new();
    let mut batches = 0;
    while let Some(batch) = reader.next_batch(2000).unwrap() {
        batches += 1;
        for raw in batch.iter() {
            assert_eq!(raw.rank, raw.line, "one feature a line");
            gathered.push(Item::Feature(Box::new(parse_feature(raw.bytes, reader.layer()).unwrap())));
        }
    }
    assert!(batches > 5);
    assert_eq!(gathered, all);
}

#[test]
fn an_error_of_the_parser_names_its_object() {
    let error = parse_feature(br#"{"type":"Feature","properties":{"id":"13004000AB0145"}}"#, None).unwrap_err();
    assert_eq!(error.to_string(), "la parcelle 13004000AB0145 : géométrie absente");
    assert_eq!(error.problem, Problem::NoGeometry);
    assert!(!error.is_fatal());
}

/// Real files of two communes, compared with what serde_json reads in them.
#[test]
fn the_real_files_are_read_whole() {
    let shared = std::env::var_os("FINAGE_SHARED_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("data/cadastre_etalab");
    if !folder.is_dir() {
        eprintln!("SKIPPED: {} is absent", folder.display());
        return;
    }
    for (name, expected) in [("cadastre-69114-parcelles.json.gz", 6032), ("cadastre-91216-parcelles.json.gz", 0)] {
        let path = folder.join(name);
        let mut reader = Reader::open(&path, Limits::default()).unwrap();
        assert_eq!(reader.layer(), Some(Layer::Parcelles));
        assert_eq!(reader.commune().unwrap().as_str(), &name[9..14]);
        let items: Vec<Item> = reader.features().collect::<Result<_, _>>().unwrap();
        assert_eq!(Some(reader.bytes_read()), reader.size());

        let mut json = String::new();
        flate2::read::MultiGzDecoder::new(std::fs::File::open(&path).unwrap()).read_to_string(&mut json).unwrap();
        let truth: serde_json::Value = serde_json::from_str(&json).unwrap();
        let truth = truth["features"].as_array().unwrap();
        assert_eq!(items.len(), truth.len());
        assert!(expected == 0 || items.len() == expected - 1 || items.len() == expected, "{}", items.len());
        for (item, truth) in items.iter().zip(truth) {
            let Item::Feature(feature) = item else { panic!("{item:?}") };
            let Record::Parcelle(parcelle) = &feature.record else { panic!("{feature:?}") };
            let properties = &truth["properties"];
            assert_eq!(parcelle.idu.as_str(), properties["id"]);
            assert_eq!(parcelle.contenance.map(u64::from), properties["contenance"].as_u64());
            assert_eq!(feature.updated.map(|date| date.to_string()).as_deref(), properties["updated"].as_str());
            let polygons = feature.geometry.0.iter().map(rings).collect::<Vec<_>>();
            let coordinates = &truth["geometry"]["coordinates"];
            let single = truth["geometry"]["type"] == "Polygon";
            assert_eq!(
                &serde_json::json!(if single { polygons[0].clone().into() } else { serde_json::json!(polygons) }),
                coordinates
            );
        }
    }
}

fn rings(polygon: &geo_types::Polygon<f64>) -> Vec<Vec<[f64; 2]>> {
    let positions = |ring: &geo_types::LineString<f64>| ring.0.iter().map(|coord| [coord.x, coord.y]).collect();
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(positions).collect()
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_feature(&bytes, None);
        let _ = read_bytes("parcelles.json", bytes, Limits::default());
    }

    /// One byte changed anywhere: never a panic, never an endless loop.
    #[test]
    fn no_mutation_panics(at in 0_usize..420, byte in any::<u8>(), packed in any::<bool>()) {
        let mut json = collection(&[parcel("13004000AB0145"), parcel("13004000AB0146")]).into_bytes();
        if packed {
            json = gzip(&json);
        }
        let at = at % json.len();
        json[at] = byte;
        let _ = read_bytes("parcelles.json", json, Limits::default());
    }

    #[test]
    fn coordinates_round_trip(x in -180.0_f64..40.0, y in -90.0_f64..90.0, decimals in 0_usize..12) {
        let (x, y) = (format!("{x:.decimals$}"), format!("{y:.decimals$}"));
        let json = parcel("13004000AB0145").replace("4.6,43.6", &format!("{x},{y}"));
        let feature = parse_feature(json.as_bytes(), None).unwrap();
        let first = feature.geometry.0[0].exterior().0[0];
        prop_assert_eq!((first.x, first.y), (x.parse().unwrap(), y.parse().unwrap()));
    }
}
