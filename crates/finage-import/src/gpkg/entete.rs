//! The header of a geometry in a GeoPackage (OGC 12-128r17, clause 2.1.3), and the EWKB behind it.

use crate::error::Cause;
use crate::wkb::ewkb;

/// The EWKB of a geometry; `None` for one that is marked empty. `srid` is the layer's: a header holds its own number.
///
/// # Errors
/// Bytes that are no geometry of a GeoPackage.
pub fn geometrie(octets: &[u8], srid: Option<u32>) -> Result<Option<Vec<u8>>, Cause> {
    let (tete, reste) = octets.split_first_chunk::<8>().ok_or(Cause::Geometrie("elle est incomplète"))?;
    let [b'G', b'P', 0, marques, ..] = *tete else {
        return Err(Cause::Geometrie("ce n'est pas une géométrie de GeoPackage"));
    };
    if marques & 0b0010_0000 != 0 {
        return Err(Cause::Geometrie("elle est d'une extension du format"));
    }
    let enveloppe = match marques >> 1 & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err(Cause::Geometrie("son enveloppe n'est pas de celles du format")),
    };
    let corps = reste.get(enveloppe..).ok_or(Cause::Geometrie("elle est incomplète"))?;
    if marques & 0b0001_0000 != 0 {
        return Ok(None);
    }
    ewkb(corps, srid).map(Some)
}
