//! When each tile of a layer changed last, from the boxes of what changed: what is not touched stays as it was kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use finage_tiles::{Bounds, TileCoord, TileGrid, key_of};

/// Boxes that are remembered; of older ones nothing is known but that they are.
const REMEMBERED: usize = 4_096;

/// What a tile is drawn from: two that are equal draw the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct State {
    /// Which layer, as it was built or opened.
    epoch: u64,
    /// The last change over it that touched the tile.
    change: u64,
}

impl State {
    /// What never is again: a layer as it is built or opened now.
    pub fn fresh() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { epoch: NEXT.fetch_add(1, Ordering::Relaxed), change: 0 }
    }

    /// What PostGIS draws of a version.
    pub fn of_version(version: &str) -> Self {
        Self { epoch: key_of(version.as_bytes()), change: u64::MAX }
    }
}

/// The changes of a layer since it was built or opened.
#[derive(Debug, Clone)]
pub struct Touches {
    opened: State,
    /// Changes up to this one may have touched any tile.
    floor: u64,
    last: u64,
    /// The later at the end.
    boxes: Arc<[(u64, Bounds)]>,
}

impl Touches {
    /// Of a layer that was just built or opened.
    pub fn none() -> Self {
        Self { opened: State::fresh(), floor: 0, last: 0, boxes: Arc::default() }
    }

    /// After one more change, in these boxes of world units.
    pub fn and(&self, touched: &[Bounds]) -> Self {
        let last = self.last + 1;
        let (mut floor, kept) = (self.floor, REMEMBERED.saturating_sub(touched.len()));
        let forgotten = self.boxes.len().saturating_sub(kept);
        if let Some((change, _)) = forgotten.checked_sub(1).and_then(|at| self.boxes.get(at)) {
            floor = *change;
        }
        if touched.len() > REMEMBERED {
            return Self { opened: self.opened, floor: last, last, boxes: Arc::default() };
        }
        let before = self.boxes.iter().skip(forgotten).copied();
        Self { opened: self.opened, floor, last, boxes: before.chain(touched.iter().map(|one| (last, *one))).collect() }
    }

    /// The state of a tile.
    pub fn of(&self, coord: TileCoord) -> State {
        let reach = TileGrid::new(coord).reach();
        let touching = self.boxes.iter().rev().find(|(_, touched)| touched.touches(&reach));
        State { change: touching.map_or(self.floor, |(change, _)| *change), ..self.opened }
    }
}

#[cfg(test)]
mod tests {
    use finage_tiles::Pos;

    use super::*;

    /// A small box around a place.
    fn at(lon: f64, lat: f64) -> Bounds {
        let tile = TileGrid::new(TileCoord::containing(lon, lat, 20)).reach();
        let middle = Pos::new(i64::midpoint(tile.min.x, tile.max.x), i64::midpoint(tile.min.y, tile.max.y));
        Bounds { min: middle, max: Pos::new(middle.x + 1, middle.y + 1) }
    }

    #[test]
    fn only_the_tiles_of_a_change_are_drawn_again() {
        let (arles, ailleurs) = (TileCoord::containing(4.63, 43.67, 15), TileCoord::containing(4.70, 43.67, 15));
        let none = Touches::none();
        let one = none.and(&[at(4.63, 43.67)]);
        assert_ne!(one.of(arles), none.of(arles));
        assert_eq!(one.of(ailleurs), none.of(ailleurs));
        assert_ne!(one.of(TileCoord::containing(4.63, 43.67, 5)), none.of(TileCoord::containing(4.63, 43.67, 5)));
        let two = one.and(&[at(4.70, 43.67)]);
        assert_eq!(two.of(arles), one.of(arles));
        assert_ne!(two.of(ailleurs), one.of(ailleurs));
    }

    #[test]
    fn what_is_forgotten_is_taken_for_everywhere() {
        let (arles, ailleurs) = (TileCoord::containing(4.63, 43.67, 15), TileCoord::containing(4.70, 43.67, 15));
        let one = Touches::none().and(&[at(4.63, 43.67)]);
        let mut many = one.clone();
        for _ in 0..=REMEMBERED {
            let before = many.of(ailleurs);
            many = many.and(&[at(4.63, 43.67)]);
            assert!(many.boxes.len() <= REMEMBERED);
            assert!(many.of(ailleurs) == before || many.floor > 0);
        }
        assert_ne!(many.of(ailleurs), one.of(ailleurs), "boxes were forgotten");
        let whole = one.and(&vec![at(4.63, 43.67); REMEMBERED + 1]);
        assert_ne!(whole.of(ailleurs), one.of(ailleurs));
        assert_ne!(Touches::none().of(arles), Touches::none().of(arles), "another opening is another layer");
    }
}
