//! GEO: the coordinate reference system, and what its plausible coordinates are.

use geo_types::Coord;

use crate::error::{At, Corruption};
use crate::format::blocks::{Block, Blocks};
use crate::format::charset::decode;

/// A coordinate reference system of the PCI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Crs {
    pub srid: u32,
    min: Coord<f64>,
    max: Coord<f64>,
}

impl Crs {
    const fn new(srid: u32, x: [f64; 2], y: [f64; 2]) -> Self {
        Self { srid, min: Coord { x: x[0], y: y[0] }, max: Coord { x: x[1], y: y[1] } }
    }

    /// Whether a parcel can be there. Wide by some 100 km around the territory the system serves.
    pub fn holds(&self, point: Coord<f64>) -> bool {
        (self.min.x..=self.max.x).contains(&point.x) && (self.min.y..=self.max.y).contains(&point.y)
    }
}

/// Reads the REL code of a .GEO and finds its EPSG system.
pub(crate) fn read(bytes: &[u8], file: &str) -> Result<Crs, At> {
    let mut blocks = Blocks::open(bytes, file)?;
    let mut block = Block::default();
    let mut found = None;
    while blocks.read(&mut block)? {
        if block.kind != *b"GEO" {
            return block.fail(Corruption::Block(decode(&block.kind).into_owned()));
        }
        let line = block.single("REL")?;
        let code = decode(&line.value);
        match crs(code.trim()) {
            Some(crs) if found.is_none() => found = Some(crs),
            Some(_) => return line.fail(Corruption::Unexpected(line.code())),
            None => return line.fail(Corruption::Crs(code.into_owned())),
        }
    }
    found.ok_or_else(|| At::new(1, Corruption::Absent("REL")))
}

/// REL codes of the DGFiP (they are IGN's) and their EPSG systems.
fn crs(code: &str) -> Option<Crs> {
    const ANTILLES: ([f64; 2], [f64; 2]) = ([400_000.0, 850_000.0], [1_500_000.0, 2_100_000.0]);
    if let Some(zone) = code.strip_prefix("RGF93CC").or_else(|| code.strip_prefix("CC")) {
        return conic_zone(zone);
    }
    Some(match code {
        "LAMB93" => Crs::new(2154, [0.0, 1_350_000.0], [6_000_000.0, 7_200_000.0]),
        "RGFG95UTM22" => Crs::new(2972, [50_000.0, 650_000.0], [150_000.0, 750_000.0]),
        "RGR92UTM" | "RGR92UTM40S" => Crs::new(2975, [200_000.0, 500_000.0], [7_550_000.0, 7_800_000.0]),
        "RGM04" | "RGM04UTM38S" => Crs::new(4471, [400_000.0, 650_000.0], [8_450_000.0, 8_700_000.0]),
        "RGSPM06U21" => Crs::new(4467, [450_000.0, 700_000.0], [5_100_000.0, 5_350_000.0]),
        "RGAF09UTM20" => Crs::new(5490, ANTILLES.0, ANTILLES.1),
        "WGS84UTM20" => Crs::new(32620, ANTILLES.0, ANTILLES.1),
        "GUAD48UTM20" => Crs::new(2970, ANTILLES.0, ANTILLES.1),
        "MART38UTM20" => Crs::new(2973, ANTILLES.0, ANTILLES.1),
        "GUADFM49U20" => Crs::new(2969, ANTILLES.0, ANTILLES.1),
        _ => return None,
    })
}

/// RGF93 CC42 to CC50: EPSG 3942 to 3950, false northing (zone − 41) × 1,000 km + 200 km at the central parallel.
fn conic_zone(zone: &str) -> Option<Crs> {
    let zone: u8 = zone.parse().ok().filter(|zone| (42..=50).contains(zone))?;
    let centre = f64::from(zone - 41) * 1_000_000.0 + 200_000.0;
    Some(Crs::new(3900 + u32::from(zone), [1_000_000.0, 2_350_000.0], [centre - 300_000.0, centre + 300_000.0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_dgfip() {
        for (code, srid) in
            [("LAMB93", 2154), ("RGF93CC42", 3942), ("RGF93CC50", 3950), ("RGM04", 4471), ("WGS84UTM20", 32620)]
        {
            assert_eq!(crs(code).map(|crs| crs.srid), Some(srid), "{code}");
        }
        for unknown in ["LAMB94", "RGF93CC41", "RGF93CC51", "RGF93CC", ""] {
            assert_eq!(crs(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn marseille_is_in_its_zone_only() {
        let marseille = Coord { x: 1_893_000.0, y: 3_124_000.0 };
        assert!(crs("RGF93CC44").unwrap().holds(Coord { x: 1_893_000.0, y: 3_124_000.0 - 30_000.0 }));
        assert!(!crs("RGF93CC46").unwrap().holds(marseille));
        assert!(!crs("LAMB93").unwrap().holds(marseille));
    }
}
