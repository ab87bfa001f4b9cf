//! What becomes of shapes that are too small for a zoom.

use super::NO_GROUP;
use super::rule::Small;
use super::shapes::number;
use super::topology::{Sides, Use};

/// Shapes of a group that are one, found through any of them.
#[derive(Debug)]
pub(super) struct Unions {
    /// A shape of the same union with a lower number, or itself.
    parents: Vec<u32>,
}

impl Unions {
    pub(super) fn new(shapes: usize) -> Self {
        Self { parents: (0..number(shapes)).collect() }
    }

    /// The lowest shape of the union.
    pub(super) fn root(&self, shape: u32) -> u32 {
        let mut at = shape;
        while self.parents[at as usize] != at {
            at = self.parents[at as usize];
        }
        at
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.shorten(one), self.shorten(other));
        self.parents[one.max(other) as usize] = one.min(other);
    }

    /// The lowest shape, on the way to which each shape then skips one.
    fn shorten(&mut self, shape: u32) -> u32 {
        let mut at = shape;
        while self.parents[at as usize] != at {
            let above = self.parents[self.parents[at as usize] as usize];
            self.parents[at as usize] = above;
            at = above;
        }
        at
    }

    /// Every shape straight to the lowest of its union.
    fn flatten(&mut self) {
        for shape in 0..self.parents.len() {
            // Lower shapes are flat already.
            self.parents[shape] = self.parents[self.parents[shape] as usize];
        }
    }
}

/// Unions of the shapes of one group that are under `area` (square world units, judged on `largest`, the largest source
/// of each) and share a border.
pub(super) fn merge(sides: &Sides, groups: &[u32], largest: &[u64], area: u64) -> Unions {
    let mut unions = Unions::new(largest.len());
    if area == 0 {
        return unions;
    }
    let may_merge = |shape: u32| largest[shape as usize] < area && groups[shape as usize] != NO_GROUP;
    let pairs = sides.by_runs(|edges| {
        let mut pairs = Vec::new();
        for edge in edges {
            let mut uses = edge.uses().map(Use::shape).filter(|&shape| may_merge(shape));
            // On bad ground many shapes may lie along one edge: joining each to the next of its group joins them all.
            while let Some(shape) = uses.next() {
                let group = groups[shape as usize];
                let next = uses.clone().find(|&other| other != shape && groups[other as usize] == group);
                pairs.extend(next.map(|next| (shape, next)));
            }
        }
        pairs
    });
    pairs.into_iter().flatten().for_each(|(one, other)| unions.join(one, other));
    unions.flatten();
    unions
}

/// Area in square world units under which sources are dropped, and merged, at a zoom.
pub(super) fn thresholds(small: &Small, zoom: u8) -> (u64, u64) {
    match *small {
        Small::Keep => (0, 0),
        Small::Drop { below_px2 } => (world_area(below_px2, zoom), 0),
        Small::Merge { below_px2, .. } => (0, world_area(below_px2, zoom)),
    }
}

/// Square pixels (256 a tile's side) of a zoom in square world units.
pub(super) fn world_area(px2: f64, zoom: u8) -> u64 {
    let side = f64::from(1_u32 << (24 - zoom.min(24)));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the conversion saturates")]
    let area = (px2 * side * side) as u64;
    area
}
