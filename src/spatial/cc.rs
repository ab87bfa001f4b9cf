//! The nine conformal conic zones of RGF93 (décret n° 2000-1276 modifié), in which areas shown are computed.
//!
//! Zone N has its central parallel at N degrees of latitude, from 42 to 50, and EPSG code 3900 + N. A commune is in the
//! zone whose parallel is nearest; overseas the legal projected system serves.

use std::ops::RangeInclusive;

/// Central parallels, degrees north.
const PARALLELS: RangeInclusive<u32> = 42..=50;

/// EPSG code of the zone nearest to a latitude in degrees, for a database of metropolitan France.
#[must_use]
pub fn zone_of_latitude(latitude: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 42..=50 first")]
    let parallel = latitude.round().clamp(f64::from(*PARALLELS.start()), f64::from(*PARALLELS.end())) as u32;
    3900 + parallel
}

/// Zone of the middle latitude of a metropolitan département; `None` elsewhere.
///
/// Stands in until a commune's own parcels are known: the COG carries no geometry.
#[must_use]
pub fn zone_of_departement(code: &str) -> Option<u32> {
    let parallel = DEPARTEMENTS.iter().find(|(_, codes)| codes.contains(&code))?.0;
    Some(3900 + parallel)
}

/// Central parallel of a zone in degrees; `None` for a code that is no zone.
#[must_use]
pub fn parallele(srid: u32) -> Option<f64> {
    srid.checked_sub(3900).filter(|parallele| PARALLELS.contains(parallele)).map(f64::from)
}

/// The system's name alone: « RGF93 / CC44 », or the EPSG code overseas.
#[must_use]
pub fn name(srid: u32) -> String {
    match srid {
        3942..=3950 => format!("RGF93 / CC{}", srid - 3900),
        other => format!("EPSG:{other}"),
    }
}

/// What the sheet calls a system: « RGF93 / CC44 », or the EPSG code overseas.
#[must_use]
pub fn label(srid: u32) -> String {
    match srid {
        3942..=3950 => format!("{} (EPSG:{srid})", name(srid)),
        other => format!("EPSG:{other}"),
    }
}

/// Nearest parallel to the middle latitude of each département (Admin Express, IGN).
const DEPARTEMENTS: [(u32, &[&str]); 9] = [
    (42, &["2A", "2B"]),
    (43, &["09", "11", "31", "64", "65", "66", "83"]),
    (44, &["04", "06", "12", "13", "30", "32", "34", "40", "47", "81", "82", "84"]),
    (45, &["05", "07", "15", "19", "24", "26", "33", "38", "43", "46", "48", "73"]),
    (46, &["01", "03", "16", "17", "23", "42", "63", "69", "74", "87"]),
    (47, &["18", "21", "25", "36", "37", "39", "44", "49", "58", "71", "79", "85", "86"]),
    (48, &["10", "22", "28", "29", "35", "41", "45", "52", "53", "56", "68", "70", "72", "88", "89", "90"]),
    (
        49,
        &[
            "02", "14", "27", "50", "51", "54", "55", "57", "60", "61", "67", "75", "77", "78", "91", "92", "93", "94",
            "95",
        ],
    ),
    (50, &["08", "59", "62", "76", "80"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_is_the_nearest_parallel() {
        assert_eq!(zone_of_latitude(43.67), 3944);
        assert_eq!(zone_of_latitude(41.4), 3942);
        assert_eq!(zone_of_latitude(51.0), 3950);
    }

    #[test]
    fn every_metropolitan_departement_has_one_zone() {
        let all: Vec<&str> = DEPARTEMENTS.iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
        let unique: std::collections::BTreeSet<&&str> = all.iter().collect();
        assert_eq!((all.len(), unique.len()), (96, 96));
        assert_eq!(zone_of_departement("13"), Some(3944));
        assert_eq!(zone_of_departement("974"), None);
    }
}
