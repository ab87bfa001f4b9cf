//! The plan in words, for those who can't see it.

use std::collections::BTreeSet;

use geo_types::Rect;

use crate::draw::subjects;
use crate::fonts::Fonts;
use crate::frame::Frame;
use crate::model::Extrait;

/// Neighbours named before « et n autres ».
const VOISINES: usize = 12;
/// References tried in one line: more fit on no sheet.
const VISIBLES: usize = 80;
/// Longest description, in characters: a screen reader says it in one go.
const LONGUEUR: usize = 900;

/// Title of a plan: « Plan cadastral, parcelle AB 145, Valbrume-sur-Ourche ».
pub(crate) fn title(extrait: &Extrait, fonts: &Fonts) -> String {
    let commune = fonts.line(&extrait.cartouche.commune, 60);
    let parcels = parcels(extrait, fonts, 3);
    if commune.is_empty() {
        format!("Plan cadastral, {parcels}")
    } else {
        format!("Plan cadastral, {parcels}, {commune}")
    }
}

/// « parcelle AB 145 », « parcelles AB 145, AB 146 et 3 autres ».
pub(crate) fn parcels(extrait: &Extrait, fonts: &Fonts, most: usize) -> String {
    let references: Vec<String> = extrait.sujets.iter().map(|sujet| fonts.line(&sujet.reference, 24)).collect();
    match references.as_slice() {
        [] => "sans parcelle désignée".to_owned(),
        [one] => format!("parcelle {one}"),
        many => format!("parcelles {}", list(many, most)),
    }
}

/// As many references as `fits` lets through, at least one: « parcelles AB 145, AB 146 et 3 autres ».
pub(crate) fn parcels_in(extrait: &Extrait, fonts: &Fonts, fits: impl Fn(&str) -> bool) -> String {
    let most = extrait.sujets.len().clamp(1, VISIBLES);
    let tries = (1..=most).rev().map(|most| parcels(extrait, fonts, most));
    tries.into_iter().find(|text| fits(text)).unwrap_or_else(|| parcels(extrait, fonts, 1))
}

/// Alternative text: the caller's, else what is shown, to which scale, with which neighbours.
pub(crate) fn alternative(extrait: &Extrait, frame: &Frame, echelle: Option<&str>, fonts: &Fonts) -> String {
    if let Some(text) =
        extrait.alternative.as_ref().map(|text| fonts.line(text, LONGUEUR)).filter(|text| !text.is_empty())
    {
        return text;
    }
    let commune = fonts.line(&extrait.cartouche.commune, 60);
    let scale = echelle.map(|echelle| format!(" au {echelle}")).unwrap_or_default();
    let place = if commune.is_empty() { String::new() } else { format!(", commune de {commune}") };
    let text = format!("Plan{scale}, nord en haut : {} en évidence{place}.", parcels(extrait, fonts, VOISINES));
    let subjects = subjects(extrait);
    let visible =
        |shape: &geo_types::MultiPolygon<f64>| shape.0.iter().any(|polygon| !frame.visible(polygon).is_empty());
    let around: BTreeSet<String> = extrait
        .plan
        .parcelles
        .iter()
        .filter(|parcelle| !subjects.contains(parcelle.idu.as_str()) && visible(&parcelle.geom))
        .map(|parcelle| fonts.line(&parcelle.numero, 12))
        .filter(|numero| !numero.is_empty())
        .collect();
    let around: Vec<String> = around.into_iter().collect();
    let around = match around.as_slice() {
        [] => String::new(),
        [one] => format!(" Autre parcelle visible : {one}."),
        many => format!(" Autres parcelles visibles : {}.", list(many, VOISINES)),
    };
    let buildings = extrait.plan.batiments.iter().filter(|batiment| visible(&batiment.geom)).count();
    let buildings = match buildings {
        0 => String::new(),
        1 => " Un bâtiment est dessiné.".to_owned(),
        many => format!(" {many} bâtiments sont dessinés."),
    };
    format!("{text}{around}{buildings}")
}

/// « a, b et c », « a, b et 3 autres »; never « et 1 autre », which is no shorter than its name.
pub(crate) fn list(items: &[String], most: usize) -> String {
    let more = items.len().saturating_sub(most);
    if more > 1 {
        return format!("{} et {more} autres", items[..most].join(", "));
    }
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} et {last}", head.join(", ")),
    }
}

/// Bounds of the subjects' shapes, in metres; nothing when none has a shape.
pub(crate) fn bounds(extrait: &Extrait) -> Option<Rect<f64>> {
    let subjects = subjects(extrait);
    let shapes = extrait.plan.parcelles.iter().filter(|parcelle| subjects.contains(parcelle.idu.as_str()));
    let points = shapes.flat_map(|parcelle| parcelle.geom.0.iter()).flat_map(|polygon| polygon.exterior().0.iter());
    points.filter(|point| point.x.is_finite() && point.y.is_finite()).fold(None, |bounds, point| {
        let here = Rect::new(*point, *point);
        Some(bounds.map_or(here, |bounds: Rect<f64>| {
            Rect::new(
                (bounds.min().x.min(point.x), bounds.min().y.min(point.y)),
                (bounds.max().x.max(point.x), bounds.max().y.max(point.y)),
            )
        }))
    })
}

/// Bookmark of a page: « AB 145, Valbrume-sur-Ourche ».
pub(crate) fn bookmark(extrait: &Extrait, fonts: &Fonts) -> String {
    let references: Vec<String> = extrait.sujets.iter().map(|sujet| fonts.line(&sujet.reference, 24)).collect();
    let commune = fonts.line(&extrait.cartouche.commune, 60);
    let words = [list(&references, 2), commune];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_more_is_named() {
        let items: Vec<String> = (1..=9).map(|rank| format!("AB {rank}")).collect();
        assert_eq!(list(&items[..1], 3), "AB 1");
        assert_eq!(list(&items[..4], 3), "AB 1, AB 2, AB 3 et AB 4");
        assert_eq!(list(&items[..5], 3), "AB 1, AB 2, AB 3 et 2 autres");
        for many in 0..9 {
            for most in 1..9 {
                assert!(!list(&items[..many], most).contains("1 autre"), "{many} {most}");
            }
        }
    }
}
