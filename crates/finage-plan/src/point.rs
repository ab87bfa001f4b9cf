//! A point, and what is computed of two of them.

/// A point, in metres.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the east.
    pub x: f64,
    /// To the north.
    pub y: f64,
}

impl Point {
    /// A point of these coordinates, in metres.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Whether both coordinates are numbers that a projected system may hold.
    #[must_use]
    pub fn est_fini(self) -> bool {
        self.x.abs() < 1e8 && self.y.abs() < 1e8
    }

    /// Metres to another.
    #[must_use]
    pub fn distance(self, autre: Self) -> f64 {
        (autre.x - self.x).hypot(autre.y - self.y)
    }

    /// The point at this share of the way to another.
    pub(crate) fn vers(self, autre: Self, part: f64) -> Self {
        Self { x: self.x + (autre.x - self.x) * part, y: self.y + (autre.y - self.y) * part }
    }

    /// The point of the segment that is nearest, as a share of it from 0 to 1.
    pub(crate) fn part_la_plus_proche(self, (de, a): (Self, Self)) -> f64 {
        let (dx, dy) = (a.x - de.x, a.y - de.y);
        let carre = dx * dx + dy * dy;
        if carre > 0.0 { (((self.x - de.x) * dx + (self.y - de.y) * dy) / carre).clamp(0.0, 1.0) } else { 0.0 }
    }
}
