//! A GeoJSON geometry from outside, read within bounds: kinds, number of vertices, finite coordinates.

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde_json::Value;
use thiserror::Error;

/// Vertices of a geometry at most.
pub const MAX_SOMMETS: usize = 20_000;

/// Why a geometry is refused. Each message is one French sentence.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeojsonError {
    /// Not an object with `type` and `coordinates`.
    #[error("La géométrie est illisible : un objet GeoJSON avec « type » et « coordinates » est attendu.")]
    Forme,
    /// A feature or a collection, where a geometry is wanted.
    #[error("« {0} » n'est pas une géométrie : donnez le membre « geometry » d'un seul objet.")]
    Objet(String),
    /// A geometry collection.
    #[error(
        "Une collection de géométries (GeometryCollection) n'est pas acceptée : donnez des points, des lignes ou des surfaces, d'une seule sorte."
    )]
    Collection,
    /// A kind that GeoJSON does not know.
    #[error("Le type de géométrie « {0} » est inconnu : Point, LineString, Polygon et leurs multiples sont acceptés.")]
    Genre(String),
    /// A position that is not two or three numbers.
    #[error("Une position de la géométrie n'est pas faite de deux ou trois nombres.")]
    Position,
    /// Too many vertices.
    #[error("La géométrie dépasse {MAX_SOMMETS} sommets : simplifiez-la ou partagez-la.")]
    Sommets,
    /// A line of less than two points.
    #[error("Une ligne de la géométrie a moins de deux points.")]
    Ligne,
    /// A ring of less than three different points.
    #[error("Un contour de la géométrie a moins de trois sommets.")]
    Anneau,
    /// No point at all.
    #[error("La géométrie est vide : donnez au moins un point.")]
    Vide,
}

/// Reads a geometry; heights are dropped, open rings closed.
///
/// # Errors
/// What is no geometry, is empty, or has more than [`MAX_SOMMETS`] vertices.
pub fn lire(value: &Value) -> Result<Geometry<f64>, GeojsonError> {
    let genre = value.get("type").and_then(Value::as_str).ok_or(GeojsonError::Forme)?;
    match genre {
        "Feature" | "FeatureCollection" => return Err(GeojsonError::Objet(genre.to_owned())),
        "GeometryCollection" => return Err(GeojsonError::Collection),
        _ => {}
    }
    let coordinates = value.get("coordinates").ok_or(GeojsonError::Forme)?;
    let mut lecteur = Lecteur { sommets: 0 };
    let geometry: Geometry<f64> = match genre {
        "Point" => Point(lecteur.position(coordinates)?).into(),
        "MultiPoint" => MultiPoint(lecteur.positions(coordinates)?.into_iter().map(Point).collect()).into(),
        "LineString" => lecteur.ligne(coordinates)?.into(),
        "MultiLineString" => {
            MultiLineString(liste(coordinates)?.iter().map(|l| lecteur.ligne(l)).collect::<Result<_, _>>()?).into()
        }
        "Polygon" => lecteur.polygone(coordinates)?.into(),
        "MultiPolygon" => {
            MultiPolygon(liste(coordinates)?.iter().map(|p| lecteur.polygone(p)).collect::<Result<_, _>>()?).into()
        }
        autre => return Err(GeojsonError::Genre(autre.chars().take(30).collect())),
    };
    if lecteur.sommets == 0 { Err(GeojsonError::Vide) } else { Ok(geometry) }
}

struct Lecteur {
    sommets: usize,
}

impl Lecteur {
    fn position(&mut self, value: &Value) -> Result<Coord<f64>, GeojsonError> {
        self.sommets += 1;
        if self.sommets > MAX_SOMMETS {
            return Err(GeojsonError::Sommets);
        }
        let numbers = value.as_array().filter(|array| matches!(array.len(), 2 | 3)).ok_or(GeojsonError::Position)?;
        let number = |rank: usize| numbers.get(rank).and_then(Value::as_f64).filter(|n| n.is_finite());
        match (number(0), number(1)) {
            (Some(x), Some(y)) => Ok(Coord { x, y }),
            _ => Err(GeojsonError::Position),
        }
    }

    fn positions(&mut self, value: &Value) -> Result<Vec<Coord<f64>>, GeojsonError> {
        liste(value)?.iter().map(|position| self.position(position)).collect()
    }

    fn ligne(&mut self, value: &Value) -> Result<LineString<f64>, GeojsonError> {
        let positions = self.positions(value)?;
        if positions.len() < 2 { Err(GeojsonError::Ligne) } else { Ok(LineString(positions)) }
    }

    fn polygone(&mut self, value: &Value) -> Result<Polygon<f64>, GeojsonError> {
        let mut anneaux = liste(value)?.iter().map(|anneau| {
            let mut positions = self.positions(anneau)?;
            if positions.first() != positions.last() {
                positions.extend(positions.first().copied());
            }
            // GEOS counts the closing point.
            if positions.len() < 4 { Err(GeojsonError::Anneau) } else { Ok(LineString(positions)) }
        });
        let exterieur = anneaux.next().ok_or(GeojsonError::Vide)??;
        Ok(Polygon::new(exterieur, anneaux.collect::<Result<_, _>>()?))
    }
}

fn liste(value: &Value) -> Result<&Vec<Value>, GeojsonError> {
    value.as_array().ok_or(GeojsonError::Forme)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn geometries_are_read() {
        assert_eq!(lire(&json!({"type": "Point", "coordinates": [4.5, 45.5, 12]})), Ok(Point::new(4.5, 45.5).into()));
        let open = json!({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]});
        let Ok(Geometry::Polygon(polygon)) = lire(&open) else { panic!("{open}") };
        assert!(polygon.exterior().is_closed());
    }

    #[test]
    fn each_refusal_has_its_sentence() {
        for (value, error) in [
            (json!(null), GeojsonError::Forme),
            (json!({"type": "Point"}), GeojsonError::Forme),
            (json!({"type": "Feature", "geometry": null}), GeojsonError::Objet("Feature".into())),
            (json!({"type": "GeometryCollection", "geometries": []}), GeojsonError::Collection),
            (json!({"type": "Cercle", "coordinates": []}), GeojsonError::Genre("Cercle".into())),
            (json!({"type": "Point", "coordinates": [1]}), GeojsonError::Position),
            (json!({"type": "Point", "coordinates": ["NaN", 1]}), GeojsonError::Position),
            (json!({"type": "Point", "coordinates": [null, 1]}), GeojsonError::Position),
            (json!({"type": "LineString", "coordinates": [[1, 2]]}), GeojsonError::Ligne),
            (json!({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}), GeojsonError::Anneau),
            (json!({"type": "Polygon", "coordinates": []}), GeojsonError::Vide),
            (json!({"type": "MultiPoint", "coordinates": []}), GeojsonError::Vide),
            (json!({"type": "MultiPoint", "coordinates": vec![[1, 2]; MAX_SOMMETS + 1]}), GeojsonError::Sommets),
        ] {
            assert_eq!(lire(&value), Err(error));
        }
    }

    proptest! {
        #[test]
        fn no_json_panics(genre in "(Point|LineString|Polygon|MultiPolygon)", depth in 0_usize..6, numbers in proptest::collection::vec(any::<f64>(), 0..4)) {
            let mut coordinates = json!(numbers);
            for _ in 0..depth {
                coordinates = json!([coordinates]);
            }
            let _ = lire(&json!({"type": genre, "coordinates": coordinates}));
        }
    }
}
