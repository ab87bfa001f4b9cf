//! The records of the CSV with the line where each begins.

use std::io;

use csv::{ReaderBuilder, StringRecord};

use crate::{FileError, Limits};

/// Records read one after the other.
pub(crate) struct Records<'a> {
    name: &'a str,
    text: &'a str,
    limits: &'a Limits,
    reader: csv::Reader<&'a [u8]>,
    /// The last one read.
    pub record: StringRecord,
    /// Line where it begins, 1-based.
    pub line: u64,
    /// Byte up to which lines were counted.
    counted: usize,
}

impl<'a> Records<'a> {
    /// `text` has `\n` line ends only.
    pub(crate) fn new(name: &'a str, text: &'a str, delimiter: u8, limits: &'a Limits) -> Self {
        let mut builder = ReaderBuilder::new();
        let builder = builder.delimiter(delimiter).has_headers(false).flexible(true);
        let reader = builder.from_reader(text.as_bytes());
        Self { name, text, limits, reader, record: StringRecord::new(), line: 1, counted: 0 }
    }

    /// Reads the next record, which should have `width` fields; false at the end.
    ///
    /// A quote left open swallows what follows: the file can't be trusted from there on.
    pub(crate) fn next(&mut self, width: Option<usize>) -> Result<bool, FileError> {
        let begun = self.byte();
        let read = self.reader.read_record(&mut self.record).map_err(|error| FileError::Io {
            file: self.name.to_owned(),
            source: io::Error::new(io::ErrorKind::InvalidData, error),
        })?;
        if !read {
            return Ok(false);
        }
        let ended = self.byte();
        let raw = self.text.get(begun..ended).unwrap_or_default();
        self.count_lines(begun + raw.len() - raw.trim_start_matches('\n').len());
        let odd_width = width != Some(self.record.len());
        let swallowed = |field: &str| field.len() > self.limits.max_field_bytes || (odd_width && field.contains('\n'));
        let open_at_end = ended == self.text.len() && raw.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
        if open_at_end || self.record.iter().any(swallowed) {
            return Err(FileError::Quote { file: self.name.to_owned(), line: self.line });
        }
        Ok(true)
    }

    /// Bytes read so far.
    fn byte(&self) -> usize {
        usize::try_from(self.reader.position().byte()).unwrap_or(self.text.len())
    }

    fn count_lines(&mut self, byte: usize) {
        let passed = self.text.get(self.counted..byte).unwrap_or_default();
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count() as u64;
        self.counted = byte;
    }
}
