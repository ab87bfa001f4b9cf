//! The faces enclosed by a network of lines: the street graph gives the blocks.

use std::collections::{BTreeMap, BTreeSet};

use geo_types::{LineString, Polygon};

use super::noding::Key;
use super::{Noder, Pt, key, ring_area};

/// Bounded faces of the network. Dead ends are left out of the outlines. The network must hang
/// together: a loop that touches nothing else is returned as a face of its own, over the face around it.
#[must_use]
pub fn polygonize(lines: &[Vec<Pt>]) -> Vec<Polygon<f64>> {
    let mut neighbours = noded_graph(lines);
    prune_dead_ends(&mut neighbours);
    let points: BTreeMap<Key, Pt> = neighbours.keys().map(|k| (k.0, k.1)).map(|k| (k, from_key(k))).collect();
    let mut used: BTreeSet<(Key, Key)> = BTreeSet::new();
    let mut faces = Vec::new();
    for (&start, nexts) in &neighbours {
        for &second in nexts {
            if used.contains(&(start, second)) {
                continue;
            }
            let mut ring = Vec::new();
            let (mut a, mut b) = (start, second);
            while used.insert((a, b)) {
                ring.push(points[&a]);
                let next = turn(&neighbours, a, b);
                (a, b) = (b, next);
            }
            if ring_area(&ring) > 0.5 {
                ring.push(ring[0]);
                faces.push(Polygon::new(LineString(ring), vec![]));
            }
        }
    }
    faces
}

fn noded_graph(lines: &[Vec<Pt>]) -> BTreeMap<Key, BTreeSet<Key>> {
    let mut noder = Noder::new(0.25, 0.2);
    for p in lines.iter().flatten() {
        noder.add(*p);
    }
    let segments: Vec<(Pt, Pt)> = lines.iter().flat_map(|l| l.windows(2).map(|w| (w[0], w[1]))).collect();
    for (i, first) in segments.iter().enumerate() {
        for second in &segments[i + 1..] {
            if let Some(p) = crossing(*first, *second) {
                noder.add(p);
            }
        }
    }
    let mut neighbours: BTreeMap<Key, BTreeSet<Key>> = BTreeMap::new();
    for line in lines {
        for pair in noder.node_line(line).windows(2) {
            let (a, b) = (key(pair[0]), key(pair[1]));
            if a != b {
                neighbours.entry(a).or_default().insert(b);
                neighbours.entry(b).or_default().insert(a);
            }
        }
    }
    neighbours
}

fn prune_dead_ends(neighbours: &mut BTreeMap<Key, BTreeSet<Key>>) {
    let mut ends: Vec<Key> = neighbours.iter().filter(|n| n.1.len() == 1).map(|n| *n.0).collect();
    while let Some(end) = ends.pop() {
        for other in neighbours.remove(&end).unwrap_or_default() {
            if let Some(rest) = neighbours.get_mut(&other) {
                rest.remove(&end);
                if rest.len() == 1 {
                    ends.push(other);
                }
            }
        }
    }
    neighbours.retain(|_, n| !n.is_empty());
}

/// From `a` to `b`, the next vertex keeping the face on the left: the first one clockwise from the way back.
fn turn(neighbours: &BTreeMap<Key, BTreeSet<Key>>, a: Key, b: Key) -> Key {
    let back = angle(b, a);
    neighbours[&b]
        .iter()
        .copied()
        .filter(|&n| n != a)
        .min_by(|&l, &r| clockwise(back, angle(b, l)).total_cmp(&clockwise(back, angle(b, r))))
        .unwrap_or(a)
}

/// How far one turns clockwise from `from` to `to`, in (0, 2π].
pub(super) fn clockwise(from: f64, to: f64) -> f64 {
    let turn = (from - to).rem_euclid(std::f64::consts::TAU);
    if turn <= 1e-12 { std::f64::consts::TAU } else { turn }
}

pub(super) fn angle(from: Key, to: Key) -> f64 {
    let (a, b) = (from_key(from), from_key(to));
    (b.y - a.y).atan2(b.x - a.x)
}

#[expect(clippy::cast_precision_loss, reason = "centimetres fit in 53 bits")]
pub(super) fn from_key(k: Key) -> Pt {
    super::pt(k.0 as f64 / 100.0, k.1 as f64 / 100.0)
}

fn crossing(first: (Pt, Pt), second: (Pt, Pt)) -> Option<Pt> {
    let run = first.1 - first.0;
    let other = second.1 - second.0;
    let cross = run.x * other.y - run.y * other.x;
    if cross.abs() < 1e-9 {
        return None;
    }
    let gap = second.0 - first.0;
    let on_first = (gap.x * other.y - gap.y * other.x) / cross;
    let on_second = (gap.x * run.y - gap.y * run.x) / cross;
    let both = (0.0..=1.0).contains(&on_first) && (0.0..=1.0).contains(&on_second);
    both.then(|| super::pt(first.0.x + run.x * on_first, first.0.y + run.y * on_first))
}

#[cfg(test)]
mod tests {
    use geo::Area;

    use super::super::pt;
    use super::*;

    #[test]
    fn a_street_across_a_square_gives_two_blocks_and_forgets_its_dead_end() {
        let square = vec![pt(0.0, 0.0), pt(10.0, 0.0), pt(10.0, 10.0), pt(0.0, 10.0), pt(0.0, 0.0)];
        let street = vec![pt(4.0, -5.0), pt(4.0, 15.0)];
        let mut areas: Vec<f64> = polygonize(&[square, street]).iter().map(Area::signed_area).collect();
        areas.sort_by(f64::total_cmp);
        assert_eq!(areas, vec![40.0, 60.0]);
    }
}
