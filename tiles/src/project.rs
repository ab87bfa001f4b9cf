//! From the reference system of a shape to world units.

use crate::grid::Pos;
use crate::wkb::WkbError;

/// The reference system of tiles, and that of bytes that name none.
pub const SRID: u32 = 3857;

/// Brings positions of a reference system to world units.
pub trait Project {
    /// The positions that follow are of the system of this EPSG code; 3857 where bytes name none.
    ///
    /// # Errors
    /// [`WkbError::Srid`] for one that is not known.
    fn system(&mut self, srid: u32) -> Result<(), WkbError>;

    /// Where a position is: its abscissa (east), its ordinate (north), in the units of the system.
    ///
    /// # Errors
    /// It is not in the world.
    fn place(&mut self, x: f64, y: f64) -> Result<Pos, WkbError>;
}

/// Metres of EPSG:3857, and no other system.
#[derive(Debug, Clone, Copy, Default)]
pub struct MercatorMetres;

impl Project for MercatorMetres {
    fn system(&mut self, srid: u32) -> Result<(), WkbError> {
        if srid == SRID { Ok(()) } else { Err(WkbError::Srid(srid)) }
    }

    fn place(&mut self, x: f64, y: f64) -> Result<Pos, WkbError> {
        Ok(Pos::from_mercator_metres(x, y)?)
    }
}
