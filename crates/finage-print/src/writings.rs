//! Names written on the plan: as they were drawn when that fits, else once, whole, on what they name.

use std::cell::OnceCell;

use geo_types::{Coord, Geometry, MultiPolygon};

use crate::drawing::Couleur;
use crate::fonts::Graisse;
use crate::frame::inside;
use crate::labels::{Essai, Voulu};
use crate::model::{Ecriture, GenreEcriture, Label, Parcelle};
use crate::names::{LONGUEUR, NOMBRE, Scene, near, upright};
use crate::pole::pole;
use crate::road::{Open, along, length};
use crate::theme;

/// Words of one name: more are no name.
const MOTS: usize = 16;
/// A text drawn beside its street is that near to it, in metres.
const BESIDE_M: f64 = 4.0;
/// Width under which a text is not written in its street but over it, metres.
const NARROW_M: f64 = 5.0;
/// Two names of one street on a map are at least that far apart, in points.
const REPEAT: f64 = 280.0;
/// Walk along a street from a name of the map, in widths of the name.
const REACH: f64 = 3.0;

/// How a kind of name is written.
struct Style {
    couleur: Couleur,
    low: f64,
    high: f64,
    /// Slides along its own line, in widths: a street's name stays on its street.
    slides: &'static [f64],
}

/// What a name is placed with.
struct Nom<'a> {
    ecriture: &'a Ecriture,
    texte: String,
    size: f64,
    width: f64,
    /// Where the plan writes it: places and directions (degrees clockwise on the page), the best first.
    seeds: Vec<(Coord<f64>, f64)>,
}

impl Scene<'_> {
    /// Streets first, then water, lieux-dits and the rest.
    pub(crate) fn writings(&mut self, ecritures: &[Ecriture], parcelles: &[Parcelle]) {
        let streets = self.streets(ecritures);
        let mut left = Vec::new();
        for nom in &streets {
            if !self.twice(nom, nom.width) && !self.as_drawn(nom) && !self.whole(nom) {
                left.push(nom);
            }
        }
        let open = OnceCell::new();
        for nom in left {
            if !self.twice(nom, REPEAT * self.unit) {
                let open = || open.get_or_init(|| Open::of(self.frame, parcelles)).as_ref();
                if let Some(voulu) = self.along_street(nom, &streets, open) {
                    self.name(voulu);
                }
            }
        }
        for genre in [GenreEcriture::Eau, GenreEcriture::LieuDit, GenreEcriture::Autre] {
            for ecriture in ecritures.iter().filter(|ecriture| ecriture.genre == genre).take(NOMBRE) {
                let nom = self.nom(ecriture);
                if !self.as_drawn(&nom) {
                    self.whole(&nom);
                }
            }
        }
    }

    /// The streets' names: those of the map, then those written around it, the nearest first.
    fn streets<'e>(&self, ecritures: &'e [Ecriture]) -> Vec<Nom<'e>> {
        let streets = ecritures.iter().filter(|ecriture| ecriture.genre == GenreEcriture::Voie).take(NOMBRE);
        let mut streets: Vec<Nom<'e>> = streets.map(|ecriture| self.nom(ecriture)).collect();
        let rect = self.frame.rect();
        let far = |nom: &Nom| {
            let all =
                nom.seeds.iter().map(|(seed, _)| if inside(*seed, rect) { 0.0 } else { length(*seed - rect.center()) });
            all.fold(f64::INFINITY, f64::min)
        };
        streets.sort_by(|a, b| far(a).total_cmp(&far(b)));
        streets
    }

    fn nom<'e>(&self, ecriture: &'e Ecriture) -> Nom<'e> {
        let style = style(ecriture.genre);
        let texte = self.fonts.line(&ecriture.nom, LONGUEUR);
        let low = style.low * self.unit;
        let size = ecriture.mots.first().map_or(low, |label| self.size(label, style.low, style.high));
        let width = self.fonts.width(&texte, Graisse::Normale, size);
        Nom { ecriture, texte, size, width, seeds: self.seeds(&ecriture.mots, width, style.low) }
    }

    /// The middle of the words when they are written close together, then the middle of each.
    fn seeds(&self, mots: &[Label], width: f64, low: f64) -> Vec<(Coord<f64>, f64)> {
        let words: Vec<(Coord<f64>, f64)> = mots
            .iter()
            .take(MOTS)
            .map(|mot| (self.drawn(mot, Graisse::Normale, low), upright(-mot.angle_deg)))
            .filter(|(centre, _)| centre.x.is_finite() && centre.y.is_finite())
            .collect();
        let mut seeds = Vec::new();
        if words.len() > 1 {
            let total: f64 = words.windows(2).map(|pair| length(pair[1].0 - pair[0].0)).sum();
            let mut walked = 0.0;
            for pair in words.windows(2) {
                let step = pair[1].0 - pair[0].0;
                let span = length(step);
                if span > 0.0 && walked + span >= total / 2.0 {
                    // Far apart, words leave a bend of the street between them.
                    if span <= width {
                        let middle = pair[0].0 + step * ((total / 2.0 - walked) / span);
                        seeds.push((middle, upright(step.y.atan2(step.x).to_degrees())));
                    }
                    break;
                }
                walked += span;
            }
        }
        seeds.extend(words);
        seeds
    }

    /// Whether the map has this name already, nearer than that: sheets that touch both write the street between them.
    fn twice(&self, nom: &Nom, apart: f64) -> bool {
        let rect = self.frame.rect();
        let mut same = self.streets.iter().filter(|(texte, _)| *texte == nom.texte).map(|(_, place)| *place);
        let seen: Vec<Coord<f64>> =
            nom.seeds.iter().map(|(seed, _)| *seed).filter(|seed| inside(*seed, rect)).collect();
        same.any(|place| seen.is_empty() || seen.iter().any(|seed| length(*seed - place) < apart))
    }

    /// Each word where it was drawn, all or none.
    fn as_drawn(&mut self, nom: &Nom) -> bool {
        let mots = &nom.ecriture.mots;
        if mots.len() < 2 || mots.len() > MOTS || !says(mots, &nom.ecriture.nom) {
            return false;
        }
        let style = style(nom.ecriture.genre);
        let words = mots.iter().map(|mot| {
            // Turned upside down, words would be read from the last.
            if mot.angle_deg.to_radians().cos() < -1e-9 {
                return None;
            }
            let size = self.size(mot, style.low, style.high);
            let centre = self.drawn(mot, Graisse::Normale, style.low);
            let essai = Essai { centre, angle: upright(-mot.angle_deg), size };
            self.voulu(self.fonts.line(&mot.texte, LONGUEUR), Graisse::Normale, style.couleur, vec![essai])
        });
        let Some(words) = words.collect::<Option<Vec<Voulu>>>() else { return false };
        let Some(poses) = self.places.put_all(words) else { return false };
        self.streets.extend(poses.iter().map(|pose| (nom.texte.clone(), pose.essai.centre)));
        self.poses.extend(poses);
        true
    }

    /// The whole name once, where one of its words was drawn or a little further along.
    fn whole(&mut self, nom: &Nom) -> bool {
        let style = style(nom.ecriture.genre);
        let street = nom.ecriture.genre == GenreEcriture::Voie;
        let mut essais = Vec::new();
        for size in [nom.size, (nom.size * 0.85).max(style.low * self.unit)] {
            for (seed, angle) in nom.seeds.iter().filter(|(seed, _)| near(*seed, self.frame, nom.width)) {
                let (sin, cos) = angle.to_radians().sin_cos();
                let slides = style.slides.iter().map(|step| Coord { x: cos, y: sin } * (nom.width * step));
                // Beside its street when the street is too narrow for it.
                let beside = [0.8, -0.8].map(|step| Coord { x: -sin, y: cos } * (size * step));
                let narrow = NARROW_M * self.frame.per_metre < size;
                let beside = beside.into_iter().filter(|_| street && narrow);
                essais.extend(slides.chain(beside).map(|off| Essai { centre: *seed + off, angle: *angle, size }));
            }
        }
        let voulu = self.voulu(nom.texte.clone(), Graisse::Normale, style.couleur, essais);
        voulu.is_some_and(|voulu| self.name(voulu))
    }

    /// Puts a whole name, and remembers where.
    fn name(&mut self, voulu: Voulu) -> bool {
        let placed = self.put(voulu);
        if placed && let Some(pose) = self.poses.last() {
            self.streets.push((pose.voulu.texte.clone(), pose.essai.centre));
        }
        placed
    }

    /// The whole name on the axis of its street, where the map shows it.
    fn along_street<'o>(&self, nom: &Nom, streets: &[Nom], open: impl Fn() -> Option<&'o Open>) -> Option<Voulu> {
        let style = style(nom.ecriture.genre);
        let rect = self.frame.rect();
        let mut axes = nom.ecriture.objet.as_ref().map(|objet| self.frame.runs(objet)).unwrap_or_default();
        if axes.is_empty() {
            let others: Vec<Coord<f64>> = streets
                .iter()
                .filter(|other| other.texte != nom.texte)
                .flat_map(|other| other.seeds.iter().map(|(seed, _)| *seed))
                .collect();
            let beside = BESIDE_M * self.frame.per_metre;
            let reach = |seed| if inside(seed, rect) { nom.width * REACH } else { f64::INFINITY };
            let written = nom.seeds.iter().take(4).map(|(seed, angle)| (*seed, Some(*angle)));
            let shown = self.surface(nom.ecriture).map(|seed| (seed, None)).filter(|_| nom.seeds.is_empty());
            let open = open()?;
            axes = written
                .chain(shown)
                .filter_map(|(seed, angle)| open.axis(seed, angle, beside, reach(seed), &others))
                .collect();
        }
        let written = nom.seeds.iter().map(|(seed, _)| *seed).find(|seed| inside(*seed, rect));
        let places = axes.iter().flat_map(|axis| along(axis, nom.width, nom.size, written, self.frame));
        let essais = places.collect();
        self.voulu(nom.texte.clone(), Graisse::Normale, style.couleur, essais)
    }

    /// A place inside the surface of a street that the plan draws.
    fn surface(&self, ecriture: &Ecriture) -> Option<Coord<f64>> {
        let surface = match ecriture.objet.as_ref()? {
            Geometry::MultiPolygon(surface) => surface.clone(),
            Geometry::Polygon(polygon) => MultiPolygon::new(vec![polygon.clone()]),
            _ => return None,
        };
        pole(&self.largest(&surface)?, 1.0).map(|(place, _)| place)
    }
}

fn style(genre: GenreEcriture) -> Style {
    let (couleur, low, high, slides): (_, _, _, &'static [f64]) = match genre {
        GenreEcriture::Voie => (theme::VOIE_NOM, 6.0, 9.5, &[0.0, 0.15, -0.15, 0.3, -0.3]),
        GenreEcriture::Eau => (theme::EAU_NOM, 6.0, 9.5, &[0.0, 0.15, -0.15, 0.3, -0.3]),
        GenreEcriture::LieuDit => (theme::LIEU_DIT_NOM, 7.0, 11.0, &[0.0, 0.3, -0.3, 0.6, -0.6, 1.0, -1.0, 1.5, -1.5]),
        GenreEcriture::Autre => (theme::AUTRE_NOM, 5.5, 8.0, &[0.0, 0.3, -0.3, 0.6, -0.6]),
    };
    Style { couleur, low, high, slides }
}

/// Whether these words, one after the other, are the name.
fn says(mots: &[Label], nom: &str) -> bool {
    let words = mots.iter().flat_map(|mot| mot.texte.split_whitespace());
    words.eq(nom.split_whitespace())
}

#[cfg(test)]
mod tests {
    use geo_types::Rect;
    use proptest::prelude::*;

    use super::*;
    use crate::fonts::Fonts;
    use crate::frame::Frame;
    use crate::labels::Pose;
    use crate::model::{Ancre, Extrait};
    use crate::names::place;

    /// A map of 100 × 80 metres at `per_metre` points to the metre.
    fn frame(per_metre: f64) -> Frame {
        let terrain = Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 100.0, y: 80.0 });
        Frame { terrain, x: 20.0, y: 20.0, per_metre }
    }

    fn word(texte: &str, x: f64, y: f64, angle_deg: f64) -> Label {
        let hauteur_m = Some(2.5);
        Label { texte: texte.to_owned(), point: Coord { x, y }, ancre: Ancre::BasGauche, angle_deg, hauteur_m }
    }

    fn street(nom: &str, mots: Vec<Label>) -> Ecriture {
        Ecriture { genre: GenreEcriture::Voie, nom: nom.to_owned(), mots, objet: None }
    }

    fn lande(step: f64) -> Ecriture {
        let words = ["Chemin", "de", "la", "Lande"].iter().zip(0_u8..);
        let words = words.map(|(text, rank)| word(text, 12.0 + step * f64::from(rank), 40.0, 0.0)).collect();
        street("Chemin de la Lande", words)
    }

    /// Parcels on both sides of a street that runs east along y = 40 m, 8 m wide, far beyond the frame.
    fn rows() -> Vec<Parcelle> {
        let lots = (-10..20).flat_map(|rank: i32| [(rank, 44.0, 30.0), (rank, 6.0, 30.0)]);
        lots.map(|(rank, y, deep)| {
            let corner = Coord { x: f64::from(rank) * 20.0, y };
            let shape = Rect::new(corner, corner + Coord { x: 20.0, y: deep });
            let geom = MultiPolygon::new(vec![shape.to_polygon()]);
            Parcelle { idu: format!("{rank} {y}"), numero: (rank + 100).to_string(), geom, label: None }
        })
        .collect()
    }

    fn placed(extrait: &Extrait, per_metre: f64) -> Vec<Pose> {
        place(extrait, &frame(per_metre), Fonts::embedded().unwrap(), 1.0, &[])
    }

    fn written(poses: &[Pose]) -> Vec<&str> {
        let words = poses.iter().map(|pose| pose.voulu.texte.as_str());
        words.filter(|text| text.chars().any(char::is_alphabetic)).collect()
    }

    fn extrait(ecritures: Vec<Ecriture>, parcelles: Vec<Parcelle>) -> Extrait {
        let mut extrait = Extrait::default();
        extrait.plan.ecritures = ecritures;
        extrait.plan.parcelles = parcelles;
        extrait
    }

    #[test]
    fn words_stay_where_they_were_drawn_when_all_fit() {
        let poses = placed(&extrait(vec![lande(20.0)], rows()), 5.0);
        assert_eq!(written(&poses), ["Chemin", "de", "la", "Lande"]);
    }

    #[test]
    fn words_that_would_touch_become_one_name() {
        let poses = placed(&extrait(vec![lande(6.0)], Vec::new()), 2.0);
        assert_eq!(written(&poses), ["Chemin de la Lande"]);
    }

    #[test]
    fn a_name_whose_last_word_was_not_drawn_is_whole() {
        let words = vec![word("Chemin", 30.0, 40.0, 0.0), word("des", 50.0, 40.0, 0.0)];
        let poses = placed(&extrait(vec![street("Chemin des OEillets", words)], rows()), 5.0);
        assert_eq!(written(&poses), ["Chemin des OEillets"]);
    }

    #[test]
    fn a_street_named_out_of_the_frame_is_named_along_what_is_seen_of_it() {
        for start in [-60.0, 110.0] {
            let own = street("Rue des Érables", vec![word("Rue des Érables", start, 39.0, 0.0)]);
            let poses = placed(&extrait(vec![own], rows()), 5.0);
            let pose = poses.iter().find(|pose| pose.voulu.texte == "Rue des Érables").unwrap();
            let middle = frame(5.0).place(Coord { x: 50.0, y: 40.0 });
            assert!((pose.essai.centre.y - middle.y).abs() < 2.0 * 5.0, "{pose:?}");
            assert!(pose.essai.angle.abs() < 3.0, "{pose:?}");
        }
    }

    #[test]
    fn a_name_ends_where_another_street_has_its_own() {
        let own = street("Rue des Érables", vec![word("Rue des Érables", -90.0, 39.0, 0.0)]);
        let other = street("Rue du Four", vec![word("Rue du Four", -30.0, 39.0, 0.0)]);
        let poses = placed(&extrait(vec![own, other], rows()), 5.0);
        assert_eq!(written(&poses), ["Rue du Four"]);
    }

    #[test]
    fn a_name_that_two_sheets_write_at_one_place_is_there_once() {
        for step in [20.0, 6.0] {
            let poses = placed(&extrait(vec![lande(step), lande(step)], rows()), 3.0);
            let words: Vec<&str> = written(&poses).iter().flat_map(|text| text.split(' ')).collect();
            assert_eq!(words, ["Chemin", "de", "la", "Lande"], "{step}");
        }
    }

    #[test]
    fn a_street_drawn_as_a_line_is_named_along_it() {
        let line = geo_types::LineString::from(vec![(-50.0, 10.0), (150.0, 70.0)]);
        let own = Ecriture { objet: Some(line.into()), ..street("Route de Lugagne", Vec::new()) };
        let poses = placed(&extrait(vec![own], Vec::new()), 5.0);
        assert_eq!(written(&poses), ["Route de Lugagne"]);
        let centre = poses[0].essai.centre;
        let on = frame(5.0).place(Coord { x: 0.0, y: 25.0 });
        assert!(((centre.y - on.y) + (centre.x - on.x) * 0.3).abs() < 1.0, "{centre:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn a_name_has_all_its_words_or_none(
            step in 1.0..40.0_f64, per_metre in 0.3..12.0_f64, crowd in prop::collection::vec((0.0..100.0, 0.0..80.0_f64), 0..40),
        ) {
            let mut all: Vec<Ecriture> = crowd
                .iter()
                .map(|(x, y)| Ecriture::seule(GenreEcriture::Voie, word("X1", *x, *y, 0.0)))
                .collect();
            all.push(lande(step));
            let poses = placed(&extrait(all, Vec::new()), per_metre);
            let own: Vec<&str> = written(&poses).into_iter().filter(|text| *text != "X1").collect();
            prop_assert!(
                own.is_empty() || own == ["Chemin de la Lande"] || own == ["Chemin", "de", "la", "Lande"],
                "{own:?}"
            );
        }

        #[test]
        fn a_street_name_stays_on_its_street(
            per_metre in 0.4..12.0_f64,
            x in 0.0..80.0_f64,
            crowd in prop::collection::vec((0.0..100.0, 34.0..46.0_f64), 0..30),
        ) {
            let mut all: Vec<Ecriture> = crowd
                .iter()
                .map(|(x, y)| Ecriture::seule(GenreEcriture::Voie, word("X1", *x, *y, 0.0)))
                .collect();
            all.push(street("Allée des Charmes", vec![word("Allée des Charmes", x, 39.0, 0.0)]));
            let frame = frame(per_metre);
            let poses = placed(&extrait(all, rows()), per_metre);
            for pose in poses.iter().filter(|pose| pose.voulu.texte == "Allée des Charmes") {
                let axis = frame.place(Coord { x: 50.0, y: 40.0 }).y;
                // On the street, eight metres wide, or beside it by less than the height of its letters.
                let off = (pose.essai.centre.y - axis).abs();
                prop_assert!(off <= 4.0 * per_metre + pose.essai.size, "{off} {pose:?}");
                prop_assert!(pose.essai.angle.abs() < 6.0, "{pose:?}");
            }
        }
    }
}
