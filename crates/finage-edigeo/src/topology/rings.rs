//! Joins directed arcs into simple closed rings.

use std::collections::HashMap;

use geo_types::Coord;

use super::plane::{PointKey, key};
use crate::model::Defect;

/// Most arcs of one surface that leave one point.
const MAX_DEGREE: usize = 256;

/// A directed piece of contour, the surface on its left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge<'p> {
    pub points: &'p [Coord<f64>],
    pub is_reversed: bool,
}

impl Edge<'_> {
    fn first(&self) -> Option<Coord<f64>> {
        if self.is_reversed { self.points.last() } else { self.points.first() }.copied()
    }

    fn last(&self) -> Option<Coord<f64>> {
        if self.is_reversed { self.points.first() } else { self.points.last() }.copied()
    }

    /// Second point in the direction of travel.
    fn second(&self) -> Option<Coord<f64>> {
        let count = self.points.len();
        self.points.get(if self.is_reversed { count.checked_sub(2)? } else { 1 }).copied()
    }

    /// Last point but one in the direction of travel.
    fn penultimate(&self) -> Option<Coord<f64>> {
        let count = self.points.len();
        self.points.get(if self.is_reversed { 1 } else { count.checked_sub(2)? }).copied()
    }

    fn append(&self, ring: &mut Vec<Coord<f64>>) {
        if self.is_reversed {
            ring.extend(self.points.iter().rev());
        } else {
            ring.extend(self.points);
        }
    }
}

/// Closed rings without a repeated vertex, in the order of the edges given.
///
/// # Errors
/// [`Defect::OpenRing`] when an edge has no next one, [`Defect::TooComplex`] when too many leave one point.
pub(crate) fn join(edges: &[Edge<'_>]) -> Result<Vec<Vec<Coord<f64>>>, Defect> {
    let mut leaving: HashMap<PointKey, Vec<usize>> = HashMap::with_capacity(edges.len());
    for (index, edge) in edges.iter().enumerate() {
        let Some(first) = edge.first() else {
            return Err(Defect::Degenerate);
        };
        let others = leaving.entry(key(first)).or_default();
        if others.len() >= MAX_DEGREE {
            return Err(Defect::TooComplex);
        }
        others.push(index);
    }
    let mut is_used = vec![false; edges.len()];
    let mut rings = Vec::new();
    for start in 0..edges.len() {
        if is_used.get(start).copied().unwrap_or(true) {
            continue;
        }
        let mut contour = Vec::new();
        let mut current = start;
        loop {
            let (Some(edge), Some(used)) = (edges.get(current), is_used.get_mut(current)) else {
                return Err(Defect::Degenerate);
            };
            *used = true;
            edge.append(&mut contour);
            let Some(end) = edge.last() else {
                return Err(Defect::Degenerate);
            };
            if edges.get(start).and_then(Edge::first) == Some(end)
                && is_closing(edge, start, end, edges, &leaving, &is_used)
            {
                break;
            }
            current = next(edge, end, edges, &leaving, &is_used).ok_or(Defect::OpenRing { x: end.x, y: end.y })?;
        }
        split(contour, &mut rings);
    }
    Ok(rings)
}

/// Back at the start: closed, unless the surface goes on by another edge that turns more sharply.
fn is_closing(
    edge: &Edge<'_>,
    start: usize,
    at: Coord<f64>,
    edges: &[Edge<'_>],
    leaving: &HashMap<PointKey, Vec<usize>>,
    is_used: &[bool],
) -> bool {
    let Some(other) = next(edge, at, edges, leaving, is_used) else {
        return true;
    };
    let turn = |index: usize| edges.get(index).map_or(f64::INFINITY, |candidate| clockwise_turn(edge, candidate, at));
    turn(start) <= turn(other)
}

/// The unused edge that leaves `at` first clockwise from where we come: it bounds the same piece of surface.
fn next(
    edge: &Edge<'_>,
    at: Coord<f64>,
    edges: &[Edge<'_>],
    leaving: &HashMap<PointKey, Vec<usize>>,
    is_used: &[bool],
) -> Option<usize> {
    let candidates = leaving.get(&key(at))?.iter().copied().filter(|index| is_used.get(*index) == Some(&false));
    candidates
        .filter_map(|index| Some((index, clockwise_turn(edge, edges.get(index)?, at))))
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(index, _)| index)
}

/// Angle in (0, 2π], clockwise, from the way back along `incoming` to `outgoing`.
fn clockwise_turn(incoming: &Edge<'_>, outgoing: &Edge<'_>, at: Coord<f64>) -> f64 {
    let angle = |to: Option<Coord<f64>>| to.map_or(0.0, |to| (to.y - at.y).atan2(to.x - at.x));
    let turn = (angle(incoming.penultimate()) - angle(outgoing.second())).rem_euclid(std::f64::consts::TAU);
    if turn > 0.0 { turn } else { std::f64::consts::TAU }
}

/// Cuts a closed walk at each vertex it comes back to. Loops of fewer than three points enclose nothing.
fn split(contour: Vec<Coord<f64>>, rings: &mut Vec<Vec<Coord<f64>>>) {
    let mut path: Vec<Coord<f64>> = Vec::with_capacity(contour.len());
    let mut position: HashMap<PointKey, usize> = HashMap::with_capacity(contour.len());
    for point in contour {
        if let Some(&back) = position.get(&key(point)) {
            let mut ring = path.split_off(back);
            for vertex in &ring {
                position.remove(&key(*vertex));
            }
            if ring.len() >= 3 {
                ring.push(point);
                rings.push(ring);
            }
        }
        position.insert(key(point), path.len());
        path.push(point);
    }
}
