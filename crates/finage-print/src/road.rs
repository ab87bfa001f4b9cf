//! The ground no parcel covers, and the axis of the street that runs through it.
//!
//! The plan draws most streets only as what is left between parcels: their axis is found by walking from a place where
//! their name is written, halfway between the parcels of both sides.

use geo_types::{Coord, Polygon};

use crate::frame::{Frame, alentours, inside};
use crate::labels::Essai;
use crate::model::Parcelle;

/// Side of a cell of the ground, metres, on a small map.
const SIDE_M: f64 = 0.5;
/// Cells of the ground: on a wide map they grow.
const CELLS: f64 = 700_000.0;
/// Crossings of edges with rows of cells: past them, shapes are no town's.
const CROSSINGS: usize = 3_000_000;
/// Widest street, metres.
const WIDEST_M: f64 = 30.0;
/// Ground walked from the name, metres, each way.
const WALK_M: f64 = 400.0;
/// Side opening bridged in a straight line, metres: a crossroads.
const BRIDGE_M: f64 = 12.0;
/// Distance to a name of another street at which a street ends, metres.
const OTHER_M: f64 = 6.0;
/// An axis is known to about that, metres: a text over it may leave it as much.
const BEND_M: f64 = 0.8;
/// Places tried along an axis.
const PLACES: usize = 24;

/// The open ground of a map.
pub(crate) struct Open {
    origin: Coord<f64>,
    side: f64,
    columns: usize,
    rows: usize,
    covered: Vec<bool>,
    per_metre: f64,
}

impl Open {
    /// What `parcelles` leave open in the frame and around; nothing when there is no ground to speak of.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded by the number of cells")]
    pub(crate) fn of(frame: &Frame, parcelles: &[Parcelle]) -> Option<Self> {
        let ground = alentours(frame.terrain);
        let (north_west, south_east) = (
            frame.place(Coord { x: ground.min().x, y: ground.max().y }),
            frame.place(Coord { x: ground.max().x, y: ground.min().y }),
        );
        let extent = south_east - north_west;
        let side = (SIDE_M * frame.per_metre).max((extent.x * extent.y / CELLS).sqrt());
        if !(side > 0.0 && side.is_finite()) {
            return None;
        }
        let (columns, rows) = ((extent.x / side).ceil() as usize, (extent.y / side).ceil() as usize);
        if columns == 0 || rows == 0 || columns.saturating_mul(rows) > 2_000_000 {
            return None;
        }
        let covered = vec![false; columns * rows];
        let mut open = Self { origin: north_west, side, columns, rows, covered, per_metre: frame.per_metre };
        let mut left = CROSSINGS;
        let mut lines = vec![Vec::new(); rows];
        for polygon in parcelles.iter().flat_map(|parcelle| &parcelle.geom.0) {
            open.cover(polygon, frame, &mut lines, &mut left)?;
        }
        Some(open)
    }

    /// Covers the cells whose middle lies in `polygon`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the cells")]
    fn cover(&mut self, polygon: &Polygon<f64>, frame: &Frame, lines: &mut [Vec<f64>], left: &mut usize) -> Option<()> {
        let (mut low, mut high) = (self.rows, 0);
        let row_of = |y: f64, most: usize| (y + 0.5).floor().clamp(0.0, number(most)) as usize;
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let Some(points) = frame.line_on_page(ring) else { continue };
            for pair in points.windows(2) {
                let [a, b] = [(pair[0] - self.origin) / self.side, (pair[1] - self.origin) / self.side];
                let (a, b) = if a.y <= b.y { (a, b) } else { (b, a) };
                // Rows whose middle is in [a.y, b.y): each row is cut an even number of times by a ring.
                let (first, last) = (row_of(a.y, self.rows), row_of(b.y, self.rows));
                *left = left.checked_sub(last - first)?;
                for (row, line) in lines.iter_mut().enumerate().take(last).skip(first) {
                    let y = number(row) + 0.5;
                    line.push(a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y));
                }
                if first < last {
                    (low, high) = (low.min(first), high.max(last));
                }
            }
        }
        for (row, line) in lines.iter_mut().enumerate().take(high).skip(low) {
            line.sort_by(f64::total_cmp);
            for pair in line.chunks_exact(2) {
                let (from, to) = (row_of(pair[0], self.columns), row_of(pair[1], self.columns));
                self.covered[row * self.columns + from..row * self.columns + to].fill(true);
            }
            line.clear();
        }
        Some(())
    }

    /// Whether a place is known and in no parcel.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in the ground")]
    fn is_open(&self, place: Coord<f64>) -> bool {
        let cell = (place - self.origin) / self.side;
        self.known(place) && !self.covered[cell.y as usize * self.columns + cell.x as usize]
    }

    /// Open length from a place, nothing when it is wider than any street.
    fn room(&self, from: Coord<f64>, way: Coord<f64>) -> Option<f64> {
        let most = WIDEST_M * self.per_metre;
        let mut far = 0.0;
        while far <= most {
            far += self.side * 0.5;
            let place = from + way * far;
            if !self.known(place) {
                return None;
            }
            if !self.is_open(place) {
                return Some(far);
            }
        }
        None
    }

    /// Whether a place is in the ground that was read.
    fn known(&self, place: Coord<f64>) -> bool {
        let cell = (place - self.origin) / self.side;
        cell.x >= 0.0 && cell.y >= 0.0 && cell.x < number(self.columns) && cell.y < number(self.rows)
    }

    /// The middle of the street at a place, on the line across it, and the width there; a text drawn beside a street
    /// is within `beside` of it.
    fn middle(&self, place: Coord<f64>, way: Coord<f64>, beside: f64) -> Option<(Coord<f64>, f64)> {
        let across = Coord { x: -way.y, y: way.x };
        let start = std::iter::once(0.0)
            .chain((1..=8).flat_map(|rank| [f64::from(rank), -f64::from(rank)]).map(|rank| rank * beside / 8.0))
            .map(|far| place + across * far)
            .find(|start| self.is_open(*start))?;
        let (left, right) = (self.room(start, across)?, self.room(start, -across)?);
        let width = left + right;
        (width <= WIDEST_M * self.per_metre).then(|| (start + across * ((left - right) / 2.0), width))
    }

    /// The axis of the street at `seed`, which runs there in the direction `angle` (degrees on the page), or where it
    /// is narrowest; it ends at a crossroads, where another street has its name (`others`), or at `reach` points.
    pub(crate) fn axis(
        &self,
        seed: Coord<f64>,
        angle: Option<f64>,
        beside: f64,
        reach: f64,
        others: &[Coord<f64>],
    ) -> Option<Vec<Coord<f64>>> {
        let unit = |angle: f64| {
            let (sin, cos) = angle.to_radians().sin_cos();
            Coord { x: cos, y: sin }
        };
        let (way, (start, width)) = match angle {
            Some(angle) => (unit(angle), self.middle(seed, unit(angle), beside)?),
            None => (0..16)
                .filter_map(|turn| {
                    let way = unit(f64::from(turn) * 11.25);
                    Some((way, self.middle(seed, way, beside)?))
                })
                .min_by(|a, b| a.1.1.total_cmp(&b.1.1))?,
        };
        let mut axis = self.walk(start, -way, width, reach, others);
        axis.reverse();
        axis.push(start);
        axis.extend(self.walk(start, way, width, reach, others));
        (axis.len() > 2).then(|| smooth(&smooth(&axis)))
    }

    /// The axis from `start` one way, without `start`.
    fn walk(
        &self,
        start: Coord<f64>,
        way: Coord<f64>,
        width: f64,
        reach: f64,
        others: &[Coord<f64>],
    ) -> Vec<Coord<f64>> {
        let step = (self.side * 2.0).max(1.5 * self.per_metre);
        let (mut place, mut way, mut half) = (start, way, width / 2.0);
        let (mut walked, mut bridged) = (0.0, 0.0);
        let mut axis = Vec::new();
        while walked < reach.min(WALK_M * self.per_metre) {
            let next = place + way * step;
            if !self.is_open(next) || others.iter().any(|other| length(*other - next) < OTHER_M * self.per_metre) {
                break;
            }
            let across = Coord { x: -way.y, y: way.x };
            let wall = |side: Option<f64>| side.filter(|room| *room <= half * 1.6 + self.side);
            let (left, right) = (wall(self.room(next, across)), wall(self.room(next, -across)));
            let shift = match (left, right) {
                (Some(left), Some(right)) => {
                    half = half * 0.8 + (left + right) * 0.1;
                    bridged = 0.0;
                    (left - right) / 2.0
                }
                // A side street opens: keep to the side that goes on.
                (Some(left), None) => left - half,
                (None, Some(right)) => half - right,
                (None, None) => {
                    bridged += step;
                    0.0
                }
            };
            if bridged > BRIDGE_M * self.per_metre {
                axis.truncate(axis.len().saturating_sub(bridged_steps(bridged, step)));
                break;
            }
            let next = next + across * shift.clamp(-step * 0.4, step * 0.4);
            if !self.is_open(next) {
                break;
            }
            let towards = way * 0.6 + (next - place) * (0.4 / length(next - place).max(1e-9));
            way = towards / length(towards).max(1e-9);
            place = next;
            walked += step;
            axis.push(place);
        }
        axis
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few steps")]
fn bridged_steps(bridged: f64, step: f64) -> usize {
    (bridged / step).clamp(0.0, 1000.0) as usize
}

#[expect(clippy::cast_precision_loss, reason = "rows and columns of a ground, points of an axis")]
fn number(count: usize) -> f64 {
    count as f64
}

/// Each point as the mean of those around: cells are no finer than half a metre.
fn smooth(line: &[Coord<f64>]) -> Vec<Coord<f64>> {
    (0..line.len())
        .map(|rank| {
            // As many on each side, so that ends stay where they are.
            let reach = rank.min(line.len() - 1 - rank).min(4);
            let around = &line[rank - reach..=rank + reach];
            around.iter().fold(Coord { x: 0.0, y: 0.0 }, |sum, point| sum + *point) / number(around.len())
        })
        .collect()
}

/// Places along `axis` for a text `width` wide, in `frame`, the nearest to `near` first, or to the middle of what is
/// seen of it: where the text stays on the axis, or leaves it by less than a third of its letters or [`BEND_M`].
pub(crate) fn along(axis: &[Coord<f64>], width: f64, size: f64, near: Option<Coord<f64>>, frame: &Frame) -> Vec<Essai> {
    let mut lengths = Vec::with_capacity(axis.len());
    let mut total = 0.0;
    for (rank, point) in axis.iter().enumerate() {
        total += if rank > 0 { length(*point - axis[rank - 1]) } else { 0.0 };
        lengths.push(total);
    }
    if !(total > width && total.is_finite() && width > 0.0) {
        return Vec::new();
    }
    let at = |far: f64| {
        let rank = lengths.partition_point(|length| *length < far).clamp(1, axis.len() - 1);
        let span = lengths[rank] - lengths[rank - 1];
        let share = if span > 0.0 { ((far - lengths[rank - 1]) / span).clamp(0.0, 1.0) } else { 0.0 };
        axis[rank - 1] + (axis[rank] - axis[rank - 1]) * share
    };
    let rect = frame.rect();
    let loose = (size * 0.33).max(BEND_M * frame.per_metre);
    let mut found: Vec<Essai> = Vec::new();
    let mut far = width / 2.0;
    let step = (width / 4.0).max((total - width) / 400.0).max(0.5);
    while far <= total - width / 2.0 {
        let (from, to) = (at(far - width / 2.0), at(far + width / 2.0));
        let chord = to - from;
        let centre = ((from + to) / 2.0 + at(far)) / 2.0;
        let bend = [-0.25, 0.0, 0.25].iter().map(|share| {
            let off = at(far + width * share) - from;
            (off.x * chord.y - off.y * chord.x).abs() / length(chord).max(1e-9)
        });
        if inside(centre, rect) && bend.fold(0.0, f64::max) <= loose && length(chord) > width * 0.9 {
            let angle = crate::names::upright(chord.y.atan2(chord.x).to_degrees());
            found.push(Essai { centre, angle, size });
        }
        far += step;
    }
    if let Some(near) = near.or_else(|| found.get(found.len() / 2).map(|essai| essai.centre)) {
        found.sort_by(|a, b| length(a.centre - near).total_cmp(&length(b.centre - near)));
    }
    found.truncate(PLACES);
    found
}

/// Length of a vector.
pub(crate) fn length(vector: Coord<f64>) -> f64 {
    vector.x.hypot(vector.y)
}
