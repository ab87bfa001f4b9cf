//! Reads a file line by line: `CCC` code, `V` nature, `F` format, `NN` length, `:`, value.

use std::borrow::Cow;

use crate::error::{At, Corruption};
use crate::format::charset::decode;

/// Longest line admitted, header included: NN has two digits, the rest is slack for stray spaces.
const MAX_LINE: usize = 256;
/// Longest value once its NEXT lines are joined.
const MAX_VALUE: usize = 64 << 10;
/// `CCCVFNN:`
const HEADER: usize = 8;

/// One record, its continuation lines joined.
#[derive(Debug, Clone)]
pub(crate) struct Line<'a> {
    /// Line number, from 1.
    pub number: u32,
    pub code: [u8; 3],
    /// `A`, `T`, `N`, `I`, `R`, `C`, `D`, `P` or a space.
    pub format: u8,
    pub value: Cow<'a, [u8]>,
}

impl Line<'_> {
    pub fn is(&self, code: &str) -> bool {
        self.code == code.as_bytes()
    }

    pub fn code(&self) -> String {
        String::from_utf8_lossy(&self.code).into_owned()
    }

    pub fn fail<T>(&self, cause: Corruption) -> Result<T, At> {
        Err(At::new(self.number, cause))
    }
}

/// Iterates over the records of one file, blank lines skipped.
pub(crate) struct Lines<'a> {
    rest: &'a [u8],
    number: u32,
}

impl<'a> Lines<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, number: 0 }
    }

    /// Number of the last line read.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The next record; `None` at the end of the file.
    pub fn next_line(&mut self) -> Result<Option<Line<'a>>, At> {
        loop {
            let Some(mut line) = self.physical()? else {
                return Ok(None);
            };
            if line.code == *b"TEX" && line.format == b' ' {
                charset(&line)?;
                continue;
            }
            self.join_continuations(&mut line)?;
            return Ok(Some(line));
        }
    }

    /// A value cut at 72 characters goes on in `NEXT` lines.
    fn join_continuations(&mut self, line: &mut Line<'a>) -> Result<(), At> {
        while self.rest.starts_with(b"NEXT ") {
            let Some(next) = self.physical()? else {
                return Ok(());
            };
            let value = line.value.to_mut();
            value.extend_from_slice(&next.value);
            if value.len() > MAX_VALUE {
                return next.fail(Corruption::LongLine(MAX_VALUE));
            }
        }
        Ok(())
    }

    fn physical(&mut self) -> Result<Option<Line<'a>>, At> {
        while !self.rest.is_empty() {
            let cut = self.rest.iter().take(MAX_LINE + 1).position(|&byte| byte == b'\n');
            let (raw, rest) = match cut {
                Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
                None => (self.rest, &self.rest[self.rest.len()..]),
            };
            self.number = self.number.saturating_add(1);
            if raw.len() > MAX_LINE {
                return Err(At::new(self.number, Corruption::LongLine(MAX_LINE)));
            }
            self.rest = rest;
            // Stray carriage returns, and the Ctrl-Z of old transfers, carry nothing.
            let content = trim_end(raw, |byte| matches!(byte, b'\r' | 0x1A));
            if !trim_end(content, |byte| byte == b' ').is_empty() {
                return parse(content, self.number).map(Some);
            }
        }
        Ok(None)
    }
}

fn trim_end(mut bytes: &[u8], blank: impl Fn(u8) -> bool) -> &[u8] {
    while let [head @ .., last] = bytes {
        if !blank(*last) {
            break;
        }
        bytes = head;
    }
    bytes
}

fn parse(content: &[u8], number: u32) -> Result<Line<'_>, At> {
    let bad = || At::new(number, Corruption::Header);
    let [c1, c2, c3, nature, format, tens, units, b':', value @ ..] = content else {
        return Err(bad());
    };
    let code = [*c1, *c2, *c3];
    let is_sound = code.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && matches!(nature, b'S' | b'C' | b'T')
        && matches!(format, b'A' | b'T' | b'N' | b'I' | b'R' | b'C' | b'D' | b'P' | b' ')
        && tens.is_ascii_digit()
        && units.is_ascii_digit();
    if !is_sound {
        return Err(bad());
    }
    let declared = usize::from(tens - b'0') * 10 + usize::from(units - b'0');
    debug_assert!(content.len() >= HEADER);
    let value = with_length(value, declared).ok_or_else(|| {
        let code = decode(&code).into_owned();
        At::new(number, Corruption::Length { code, declared, found: value.len() })
    })?;
    Ok(Line { number, code, format: *format, value })
}

/// The value cut to its declared length. Only spaces may be there in excess, or be missing (trimmed by an editor).
fn with_length(value: &[u8], declared: usize) -> Option<Cow<'_, [u8]>> {
    if value.len() == declared {
        return Some(Cow::Borrowed(value));
    }
    if value.len() > declared {
        let (kept, excess) = value.split_at(declared);
        return excess.iter().all(|&byte| byte == b' ').then_some(Cow::Borrowed(kept));
    }
    None
}

fn charset(line: &Line<'_>) -> Result<(), At> {
    match line.value.as_ref() {
        b"8859-1" | b"IRV" | b"" => Ok(()),
        other => line.fail(Corruption::Charset(decode(other).into_owned())),
    }
}

/// The first record of a file after BOMT gives its character set.
pub(crate) fn check_charset(line: &Line<'_>) -> Result<(), At> {
    charset(line)
}
