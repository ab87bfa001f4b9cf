//! What leaves a tile that would be too large: the smallest first, by a rule that is told.

use crate::bounds::Bounds;
use crate::geometry::Kind;

/// How much a tile is thinned: not at all, then by steps that each double the size under which shapes are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Thinning {
    step: u8,
}

impl Thinning {
    /// Nothing is left out.
    pub const NONE: Self = Self { step: 0 };
    /// Steps there are: the last leaves out what is smaller than a tile.
    const LAST: u8 = 12;

    /// The next step, if there is one.
    #[must_use]
    pub fn more(self) -> Option<Self> {
        (self.step < Self::LAST).then_some(Self { step: self.step + 1 })
    }

    /// Is nothing left out?
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Lines and polygons of which both sides of the box are shorter than this are left out, in units of a tile (1/4,096).
    #[must_use]
    pub fn smallest(self) -> i64 {
        if self.step == 0 { 0 } else { 1 << self.step }
    }

    /// Of how many points one is kept, told by the key of the row.
    #[must_use]
    pub fn one_point_of(self) -> u64 {
        1 << self.step
    }

    /// Is a shape kept? `bounds` is its box in units of the tile.
    pub(crate) fn keeps(self, kind: Kind, bounds: &Bounds, key: Option<u64>) -> bool {
        if kind == Kind::Point {
            // Keys may follow one another: their high bits, mixed, do not.
            let mixed = key.unwrap_or_default().wrapping_mul(0x9e37_79b9_7f4a_7c15);
            return (mixed >> 32).is_multiple_of(self.one_point_of());
        }
        let (width, height) = (bounds.max.x - bounds.min.x, bounds.max.y - bounds.min.y);
        width.max(height) >= self.smallest()
    }

    /// The rule, as TileJSON tells it to who reads the tiles; `max_bytes` is the size that tiles do not pass.
    #[must_use]
    pub fn rule(kind: Kind, max_bytes: usize) -> String {
        let kilobytes = max_bytes / 1000;
        match kind {
            Kind::Point => format!(
                "Si une tuile devait dépasser {kilobytes} ko, un point sur deux y est gardé, sur quatre si cela ne suffit \
                 pas, et ainsi de suite."
            ),
            Kind::Line | Kind::Polygon => format!(
                "Si une tuile devait dépasser {kilobytes} ko, les objets dont l’emprise a moins de 2 unités de côté \
                 (1/4 096 de tuile) n’y sont pas, moins de 4 si cela ne suffit pas, et ainsi de suite."
            ),
        }
    }
}
