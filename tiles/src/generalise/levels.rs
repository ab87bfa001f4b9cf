//! Levels one after the other, from the deepest zoom to the shallowest.

use rayon::prelude::*;
use thiserror::Error;

use super::NO_GROUP;
use super::grid::ZOOM_MAX;
use super::parts::Parts;
use super::rule::{Alone, Rule, RuleError, Small};
use super::shapes::{Shapes, number, start_of};
use super::small;
use super::step::{Made, Step};

/// Most points of a layer.
pub const MAX_POINTS: usize = 1 << 30;

/// Points of a part of a layer, about: one that has more is worked on some parts at a time.
pub const PART_POINTS: usize = 1 << 21;

/// Parts worked on at once, at most.
const PARTS: usize = 4;

/// No shape stands for this source any more.
const GONE: u32 = u32::MAX;

/// A layer at full detail.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// Its areas: the sources that levels speak of by their index.
    pub shapes: Shapes,
    /// Group of each area ([`super::NO_GROUP`] for none), or nothing when all are of one group.
    pub groups: Vec<u32>,
}

/// What a layer looks like at a zoom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The zoom.
    pub zoom: u8,
    /// Areas in world units, on the grid of the zoom, valid, each with at least one ring.
    pub shapes: Shapes,
    source_ends: Vec<u32>,
    sources: Vec<u32>,
    /// Sources left out because they are small, by the rule.
    pub dropped: Vec<u32>,
    /// Sources of which nothing is left on the grid of this zoom or of a deeper one.
    pub collapsed: Vec<u32>,
    /// How many areas crossed themselves and were repaired.
    pub repaired: usize,
}

impl Level {
    /// Sources that a shape of the level stands for, in ascending order.
    #[must_use]
    pub fn sources(&self, shape: usize) -> &[u32] {
        match self.source_ends.get(shape) {
            Some(&end) => &self.sources[start_of(&self.source_ends, shape)..end as usize],
            None => &[],
        }
    }
}

/// Why a layer can't be generalised.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum GeneraliseError {
    /// Zooms are upside down or too deep.
    #[error("les zooms {from} à {to} ne vont pas du plus petit au plus grand, {ZOOM_MAX} au plus")]
    Zooms {
        /// Shallowest zoom asked for.
        from: u8,
        /// Deepest zoom asked for.
        to: u8,
    },
    /// More points than a level can number.
    #[error("la couche a {0} points, {MAX_POINTS} au plus")]
    Points(usize),
    /// Groups are not those of the shapes.
    #[error("{groups} groupes sont donnés pour {shapes} objets")]
    Groups {
        /// How many groups were given.
        groups: usize,
        /// How many shapes.
        shapes: usize,
    },
    /// The rule makes no sense.
    #[error(transparent)]
    Rule(#[from] RuleError),
}

/// Levels of a layer, deepest zoom first; each is computed when it is asked for.
#[derive(Debug)]
pub struct Levels {
    rule: Rule,
    from: u8,
    /// Zoom of the next level.
    next: Option<u8>,
    shapes: Shapes,
    groups: Vec<u32>,
    /// Area of the largest source of each shape, square world units.
    largest: Vec<u64>,
    /// Area of the sources of each shape together, square world units.
    total: Vec<u64>,
    /// The shape that stands for each source.
    shape_of: Vec<u32>,
    dropped: Vec<u32>,
    collapsed: Vec<u32>,
    part_points: usize,
}

impl Levels {
    /// Levels of `layer` for the zooms `from` to `to`, both in.
    ///
    /// # Errors
    /// Zooms are upside down or deeper than [`ZOOM_MAX`], the layer is too large, groups are not one a shape, or the rule
    /// makes no sense.
    pub fn new(layer: Layer, rule: Rule, from: u8, to: u8) -> Result<Self, GeneraliseError> {
        let Layer { shapes, mut groups } = layer;
        let rule = rule.checked()?;
        if from > to || to > ZOOM_MAX {
            return Err(GeneraliseError::Zooms { from, to });
        }
        if shapes.points().len() > MAX_POINTS || shapes.len() > MAX_POINTS {
            return Err(GeneraliseError::Points(shapes.points().len().max(shapes.len())));
        }
        if groups.is_empty() {
            groups.resize(shapes.len(), 0);
        } else if groups.len() != shapes.len() {
            return Err(GeneraliseError::Groups { groups: groups.len(), shapes: shapes.len() });
        }
        let largest: Vec<u64> = (0..shapes.len()).map(|shape| shapes.area(shape)).collect();
        let shape_of = (0..number(shapes.len())).collect();
        let total = largest.clone();
        let (dropped, collapsed) = (Vec::new(), Vec::new());
        let (next, part_points) = (Some(to), PART_POINTS);
        Ok(Self { rule, from, next, shapes, groups, largest, total, shape_of, dropped, collapsed, part_points })
    }

    /// The same worked on in parts of about so many points instead of [`PART_POINTS`]: memory is of a part, and borders between
    /// parts keep all their points.
    #[must_use]
    pub fn in_parts_of(mut self, points: usize) -> Self {
        self.part_points = points;
        self
    }

    fn make(&mut self, zoom: u8) -> Level {
        let step = Step::new(&self.rule, zoom);
        let shapes = std::mem::take(&mut self.shapes);
        let groups = (step.merge_area > 0).then_some(self.groups.as_slice());
        let parts = Parts::new(&shapes, groups, step.grid, self.part_points);
        let made = if parts.lists().is_empty() {
            let count = shapes.len();
            step.make(shapes, &self.groups, &self.largest, &self.total, count)
        } else {
            self.by_parts(&step, shapes, &parts)
        };
        self.shapes = made.shapes;
        self.renumber(&made.roots, step.drop_area);
        self.level(zoom, made.repaired)
    }

    /// Some parts at a time, put together again in the order of the layer.
    fn by_parts(&self, step: &Step, shapes: Shapes, parts: &Parts) -> Made {
        let one = |(own, around): &(Vec<u32>, Vec<u32>)| {
            let all = || own.iter().chain(around).map(|&shape| shape as usize);
            let mut some = Shapes::with_capacity(all().count(), all().map(|shape| shapes.size(shape)).sum());
            all().for_each(|shape| some.copy(&shapes, shape));
            // What is around is there for its borders alone: it merges with nothing.
            let lone = around.iter().map(|_| NO_GROUP);
            let groups: Vec<u32> = own.iter().map(|&shape| self.groups[shape as usize]).chain(lone).collect();
            let of = |values: &[u64]| all().map(|shape| values[shape]).collect::<Vec<u64>>();
            step.make(some, &groups, &of(&self.largest), &of(&self.total), own.len())
        };
        let mut made: Vec<Made> = Vec::with_capacity(parts.lists().len());
        for some in parts.lists().chunks(PARTS) {
            made.par_extend(some.par_iter().map(one));
        }
        let count = shapes.len();
        drop(shapes);
        let mut whole = Made {
            shapes: Shapes::with_capacity(count, made.iter().map(|part| part.shapes.points().len()).sum()),
            roots: Vec::with_capacity(count),
            repaired: made.iter().map(|part| part.repaired).sum(),
        };
        let mut next = vec![0; made.len()];
        for shape in 0..count {
            let part = parts.of(shape);
            let at = next[part];
            next[part] += 1;
            whole.shapes.copy(&made[part].shapes, at);
            whole.roots.push(parts.lists()[part].0[made[part].roots[at] as usize]);
        }
        whole
    }

    /// Keeps the shapes that are left, and what is known of them.
    fn renumber(&mut self, roots: &[u32], drop_area: u64) {
        let root = |shape: u32| roots[shape as usize];
        let mut numbers = vec![GONE; self.shapes.len()];
        let mut left = Shapes::with_capacity(self.shapes.len(), self.shapes.points().len());
        let (mut groups, mut largest, mut total) = (Vec::new(), Vec::new(), Vec::new());
        for shape in 0..number(self.shapes.len()) {
            let at = shape as usize;
            if self.shapes.rings(at).next().is_some() {
                numbers[at] = number(left.len());
                left.copy(&self.shapes, at);
                groups.push(self.groups[at]);
                largest.push(0);
                total.push(0_u64);
            }
        }
        for shape in 0..number(self.shapes.len()) {
            let (at, to) = (shape as usize, numbers[root(shape) as usize] as usize);
            if let (Some(largest), Some(total)) = (largest.get_mut(to), total.get_mut(to)) {
                *largest = self.largest[at].max(*largest);
                *total = self.total[at].saturating_add(*total);
            }
        }
        for (source, shape) in self.shape_of.iter_mut().enumerate().filter(|(_, shape)| **shape != GONE) {
            let to = numbers[root(*shape) as usize];
            if to == GONE {
                let by_rule = self.largest[*shape as usize] < drop_area;
                if by_rule { &mut self.dropped } else { &mut self.collapsed }.push(number(source));
            }
            *shape = to;
        }
        (self.shapes, self.groups, self.largest, self.total) = (left, groups, largest, total);
    }

    /// The level as it is shown: without what is still small on its own, when the rule says so.
    fn level(&self, zoom: u8, repaired: usize) -> Level {
        let below = match self.rule.small {
            Small::Merge { alone: Alone::Drop { below_px2 }, .. } => small::world_area(below_px2, zoom),
            _ => 0,
        };
        let mut shown = Shapes::with_capacity(self.shapes.len(), self.shapes.points().len());
        let mut numbers = vec![GONE; self.shapes.len()];
        for shape in (0..self.shapes.len()).filter(|&shape| self.total[shape] >= below) {
            numbers[shape] = number(shown.len());
            shown.copy(&self.shapes, shape);
        }
        let (mut dropped, mut collapsed) = (self.dropped.clone(), self.collapsed.clone());
        let mut source_ends = vec![0_u32; shown.len() + 1];
        let mut standing = Vec::with_capacity(self.shape_of.len());
        for (source, &shape) in self.shape_of.iter().enumerate() {
            match numbers.get(shape as usize) {
                Some(&GONE) => dropped.push(number(source)),
                Some(&shape) => {
                    source_ends[shape as usize + 1] += 1;
                    standing.push((shape, number(source)));
                }
                None => {}
            }
        }
        for shape in 1..source_ends.len() {
            source_ends[shape] += source_ends[shape - 1];
        }
        let mut sources = vec![0; standing.len()];
        for (shape, source) in standing {
            let next = &mut source_ends[shape as usize];
            sources[*next as usize] = source;
            *next += 1;
        }
        source_ends.pop();
        dropped.sort_unstable();
        collapsed.sort_unstable();
        Level { zoom, shapes: shown, source_ends, sources, dropped, collapsed, repaired }
    }
}

impl Iterator for Levels {
    type Item = Level;

    fn next(&mut self) -> Option<Level> {
        let zoom = self.next?;
        self.next = (zoom > self.from).then(|| zoom - 1);
        Some(self.make(zoom))
    }
}
