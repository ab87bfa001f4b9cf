//! A line as it is walked: its straight parts.

use crate::point::Point;

/// What a hand or a curve leaves aside of a straight part, metres.
const TOLERANCE: f64 = 0.1;

/// A line without the vertices that leave it as straight as it was, within [`TOLERANCE`] (Douglas and Peucker).
pub(crate) fn simplifiee(points: &[Point]) -> Vec<Point> {
    let Some(dernier) = points.len().checked_sub(1) else { return Vec::new() };
    let mut gardes = vec![false; points.len()];
    let mut a_faire = vec![(0, dernier)];
    while let Some((de, a)) = a_faire.pop() {
        for bout in [de, a] {
            if let Some(garde) = gardes.get_mut(bout) {
                *garde = true;
            }
        }
        let (Some(debut), Some(fin)) = (points.get(de), points.get(a)) else { continue };
        let ecarts = points.iter().enumerate().take(a).skip(de + 1).map(|(rang, point)| {
            let part = point.part_la_plus_proche((*debut, *fin));
            (rang, point.distance(debut.vers(*fin, part)))
        });
        if let Some((rang, ecart)) = ecarts.max_by(|(_, un), (_, autre)| un.total_cmp(autre))
            && ecart > TOLERANCE
        {
            a_faire.push((de, rang));
            a_faire.push((rang, a));
        }
    }
    let mut garde: Vec<Point> =
        points.iter().zip(gardes).filter(|(_, garde)| *garde).map(|(point, _)| *point).collect();
    garde.dedup();
    garde
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearly_straight_becomes_so() {
        let droite: Vec<Point> = (0..=20).map(|n| Point::new(f64::from(n), f64::from(n % 2) * 0.05)).collect();
        assert_eq!(simplifiee(&droite), [Point::new(0.0, 0.0), Point::new(20.0, 0.0)]);
        let coude = [Point::new(0.0, 0.0), Point::new(5.0, 0.0), Point::new(5.0, 5.0)];
        assert_eq!(simplifiee(&coude), coude);
        assert!(simplifiee(&[]).is_empty());
    }
}
