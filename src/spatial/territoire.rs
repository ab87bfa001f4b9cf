//! Where a database's legal system is meant to be used, and the systems people may give coordinates in.

use std::ops::RangeInclusive;

/// EPSG codes of the conformal conic zones.
const ZONES_CC: RangeInclusive<u32> = 3942..=3950;

/// The territory of a legal storage system.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Territoire {
    /// « en métropole », « à La Réunion »: where coordinates should fall.
    pub lieu: &'static str,
    /// West, south, east, north in degrees, with a margin.
    pub etendue: [f64; 4],
}

/// The territory of a storage SRID; the widest (metropolitan France) for a code that is no legal system.
#[must_use]
pub fn de(srid: u32) -> Territoire {
    let (lieu, etendue) = match srid {
        5490 => ("aux Antilles", [-63.4, 14.2, -60.6, 18.3]),
        2972 => ("en Guyane", [-54.8, 2.0, -51.3, 6.0]),
        2975 => ("à La Réunion", [55.0, -21.6, 56.0, -20.7]),
        4471 => ("à Mayotte", [44.8, -13.2, 45.5, -12.4]),
        4467 => ("à Saint-Pierre-et-Miquelon", [-56.7, 46.6, -56.0, 47.3]),
        _ => ("en métropole", [-6.0, 41.0, 10.5, 51.6]),
    };
    Territoire { lieu, etendue }
}

impl Territoire {
    /// Whether a point in degrees is there.
    #[must_use]
    pub fn contient(&self, lon: f64, lat: f64) -> bool {
        let [ouest, sud, est, nord] = self.etendue;
        (ouest..=est).contains(&lon) && (sud..=nord).contains(&lat)
    }
}

/// EPSG codes in which a database that stores `storage` takes coordinates: degrees, its own system, and the nine
/// conformal zones in metropolitan France.
#[must_use]
pub fn systemes(storage: u32) -> Vec<u32> {
    let zones = if storage == 2154 { Some(ZONES_CC) } else { None };
    [4326, storage].into_iter().chain(zones.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_where_they_are() {
        assert!(de(2154).contient(4.63, 43.68) && de(2154).contient(9.45, 42.7) && de(2154).contient(-5.1, 48.46));
        assert!(de(2975).contient(55.45, -20.88) && !de(2975).contient(4.63, 43.68));
        assert_eq!(systemes(2154).len(), 11);
        assert_eq!(systemes(5490), [4326, 5490]);
    }
}
