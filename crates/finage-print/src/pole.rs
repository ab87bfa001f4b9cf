//! The middle of a shape: the point inside it that is furthest from its edges (pole of inaccessibility).

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use geo_types::Coord;

/// Cells looked at before the best so far is taken: enough for a tenth of the shape's size.
const CELLS: usize = 160;

struct Cell {
    centre: Coord<f64>,
    half: f64,
    /// Largest distance any point of the cell may have.
    potential: f64,
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.potential.total_cmp(&other.potential) == Ordering::Equal
    }
}
impl Eq for Cell {}
impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        self.potential.total_cmp(&other.potential)
    }
}

/// The pole of `rings` (exterior, then holes) and its distance to the nearest edge; nothing for an empty shape.
///
/// `flat` squeezes distances along x by that factor: a text, wider than it is high, wants room along its line.
pub(crate) fn pole(rings: &[Vec<Coord<f64>>], flat: f64) -> Option<(Coord<f64>, f64)> {
    let squeezed: Vec<Vec<Coord<f64>>> =
        rings.iter().map(|ring| ring.iter().map(|p| Coord { x: p.x / flat, y: p.y }).collect()).collect();
    let exterior = squeezed.first()?;
    let first = *exterior.first()?;
    let (min, max) = exterior.iter().fold((first, first), |(min, max), p| {
        (Coord { x: min.x.min(p.x), y: min.y.min(p.y) }, Coord { x: max.x.max(p.x), y: max.y.max(p.y) })
    });
    let (width, height) = (max.x - min.x, max.y - min.y);
    let size = width.min(height);
    if !(size > 0.0 && size.is_finite()) {
        return None;
    }
    let centre = (min + max) / 2.0;
    let mut best = (centre, depth(centre, &squeezed));
    let mut queue = BinaryHeap::new();
    let half = size.max(width.max(height) / 16.0) / 2.0;
    let mut x = min.x;
    while x < max.x {
        let mut y = min.y;
        while y < max.y {
            look(Coord { x: x + half, y: y + half }, half, &squeezed, &mut best, &mut queue);
            y += half * 2.0;
        }
        x += half * 2.0;
    }
    let mut looked = 0;
    while let Some(cell) = queue.pop() {
        if looked > CELLS || cell.potential - best.1 < size * 0.02 {
            break;
        }
        looked += 4;
        let quarter = cell.half / 2.0;
        for (dx, dy) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
            let centre = cell.centre + Coord { x: dx, y: dy } * quarter;
            look(centre, quarter, &squeezed, &mut best, &mut queue);
        }
    }
    (best.1 > 0.0).then_some((Coord { x: best.0.x * flat, y: best.0.y }, best.1))
}

fn look(
    centre: Coord<f64>,
    half: f64,
    rings: &[Vec<Coord<f64>>],
    best: &mut (Coord<f64>, f64),
    queue: &mut BinaryHeap<Cell>,
) {
    let distance = depth(centre, rings);
    if distance > best.1 {
        *best = (centre, distance);
    }
    let potential = distance + half * std::f64::consts::SQRT_2;
    if potential > best.1 {
        queue.push(Cell { centre, half, potential });
    }
}

/// Distance to the nearest edge, negative outside.
pub(crate) fn depth(point: Coord<f64>, rings: &[Vec<Coord<f64>>]) -> f64 {
    let mut within = false;
    let mut nearest = f64::INFINITY;
    for ring in rings {
        let Some(last) = ring.last() else { continue };
        let mut a = *last;
        for &b in ring {
            if (a.y > point.y) != (b.y > point.y) && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x {
                within = !within;
            }
            nearest = nearest.min(square_to_segment(point, a, b));
            a = b;
        }
    }
    if within { nearest.sqrt() } else { -nearest.sqrt() }
}

fn square_to_segment(point: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    let along = b - a;
    let length = along.x * along.x + along.y * along.y;
    let to = point - a;
    let share = if length > 0.0 { ((to.x * along.x + to.y * along.y) / length).clamp(0.0, 1.0) } else { 0.0 };
    let off = to - along * share;
    off.x * off.x + off.y * off.y
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        points.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    #[test]
    fn the_pole_of_a_square_is_its_centre() {
        let (centre, distance) = pole(&[ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)])], 1.0).unwrap();
        assert!((centre.x - 5.0).abs() < 0.3 && (centre.y - 5.0).abs() < 0.3, "{centre:?}");
        assert!((distance - 5.0).abs() < 0.3);
    }

    #[test]
    fn the_pole_of_an_l_is_inside() {
        let l = [ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 2.0), (2.0, 2.0), (2.0, 10.0), (0.0, 10.0)])];
        let (centre, _) = pole(&l, 1.0).unwrap();
        assert!(depth(centre, &l) > 0.9);
    }

    #[test]
    fn flat_shapes_have_none() {
        assert!(pole(&[ring(&[(0.0, 0.0), (10.0, 0.0), (5.0, 0.0)])], 1.0).is_none());
        assert!(pole(&[], 1.0).is_none());
    }
}
