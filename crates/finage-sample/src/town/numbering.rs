//! Parcel numbers, contenances, fronts on streets.

use geo::{Area, BooleanOps, BoundingRect};
use geo_types::Polygon;

use super::assemble::{Placed, dates, middle};
use super::model::{Commune, Ecriture, Front, Parcelle, Subdivision, Voie};
use crate::SampleError;
use crate::geometry::{Cut, direction, largest, length, midpoint, project_on_line, pt, rotate, snap, split_by_line};
use crate::plan::Usage;
use crate::projection::Projection;
use crate::rng::Rng;

/// Adds the parcels of a commune, in the order of their numbers.
pub fn add_parcels(seed: u64, commune: &mut Commune, own: &[&Placed], cc: &Projection) -> Result<(), SampleError> {
    let mut rng = Rng::for_purpose(seed, &format!("parcelles {}", commune.insee));
    for section in 0..commune.sections.len() {
        let mut drawn: Vec<(usize, &Polygon<f64>, Usage)> = own
            .iter()
            .filter(|p| p.face.section == section)
            .flat_map(|p| p.lots.iter().map(move |l| (p.face.feuille, &l.polygon, l.usage)))
            .collect();
        let row = if drawn.len() > 60 && commune.sections[section].code.starts_with('A') { 70.0 } else { 320.0 };
        drawn.sort_by_cached_key(|d| serpentine(d.1, row));
        // Recent divisions take the numbers after the last one of the original plan.
        let (recent, original): (Vec<_>, Vec<_>) = drawn.into_iter().partition(|_| rng.chance(0.04));
        let mut numero = 0;
        for (feuille, polygon, usage) in original.into_iter().chain(recent) {
            numero += if rng.chance(0.03) { 2 } else { 1 };
            let feuille = commune
                .feuilles
                .iter()
                .position(|f| f.section == section && u32::try_from(feuille + 1) == Ok(f.numero))
                .unwrap_or(0);
            let arpentee = rng.chance(0.09);
            let contenance = contenance_m2(cc.area_m2(polygon)?, arpentee, &mut rng);
            let angle = 0.0;
            commune.parcelles.push(Parcelle {
                section,
                feuille,
                numero,
                polygon: polygon.clone(),
                contenance,
                arpentee,
                usage,
                front: front(polygon, &commune.voies),
                subdivisions: subdivisions(polygon, usage, &mut rng),
                ecriture: Ecriture {
                    at: middle(polygon),
                    angle,
                    hei: if polygon.unsigned_area() < 200.0 { 1.5 } else { 2.0 },
                },
                dates: dates(&mut rng),
            });
        }
    }
    Ok(())
}

/// Rows from north to south, one eastwards, the next westwards.
#[expect(clippy::cast_possible_truncation, reason = "whole metres")]
fn serpentine(polygon: &Polygon<f64>, row: f64) -> (i64, i64) {
    let p = middle(polygon);
    let band = -(p.y / row).floor() as i64;
    let x = p.x as i64;
    (band, if band % 2 == 0 { x } else { -x })
}

/// The fiscal area: rarely the geometric one, within 3 %; a surveyor's is within half a percent.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, under a square kilometre")]
fn contenance_m2(area: f64, arpentee: bool, rng: &mut Rng) -> u32 {
    let share = if arpentee {
        rng.range(-0.005, 0.005)
    } else if rng.chance(0.2) {
        0.0
    } else {
        rng.range(-0.03, 0.03)
    };
    let raw = (area * (1.0 + share)).round();
    // Old plans of large grounds are rounded to ten square metres.
    let value = if !arpentee && area > 2000.0 { (raw / 10.0).round() * 10.0 } else { raw };
    value.max(1.0) as u32
}

/// The longest side of a parcel on a street, and where it stands along it.
pub fn front(polygon: &Polygon<f64>, voies: &[Voie]) -> Option<Front> {
    let rect = polygon.bounding_rect()?;
    let edges: Vec<_> = polygon.exterior().0.windows(2).collect();
    let mut best: Option<(f64, Front)> = None;
    for (index, voie) in voies.iter().enumerate().filter(|v| v.1.genre.is_road()) {
        let reach = voie.largeur / 2.0 + 2.0;
        let near = voie.axe.iter().any(|p| {
            p.x > rect.min().x - 60.0
                && p.x < rect.max().x + 60.0
                && p.y > rect.min().y - 60.0
                && p.y < rect.max().y + 60.0
        });
        if !near {
            continue;
        }
        let mut total = 0.0;
        let mut longest: Option<(f64, Front)> = None;
        for edge in &edges {
            let m = midpoint(edge[0], edge[1]);
            let Some((distance, run, segment)) = project_on_line(m, &voie.axe) else {
                continue;
            };
            let along = direction(voie.axe[segment], voie.axe[segment + 1]);
            let side = direction(edge[0], edge[1]);
            let parallel = side.x * along.x + side.y * along.y;
            if distance < reach - 1.4 && parallel.abs() > 0.8 {
                total += length(edge);
                if longest.is_none_or(|l| length(edge) > l.0) {
                    // A counter-clockwise outline runs with the street when the parcel is on its left.
                    let front = Front { voie: index, a: edge[0], b: edge[1], run, left: parallel > 0.0 };
                    longest = Some((length(edge), front));
                }
            }
        }
        if let Some((_, front)) = longest.filter(|_| total > 2.0)
            && best.is_none_or(|b| total > b.0)
        {
            best = Some((total, front));
        }
    }
    best.map(|b| b.1)
}

/// A farm or a large field is sometimes split by use: `a` and `b`, drawn; they tile the parcel.
fn subdivisions(polygon: &Polygon<f64>, usage: Usage, rng: &mut Rng) -> Vec<Subdivision> {
    let wanted = match usage {
        Usage::Ferme => 1.0,
        Usage::Culture | Usage::Vigne => 0.13,
        _ => 0.0,
    };
    if !rng.chance(wanted) {
        return Vec::new();
    }
    let at = middle(polygon);
    let along = rotate(pt(1.0, 0.0), rng.range(0.0, std::f64::consts::PI));
    let (left, right) = split_by_line(polygon, Cut { through: at, along });
    let part = |pieces: Vec<Polygon<f64>>| largest(geo_types::MultiPolygon(pieces));
    let [Some(a), Some(b)] = [part(left), part(right)] else {
        return Vec::new();
    };
    if (a.unsigned_area() + b.unsigned_area() - polygon.unsigned_area()).abs() > 1.0
        || a.intersection(&b).unsigned_area() > 1.0
    {
        return Vec::new();
    }
    [('a', a), ('b', b)]
        .into_iter()
        .map(|(lettre, polygon)| Subdivision { lettre, polygon: snapped(&polygon), dates: dates(rng) })
        .collect()
}

/// The polygon with every vertex on the centimetre.
pub fn snapped(polygon: &Polygon<f64>) -> Polygon<f64> {
    use geo::MapCoords;
    use geo::orient::{Direction, Orient};
    let mut out = polygon.map_coords(snap);
    let dedup = |line: &mut geo_types::LineString<f64>| line.0.dedup();
    out.exterior_mut(dedup);
    out.orient(Direction::Default)
}
