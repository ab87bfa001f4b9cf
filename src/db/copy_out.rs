//! Rows of PostgreSQL's binary COPY, taken from its bytes as they come.
//!
//! Format: documentation of PostgreSQL, COPY, « Binary Format ».

use std::ops::Range;

use thiserror::Error;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// Signature, flags and length of the extension.
const HEADER: usize = 19;
/// The longest field that is read, in bytes.
const MAX_FIELD: usize = 256 * 1024 * 1024;
/// Fields of a row, at most.
const MAX_FIELDS: usize = 1600;

/// Bytes that are no binary COPY.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("la copie binaire de PostgreSQL est illisible : {0}")]
pub struct CopyFault(&'static str);

/// Bytes received, and where the next row begins.
#[derive(Debug, Default)]
pub struct CopyRows {
    bytes: Vec<u8>,
    /// Where rows that [`Self::take`] has not given begin.
    from: usize,
    at: usize,
    begun: bool,
    ended: bool,
    fields: Vec<Option<Range<usize>>>,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct CopyRow<'a> {
    bytes: &'a [u8],
    fields: &'a [Option<Range<usize>>],
}

impl<'a> CopyRow<'a> {
    /// Bytes of a field; `None` for NULL and beyond the last.
    #[must_use]
    pub fn bytes(&self, rank: usize) -> Option<&'a [u8]> {
        self.bytes.get(self.fields.get(rank)?.clone()?)
    }

    /// A field of `text`; `None` for NULL and for what is no UTF-8.
    #[must_use]
    pub fn text(&self, rank: usize) -> Option<&'a str> {
        std::str::from_utf8(self.bytes(rank)?).ok()
    }

    /// A field of `bigint`.
    #[must_use]
    pub fn integer(&self, rank: usize) -> Option<i64> {
        Some(i64::from_be_bytes(self.bytes(rank)?.try_into().ok()?))
    }

    /// A field of `double precision`.
    #[must_use]
    pub fn float(&self, rank: usize) -> Option<f64> {
        Some(f64::from_be_bytes(self.bytes(rank)?.try_into().ok()?))
    }

    /// A field of `boolean`.
    #[must_use]
    pub fn bool(&self, rank: usize) -> Option<bool> {
        self.bytes(rank)?.first().map(|byte| *byte != 0)
    }
}

impl CopyRows {
    /// Rows that [`Self::take`] gave.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        Self { bytes, begun: true, ..Self::default() }
    }

    /// Takes more bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        self.bytes.extend_from_slice(chunk);
    }

    /// The bytes of the rows passed since it was last asked, for another thread to read ([`Self::of`]).
    pub fn take(&mut self) -> Vec<u8> {
        let rest = self.bytes.split_off(self.at);
        let mut passed = std::mem::replace(&mut self.bytes, rest);
        passed.drain(..self.from);
        (self.from, self.at) = (0, 0);
        passed
    }

    /// Bytes of the rows passed since [`Self::take`].
    #[must_use]
    pub fn passed(&self) -> usize {
        self.at - self.from
    }

    /// The next row; `None` when its bytes have not all come, or there is none.
    ///
    /// # Errors
    /// What came is no binary COPY.
    pub fn next_row(&mut self) -> Result<Option<CopyRow<'_>>, CopyFault> {
        if !self.begun {
            let Some(header) = self.bytes.get(..HEADER) else { return Ok(None) };
            let extension = header.get(HEADER - 4..).and_then(be_i32).and_then(|length| usize::try_from(length).ok());
            if !header.starts_with(SIGNATURE) || extension != Some(0) {
                return Err(CopyFault("en-tête"));
            }
            (self.begun, self.from, self.at) = (true, HEADER, HEADER);
        }
        if self.ended {
            return Ok(None);
        }
        let Some(count) = self.bytes.get(self.at..self.at + 2) else { return Ok(None) };
        let count = i16::from_be_bytes([count[0], count[1]]);
        if count == -1 {
            self.ended = true;
            return Ok(None);
        }
        let count = usize::try_from(count).ok().filter(|count| *count <= MAX_FIELDS).ok_or(CopyFault("ligne"))?;
        let mut at = self.at + 2;
        self.fields.clear();
        for _ in 0..count {
            let Some(length) = self.bytes.get(at..at + 4).and_then(be_i32) else { return Ok(None) };
            at += 4;
            if length == -1 {
                self.fields.push(None);
                continue;
            }
            let length =
                usize::try_from(length).ok().filter(|length| *length <= MAX_FIELD).ok_or(CopyFault("champ"))?;
            if self.bytes.len() - at < length {
                return Ok(None);
            }
            self.fields.push(Some(at..at + length));
            at += length;
        }
        self.at = at;
        Ok(Some(CopyRow { bytes: &self.bytes, fields: &self.fields }))
    }

    /// Whether the end of the copy came: without it, rows are missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.ended
    }
}

fn be_i32(bytes: &[u8]) -> Option<i32> {
    Some(i32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(rows: &[Fields]) -> Vec<u8> {
        let mut bytes = [SIGNATURE, &[0; 8]].concat();
        for row in rows {
            bytes.extend(i16::try_from(row.len()).unwrap().to_be_bytes());
            for field in row {
                match field {
                    Some(field) => {
                        bytes.extend(i32::try_from(field.len()).unwrap().to_be_bytes());
                        bytes.extend(field);
                    }
                    None => bytes.extend((-1_i32).to_be_bytes()),
                }
            }
        }
        bytes.extend((-1_i16).to_be_bytes());
        bytes
    }

    type Fields = Vec<Option<Vec<u8>>>;

    fn read(bytes: &[u8], pieces: usize) -> Result<(Vec<Fields>, bool), CopyFault> {
        let (mut rows, mut found) = (CopyRows::default(), Vec::new());
        for chunk in bytes.chunks(pieces) {
            rows.push(chunk);
            while rows.next_row()?.is_some() {}
            let mut passed = CopyRows::of(rows.take());
            while let Some(row) = passed.next_row()? {
                found.push((0..row.fields.len()).map(|rank| row.bytes(rank).map(<[u8]>::to_vec)).collect());
            }
        }
        Ok((found, rows.is_whole()))
    }

    proptest! {
        #[test]
        fn rows_come_out_as_they_went_in_whatever_the_pieces(
            rows in prop::collection::vec(prop::collection::vec(prop::option::of(prop::collection::vec(any::<u8>(), 0..20)), 0..5), 0..10),
            pieces in 1_usize..40,
        ) {
            prop_assert_eq!(read(&written(&rows), pieces), Ok((rows, true)));
        }

        #[test]
        fn what_is_no_copy_is_an_error_or_unfinished(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read(&bytes, 7).map_or(true, |(_, whole)| !whole));
        }

        #[test]
        fn a_copy_cut_short_is_not_whole(cut in 0_usize..40) {
            let bytes = written(&[vec![Some(vec![1, 2, 3]), None], vec![Some(vec![4; 20])]]);
            let kept = cut.min(bytes.len() - 1);
            prop_assert!(!read(&bytes[..kept], 5)?.1);
        }
    }

    #[test]
    fn a_length_below_zero_or_beyond_reason_is_refused() {
        for length in [-2_i32, i32::MAX] {
            let mut bytes = [SIGNATURE, &[0; 8], &1_i16.to_be_bytes()].concat();
            bytes.extend(length.to_be_bytes());
            assert_eq!(read(&bytes, 100), Err(CopyFault("champ")));
        }
    }
}
