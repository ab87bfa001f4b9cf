//! Which names a map wants, in which order, and where each may stand.

use std::collections::HashSet;

use geo_types::{Coord, MultiPolygon, Rect};

use crate::draw::subjects;
use crate::drawing::Couleur;
use crate::fonts::{CAPITALE, Fonts, Graisse};
use crate::frame::{Frame, area, inside};
use crate::labels::{Boite, Essai, Places, Pose, Voulu};
use crate::model::{Ancre, Extrait, GenreLimite, Label, Parcelle};
use crate::numbers::Numero;
use crate::pole::{depth, pole};
use crate::symbols;
use crate::theme;

/// Longest name written on a map, in characters.
pub(crate) const LONGUEUR: usize = 60;
/// Names tried on a map: beyond, a page is black.
pub(crate) const NOMBRE: usize = 20_000;
/// Sizes of the numbers of neighbours, in points.
const VOISIN: [f64; 3] = [7.0, 6.2, 5.5];

pub(crate) struct Scene<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) fonts: &'a Fonts,
    pub(crate) unit: f64,
    pub(crate) places: Places,
    pub(crate) poses: Vec<Pose>,
    /// Names of streets on the map, with where each is read.
    pub(crate) streets: Vec<(String, Coord<f64>)>,
    /// What is seen of the subjects: names of areas keep off them.
    subjects: Vec<Vec<Vec<Coord<f64>>>>,
}

/// The names of `extrait` that find a place in `frame`, subjects first, none over another nor over what is `taken`.
pub(crate) fn place(extrait: &Extrait, frame: &Frame, fonts: &Fonts, unit: f64, taken: &[Rect<f64>]) -> Vec<Pose> {
    let mut scene = Scene {
        frame,
        fonts,
        unit,
        places: Places::new(frame.rect()),
        poses: Vec::new(),
        streets: Vec::new(),
        subjects: Vec::new(),
    };
    for rect in taken {
        scene.places.take(Boite::upright(*rect));
    }
    let subjects = subjects(extrait);
    let plan = &extrait.plan;
    let (first, others): (Vec<&Parcelle>, Vec<&Parcelle>) =
        plan.parcelles.iter().partition(|parcelle| subjects.contains(parcelle.idu.as_str()));
    // A subject in two parts, or given twice, is named once.
    let mut named = HashSet::new();
    for parcelle in first.into_iter().filter(|parcelle| named.insert(parcelle.idu.as_str())) {
        let shapes = parcelle.geom.0.iter().map(|polygon| frame.visible(polygon)).filter(|rings| !rings.is_empty());
        scene.subjects.extend(shapes);
        if let Some(numero) = scene.number(parcelle, &[9.5, 8.5, 7.5], true) {
            scene.put(numero.voulu);
        }
    }
    for symbole in &plan.symboles {
        let centre = frame.place(symbole.point);
        if inside(centre, frame.rect()) {
            scene.places.take(Boite::square(centre, symbols::half(frame, unit)));
        }
    }
    let neighbours = others.into_iter().take(NOMBRE);
    let neighbours: Vec<Numero> = neighbours.filter_map(|parcelle| scene.number(parcelle, &VOISIN, false)).collect();
    let sections = plan.limites.iter().filter(|limite| limite.genre == GenreLimite::Section);
    let sections: Vec<Voulu> = sections
        .filter_map(|limite| scene.area(limite.nom.as_ref()?, &limite.geom, &[15.0, 12.0], theme::SECTION_NOM))
        .collect();
    scene.neighbours_and_sections(&neighbours, &sections);
    scene.writings(&plan.ecritures, &plan.parcelles);
    for limite in plan.limites.iter().filter(|limite| limite.genre != GenreLimite::Section) {
        if let Some(nom) = &limite.nom
            && let Some(voulu) = scene.area(nom, &limite.geom, &[9.0, 7.0], theme::AUTRE_NOM)
        {
            scene.put(voulu);
        }
    }
    for numero in plan.numeros.iter().take(NOMBRE) {
        scene.house_number(numero);
    }
    scene.poses
}

impl Scene<'_> {
    /// Puts a text in its first free place and says whether it found one.
    pub(crate) fn put(&mut self, voulu: Voulu) -> bool {
        let pose = self.places.put(voulu);
        let placed = pose.is_some();
        self.poses.extend(pose);
        placed
    }

    /// A text of one style.
    pub(crate) fn voulu(&self, texte: String, graisse: Graisse, couleur: Couleur, essais: Vec<Essai>) -> Option<Voulu> {
        if essais.is_empty() || texte.is_empty() {
            return None;
        }
        let width_em = self.fonts.width(&texte, graisse, 1.0);
        Some(Voulu { texte, graisse, couleur, width_em, essais, oblige: false })
    }

    /// The name of an area, in the middle of what is seen of it.
    fn area(&self, nom: &str, shape: &MultiPolygon<f64>, sizes: &[f64], couleur: Couleur) -> Option<Voulu> {
        let rings = self.largest(shape)?;
        let texte = self.fonts.line(nom, LONGUEUR);
        let width_em = self.fonts.width(&texte, Graisse::Grasse, 1.0);
        let (pole, _) = pole(&rings, (width_em * 0.7).max(1.0))?;
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
        self.voulu(texte, Graisse::Grasse, couleur, essais)
    }

    /// Whether a name there lies in its area and clear of the subjects.
    fn suits_area(&self, boite: &Boite, rings: &[Vec<Coord<f64>>]) -> bool {
        let mut points = boite.corners().to_vec();
        points.push(boite.centre);
        points.iter().all(|point| {
            depth(*point, rings) > 0.0 && self.subjects.iter().all(|subject| depth(*point, subject) < -4.0 * self.unit)
        })
    }

    fn house_number(&mut self, numero: &Label) {
        let texte = self.fonts.line(&numero.texte, 8);
        let size = self.size(numero, 5.0, 6.5);
        let centre = self.drawn(numero, Graisse::Normale, 5.0);
        if !near(centre, self.frame, 0.0) {
            return;
        }
        let angle = upright(-numero.angle_deg);
        let shifts = [(0.0, 0.0), (0.0, -0.7), (0.0, 0.7), (0.9, 0.0), (-0.9, 0.0)];
        let essais = shifts.map(|(x, y)| Essai { centre: centre + Coord { x, y } * size, angle, size });
        if let Some(voulu) = self.voulu(texte, Graisse::Normale, theme::VOIRIE, essais.to_vec()) {
            self.put(voulu);
        }
    }

    /// Middle of a text as the draughtsman wrote it, at the height it has on the ground: larger on paper, it grows from
    /// there both ways. `least` is its size in points when the plan doesn't say.
    pub(crate) fn drawn(&self, label: &Label, graisse: Graisse, least: f64) -> Coord<f64> {
        let place = self.frame.place(label.point);
        match label.ancre {
            Ancre::Centre => place,
            Ancre::BasGauche => {
                let height = label.hauteur_m.filter(|height| height.is_finite()).map(|height| height.clamp(0.0, 50.0));
                let size = height.map_or(least * self.unit, |height| height * self.frame.per_metre);
                let width = self.fonts.width(&self.fonts.line(&label.texte, LONGUEUR), graisse, size);
                let angle = if label.angle_deg.is_finite() { -label.angle_deg } else { 0.0 };
                let (sin, cos) = angle.to_radians().sin_cos();
                place + Coord { x: cos, y: sin } * (width / 2.0) - Coord { x: -sin, y: cos } * (size * CAPITALE / 2.0)
            }
        }
    }

    /// Size of a text from the height of its letters on the ground, kept between two sizes that can be read.
    pub(crate) fn size(&self, label: &Label, low: f64, high: f64) -> f64 {
        let wanted = label.hauteur_m.filter(|height| height.is_finite()).map(|height| height * self.frame.per_metre);
        wanted.unwrap_or(0.0).clamp(low * self.unit, high * self.unit)
    }

    /// What the frame shows of the largest part of a shape.
    pub(crate) fn largest(&self, shape: &MultiPolygon<f64>) -> Option<Vec<Vec<Coord<f64>>>> {
        let parts = shape.0.iter().map(|polygon| self.frame.visible(polygon)).filter(|rings| !rings.is_empty());
        parts.max_by(|a, b| area(&a[0]).abs().total_cmp(&area(&b[0]).abs()))
    }
}

/// Whether something centred there, of that reach, may be seen in the frame.
pub(crate) fn near(centre: Coord<f64>, frame: &Frame, reach: f64) -> bool {
    let rect = frame.rect();
    centre.x >= rect.min().x - reach
        && centre.x <= rect.max().x + reach
        && centre.y >= rect.min().y - reach
        && centre.y <= rect.max().y + reach
}

/// The same direction, read without turning the head upside down: in (-90°, 90°].
pub(crate) fn upright(angle: f64) -> f64 {
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
    use geo_types::{LineString, Polygon};
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Ecriture, GenreEcriture, Limite, Sujet};

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
                extrait.plan.ecritures.push(Ecriture::seule(genre, label(rank, x, y, angle)));
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
            let poses = place(&extrait, &frame(), Fonts::embedded().unwrap(), 1.0, &[]);
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
            let poses = place(&extrait, &frame(), Fonts::embedded().unwrap(), 1.0, &[]);
            for sujet in &extrait.sujets {
                let named = poses.iter().filter(|pose| pose.voulu.oblige && pose.voulu.texte == sujet.reference).count();
                prop_assert_eq!(named, 1, "{}", &sujet.reference);
            }
        }
    }

    /// The north and the scale bar of a picture stand over the map: no name goes under them.
    #[test]
    fn names_keep_off_what_is_taken() {
        let mut extrait = Extrait::default();
        let places = (0..12_u8).map(|rank| (f64::from(rank % 4) * 25.0, f64::from(rank / 4) * 40.0, 25.0, 40.0, 0.0));
        extrait.plan.parcelles = places.enumerate().map(|(rank, place)| parcel(rank, place)).collect();
        let (from, to) = (frame().rect().min(), frame().rect().max());
        let corner = Rect::new(from, Coord { x: from.x.midpoint(to.x), y: from.y.midpoint(to.y) });
        let poses = |taken: &[Rect<f64>]| place(&extrait, &frame(), Fonts::embedded().unwrap(), 1.0, taken);
        let over = |poses: Vec<Pose>| {
            let boxes = poses.iter().map(|pose| Boite::of(pose.voulu.width_em, &pose.essai));
            boxes.filter(|boite| boite.overlaps(&Boite::upright(corner))).count()
        };
        assert!(over(poses(&[])) > 0);
        assert_eq!(over(poses(&[corner])), 0);
    }

    /// One large neighbour fills the frame beside the subject: its section's letters leave it its number.
    #[test]
    fn a_section_never_takes_the_place_of_a_number() {
        let mut extrait = Extrait::default();
        extrait.plan.parcelles =
            vec![parcel(1, (0.0, 0.0, 100.0, 40.0, 0.0)), parcel(2, (-900.0, 40.0, 2000.0, 79.0, 0.0))];
        let subject = &extrait.plan.parcelles[0];
        extrait.sujets = vec![Sujet { idu: subject.idu.clone(), reference: "AB 1".to_owned(), ..Sujet::default() }];
        for (nom, geom) in
            [("AB", extrait.plan.parcelles[0].geom.clone()), ("ZA", extrait.plan.parcelles[1].geom.clone())]
        {
            extrait.plan.limites.push(Limite { genre: GenreLimite::Section, nom: Some(nom.to_owned()), geom });
        }
        let poses = place(&extrait, &frame(), Fonts::embedded().unwrap(), 1.0, &[]);
        let named = |text: &str| poses.iter().any(|pose| pose.voulu.texte == text);
        assert!(named("74") && named("ZA"), "{poses:?}");
    }

    /// Streets' names over the whole middle of a parcel: its number is written elsewhere in it.
    #[test]
    fn a_number_finds_another_place_in_its_parcel() {
        let mut extrait = Extrait::default();
        extrait.plan.parcelles = vec![parcel(1, (0.0, 0.0, 100.0, 120.0, 0.0))];
        // Symbols are placed first.
        extrait.plan.symboles = (3..18_u8)
            .flat_map(|x| (3..18_u8).map(move |y| Coord { x: f64::from(x) * 5.0, y: f64::from(y) * 6.0 }))
            .map(|point| crate::model::Symbole { code: "30".to_owned(), point, angle_deg: 0.0 })
            .collect();
        let poses = place(&extrait, &frame(), Fonts::embedded().unwrap(), 1.0, &[]);
        assert_eq!(poses.len(), 1, "{poses:?}");
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
        assert_eq!(place(&extrait, &frame(), Fonts::embedded().unwrap(), 1.0, &[]).len(), 300);
    }
}
