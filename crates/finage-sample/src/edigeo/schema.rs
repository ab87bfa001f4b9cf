//! The schema of the plan: object classes, their geometry, attributes and relations; the SCD file.

use super::record::Records;

/// Geometry of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Surface, made of faces.
    Are,
    /// Line, made of arcs.
    Lin,
    /// Point, made of a node.
    Pct,
}

const WORDS: &[&str] = &["TEX", "TEX2", "TEX3", "TEX4", "TEX5", "TEX6", "TEX7", "TEX8", "TEX9", "TEX10"];
const ROAD: &[&str] = &["RCAD", "TEX", "TEX2", "TEX3", "TEX4", "TEX5", "TEX6", "TEX7", "TEX8", "TEX9", "TEX10"];
/// Attributes of a text on the plan (class `ID_S_OBJ_Z_1_2_2`).
pub const TEXT_ATTRIBUTES: &[&str] =
    &["FON", "HEI", "TYU", "CEF", "CSP", "DI1", "DI2", "DI3", "DI4", "TPA", "HTA", "VTA", "ATR"];

/// Class, code of the national nomenclature, geometry, attributes.
pub const CLASSES: &[(&str, &str, Kind, &[&str])] = &[
    ("BATIMENT", "E_2_1_0", Kind::Are, &["DUR", "TEX"]),
    ("BORNE", "I_2_4_0", Kind::Pct, &[]),
    ("BOULON", "I_2_4_1", Kind::Pct, &["ORI"]),
    ("CHARGE", "H_11_6_0", Kind::Are, &["TEX"]),
    ("COMMUNE", "H_1_6_0", Kind::Are, &["IDU", "TEX2"]),
    ("CROIX", "I_2_4_2", Kind::Pct, &[]),
    ("LIEUDIT", "H_1_7_0", Kind::Are, WORDS),
    ("NUMVOIE", "H_11_8_0", Kind::Pct, &["TEX"]),
    ("PARCELLE", "H_11_4_0", Kind::Are, &["COAR", "IDU", "INDP", "SUPF", "TEX"]),
    ("PTCANV", "I_1_0_0", Kind::Pct, &["CAN", "IDU", "MAP", "ORI", "PALT", "PPLN", "SYM"]),
    ("SECTION", "H_11_1_0", Kind::Are, &["IDU", "TEX"]),
    ("SUBDFISC", "H_11_5_0", Kind::Are, &["TEX"]),
    ("SUBDSECT", "H_11_2_0", Kind::Are, &["COPL", "DEDI", "DIS", "DRED", "EOR", "ICL", "IDU", "INP", "QUPL"]),
    ("SYMBLIM", "Z_1_0_1", Kind::Pct, &["ORI", "SYM"]),
    ("TLINE", "Z_1_0_2", Kind::Lin, &["SYM", "TEX"]),
    ("TPOINT", "Z_1_0_1", Kind::Pct, &["ORI", "SYM", "TEX"]),
    ("TRONFLUV", "D_1_0_8", Kind::Are, WORDS),
    ("TRONROUTE", "A_1_0_0", Kind::Are, ROAD),
    ("TSURF", "Z_1_0_3", Kind::Are, &["SYM", "TEX"]),
    ("VOIEP", "H_11_7_0", Kind::Pct, &["TEX"]),
    ("ZONCOMMUNI", "A_1_0_5", Kind::Lin, WORDS),
];

/// Attribute, longest value, decimals of a real, format letter (A code, T text, R real).
pub const ATTRIBUTES: &[(&str, u32, Option<u32>, char)] = &[
    ("CAN", 2, None, 'A'),
    ("COAR", 1, None, 'T'),
    ("COPL", 2, None, 'A'),
    ("DEDI", 10, None, 'T'),
    ("DIS", 10, None, 'T'),
    ("DRED", 10, None, 'T'),
    ("DUR", 2, None, 'A'),
    ("EOR", 6, None, 'T'),
    ("ICL", 7, Some(0), 'R'),
    ("IDU", 12, None, 'T'),
    ("INDP", 2, None, 'A'),
    ("INP", 2, None, 'A'),
    ("MAP", 2, None, 'A'),
    ("ORI", 9, Some(2), 'R'),
    ("PALT", 2, None, 'A'),
    ("PPLN", 2, None, 'A'),
    ("QUPL", 2, None, 'A'),
    ("RCAD", 10, None, 'T'),
    ("SUPF", 10, Some(2), 'R'),
    ("SYM", 2, None, 'A'),
    ("TEX", 255, None, 'T'),
    ("TEX2", 255, None, 'T'),
    ("TEX3", 255, None, 'T'),
    ("TEX4", 255, None, 'T'),
    ("TEX5", 255, None, 'T'),
    ("TEX6", 255, None, 'T'),
    ("TEX7", 255, None, 'T'),
    ("TEX8", 255, None, 'T'),
    ("TEX9", 255, None, 'T'),
    ("TEX10", 255, None, 'T'),
];

/// Attributes of texts: name, longest value, decimals, format letter.
pub const TEXT_ATTRIBUTE_FORMATS: &[(&str, u32, Option<u32>, char)] = &[
    ("FON", 256, None, 'T'),
    ("HEI", 32, Some(3), 'R'),
    ("TYU", 10, None, 'A'),
    ("CEF", 32, Some(3), 'R'),
    ("CSP", 32, Some(3), 'R'),
    ("DI1", 32, Some(3), 'R'),
    ("DI2", 32, Some(3), 'R'),
    ("DI3", 32, Some(3), 'R'),
    ("DI4", 32, Some(3), 'R'),
    ("TPA", 10, None, 'A'),
    ("HTA", 10, None, 'A'),
    ("VTA", 10, None, 'A'),
    ("ATR", 256, None, 'P'),
];

/// Semantic relations between two classes: name, from, to.
pub const RELATIONS: &[(&str, &str, &str)] = &[
    ("BATIMENT_PARCELLE", "BATIMENT", "PARCELLE"),
    ("BORNE_PARCELLE", "BORNE", "PARCELLE"),
    ("BOULON_PARCELLE", "BOULON", "PARCELLE"),
    ("CHARGE_PARCELLE", "CHARGE", "PARCELLE"),
    ("CROIX_PARCELLE", "CROIX", "PARCELLE"),
    ("NUMVOIE_PARCELLE", "NUMVOIE", "PARCELLE"),
    ("PARCELLE_SUBDSECT", "PARCELLE", "SUBDSECT"),
    ("PTCANVS_COMMUNE", "PTCANV", "COMMUNE"),
    ("SECTION_COMMUNE", "SECTION", "COMMUNE"),
    ("SUBDFISC_PARCELLE", "SUBDFISC", "PARCELLE"),
    ("SUBDSECT_SECTION", "SUBDSECT", "SECTION"),
    ("SYMBLIM_PARCELLE", "SYMBLIM", "PARCELLE"),
];

/// Classes whose texts are linked to them.
const LABELLED: &[&str] = &[
    "ZONCOMMUNI",
    "BATIMENT",
    "CHARGE",
    "LIEUDIT",
    "NUMVOIE",
    "PARCELLE",
    "SECTION",
    "SUBDFISC",
    "TLINE",
    "TPOINT",
    "TSURF",
    "TRONFLUV",
    "TRONROUTE",
    "VOIEP",
];

/// Construction relations between primitives: name, kind, minimum and maximum, end primitives.
const PRIMITIVE_RELATIONS: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("FAC_GCHE", "LPO", "0", "ARC", "FAC", "0"),
    ("FAC_DRTE", "RPO", "0", "ARC", "FAC", "0"),
    ("NOD_INI", "IND", "1", "ARC", "NOD", "1"),
    ("NOD_FIN", "FND", "1", "ARC", "NOD", "1"),
    ("NOD_INCLUS_DANS", "ILI", "0", "NOD", "FAC", "0"),
    ("NOD_APPT_A", "BET", "0", "NOD", "ARC", "0"),
];

/// A reference to the schema of a lot: `EDAB01;SeSD;OBJ;PARCELLE_id`.
pub fn reference(lot: &str, kind: &str, id: &str) -> String {
    format!("{lot};SeSD;{kind};{id}")
}

/// The SCD file of a lot.
pub fn file(lot: &str) -> Vec<u8> {
    let mut out = Records::new(&format!("{lot}SE.SCD"));
    for (class, code, kind, attributes) in CLASSES {
        let letters = match kind {
            Kind::Are => "ARE",
            Kind::Lin => "LIN",
            Kind::Pct => "PCT",
        };
        object(
            &mut out,
            lot,
            &format!("{class}_id"),
            code,
            letters,
            &attributes.iter().map(|a| format!("{a}_id")).collect::<Vec<_>>(),
        );
    }
    let text: Vec<String> = TEXT_ATTRIBUTES.iter().map(|a| format!("ID_S_ATT_{a}")).collect();
    object(&mut out, lot, "ID_S_OBJ_Z_1_2_2", "Z_1_2_2", "PCT", &text);
    for primitive in ["NOD", "ARC", "FAC"] {
        out.block("PGE", &format!("ID_S_PRI_{primitive}"))
            .field("KNDSA", primitive)
            .field("AACSN", "0")
            .field("QACSN", "0")
            .blank();
    }
    for (name, length, decimals, format) in TEXT_ATTRIBUTE_FORMATS {
        attribute(&mut out, lot, &format!("ID_S_ATT_{name}"), name, *length, *decimals, *format);
    }
    for (name, length, decimals, format) in ATTRIBUTES {
        attribute(&mut out, lot, &format!("{name}_id"), name, *length, *decimals, *format);
    }
    semantic_relations(&mut out, lot);
    construction_relations(&mut out, lot);
    out.finish()
}

fn object(out: &mut Records, lot: &str, id: &str, code: &str, kind: &str, attributes: &[String]) {
    out.block("OBJ", id)
        .field("DIPCP", &format!("{lot};SeNM;DID;ID_N_OBJ_{code}"))
        .field("KNDSA", kind)
        .field("AACSN", &attributes.len().to_string());
    for attribute in attributes {
        out.field("AAPCP", &reference(lot, "ATT", attribute));
    }
    out.field("QACSN", "0").blank();
}

fn attribute(out: &mut Records, lot: &str, id: &str, name: &str, length: u32, decimals: Option<u32>, format: char) {
    out.block("ATT", id).field("DIPCP", &format!("{lot};SeNM;DIA;ID_N_ATT_{name}")).field("CANSN", &length.to_string());
    if let Some(decimals) = decimals {
        out.field("CADSN", &decimals.to_string());
    }
    let nature = if format == 'P' { "CP".to_owned() } else { format!("S{format}") };
    out.field("UNIST", "").field(&format!("AV1{nature}"), "").field(&format!("AV2{nature}"), "").blank();
}

fn semantic_relations(out: &mut Records, lot: &str) {
    let labelled: Vec<(String, &str)> = std::iter::once(("ID_S_OBJ_Z_1_2_2".to_owned(), "1"))
        .chain(LABELLED.iter().map(|c| (format!("{c}_id"), "0")))
        .collect();
    association(out, lot, "IS_S_REL_IWW", "IWW", "0", &labelled);
    for (name, from, to) in RELATIONS {
        association(out, lot, name, "APP", "0", &[(format!("{from}_id"), "0"), (format!("{to}_id"), "1")]);
    }
    let detail = ["TPOINT_id", "TLINE_id", "TSURF_id"].map(|c| (c.to_owned(), "1"));
    let ends: Vec<(String, &str)> = std::iter::once(("COMMUNE_id".to_owned(), "0")).chain(detail).collect();
    association(out, lot, "DETOPO_COMMUNE", "APP", "1", &ends);
}

fn association(out: &mut Records, lot: &str, id: &str, name: &str, most: &str, ends: &[(String, &str)]) {
    out.block("ASS", id)
        .field("DIPCP", &format!("{lot};SeNM;DIR;ID_N_REL_{name}"))
        .field("CA1SN", "0")
        .field("CA2SN", most)
        .field("SCCSN", &ends.len().to_string());
    for (class, occurrence) in ends {
        out.field("SCPCP", &reference(lot, "OBJ", class)).field("OCCSN", occurrence);
    }
    out.field("AACSN", "0").field("QACSN", "0").blank();
}

fn construction_relations(out: &mut Records, lot: &str) {
    let text = ("Z_1_2_2".to_owned(), "ID_S_OBJ_Z_1_2_2".to_owned(), Kind::Pct);
    let classes = CLASSES.iter().map(|c| (format!("{}_id", c.0), format!("{}_id", c.0), c.2));
    for (name, class, kind) in classes.chain([text]) {
        let (letters, primitive) = match kind {
            Kind::Are => ("IDB", "FAC"),
            Kind::Lin => ("IDR", "ARC"),
            Kind::Pct => ("IDB", "NOD"),
        };
        out.block("REL", &format!("ID_S_RCO_{name}"))
            .field("KNDSA", letters)
            .field("CA1SN", "1")
            .field("CA2SN", "0")
            .field("SCCSN", "2")
            .field("SCPCP", &reference(lot, "OBJ", &class))
            .field("OCCSN", "1")
            .field("SCPCP", &reference(lot, "PGE", &format!("ID_S_PRI_{primitive}")))
            .field("OCCSN", "0")
            .field("AACSN", "0")
            .field("QACSN", "0")
            .blank();
    }
    for (name, kind, most, from, to, occurrence) in PRIMITIVE_RELATIONS {
        out.block("REL", &format!("ID_S_RCO_{name}"))
            .field("KNDSA", kind)
            .field("CA1SN", "0")
            .field("CA2SN", most)
            .field("SCCSN", "2")
            .field("SCPCP", &reference(lot, "PGE", &format!("ID_S_PRI_{from}")))
            .field("OCCSN", "0")
            .field("SCPCP", &reference(lot, "PGE", &format!("ID_S_PRI_{to}")))
            .field("OCCSN", occurrence)
            .field("AACSN", "0")
            .field("QACSN", "0")
            .blank();
    }
}
