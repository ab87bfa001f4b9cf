//! One zoom of a layer, or of a part of it: noded, merged, simplified, put together again.

use super::arcs::Arcs;
use super::assemble::{Assembled, assemble};
use super::grid::Grid;
use super::noding::Edges;
use super::rule::Rule;
use super::shapes::{Shapes, number};
use super::simplify::simplify;
use super::small;
use super::topology::{Sides, Walls};
use super::vertices::Vertices;

/// Grid units a pixel's side: 4,096 a tile of 256 pixels.
const UNITS_PX: f64 = 16.0;

/// What is done to shapes at a zoom.
pub(super) struct Step {
    pub(super) grid: Grid,
    /// Areas under which shapes are dropped and merged, square world units.
    pub(super) drop_area: u64,
    pub(super) merge_area: u64,
    /// Area under which a vertex goes, square grid units.
    area: u64,
}

/// Shapes at a zoom.
pub(super) struct Made {
    /// One for each that there was: those that are merged into another, or of which nothing is left, have no ring.
    pub(super) shapes: Shapes,
    /// The shape that each is merged into, or itself.
    pub(super) roots: Vec<u32>,
    /// How many crossed themselves and were repaired.
    pub(super) repaired: usize,
}

impl Step {
    pub(super) fn new(rule: &Rule, zoom: u8) -> Self {
        let (drop_area, merge_area) = small::thresholds(&rule.small, zoom);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "measures of a rule are checked")]
        let area = ((rule.tolerance_px * UNITS_PX).powi(2) / 2.0) as u64;
        Self { grid: Grid::at_zoom(zoom), drop_area, merge_area, area }
    }

    /// The first `own` of these shapes, simplified but for the borders that they share with the others.
    pub(super) fn make(&self, shapes: Shapes, groups: &[u32], largest: &[u64], totals: &[u64], own: usize) -> Made {
        let grid = self.grid;
        let mut vertices = Vertices::new(&shapes, grid);
        let edges = Edges::new(&shapes, &vertices, |shape| largest[shape] >= self.drop_area);
        vertices.forget_worlds();
        let count = shapes.len();
        drop(shapes);
        let sides = Sides::new(&edges, vertices.len());
        drop(edges);
        let unions = small::merge(&sides, groups, largest, self.merge_area);
        let walls = Walls::new(&sides, |shape| unions.root(shape));
        drop(sides);
        let mut arcs = Arcs::new(&vertices, &walls);
        drop((walls, vertices));
        let mut total = vec![0_u64; count];
        for (shape, area) in (0..).zip(totals) {
            let total = &mut total[unions.root(shape) as usize];
            *total = total.saturating_add(*area);
        }
        // What has no area keeps its corners.
        let area_of = |shape: u32| if (shape as usize) < own { total[shape as usize] >> (2 * grid.shift()) } else { 0 };
        simplify(&mut arcs, self.area, area_of);
        let Assembled { shapes, repaired } = assemble(&arcs, own, count, grid);
        Made { shapes, roots: (0..number(own)).map(|shape| unions.root(shape)).collect(), repaired }
    }
}
