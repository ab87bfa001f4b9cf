//! World units: web mercator in integers, and what they become on the grid of a tile.
//!
//! The world is 2^32 units wide: 9.3 mm, the grid of a tile of 4,096 at zoom 20. `x` grows to the east and `y` to the
//! **south**, as tiles count. Going to a lower zoom is a shift with rounding, which depends on the vertex alone: two
//! features that share a vertex share it at every zoom.

use thiserror::Error;

use crate::TileCoord;
use crate::bounds::Bounds;

/// Units of a tile's side, as its MVT says.
pub const EXTENT: i64 = 4096;
/// Units around a tile inside which what exists is in the tile.
pub const BUFFER: i64 = 64;
/// The zoom whose tile grid is the world's.
pub const GRID_ZOOM: u8 = 20;
/// World units across the world.
pub const WORLD_SIDE: i64 = 1 << 32;
/// Half the side of the square of EPSG:3857, in metres: π × 6,378,137 m.
const HALF_SIDE_M: f64 = 20_037_508.342_789_244;

/// Why a pair of numbers is no position.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum GridError {
    /// Not a number, or infinite.
    #[error("une coordonnée n'est pas un nombre fini")]
    NotFinite,
    /// Outside the square of EPSG:3857, in metres.
    #[error("la position ({x} ; {y}) est hors du carré de l'EPSG:3857")]
    Outside {
        /// Metres to the east.
        x: f64,
        /// Metres to the north.
        y: f64,
    },
}

/// A position in integers: world units, or units of a tile from its north-west corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pos {
    /// To the east.
    pub x: i64,
    /// To the south.
    pub y: i64,
}

impl Pos {
    /// The position of these units.
    #[must_use]
    pub fn new(x: i64, y: i64) -> Self {
        Self { x, y }
    }

    /// World units, each in 0..2^32, of metres of EPSG:3857. The east and south edges go to the last unit.
    ///
    /// # Errors
    /// A number is not finite or is outside the projection's square.
    pub fn from_mercator_metres(x: f64, y: f64) -> Result<Self, GridError> {
        if !x.is_finite() || !y.is_finite() {
            return Err(GridError::NotFinite);
        }
        let slack = 0.01;
        if x.abs() > HALF_SIDE_M + slack || y.abs() > HALF_SIDE_M + slack {
            return Err(GridError::Outside { x, y });
        }
        let unit = 4_294_967_296.0 / (2.0 * HALF_SIDE_M);
        #[expect(clippy::cast_possible_truncation, reason = "clamped to 32 bits")]
        let cell = |metres: f64| ((metres + HALF_SIDE_M) * unit).round().clamp(0.0, 4_294_967_295.0) as i64;
        Ok(Self { x: cell(x), y: cell(-y) })
    }

    /// Metres of EPSG:3857, east and north, of world units.
    #[must_use]
    pub fn to_mercator_metres(self) -> (f64, f64) {
        #[expect(clippy::cast_precision_loss, reason = "world units have 32 bits")]
        let metres = |units: i64| units as f64 / 4_294_967_296.0 * (2.0 * HALF_SIDE_M) - HALF_SIDE_M;
        (metres(self.x), -metres(self.y))
    }
}

/// World units to the grid of `zoom` (2^zoom tiles of 4,096 across the world), to the nearest, halves to the south-east.
#[must_use]
pub fn to_zoom(units: i64, zoom: u8) -> i64 {
    if zoom >= GRID_ZOOM {
        units << (zoom - GRID_ZOOM)
    } else {
        let shift = GRID_ZOOM - zoom;
        (units + (1 << (shift - 1))) >> shift
    }
}

/// The grid of one tile: world units to units from its north-west corner.
#[derive(Debug, Clone, Copy)]
pub struct TileGrid {
    zoom: u8,
    origin: Pos,
    /// Of the two shifts, one is nought.
    right: u32,
    left: u32,
    half: i64,
}

impl TileGrid {
    /// The grid of this tile.
    #[must_use]
    pub fn new(coord: TileCoord) -> Self {
        let zoom = coord.z();
        let right = u32::from(GRID_ZOOM.saturating_sub(zoom));
        Self {
            zoom,
            origin: Pos::new(i64::from(coord.x()) * EXTENT, i64::from(coord.y()) * EXTENT),
            right,
            left: u32::from(zoom.saturating_sub(GRID_ZOOM)),
            half: (1 << right) >> 1,
        }
    }

    /// Its zoom.
    #[must_use]
    pub fn zoom(self) -> u8 {
        self.zoom
    }

    /// World units to units of the tile: [`to_zoom`] from its corner.
    #[inline]
    #[must_use]
    pub fn place(self, world: Pos) -> Pos {
        let to = |units: i64| ((units + self.half) >> self.right) << self.left;
        Pos::new(to(world.x) - self.origin.x, to(world.y) - self.origin.y)
    }

    /// A box of world units in units of the tile: rounding keeps order, so this is the box of what was rounded.
    #[must_use]
    pub fn place_bounds(self, world: &Bounds) -> Bounds {
        Bounds { min: self.place(world.min), max: self.place(world.max) }
    }

    /// Is the north-west corner of a box in the tile itself, without its buffer? It is in one tile of each zoom.
    #[must_use]
    pub fn is_corner_of(self, world: &Bounds) -> bool {
        let corner = self.place(world.min);
        (0..EXTENT).contains(&corner.x) && (0..EXTENT).contains(&corner.y)
    }

    /// World units outside which nothing rounds into the tile with its buffer.
    #[must_use]
    pub fn reach(self) -> Bounds {
        let corner = |x: i64, y: i64| {
            let back = |units: i64| {
                if self.zoom >= GRID_ZOOM { units >> (self.zoom - GRID_ZOOM) } else { units << (GRID_ZOOM - self.zoom) }
            };
            let around = if self.zoom >= GRID_ZOOM { 1 } else { 1 << (GRID_ZOOM - self.zoom) };
            (Pos::new(back(self.origin.x + x), back(self.origin.y + y)), around)
        };
        let (min, around) = corner(-BUFFER, -BUFFER);
        let (max, _) = corner(EXTENT + BUFFER, EXTENT + BUFFER);
        Bounds { min: Pos::new(min.x - around, min.y - around), max: Pos::new(max.x + around, max.y + around) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn corners_of_the_square_are_units_of_the_world() {
        let nw = Pos::from_mercator_metres(-HALF_SIDE_M, HALF_SIDE_M).unwrap();
        let se = Pos::from_mercator_metres(HALF_SIDE_M, -HALF_SIDE_M).unwrap();
        assert_eq!((nw, se), (Pos::new(0, 0), Pos::new(WORLD_SIDE - 1, WORLD_SIDE - 1)));
        assert_eq!(Pos::from_mercator_metres(f64::NAN, 0.0), Err(GridError::NotFinite));
        assert!(matches!(Pos::from_mercator_metres(2.1e7, 0.0), Err(GridError::Outside { .. })));
    }

    proptest! {
        #[test]
        fn metres_come_back_within_half_a_unit(x in -2.0e7..2.0e7_f64, y in -2.0e7..2.0e7_f64) {
            let (east, north) = Pos::from_mercator_metres(x, y).unwrap().to_mercator_metres();
            prop_assert!((east - x).abs() < 0.0047 && (north - y).abs() < 0.0047);
        }

        #[test]
        fn what_rounds_into_the_buffered_tile_is_within_reach(
            z in 0_u8..=22, x in 0..WORLD_SIDE, y in 0..WORLD_SIDE, east in -70_i64..70, south in -70_i64..70,
        ) {
            let side = 1_i64 << z;
            let cell = |units: i64, off: i64| {
                u32::try_from((((units * side) >> 32) + off / 64).clamp(0, side - 1)).unwrap()
            };
            let grid = TileGrid::new(TileCoord::new(z, cell(x, east), cell(y, south)).unwrap());
            let pos = Pos::new(x, y);
            if Bounds::BUFFERED.has(grid.place(pos)) {
                prop_assert!(grid.reach().has(pos));
            }
        }
    }
}
