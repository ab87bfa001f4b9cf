//! Reads the values of records: identifiers, counts, reals, coordinates, dates, references.

use std::borrow::Cow;

use geo_types::Coord;
use jiff::civil::Date;

use crate::error::{At, Corruption};
use crate::format::charset::decode;
use crate::format::lines::Line;

/// `lot;sous-ensemble;nature;identifiant`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    pub lot: &'a [u8],
    /// `SeTOP_1`, `SeSPA_1`, `SeSD` (schema), `SeQL` (quality)...
    pub subset: &'a [u8],
    /// `PNO`, `PAR`, `PFE`, `FEA`, `OBJ`, `ATT`, `REL`, `ASS`, `PGE`, `QUP`...
    pub kind: &'a [u8],
    pub id: &'a [u8],
}

impl Reference<'_> {
    pub fn id(&self) -> String {
        decode(self.id).into_owned()
    }
}

/// The bytes of a value that must be printable ASCII, borrowed from the file.
pub(crate) fn ascii<'a>(line: &Line<'a>) -> Result<&'a [u8], At> {
    // Only text values are long enough to be continued (and then owned): not these.
    match line.value {
        Cow::Borrowed(bytes) if bytes.iter().all(|byte| (0x20..0x7F).contains(byte)) => Ok(bytes),
        _ => line.fail(Corruption::Character(line.code())),
    }
}

/// A non-empty RID, without `;`.
pub(crate) fn identifier<'a>(line: &Line<'a>) -> Result<&'a [u8], At> {
    let bytes = ascii(line)?;
    if bytes.is_empty() || bytes.contains(&b';') {
        return line.fail(Corruption::Character(line.code()));
    }
    Ok(bytes)
}

/// A counter.
pub(crate) fn count(line: &Line<'_>) -> Result<usize, At> {
    std::str::from_utf8(&line.value)
        .ok()
        .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .map_or_else(|| line.fail(Corruption::Number(line.code())), Ok)
}

/// A real such as `+226060.` or `-0.000000`: sign, digits, dot; no exponent, no infinity.
pub(crate) fn real(bytes: &[u8]) -> Option<f64> {
    let digits = match bytes {
        [b'+' | b'-', rest @ ..] => rest,
        all => all,
    };
    let is_sound = digits.first().is_some_and(u8::is_ascii_digit)
        && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    if !is_sound {
        return None;
    }
    std::str::from_utf8(bytes).ok()?.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// `+x;+y;` as delivered, not rounded.
pub(crate) fn coordinates(line: &Line<'_>) -> Result<Coord<f64>, At> {
    let parse = |bytes: &[u8]| {
        let mut parts = bytes.strip_suffix(b";")?.splitn(2, |&byte| byte == b';');
        Some(Coord { x: real(parts.next()?)?, y: real(parts.next()?)? })
    };
    parse(&line.value).map_or_else(|| line.fail(Corruption::Number(line.code())), Ok)
}

/// Reads `lot;sous-ensemble;nature;identifiant` and checks the lot.
pub(crate) fn reference<'a>(line: &Line<'a>, lot: &[u8]) -> Result<Reference<'a>, At> {
    let bytes = ascii(line)?;
    let mut parts = bytes.split(|&byte| byte == b';');
    let (Some(named), Some(subset), Some(kind), Some(id), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return line.fail(Corruption::Reference(decode(bytes).into_owned()));
    };
    if named != lot {
        return line.fail(Corruption::ForeignLot(decode(named).into_owned()));
    }
    Ok(Reference { lot: named, subset, kind, id })
}

/// A date `AAAAMMJJ`; `None` when empty or when such a day does not exist.
pub(crate) fn date(bytes: &[u8]) -> Option<Date> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() == 8 && text.is_ascii())?;
    Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reals_as_the_dgfip_writes_them() {
        assert_eq!(real(b"+226060."), Some(226_060.0));
        assert_eq!(real(b"-0.500000"), Some(-0.5));
        assert_eq!(real(b"12"), Some(12.0));
        for wrong in [&b""[..], b"+", b"1e9", b"inf", b"+-1", b"1.2.3", b".", b"nan", b"+.5"] {
            assert_eq!(real(wrong), None, "{}", String::from_utf8_lossy(wrong));
        }
    }

    #[test]
    fn dates_that_exist() {
        assert_eq!(date(b"20210413"), Some(jiff::civil::date(2021, 4, 13)));
        assert_eq!(date(b"20210231"), None);
        assert_eq!(date(b""), None);
        assert_eq!(date(b"2021-4-1"), None);
    }
}
