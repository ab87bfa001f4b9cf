//! GeoJSON (RFC 7946): WGS 84, seven decimals, outer rings counter-clockwise.

use std::io::Write;

use geo_types::{Coord, Geometry, LineString, Polygon};
use serde_json::{Map, Value, json};

use crate::tableur::rfc3339;
use crate::wkt::nombre;
use crate::{ExportError, Ligne, Table, Valeur};

/// Decimals of a coordinate: a centimetre.
const DECIMALES: usize = 7;

/// Writes a FeatureCollection, a feature a line; gives the number of rows.
///
/// # Errors
/// A table in another system than 4326, a row that does not fit, or the file can't be written.
pub fn ecrire(
    mut out: impl Write,
    table: &Table,
    lignes: impl IntoIterator<Item = Ligne>,
) -> Result<usize, ExportError> {
    if table.crs.srid != 4326 {
        return Err(ExportError::Systeme(table.crs.srid));
    }
    let titre = serde_json::to_string(&table.titre)?;
    write!(out, "{{\"type\":\"FeatureCollection\",\"title\":{titre},\"features\":[")?;
    let mut rang = 0;
    for ligne in lignes {
        rang += 1;
        table.verifie(rang, &ligne)?;
        let virgule = if rang > 1 { "," } else { "" };
        let proprietes: Map<String, Value> = table
            .colonnes
            .iter()
            .zip(&ligne.valeurs)
            .map(|(colonne, valeur)| (colonne.nom.clone(), propriete(valeur)))
            .collect();
        let geometrie = match &ligne.geometrie {
            Some(geometrie) => texte(geometrie).ok_or(ExportError::Geometrie(rang))?,
            None => "null".to_owned(),
        };
        let proprietes = serde_json::to_string(&proprietes)?;
        write!(out, "{virgule}\n{{\"type\":\"Feature\",\"geometry\":{geometrie},\"properties\":{proprietes}}}")?;
    }
    out.write_all(b"\n]}\n")?;
    out.flush()?;
    Ok(rang)
}

fn propriete(valeur: &Valeur) -> Value {
    match valeur {
        Valeur::Vide => Value::Null,
        Valeur::Texte(texte) => json!(texte),
        Valeur::Entier(nombre) => json!(nombre),
        Valeur::Reel(nombre) => json!(nombre),
        Valeur::Booleen(vrai) => json!(vrai),
        Valeur::Date(date) => json!(date.to_string()),
        // A number of JSON is read as binary by most: the exact text is a string, as in the API.
        Valeur::Decimal(exact) => json!(exact.as_str()),
        Valeur::Instant(instant) => json!(rfc3339(*instant)),
    }
}

/// The geometry; `None` for a coordinate that is not finite.
fn texte(geometry: &Geometry<f64>) -> Option<String> {
    let (genre, coordonnees) = match geometry {
        Geometry::Point(point) => ("Point", position(&point.0)?),
        Geometry::MultiPoint(points) => ("MultiPoint", suite(&points.0, |point| position(&point.0))?),
        Geometry::Line(line) => ("LineString", suite(&[line.start, line.end], position)?),
        Geometry::LineString(line) => ("LineString", suite(&line.0, position)?),
        Geometry::MultiLineString(lines) => ("MultiLineString", suite(&lines.0, |line| suite(&line.0, position))?),
        Geometry::Polygon(polygon) => ("Polygon", surface(polygon)?),
        Geometry::MultiPolygon(polygons) => ("MultiPolygon", suite(&polygons.0, surface)?),
        Geometry::Rect(rect) => ("Polygon", surface(&rect.to_polygon())?),
        Geometry::Triangle(triangle) => ("Polygon", surface(&triangle.to_polygon())?),
        Geometry::GeometryCollection(geometries) => {
            let parts: Option<Vec<String>> = geometries.iter().map(texte).collect();
            return Some(format!("{{\"type\":\"GeometryCollection\",\"geometries\":[{}]}}", parts?.join(",")));
        }
    };
    Some(format!("{{\"type\":\"{genre}\",\"coordinates\":{coordonnees}}}"))
}

fn suite<T>(parts: &[T], ecrit: impl Fn(&T) -> Option<String>) -> Option<String> {
    let parts: Option<Vec<String>> = parts.iter().map(ecrit).collect();
    Some(format!("[{}]", parts?.join(",")))
}

fn position(coord: &Coord<f64>) -> Option<String> {
    let finie = coord.x.is_finite() && coord.y.is_finite();
    finie.then(|| format!("[{},{}]", nombre(coord.x, DECIMALES), nombre(coord.y, DECIMALES)))
}

fn surface(polygon: &Polygon<f64>) -> Option<String> {
    let anneaux: Vec<String> = std::iter::once(anneau(polygon.exterior(), true))
        .chain(polygon.interiors().iter().map(|interieur| anneau(interieur, false)))
        .collect::<Option<_>>()?;
    Some(format!("[{}]", anneaux.join(",")))
}

/// A ring, turned the way RFC 7946 §3.1.6 wants: outer counter-clockwise, inner clockwise.
fn anneau(ring: &LineString<f64>, exterieur: bool) -> Option<String> {
    let double_aire: f64 = ring.lines().map(|side| side.start.x * side.end.y - side.end.x * side.start.y).sum();
    if (double_aire > 0.0) == exterieur {
        return suite(&ring.0, position);
    }
    let retourne: Vec<Coord<f64>> = ring.0.iter().rev().copied().collect();
    suite(&retourne, position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Colonne, Crs, Genre};
    use geo_types::{Point, polygon};

    fn table(crs: Crs) -> Table {
        Table::new("essai", "L'essai « 1 »", vec![Colonne::new("nom", Genre::Texte)], crs).unwrap()
    }

    #[test]
    fn rings_turn_the_right_way() {
        let clockwise = polygon![exterior: [(x: 0.0, y: 0.0), (x: 0.0, y: 4.0), (x: 4.0, y: 0.0)], interiors: [[(x: 1.0, y: 1.0), (x: 2.0, y: 1.0), (x: 1.0, y: 2.0)]]];
        let mut out = Vec::new();
        ecrire(
            &mut out,
            &table(Crs::wgs84()),
            [Ligne { valeurs: vec!["a\"b".into()], geometrie: Some(clockwise.into()) }],
        )
        .unwrap();
        let read: Value = serde_json::from_slice(&out).unwrap();
        let feature = &read["features"][0];
        assert_eq!(feature["properties"]["nom"], "a\"b");
        assert_eq!(
            feature["geometry"]["coordinates"],
            json!([[[0, 0], [4, 0], [0, 4], [0, 0]], [[1, 1], [1, 2], [2, 1], [1, 1]]])
        );
    }

    #[test]
    fn what_is_not_wgs84_or_not_finite_is_refused() {
        let lambert = Crs { srid: 2154, ..Crs::wgs84() };
        assert!(matches!(ecrire(Vec::new(), &table(lambert), []), Err(ExportError::Systeme(2154))));
        let far = Ligne { valeurs: vec![Valeur::Vide], geometrie: Some(Point::new(f64::NAN, 0.0).into()) };
        assert!(matches!(ecrire(Vec::new(), &table(Crs::wgs84()), [far]), Err(ExportError::Geometrie(1))));
        let short = Ligne { valeurs: Vec::new(), geometrie: None };
        assert!(matches!(ecrire(Vec::new(), &table(Crs::wgs84()), [short]), Err(ExportError::Ligne { .. })));
    }
}
