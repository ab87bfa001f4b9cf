//! Text from outside made fit for a page: what no font of ours can write is replaced, what no page shows is dropped.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters that stand for one that can't be written.
const UNKNOWN: char = '\u{fffd}';

/// One line of at most `limit` characters that `known` glyphs can write: composed, without control or direction
/// characters; a letter whose accents are unknown loses them, anything else unknown becomes U+FFFD.
pub(crate) fn line(text: &str, limit: usize, known: impl Fn(char) -> bool) -> String {
    let mut line = String::new();
    let mut length = 0;
    for character in text.chars().take(limit.saturating_mul(8)).nfc() {
        let Some(character) = writable(character, &known) else { continue };
        // A run of unknown characters says as much with one sign.
        if character == UNKNOWN && line.ends_with(UNKNOWN) || character == ' ' && line.ends_with(' ') {
            continue;
        }
        if length == limit {
            line.pop();
            line.push('…');
            break;
        }
        line.push(character);
        length += 1;
    }
    line.trim().to_owned()
}

fn writable(character: char, known: impl Fn(char) -> bool) -> Option<char> {
    if character.is_whitespace() && !matches!(character, '\u{a0}' | '\u{202f}') {
        return Some(' ');
    }
    if character.is_control() || is_invisible(character) || is_combining_mark(character) {
        return None;
    }
    if known(character) {
        return Some(character);
    }
    let base = std::iter::once(character).nfkd().next().filter(|base| !is_combining_mark(*base) && known(*base));
    Some(base.unwrap_or(UNKNOWN))
}

/// Marks of direction, joiners, variation selectors, tags, the soft hyphen and what no XML may hold.
fn is_invisible(character: char) -> bool {
    matches!(u32::from(character),
        0xad | 0x61c | 0x180b..=0x180f | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfe00..=0xfe0f
        | 0xfeff | 0xfff0..=0xfffb | 0xfffe | 0xffff | 0xe0000..=0xe0fff)
        || u32::from(character) & 0xfffe == 0xfffe
}

/// `text` for the content or an attribute of an XML element.
pub(crate) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ascii(text: &str) -> String {
        line(text, 20, |character| character.is_ascii())
    }

    #[test]
    fn what_no_page_shows_is_dropped() {
        assert_eq!(ascii("a\u{202e}b\u{0}c\u{200d}\td"), "abc d");
        assert_eq!(ascii("\u{feff}\u{7f}"), "");
    }

    #[test]
    fn what_no_glyph_writes_is_replaced() {
        assert_eq!(ascii("é"), "e");
        assert_eq!(ascii("x😀😀y"), "x\u{fffd}y");
    }

    #[test]
    fn a_long_text_ends_with_an_ellipsis() {
        assert_eq!(line(&"a".repeat(50), 5, |_| true), "aaaa…");
    }
}
