//! Longitude and latitude in degrees, and nothing else: what a file in another system looks like.

use crate::Problem;
use crate::error::quoted;
use crate::json::{Cursor, SyntaxError};

/// EPSG codes that are longitude and latitude within a metre of WGS 84 in France:
/// WGS 84, RGF93, ETRS89, and the overseas RGAF09, RGFG95, RGR92, RGM04, RGSPM06.
const GEOGRAPHIC: [u32; 8] = [4326, 4171, 4258, 5489, 4624, 4627, 4470, 4463];

/// Refuses a position that can't be the longitude and latitude of a French territory.
#[inline]
pub(crate) fn check(x: f64, y: f64) -> Result<(), Problem> {
    if x.abs() <= 180.0 && y.abs() <= 90.0 && !swapped(x, y) {
        return Ok(());
    }
    if !(x.is_finite() && y.is_finite()) {
        return Err(Problem::NotFinite);
    }
    Err(Problem::Crs { x, y, guess: guess(x, y) })
}

/// Metropolitan France with its axes exchanged lies in the Indian Ocean off Somalia, where no French territory is.
#[inline]
fn swapped(x: f64, y: f64) -> bool {
    x > 41.0 && x < 51.5 && y > -5.5 && y < 9.7
}

/// The likely system of such coordinates, by its range over France.
fn guess(x: f64, y: f64) -> &'static str {
    let within = |value: f64, low: f64, high: f64| value >= low && value <= high;
    if swapped(x, y) {
        "dans l'ordre latitude, longitude"
    } else if within(x, 0.0, 1.3e6) && within(y, 6.0e6, 7.2e6) {
        "en Lambert-93"
    } else if within(x, 1.0e6, 2.4e6) && within(y, 1.0e6, 9.4e6) && within(y % 1.0e6, 0.0, 4.0e5) {
        "en conique conforme 9 zones (CC42 à CC50)"
    } else if within(x, 0.0, 1.3e6) && within(y, 1.6e6, 2.7e6) {
        "en Lambert II étendu"
    } else if within(x, 1.0e5, 9.0e5) && within(y, 0.0, 1.0e7) {
        "en projection UTM"
    } else if within(x, -7.0e6, 6.3e6) && within(y, -2.5e6, 6.7e6) {
        "en Web Mercator"
    } else {
        "dans un système inconnu"
    }
}

/// Reads a `crs` member (GeoJSON of 2008); the position comes after it.
pub(crate) fn member(cursor: &mut Cursor<'_>) -> Result<Result<(), Problem>, SyntaxError> {
    if cursor.peek() == Some(b'n') {
        return cursor.word().map(|_| Ok(()));
    }
    let mut name = None;
    if cursor.peek() == Some(b'{') {
        let mut ahead = *cursor;
        name = named(&mut ahead)?;
    }
    cursor.skip_value()?;
    let known = name.as_deref().is_some_and(is_lon_lat);
    Ok(if known {
        Ok(())
    } else {
        Err(Problem::CrsMember(name.map_or_else(|| "inconnu".to_owned(), |name| quoted(&name))))
    })
}

/// The `properties.name` of a crs object.
fn named(cursor: &mut Cursor<'_>) -> Result<Option<String>, SyntaxError> {
    let mut name = None;
    cursor.expect(b'{', "« { »")?;
    if cursor.take(b'}') {
        return Ok(None);
    }
    loop {
        let key = cursor.key()?;
        match (key.as_ref(), cursor.peek()) {
            ("properties", Some(b'{')) => name = named(cursor)?.or(name),
            ("name", Some(b'"')) => name = Some(cursor.string()?.into_owned()),
            _ => cursor.skip_value()?,
        }
        if !cursor.more(b'}', "« , » ou « } »")? {
            return Ok(name);
        }
    }
}

fn is_lon_lat(name: &str) -> bool {
    let last = name.rsplit([':', '/']).next().unwrap_or_default();
    last.eq_ignore_ascii_case("CRS84") || last.parse().is_ok_and(|code: u32| GEOGRAPHIC.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_tell_the_system() {
        assert!(check(4.65, 45.97).is_ok());
        assert!(check(-61.5, 16.2).is_ok());
        assert!(check(45.2, -12.8).is_ok(), "Mayotte");
        assert!(check(f64::INFINITY, 1.0) == Err(Problem::NotFinite));
        for (x, y, expected) in [
            (832_000.0, 6_287_000.0, "en Lambert-93"),
            (1_832_000.0, 5_187_000.0, "en conique conforme 9 zones (CC42 à CC50)"),
            (517_000.0, 5_750_000.0, "en projection UTM"),
            (517_000.0, -2_400_000.0, "en Web Mercator"),
            (45.97, 4.65, "dans l'ordre latitude, longitude"),
        ] {
            let Err(Problem::Crs { guess, .. }) = check(x, y) else { panic!("{x} {y}") };
            assert_eq!(guess, expected);
        }
    }

    #[test]
    fn a_named_crs_must_be_longitude_and_latitude() {
        let read = |text: &str| member(&mut Cursor::new(text.as_bytes())).unwrap();
        for good in [
            r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}"#,
            r#"{"properties":{"name":"EPSG:4326"},"type":"name"}"#,
            "null",
        ] {
            assert_eq!(read(good), Ok(()), "{good}");
        }
        let lambert = r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}}"#;
        assert_eq!(read(lambert), Err(Problem::CrsMember("urn:ogc:def:crs:EPSG::2154".into())));
        assert!(read(r#"{"type":"link","properties":{"href":"x"}}"#).is_err());
        assert!(read("[]").is_err());
    }
}
