//! Positions of a legal system brought to EPSG:3857, millions of them: PROJ is asked at the nodes of a lattice, and between
//! them a cubic says the same within a micrometre, forty times faster.
//!
//! Both systems are smooth at the scale of the Earth: over a square of 8 km a cubic is off by the fourth power of 8 km over the
//! cube of the Earth's radius, some 10⁻⁸ m. Each square is checked between its nodes, and where it is further off than
//! [`TOLERANCE_M`] PROJ is asked for every position.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, PoisonError, RwLock};

use finage_tiles::{GridError, Pos, Project, WkbError};
use geo_types::{Coord, Geometry, MultiPoint, Point};

use super::projection::{Projection, ProjectionError};

/// The target.
const MERCATOR: u32 = 3857;
/// Side of a square of the lattice, metres of the source.
const SIDE_M: f64 = 8192.0;
/// Nodes along a side of a square, from -1 to 1.
const NODES: [f64; 4] = [-1.0, -1.0 / 3.0, 1.0 / 3.0, 1.0];
/// Between nodes, where a square is checked.
const CHECKS: [(f64, f64); 4] = [(0.0, 0.0), (-0.7, 0.7), (0.7, 0.7), (0.7, -0.7)];
/// What a square may be off, metres: a hundredth of the grid of tiles at zoom 20.
const TOLERANCE_M: f64 = 1e-4;
/// Squares remembered: sixty times France.
const SQUARES: usize = 1 << 19;

thread_local! {
    /// `Proj` does not go from thread to thread.
    static EXACT: RefCell<HashMap<u32, Projection>> = RefCell::default();
}

/// The squares known of each system, shared by threads.
#[derive(Debug, Default)]
pub struct Mercator {
    squares: RwLock<HashMap<Place, Arc<Square>>>,
}

/// A system, and a square of its lattice.
type Place = (u32, i32, i32);

/// A square of the lattice.
#[derive(Debug)]
enum Square {
    /// By its cubics.
    Cubic(Box<Cubic>),
    /// By PROJ: it is out of the domain somewhere, or not smooth.
    Exact,
}

/// Coefficients of east and north, by powers of the ordinate then of the abscissa.
#[derive(Debug, Default)]
struct Cubic {
    east: [[f64; 4]; 4],
    north: [[f64; 4]; 4],
}

/// Brings positions one after the other, remembering the square of the last.
#[derive(Debug)]
pub struct ToMercator<'a> {
    mercator: &'a Mercator,
    from: u32,
    last: Option<(Place, Arc<Square>)>,
}

impl Mercator {
    /// For one thread.
    #[must_use]
    pub fn reader(&self) -> ToMercator<'_> {
        ToMercator { mercator: self, from: MERCATOR, last: None }
    }

    fn square(&self, place: Place) -> Result<Arc<Square>, ProjectionError> {
        if let Some(square) = self.squares.read().unwrap_or_else(PoisonError::into_inner).get(&place) {
            return Ok(Arc::clone(square));
        }
        let square = Arc::new(Square::of(place)?);
        let mut squares = self.squares.write().unwrap_or_else(PoisonError::into_inner);
        if squares.len() < SQUARES {
            squares.insert(place, Arc::clone(&square));
        }
        Ok(square)
    }
}

impl ToMercator<'_> {
    /// East and north in metres of EPSG:3857 of a position of the system `from`.
    ///
    /// # Errors
    /// PROJ does not know the system, or the position is out of its domain.
    pub fn metres(&mut self, from: u32, x: f64, y: f64) -> Result<(f64, f64), ProjectionError> {
        if from == MERCATOR {
            return Ok((x, y));
        }
        let (column, row) = ((x / SIDE_M).floor(), (y / SIDE_M).floor());
        // Two thousand times the Earth's radius, and what is no number.
        if !(column.abs() < 1.0e6 && row.abs() < 1.0e6) {
            return Err(ProjectionError::Domain { from, to: MERCATOR });
        }
        #[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
        let place = (from, column as i32, row as i32);
        let square = match &self.last {
            Some((last, square)) if *last == place => square,
            _ => &self.last.insert((place, self.mercator.square(place)?)).1,
        };
        match &**square {
            Square::Cubic(cubic) => Ok(cubic.at(within(x, column), within(y, row))),
            Square::Exact => {
                exact(from, &[(x, y)])?.first().copied().ok_or(ProjectionError::Domain { from, to: MERCATOR })
            }
        }
    }
}

impl Project for ToMercator<'_> {
    fn system(&mut self, srid: u32) -> Result<(), WkbError> {
        self.from = srid;
        Ok(())
    }

    #[inline]
    fn place(&mut self, x: f64, y: f64) -> Result<Pos, WkbError> {
        let (east, north) = self.metres(self.from, x, y).map_err(|error| match error {
            ProjectionError::Domain { .. } => GridError::Outside { x, y }.into(),
            ProjectionError::Unavailable { from, .. } => WkbError::Srid(from),
        })?;
        Ok(Pos::from_mercator_metres(east, north)?)
    }
}

/// Where a number is in its square, from -1 to 1.
fn within(value: f64, cell: f64) -> f64 {
    (value / SIDE_M - cell) * 2.0 - 1.0
}

impl Square {
    fn of(place: Place) -> Result<Self, ProjectionError> {
        let (from, column, row) = place;
        let at = |(u, v): (f64, f64)| {
            let along = |cell: i32, t: f64| (f64::from(cell) + f64::midpoint(t, 1.0)) * SIDE_M;
            (along(column, u), along(row, v))
        };
        let nodes: Vec<(f64, f64)> = NODES.iter().flat_map(|v| NODES.iter().map(move |u| (*u, *v))).collect();
        let asked: Vec<(f64, f64)> = nodes.iter().chain(&CHECKS).map(|node| at(*node)).collect();
        let found = match exact(from, &asked) {
            Ok(found) => found,
            Err(ProjectionError::Domain { .. }) => return Ok(Self::Exact),
            Err(error) => return Err(error),
        };
        let cubic = Cubic::through(&found);
        let checks = found.iter().skip(nodes.len()).zip(CHECKS);
        let off = checks.map(|((east, north), (u, v))| {
            let (x, y) = cubic.at(u, v);
            (x - east).hypot(y - north)
        });
        let smooth = off.fold(0.0, f64::max) <= TOLERANCE_M;
        Ok(if smooth { Self::Cubic(Box::new(cubic)) } else { Self::Exact })
    }
}

impl Cubic {
    /// Through these values at the nodes, rows from the south.
    fn through(values: &[(f64, f64)]) -> Self {
        let mut cubic = Self::default();
        for ((row, value), node) in values
            .chunks(4)
            .take(4)
            .enumerate()
            .flat_map(|(row, values)| values.iter().enumerate().map(move |(node, value)| ((row, *value), node)))
        {
            for (power_v, by_v) in LAGRANGE[row].iter().enumerate() {
                for (power_u, by_u) in LAGRANGE[node].iter().enumerate() {
                    cubic.east[power_v][power_u] += value.0 * by_v * by_u;
                    cubic.north[power_v][power_u] += value.1 * by_v * by_u;
                }
            }
        }
        cubic
    }

    #[inline]
    fn at(&self, u: f64, v: f64) -> (f64, f64) {
        let row = |by: &[f64; 4]| ((by[3] * u + by[2]) * u + by[1]) * u + by[0];
        let both = |by: &[[f64; 4]; 4]| ((row(&by[3]) * v + row(&by[2])) * v + row(&by[1])) * v + row(&by[0]);
        (both(&self.east), both(&self.north))
    }
}

/// For each node, the coefficients of the cubic that is 1 there and 0 at the others, by powers.
const LAGRANGE: [[f64; 4]; 4] = [
    [-1.0 / 16.0, 1.0 / 16.0, 9.0 / 16.0, -9.0 / 16.0],
    [9.0 / 16.0, -27.0 / 16.0, -9.0 / 16.0, 27.0 / 16.0],
    [9.0 / 16.0, 27.0 / 16.0, -9.0 / 16.0, -27.0 / 16.0],
    [-1.0 / 16.0, -1.0 / 16.0, 9.0 / 16.0, 9.0 / 16.0],
];

/// What PROJ says of these positions.
fn exact(from: u32, positions: &[(f64, f64)]) -> Result<Vec<(f64, f64)>, ProjectionError> {
    EXACT.with_borrow_mut(|known| {
        let projection = match known.entry(from) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Projection::new(from, MERCATOR)?),
        };
        let domain = ProjectionError::Domain { from, to: MERCATOR };
        let points = positions.iter().map(|(x, y)| Point(Coord { x: *x, y: *y })).collect();
        let mut points = Geometry::MultiPoint(MultiPoint(points));
        projection.apply(&mut points)?;
        match points {
            Geometry::MultiPoint(points) => Ok(points.iter().map(|point| (point.x(), point.y())).collect()),
            _ => Err(domain),
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Legal systems, and a box of metres where each is used.
    const SYSTEMS: [(u32, [f64; 4]); 6] = [
        (2154, [100_000.0, 6_050_000.0, 1_240_000.0, 7_110_000.0]),
        (5490, [480_000.0, 1_590_000.0, 740_000.0, 2_010_000.0]),
        (2972, [100_000.0, 230_000.0, 420_000.0, 640_000.0]),
        (2975, [310_000.0, 7_630_000.0, 380_000.0, 7_700_000.0]),
        (4471, [500_000.0, 8_560_000.0, 540_000.0, 8_610_000.0]),
        (4467, [540_000.0, 5_170_000.0, 570_000.0, 5_230_000.0]),
    ];

    proptest! {
        #[test]
        fn cubics_say_what_proj_says(system in 0_usize..6, east in 0.0..1.0_f64, north in 0.0..1.0_f64) {
            let (from, [west, south, right, top]) = SYSTEMS[system];
            let (x, y) = (west + east * (right - west), south + north * (top - south));
            let mercator = Mercator::default();
            let (found_x, found_y) = mercator.reader().metres(from, x, y).unwrap();
            let (true_x, true_y) = exact(from, &[(x, y)]).unwrap()[0];
            prop_assert!((found_x - true_x).hypot(found_y - true_y) < 1e-6, "{from} {x} {y}");
            #[expect(clippy::cast_possible_truncation, reason = "some thousands of squares")]
            let place = (from, (x / SIDE_M).floor() as i32, (y / SIDE_M).floor() as i32);
            prop_assert!(matches!(*mercator.square(place).unwrap(), Square::Cubic(_)));
        }
    }

    #[test]
    fn what_is_out_of_the_world_is_an_error() {
        let mercator = Mercator::default();
        for (x, y) in [(f64::NAN, 0.0), (f64::INFINITY, 0.0), (0.0, -1e300)] {
            assert!(mercator.reader().metres(2154, x, y).is_err());
        }
        assert!(mercator.reader().metres(99_999, 0.0, 0.0).is_err());
        assert_eq!(mercator.reader().metres(3857, 1.5, -2.5).unwrap(), (1.5, -2.5));
    }
}
