//! The two character sets of the PCI: IRV (ASCII) and ISO-8859-1, read alike.

use std::borrow::Cow;

/// Decodes ISO-8859-1. IRV files do hold accents without saying so (AUT, INF of the THF), so both are read alike.
///
/// Bytes 0x80 to 0x9F, which ISO-8859-1 leaves to control codes, are read as Windows-1252 writes them:
/// the typing stations produced « œ » and « ’ » there.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().map(|&byte| decode_byte(byte)).collect()),
    }
}

fn decode_byte(byte: u8) -> char {
    const WINDOWS_1252: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_of_both_alphabets() {
        assert_eq!(decode(b"RUE DU CH\xC2TEAU"), "RUE DU CHÂTEAU");
        assert_eq!(decode(b"L\x92\x8CUVRE"), "L’ŒUVRE");
        assert!(matches!(decode(b"AB 12"), Cow::Borrowed("AB 12")));
    }
}
