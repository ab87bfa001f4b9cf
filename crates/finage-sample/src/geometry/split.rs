//! Cutting polygons by straight lines.

use geo::{BooleanOps, BoundingRect};
use geo_types::{LineString, Polygon};

use super::{Pt, pt};

/// A straight cut: a point of the line and its unit direction.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// A point of the line.
    pub through: Pt,
    /// Its unit direction.
    pub along: Pt,
}

/// The pieces to the left and to the right of a cut.
#[must_use]
pub fn split_by_line(polygon: &Polygon<f64>, cut: Cut) -> (Vec<Polygon<f64>>, Vec<Polygon<f64>>) {
    let half = half_plane(polygon, cut);
    (polygon.intersection(&half).0, polygon.difference(&half).0)
}

/// The part of a polygon that lies between `from` and `to` metres to the left of a line.
#[must_use]
pub fn strip(polygon: &Polygon<f64>, base: Cut, from: f64, to: f64) -> Vec<Polygon<f64>> {
    let reach = reach(polygon, base.through);
    let corner = |u: f64, v: f64| {
        pt(base.through.x + base.along.x * u - base.along.y * v, base.through.y + base.along.y * u + base.along.x * v)
    };
    let band = Polygon::new(
        LineString::from(vec![corner(-reach, from), corner(reach, from), corner(reach, to), corner(-reach, to)]),
        vec![],
    );
    polygon.intersection(&band).0
}

fn half_plane(polygon: &Polygon<f64>, cut: Cut) -> Polygon<f64> {
    let reach = reach(polygon, cut.through);
    let corner = |u: f64, v: f64| {
        pt(cut.through.x + cut.along.x * u - cut.along.y * v, cut.through.y + cut.along.y * u + cut.along.x * v)
    };
    Polygon::new(
        LineString::from(vec![corner(-reach, 0.0), corner(reach, 0.0), corner(reach, reach), corner(-reach, reach)]),
        vec![],
    )
}

/// A length that goes past the polygon from any of its points, kept short: the overlay's precision follows it.
fn reach(polygon: &Polygon<f64>, from: Pt) -> f64 {
    polygon
        .bounding_rect()
        .map_or(1.0, |r| r.width() + r.height() + (r.center().x - from.x).abs() + (r.center().y - from.y).abs() + 1.0)
}

#[cfg(test)]
mod tests {
    use geo::Area;

    use super::*;

    fn square() -> Polygon<f64> {
        Polygon::new(LineString::from(vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]), vec![])
    }

    #[test]
    fn a_cut_keeps_the_area() {
        let cut = Cut { through: pt(3.0, 5.0), along: pt(0.0, 1.0) };
        let (left, right) = split_by_line(&square(), cut);
        let area = |p: &[Polygon<f64>]| p.iter().map(Area::unsigned_area).sum::<f64>();
        assert!((area(&left) - 30.0).abs() < 1e-4);
        assert!((area(&right) - 70.0).abs() < 1e-4);
    }

    #[test]
    fn a_strip_lies_between_its_two_distances() {
        let base = Cut { through: pt(0.0, 0.0), along: pt(1.0, 0.0) };
        let band = strip(&square(), base, -1.0, 4.0);
        assert!((band.iter().map(Area::unsigned_area).sum::<f64>() - 40.0).abs() < 1e-4);
    }
}
