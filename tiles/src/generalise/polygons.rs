//! Polygons from rings, and whether they are valid.

use super::exact::{self, Wide, dot, minus, side, wide};
use super::shapes::Point;

/// Polygons of a shape: each an outer ring, then its holes.
pub(super) type Polygons = Vec<Vec<Vec<Point>>>;

/// Puts each hole in the smallest outer ring around it; gives rings back when one holds no area or none is an outer ring.
///
/// Rings start at their lowest point and polygons are in the order of theirs, so that equal shapes are written alike.
pub(super) fn from_rings(rings: Vec<Vec<Point>>) -> Result<Polygons, Vec<Vec<Point>>> {
    let areas: Vec<i128> = rings.iter().map(|ring| exact::doubled_area(ring)).collect();
    if areas.contains(&0) || areas.iter().all(|&area| area < 0) {
        return Err(rings);
    }
    let mut measured: Vec<(i128, Vec<Point>)> = areas.into_iter().zip(rings).collect();
    for (_, ring) in &mut measured {
        let lowest = (0..ring.len()).min_by_key(|&index| ring[index]).unwrap_or(0);
        ring.rotate_left(lowest);
    }
    measured.sort_unstable_by(|a, b| a.1.cmp(&b.1));
    let (outers, holes): (Vec<_>, Vec<_>) = measured.into_iter().partition(|(area, _)| *area > 0);
    if let [_] = outers[..] {
        let polygon = outers.into_iter().chain(holes).map(|(_, ring)| ring).collect();
        return Ok(vec![polygon]);
    }
    let areas: Vec<i128> = outers.iter().map(|(area, _)| *area).collect();
    let mut polygons: Polygons = outers.into_iter().map(|(_, ring)| vec![ring]).collect();
    for (_, hole) in holes {
        let around = (0..polygons.len()).filter(|&index| is_around(&polygons[index][0], &hole));
        let smallest = around.min_by_key(|&index| areas[index]).unwrap_or(0);
        polygons[smallest].push(hole);
    }
    Ok(polygons)
}

/// Whether rings are holes that are around nothing, each simple and apart from the others.
pub(super) fn are_mere_holes(rings: &[Vec<Point>]) -> bool {
    let rings: Vec<&[Point]> = rings.iter().map(Vec::as_slice).collect();
    rings.iter().all(|ring| exact::doubled_area(ring) < 0) && edges_are_apart(&rings)
}

/// Whether the rings are simple and touch at points at most, holes are inside and polygons beside one another.
pub(super) fn are_valid(polygons: &Polygons) -> bool {
    let rings: Vec<&[Point]> = polygons.iter().flatten().map(Vec::as_slice).collect();
    if rings.iter().any(|ring| ring.len() < 3) || !edges_are_apart(&rings) {
        return false;
    }
    if polygons.len() == 1 && rings.len() == 1 {
        return exact::doubled_area(rings[0]) > 0;
    }
    // Around an outer ring there are as many outer rings as holes; around a hole, one more.
    let turns: Vec<i32> = rings.iter().map(|ring| if exact::doubled_area(ring) > 0 { 1 } else { -1 }).collect();
    let boxes: Vec<[Point; 2]> = rings.iter().map(|ring| bounds(ring)).collect();
    (0..rings.len()).all(|ring| {
        let first = rings[ring][0];
        let may_hold =
            |[low, high]: [Point; 2]| (0..2).all(|axis| low[axis] <= first[axis] && first[axis] <= high[axis]);
        let others = (0..rings.len()).filter(|&other| other != ring && may_hold(boxes[other]));
        let depth: i32 = others.filter(|&other| is_around(rings[other], rings[ring])).map(|other| turns[other]).sum();
        depth == i32::from(turns[ring] < 0)
    })
}

/// Lowest and highest coordinates of a ring.
fn bounds(ring: &[Point]) -> [Point; 2] {
    let along = |axis: usize| ring.iter().map(move |point| point[axis]);
    let bound = |pick: fn(u32, u32) -> u32| [0, 1].map(|axis| along(axis).reduce(pick).unwrap_or(0));
    [bound(u32::min), bound(u32::max)]
}

/// Whether the middle of the first edge of `ring` is inside `outer`.
pub(super) fn is_around(outer: &[Point], ring: &[Point]) -> bool {
    let (a, b) = (wide(ring[0]), wide(ring[1]));
    let middle = [a[0] + b[0], a[1] + b[1]];
    let mut inside = false;
    for (index, &from) in outer.iter().enumerate() {
        let to = outer[(index + 1) % outer.len()];
        let (p, q) = (wide(from).map(|value| 2 * value), wide(to).map(|value| 2 * value));
        if (p[1] > middle[1]) != (q[1] > middle[1]) && (side(p, q, middle) > 0) == (q[1] > p[1]) {
            inside = !inside;
        }
    }
    inside
}

struct Edge {
    from: Wide,
    to: Wide,
    ring: usize,
    place: usize,
    /// Edges of the ring.
    of: usize,
}

/// Whether edges meet where they may: next ones at their common end, those of two rings at a point.
fn edges_are_apart(rings: &[&[Point]]) -> bool {
    let mut edges: Vec<Edge> = rings
        .iter()
        .enumerate()
        .flat_map(|(ring, points)| {
            points.iter().enumerate().map(move |(place, &from)| {
                let to = points[(place + 1) % points.len()];
                Edge { from: wide(from), to: wide(to), ring, place, of: points.len() }
            })
        })
        .collect();
    edges.sort_unstable_by_key(|edge| edge.from[0].min(edge.to[0]));
    edges.iter().enumerate().all(|(index, edge)| {
        let reach = edge.from[0].max(edge.to[0]);
        edges[index + 1..]
            .iter()
            .take_while(|other| other.from[0].min(other.to[0]) <= reach)
            .all(|other| may_be(edge, other))
    })
}

fn may_be(a: &Edge, b: &Edge) -> bool {
    let apart = |axis: usize| {
        a.from[axis].max(a.to[axis]) < b.from[axis].min(b.to[axis])
            || b.from[axis].max(b.to[axis]) < a.from[axis].min(a.to[axis])
    };
    if apart(1) {
        return true;
    }
    let sides =
        [side(a.from, a.to, b.from), side(a.from, a.to, b.to), side(b.from, b.to, a.from), side(b.from, b.to, a.to)];
    if sides == [0; 4] {
        return along_one_line_may_be(a, b);
    }
    if sides[0] * sides[1] > 0 || sides[2] * sides[3] > 0 {
        return true;
    }
    // They meet at one point.
    let is_crossing = sides.iter().all(|&s| s != 0);
    let are_next = a.ring == b.ring && ((a.place + 1) % a.of == b.place || (b.place + 1) % b.of == a.place);
    !is_crossing && (are_next || a.ring != b.ring)
}

/// Edges along one line may share an end, when they go on from it.
fn along_one_line_may_be(a: &Edge, b: &Edge) -> bool {
    let along = minus(a.to, a.from);
    let at = |point: Wide| dot(minus(point, a.from), along);
    let (low, high) = (at(b.from).min(at(b.to)), at(b.from).max(at(b.to)));
    let end = at(a.to);
    let overlap = low.max(0) < high.min(end);
    let touch = low == end || high == 0;
    let are_next = a.ring == b.ring && ((a.place + 1) % a.of == b.place || (b.place + 1) % b.of == a.place);
    !overlap && (!touch || are_next || a.ring != b.ring)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(rings: &[&[Point]]) -> bool {
        from_rings(rings.iter().map(|ring| ring.to_vec()).collect()).is_ok_and(|polygons| are_valid(&polygons))
    }

    const SQUARE: [Point; 4] = [[0, 0], [10, 0], [10, 10], [0, 10]];

    #[test]
    fn simple_rings_with_holes_inside_are_valid() {
        assert!(is_valid(&[&SQUARE]));
        assert!(is_valid(&[&SQUARE, &[[2, 2], [2, 4], [4, 4], [4, 2]]]));
        // A hole that touches its ring, and two polygons that touch.
        assert!(is_valid(&[&SQUARE, &[[0, 5], [4, 6], [4, 4]]]));
        assert!(is_valid(&[&SQUARE, &[[10, 10], [20, 10], [20, 20]]]));
    }

    #[test]
    fn rings_that_cross_or_overlap_are_not() {
        assert!(!is_valid(&[&[[0, 0], [30, 0], [30, 10], [5, 10], [5, 5], [15, 5], [0, 10]]]));
        assert!(!is_valid(&[&SQUARE, &[[2, 2], [2, 14], [4, 14], [4, 2]]]));
        assert!(!is_valid(&[&SQUARE, &[[2, 2], [4, 2], [4, 4], [2, 4]]]));
        assert!(!is_valid(&[&SQUARE, &[[20, 20], [20, 40], [40, 40], [40, 20]]]));
        assert!(!is_valid(&[&SQUARE, &[[10, 2], [12, 2], [12, 8], [10, 8]]]));
        assert!(!is_valid(&[&[[0, 0], [10, 0], [10, 10], [10, 4], [0, 4]]]));
        assert!(!is_valid(&[&[[0, 0], [10, 0], [10, 10], [5, 0], [0, 10]]]));
    }
}
