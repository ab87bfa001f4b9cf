//! Streets, lanes and the river as objects of the plan, with their names along them.

use geo::{BooleanOps, BoundingRect, Contains, Intersects};
use geo_types::{MultiPolygon, Point};

use super::assemble::dates;
use super::blocks::surface;
use super::faces::Way;
use super::model::{Commune, Ecriture, Troncon, TronconShape, Voie};
use super::numbering::snapped;
use crate::geometry::{Pt, compactness, largest, length, offset_line, point_at, snap};
use crate::plan::Genre;
use crate::rng::Rng;

/// Axes of the named ways of a commune, from limit to limit.
pub fn axes(contour: &geo_types::Polygon<f64>, ways: &[Way]) -> Vec<Voie> {
    let territory = MultiPolygon(vec![contour.clone()]);
    ways.iter()
        .filter(|w| !w.line.name.is_empty())
        .map(|w| (w, longest_run_inside(&w.axis, &territory)))
        .filter(|(_, axe)| length(axe) > 30.0)
        .map(|(w, axe)| Voie { nom: w.line.name.to_owned(), genre: w.line.genre, largeur: w.line.width, axe })
        .collect()
}

/// Adds the road and river objects, feuille by feuille.
pub fn add(seed: u64, index: usize, commune: &mut Commune, ways: &[Way]) {
    let mut rng = Rng::for_purpose(seed, &format!("voirie {index}"));
    for feuille in 0..commune.feuilles.len() {
        let sheet = MultiPolygon(commune.feuilles[feuille].polygons.clone());
        for way in ways.iter().filter(|w| !w.line.name.is_empty()) {
            let inside = run_inside(way, &sheet);
            if length(&inside) < 20.0 && way.line.genre != Genre::Riviere {
                continue;
            }
            match way.line.genre {
                Genre::Rue => name_point(commune, feuille, way, &inside, &mut rng),
                Genre::Route => line(commune, feuille, way, inside, &mut rng),
                Genre::Chemin | Genre::Riviere => {
                    area(commune, feuille, way, &sheet, &inside, &mut rng);
                }
                Genre::Limite | Genre::LimiteCommune => {}
            }
        }
    }
}

/// The axis inside a sheet; where the axis is the sheet's limit, a line on the sheet's side of it.
fn run_inside(way: &Way, sheet: &MultiPolygon<f64>) -> Vec<Pt> {
    [0.0, way.line.width / 5.0, -way.line.width / 5.0]
        .into_iter()
        .map(|shift| longest_run_inside(&offset_line(&way.axis, shift), sheet))
        .reduce(|best, other| if length(&other) > length(&best) + 15.0 { other } else { best })
        .unwrap_or_default()
        .into_iter()
        .map(snap)
        .collect()
}

/// The longest stretch of a line whose points lie in the sheet, its margins kept away from the limit.
fn longest_run_inside(axis: &[Pt], sheet: &MultiPolygon<f64>) -> Vec<Pt> {
    let mut best: Vec<Pt> = Vec::new();
    let mut run: Vec<Pt> = Vec::new();
    for p in axis {
        if sheet.intersects(&Point::from(*p)) {
            run.push(*p);
        } else {
            if length(&run) > length(&best) {
                best.clone_from(&run);
            }
            run.clear();
        }
    }
    if length(&run) > length(&best) { run } else { best }
}

/// Text angle of a direction: never upside down.
pub fn reading_angle(along: Pt) -> f64 {
    let degrees = along.y.atan2(along.x).to_degrees();
    let turned = if degrees > 90.0 {
        degrees - 180.0
    } else if degrees <= -90.0 {
        degrees + 180.0
    } else {
        degrees
    };
    (turned * 10.0).round() / 10.0
}

fn name_point(commune: &mut Commune, feuille: usize, way: &Way, inside: &[Pt], rng: &mut Rng) {
    let Some((at, along)) = point_at(inside, length(inside) / 2.0) else {
        return;
    };
    // A street on the limit of two feuilles is not named twice at the same place.
    let near = |t: &Troncon| {
        t.nom == way.line.name && t.ecritures.iter().any(|e| (e.at.x - at.x).hypot(e.at.y - at.y) < 110.0)
    };
    if commune.troncons.iter().any(near) {
        return;
    }
    let hei = if way.line.width > 7.5 { 3.0 } else { 2.5 };
    let ecriture = Ecriture { at: snap(at), angle: reading_angle(along), hei };
    let dates = dates(rng);
    commune.troncons.push(Troncon {
        feuille,
        genre: way.line.genre,
        nom: way.line.name.to_owned(),
        shape: TronconShape::Nom(snap(at)),
        ecritures: vec![ecriture],
        dates,
    });
}

fn line(commune: &mut Commune, feuille: usize, way: &Way, inside: Vec<Pt>, rng: &mut Rng) {
    if inside.len() < 2 {
        return;
    }
    let ecritures = words_along(way.line.name, &inside, 3.0);
    let dates = dates(rng);
    commune.troncons.push(Troncon {
        feuille,
        genre: way.line.genre,
        nom: way.line.name.to_owned(),
        shape: TronconShape::Line(inside),
        ecritures,
        dates,
    });
}

fn area(commune: &mut Commune, feuille: usize, way: &Way, sheet: &MultiPolygon<f64>, inside: &[Pt], rng: &mut Rng) {
    let whole = surface(way);
    let touches = whole.bounding_rect().zip(sheet.bounding_rect()).is_some_and(|(a, b)| a.intersects(&b));
    if !touches {
        return;
    }
    let Some(polygon) = largest(whole.intersection(sheet)).filter(|p| compactness(p) > 0.002) else {
        return;
    };
    let polygon = snapped(&polygon);
    let words = if length(inside) > 60.0 { words_along(way.line.name, inside, 2.5) } else { Vec::new() };
    let ecritures = words.into_iter().filter(|e| sheet.contains(&Point::from(e.at))).collect();
    let dates = dates(rng);
    commune.troncons.push(Troncon {
        feuille,
        genre: way.line.genre,
        nom: way.line.name.to_owned(),
        shape: TronconShape::Surface(polygon),
        ecritures,
        dates,
    });
}

/// One text a word, spread around the middle of the line in reading order.
fn words_along(name: &str, line: &[Pt], hei: f64) -> Vec<Ecriture> {
    let words: Vec<&str> = name.split(' ').collect();
    let total = length(line);
    let Some((_, along)) = point_at(line, total / 2.0) else {
        return Vec::new();
    };
    // About 1.3 m of ground a letter at 1/2000, squeezed on short lines.
    #[expect(clippy::cast_precision_loss, reason = "a few dozen letters")]
    let advance = |w: &str| (w.chars().count() as f64 + 2.0) * (total / (name.chars().count() as f64 + 4.0)).min(3.6);
    let span: f64 = words.iter().map(|w| advance(w)).sum();
    let eastwards = along.x > 0.0 || (along.x.abs() < 1e-9 && along.y > 0.0);
    let mut run = total / 2.0 - span / 2.0;
    let mut out = Vec::new();
    for word in &words {
        let position = run + advance(word) / 2.0;
        run += advance(word);
        if let Some((at, along)) = point_at(line, if eastwards { position } else { total - position }) {
            out.push(Ecriture { at: snap(at), angle: reading_angle(along), hei });
        }
    }
    out
}
