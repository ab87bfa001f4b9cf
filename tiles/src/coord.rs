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

    proptest! {
        #[test]
        fn every_point_has_a_valid_tile(lon in -400.0..400.0_f64, lat in -100.0..100.0_f64, z in 0_u8..30) {
            let tile = TileCoord::containing(lon, lat, z);
            prop_assert!(TileCoord::new(tile.z(), tile.x(), tile.y()).is_ok());
        }
    }
}
