//! A ZIP of pieces, written as it is sent: nothing is compressed (PDFs already are), so that every offset and the whole
//! length are known before the first byte.
//!
//! Format: APPNOTE.TXT 6.3, « stored » entries, names in UTF-8 (flag bit 11), without ZIP64: the bounds of a job keep it
//! under 4 GiB and 65 535 entries.

use std::collections::BTreeSet;

use super::names::numbered;

/// Version needed to extract: 2.0; made by: Unix.
const VERSION: u16 = 20;
const MADE_BY: u16 = 3 << 8 | VERSION;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// A regular file, `rw-r--r--`.
const MODE: u32 = 0o100_644 << 16;
/// 1 January 1980, the oldest date of the format: pieces have no date of their own.
const DATE: u16 = 0x21;

/// A piece as an entry of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Rank of the piece.
    pub rang: i32,
    /// Name in the archive, unlike any other.
    pub nom: String,
    /// MIME type.
    pub genre: String,
    /// Size in bytes.
    pub octets: i64,
    /// CRC-32 of the content.
    pub crc32: u32,
}

/// The same entries, those of one name told apart by a number (names differing only by case clash on some systems).
#[must_use]
pub fn entries(pieces: Vec<Entry>) -> Vec<Entry> {
    let mut seen = BTreeSet::new();
    pieces
        .into_iter()
        .map(|mut entry| {
            let mut number = 2;
            let mut nom = entry.nom.clone();
            while !seen.insert(nom.to_lowercase()) {
                nom = numbered(&entry.nom, number);
                number += 1;
            }
            entry.nom = nom;
            entry
        })
        .collect()
}

/// Bytes of the whole archive.
#[must_use]
pub fn length(entries: &[Entry]) -> i64 {
    let of = |entry: &Entry| entry.octets + i64::try_from(30 + 46 + 2 * entry.nom.len()).unwrap_or(i64::MAX);
    entries.iter().map(of).sum::<i64>() + 22
}

/// What stands before the content of an entry.
#[must_use]
pub fn local_header(entry: &Entry) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(30 + entry.nom.len());
    bytes.extend(0x0403_4b50_u32.to_le_bytes());
    common(&mut bytes, entry);
    bytes.extend(entry.nom.as_bytes());
    bytes
}

/// What stands after the last entry: the directory and its end.
#[must_use]
pub fn directory(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut offset = 0_u32;
    for entry in entries {
        bytes.extend(0x0201_4b50_u32.to_le_bytes());
        bytes.extend(MADE_BY.to_le_bytes());
        common(&mut bytes, entry);
        // No comment, disk 0, no internal attribute.
        bytes.extend([0; 6]);
        bytes.extend(MODE.to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        bytes.extend(entry.nom.as_bytes());
        offset = offset.saturating_add(30).saturating_add(name_length(entry).into()).saturating_add(size(entry));
    }
    let count = u16::try_from(entries.len()).unwrap_or(u16::MAX).to_le_bytes();
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    bytes.extend(0x0605_4b50_u32.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(length.to_le_bytes());
    bytes.extend(offset.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// The fields that both headers share, from « version needed » to the length of the extra field.
fn common(bytes: &mut Vec<u8>, entry: &Entry) {
    for half in [VERSION, FLAGS, 0, 0, DATE] {
        bytes.extend(half.to_le_bytes());
    }
    for word in [entry.crc32, size(entry), size(entry)] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend(name_length(entry).to_le_bytes());
    bytes.extend([0; 2]);
}

fn size(entry: &Entry) -> u32 {
    u32::try_from(entry.octets).unwrap_or(u32::MAX)
}

fn name_length(entry: &Entry) -> u16 {
    u16::try_from(entry.nom.len()).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(rang: i32, nom: &str) -> Entry {
        Entry { rang, nom: nom.into(), genre: "text/plain".into(), octets: 3, crc32: 0x3524_41c2 }
    }

    #[test]
    fn entries_of_one_name_are_told_apart() {
        let names: Vec<String> =
            entries(vec![entry(0, "a.pdf"), entry(1, "A.pdf"), entry(2, "a-2.pdf"), entry(3, "a.pdf")])
                .into_iter()
                .map(|entry| entry.nom)
                .collect();
        assert_eq!(names, ["a.pdf", "A-2.pdf", "a-2-2.pdf", "a-3.pdf"]);
    }

    #[test]
    fn the_length_is_known_before_the_first_byte() {
        let all = [entry(0, "é.txt"), entry(1, "b.txt")];
        let written: usize = all.iter().map(|entry| local_header(entry).len() + 3).sum();
        assert_eq!(length(&all), i64::try_from(written + directory(&all).len()).unwrap());
    }
}
