//! Levels one after the other, from the deepest zoom to the shallowest.

use thiserror::Error;

use super::arcs::Arcs;
use super::assemble::{Assembled, assemble};
use super::grid::{Grid, ZOOM_MAX};
use super::noding::Edges;
use super::rule::{Alone, Rule, RuleError, Small};
use super::shapes::{Shapes, number, start_of};
use super::simplify::simplify;
use super::small;
use super::topology::{Sides, Walls};
use super::vertices::Vertices;

/// Most points of a layer.
pub const MAX_POINTS: usize = 1 << 30;

/// Grid units a pixel's side: 4,096 a tile of 256 pixels.
const UNITS_PX: f64 = 16.0;

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
        Ok(Self { rule, from, next: Some(to), shapes, groups, largest, total, shape_of, dropped, collapsed })
    }

    fn make(&mut self, zoom: u8) -> Level {
        let (drop_area, merge_area) = small::thresholds(&self.rule.small, zoom);
        let grid = Grid::at_zoom(zoom);
        let shapes = std::mem::take(&mut self.shapes);
        let mut vertices = Vertices::new(&shapes, grid);
        let edges = Edges::new(&shapes, &vertices, |shape| self.largest[shape] >= drop_area);
        vertices.forget_worlds();
        let count = shapes.len();
        drop(shapes);
        let sides = Sides::new(&edges, vertices.len());
        drop(edges);
        let unions = small::merge(&sides, &self.groups, &self.largest, merge_area);
        let walls = Walls::new(&sides, |shape| unions.root(shape));
        drop(sides);
        let mut arcs = Arcs::new(&vertices, &walls);
        drop((walls, vertices));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "measures of a rule are checked")]
        let area = ((self.rule.tolerance_px * UNITS_PX).powi(2) / 2.0) as u64;
        let mut total = vec![0_u64; count];
        for (shape, area) in (0..).zip(&self.total) {
            let total = &mut total[unions.root(shape) as usize];
            *total = total.saturating_add(*area);
        }
        simplify(&mut arcs, area, |shape| total[shape as usize] >> (2 * grid.shift()));
        let Assembled { shapes, repaired } = assemble(&arcs, count, grid);
        self.shapes = shapes;
        self.renumber(|shape| unions.root(shape), drop_area);
        self.level(zoom, repaired)
    }

    /// Keeps the shapes that are left, and what is known of them.
    fn renumber(&mut self, root: impl Fn(u32) -> u32, drop_area: u64) {
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
