//! From the objects of a plan to the layers and names of a map.

use std::collections::HashSet;

use geo_types::{Coord, Rect};

use crate::drawing::{Chemin, Couche, Dessin, Style, Texte};
use crate::fonts::{CAPITALE, Fonts};
use crate::frame::Frame;
use crate::labels::Pose;
use crate::model::{Extrait, GenreLimite, GenreTroncon};
use crate::names;
use crate::symbols;
use crate::theme;

/// The map of `extrait` in `frame`; `unit` is the size of a point there (1 on paper), names keep off what is `taken`.
pub(crate) fn draw(extrait: &Extrait, frame: &Frame, fonts: &Fonts, unit: f64, taken: &[Rect<f64>]) -> Dessin {
    let mut dessin = Dessin::default();
    grounds(extrait, frame, &mut dessin);
    buildings(extrait, frame, unit, &mut dessin);
    lines(extrait, frame, &mut dessin);
    symbols::draw(&extrait.plan.symboles, frame, unit, &mut dessin);
    let poses = names::place(extrait, frame, fonts, unit, taken);
    let mut leaders = Chemin::default();
    for pose in poses {
        if let Some((from, to)) = pose.rappel {
            leaders.open(vec![from, to]);
        }
        dessin.textes.push(text_of(pose));
    }
    dessin.add(leaders, theme::RAPPEL);
    dessin
}

/// The identifiers of the subjects.
pub(crate) fn subjects(extrait: &Extrait) -> HashSet<&str> {
    extrait.sujets.iter().map(|sujet| sujet.idu.as_str()).collect()
}

fn grounds(extrait: &Extrait, frame: &Frame, dessin: &mut Dessin) {
    let (mut water, mut water_lines) = (Chemin::default(), Chemin::default());
    let (mut ways, mut way_lines) = (Chemin::default(), Chemin::default());
    for troncon in &extrait.plan.troncons {
        match troncon.genre {
            GenreTroncon::Eau => frame.geometry(&troncon.geom, &mut water_lines, &mut water),
            GenreTroncon::Route | GenreTroncon::Voie => frame.geometry(&troncon.geom, &mut way_lines, &mut ways),
        }
    }
    let over = |style: Style| if extrait.fond.is_some() { style.opacity(theme::SUR_FOND) } else { style };
    if extrait.fond.is_none() {
        dessin.add(ways, theme::VOIE);
    }
    dessin.add(water, over(theme::EAU));
    let subjects = subjects(extrait);
    let mut highlighted = Chemin::default();
    for parcelle in extrait.plan.parcelles.iter().filter(|parcelle| subjects.contains(parcelle.idu.as_str())) {
        frame.polygons(&parcelle.geom, &mut highlighted);
    }
    dessin.add(highlighted, over(theme::SUJET));
    dessin.add(water_lines, theme::EAU_LIGNE);
    dessin.add(way_lines, theme::VOIE_LIGNE);
}

fn buildings(extrait: &Extrait, frame: &Frame, unit: f64, dessin: &mut Dessin) {
    let (mut solid, mut light) = (Chemin::default(), Chemin::default());
    for batiment in &extrait.plan.batiments {
        frame.polygons(&batiment.geom, if batiment.dur { &mut solid } else { &mut light });
    }
    if extrait.fond.is_none() {
        dessin.add(light.clone(), theme::LEGER);
        dessin.add(solid.clone(), theme::DUR);
    }
    dessin.add(light, theme::LEGER_CONTOUR);
    if !solid.is_empty() {
        let lignes = hatches(frame.rect(), &solid, theme::PAS_HACHURES * unit);
        dessin.couches.push(Couche::Hachures { decoupe: solid.clone(), lignes, style: theme::DUR_HACHURES });
        dessin.add(solid, theme::DUR_CONTOUR);
    }
}

fn lines(extrait: &Extrait, frame: &Frame, dessin: &mut Dessin) {
    let mut details = Chemin::default();
    let mut surfaces = Chemin::default();
    for detail in &extrait.plan.details {
        frame.geometry(detail, &mut details, &mut surfaces);
    }
    details.parts.append(&mut surfaces.parts);
    dessin.add(details, theme::DETAIL);

    let subjects = subjects(extrait);
    let (mut parcels, mut highlighted) = (Chemin::default(), Chemin::default());
    for parcelle in &extrait.plan.parcelles {
        frame.polygons(&parcelle.geom, &mut parcels);
        if subjects.contains(parcelle.idu.as_str()) {
            frame.polygons(&parcelle.geom, &mut highlighted);
        }
    }
    let limits = |genre: GenreLimite| {
        let mut chemin = Chemin::default();
        for limite in extrait.plan.limites.iter().filter(|limite| limite.genre == genre) {
            frame.polygons(&limite.geom, &mut chemin);
        }
        chemin
    };
    let communes = limits(GenreLimite::Commune);
    dessin.add(communes.clone(), theme::COMMUNE_HALO);
    if extrait.fond.is_some() {
        dessin.add(parcels.clone(), theme::PARCELLE_HALO);
    }
    dessin.add(parcels, theme::PARCELLE);
    dessin.add(limits(GenreLimite::Feuille), theme::FEUILLE);
    dessin.add(limits(GenreLimite::Section), theme::SECTION);
    dessin.add(communes, theme::COMMUNE);
    dessin.add(highlighted.clone(), theme::SUJET_HALO);
    dessin.add(highlighted, theme::SUJET_CONTOUR);
}

/// Parallel lines at 45° over the part of the frame that the outlines reach.
fn hatches(frame: Rect<f64>, outlines: &Chemin, step: f64) -> Chemin {
    let mut sums: Vec<(f64, f64)> = Vec::with_capacity(outlines.parts.len());
    for part in &outlines.parts {
        let sum = part.points.iter().map(|[x, y]| f64::from(x + y));
        sums.push(sum.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value))));
    }
    let mut chemin = Chemin::default();
    // Each line x + y = c, where some outline lies: most of a sparse plan has none.
    sums.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (min, max) = (frame.min(), frame.max());
    let (low, high) = (min.x + min.y, max.x + max.y);
    let mut next = (low / step).ceil();
    for (from, to) in sums {
        next = next.max((from / step).ceil());
        while next * step <= to.min(high) {
            let c = next * step;
            let x1 = (c - max.y).max(min.x);
            let x2 = (c - min.y).min(max.x);
            chemin.segment(x1, c - x1, x2, c - x2);
            next += 1.0;
        }
    }
    chemin
}

/// The start of the baseline of a text from its middle.
fn text_of(pose: Pose) -> Texte {
    let Pose { voulu, essai, .. } = pose;
    let (sin, cos) = essai.angle.to_radians().sin_cos();
    let along = Coord { x: cos, y: sin } * (voulu.width_em * essai.size / 2.0);
    let down = Coord { x: -sin, y: cos } * (CAPITALE * essai.size / 2.0);
    let start = essai.centre - along + down;
    Texte {
        contenu: voulu.texte,
        x: start.x,
        y: start.y,
        angle: essai.angle,
        size: essai.size,
        graisse: voulu.graisse,
        couleur: voulu.couleur,
    }
}
