//! Round coordinates across the map: crosses inside, their values around, and the length of the scale bar.

use geo_types::Coord;

use crate::frame::Frame;
use crate::mise::Echelle;

/// Paper wanted between two crosses, in millimetres.
const ENTRE_CROIX_MM: f64 = 50.0;
/// Paper the scale bar may take, in millimetres.
const BARRE_MM: f64 = 42.0;

/// Lines of the grid that cross the frame.
pub(crate) struct Grid {
    /// Eastings, in metres, and their place across the page.
    pub(crate) eastings: Vec<(f64, f64)>,
    /// Northings, in metres, and their place down the page.
    pub(crate) northings: Vec<(f64, f64)>,
}

impl Grid {
    /// The grid of a map at `echelle`.
    pub(crate) fn of(frame: &Frame, echelle: Echelle) -> Self {
        let step = step(echelle);
        let (min, max) = (frame.terrain.min(), frame.terrain.max());
        let eastings = multiples(min.x, max.x, step).map(|x| (x, frame.place(Coord { x, y: min.y }).x)).collect();
        let northings = multiples(min.y, max.y, step).map(|y| (y, frame.place(Coord { x: min.x, y }).y)).collect();
        Self { eastings, northings }
    }
}

fn multiples(from: f64, to: f64, step: f64) -> impl Iterator<Item = f64> {
    let first = (from / step).ceil();
    (0..200).map(move |rank| (first + f64::from(rank)) * step).take_while(move |value| *value <= to)
}

/// Round metres nearest to [`ENTRE_CROIX_MM`] on paper.
fn step(echelle: Echelle) -> f64 {
    let wanted = ENTRE_CROIX_MM / echelle.mm_par_metre();
    let off = |step: f64| (step / wanted).ln().abs();
    round_metres([1.0, 2.0, 2.5, 5.0]).min_by(|a, b| off(*a).total_cmp(&off(*b))).unwrap_or(100.0)
}

/// Metres that the scale bar stands for, at `mm_per_metre`, on no more than `most_mm` of paper.
pub(crate) fn bar(mm_per_metre: f64, most_mm: f64) -> f64 {
    round_metres([1.0, 2.0, 4.0, 5.0]).filter(|metres| metres * mm_per_metre <= most_mm).fold(1.0, f64::max)
}

/// Metres that the scale bar of a page stands for.
pub(crate) fn bar_of(echelle: Echelle) -> f64 {
    bar(echelle.mm_par_metre(), BARRE_MM)
}

fn round_metres<const N: usize>(digits: [f64; N]) -> impl Iterator<Item = f64> {
    [1.0, 10.0, 100.0, 1000.0, 10_000.0].into_iter().flat_map(move |power| digits.map(|digit| digit * power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crosses_are_four_to_five_centimetres_apart() {
        for echelle in Echelle::toutes() {
            let paper = step(echelle) * echelle.mm_par_metre();
            assert!((40.0..=63.0).contains(&paper), "{echelle} {paper}");
        }
    }

    #[test]
    fn the_bar_fits() {
        for echelle in Echelle::toutes() {
            let paper = bar_of(echelle) * echelle.mm_par_metre();
            assert!((20.0..=BARRE_MM).contains(&paper), "{echelle} {paper}");
        }
    }
}
