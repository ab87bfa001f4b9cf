//! Joins arcs end to end, in the order given.

use geo_types::{Coord, Geometry, LineString, MultiLineString};

/// One line when each arc meets the one before, several otherwise; an arc that meets by its far end is turned.
/// `None` when nothing has two distinct points.
pub(crate) fn join<'p>(arcs: impl IntoIterator<Item = &'p [Coord<f64>]>) -> Option<Geometry<f64>> {
    let mut lines: Vec<Vec<Coord<f64>>> = Vec::new();
    for arc in arcs {
        let (Some(first), Some(last)) = (arc.first(), arc.last()) else {
            continue;
        };
        match lines.last_mut() {
            Some(line) if line.last() == Some(first) => line.extend(arc.iter().skip(1)),
            Some(line) if line.last() == Some(last) => line.extend(arc.iter().rev().skip(1)),
            // The first arc of a line may itself have been drawn backwards.
            Some(line) if line.first() == Some(first) => {
                line.reverse();
                line.extend(arc.iter().skip(1));
            }
            Some(line) if line.first() == Some(last) => {
                line.reverse();
                line.extend(arc.iter().rev().skip(1));
            }
            _ => lines.push(arc.to_vec()),
        }
    }
    lines.retain(|line| line.iter().any(|point| Some(point) != line.first()));
    let mut lines: Vec<LineString<f64>> = lines.into_iter().map(LineString::new).collect();
    match lines.len() {
        0 => None,
        1 => lines.pop().map(Geometry::LineString),
        _ => Some(Geometry::MultiLineString(MultiLineString::new(lines))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arc(xs: &[f64]) -> Vec<Coord<f64>> {
        xs.iter().map(|&x| Coord { x, y: 0.0 }).collect()
    }

    #[test]
    fn arcs_meet_whatever_their_direction() {
        let (a, b, c) = (arc(&[2.0, 1.0]), arc(&[2.0, 3.0]), arc(&[4.0, 3.0]));
        let Some(Geometry::LineString(line)) = join([&a[..], &b[..], &c[..]]) else { panic!("one line expected") };
        assert_eq!(line.0, arc(&[1.0, 2.0, 3.0, 4.0]));
    }

    #[test]
    fn arcs_apart_stay_apart() {
        let (a, b) = (arc(&[0.0, 1.0]), arc(&[5.0, 6.0]));
        assert!(matches!(join([&a[..], &b[..]]), Some(Geometry::MultiLineString(lines)) if lines.0.len() == 2));
        assert_eq!(join([&arc(&[1.0, 1.0])[..]]), None);
    }
}
