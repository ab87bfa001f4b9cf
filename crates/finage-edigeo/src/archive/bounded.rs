//! Readers that count, and stop at a bound.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::Limits;
use crate::error::Excess;

/// What an unpacking has cost so far, and the bound it passed, if any.
#[derive(Debug, Default)]
pub(super) struct Meter {
    compressed: Cell<u64>,
    unpacked: Cell<u64>,
    excess: Cell<Option<Excess>>,
}

impl Meter {
    pub fn excess(&self) -> Option<Excess> {
        self.excess.get()
    }
}

/// Counts the compressed bytes taken from the source.
pub(super) struct Compressed<R> {
    pub inner: R,
    pub meter: Rc<Meter>,
    pub limits: Limits,
}

impl<R: Read> Read for Compressed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let total = self.meter.compressed.get() + read as u64;
        self.meter.compressed.set(total);
        if total > self.limits.max_compressed_bytes {
            return Err(stop(&self.meter, Excess::Compressed(self.limits.max_compressed_bytes)));
        }
        Ok(read)
    }
}

/// Counts the bytes that come out of the decompressor, tar headers included.
pub(super) struct Unpacked<R> {
    pub inner: R,
    pub meter: Rc<Meter>,
    pub limits: Limits,
}

/// Below this size the ratio means nothing: bzip2 reads and writes by blocks.
const RATIO_SLACK: u64 = 1 << 20;

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let total = self.meter.unpacked.get() + read as u64;
        self.meter.unpacked.set(total);
        if total > self.limits.max_total_bytes {
            return Err(stop(&self.meter, Excess::Total(self.limits.max_total_bytes)));
        }
        let allowed = self.meter.compressed.get().saturating_mul(self.limits.max_ratio);
        if total > allowed.saturating_add(RATIO_SLACK) {
            return Err(stop(&self.meter, Excess::Ratio(self.limits.max_ratio)));
        }
        Ok(read)
    }
}

fn stop(meter: &Meter, excess: Excess) -> io::Error {
    meter.excess.set(Some(excess));
    io::Error::other(excess.to_string())
}
