//! Raw features in lots that own their bytes, to be parsed on several threads.

use std::ops::Range;

use crate::{FileError, RawFeature, Reader};

/// Some consecutive features of a file; `Send`, and parsed without the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawBatch {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    range: Range<usize>,
    rank: u64,
    line: u64,
    offset: u64,
}

impl RawBatch {
    /// Number of features.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes of JSON held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The features, in the order of the file.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = RawFeature<'_>> {
        self.entries.iter().map(|entry| RawFeature {
            bytes: self.bytes.get(entry.range.clone()).unwrap_or_default(),
            rank: entry.rank,
            line: entry.line,
            offset: entry.offset,
        })
    }
}

impl Reader {
    /// The next features, about `target_bytes` of JSON of them and at least one; `None` at the end.
    ///
    /// # Errors
    /// As [`Reader::next_raw`].
    pub fn next_batch(&mut self, target_bytes: usize) -> Result<Option<RawBatch>, FileError> {
        let mut batch = RawBatch::default();
        while batch.bytes.len() < target_bytes.max(1) {
            let Some(raw) = self.next_raw()? else { break };
            let start = batch.bytes.len();
            batch.bytes.extend_from_slice(raw.bytes);
            let range = start..batch.bytes.len();
            batch.entries.push(Entry { range, rank: raw.rank, line: raw.line, offset: raw.offset });
        }
        Ok((!batch.is_empty()).then_some(batch))
    }
}
