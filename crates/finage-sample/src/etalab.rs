//! Etalab GeoJSON: one file a layer, one feature a line, WGS 84 with 7 decimals.

use std::fmt::Write as _;

use geo_types::{LineString, Polygon};
use serde_json::{Map, Value, json};

use crate::SampleError;
use crate::projection::Projection;
use crate::town::{Commune, Dates};

/// A feature before it is written: identifier, outline in Lambert-93, properties.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Identifier, for the layers that have one.
    pub id: Option<String>,
    /// Outline.
    pub polygons: Vec<Polygon<f64>>,
    /// Written as a MultiPolygon even with one part.
    pub multi: bool,
    /// Properties, in the order of the official files.
    pub properties: Map<String, Value>,
}

/// The eight layers of a commune: layer name, features.
#[must_use]
pub fn layers(commune: &Commune) -> Vec<(&'static str, Vec<Feature>)> {
    vec![
        ("communes", communes(commune)),
        ("prefixes_sections", prefixes(commune)),
        ("sections", sections(commune)),
        ("feuilles", feuilles(commune)),
        ("parcelles", parcelles(commune)),
        ("batiments", batiments(commune)),
        ("lieux_dits", lieux_dits(commune)),
        ("subdivisions_fiscales", subdivisions(commune)),
    ]
}

/// Name of a layer's file.
#[must_use]
pub fn file_name(insee: &str, layer: &str) -> String {
    format!("cadastre-{insee}-{layer}.json.gz")
}

/// The text of a layer: a header line, one feature a line.
///
/// # Errors
/// [`SampleError::Projection`] when PROJ refuses a point.
pub fn to_text(features: &[Feature], projection: &Projection) -> Result<String, SampleError> {
    let mut out = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (index, feature) in features.iter().enumerate() {
        if index > 0 {
            out.push_str(",\n");
        }
        out.push_str("{\"type\":\"Feature\",");
        if let Some(id) = &feature.id {
            let _ = write!(out, "\"id\":{},", Value::from(id.as_str()));
        }
        let parts = feature.polygons.iter().map(|p| coordinates(p, projection)).collect::<Result<Vec<_>, _>>()?;
        let (kind, coordinates) = match parts.as_slice() {
            [only] if !feature.multi => ("Polygon", only.clone()),
            _ => ("MultiPolygon", Value::from(parts)),
        };
        let geometry = json!({"type": kind, "coordinates": coordinates});
        let _ = write!(out, "\"geometry\":{geometry},\"properties\":{}}}", Value::Object(feature.properties.clone()));
    }
    out.push_str("]}");
    Ok(out)
}

/// Gzip without name nor date. Written here, on one named compressor: the bytes must not change with
/// the backend that other crates of a build choose for theirs.
#[must_use]
pub fn gzip(text: &[u8]) -> Vec<u8> {
    // RFC 1952: magic, deflate, no flags, no date, best compression, unknown system.
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    out.extend(miniz_oxide::deflate::compress_to_vec(text, 9));
    out.extend(crc32fast::hash(text).to_le_bytes());
    #[expect(clippy::cast_possible_truncation, reason = "the trailer holds the length modulo 2^32")]
    out.extend((text.len() as u32).to_le_bytes());
    out
}

fn coordinates(polygon: &Polygon<f64>, projection: &Projection) -> Result<Value, SampleError> {
    let ring = |line: &LineString<f64>| -> Result<Value, SampleError> {
        let points = projection.line(&line.0)?;
        Ok(points.into_iter().map(|p| json!([p.x, p.y])).collect::<Vec<_>>().into())
    };
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring);
    Ok(Value::from(rings.collect::<Result<Vec<_>, _>>()?))
}

fn properties(value: Value, dates: Option<Dates>) -> Map<String, Value> {
    let mut map = match value {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    if let Some(dates) = dates {
        map.insert("created".to_owned(), iso(dates.created).into());
        map.insert("updated".to_owned(), iso(dates.updated).into());
    }
    map
}

/// `20040312` as `2004-03-12`.
#[must_use]
pub fn iso(date: u32) -> String {
    format!("{:04}-{:02}-{:02}", date / 10_000, date / 100 % 100, date % 100)
}

fn communes(c: &Commune) -> Vec<Feature> {
    vec![Feature {
        id: Some(c.insee.clone()),
        polygons: vec![c.contour.clone()],
        multi: true,
        properties: properties(json!({"id": c.insee, "nom": c.nom}), Some(c.dates)),
    }]
}

fn prefixes(c: &Commune) -> Vec<Feature> {
    let mut known: Vec<&str> = c.sections.iter().map(|s| s.prefixe.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    let feature = |prefixe: &str| {
        let id = format!("{}{prefixe}", c.insee);
        let outlines = c.sections.iter().filter(|s| s.prefixe == prefixe).flat_map(|s| &s.polygons);
        let mut value = json!({"id": id, "commune": c.insee, "prefixe": prefixe});
        if let Some((_, code, nom)) = c.anciennes.iter().find(|a| a.0 == prefixe) {
            value["ancienne"] = code.as_str().into();
            value["nom"] = nom.as_str().into();
        }
        let polygons = crate::geometry::dissolve(outlines);
        Feature { id: Some(id), polygons, multi: false, properties: properties(value, None) }
    };
    known.into_iter().map(feature).collect()
}

fn sections(c: &Commune) -> Vec<Feature> {
    c.sections
        .iter()
        .map(|s| {
            let id = format!("{}{}{}", c.insee, s.prefixe, s.code);
            let code = s.code.trim_start_matches('0');
            let value = json!({"id": id, "commune": c.insee, "prefixe": s.prefixe, "code": code});
            Feature {
                id: Some(id),
                polygons: s.polygons.clone(),
                multi: true,
                properties: properties(value, Some(s.dates)),
            }
        })
        .collect()
}

fn feuilles(c: &Commune) -> Vec<Feature> {
    c.feuilles
        .iter()
        .map(|f| {
            let (id, section) = (c.feuille_id(f), &c.sections[f.section]);
            let value = json!({
                "id": id, "commune": c.insee, "prefixe": section.prefixe, "section": section.code.trim_start_matches('0'),
                "numero": format!("{:02}", f.numero), "qualite": f.quality.qupl, "modeConfection": f.quality.copl, "echelle": f.quality.echelle
            });
            Feature { id: Some(id), polygons: f.polygons.clone(), multi: true, properties: properties(value, Some(f.dates)) }
        })
        .collect()
}

fn parcelles(c: &Commune) -> Vec<Feature> {
    c.parcelles
        .iter()
        .map(|p| {
            let (id, section) = (c.idu(p), &c.sections[p.section]);
            let value = json!({
                "id": id, "commune": c.insee, "prefixe": section.prefixe, "section": section.code.trim_start_matches('0'),
                "numero": p.numero.to_string(), "contenance": p.contenance, "arpente": p.arpentee
            });
            Feature { id: Some(id), polygons: vec![p.polygon.clone()], multi: false, properties: properties(value, Some(p.dates)) }
        })
        .collect()
}

fn batiments(c: &Commune) -> Vec<Feature> {
    c.batiments
        .iter()
        .map(|b| {
            let value = json!({"type": if b.dur { "01" } else { "02" }, "nom": b.nom, "commune": c.insee});
            Feature {
                id: None,
                polygons: vec![b.polygon.clone()],
                multi: true,
                properties: properties(value, Some(b.dates)),
            }
        })
        .collect()
}

fn lieux_dits(c: &Commune) -> Vec<Feature> {
    c.lieux_dits
        .iter()
        .map(|l| {
            let value = json!({"nom": l.nom, "commune": c.insee});
            Feature {
                id: None,
                polygons: vec![l.polygon.clone()],
                multi: false,
                properties: properties(value, Some(l.dates)),
            }
        })
        .collect()
}

fn subdivisions(c: &Commune) -> Vec<Feature> {
    let of = |p: &crate::town::Parcelle| {
        let id = c.idu(p);
        p.subdivisions
            .iter()
            .map(|s| {
                let value = json!({"parcelle": id, "lettre": s.lettre.to_string()});
                Feature {
                    id: None,
                    polygons: vec![s.polygon.clone()],
                    multi: false,
                    properties: properties(value, Some(s.dates)),
                }
            })
            .collect::<Vec<_>>()
    };
    c.parcelles.iter().flat_map(of).collect()
}
