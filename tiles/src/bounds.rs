//! Boxes in integers: of shapes, of tiles.

use crate::grid::{BUFFER, EXTENT, Pos};

/// A box in integers, its edges included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// North-west corner.
    pub min: Pos,
    /// South-east corner.
    pub max: Pos,
}

impl Bounds {
    /// A tile with its buffer, in the tile's units.
    pub const BUFFERED: Self = Self::around(BUFFER);
    /// A tile and its eight neighbours: what lies inside is written whole.
    pub const WHOLE: Self = Self::around(EXTENT);

    /// As far as the steps of MVT go without care.
    pub(crate) const FAR: Self = Self::around(1 << 30);

    /// A tile with this many units around it.
    const fn around(margin: i64) -> Self {
        Self { min: Pos { x: -margin, y: -margin }, max: Pos { x: EXTENT + margin, y: EXTENT + margin } }
    }

    /// The box of nothing: it meets no other.
    pub const EMPTY: Self = Self { min: Pos { x: i64::MAX, y: i64::MAX }, max: Pos { x: i64::MIN, y: i64::MIN } };

    /// The smallest box that holds these positions; [`Self::EMPTY`] for none.
    pub fn of<'a>(positions: impl IntoIterator<Item = &'a Pos>) -> Self {
        let mut bounds = Self::EMPTY;
        for pos in positions {
            bounds.extend(*pos);
        }
        bounds
    }

    /// Grows to hold a position.
    pub fn extend(&mut self, pos: Pos) {
        self.min = Pos::new(self.min.x.min(pos.x), self.min.y.min(pos.y));
        self.max = Pos::new(self.max.x.max(pos.x), self.max.y.max(pos.y));
    }

    /// Grows to hold another box.
    pub fn join(&mut self, other: &Self) {
        self.min = Pos::new(self.min.x.min(other.min.x), self.min.y.min(other.min.y));
        self.max = Pos::new(self.max.x.max(other.max.x), self.max.y.max(other.max.y));
    }

    /// Do the boxes share a point, be it of their edges?
    #[must_use]
    pub fn touches(&self, other: &Self) -> bool {
        self.min.x <= other.max.x && other.min.x <= self.max.x && self.min.y <= other.max.y && other.min.y <= self.max.y
    }

    /// Do the insides of the boxes share a point?
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.min.x < other.max.x && other.min.x < self.max.x && self.min.y < other.max.y && other.min.y < self.max.y
    }

    /// Is the other box inside this one, edges included?
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        self.min.x <= other.min.x && other.max.x <= self.max.x && self.min.y <= other.min.y && other.max.y <= self.max.y
    }

    /// The position of the box nearest to this one.
    #[must_use]
    pub fn nearest(&self, pos: Pos) -> Pos {
        Pos::new(pos.x.min(self.max.x).max(self.min.x), pos.y.min(self.max.y).max(self.min.y))
    }

    /// Is the position inside, edges included?
    #[must_use]
    pub fn has(&self, pos: Pos) -> bool {
        self.min.x <= pos.x && pos.x <= self.max.x && self.min.y <= pos.y && pos.y <= self.max.y
    }
}
