//! From the plan's lines to faces: each knows its commune, section, feuille and land use.

use geo::{BoundingRect, Contains, InteriorPoint};
use geo_types::{LineString, Point, Polygon};

use crate::geometry::{Pt, distance_to_segment, length, polygonize, pt, smooth};
use crate::plan::{COMMUNES, CommunePlan, Genre, LIEUX_DITS, Line, SHARED_LIMIT, Tissu};

/// A line of the plan, smoothed.
#[derive(Debug, Clone)]
pub struct Way {
    pub line: Line,
    pub axis: Vec<Pt>,
}

/// A bounded face of the network.
#[derive(Debug, Clone)]
pub struct Face {
    pub commune: usize,
    pub section: usize,
    pub feuille: usize,
    pub tissu: Tissu,
    pub lieu_dit: &'static str,
    pub polygon: Polygon<f64>,
}

pub fn points(list: &[(f64, f64)]) -> Vec<Pt> {
    list.iter().map(|&(x, y)| pt(x, y)).collect()
}

pub fn zone(list: &[(f64, f64)]) -> Polygon<f64> {
    Polygon::new(LineString(points(list)), vec![])
}

/// Every line of both plans; loose ends are pulled onto the line they nearly touch.
pub fn ways() -> Vec<Way> {
    let mut ways: Vec<Way> = COMMUNES
        .iter()
        .flat_map(|plan| plan.lines.iter().flat_map(|l| l.iter()))
        .map(|line| Way { line: *line, axis: smoothed(line) })
        .collect();
    let copy = ways.clone();
    for (index, way) in ways.iter_mut().enumerate() {
        let last = way.axis.len() - 1;
        for end in [0, last] {
            if let Some(p) = landing(way.axis[end], index, &copy) {
                way.axis[end] = p;
            }
        }
    }
    ways
}

fn smoothed(line: &Line) -> Vec<Pt> {
    let raw = points(line.points);
    // Streets are drawn with close points; country roads with far ones.
    let town = raw.windows(2).any(|w| length(w) < 75.0);
    let step = match line.genre {
        Genre::LimiteCommune => 60.0,
        Genre::Limite => 45.0,
        Genre::Riviere => 22.0,
        _ if town => 13.0,
        _ => 30.0,
    };
    smooth(&raw, step)
}

/// Where a loose end lands: the nearest point of another line, if it is within 16 metres.
fn landing(end: Pt, own: usize, ways: &[Way]) -> Option<Pt> {
    let mut best: Option<(f64, Pt)> = None;
    for way in ways.iter().enumerate().filter(|(i, _)| *i != own).map(|(_, w)| w) {
        for pair in way.axis.windows(2) {
            let (distance, t) = distance_to_segment(end, pair[0], pair[1]);
            if distance < 16.0 && best.is_none_or(|b| distance < b.0) {
                best = Some((
                    distance,
                    pt(pair[0].x + (pair[1].x - pair[0].x) * t, pair[0].y + (pair[1].y - pair[0].y) * t),
                ));
            }
        }
    }
    best.filter(|b| b.0 > 0.0).map(|b| b.1)
}

/// The shared limit, then each commune's own outline.
pub fn outlines() -> (Vec<Pt>, Vec<Vec<Pt>>) {
    let own = COMMUNES.iter().map(|c| smooth(&points(c.outline), 70.0)).collect();
    (smooth(&points(SHARED_LIMIT), 50.0), own)
}

/// The territory of each commune, before noding.
pub fn territories() -> Vec<Polygon<f64>> {
    let (shared, own) = outlines();
    own.into_iter()
        .map(|mut ring| {
            // The outline runs from the south end of the shared limit to its north end, or the other way round.
            let south_first = (ring[0].y - shared[0].y).abs() > 1.0;
            if south_first {
                ring.extend(shared.iter().copied());
            } else {
                ring.extend(shared.iter().rev().copied());
            }
            Polygon::new(LineString(ring), vec![])
        })
        .collect()
}

/// All faces inside a commune.
pub fn faces(ways: &[Way]) -> Vec<Face> {
    let (shared, own) = outlines();
    let mut lines: Vec<Vec<Pt>> = ways.iter().map(|w| w.axis.clone()).collect();
    lines.push(shared);
    lines.extend(own);
    let territories = territories();
    polygonize(&lines)
        .into_iter()
        .filter_map(|polygon| {
            let inside = polygon.interior_point()?;
            let commune = territories.iter().position(|t| t.contains(&inside))?;
            let plan = &COMMUNES[commune];
            let (section, feuille) = sheet(plan, inside)?;
            Some(Face {
                commune,
                section,
                feuille,
                tissu: tissu(plan, inside),
                lieu_dit: lieu_dit(commune, &polygon),
                polygon,
            })
        })
        .collect()
}

fn sheet(plan: &CommunePlan, inside: Point<f64>) -> Option<(usize, usize)> {
    plan.sections.iter().enumerate().find_map(|(section, s)| {
        s.feuilles.iter().position(|z| zone(z).contains(&inside)).map(|feuille| (section, feuille))
    })
}

fn tissu(plan: &CommunePlan, inside: Point<f64>) -> Tissu {
    plan.tissus.iter().find(|t| zone(t.1).contains(&inside)).map_or(Tissu::Champs, |t| t.0)
}

fn lieu_dit(commune: usize, polygon: &Polygon<f64>) -> &'static str {
    let middle = polygon.bounding_rect().map_or_else(|| pt(0.0, 0.0), geo::Rect::center);
    LIEUX_DITS
        .iter()
        .filter(|l| l.0 == commune)
        .min_by(|a, b| {
            let d = |p: (f64, f64)| (p.0 - middle.x).hypot(p.1 - middle.y);
            d(a.2).total_cmp(&d(b.2))
        })
        .map_or("", |l| l.1)
}
