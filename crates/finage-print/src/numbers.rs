//! The numbers of parcels, and the letters of sections among them.

use geo_types::Coord;

use crate::fonts::Graisse;
use crate::frame::area;
use crate::labels::{Boite, Essai, Voulu};
use crate::model::Parcelle;
use crate::names::{Scene, upright};
use crate::pole::{depth, pole};
use crate::road::length;
use crate::theme;

/// A parcel number and what is seen of its parcel.
pub(crate) struct Numero {
    pub(crate) voulu: Voulu,
    rings: Vec<Vec<Coord<f64>>>,
}

impl Scene<'_> {
    /// The numbers of the neighbours, then the letters of the sections, which may stand in many places; those that the
    /// numbers left no place near the middle of their section come first after all, and numbers go elsewhere.
    pub(crate) fn neighbours_and_sections(&mut self, neighbours: &[Numero], sections: &[Voulu]) {
        let (places, poses) = (self.places.clone(), self.poses.len());
        let mut first = vec![false; sections.len()];
        for last in [false, true] {
            for (section, _) in sections.iter().zip(&first).filter(|(_, first)| **first) {
                self.put(section.clone());
            }
            for numero in neighbours {
                if !self.put(numero.voulu.clone()) {
                    let essais = elsewhere(numero);
                    self.put(Voulu { essais, ..numero.voulu.clone() });
                }
            }
            let mut missing = first.clone();
            for ((section, first), missing) in sections.iter().zip(&first).zip(&mut missing) {
                *missing = !*first && !self.put(Voulu { essais: self.central(section), ..section.clone() });
            }
            if last || !missing.contains(&true) {
                return;
            }
            first = missing;
            self.places = places.clone();
            self.poses.truncate(poses);
        }
    }

    /// The places of a section's letters that are large and near the middle.
    fn central(&self, section: &Voulu) -> Vec<Essai> {
        let Some(best) = section.essais.first() else { return Vec::new() };
        let near = self.frame.width().min(self.frame.height()) / 10.0;
        let central = section.essais.iter().filter(|essai| length(essai.centre - best.centre) <= near);
        central.take_while(|essai| essai.size >= best.size).copied().collect()
    }

    /// A parcel number: where the draughtsman put it, else where the shape is widest, smaller if it must be.
    pub(crate) fn number(&self, parcelle: &Parcelle, sizes: &[f64], subject: bool) -> Option<Numero> {
        let rings = self.largest(&parcelle.geom)?;
        let limit = if subject { 24 } else { 12 };
        let texte = self.fonts.line(&parcelle.numero, limit);
        let texte = if texte.is_empty() && subject { self.fonts.line(&parcelle.idu, limit) } else { texte };
        let graisse = if subject { Graisse::Grasse } else { Graisse::Normale };
        let width_em = self.fonts.width(&texte, graisse, 1.0);
        let drawn = parcelle.label.as_ref().map(|label| self.drawn(label, graisse, sizes[0]));
        // The pole along the text: a strip takes its number lengthways, an upright one across.
        let flat = (width_em + 0.2).max(1.0);
        let pole = pole(&rings, flat).map(|(centre, _)| centre);
        let mut essais = Vec::new();
        let mut outside = Vec::new();
        for &size in sizes {
            for centre in drawn.into_iter().chain(pole) {
                let essai = Essai { centre, angle: 0.0, size: size * self.unit };
                let corners = Boite::of(width_em, &essai).corners();
                if corners.iter().all(|corner| depth(*corner, &rings) > 0.0) {
                    essais.push(essai);
                } else {
                    outside.push(essai);
                }
            }
            if essais.is_empty() {
                essais.extend(along(&rings, width_em, size * self.unit));
            }
        }
        // Over its edges at the smallest size: read all the same when most of it is inside.
        let roomy = |essai: &Essai| {
            let corners = Boite::of(width_em, essai).corners();
            subject || depth(essai.centre, &rings) > 0.3 * essai.size && corners.iter().any(|c| depth(*c, &rings) > 0.0)
        };
        essais.extend(outside.into_iter().filter(roomy).rev().take(2));
        let couleur = if subject { theme::NUMERO_SUJET } else { theme::NUMERO };
        let voulu = self.voulu(texte, graisse, couleur, essais)?;
        Some(Numero { voulu: Voulu { oblige: subject, ..voulu }, rings })
    }
}

/// Other places inside what is seen of a parcel, the roomiest first, for a number whose own are taken.
fn elsewhere(numero: &Numero) -> Vec<Essai> {
    const ACROSS: u8 = 7;
    let Voulu { width_em, essais, .. } = &numero.voulu;
    let (Some(size), Some(exterior)) = (essais.first().map(|essai| essai.size), numero.rings.first()) else {
        return Vec::new();
    };
    // A shape hardly larger than its number has no other place.
    if area(exterior).abs() / 2.0 < 5.0 * width_em * size * size {
        return Vec::new();
    }
    let (min, max) = exterior.iter().fold((exterior[0], exterior[0]), |(min, max), p| {
        (Coord { x: min.x.min(p.x), y: min.y.min(p.y) }, Coord { x: max.x.max(p.x), y: max.y.max(p.y) })
    });
    let step = (max - min) / f64::from(ACROSS + 1);
    let mut found: Vec<(f64, Essai)> = (1..=ACROSS)
        .flat_map(|row| (1..=ACROSS).map(move |column| (f64::from(column), f64::from(row))))
        .filter_map(|(column, row)| {
            let centre = min + Coord { x: step.x * column, y: step.y * row };
            let essai = Essai { centre, angle: 0.0, size };
            let corners = Boite::of(*width_em, &essai).corners();
            let room = depth(centre, &numero.rings);
            (room > 0.0 && corners.iter().all(|corner| depth(*corner, &numero.rings) > 0.0)).then_some((room, essai))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, essai)| essai).collect()
}

/// A text turned along the longest side of a shape too narrow for it, if it then fits.
fn along(rings: &[Vec<Coord<f64>>], width_em: f64, size: f64) -> Option<Essai> {
    let exterior = rings.first()?;
    let mut longest = (0.0, Coord { x: 1.0, y: 0.0 });
    let mut a = *exterior.last()?;
    for &b in exterior {
        let edge = b - a;
        let length = edge.x.hypot(edge.y);
        if length > longest.0 {
            longest = (length, edge);
        }
        a = b;
    }
    let angle = upright(longest.1.y.atan2(longest.1.x).to_degrees());
    let (sin, cos) = angle.to_radians().sin_cos();
    // The pole is looked for in axes turned with the text, then turned back.
    let turned: Vec<Vec<Coord<f64>>> = rings
        .iter()
        .map(|ring| ring.iter().map(|p| Coord { x: p.x * cos + p.y * sin, y: p.y * cos - p.x * sin }).collect())
        .collect();
    let (pole, _) = pole(&turned, (width_em + 0.2).max(1.0))?;
    let centre = Coord { x: pole.x * cos - pole.y * sin, y: pole.x * sin + pole.y * cos };
    let essai = Essai { centre, angle, size };
    Boite::of(width_em, &essai).corners().iter().all(|corner| depth(*corner, rings) > 0.0).then_some(essai)
}
