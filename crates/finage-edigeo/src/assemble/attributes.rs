//! Attributes: short names, decoded values.

use std::borrow::Cow;

use crate::format::charset::decode;
use crate::vector::Feature;

/// Names of the PCI's attributes, so that most of them cost no allocation.
const NAMES: [&str; 43] = [
    "IDU", "TEX", "TEX2", "TEX3", "TEX4", "TEX5", "TEX6", "TEX7", "TEX8", "TEX9", "TEX10", "SUPF", "INDP", "COAR",
    "CODM", "QUPL", "COPL", "EOR", "DEDI", "ICL", "DIS", "INP", "DRED", "DUR", "RCAD", "ORI", "SYM", "CAN", "PPLN",
    "PALT", "MAP", "FON", "HEI", "TYU", "CEF", "CSP", "DI1", "DI2", "DI3", "DI4", "TPA", "HTA", "VTA",
];

/// `TEX_id` and `ID_S_ATT_DI3` become `TEX` and `DI3`.
pub(super) fn short_name(id: &[u8]) -> Cow<'static, str> {
    let short = id.strip_suffix(b"_id").or_else(|| id.strip_prefix(b"ID_S_ATT_")).unwrap_or(id);
    let known = NAMES.into_iter().find(|name| name.as_bytes() == short);
    known.map_or_else(|| Cow::Owned(decode(short).into_owned()), Cow::Borrowed)
}

/// Undecoded value of an attribute, by its identifier in the SCD.
pub(super) fn raw<'f>(feature: &'f Feature<'_>, id: &[u8]) -> Option<&'f [u8]> {
    feature.attributes.iter().find(|attribute| attribute.name == id).map(|attribute| attribute.value.as_ref())
}

/// All attributes of a feature, decoded.
pub(super) fn all(feature: &Feature<'_>) -> Vec<(Cow<'static, str>, String)> {
    feature
        .attributes
        .iter()
        .map(|attribute| (short_name(attribute.name), decode(&attribute.value).into_owned()))
        .collect()
}
