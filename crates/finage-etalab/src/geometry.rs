//! The surface of a feature: `Polygon` or `MultiPolygon`, longitude and latitude, altitudes dropped.

use std::borrow::Cow;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use crate::error::quoted;
use crate::json::{Cursor, SyntaxError};
use crate::{Problem, crs};

/// Why a geometry can't be read: the JSON, or what it says.
#[derive(Debug)]
pub(crate) enum Refusal {
    Syntax(SyntaxError),
    Problem(Problem),
}

impl From<SyntaxError> for Refusal {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

type Read<T> = Result<T, Refusal>;

/// Reads the value of `geometry`. After a [`Refusal::Problem`] the cursor's place means nothing.
pub(crate) fn geometry(cursor: &mut Cursor<'_>) -> Read<MultiPolygon<f64>> {
    if cursor.peek() == Some(b'n') {
        cursor.word()?;
        return Err(Problem::NoGeometry.into());
    }
    cursor.expect(b'{', "une géométrie")?;
    let mut kind: Option<Cow<'_, str>> = None;
    let mut found: Option<(MultiPolygon<f64>, Depth)> = None;
    if !cursor.take(b'}') {
        loop {
            match cursor.key()?.as_ref() {
                "type" if cursor.peek() == Some(b'"') => {
                    let name = cursor.string()?;
                    if !matches!(name.as_ref(), "Polygon" | "MultiPolygon") {
                        return Err(Problem::GeometryType(quoted(&name)).into());
                    }
                    kind = Some(name);
                }
                "coordinates" if cursor.peek() == Some(b'[') => found = Some(coordinates(cursor)?),
                "crs" => crs::member(cursor)??,
                _ => cursor.skip_value()?,
            }
            if !cursor.more(b'}', "« , » ou « } »")? {
                break;
            }
        }
    }
    let kind = kind.ok_or_else(|| Problem::GeometryType(String::new()))?;
    let (surface, depth) = found.ok_or(Problem::EmptyGeometry)?;
    if surface.0.is_empty() {
        return Err(Problem::EmptyGeometry.into());
    }
    if (kind == "Polygon") != (depth == Depth::Polygon) {
        return Err(Problem::Nesting.into());
    }
    Ok(surface)
}

/// How many arrays stand around a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    Polygon,
    MultiPolygon,
}

/// Coordinates of either type: the number of opening brackets tells which (the type may come after).
fn coordinates(cursor: &mut Cursor<'_>) -> Read<(MultiPolygon<f64>, Depth)> {
    let mut ahead = *cursor;
    let mut brackets = 0;
    while brackets < 5 && ahead.take(b'[') {
        brackets += 1;
    }
    match (brackets, ahead.peek()) {
        (3, Some(b'-' | b'0'..=b'9')) => {
            let polygons = vec![polygon(cursor)?];
            Ok((MultiPolygon(polygons), Depth::Polygon))
        }
        (4, Some(b'-' | b'0'..=b'9')) => {
            let polygons = array(cursor, polygon)?;
            Ok((MultiPolygon(polygons), Depth::MultiPolygon))
        }
        (1..=4, Some(b']')) => Err(Problem::EmptyGeometry.into()),
        (3 | 4, Some(b'N' | b'I' | b'n')) => Err(Problem::NotFinite.into()),
        (1 | 2 | 5, Some(b'-' | b'0'..=b'9' | b'[')) => Err(Problem::Nesting.into()),
        _ => Err(Refusal::Syntax(SyntaxError { offset: ahead.at, expected: "des coordonnées" })),
    }
}

/// An array of at least one element.
fn array<'a, T>(cursor: &mut Cursor<'a>, element: impl Fn(&mut Cursor<'a>) -> Read<T>) -> Read<Vec<T>> {
    cursor.expect(b'[', "« [ »")?;
    if cursor.take(b']') {
        return Err(Problem::EmptyGeometry.into());
    }
    let mut elements = Vec::with_capacity(1);
    loop {
        elements.push(element(cursor)?);
        if !cursor.more(b']', "« , » ou « ] »")? {
            return Ok(elements);
        }
    }
}

fn polygon(cursor: &mut Cursor<'_>) -> Read<Polygon<f64>> {
    let mut rings = array(cursor, ring)?.into_iter();
    let exterior = rings.next().ok_or(Problem::EmptyGeometry)?;
    // `Polygon::new` closes rings; ours were checked to be closed.
    Ok(Polygon::new(exterior, rings.collect()))
}

fn ring(cursor: &mut Cursor<'_>) -> Read<LineString<f64>> {
    cursor.expect(b'[', "« [ »")?;
    if cursor.take(b']') {
        return Err(Problem::EmptyGeometry.into());
    }
    let mut positions: Vec<Coord<f64>> = Vec::with_capacity(16);
    loop {
        positions.push(position(cursor)?);
        if !cursor.more(b']', "« , » ou « ] »")? {
            break;
        }
    }
    if positions.first() != positions.last() {
        return Err(Problem::UnclosedRing.into());
    }
    if positions.len() < 4 {
        return Err(Problem::ShortRing.into());
    }
    positions.shrink_to_fit();
    Ok(LineString(positions))
}

#[inline]
fn position(cursor: &mut Cursor<'_>) -> Read<Coord<f64>> {
    cursor.expect(b'[', "une position")?;
    let x = ordinate(cursor)?;
    if !cursor.take(b',') {
        return Err(if cursor.peek() == Some(b']') {
            Problem::Nesting.into()
        } else {
            Refusal::Syntax(SyntaxError { offset: cursor.at, expected: "« , »" })
        });
    }
    let y = ordinate(cursor)?;
    // RFC 7946 allows an altitude and discourages more; none is of use to the cadastre.
    while cursor.more(b']', "« , » ou « ] »")? {
        ordinate(cursor)?;
    }
    crs::check(x, y)?;
    Ok(Coord { x, y })
}

#[inline]
fn ordinate(cursor: &mut Cursor<'_>) -> Read<f64> {
    match cursor.peek() {
        Some(b'-' | b'0'..=b'9') => {
            let value = cursor.number()?;
            if value.is_finite() { Ok(value) } else { Err(Problem::NotFinite.into()) }
        }
        Some(b'n' | b'N' | b'I') => Err(Problem::NotFinite.into()),
        Some(b'[') => Err(Problem::Nesting.into()),
        _ => Err(Refusal::Syntax(SyntaxError { offset: cursor.at, expected: "un nombre" })),
    }
}
