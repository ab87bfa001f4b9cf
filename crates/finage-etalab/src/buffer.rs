//! A sliding window over the JSON bytes that knows its place in the file.

use memchr::memchr_iter;

use crate::input::{Input, InputError};
use crate::{FileError, Limits};

/// Bytes asked of the input at once.
const CHUNK: usize = 1 << 18;

/// The bytes from the first one still needed; all indexes are relative to it.
pub(crate) struct Buffer {
    input: Input,
    limits: Limits,
    file: String,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    at_end: bool,
    /// Bytes and lines passed before `start`.
    pub offset: u64,
    pub line: u64,
}

impl Buffer {
    pub(crate) fn new(file: String, input: Input, limits: Limits) -> Self {
        Self { input, limits, file, bytes: Vec::new(), start: 0, end: 0, at_end: false, offset: 0, line: 1 }
    }

    pub(crate) fn input(&self) -> &Input {
        &self.input
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What was read and is still needed.
    #[inline]
    pub(crate) fn window(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// The byte at `index`, read from the input when need be; `None` at the end of the file.
    #[inline]
    pub(crate) fn byte(&mut self, index: usize) -> Result<Option<u8>, FileError> {
        while self.start + index >= self.end {
            if !self.fill()? {
                return Ok(None);
            }
        }
        Ok(self.bytes.get(self.start + index).copied())
    }

    /// The index of the first byte from `index` on that is no white space, if there is one.
    pub(crate) fn skip_space(&mut self, mut index: usize) -> Result<Option<(usize, u8)>, FileError> {
        loop {
            match self.byte(index)? {
                Some(b' ' | b'\n' | b'\r' | b'\t') => {
                    index += 1;
                    // Padding is no reason to keep a whole file in memory.
                    if index > self.limits.max_feature_bytes {
                        return Err(self.too_big("une suite d'espaces", self.limits.max_feature_bytes as u64));
                    }
                }
                Some(byte) => return Ok(Some((index, byte))),
                None => return Ok(None),
            }
        }
    }

    /// Gives up the first `count` bytes of the window.
    pub(crate) fn consume(&mut self, count: usize) {
        let gone = self.bytes.get(self.start..self.start + count).unwrap_or_default();
        self.line += memchr_iter(b'\n', gone).count() as u64;
        self.offset += count as u64;
        self.start += count;
    }

    /// Reads more; false at the end of the file.
    pub(crate) fn fill(&mut self) -> Result<bool, FileError> {
        if self.at_end {
            return Ok(false);
        }
        if self.end - self.start >= self.limits.max_feature_bytes {
            return Err(self.too_big("un objet", self.limits.max_feature_bytes as u64));
        }
        if self.start > 0 && self.bytes.len() - self.end < CHUNK {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.bytes.len() - self.end < CHUNK {
            // Doubling keeps the copying linear; the check above bounds it.
            let grown = (self.bytes.len() * 2).max(2 * CHUNK);
            self.bytes.resize(grown, 0);
        }
        let room = self.bytes.get_mut(self.end..).unwrap_or_default();
        match self.input.read(room, self.limits.max_bytes, self.limits.max_ratio) {
            Ok(read) => {
                self.end += read;
                self.at_end = read == 0;
                Ok(read > 0)
            }
            Err(error) => Err(self.input_error(error)),
        }
    }

    fn input_error(&self, error: InputError) -> FileError {
        let file = self.file.clone();
        match error {
            InputError::Io(source) => FileError::Io { file, source },
            InputError::Truncated => self.truncated(),
            InputError::Damaged { bytes } => FileError::Damaged { file, bytes },
            InputError::TooManyBytes => {
                self.too_big("le volume des données décompressées (en octets)", self.limits.max_bytes)
            }
            InputError::Ratio => self.too_big("le taux de compression", self.limits.max_ratio),
        }
    }

    pub(crate) fn truncated(&self) -> FileError {
        FileError::Truncated { file: self.file.clone(), line: self.line_at(usize::MAX) }
    }

    pub(crate) fn too_big(&self, what: &'static str, limit: u64) -> FileError {
        FileError::TooBig { file: self.file.clone(), what, limit, line: self.line }
    }

    pub(crate) fn syntax(&self, index: usize, expected: &'static str) -> FileError {
        let offset = self.offset + index as u64;
        FileError::Syntax { file: self.file.clone(), line: self.line_at(index), offset, expected }
    }

    fn line_at(&self, index: usize) -> u64 {
        let window = self.window();
        let before = window.get(..index.min(window.len())).unwrap_or_default();
        self.line + memchr_iter(b'\n', before).count() as u64
    }
}
