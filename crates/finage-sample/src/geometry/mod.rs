//! Plane geometry of the generator, in metres, rounded to the centimetre where objects must meet.

mod dissolve;
mod noding;
mod polygonize;
mod shapes;
mod split;

pub use dissolve::dissolve;
pub use noding::{Noder, key, snap};
pub use polygonize::polygonize;
pub use shapes::{
    compactness, direction, distance_to_segment, largest, length, midpoint, offset_line, oriented_rectangle, point_at,
    project_on_line, ring_area, rotate, smooth,
};
pub use split::{Cut, split_by_line, strip};

/// A point of the plane, in metres.
pub type Pt = geo_types::Coord<f64>;

/// Shorthand for a point.
#[must_use]
pub const fn pt(x: f64, y: f64) -> Pt {
    Pt { x, y }
}
