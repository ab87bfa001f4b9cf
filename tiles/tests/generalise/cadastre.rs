//! Made-up cadastres: a lattice of crooked cells that share their borders exactly.

use finage_tiles::generalise::{Layer, Point, Role, Shapes};
use proptest::prelude::*;

/// A lattice of cells, in rows of `columns`.
///
/// Sides are crooked, both cells having the same points; or straight, the cell to their west or north having only the ends:
/// the points of the other are T-junctions, a world unit off at most.
#[derive(Debug, Clone)]
pub struct Cadastre {
    columns: usize,
    /// Outline of each cell, row by row, not closed.
    pub cells: Vec<Vec<Point>>,
    pub groups: Vec<u32>,
}

/// Where the lattice starts, in world units: somewhere in France.
const ORIGIN: [i64; 2] = [2_200_000_123, 1_500_000_457];

/// Cadastres whose cells have sides of about `side` world units.
pub fn cadastre(side: std::ops::Range<i64>) -> impl Strategy<Value = Cadastre> {
    let size = (2_u8..9, 2_u8..9, side, 1_u8..4, prop::bool::weighted(0.3));
    (size, any::<u64>(), 1_u32..4).prop_map(|((columns, rows, side, along, is_straight), seed, groups)| {
        Drawing { columns, rows, side, along, is_straight, random: Random(seed) }.cadastre(groups)
    })
}

/// A cadastre being drawn.
struct Drawing {
    columns: u8,
    rows: u8,
    side: i64,
    /// Points along a side, between its ends.
    along: u8,
    is_straight: bool,
    random: Random,
}

impl Drawing {
    fn cadastre(mut self, groups: u32) -> Cadastre {
        let (columns, rows) = (usize::from(self.columns), usize::from(self.rows));
        let mut corners = Vec::new();
        for row in 0..=i64::from(self.rows) {
            for column in 0..=i64::from(self.columns) {
                let place = [ORIGIN[0] + column * self.side, ORIGIN[1] + row * self.side];
                corners.push(place.map(|value| value + self.random.about(self.side / 5)));
            }
        }
        let corner = |column: usize, row: usize| corners[row * (columns + 1) + column];
        // Each side is drawn once, from west to east or from north to south, without its last point.
        let mut across = Vec::new();
        for row in 0..=rows {
            across.extend((0..columns).map(|column| self.line(corner(column, row), corner(column + 1, row))));
        }
        let mut down = Vec::new();
        for row in 0..rows {
            down.extend((0..=columns).map(|column| self.line(corner(column, row), corner(column, row + 1))));
        }
        let told = if self.is_straight { 1 } else { usize::from(self.along) + 1 };
        let mut cells = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                let mut ring = across[row * columns + column].clone();
                ring.extend(&down[row * (columns + 1) + column + 1][..told]);
                ring.push(corner(column + 1, row + 1));
                ring.extend(across[(row + 1) * columns + column][1..told].iter().rev());
                ring.push(corner(column, row + 1));
                ring.extend(down[row * (columns + 1) + column][1..].iter().rev());
                cells
                    .push(ring.into_iter().map(|point| point.map(|value| u32::try_from(value).unwrap_or(0))).collect());
            }
        }
        let groups = (0..columns * rows).map(|_| self.random.below(groups)).collect();
        Cadastre { columns, cells, groups }
    }

    fn line(&mut self, from: [i64; 2], to: [i64; 2]) -> Vec<[i64; 2]> {
        let steps = i64::from(self.along) + 1;
        let off = |step: i64| if step == 0 || self.is_straight { 0 } else { self.side / 16 };
        let at = |step: i64, axis: usize| from[axis] + (to[axis] - from[axis]) * step / steps;
        (0..steps).map(|step| [0, 1].map(|axis| at(step, axis) + self.random.about(off(step)))).collect()
    }
}

impl Cadastre {
    pub fn layer(&self) -> Layer {
        self.layer_in(&(0..self.cells.len()).collect::<Vec<_>>(), 0)
    }

    /// The layer with its cells in another order, each ring starting elsewhere.
    pub fn layer_in(&self, order: &[usize], turn: usize) -> Layer {
        let mut shapes = Shapes::default();
        for &cell in order {
            let mut ring = self.cells[cell].clone();
            let start = turn % ring.len();
            ring.rotate_left(start);
            shapes.add_ring(ring, Role::Outer);
            shapes.end_shape();
        }
        Layer { shapes, groups: order.iter().map(|&cell| self.groups[cell]).collect() }
    }

    /// Sides of cells that are on the outline.
    pub fn outer_sides(&self) -> usize {
        2 * (self.columns + self.cells.len() / self.columns)
    }

    /// Pairs of cells that share a side.
    pub fn neighbours(&self) -> impl Iterator<Item = (usize, usize)> {
        let (columns, cells) = (self.columns, self.cells.len());
        (0..cells).flat_map(move |cell| {
            let east = ((cell + 1) % columns != 0).then_some((cell, cell + 1));
            let south = (cell + columns < cells).then_some((cell, cell + columns));
            east.into_iter().chain(south)
        })
    }
}

/// Numbers that look like chance, the same for the same seed (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between `-reach` and `reach`.
    fn about(&mut self, reach: i64) -> i64 {
        (self.next() >> 1).cast_signed() % (2 * reach + 1) - reach
    }

    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end)).unwrap_or(0)
    }
}
