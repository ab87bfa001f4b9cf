//! A cursor over the JSON of one feature: strings, numbers, what is skipped.

use std::borrow::Cow;

use memchr::memchr2;

use crate::number::number;

/// Where reading stopped and what should have stood there, in French.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub offset: usize,
    pub expected: &'static str,
}

/// A place in the bytes of one feature.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    pub at: usize,
}

/// The arrays and objects a skipped value may nest: beyond, a feature is no cadastre object.
const MAX_SKIPPED_DEPTH: usize = 64;

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn fail<T>(&self, expected: &'static str) -> Result<T, SyntaxError> {
        Err(SyntaxError { offset: self.at, expected })
    }

    /// The next byte that is no white space, not taken.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// Takes the byte when it comes next.
    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Takes the byte or fails.
    #[inline]
    pub(crate) fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), SyntaxError> {
        if self.take(byte) { Ok(()) } else { self.fail(expected) }
    }

    /// After a member or an element: whether another one follows, `close` being taken otherwise.
    #[inline]
    pub(crate) fn more(&mut self, close: u8, expected: &'static str) -> Result<bool, SyntaxError> {
        if self.take(b',') {
            return Ok(true);
        }
        self.expect(close, expected).map(|()| false)
    }

    /// The key of the next member and its colon; the value comes next.
    pub(crate) fn key(&mut self) -> Result<Cow<'a, str>, SyntaxError> {
        let key = self.string()?;
        self.expect(b':', "« : »")?;
        Ok(key)
    }

    #[inline]
    pub(crate) fn number(&mut self) -> Result<f64, SyntaxError> {
        self.peek();
        match number(self.bytes.get(self.at..).unwrap_or_default()) {
            Some((value, length)) => {
                self.at += length;
                Ok(value)
            }
            None => self.fail("un nombre"),
        }
    }

    /// The text of a number, checked.
    pub(crate) fn number_text(&mut self) -> Result<&'a str, SyntaxError> {
        self.peek();
        let start = self.at;
        self.number()?;
        let text = self.bytes.get(start..self.at).and_then(|text| std::str::from_utf8(text).ok());
        text.ok_or(SyntaxError { offset: start, expected: "un nombre" })
    }

    /// `true`, `false` or `null`.
    pub(crate) fn word(&mut self) -> Result<Option<bool>, SyntaxError> {
        self.peek();
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        for (word, value) in [(&b"true"[..], Some(true)), (b"false", Some(false)), (b"null", None)] {
            if rest.starts_with(word) && !rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.fail("une valeur")
    }

    /// A string, borrowed when it holds no escape.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, SyntaxError> {
        self.expect(b'"', "un texte entre guillemets")?;
        let start = self.at;
        let mut owned = String::new();
        let mut from = start;
        loop {
            let rest = self.bytes.get(from..).unwrap_or_default();
            let Some(stop) = memchr2(b'"', b'\\', rest) else {
                self.at = self.bytes.len();
                return self.fail("la fin d'un texte");
            };
            let Ok(piece) = std::str::from_utf8(rest.get(..stop).unwrap_or_default()) else {
                self.at = from;
                return self.fail("un texte en UTF-8");
            };
            self.at = from + stop + 1;
            if rest.get(stop) == Some(&b'"') {
                if from == start {
                    return Ok(Cow::Borrowed(piece));
                }
                owned.push_str(piece);
                return Ok(Cow::Owned(owned));
            }
            owned.push_str(piece);
            owned.push(self.escape()?);
            from = self.at;
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<char, SyntaxError> {
        let letter = self.bytes.get(self.at).copied();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.hex4()?;
                let surrogate =
                    (0xd800..0xdc00).contains(&high) && self.bytes.get(self.at..self.at + 2) == Some(b"\\u");
                let code = if surrogate {
                    self.at += 2;
                    let low = self.hex4()?;
                    let paired = (0xdc00..0xe000).contains(&low);
                    // A lone surrogate is no character; it is replaced like any other.
                    if paired { 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00) } else { high }
                } else {
                    high
                };
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return self.fail("une séquence d'échappement"),
        })
    }

    fn hex4(&mut self) -> Result<u32, SyntaxError> {
        let digits = self.bytes.get(self.at..self.at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let code = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => self.fail("quatre chiffres hexadécimaux"),
        }
    }

    /// Passes over any value, without recursion.
    pub(crate) fn skip_value(&mut self) -> Result<(), SyntaxError> {
        let mut closers = Vec::new();
        loop {
            let open = match self.peek() {
                Some(b'{') => Some(b'}'),
                Some(b'[') => Some(b']'),
                Some(b'"') => self.string().map(|_| None)?,
                Some(b'-' | b'0'..=b'9') => self.number().map(|_| None)?,
                _ => self.word().map(|_| None)?,
            };
            if let Some(close) = open {
                self.at += 1;
                if closers.len() == MAX_SKIPPED_DEPTH {
                    return self.fail("une imbrication moins profonde");
                }
                if !self.take(close) {
                    closers.push(close);
                    self.key_within(Some(close))?;
                    continue;
                }
            }
            // A value is over: close all that ends here, or go on with the next sibling.
            loop {
                let Some(&close) = closers.last() else {
                    return Ok(());
                };
                if self.more(close, "« , » ou une fermeture")? {
                    self.key_within(Some(close))?;
                    break;
                }
                closers.pop();
            }
        }
    }

    /// Within an object, the key before the next value.
    fn key_within(&mut self, close: Option<u8>) -> Result<(), SyntaxError> {
        if close == Some(b'}') {
            self.key()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn skips(text: &str) -> bool {
        let mut cursor = Cursor::new(text.as_bytes());
        cursor.skip_value().is_ok() && cursor.peek().is_none()
    }

    #[test]
    fn strings_are_decoded() {
        let read = |text: &str| Cursor::new(text.as_bytes()).string().map(Cow::into_owned);
        assert_eq!(read(r#""L\u0027\u00c9t\u00e9 \"\\\/ \ud83c\udf33""#).unwrap(), "L'Été \"\\/ 🌳");
        assert_eq!(read(r#""\ud83c""#).unwrap(), "\u{fffd}");
        for bad in [r#"""#, r#""\x""#, r#""\u12"#, r#""\"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(skips(&format!("{}1{}", "[".repeat(MAX_SKIPPED_DEPTH), "]".repeat(MAX_SKIPPED_DEPTH))));
        assert!(!skips(&"[".repeat(1_000_000)));
    }

    proptest! {
        /// Third-party truth: what is skipped whole is what serde_json takes for JSON.
        #[test]
        fn skips_what_is_json(text in r#"[\[\]{},:" a1.e\-]{0,14}"#) {
            let truth = serde_json::from_str::<serde_json::Value>(&text);
            // A number beyond f64 is JSON for the grammar, not for serde_json.
            prop_assume!(!truth.as_ref().is_err_and(|error| error.to_string().contains("out of range")));
            prop_assert_eq!(skips(&text), truth.is_ok(), "{}", text);
        }
    }
}
