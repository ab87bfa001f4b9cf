//! The address of a tile in the web mercator pyramid (XYZ scheme, origin north-west).

use std::f64::consts::PI;

use thiserror::Error;

/// Deepest zoom that has an address here.
pub const ZOOM_MAX: u8 = 22;

/// A tile's address, always inside the pyramid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileCoord {
    z: u8,
    x: u32,
    y: u32,
}

/// Why an address is no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CoordError {
    /// Zoom deeper than [`ZOOM_MAX`].
    #[error("le zoom {0} dépasse {ZOOM_MAX}")]
    Zoom(u8),
    /// Column or row outside the pyramid at this zoom.
    #[error("la tuile {z}/{x}/{y} est hors de la pyramide")]
    Outside {
        /// Zoom.
        z: u8,
        /// Column.
        x: u32,
        /// Row.
        y: u32,
    },
}

impl TileCoord {
    /// The tile of the whole world.
    pub const WORLD: Self = Self { z: 0, x: 0, y: 0 };

    /// The tile at zoom `z`, column `x` from the west, row `y` from the north.
    ///
    /// # Errors
    /// The zoom is too deep, or column or row is not below 2^z.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, CoordError> {
        if z > ZOOM_MAX {
            return Err(CoordError::Zoom(z));
        }
        let side = 1_u32 << z;
        if x >= side || y >= side {
            return Err(CoordError::Outside { z, x, y });
        }
        Ok(Self { z, x, y })
    }

    /// Zoom.
    #[must_use]
    pub fn z(self) -> u8 {
        self.z
    }

    /// Column, from the west.
    #[must_use]
    pub fn x(self) -> u32 {
        self.x
    }

    /// Row, from the north.
    #[must_use]
    pub fn y(self) -> u32 {
        self.y
    }

    /// The four tiles of the next zoom inside this one, which must not be of [`ZOOM_MAX`].
    pub(crate) fn children(self) -> [Self; 4] {
        let child = |x: u32, y: u32| Self { z: self.z + 1, x: 2 * self.x + x, y: 2 * self.y + y };
        [child(0, 0), child(1, 0), child(0, 1), child(1, 1)]
    }

    /// Rank of the tile among those of its zoom along the Hilbert curve of PMTiles 3 (specification, « Tile ID »): the four
    /// tiles inside one follow one another.
    #[must_use]
    pub fn along_curve(self) -> u64 {
        let (mut x, mut y, mut rank) = (self.x, self.y, 0_u64);
        for bit in (0..self.z).rev() {
            let (right, down) = (x >> bit & 1, y >> bit & 1);
            rank = rank << 2 | u64::from((3 * right) ^ down);
            if down == 0 {
                if right == 1 {
                    (x, y) = (!x, !y);
                }
                std::mem::swap(&mut x, &mut y);
            }
        }
        rank
    }

    /// The tile that holds a point in degrees; latitudes beyond the projection are brought to its edge.
    #[must_use]
    pub fn containing(lon: f64, lat: f64, z: u8) -> Self {
        let z = z.min(ZOOM_MAX);
        let side = f64::from(1_u32 << z);
        let lat = lat.clamp(-85.051_128, 85.051_128).to_radians();
        let column = (lon + 180.0) / 360.0 * side;
        let row = (1.0 - lat.tan().asinh() / PI) / 2.0 * side;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..side")]
        let cell = |value: f64| value.clamp(0.0, side - 1.0) as u32;
        Self { z, x: cell(column), y: cell(row) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn outside_the_pyramid_is_refused() {
        assert_eq!(TileCoord::new(23, 0, 0), Err(CoordError::Zoom(23)));
        assert!(TileCoord::new(1, 2, 0).is_err());
        assert!(TileCoord::new(0, 0, 0).is_ok());
    }

    #[test]
    fn arles_is_in_its_tile() {
        let tile = TileCoord::containing(4.6277, 43.6766, 14);
        assert_eq!((tile.x(), tile.y()), (8402, 5977));
    }

    #[test]
    fn the_curve_begins_as_the_specification_says() {
        // PMTiles 3: 1 is 1/0/0, 2 is 1/0/1, 3 is 1/1/1, 4 is 1/1/0, 5 is 2/0/0.
        let ranks = [(0, 0), (0, 1), (1, 1), (1, 0)].map(|(x, y)| TileCoord::new(1, x, y).unwrap().along_curve());
        assert_eq!(ranks, [0, 1, 2, 3]);
        // 12/3423/1763 is 19,078,479, of which 5,592,405 are of zooms above.
        assert_eq!(TileCoord::new(12, 3423, 1763).unwrap().along_curve() + 5_592_405, 19_078_479);
    }

    proptest! {
        #[test]
        fn tiles_inside_one_follow_one_another(x in 0_u32..1 << 10, y in 0_u32..1 << 10) {
            let tile = TileCoord::new(10, x, y).unwrap();
            let mut ranks = tile.children().map(TileCoord::along_curve);
            ranks.sort_unstable();
            let first = tile.along_curve() * 4;
            prop_assert_eq!(ranks, [first, first + 1, first + 2, first + 3]);
        }

        #[test]
        fn every_point_has_a_valid_tile(lon in -400.0..400.0_f64, lat in -100.0..100.0_f64, z in 0_u8..30) {
            let tile = TileCoord::containing(lon, lat, z);
            prop_assert!(TileCoord::new(tile.z(), tile.x(), tile.y()).is_ok());
        }
    }
}
