//! A drawing in points from the top left of the page: what the PDF and the SVG both draw.

use geo_types::{Coord, Rect};

use crate::fonts::Graisse;

/// Red, green, blue.
pub(crate) type Couleur = [u8; 3];

/// Lines and outlines drawn in one stroke.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Chemin {
    pub(crate) parts: Vec<Part>,
}

/// A line, or a ring when closed (without its closing point).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub(crate) points: Vec<[f32; 2]>,
    pub(crate) closed: bool,
}

impl Chemin {
    /// Adds a line, if it is one.
    pub(crate) fn open(&mut self, points: Vec<Coord<f64>>) {
        self.add(points, false, 2);
    }

    /// Adds a ring, if it is one.
    pub(crate) fn close(&mut self, points: Vec<Coord<f64>>) {
        self.add(points, true, 3);
    }

    /// Adds a segment.
    pub(crate) fn segment(&mut self, x1: f64, y1: f64, x2: f64, y2: f64) {
        self.open(vec![Coord { x: x1, y: y1 }, Coord { x: x2, y: y2 }]);
    }

    /// Adds a rectangle.
    pub(crate) fn rect(&mut self, rect: Rect<f64>) {
        let (a, b) = (rect.min(), rect.max());
        self.close(vec![a, Coord { x: b.x, y: a.y }, b, Coord { x: a.x, y: b.y }]);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    fn add(&mut self, points: Vec<Coord<f64>>, closed: bool, least: usize) {
        let mut kept: Vec<[f32; 2]> = Vec::with_capacity(points.len());
        for point in points {
            let point = [on_grid(point.x), on_grid(point.y)];
            if kept.last() != Some(&point) {
                kept.push(point);
            }
        }
        if closed && kept.len() > 1 && kept.first() == kept.last() {
            kept.pop();
        }
        if kept.len() >= least {
            self.parts.push(Part { points: kept, closed });
        }
    }
}

/// Hundredths of a point (3.5 µm): a hundred times finer than any printer, and short to write.
#[expect(clippy::cast_possible_truncation, reason = "places on a page, a few thousand points at most")]
pub(crate) fn on_grid(value: f64) -> f32 {
    ((value * 100.0).round() / 100.0) as f32
}

/// How a path is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) fill: Option<Couleur>,
    pub(crate) fill_opacity: f32,
    pub(crate) stroke: Option<Couleur>,
    pub(crate) width: f32,
    pub(crate) dash: &'static [f32],
    pub(crate) round: bool,
}

impl Style {
    /// A line.
    pub(crate) const fn line(stroke: Couleur, width: f32) -> Self {
        Self { fill: None, fill_opacity: 1.0, stroke: Some(stroke), width, dash: &[], round: true }
    }

    /// A surface.
    pub(crate) const fn fill(fill: Couleur) -> Self {
        Self { fill: Some(fill), fill_opacity: 1.0, stroke: None, width: 0.0, dash: &[], round: false }
    }

    /// The same with a dash, in points.
    pub(crate) const fn dashed(self, dash: &'static [f32]) -> Self {
        Self { dash, round: false, ..self }
    }

    /// The same, seen through.
    pub(crate) const fn opacity(self, fill_opacity: f32) -> Self {
        Self { fill_opacity, ..self }
    }
}

/// A layer of the drawing, from the ground up.
#[derive(Debug, Clone)]
pub(crate) enum Couche {
    /// Paths of one style.
    Chemin(Chemin, Style),
    /// Lines seen only inside some outlines.
    Hachures { decoupe: Chemin, lignes: Chemin, style: Style },
}

/// A text placed on the map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Texte {
    pub(crate) contenu: String,
    /// Start of the baseline.
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Degrees clockwise, on the page.
    pub(crate) angle: f64,
    pub(crate) size: f64,
    pub(crate) graisse: Graisse,
    pub(crate) couleur: Couleur,
}

/// A map: layers from the ground up, then texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dessin {
    pub(crate) couches: Vec<Couche>,
    pub(crate) textes: Vec<Texte>,
}

impl Dessin {
    /// Adds a layer, if it holds something.
    pub(crate) fn add(&mut self, chemin: Chemin, style: Style) {
        if !chemin.is_empty() {
            self.couches.push(Couche::Chemin(chemin, style));
        }
    }
}
