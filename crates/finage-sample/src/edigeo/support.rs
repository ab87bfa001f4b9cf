//! The files around the vectors: index (THF), extent (GEN), reference system (GEO).

use super::record::{Records, coordinates};
use crate::geometry::Pt;

/// The index: who made the lot, and which files it holds.
pub fn thf(index: &str, lot: &str, date: u32) -> Vec<u8> {
    let mut out = Records::new(&format!("{index}.THF"));
    out.block("GTS", "SUPPORT_01")
        .field("AUTST", "Finage")
        .field("ADRST", "Commune fictive, plan de démonstration")
        .field("LOCSN", "1")
        .field("VOCSN", "")
        .field("SECSN", "7")
        .field("RDIST", "")
        .field("VERST", "1.0")
        .field("VDASD", "19920801")
        .field("TRLST", "01")
        .field("EDNSN", "1")
        .field("TDASD", &date.to_string())
        .field("INFST", "Plan cadastral fictif")
        .blank();
    out.block("GTL", lot).field("LONSA", lot).field("INFST", "");
    for (name, id, part, key) in [
        ("GNN", "GNI", "SE", "SeGN"),
        ("GON", "GOI", "SE", "SeGO"),
        ("QAN", "QAI", "SE", "SeQL"),
        ("DIN", "DII", "SE", "SeNM"),
        ("SCN", "SCI", "SE", "SeSD"),
    ] {
        out.field(&format!("{name}SA"), part).field(&format!("{id}SA"), key);
    }
    out.field("GDCSN", "4");
    for (part, id) in [("T1", "SeTOP_1"), ("T2", "SeTOP_2"), ("T3", "SeTOP_3"), ("S1", "SeSPA_1")] {
        out.field("GDNSA", part).field("GDISA", id);
    }
    out.blank();
    out.finish()
}

/// The extent, and the structure of each vector file (1 topological, 3 free).
pub fn gen_file(lot: &str, min: Pt, max: Pt) -> Vec<u8> {
    let mut out = Records::new(&format!("{lot}SE.GEN"));
    out.block("DEG", &format!("EMPRISE_{lot}"))
        .field("CM1CC", &coordinates(min))
        .field("CM2CC", &coordinates(max))
        .blank();
    for (id, structure) in [("SeTOP_1", "1"), ("SeTOP_2", "1"), ("SeTOP_3", "1"), ("SeSPA_1", "3")] {
        out.block("GSE", id).field("INFST", "").field("STRSN", structure).field("REGSA", "").blank();
    }
    out.finish()
}

/// The reference system: `LAMB93` or `RGF93CC42` to `RGF93CC50`.
pub fn geo_file(lot: &str, srid: u32) -> Vec<u8> {
    let system = if (3942..=3950).contains(&srid) { format!("RGF93CC{}", srid - 3900) } else { "LAMB93".to_owned() };
    let mut out = Records::new(&format!("{lot}SE.GEO"));
    out.block("GEO", &format!("GEODESIE_{lot}"))
        .field("RETSA", "MAP")
        .field("RENST", "")
        .field("RELSA", &system)
        .field("DIMSN", "2")
        .field("ALSSN", "2")
        .field("UNHST", "m")
        .blank();
    out.finish()
}
