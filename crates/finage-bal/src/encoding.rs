//! The text of a file whose encoding nobody told: UTF-8, UTF-16 with its mark, else Windows-1252.

/// How the file was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark: what the standard asks for.
    Utf8,
    /// UTF-16 with a byte order mark (a spreadsheet's "Unicode text").
    Utf16,
    /// Windows-1252, and so Latin-1 for all letters.
    Windows1252,
}

/// Windows-1252 from 0x80 to 0x9f; the five unassigned bytes are the replacement character.
const HIGH: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}', '\u{fffd}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
];

/// Decodes and makes every line end `\n`; `None` when the bytes are no text at all.
pub(crate) fn decode(bytes: Vec<u8>) -> Option<(String, Encoding)> {
    let (text, encoding) = decode_lines(bytes)?;
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    Some((text, encoding))
}

fn decode_lines(bytes: Vec<u8>) -> Option<(String, Encoding)> {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    if bytes.contains(&0) {
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
            Some((text, Encoding::Utf8))
        }
        Err(error) => Some((error.as_bytes().iter().copied().map(windows_1252).collect(), Encoding::Windows1252)),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<(String, Encoding)> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    let text = String::from_utf16(&units).ok().filter(|text| !text.contains('\0'))?;
    Some((text, Encoding::Utf16))
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_gives_the_same_text() {
        let text = "Rue de l’Été;œ";
        let marked: Vec<u8> = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let latin = b"Rue de l\x92\xc9t\xe9;\x9c".to_vec();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (marked, Encoding::Utf8),
            (wide, Encoding::Utf16),
            (latin, Encoding::Windows1252),
        ] {
            assert_eq!(decode(bytes), Some((text.to_owned(), encoding)));
        }
        assert_eq!(decode(b"\x89PNG\0\0".to_vec()), None);
    }
}
