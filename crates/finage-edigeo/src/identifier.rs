//! The département, which EDIGEO leaves out of its identifiers, and the full identifiers it gives.

use std::fmt;
use std::path::Path;

/// Code of a département in INSEE identifiers: `01` to `95`, `2A`, `2B`, and `97` for all overseas ones
/// (their third digit opens the EDIGEO commune code: 97 + 411 = Saint-Denis). `99`, which no département has, is that of
/// fictitious communes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Departement([u8; 2]);

impl Departement {
    /// Reads two characters; `None` when no département has this code.
    ///
    /// ```
    /// use finage_edigeo::Departement;
    ///
    /// let doubs = Departement::parse("25").unwrap();
    /// assert_eq!(doubs.full("354000AB0012").as_deref(), Some("25354000AB0012"));
    /// assert_eq!(doubs.full("354").as_deref(), Some("25354"));
    /// assert!(Departement::parse("20").is_none());
    /// ```
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.as_bytes().try_into().ok()?;
        let is_known = match bytes {
            [b'2', b'A' | b'B'] => true,
            [b'0'..=b'9', b'0'..=b'9'] => matches!(code.parse(), Ok(1..=19 | 21..=95 | 97 | 99)),
            _ => false,
        };
        is_known.then_some(Self(bytes))
    }

    /// The two characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// Full identifier of an EDIGEO IDU: commune 3 → INSEE 5, section 8 → 10, feuille 10 → 12, parcelle 12 → idu 14.
    /// `None` for any other length or for characters that no identifier has.
    #[must_use]
    pub fn full(&self, idu: &str) -> Option<String> {
        let is_sound = matches!(idu.len(), 3 | 8 | 10 | 12)
            && idu.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        is_sound.then(|| format!("{self}{idu}"))
    }
}

impl fmt::Display for Departement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Département of an archive or of a folder, from its name (`edigeo-25354000AB01.tar.bz2`, `edigeo750130…`),
/// else from the name of a parent folder that is an INSEE code (`25354/`). `None` when no name tells it.
#[must_use]
pub fn departement_from_name(path: &Path) -> Option<Departement> {
    let own = path.file_name().and_then(|name| name.to_str()).and_then(from_archive_name);
    own.or_else(|| {
        let folders = path.components().rev().filter_map(|part| part.as_os_str().to_str());
        folders.into_iter().find_map(from_insee)
    })
}

/// `edigeo`, an optional dash, then département 2, commune 3, prefix 3, section 2, feuille 2.
fn from_archive_name(name: &str) -> Option<Departement> {
    let rest = name.strip_prefix("edigeo").or_else(|| name.strip_prefix("EDIGEO"))?;
    let rest = rest.strip_prefix(['-', '_']).unwrap_or(rest);
    let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let commune = id.get(2..5)?;
    let is_feuille = id.len() == 12 && commune.bytes().all(|byte| byte.is_ascii_digit());
    id.get(..2).filter(|_| is_feuille).and_then(Departement::parse)
}

fn from_insee(name: &str) -> Option<Departement> {
    let commune = name.get(2..).filter(|_| name.len() == 5)?;
    let is_insee = commune.bytes().all(|byte| byte.is_ascii_digit());
    name.get(..2).filter(|_| is_insee).and_then(Departement::parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(path: &str) -> Option<String> {
        departement_from_name(Path::new(path)).map(|departement| departement.to_string())
    }

    #[test]
    fn names_of_archives_and_folders() {
        assert_eq!(from("edigeo-25354000AB01.tar.bz2").as_deref(), Some("25"));
        assert_eq!(from("edigeo751030000AO1.tar.bz2").as_deref(), Some("75"));
        assert_eq!(from("x/edigeo-2A0040000A01.tar.bz2").as_deref(), Some("2A"));
        assert_eq!(from("x/edigeo974110000AB1.tar").as_deref(), Some("97"));
        assert_eq!(from("pci/25354/feuille.tar.bz2").as_deref(), Some("25"));
        assert_eq!(from("2B033").as_deref(), Some("2B"));
        for unknown in ["edigeo.tar.bz2", "E000AB01.tar", "20180/lot.tar", "edigeo-98000000AB01.tar", "é5354/x", "12"]
        {
            assert_eq!(from(unknown), None, "{unknown}");
        }
    }
}
