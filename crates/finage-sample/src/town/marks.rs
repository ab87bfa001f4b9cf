//! Symbols, boundary marks, survey points: the small print of the plan.

use geo::{Area, BooleanOps, Contains, Intersects};
use geo_types::{MultiPolygon, Point, Polygon};

use super::assemble::{dates, middle, place};
use super::faces::points;
use super::model::{Batiment, Borne, BorneKind, Commune, Symbole, SymboleShape};
use super::numbering::snapped;
use crate::geometry::{
    Pt, direction, key, largest, length, midpoint, offset_line, oriented_rectangle, point_at, pt, rotate, smooth, snap,
};
use crate::plan::{COMMUNES, Details, Genre, RAIL, RAIL_WIDTH, Usage};
use crate::rng::Rng;

/// Adds the symbols and marks of a commune.
pub fn add(seed: u64, index: usize, commune: &mut Commune) {
    let mut rng = Rng::for_purpose(seed, &format!("symboles {}", commune.insee));
    let mut drawn = grounds(commune);
    drawn.extend(railway());
    drawn.extend(river_arrows(commune));
    drawn.extend(hand_drawn(&COMMUNES[index].details));
    drawn.extend(pools(commune, &mut rng));
    drawn.extend(party_walls(commune, &mut rng));
    drawn.extend(charges(commune));
    for (sym, texte, shape) in drawn {
        deal(commune, sym, texte.as_deref(), &shape, &mut rng);
    }
    boundary_marks(commune, &mut rng);
    survey_points(commune, &mut rng);
}

type Drawn = (u32, Option<String>, SymboleShape);

/// Puts a symbol on its feuille, cut where it crosses several.
fn deal(commune: &mut Commune, sym: u32, texte: Option<&str>, shape: &SymboleShape, rng: &mut Rng) {
    let dates = dates(rng);
    for feuille in 0..commune.feuilles.len() {
        let sheet = MultiPolygon(commune.feuilles[feuille].polygons.clone());
        let part = match shape {
            SymboleShape::Point(at, _) => sheet.contains(&Point::from(*at)).then(|| shape.clone()),
            SymboleShape::Limite(_, _, p) | SymboleShape::Charge(_, _, p) => {
                (commune.parcelles[*p].feuille == feuille).then(|| shape.clone())
            }
            SymboleShape::Line(line) => clipped(line, &sheet).map(SymboleShape::Line),
            SymboleShape::Surface(polygon) => largest(sheet.intersection(polygon))
                .filter(|p| p.unsigned_area() > 2.0)
                .map(|p| SymboleShape::Surface(snapped(&p))),
        };
        if let Some(shape) = part {
            commune.symboles.push(Symbole { feuille, sym, texte: texte.map(str::to_owned), shape, dates });
        }
    }
}

/// The longest part of a line inside a sheet.
fn clipped(line: &[Pt], sheet: &MultiPolygon<f64>) -> Option<Vec<Pt>> {
    let whole = geo_types::MultiLineString(vec![geo_types::LineString(line.to_vec())]);
    let parts = sheet.clip(&whole, false);
    let longest = parts.0.into_iter().max_by(|a, b| length(&a.0).total_cmp(&length(&b.0)))?;
    let mut out: Vec<Pt> = longest.0.into_iter().map(snap).collect();
    out.dedup();
    (out.len() > 1).then_some(out)
}

/// Church, cemetery, pitch, station.
fn grounds(commune: &Commune) -> Vec<Drawn> {
    let mut out: Vec<Drawn> = Vec::new();
    for parcelle in &commune.parcelles {
        let at = middle(&parcelle.polygon);
        match parcelle.usage {
            Usage::Cimetiere => {
                out.push((51, None, SymboleShape::Surface(parcelle.polygon.clone())));
                out.push((51, None, SymboleShape::Point(at, 0.0)));
            }
            Usage::Stade => {
                let side = parcelle.front.map_or_else(|| pt(1.0, 0.0), |f| direction(f.a, f.b));
                out.push((
                    62,
                    Some("Stade".to_owned()),
                    SymboleShape::Surface(snapped(&oriented_rectangle(at, side, 100.0, 62.0))),
                ));
            }
            Usage::Gare => out.push((49, None, SymboleShape::Point(at, 0.0))),
            _ => {}
        }
    }
    let church = |b: &&Batiment| matches!(b.nom.as_deref(), Some("Église" | "Chapelle"));
    out.extend(
        commune.batiments.iter().filter(church).map(|b| (14, None, SymboleShape::Point(middle(&b.polygon), 0.0))),
    );
    out
}

/// The rails: the ground itself is parcels.
fn railway() -> Vec<Drawn> {
    let south = smooth(&points(RAIL), 30.0);
    let axis: Vec<Pt> = offset_line(&south, RAIL_WIDTH / 2.0).into_iter().map(place).collect();
    vec![(29, None, SymboleShape::Line(axis))]
}

/// Arrows down the river, every 450 metres.
fn river_arrows(commune: &Commune) -> Vec<Drawn> {
    let mut out = Vec::new();
    for river in commune.voies.iter().filter(|v| v.genre == Genre::Riviere) {
        // The axis is a limit of sections: the arrow stands in the northern half of the stream.
        let axis = offset_line(&river.axe, -3.0);
        let mut run = 150.0;
        while run < length(&axis) {
            if let Some((at, along)) = point_at(&axis, run) {
                out.push((30, None, SymboleShape::Point(snap(at), degrees(along))));
            }
            run += 450.0;
        }
    }
    out
}

/// Trigonometric degrees in [0, 360), to a tenth.
fn degrees(along: Pt) -> f64 {
    (along.y.atan2(along.x).to_degrees().rem_euclid(360.0) * 10.0).round() / 10.0
}

/// What the plan draws by hand.
fn hand_drawn(details: &Details) -> Vec<Drawn> {
    let at = |p: &(f64, f64)| place(pt(p.0, p.1));
    let line = |l: &[(f64, f64)]| l.iter().map(at).collect::<Vec<_>>();
    let texte = |t: &str| (!t.is_empty()).then(|| t.to_owned());
    let points = details.points.iter().map(|(sym, p)| (*sym, None, SymboleShape::Point(at(p), 0.0)));
    let lines = details.lines.iter().map(|(sym, text, l)| (*sym, texte(text), SymboleShape::Line(line(l))));
    let surfaces = details.surfaces.iter().map(|(sym, text, l)| {
        let mut ring = smooth(&[line(l), vec![at(&l[0])]].concat(), 8.0);
        ring.dedup();
        (*sym, texte(text), SymboleShape::Surface(snapped(&Polygon::new(geo_types::LineString(ring), vec![]))))
    });
    points.chain(lines).chain(surfaces).collect()
}

/// Pools behind some of the detached houses.
fn pools(commune: &Commune, rng: &mut Rng) -> Vec<Drawn> {
    let mut out = Vec::new();
    for (number, parcelle) in commune.parcelles.iter().enumerate() {
        let Some(front) =
            parcelle.front.filter(|_| parcelle.usage == Usage::Habitation && parcelle.polygon.unsigned_area() > 600.0)
        else {
            continue;
        };
        if !rng.chance(0.2) {
            continue;
        }
        let along = direction(front.a, front.b);
        let inward = rotate(along, std::f64::consts::FRAC_PI_2);
        let back = rng.range(22.0, 30.0);
        let gate = midpoint(front.a, front.b);
        let m = pt(gate.x + inward.x * back, gate.y + inward.y * back);
        let basin = oriented_rectangle(m, along, 8.0, 4.0);
        let margin = oriented_rectangle(m, along, 10.0, 6.0);
        let built = commune.batiments.iter().any(|b| b.parcelles.contains(&number) && b.polygon.intersects(&margin));
        if parcelle.polygon.contains(&margin) && !built {
            out.push((65, None, SymboleShape::Surface(snapped(&basin))));
        }
    }
    out
}

/// Walls and hedges on the sides that neighbours share, in gardens.
fn party_walls(commune: &Commune, rng: &mut Rng) -> Vec<Drawn> {
    let mut out = Vec::new();
    for (number, parcelle) in commune.parcelles.iter().enumerate() {
        if parcelle.usage != Usage::Habitation || parcelle.polygon.unsigned_area() < 250.0 || !rng.chance(0.12) {
            continue;
        }
        let sides = parcelle.polygon.exterior().0.windows(2).filter(|e| length(e) > 12.0);
        let Some(side) = sides.max_by(|a, b| length(a).total_cmp(&length(b))) else {
            continue;
        };
        let at = snap(midpoint(side[0], side[1]));
        let normal = rotate(direction(side[0], side[1]), std::f64::consts::FRAC_PI_2);
        let sym = [39, 40, 45][usize::try_from(rng.int(0, 2)).unwrap_or(0)];
        out.push((sym, None, SymboleShape::Limite(at, degrees(normal), number)));
    }
    out
}

/// One charge on a vineyard or field of each commune: the strip under a right of way.
fn charges(commune: &Commune) -> Vec<Drawn> {
    let suited = |p: &(usize, &super::model::Parcelle)| {
        p.1.front.is_some() && p.1.subdivisions.is_empty() && matches!(p.1.usage, Usage::Culture | Usage::Vigne)
    };
    let chosen = commune.parcelles.iter().enumerate().filter(suited).step_by(60).take(2);
    chosen
        .filter_map(|(number, parcelle)| {
            let front = parcelle.front?;
            let base = crate::geometry::Cut { through: front.a, along: direction(front.a, front.b) };
            let strip = largest(MultiPolygon(crate::geometry::strip(&parcelle.polygon, base, -5.0, 6.0)))?;
            Some((32, None, SymboleShape::Charge(snapped(&strip), 'A', number)))
        })
        .collect()
}

/// Stones at the corners of surveyed parcels; a few bolts and crosses in town.
fn boundary_marks(commune: &mut Commune, rng: &mut Rng) {
    let mut seen = std::collections::BTreeSet::new();
    let surveyed: Vec<usize> = (0..commune.parcelles.len()).filter(|n| commune.parcelles[*n].arpentee).collect();
    for number in surveyed {
        let feuille = commune.parcelles[number].feuille;
        let corners = commune.parcelles[number].polygon.exterior().0.clone();
        for at in corners.into_iter().skip(1) {
            if !seen.insert(key(at)) || rng.chance(0.35) {
                continue;
            }
            let urban = commune.parcelles[number].polygon.unsigned_area() < 900.0;
            let kind = if urban && rng.chance(0.15) {
                BorneKind::Boulon
            } else if urban && rng.chance(0.12) {
                BorneKind::Croix
            } else {
                BorneKind::Borne
            };
            let touches = |p: &super::model::Parcelle| p.polygon.exterior().0.contains(&at);
            let parcelles = (0..commune.parcelles.len())
                .filter(|n| commune.parcelles[*n].feuille == feuille && touches(&commune.parcelles[*n]))
                .collect();
            let dates = dates(rng);
            commune.bornes.push(Borne { feuille, kind, at, parcelles, dates });
        }
    }
}

/// Survey stations on the roads, a few a feuille.
fn survey_points(commune: &mut Commune, rng: &mut Rng) {
    let mut number = 0;
    for feuille in 0..commune.feuilles.len() {
        let sheet = MultiPolygon(commune.feuilles[feuille].polygons.clone());
        let mut on_sheet = 0;
        for voie in commune.voies.iter().filter(|v| v.genre.is_road()) {
            let kerb = offset_line(&voie.axe, voie.largeur / 2.0 - 0.8);
            let Some((at, _)) = point_at(&kerb, length(&kerb) * 0.3) else {
                continue;
            };
            if on_sheet < 4 && sheet.contains(&Point::from(at)) {
                on_sheet += 1;
                number += 1;
                let (at, dates) = (snap(at), dates(rng));
                commune.bornes.push(Borne {
                    feuille,
                    kind: BorneKind::Canevas(number),
                    at,
                    parcelles: Vec::new(),
                    dates,
                });
            }
        }
    }
}
