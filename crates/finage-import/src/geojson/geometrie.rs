//! A geometry of GeoJSON as EWKB. A height is kept when every position has one, and not within collections.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::Cause;
use crate::wkb::{Ecrivain, ferme};

const MAX_PROFONDEUR: usize = 8;

#[derive(Deserialize)]
struct Geometrie<'a> {
    #[serde(rename = "type")]
    genre: String,
    #[serde(borrow, default)]
    coordinates: Option<&'a RawValue>,
    #[serde(borrow, default)]
    geometries: Option<Vec<&'a RawValue>>,
}

type Ligne = Vec<Position>;
type Surface = Vec<Ligne>;

pub(super) fn genre(brute: &RawValue) -> Option<String> {
    serde_json::from_str::<Geometrie<'_>>(brute.get()).ok().map(|geometrie| geometrie.genre.to_uppercase())
}

pub(super) fn ewkb(brute: &RawValue, srid: Option<u32>) -> Result<Vec<u8>, Cause> {
    let mut out = Ecrivain::default();
    ecrit(&mut out, brute, srid, 0)?;
    Ok(out.0)
}

fn ecrit(out: &mut Ecrivain, brute: &RawValue, srid: Option<u32>, niveau: usize) -> Result<(), Cause> {
    if niveau > MAX_PROFONDEUR {
        return Err(Cause::Geometrie("elle est trop imbriquée"));
    }
    let geometrie: Geometrie<'_> =
        serde_json::from_str(brute.get()).map_err(|_| Cause::Geometrie("ce n'est pas une géométrie de GeoJSON"))?;
    let coordonnees = || geometrie.coordinates.ok_or(Cause::Geometrie("ses coordonnées manquent"));
    let plate = niveau > 0;
    match geometrie.genre.as_str() {
        "Point" => {
            let position: Position = lit(coordonnees()?)?;
            let hauteur = !plate && position.1;
            out.ouvre(1, hauteur, srid);
            out.position(position.0, hauteur)
        }
        "MultiPoint" => {
            let points: Ligne = lit(coordonnees()?)?;
            let hauteur = !plate && haute(&points);
            multiple(out, 4, &points, hauteur, srid, |out, point| {
                out.ouvre(1, hauteur, None);
                out.position(point.0, hauteur)
            })
        }
        "LineString" => {
            let points: Ligne = lit(coordonnees()?)?;
            let hauteur = !plate && haute(&points);
            out.ouvre(2, hauteur, srid);
            ligne(out, &points, hauteur)
        }
        "MultiLineString" => {
            let lignes: Surface = lit(coordonnees()?)?;
            let hauteur = !plate && lignes.iter().all(|points| haute(points));
            multiple(out, 5, &lignes, hauteur, srid, |out, points| {
                out.ouvre(2, hauteur, None);
                ligne(out, points, hauteur)
            })
        }
        "Polygon" => {
            let anneaux: Surface = lit(coordonnees()?)?;
            let hauteur = !plate && anneaux.iter().all(|points| haute(points));
            out.ouvre(3, hauteur, srid);
            surface(out, &anneaux, hauteur)
        }
        "MultiPolygon" => {
            let surfaces: Vec<Surface> = lit(coordonnees()?)?;
            let hauteur = !plate && surfaces.iter().flatten().all(|points| haute(points));
            multiple(out, 6, &surfaces, hauteur, srid, |out, anneaux| {
                out.ouvre(3, hauteur, None);
                surface(out, anneaux, hauteur)
            })
        }
        "GeometryCollection" => {
            let parts = geometrie.geometries.ok_or(Cause::Geometrie("ses parties manquent"))?;
            multiple(out, 7, &parts, false, srid, |out, part| ecrit(out, part, None, niveau + 1))
        }
        _ => Err(Cause::Geometrie("seuls les points, les lignes et les surfaces sont lus")),
    }
}

fn multiple<T>(
    out: &mut Ecrivain,
    genre: u32,
    parts: &[T],
    hauteur: bool,
    srid: Option<u32>,
    part: impl Fn(&mut Ecrivain, &T) -> Result<(), Cause>,
) -> Result<(), Cause> {
    out.ouvre(genre, hauteur, srid);
    out.compte(parts.len())?;
    parts.iter().try_for_each(|une| part(out, une))
}

fn surface(out: &mut Ecrivain, anneaux: &[Ligne], hauteur: bool) -> Result<(), Cause> {
    out.compte(anneaux.len())?;
    for anneau in anneaux {
        out.compte(anneau.len())?;
        let debut = out.0.len();
        anneau.iter().try_for_each(|position| out.position(position.0, hauteur))?;
        ferme(out.0.get(debut..).unwrap_or_default(), if hauteur { 24 } else { 16 })?;
    }
    Ok(())
}

fn ligne(out: &mut Ecrivain, points: &[Position], hauteur: bool) -> Result<(), Cause> {
    if points.len() == 1 {
        return Err(Cause::Geometrie("une ligne n'a qu'un sommet"));
    }
    out.compte(points.len())?;
    points.iter().try_for_each(|position| out.position(position.0, hauteur))
}

fn haute(points: &[Position]) -> bool {
    !points.is_empty() && points.iter().all(|position| position.1)
}

fn lit<T: DeserializeOwned>(brute: &RawValue) -> Result<T, Cause> {
    serde_json::from_str(brute.get()).map_err(|_| Cause::Geometrie("ses coordonnées ne sont pas celles de son genre"))
}

/// x, y and z, and whether z was there; what follows is of nobody.
struct Position([f64; 3], bool);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Lecteur;

        impl<'de> Visitor<'de> for Lecteur {
            type Value = Position;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("une position")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Position, A::Error> {
                let court = || serde::de::Error::invalid_length(1, &"deux nombres");
                let x = seq.next_element()?.ok_or_else(court)?;
                let y = seq.next_element()?.ok_or_else(court)?;
                let z: Option<f64> = seq.next_element()?;
                if z.is_some() {
                    while seq.next_element::<IgnoredAny>()?.is_some() {}
                }
                Ok(Position([x, y, z.unwrap_or(0.0)], z.is_some()))
            }
        }

        deserializer.deserialize_seq(Lecteur)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lu(json: &str) -> Result<Vec<u8>, Cause> {
        ewkb(serde_json::from_str(json).unwrap(), Some(4326))
    }

    #[test]
    fn geometries_are_those_of_the_standard() {
        for json in [
            r#"{"type":"Point","coordinates":[1,2,3,4]}"#,
            r#"{"type":"MultiPoint","coordinates":[[1,2],[3,4,5]]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
            r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2,3]}]}"#,
            r#"{"type":"Polygon","coordinates":[]}"#,
        ] {
            let lue = lu(json).unwrap();
            assert_eq!(crate::ewkb(&lue, None).unwrap(), lue, "{json}");
        }
        let imbriquee = (0..20).fold(r#"{"type":"Point","coordinates":[1,2]}"#.to_owned(), |part, _| {
            format!(r#"{{"type":"GeometryCollection","geometries":[{part}]}}"#)
        });
        for json in [
            r#"{"type":"Point","coordinates":[1]}"#,
            r#"{"type":"Point","coordinates":[]}"#,
            r#"{"type":"Point"}"#,
            r#"{"type":"Point","coordinates":[[1,2]]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#,
            r#"{"type":"LineString","coordinates":[[0,0]]}"#,
            r#"{"type":"Circle","coordinates":[0,0]}"#,
            "[]",
            &imbriquee,
        ] {
            assert!(matches!(lu(json), Err(Cause::Geometrie(_))), "{json}");
        }
    }
}
