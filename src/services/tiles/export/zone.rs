//! Where tiles are exported: everywhere, in a box, in communes.

use std::str::FromStr;

use finage_tiles::{Bounds, Pos, TileCoord, Within};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::error::ExportError;
use crate::spatial::wkb;

/// Half the side of the square of EPSG:3857, in metres.
const HALF_SIDE_M: f64 = 20_037_508.342_789_244;
/// Latitude of the top of that square, in degrees.
const TOP: f64 = 85.051_128;

/// Which tiles are wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Zone {
    /// All of them.
    Everywhere,
    /// Those that meet a box: west, south, east, north, in degrees.
    Box([f64; 4]),
    /// Those that meet communes, by their INSEE codes.
    Communes(Vec<String>),
}

impl FromStr for Zone {
    type Err = ExportError;

    /// A box: `west,south,east,north`, in degrees.
    fn from_str(text: &str) -> Result<Self, ExportError> {
        let wrong = || ExportError::Box(text.to_owned());
        let numbers: Vec<f64> =
            text.split(',').map(|number| number.trim().parse()).collect::<Result<_, _>>().map_err(|_| wrong())?;
        match numbers[..] {
            [west, south, east, north]
                if -180.0 <= west && west < east && east <= 180.0 && -TOP <= south && south < north && north <= TOP =>
            {
                Ok(Self::Box([west, south, east, north]))
            }
            _ => Err(wrong()),
        }
    }
}

/// A zone on the ground.
#[derive(Debug)]
pub(super) struct Area {
    /// In metres of EPSG:3857; none for everywhere.
    shape: Option<MultiPolygon<f64>>,
}

impl Area {
    /// The ground of a zone.
    pub(super) async fn of(pool: &PgPool, zone: &Zone) -> Result<Self, ExportError> {
        let shape = match zone {
            Zone::Everywhere => None,
            Zone::Box([west, south, east, north]) => {
                let rect = Rect::new(metres(*west, *south), metres(*east, *north));
                Some(MultiPolygon(vec![rect.to_polygon()]))
            }
            Zone::Communes(codes) => Some(communes(pool, codes).await?),
        };
        Ok(Self { shape })
    }

    /// Its ground, for who asks whether it is the same.
    pub(super) fn told(&self) -> Value {
        let rings = |polygon: &Polygon<f64>| {
            let ring = |ring: &LineString<f64>| ring.coords().map(|at| [at.x, at.y]).collect::<Vec<_>>();
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect::<Vec<_>>()
        };
        json!(self.shape.as_ref().map(|shape| shape.iter().map(rings).collect::<Vec<_>>()))
    }

    /// What of a tile it wants.
    pub(super) fn within(&self, coord: TileCoord) -> Within {
        let Some(shape) = &self.shape else { return Within::Whole };
        let square = square(coord);
        if shape.iter().flat_map(edges).any(|(a, b)| passes_inside(a, b, &square)) {
            return Within::Partly;
        }
        // No edge passes: the square is all inside or all outside of each.
        let middle = square.center();
        let inside = |polygon: &Polygon<f64>| edges(polygon).filter(|(a, b)| is_east(*a, *b, middle)).count() % 2 == 1;
        if shape.iter().any(inside) { Within::Whole } else { Within::Out }
    }

    /// The part of a box of world units that is in the box of the zone; `None` for nothing.
    pub(super) fn clipped(&self, bounds: Bounds) -> Option<Bounds> {
        let Some(shape) = &self.shape else { return (bounds.min.x <= bounds.max.x).then_some(bounds) };
        let places = shape.iter().flat_map(|polygon| polygon.exterior().coords());
        let zone: Vec<Pos> = places.filter_map(|at| Pos::from_mercator_metres(at.x, at.y).ok()).collect();
        let zone = Bounds::of(&zone);
        let common = Bounds {
            min: Pos::new(bounds.min.x.max(zone.min.x), bounds.min.y.max(zone.min.y)),
            max: Pos::new(bounds.max.x.min(zone.max.x), bounds.max.y.min(zone.max.y)),
        };
        (common.min.x <= common.max.x && common.min.y <= common.max.y).then_some(common)
    }
}

async fn communes(pool: &PgPool, codes: &[String]) -> Result<MultiPolygon<f64>, ExportError> {
    let found: Vec<(String, Vec<u8>)> =
        sqlx::query_as(include_str!("../sql/limites.sql")).bind(codes).fetch_all(pool).await?;
    if let Some(unknown) = codes.iter().find(|code| !found.iter().any(|(insee, _)| insee == *code)) {
        return Err(ExportError::Commune(unknown.clone()));
    }
    let mut polygons = Vec::new();
    for (_, bytes) in found {
        match wkb::decode(&bytes)? {
            Geometry::Polygon(polygon) => polygons.push(polygon),
            Geometry::MultiPolygon(several) => polygons.extend(several),
            _ => {}
        }
    }
    Ok(MultiPolygon(polygons))
}

/// Metres of EPSG:3857 of a place in degrees.
fn metres(lon: f64, lat: f64) -> Coord<f64> {
    let radius = 6_378_137.0;
    Coord { x: radius * lon.to_radians(), y: radius * lat.to_radians().tan().asinh() }
}

/// A tile without its buffer, in metres of EPSG:3857.
fn square(coord: TileCoord) -> Rect<f64> {
    let side = 2.0 * HALF_SIDE_M / f64::from(1_u32 << coord.z());
    let west = f64::from(coord.x()) * side - HALF_SIDE_M;
    let north = HALF_SIDE_M - f64::from(coord.y()) * side;
    Rect::new(Coord { x: west, y: north - side }, Coord { x: west + side, y: north })
}

fn edges(polygon: &Polygon<f64>) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    rings.flat_map(|ring| ring.lines().map(|line| (line.start, line.end)))
}

/// Does a segment share a place with the inside of a box? They share none when an axis of the box or the segment's own line has
/// them on its two sides.
fn passes_inside(a: Coord<f64>, b: Coord<f64>, square: &Rect<f64>) -> bool {
    let (min, max) = (square.min(), square.max());
    if a.x.max(b.x) <= min.x || a.x.min(b.x) >= max.x || a.y.max(b.y) <= min.y || a.y.min(b.y) >= max.y {
        return false;
    }
    let side = |x: f64, y: f64| (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
    let corners = [side(min.x, min.y), side(max.x, min.y), side(max.x, max.y), side(min.x, max.y)];
    corners.iter().any(|side| *side < 0.0) && corners.iter().any(|side| *side > 0.0)
}

/// Does a half-line from `from` to the east cross this edge?
fn is_east(a: Coord<f64>, b: Coord<f64>, from: Coord<f64>) -> bool {
    (a.y > from.y) != (b.y > from.y) && from.x < (b.x - a.x) * (from.y - a.y) / (b.y - a.y) + a.x
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_box_is_four_numbers_in_order() {
        assert_eq!("4.6,43.6,4.7,43.7".parse::<Zone>().unwrap(), Zone::Box([4.6, 43.6, 4.7, 43.7]));
        for wrong in
            ["", "1,2,3", "1,2,3,4,5", "4.7,43.6,4.6,43.7", "4.6,43.7,4.7,43.6", "0,0,1,90", "a,0,1,1", "NaN,0,1,1"]
        {
            assert!(wrong.parse::<Zone>().is_err(), "{wrong}");
        }
    }

    /// A square with a hole, around a place, by its half sides in metres.
    fn ring(outer: f64, inner: f64) -> Area {
        let middle = metres(4.6268, 43.6605);
        let around = |half: f64| {
            let rect = Rect::new(
                Coord { x: middle.x - half, y: middle.y - half },
                Coord { x: middle.x + half, y: middle.y + half },
            );
            rect.to_polygon().exterior().clone()
        };
        Area { shape: Some(MultiPolygon(vec![Polygon::new(around(outer), vec![around(inner)])])) }
    }

    proptest! {
        #[test]
        fn a_tile_is_wanted_where_it_meets_the_ground(
            outer in 2_000.0..20_000.0_f64, share in 0.1..0.9_f64, dx in -60_i64..60, dy in -60_i64..60, zoom in 10_u8..17,
        ) {
            let inner = outer * share;
            let area = ring(outer, inner);
            let middle = TileCoord::containing(4.6268, 43.6605, zoom);
            let at = |from: u32, by: i64| u32::try_from((i64::from(from) + by).clamp(0, (1 << zoom) - 1)).unwrap();
            let coord = TileCoord::new(zoom, at(middle.x(), dx), at(middle.y(), dy)).unwrap();
            let (square, place) = (square(coord), metres(4.6268, 43.6605));
            // How far from the middle, along the farther axis, the square goes, and from where.
            let reach = |low: f64, high: f64, at: f64| {
                let near = if low <= at && at <= high { 0.0 } else { (low - at).abs().min((high - at).abs()) };
                (near, (low - at).abs().max((high - at).abs()))
            };
            let x = reach(square.min().x, square.max().x, place.x);
            let y = reach(square.min().y, square.max().y, place.y);
            let (near, far) = (x.0.max(y.0), x.1.max(y.1));
            let expected = if near >= outer || far <= inner {
                Within::Out
            } else if far <= outer && near >= inner {
                Within::Whole
            } else {
                Within::Partly
            };
            prop_assert_eq!(area.within(coord), expected);
        }
    }

    #[test]
    fn the_box_of_the_archive_is_that_of_rows_and_zone_together() {
        let everywhere = Area { shape: None };
        let rows = Bounds { min: Pos::new(10, 10), max: Pos::new(20, 20) };
        assert_eq!(everywhere.clipped(rows), Some(rows));
        assert_eq!(everywhere.clipped(Bounds::EMPTY), None);
        assert_eq!(ring(100.0, 10.0).clipped(rows), None);
    }
}
