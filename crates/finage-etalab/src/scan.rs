//! Finds where a JSON value ends, by its quotes, braces and brackets alone.

use std::borrow::Cow;

use memchr::{memchr2, memchr3};

use crate::FileError;
use crate::buffer::Buffer;
use crate::json::Cursor;

impl Buffer {
    pub(crate) fn decoded(&self, start: usize, end: usize) -> Result<String, FileError> {
        let json = self.window().get(start..end).unwrap_or_default();
        let text = Cursor::new(json).string().map(Cow::into_owned);
        text.map_err(|error| self.syntax(start + error.offset, error.expected))
    }

    /// The index of the next byte that is no space, which must be `byte`.
    pub(crate) fn next_byte(&mut self, index: usize, byte: u8, expected: &'static str) -> Result<usize, FileError> {
        match self.skip_space(index)? {
            Some((at, found)) if found == byte => Ok(at),
            Some((at, _)) => Err(self.syntax(at, expected)),
            None => Err(self.truncated()),
        }
    }

    /// The index after the value that begins at `index` with `first`.
    pub(crate) fn value_end(&mut self, index: usize, first: u8) -> Result<usize, FileError> {
        match first {
            b'"' => self.string_end(index),
            b'{' => self.object_end(index),
            b'[' => self.array_end(index),
            _ => {
                let mut at = index;
                while let Some(byte) = self.byte(at)? {
                    if !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')) {
                        break;
                    }
                    at += 1;
                }
                if at == index { Err(self.syntax(index, "une valeur")) } else { Ok(at) }
            }
        }
    }

    /// The index after the string whose opening quote is at `index`.
    pub(crate) fn string_end(&mut self, index: usize) -> Result<usize, FileError> {
        if self.byte(index)? != Some(b'"') {
            return Err(self.syntax(index, "un texte entre guillemets"));
        }
        let mut at = index + 1;
        loop {
            let rest = self.window().get(at..).unwrap_or_default();
            match memchr2(b'"', b'\\', rest) {
                Some(found) if rest.get(found) == Some(&b'"') => return Ok(at + found + 1),
                Some(found) => at += found + 2,
                None => {
                    at = at.max(self.window().len());
                    if !self.fill()? {
                        return Err(self.truncated());
                    }
                }
            }
        }
    }

    /// The index after the object whose brace is at `index`; SIMD search passes over the coordinates.
    pub(crate) fn object_end(&mut self, index: usize) -> Result<usize, FileError> {
        let mut depth = 0_usize;
        let mut at = index;
        loop {
            let rest = self.window().get(at..).unwrap_or_default();
            let Some(found) = memchr3(b'"', b'{', b'}', rest) else {
                at = self.window().len();
                if !self.fill()? {
                    return Err(self.truncated());
                }
                continue;
            };
            let byte = rest.get(found).copied();
            at += found;
            match byte {
                Some(b'"') => at = self.string_end(at)?,
                Some(b'{') => {
                    depth += 1;
                    at += 1;
                    if depth > self.limits().max_depth {
                        return Err(self.too_big("l'imbrication d'un objet", self.limits().max_depth as u64));
                    }
                }
                _ => {
                    depth -= 1;
                    at += 1;
                    if depth == 0 {
                        return Ok(at);
                    }
                }
            }
        }
    }

    /// The index after the array whose bracket is at `index`.
    pub(crate) fn array_end(&mut self, index: usize) -> Result<usize, FileError> {
        let mut depth = 0_usize;
        let mut at = index;
        loop {
            match self.byte(at)? {
                Some(b'"') => {
                    at = self.string_end(at)?;
                    continue;
                }
                Some(b'[' | b'{') => depth += 1,
                Some(b']' | b'}') => depth = depth.saturating_sub(1),
                Some(_) => {}
                None => return Err(self.truncated()),
            }
            at += 1;
            if depth == 0 {
                return Ok(at);
            }
            if depth > self.limits().max_depth {
                return Err(self.too_big("l'imbrication d'un objet", self.limits().max_depth as u64));
            }
        }
    }
}
