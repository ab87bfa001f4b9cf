//! What is counted of tiles, for `/metrics`.

use std::sync::atomic::{AtomicU64, Ordering};

/// Where a tile came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was kept.
    Kept,
    /// It was encoded from snapshots alone.
    Snapshot,
    /// PostGIS drew a part of it at least.
    Postgis,
}

impl Origin {
    /// Every origin, with its name in `/metrics`.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Kept, "cache"), (Self::Snapshot, "instantane"), (Self::Postgis, "postgis")];
}

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Measures {
    answered: [AtomicU64; Origin::ALL.len()],
    bytes: AtomicU64,
    left_out: AtomicU64,
}

impl Measures {
    pub(super) fn answered(&self, origin: Origin, bytes: usize) {
        if let Some(count) = self.answered.get(origin as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn left_out(&self, rows: u32) {
        self.left_out.fetch_add(u64::from(rows), Ordering::Relaxed);
    }

    /// Tiles of an origin.
    #[must_use]
    pub fn tiles(&self, origin: Origin) -> u64 {
        self.answered.get(origin as usize).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Bytes of all tiles, as they were sent.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Rows left out of tiles that would have been too large.
    #[must_use]
    pub fn rows_left_out(&self) -> u64 {
        self.left_out.load(Ordering::Relaxed)
    }
}
