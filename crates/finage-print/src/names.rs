//! Which names a map wants, in which order, and where each may stand.

use std::collections::HashSet;

use geo_types::{Coord, MultiPolygon};

use crate::draw::subjects;
use crate::drawing::Couleur;
use crate::fonts::{CAPITALE, Fonts, Graisse};
use crate::frame::{Frame, area, inside};
use crate::labels::{Boite, Essai, Places, Pose, Voulu};
use crate::model::{Ancre, Ecriture, Extrait, GenreEcriture, GenreLimite, Label, Parcelle};
use crate::pole::{depth, pole};
use crate::symbols;
use crate::theme;

/// Longest name written on a map, in characters.
const LONGUEUR: usize = 60;
/// Names tried on a map: beyond, a page is black.
const NOMBRE: usize = 20_000;

struct Scene<'a> {
    frame: &'a Frame,
    fonts: &'a Fonts,
    unit: f64,
    places: Places,
    poses: Vec<Pose>,
    /// What is seen of the subjects: names of areas keep off them.
    subjects: Vec<Vec<Vec<Coord<f64>>>>,
}

/// The names of `extrait` that find a place in `frame`, subjects first, none over another.
pub(crate) fn place(extrait: &Extrait, frame: &Frame, fonts: &Fonts, unit: f64) -> Vec<Pose> {
    let mut scene =
        Scene { frame, fonts, unit, places: Places::new(frame.rect()), poses: Vec::new(), subjects: Vec::new() };
    let subjects = subjects(extrait);
    let plan = &extrait.plan;
    let (first, others): (Vec<&Parcelle>, Vec<&Parcelle>) =
        plan.parcelles.iter().partition(|parcelle| subjects.contains(parcelle.idu.as_str()));
    // A subject in two parts, or given twice, is named once.
    let mut named = HashSet::new();
    for parcelle in first.into_iter().filter(|parcelle| named.insert(parcelle.idu.as_str())) {
        let shapes = parcelle.geom.0.iter().map(|polygon| frame.visible(polygon)).filter(|rings| !rings.is_empty());
        scene.subjects.extend(shapes);
        scene.parcel(parcelle, &[9.5, 8.5, 7.5], true);
    }
    for limite in plan.limites.iter().filter(|limite| limite.genre == GenreLimite::Section) {
        if let Some(nom) = &limite.nom {
            scene.area(nom, &limite.geom, &[15.0, 12.0], theme::SECTION_NOM);
        }
    }
    for symbole in &plan.symboles {
        let centre = frame.place(symbole.point);
        if inside(centre, frame.rect()) {
            scene.places.take(Boite::square(centre, symbols::half(frame, unit)));
        }
    }
    for parcelle in others.into_iter().take(NOMBRE) {
        scene.parcel(parcelle, &[7.0, 6.2, 5.5], false);
    }
    for genre in [GenreEcriture::Voie, GenreEcriture::Eau, GenreEcriture::LieuDit, GenreEcriture::Autre] {
        for ecriture in plan.ecritures.iter().filter(|ecriture| ecriture.genre == genre).take(NOMBRE) {
            scene.writing(ecriture);
        }
    }
    for limite in plan.limites.iter().filter(|limite| limite.genre != GenreLimite::Section) {
        if let Some(nom) = &limite.nom {
            scene.area(nom, &limite.geom, &[9.0, 7.0], theme::AUTRE_NOM);
        }
    }
    for numero in plan.numeros.iter().take(NOMBRE) {
        scene.house_number(numero);
    }
    scene.poses
}

impl Scene<'_> {
    fn put(&mut self, texte: &str, graisse: Graisse, couleur: Couleur, essais: Vec<Essai>, oblige: bool) {
        if essais.is_empty() || texte.is_empty() {
            return;
        }
        let width_em = self.fonts.width(texte, graisse, 1.0);
        let voulu = Voulu { texte: texte.to_owned(), graisse, couleur, width_em, essais, oblige };
        self.poses.extend(self.places.put(voulu));
    }

    /// A parcel number: where the draughtsman put it, else where the shape is widest, smaller if it must be.
    fn parcel(&mut self, parcelle: &Parcelle, sizes: &[f64], subject: bool) {
        let Some(rings) = self.largest(&parcelle.geom) else { return };
        let limit = if subject { 24 } else { 12 };
        let texte = self.fonts.line(&parcelle.numero, limit);
        let texte = if texte.is_empty() && subject { self.fonts.line(&parcelle.idu, limit) } else { texte };
        let graisse = if subject { Graisse::Grasse } else { Graisse::Normale };
        let width_em = self.fonts.width(&texte, graisse, 1.0);
        let drawn = parcelle.label.as_ref().map(|label| {
            let size = self.size(label, sizes[0], sizes[0]);
            self.centre(label, size, width_em * size)
        });
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
        self.put(&texte, graisse, couleur, essais, subject);
    }

    /// The name of an area, in the middle of what is seen of it.
    fn area(&mut self, nom: &str, shape: &MultiPolygon<f64>, sizes: &[f64], couleur: Couleur) {
        let Some(rings) = self.largest(shape) else { return };
        let texte = self.fonts.line(nom, LONGUEUR);
        let width_em = self.fonts.width(&texte, Graisse::Grasse, 1.0);
        let Some((pole, _)) = pole(&rings, (width_em * 0.7).max(1.0)) else { return };
        let room = self.frame.width().min(self.frame.height()) / 5.0;
        let mut essais = Vec::new();
        for &size in sizes {
            let size = size * self.unit;
            let centres = std::iter::once(pole).chain([0.35, 0.8, 1.3, 1.8, 2.2].into_iter().flat_map(|far| {
                (0..12).map(move |turn| {
                    let (sin, cos) = (f64::from(turn) * std::f64::consts::TAU / 12.0).sin_cos();
                    pole + Coord { x: cos, y: sin } * (room * far)
                })
            }));
            for centre in centres {
                let essai = Essai { centre, angle: 0.0, size };
                if self.suits_area(&Boite::of(width_em, &essai), &rings) {
                    essais.push(essai);
                }
            }
        }
        self.put(&texte, Graisse::Grasse, couleur, essais, false);
    }

    /// Whether a name there lies in its area and clear of the subjects.
    fn suits_area(&self, boite: &Boite, rings: &[Vec<Coord<f64>>]) -> bool {
        let mut points = boite.corners().to_vec();
        points.push(boite.centre);
        points.iter().all(|point| {
            depth(*point, rings) > 0.0 && self.subjects.iter().all(|subject| depth(*point, subject) < -4.0 * self.unit)
        })
    }

    /// A name of the plan: at its place, else a little further along its own line.
    fn writing(&mut self, ecriture: &Ecriture) {
        let (graisse, couleur, low, high) = match ecriture.genre {
            GenreEcriture::Voie => (Graisse::Normale, theme::VOIE_NOM, 6.0, 9.5),
            GenreEcriture::LieuDit => (Graisse::Normale, theme::LIEU_DIT_NOM, 7.0, 11.0),
            GenreEcriture::Eau => (Graisse::Normale, theme::EAU_NOM, 6.0, 9.5),
            GenreEcriture::Autre => (Graisse::Normale, theme::AUTRE_NOM, 5.5, 8.0),
        };
        let texte = self.fonts.line(&ecriture.label.texte, LONGUEUR);
        let size = self.size(&ecriture.label, low, high);
        let width = self.fonts.width(&texte, graisse, size);
        let angle = upright(-ecriture.label.angle_deg);
        let (sin, cos) = angle.to_radians().sin_cos();
        let centre = self.centre(&ecriture.label, size, width);
        if !near(centre, self.frame, width) {
            return;
        }
        let mut essais = Vec::new();
        for size in [size, (size * 0.85).max(low * self.unit)] {
            for step in [0.0, 0.3, -0.3, 0.6, -0.6, 1.0, -1.0, 1.5, -1.5] {
                essais.push(Essai { centre: centre + Coord { x: cos, y: sin } * (width * step), angle, size });
            }
        }
        self.put(&texte, graisse, couleur, essais, false);
    }

    fn house_number(&mut self, numero: &Label) {
        let texte = self.fonts.line(&numero.texte, 8);
        let size = self.size(numero, 5.0, 6.5);
        let width = self.fonts.width(&texte, Graisse::Normale, size);
        let centre = self.centre(numero, size, width);
        if !near(centre, self.frame, 0.0) {
            return;
        }
        let angle = upright(-numero.angle_deg);
        let shifts = [(0.0, 0.0), (0.0, -0.7), (0.0, 0.7), (0.9, 0.0), (-0.9, 0.0)];
        let essais = shifts.map(|(x, y)| Essai { centre: centre + Coord { x, y } * size, angle, size });
        self.put(&texte, Graisse::Normale, theme::VOIRIE, essais.to_vec(), false);
    }

    /// Middle of a text of that size and width on the page.
    fn centre(&self, label: &Label, size: f64, width: f64) -> Coord<f64> {
        let place = self.frame.place(label.point);
        match label.ancre {
            Ancre::Centre => place,
            Ancre::BasGauche => {
                let angle = if label.angle_deg.is_finite() { -label.angle_deg } else { 0.0 };
                let (sin, cos) = angle.to_radians().sin_cos();
                place + Coord { x: cos, y: sin } * (width / 2.0) - Coord { x: -sin, y: cos } * (size * CAPITALE / 2.0)
            }
        }
    }

    /// Size of a text from the height of its letters on the ground, kept between two sizes that can be read.
    fn size(&self, label: &Label, low: f64, high: f64) -> f64 {
        let wanted = label.hauteur_m.filter(|height| height.is_finite()).map(|height| height * self.frame.per_metre);
        wanted.unwrap_or(0.0).clamp(low * self.unit, high * self.unit)
    }

    /// What the frame shows of the largest part of a shape.
    fn largest(&self, shape: &MultiPolygon<f64>) -> Option<Vec<Vec<Coord<f64>>>> {
        let parts = shape.0.iter().map(|polygon| self.frame.visible(polygon)).filter(|rings| !rings.is_empty());
        parts.max_by(|a, b| area(&a[0]).abs().total_cmp(&area(&b[0]).abs()))
    }
}

/// Whether something centred there, of that reach, may be seen in the frame.
fn near(centre: Coord<f64>, frame: &Frame, reach: f64) -> bool {
    let rect = frame.rect();
    centre.x >= rect.min().x - reach
        && centre.x <= rect.max().x + reach
        && centre.y >= rect.min().y - reach
        && centre.y <= rect.max().y + reach
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

/// The same direction, read without turning the head upside down: in (-90°, 90°].
fn upright(angle: f64) -> f64 {
    if !angle.is_finite() {
        return 0.0;
    }
    let angle = angle.rem_euclid(180.0);
    if angle > 90.0 { angle - 180.0 } else { angle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_never_upside_down() {
        assert!((upright(170.0) - -10.0).abs() < 1e-9);
        assert!((upright(-100.0) - 80.0).abs() < 1e-9);
        assert!((upright(90.0) - 90.0).abs() < 1e-9);
        assert!(upright(f64::NAN).abs() < 1e-9);
    }
}

#[cfg(test)]
mod laws {
    use geo_types::{LineString, Polygon, Rect};
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Limite, Sujet};

    fn frame() -> Frame {
        Frame {
            terrain: Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 100.0, y: 120.0 }),
            x: 30.0,
            y: 50.0,
            per_metre: 4.0,
        }
    }

    fn parcel(rank: usize, (x, y, width, height, slant): (f64, f64, f64, f64, f64)) -> Parcelle {
        let at = |dx: f64, dy: f64| Coord { x: x + dx * width + dy * slant, y: y + dy * height };
        let ring = LineString::new(vec![at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0), at(0.0, 0.0)]);
        Parcelle {
            idu: rank.to_string(),
            numero: (rank * 37 % 9999).to_string(),
            geom: MultiPolygon::new(vec![Polygon::new(ring, vec![])]),
            label: None,
        }
    }

    fn label(rank: usize, x: f64, y: f64, angle_deg: f64) -> Label {
        Label {
            texte: format!("Rue n° {rank}"),
            point: Coord { x, y },
            ancre: if rank.is_multiple_of(2) { Ancre::Centre } else { Ancre::BasGauche },
            angle_deg,
            hauteur_m: Some(2.0),
        }
    }

    prop_compose! {
        fn plans()(
            shapes in prop::collection::vec((0.0..95.0, 0.0..115.0, 0.5..40.0, 0.5..40.0, -20.0..20.0_f64), 1..60),
            names in prop::collection::vec((-10.0..110.0, -10.0..130.0, -400.0..400.0_f64), 0..60),
            subjects in 1_usize..6,
        ) -> Extrait {
            let mut extrait = Extrait::default();
            extrait.plan.parcelles = shapes.into_iter().enumerate().map(|(rank, shape)| parcel(rank, shape)).collect();
            let first = extrait.plan.parcelles.iter().take(subjects);
            extrait.sujets =
                first.map(|p| Sujet { idu: p.idu.clone(), reference: p.numero.clone(), ..Sujet::default() }).collect();
            for (rank, (x, y, angle)) in names.into_iter().enumerate() {
                let genre = [GenreEcriture::Voie, GenreEcriture::LieuDit][rank % 2];
                extrait.plan.ecritures.push(Ecriture { genre, label: label(rank, x, y, angle) });
                extrait.plan.numeros.push(label(rank, y, x, 0.0));
            }
            let geom = MultiPolygon::new(vec![frame().terrain.to_polygon()]);
            extrait.plan.limites.push(Limite { genre: GenreLimite::Section, nom: Some("AB".to_owned()), geom });
            extrait
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn names_never_cover_each_other_nor_leave_the_frame(extrait in plans()) {
            let poses = place(&extrait, &frame(), Fonts::embedded().unwrap(), 1.0);
            let boxes: Vec<Boite> = poses.iter().map(|pose| Boite::of(pose.voulu.width_em, &pose.essai)).collect();
            for (rank, one) in boxes.iter().enumerate() {
                prop_assert!(one.within(frame().rect()), "{:?}", poses[rank]);
                for (other, two) in boxes.iter().enumerate().skip(rank + 1) {
                    prop_assert!(!one.overlaps(two), "{:?} {:?}", poses[rank], poses[other]);
                }
            }
        }

        #[test]
        fn every_subject_is_named(extrait in plans()) {
            let poses = place(&extrait, &frame(), Fonts::embedded().unwrap(), 1.0);
            for sujet in &extrait.sujets {
                let named = poses.iter().filter(|pose| pose.voulu.oblige && pose.voulu.texte == sujet.reference).count();
                prop_assert_eq!(named, 1, "{}", &sujet.reference);
            }
        }
    }

    #[test]
    fn three_hundred_tiny_subjects_are_all_named() {
        let mut extrait = Extrait::default();
        extrait.plan.parcelles = (0..300)
            .map(|rank: u16| {
                parcel(
                    rank.into(),
                    (40.0 + f64::from(rank % 20) * 0.5, 50.0 + f64::from(rank / 20) * 0.5, 0.5, 0.5, 0.0),
                )
            })
            .collect();
        let all = extrait.plan.parcelles.iter();
        extrait.sujets = all.map(|p| Sujet { idu: p.idu.clone(), ..Sujet::default() }).collect();
        assert_eq!(place(&extrait, &frame(), Fonts::embedded().unwrap(), 1.0).len(), 300);
    }
}
