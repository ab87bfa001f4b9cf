//! Buildings: along the street in the centre, in the garden in the suburbs, where the plan says elsewhere.

use geo::{Area, BooleanOps, BoundingRect, Contains, Intersects};
use geo_types::{MultiPolygon, Polygon};

use super::assemble::{dates, middle};
use super::grounds;
use super::model::{Batiment, Commune, Front, Parcelle};
use super::numbering::snapped;
use crate::geometry::{
    Cut, Pt, compactness, direction, dissolve, largest, length, midpoint, oriented_rectangle, pt, rotate, strip,
};
use crate::plan::Usage;
use crate::rng::Rng;

/// A building before it is cut by feuilles.
pub struct Drawn {
    pub polygon: Polygon<f64>,
    pub dur: bool,
    pub nom: Option<&'static str>,
}

/// Adds all buildings of a commune.
pub fn add(seed: u64, index: usize, commune: &mut Commune) {
    let mut rng = Rng::for_purpose(seed, &format!("batiments {}", commune.insee));
    let mut drawn = grounds::buildings(index, commune);
    let joined = shared_houses(commune, &mut rng, &mut drawn);
    for (number, parcelle) in commune.parcelles.iter().enumerate() {
        if joined.contains(&number) {
            continue;
        }
        match parcelle.usage {
            Usage::Habitation if narrow(parcelle) => row_house(parcelle, &mut rng, &mut drawn),
            Usage::Habitation => detached_house(parcelle, &mut rng, &mut drawn),
            Usage::Activite => workshop(parcelle, &mut rng, &mut drawn),
            Usage::Jardin if rng.chance(0.18) => shed(parcelle, &mut rng, &mut drawn),
            Usage::Vigne if rng.chance(0.05) => shed(parcelle, &mut rng, &mut drawn),
            _ => {}
        }
    }
    drawn.extend(grounds::straddling_barns(commune));
    for building in drawn {
        place(commune, &building, &mut rng);
    }
}

/// Cuts a building by the feuilles and links it to its parcels.
fn place(commune: &mut Commune, building: &Drawn, rng: &mut Rng) {
    let dates = dates(rng);
    let Some(rect) = building.polygon.bounding_rect() else {
        return;
    };
    for feuille in 0..commune.feuilles.len() {
        let sheet = MultiPolygon(commune.feuilles[feuille].polygons.clone());
        if !sheet.bounding_rect().is_some_and(|r| r.intersects(&rect)) {
            continue;
        }
        let whole = sheet.contains(&building.polygon);
        let part = if whole { Some(building.polygon.clone()) } else { largest(sheet.intersection(&building.polygon)) };
        let Some(part) = part.filter(|p| p.unsigned_area() > 4.0) else {
            continue;
        };
        let parcelles: Vec<usize> = commune
            .parcelles
            .iter()
            .enumerate()
            .filter(|p| p.1.feuille == feuille && p.1.polygon.bounding_rect().is_some_and(|r| r.intersects(&rect)))
            .filter(|p| p.1.polygon.intersection(&part).unsigned_area() > 1.0)
            .map(|p| p.0)
            .collect();
        commune.batiments.push(Batiment {
            feuille,
            polygon: snapped(&part),
            dur: building.dur,
            nom: building.nom.map(str::to_owned),
            parcelles,
            dates,
        });
        if whole {
            return;
        }
    }
}

fn base(front: &Front) -> Cut {
    let along = direction(front.a, front.b);
    Cut { through: midpoint(front.a, front.b), along }
}

/// Metres from the front to the farthest corner.
fn depth(parcelle: &Parcelle, base: Cut) -> f64 {
    parcelle
        .polygon
        .exterior()
        .0
        .iter()
        .map(|p| (p.y - base.through.y) * base.along.x - (p.x - base.through.x) * base.along.y)
        .fold(0.0, f64::max)
}

/// Metres between the farthest corners along the front.
fn breadth(parcelle: &Parcelle, along: Pt) -> f64 {
    let (low, high) = parcelle
        .polygon
        .exterior()
        .0
        .iter()
        .map(|p| p.x * along.x + p.y * along.y)
        .fold((f64::MAX, f64::MIN), |e, d| (e.0.min(d), e.1.max(d)));
    high - low
}

/// Terraced when the lot is narrow on its street, or small.
fn narrow(parcelle: &Parcelle) -> bool {
    parcelle.front.is_some_and(|f| breadth(parcelle, direction(f.a, f.b)) < 17.5)
        || parcelle.polygon.unsigned_area() < 320.0
}

/// A house that fills the front of its lot, party walls on both sides.
fn row_house(parcelle: &Parcelle, rng: &mut Rng, out: &mut Vec<Drawn>) {
    let Some(front) = parcelle.front else { return };
    let base = base(&front);
    let depth = depth(parcelle, base);
    let house = if depth < 15.0 && rng.chance(0.7) { depth + 1.0 } else { rng.range(8.5, 13.5).min(depth * 0.85) };
    push(strip(&parcelle.polygon, base, -6.0, house), true, out);
    if depth - house > 9.0 && rng.chance(0.35) {
        let shed = rng.range(3.0, 6.0);
        push(strip(&parcelle.polygon, base, depth - shed, depth + 1.0), rng.chance(0.4), out);
    }
}

fn push(pieces: Vec<Polygon<f64>>, dur: bool, out: &mut Vec<Drawn>) {
    if let Some(polygon) = largest(MultiPolygon(pieces)).filter(|p| p.unsigned_area() > 9.0 && compactness(p) > 0.2) {
        out.push(Drawn { polygon, dur, nom: None });
    }
}

/// A house in its garden: a rectangle or an L, with its garage.
fn detached_house(parcelle: &Parcelle, rng: &mut Rng, out: &mut Vec<Drawn>) {
    let Some(front) = parcelle.front else { return };
    let base = base(&front);
    let inward = rotate(base.along, std::f64::consts::FRAC_PI_2);
    for attempt in 0..9 {
        let shrink = 1.0 - 0.06 * f64::from(attempt);
        let (width, height) = (rng.range(10.0, 15.0) * shrink, rng.range(7.5, 10.0) * shrink);
        let (back, side) = (rng.range(4.0, 8.0) + height / 2.0, rng.range(-3.0, 3.0));
        let at = |u: f64, v: f64| {
            pt(base.through.x + base.along.x * u + inward.x * v, base.through.y + base.along.y * u + inward.y * v)
        };
        let turned = rotate(base.along, rng.range(-0.06, 0.06));
        let body = oriented_rectangle(at(side, back), turned, width, height);
        if !parcelle.polygon.contains(&body) {
            continue;
        }
        let wing =
            oriented_rectangle(at(side + width * 0.28, back + height * 0.45), turned, width * 0.42, height * 0.8);
        let house = if rng.chance(0.4) && parcelle.polygon.contains(&wing) {
            largest(body.union(&wing)).unwrap_or(body)
        } else {
            body
        };
        let garage = oriented_rectangle(at(side - width / 2.0 - 1.8, back - 0.4), turned, 3.6, 6.0);
        if rng.chance(0.5) && parcelle.polygon.contains(&garage) {
            let joined = house.union(&garage);
            if joined.0.len() == 1 && rng.chance(0.6) {
                push(joined.0, true, out);
            } else {
                push(house.difference(&garage).0, true, out);
                push(vec![garage], false, out);
            }
        } else {
            push(vec![house], true, out);
        }
        let hut = oriented_rectangle(at(-side * 1.5, back + height + rng.range(5.0, 12.0)), base.along, 3.0, 4.2);
        if rng.chance(0.3) && parcelle.polygon.contains(&hut) {
            push(vec![hut], false, out);
        }
        return;
    }
}

/// One large hall, sometimes with its office.
fn workshop(parcelle: &Parcelle, rng: &mut Rng, out: &mut Vec<Drawn>) {
    let base =
        parcelle.front.map_or_else(|| Cut { through: middle(&parcelle.polygon), along: pt(1.0, 0.0) }, |f| base(&f));
    let centre = middle(&parcelle.polygon);
    for attempt in 0..8 {
        let size = 0.44 - 0.035 * f64::from(attempt);
        let reach = parcelle.polygon.unsigned_area().sqrt().min(75.0);
        let along = if rng.chance(0.7) { base.along } else { rotate(base.along, std::f64::consts::FRAC_PI_2) };
        let hall = oriented_rectangle(centre, along, reach * size * rng.range(1.2, 1.9), reach * size);
        if parcelle.polygon.contains(&hall) {
            push(vec![hall], !rng.chance(0.25), out);
            return;
        }
    }
}

fn shed(parcelle: &Parcelle, rng: &mut Rng, out: &mut Vec<Drawn>) {
    let along = parcelle.front.map_or_else(|| pt(1.0, 0.0), |f| direction(f.a, f.b));
    let centre = middle(&parcelle.polygon);
    let at = pt(centre.x + rng.range(-4.0, 4.0), centre.y + 5.0);
    let hut = oriented_rectangle(at, along, rng.range(3.0, 6.0), rng.range(3.0, 4.5));
    if parcelle.polygon.contains(&hut) {
        push(vec![hut], rng.chance(0.3), out);
    }
}

/// Neighbours under one roof: the building spans both parcels. Returns the parcels so served.
fn shared_houses(commune: &Commune, rng: &mut Rng, out: &mut Vec<Drawn>) -> Vec<usize> {
    let mut served = Vec::new();
    for first in 0..commune.parcelles.len() {
        let a = &commune.parcelles[first];
        if a.usage != Usage::Habitation || !narrow(a) || served.contains(&first) || !rng.chance(0.3) {
            continue;
        }
        let Some(front) = a.front else { continue };
        let second = commune.parcelles.iter().enumerate().position(|(number, b)| {
            number != first
                && b.usage == Usage::Habitation
                && b.feuille == a.feuille
                && narrow(b)
                && !served.contains(&number)
                && b.front
                    .is_some_and(|f| f.voie == front.voie && f.left == front.left && (f.a == front.b || f.b == front.a))
        });
        let Some(second) = second else { continue };
        let both = dissolve([&a.polygon, &commune.parcelles[second].polygon]);
        let [both] = both.as_slice() else { continue };
        let pieces = strip(both, base(&front), -4.0, rng.range(8.5, 12.0));
        let spans =
            largest(MultiPolygon(pieces)).filter(|p| p.exterior().0.len() > 4 && length(&p.exterior().0) < 110.0);
        if let Some(polygon) = spans {
            out.push(Drawn { polygon, dur: true, nom: None });
            served.extend([first, second]);
        }
    }
    served
}
