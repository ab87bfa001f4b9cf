//! Names that never cover each other: each takes the first free place among those that suit it.

use geo_types::{Coord, Rect};

use crate::drawing::Couleur;
use crate::fonts::{CAPITALE, Graisse};

/// White kept around a text, in em.
const AIR: f64 = 0.12;
/// Side of a cell of the index, in points.
const CELL: f64 = 24.0;

/// A place tried for a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Essai {
    /// Middle of the text on the page.
    pub(crate) centre: Coord<f64>,
    /// Degrees clockwise on the page.
    pub(crate) angle: f64,
    pub(crate) size: f64,
}

/// A text that wants a place.
#[derive(Debug, Clone)]
pub(crate) struct Voulu {
    pub(crate) texte: String,
    pub(crate) graisse: Graisse,
    pub(crate) couleur: Couleur,
    /// Width in em.
    pub(crate) width_em: f64,
    /// Places, the best first.
    pub(crate) essais: Vec<Essai>,
    /// Never dropped: put elsewhere, with a line to its object.
    pub(crate) oblige: bool,
}

/// A line from the edge of a text to its object.
pub(crate) type Rappel = (Coord<f64>, Coord<f64>);

/// A text that has its place.
#[derive(Debug, Clone)]
pub(crate) struct Pose {
    pub(crate) voulu: Voulu,
    pub(crate) essai: Essai,
    /// From the text to its object, when it stands away from it.
    pub(crate) rappel: Option<Rappel>,
}

/// A rectangle turned around its centre.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Boite {
    pub(crate) centre: Coord<f64>,
    half: Coord<f64>,
    /// Unit vector along the text.
    axis: Coord<f64>,
}

impl Boite {
    /// The box of a text of `width_em` at a place.
    pub(crate) fn of(width_em: f64, essai: &Essai) -> Self {
        let (sin, cos) = essai.angle.to_radians().sin_cos();
        let half = Coord { x: width_em / 2.0 + AIR, y: CAPITALE / 2.0 + AIR } * essai.size;
        Self { centre: essai.centre, half, axis: Coord { x: cos, y: sin } }
    }

    /// A square of half side `half`.
    pub(crate) fn square(centre: Coord<f64>, half: f64) -> Self {
        Self { centre, half: Coord { x: half, y: half }, axis: Coord { x: 1.0, y: 0.0 } }
    }

    /// An upright rectangle.
    pub(crate) fn upright(rect: Rect<f64>) -> Self {
        let half = Coord { x: rect.width(), y: rect.height() } / 2.0;
        Self { centre: rect.center(), half, axis: Coord { x: 1.0, y: 0.0 } }
    }

    /// Half of the upright rectangle that holds the box.
    fn reach(&self) -> Coord<f64> {
        let (cos, sin) = (self.axis.x.abs(), self.axis.y.abs());
        Coord { x: self.half.x * cos + self.half.y * sin, y: self.half.x * sin + self.half.y * cos }
    }

    /// The four corners.
    pub(crate) fn corners(&self) -> [Coord<f64>; 4] {
        let across = Coord { x: -self.axis.y, y: self.axis.x };
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .map(|(a, b)| self.centre + self.axis * (self.half.x * a) + across * (self.half.y * b))
    }

    /// Separating axes: two boxes are apart when they are apart along a side of one of them.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let between = other.centre - self.centre;
        let axes = [
            self.axis,
            Coord { x: -self.axis.y, y: self.axis.x },
            other.axis,
            Coord { x: -other.axis.y, y: other.axis.x },
        ];
        axes.iter().all(|axis| dot(between, *axis).abs() < self.extent(*axis) + other.extent(*axis))
    }

    fn extent(&self, axis: Coord<f64>) -> f64 {
        let across = Coord { x: -self.axis.y, y: self.axis.x };
        self.half.x * dot(self.axis, axis).abs() + self.half.y * dot(across, axis).abs()
    }

    /// Whether the box lies wholly in `bounds`.
    pub(crate) fn within(&self, bounds: Rect<f64>) -> bool {
        let (low, high) = (self.centre - self.reach(), self.centre + self.reach());
        low.x >= bounds.min().x && low.y >= bounds.min().y && high.x <= bounds.max().x && high.y <= bounds.max().y
    }
}

fn dot(a: Coord<f64>, b: Coord<f64>) -> f64 {
    a.x * b.x + a.y * b.y
}

/// The places taken so far.
#[derive(Clone)]
pub(crate) struct Places {
    bounds: Rect<f64>,
    boxes: Vec<Boite>,
    columns: usize,
    cells: Vec<Vec<u32>>,
}

impl Places {
    pub(crate) fn new(bounds: Rect<f64>) -> Self {
        let (columns, rows) = (cell(bounds.width()) + 1, cell(bounds.height()) + 1);
        Self { bounds, boxes: Vec::new(), columns, cells: vec![Vec::new(); columns * rows] }
    }

    /// Takes a place whatever stands there.
    pub(crate) fn take(&mut self, boite: Boite) {
        let rank = u32::try_from(self.boxes.len()).unwrap_or(u32::MAX);
        for cell in self.cells_of(&boite) {
            self.cells[cell].push(rank);
        }
        self.boxes.push(boite);
    }

    /// Whether a box lies in the frame and over no other.
    pub(crate) fn is_free(&self, boite: &Boite) -> bool {
        boite.within(self.bounds)
            && self
                .cells_of(boite)
                .all(|cell| self.cells[cell].iter().all(|rank| !self.boxes[*rank as usize].overlaps(boite)))
    }

    /// Puts a text in its first free place; nothing when there is none and it may be dropped.
    pub(crate) fn put(&mut self, voulu: Voulu) -> Option<Pose> {
        let free = voulu.essais.iter().copied().find(|essai| self.is_free(&Boite::of(voulu.width_em, essai)));
        let (essai, rappel) = match free {
            Some(essai) => (essai, None),
            None if voulu.oblige => self.around(&voulu)?,
            None => return None,
        };
        self.take(Boite::of(voulu.width_em, &essai));
        Some(Pose { voulu, essai, rappel })
    }

    /// Puts each of these texts in its first place, or none of them.
    pub(crate) fn put_all(&mut self, voulus: Vec<Voulu>) -> Option<Vec<Pose>> {
        let mut poses = Vec::with_capacity(voulus.len());
        for voulu in voulus {
            let essai = *voulu.essais.first()?;
            poses.push(Pose { voulu, essai, rappel: None });
        }
        let boxes: Vec<Boite> = poses.iter().map(|pose| Boite::of(pose.voulu.width_em, &pose.essai)).collect();
        let free = boxes
            .iter()
            .enumerate()
            .all(|(rank, boite)| self.is_free(boite) && boxes[rank + 1..].iter().all(|other| !other.overlaps(boite)));
        if !free {
            return None;
        }
        for boite in boxes {
            self.take(boite);
        }
        Some(poses)
    }

    /// The free place nearest to the first wish, smaller if it must be, and the line back to the object.
    fn around(&self, voulu: &Voulu) -> Option<(Essai, Option<Rappel>)> {
        let wish = *voulu.essais.first()?;
        let anchor = Coord {
            x: wish.centre.x.clamp(self.bounds.min().x, self.bounds.max().x),
            y: wish.centre.y.clamp(self.bounds.min().y, self.bounds.max().y),
        };
        let furthest = self.bounds.width().hypot(self.bounds.height());
        for shrink in [1.0, 0.8, 0.65, 0.5, 0.35, 0.2] {
            let size = wish.size * shrink;
            let step = size * 0.6;
            let mut radius = 0.0;
            while radius < furthest {
                let directions = 16;
                for turn in 0..directions {
                    let (sin, cos) = (f64::from(turn) * std::f64::consts::TAU / f64::from(directions)).sin_cos();
                    let centre = anchor + Coord { x: cos, y: sin } * radius;
                    let essai = Essai { centre, angle: 0.0, size };
                    let boite = Boite::of(voulu.width_em, &essai);
                    if self.is_free(&boite) {
                        return Some((essai, leader(&boite, anchor)));
                    }
                    if radius == 0.0 {
                        break;
                    }
                }
                radius += step;
            }
        }
        None
    }

    fn cells_of(&self, boite: &Boite) -> impl Iterator<Item = usize> + use<> {
        let origin = self.bounds.min();
        let (low, high) = (boite.centre - boite.reach() - origin, boite.centre + boite.reach() - origin);
        let columns = self.columns;
        let rows = self.cells.len() / columns;
        let across = cell(low.x).min(columns - 1)..=cell(high.x).min(columns - 1);
        (cell(low.y).min(rows - 1)..=cell(high.y).min(rows - 1))
            .flat_map(move |row| across.clone().map(move |column| row * columns + column))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped: a cell of a page")]
fn cell(offset: f64) -> usize {
    (offset / CELL).clamp(0.0, 4000.0) as usize
}

/// From the edge of a box to the object it names, when the object is not under it.
fn leader(boite: &Boite, anchor: Coord<f64>) -> Option<Rappel> {
    let from = boite.centre - anchor;
    let reach = boite.reach();
    let share = (reach.x / from.x.abs().max(1e-9)).min(reach.y / from.y.abs().max(1e-9));
    (share < 1.0).then(|| (boite.centre - from * share, anchor))
}
