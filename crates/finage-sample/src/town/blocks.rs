//! From faces to land: streets, river and railway are taken away, reserved grounds set apart.

use geo::{
    Area, BooleanOps, BoundingRect, Buffer, Intersects,
    algorithm::buffer::{BufferStyle, LineCap, LineJoin},
};
use geo_types::{LineString, MultiPolygon, Polygon};

use super::faces::{Face, Way, zone};
use super::lots::{Lot, subdivide};
use crate::geometry::{compactness, offset_line, pt};
use crate::plan::{COMMUNES, Genre, RAIL, RAIL_WIDTH, Usage};
use crate::rng::Rng;

/// Land under this area, or thinner than this, stays public: corners of quays, verges.
const SMALLEST_BLOCK_M2: f64 = 40.0;
const THINNEST_BLOCK: f64 = 0.07;

/// The surface of a way: its axis widened, square at dead ends.
pub fn surface(way: &Way) -> MultiPolygon<f64> {
    let style = BufferStyle::new(way.line.width / 2.0).line_join(LineJoin::Miter(0.6)).line_cap(LineCap::Square);
    LineString(way.axis.clone()).buffer_with_style(style)
}

/// The ground of the railway, north of its southern limit. It starts from the very line that limits
/// the faces: another smoothing of the same points would leave slivers between them.
pub fn rail_corridor(ways: &[Way]) -> Polygon<f64> {
    let south = ways.iter().find(|w| w.line.points == RAIL).map_or_else(Vec::new, |w| w.axis.clone());
    let mut ring = south.clone();
    ring.extend(offset_line(&south, RAIL_WIDTH).into_iter().rev());
    Polygon::new(LineString(ring), vec![])
}

/// Everything that will be a parcel, with the index of its face.
pub fn parcels(seed: u64, faces: &[Face], ways: &[Way]) -> Vec<(usize, Lot)> {
    let surfaces: Vec<(MultiPolygon<f64>, Option<geo_types::Rect<f64>>)> = ways
        .iter()
        .filter(|w| w.line.width > 0.0)
        .map(surface)
        .map(|s| {
            let rect = s.bounding_rect();
            (s, rect)
        })
        .collect();
    let rail = rail_corridor(ways);
    let mut out = Vec::new();
    for (index, face) in faces.iter().enumerate() {
        let mut rng = Rng::for_purpose(seed, &format!("lots {index}"));
        let Some(rect) = face.polygon.bounding_rect() else {
            continue;
        };
        let mut land = MultiPolygon(vec![face.polygon.clone()]);
        for (surface, _) in surfaces.iter().filter(|s| s.1.is_some_and(|r| r.intersects(&rect))) {
            land = land.difference(surface);
        }
        let mut lots = Vec::new();
        land = take(&land, &MultiPolygon(vec![rail.clone()]), Usage::VoieFerree, &mut lots);
        for ground in COMMUNES[face.commune].grounds {
            let outline = zone(ground.outline);
            let held = land.intersection(&outline).unsigned_area();
            if held > 0.4 * outline.unsigned_area() {
                land = take(&land, &MultiPolygon(vec![outline]), ground.usage, &mut lots);
            }
        }
        for block in land.0 {
            if worth_a_parcel(&block) {
                subdivide(block, face.tissu, ways, &mut rng, &mut lots);
            }
        }
        out.extend(lots.into_iter().map(|lot| (index, lot)));
    }
    out
}

fn take(land: &MultiPolygon<f64>, ground: &MultiPolygon<f64>, usage: Usage, lots: &mut Vec<Lot>) -> MultiPolygon<f64> {
    for polygon in land.intersection(ground).0 {
        if worth_a_parcel(&polygon) {
            lots.push(Lot { polygon, usage });
        }
    }
    land.difference(ground)
}

fn worth_a_parcel(polygon: &Polygon<f64>) -> bool {
    polygon.unsigned_area() > SMALLEST_BLOCK_M2
        && compactness(polygon) > 0.01
        && (polygon.unsigned_area() > 900.0 || compactness(polygon) > THINNEST_BLOCK)
}

/// The road ways near a polygon, as segments with their half width.
pub fn kerbs(polygon: &Polygon<f64>, ways: &[Way]) -> Vec<(crate::geometry::Pt, crate::geometry::Pt, f64)> {
    let Some(rect) = polygon.bounding_rect() else {
        return Vec::new();
    };
    let margin = 12.0;
    let (min, max) =
        (pt(rect.min().x - margin, rect.min().y - margin), pt(rect.max().x + margin, rect.max().y + margin));
    ways.iter()
        .filter(|w| w.line.genre.is_road() && w.line.genre != Genre::Riviere)
        .flat_map(|w| w.axis.windows(2).map(|s| (s[0], s[1], w.line.width / 2.0)))
        .filter(|s| {
            s.0.x.max(s.1.x) >= min.x
                && s.0.x.min(s.1.x) <= max.x
                && s.0.y.max(s.1.y) >= min.y
                && s.0.y.min(s.1.y) <= max.y
        })
        .collect()
}
