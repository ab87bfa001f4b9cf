//! Made-up cadastres: a lattice of crooked cells that share their borders exactly.

use finage_tiles::generalise::{Layer, Point, Role, Shapes};
use proptest::prelude::*;

/// A lattice of `columns` by `rows` cells.
///
/// Sides are crooked, both cells having the same points; or straight, the cell to their west or north having only the ends:
/// the points of the other are T-junctions, a world unit off at most.
#[derive(Debug, Clone)]
pub struct Cadastre {
    pub columns: usize,
    pub rows: usize,
    /// Outline of each cell, row by row, not closed.
    pub cells: Vec<Vec<Point>>,
    pub groups: Vec<u32>,
}

/// Where the lattice starts, in world units: somewhere in France.
const ORIGIN: [i64; 2] = [2_200_000_123, 1_500_000_457];

/// Cadastres whose cells have sides of about `side` world units.
pub fn cadastre(side: std::ops::Range<i64>) -> impl Strategy<Value = Cadastre> {
    let size = (2_usize..9, 2_usize..9, side, 1_usize..4, prop::bool::weighted(0.3));
    (size, any::<u64>(), 1_u32..4).prop_map(|((columns, rows, side, along, is_straight), seed, groups)| {
        let mut random = Random(seed);
        let corner: Vec<[i64; 2]> = (0..(columns + 1) * (rows + 1))
            .map(|index| {
                let place =
                    [(index % (columns + 1)).cast_signed() as i64, (index / (columns + 1)).cast_signed() as i64];
                [0, 1].map(|axis| ORIGIN[axis] + place[axis] * side + random.about(side / 5))
            })
            .collect();
        let corner_of = |column: usize, row: usize| corner[row * (columns + 1) + column];
        // A side is drawn once and used by both cells.
        let mut crooked = |from: [i64; 2], to: [i64; 2]| -> Vec<[i64; 2]> {
            (0..=along)
                .map(|step| {
                    let off = if step == 0 || is_straight { 0 } else { side / 16 };
                    [0, 1].map(|axis| {
                        from[axis] + (to[axis] - from[axis]) * step as i64 / (along as i64 + 1) + random.about(off)
                    })
                })
                .collect()
        };
        let mut across = Vec::new();
        for row in 0..=rows {
            across.extend((0..columns).map(|column| crooked(corner_of(column, row), corner_of(column + 1, row))));
        }
        let mut down = Vec::new();
        for row in 0..rows {
            down.extend((0..=columns).map(|column| crooked(corner_of(column, row), corner_of(column, row + 1))));
        }
        let mut cells = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                let mut ring = across[row * columns + column].clone();
                ring.extend(&down[row * (columns + 1) + column + 1]);
                ring.push(corner_of(column + 1, row + 1));
                ring.extend(across[(row + 1) * columns + column][1..].iter().rev());
                ring.push(corner_of(column, row + 1));
                ring.extend(down[row * (columns + 1) + column][1..].iter().rev());
                cells.push(ring.into_iter().map(|point| point.map(|value| u32::try_from(value).unwrap())).collect());
            }
        }
        let groups = (0..columns * rows).map(|_| random.next() as u32 % groups).collect();
        Cadastre { columns, rows, cells, groups }
    })
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
        (self.next() >> 1) as i64 % (2 * reach + 1) - reach
    }
}
