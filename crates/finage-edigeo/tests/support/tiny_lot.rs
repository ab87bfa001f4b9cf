//! Writes a tiny lot by hand: four parcelles (one holds an island), a bâtiment with a courtyard, a line, labels.

use std::fmt::Write as _;

/// Name of the lot.
pub const LOT: &str = "EDTT01";

const CLASSES: [&str; 10] = [
    "COMMUNE_id",
    "SECTION_id",
    "SUBDSECT_id",
    "PARCELLE_id",
    "SUBDFISC_id",
    "BATIMENT_id",
    "NUMVOIE_id",
    "TLINE_id",
    "TSURF_id",
    "ID_S_OBJ_Z_1_2_2",
];
const ATTRIBUTES: [&str; 16] = [
    "IDU_id",
    "TEX_id",
    "TEX2_id",
    "SUPF_id",
    "INDP_id",
    "COAR_id",
    "DUR_id",
    "SYM_id",
    "ID_S_ATT_FON",
    "ID_S_ATT_HEI",
    "ID_S_ATT_DI1",
    "ID_S_ATT_DI2",
    "ID_S_ATT_DI3",
    "ID_S_ATT_DI4",
    "ID_S_ATT_ATR",
    "ORI_id",
];
const ASSOCIATIONS: [&str; 6] = [
    "IS_S_REL_IWW",
    "BATIMENT_PARCELLE",
    "NUMVOIE_PARCELLE",
    "PARCELLE_SUBDSECT",
    "SUBDSECT_SECTION",
    "SECTION_COMMUNE",
];

/// Points of the drawing, in metres from its corner.
type At = (f64, f64);

/// One file in the making.
pub struct Writer {
    text: String,
}

impl Writer {
    pub fn new(file: &str) -> Self {
        let mut writer = Self { text: String::new() };
        writer.line("BOMT ", file);
        writer.line("CSET ", "IRV");
        writer
    }

    /// `head` is the code, nature and format: `PTCSN`.
    pub fn line(&mut self, head: &str, value: &str) {
        let _ = write!(self.text, "{head}{:02}:{value}\r\n", value.len());
    }

    pub fn block(&mut self, kind: &str, id: &str) {
        self.text.push_str("\r\n");
        self.line("RTYSA", kind);
        self.line("RIDSA", id);
        self.text.push_str("\r\n");
    }

    fn end(mut self) -> Vec<u8> {
        self.text.push_str("\r\n");
        self.line("EOMT ", "");
        self.text.into_bytes()
    }
}

/// A VEC file in the making.
struct Vectors {
    writer: Writer,
    subset: &'static str,
}

impl Vectors {
    fn new(suffix: &str, subset: &'static str) -> Self {
        Self { writer: Writer::new(&format!("{LOT}{suffix}.VEC")), subset }
    }

    fn described(&mut self, kind: &str, id: &str) {
        self.writer.line("SCPCP", &format!("{LOT};SeSD;{kind};{id}"));
    }

    fn nothing_more(&mut self) {
        self.writer.line("ATCSN", "0");
        self.writer.line("QACSN", "0");
    }

    fn coordinates(&mut self, (x, y): At) {
        self.writer.line("CORCC", &format!("+{:.2};+{:.2};", 652_000.0 + x, 6_862_000.0 + y));
    }

    fn node(&mut self, id: &str, at: At) {
        self.writer.block("PNO", id);
        self.described("PGE", "ID_S_PRI_NOD");
        self.writer.line("TYPSN", "1");
        self.coordinates(at);
        self.nothing_more();
    }

    fn arc(&mut self, id: &str, points: &[At]) {
        self.writer.block("PAR", id);
        self.described("PGE", "ID_S_PRI_ARC");
        self.writer.line("CM1CC", "");
        self.writer.line("CM2CC", "");
        self.writer.line("TYPSN", "1");
        self.writer.line("PTCSN", &points.len().to_string());
        for point in points {
            self.coordinates(*point);
        }
        self.nothing_more();
    }

    fn face(&mut self, id: &str) {
        self.writer.block("PFE", id);
        self.described("PGE", "ID_S_PRI_FAC");
        self.writer.line("CM1CC", "");
        self.writer.line("CM2CC", "");
        self.nothing_more();
    }

    fn link(&mut self, id: &str, kind: &str, relation: &str, members: &[(&str, &str, &str)]) {
        self.writer.block("LNK", id);
        self.described(kind, relation);
        self.writer.line("FTCSN", &members.len().to_string());
        for (subset, kind, id) in members {
            self.writer.line("FTPCP", &format!("{LOT};{subset};{kind};{id}"));
            if *kind == "PAR" && members.len() > 2 {
                self.writer.line("SNSSA", "P");
            }
        }
        self.nothing_more();
    }

    /// An arc with what lies at its ends and on its sides.
    fn topological_arc(&mut self, id: &str, points: &[At], nodes: [&str; 2], faces: [&str; 2]) {
        self.arc(id, points);
        let own = self.subset;
        let links = [
            ("IND", "NOD_INI", "PNO", nodes[0]),
            ("FND", "NOD_FIN", "PNO", nodes[1]),
            ("LPO", "FAC_GCHE", "PFE", faces[0]),
            ("RPO", "FAC_DRTE", "PFE", faces[1]),
        ];
        for (code, relation, kind, other) in links {
            let name = format!("Compo_{code}_{id}_{other}");
            self.link(&name, "REL", &format!("ID_S_RCO_{relation}"), &[(own, "PAR", id), (own, kind, other)]);
        }
    }

    fn left_face(&mut self, arc: &str, face: &str) {
        let own = self.subset;
        let name = format!("Compo_LPO_{arc}_{face}");
        self.link(&name, "REL", "ID_S_RCO_FAC_GCHE", &[(own, "PAR", arc), (own, "PFE", face)]);
    }

    fn feature(&mut self, id: &str, class: &str, attributes: &[(&str, char, &str)], parts: &[(&str, &str)]) {
        self.writer.block("FEA", id);
        self.described("OBJ", class);
        self.writer.line("CM1CC", "");
        self.writer.line("CM2CC", "");
        self.writer.line("REFCC", "");
        self.writer.line("ATCSN", &attributes.len().to_string());
        for (name, format, value) in attributes {
            self.writer.line("ATPCP", &format!("{LOT};SeSD;ATT;{name}"));
            match format {
                'T' => {
                    self.writer.line("TEXT ", "8859-1");
                    self.writer.line("ATVST", value);
                }
                'P' => self.writer.line("ATVCP", &format!("{LOT};SeSD;ATT;{value}")),
                _ => self.writer.line(&format!("ATVS{format}"), value),
            }
        }
        if class == "ID_S_OBJ_Z_1_2_2" {
            self.writer.line("QACSN", "0");
        } else {
            self.writer.line("QACSN", "1");
            self.writer.line("QAPCP", &format!("{LOT};SeQL;QUP;Actualite"));
        }
        let own = self.subset;
        let mut members = vec![(own, "FEA", id)];
        members.extend(parts.iter().map(|(kind, part)| (own, *kind, *part)));
        let relation = format!("ID_S_RCO_{}", class.strip_prefix("ID_S_OBJ_").unwrap_or(class));
        self.link(&format!("Compo_IDB_{id}"), "REL", &relation, &members);
    }

    fn label(&mut self, object: &str, at: At, base: (&str, &str)) {
        let (id, node) = (format!("Attribut_TEX_{object}"), format!("Noeud_Attribut_{object}"));
        self.node(&node, at);
        let attributes = [
            ("ID_S_ATT_FON", 'T', "Times New Roman"),
            ("ID_S_ATT_HEI", 'R', "+2.000000"),
            ("ID_S_ATT_DI3", 'R', base.0),
            ("ID_S_ATT_DI4", 'R', base.1),
            ("ID_S_ATT_ATR", 'P', "TEX_id"),
        ];
        self.feature(&id, "ID_S_OBJ_Z_1_2_2", &attributes, &[("PNO", &node)]);
        let own = self.subset;
        self.link(&format!("Rel_{id}"), "ASS", "IS_S_REL_IWW", &[(own, "FEA", &id), (own, "FEA", object)]);
    }
}

/// The lot's files, by name.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let named = |suffix: &str, bytes| (format!("{LOT}{suffix}"), bytes);
    vec![
        ("E0TT01.THF".to_owned(), index()),
        named("SE.GEN", general()),
        named("SE.GEO", geodesy("LAMB93")),
        named("SE.QAL", quality()),
        named("SE.DIC", Writer::new(&format!("{LOT}SE.DIC")).end()),
        named("SE.SCD", schema()),
        named("T1.VEC", parcelles()),
        named("T2.VEC", one_surface("T2", "SeTOP_2", "Objet_2", "SUBDSECT_id", "0040000A01")),
        named("T3.VEC", one_surface("T3", "SeTOP_3", "Objet_3", "SECTION_id", "0040000A")),
        named("S1.VEC", spaghetti()),
    ]
}

fn index() -> Vec<u8> {
    let mut writer = Writer::new("E0TT01.THF");
    writer.block("GTS", "SUPPORT_01");
    writer.line("LOCSN", "1");
    writer.line("TDASD", "20240116");
    writer.block("GTL", LOT);
    writer.line("LONSA", LOT);
    for (code, id) in [("GN", "SeGN"), ("GO", "SeGO"), ("QA", "SeQL"), ("DI", "SeNM"), ("SC", "SeSD")] {
        writer.line(&format!("{code}NSA"), "SE");
        writer.line(&format!("{code}ISA"), id);
    }
    writer.line("GDCSN", "4");
    for (suffix, id) in [("T1", "SeTOP_1"), ("T2", "SeTOP_2"), ("T3", "SeTOP_3"), ("S1", "SeSPA_1")] {
        writer.line("GDNSA", suffix);
        writer.line("GDISA", id);
    }
    writer.end()
}

fn general() -> Vec<u8> {
    let mut writer = Writer::new(&format!("{LOT}SE.GEN"));
    for (id, structure) in [("SeTOP_1", "1"), ("SeTOP_2", "1"), ("SeTOP_3", "1"), ("SeSPA_1", "3")] {
        writer.block("GSE", id);
        writer.line("STRSN", structure);
    }
    writer.end()
}

/// A .GEO with this REL code.
pub fn geodesy(code: &str) -> Vec<u8> {
    let mut writer = Writer::new(&format!("{LOT}SE.GEO"));
    writer.block("GEO", "GEODESIE");
    writer.line("RELSA", code);
    writer.line("DIMSN", "2");
    writer.end()
}

fn quality() -> Vec<u8> {
    let mut writer = Writer::new(&format!("{LOT}SE.QAL"));
    writer.block("QUP", "Actualite");
    writer.line("ODASD", "20010215");
    writer.line("UDASD", "20140212");
    writer.end()
}

fn schema() -> Vec<u8> {
    let mut writer = Writer::new(&format!("{LOT}SE.SCD"));
    for class in CLASSES {
        writer.block("OBJ", class);
        let relation = format!("ID_S_RCO_{}", class.strip_prefix("ID_S_OBJ_").unwrap_or(class));
        writer.line("KNDSA", "ARE");
        writer.block("REL", &relation);
        writer.line("KNDSA", "IDB");
    }
    for (kind, ids) in [
        ("PGE", &["ID_S_PRI_NOD", "ID_S_PRI_ARC", "ID_S_PRI_FAC"][..]),
        ("REL", &["ID_S_RCO_NOD_INI", "ID_S_RCO_NOD_FIN", "ID_S_RCO_FAC_GCHE", "ID_S_RCO_FAC_DRTE"]),
        ("ATT", &ATTRIBUTES),
        ("ASS", &ASSOCIATIONS),
    ] {
        for id in ids {
            writer.block(kind, id);
            writer.line("AACSN", "0");
        }
    }
    writer.end()
}

/// Two parcelles side by side, the right one around an island of two.
fn parcelles() -> Vec<u8> {
    let mut vectors = Vectors::new("T1", "SeTOP_1");
    vectors.face("Face_0");
    for (node, at) in [("A", (40.0, 0.0)), ("B", (40.0, 60.0)), ("C", (60.0, 30.0)), ("D", (80.0, 30.0))] {
        vectors.node(node, at);
    }
    for face in ["F1", "F2", "F3", "F4"] {
        vectors.face(face);
    }
    vectors.topological_arc("a1", &[(40.0, 60.0), (0.0, 60.0), (0.0, 0.0), (40.0, 0.0)], ["B", "A"], ["F1", "Face_0"]);
    vectors.topological_arc("a2", &[(40.0, 0.0), (40.0, 60.0)], ["A", "B"], ["F1", "F2"]);
    vectors.topological_arc(
        "a3",
        &[(40.0, 0.0), (99.5, 0.0), (99.5, 60.25), (40.0, 60.0)],
        ["A", "B"],
        ["F2", "Face_0"],
    );
    vectors.topological_arc("a4", &[(60.0, 30.0), (60.0, 20.0), (80.0, 20.0), (80.0, 30.0)], ["C", "D"], ["F3", "F2"]);
    vectors.topological_arc("a5", &[(80.0, 30.0), (80.0, 40.0), (60.0, 40.0), (60.0, 30.0)], ["D", "C"], ["F4", "F2"]);
    vectors.topological_arc("a6", &[(60.0, 30.0), (80.0, 30.0)], ["C", "D"], ["F4", "F3"]);
    for (rank, face) in ["F1", "F2", "F3", "F4"].iter().enumerate() {
        let (id, number) = (format!("Objet_1{rank}"), format!("{}", rank + 1));
        let idu = format!("0040000A{:04}", rank + 1);
        let attributes = [
            ("SUPF_id", 'R', "+2400."),
            ("INDP_id", 'A', "01"),
            ("TEX_id", 'T', number.as_str()),
            ("IDU_id", 'T', &idu),
        ];
        vectors.feature(&id, "PARCELLE_id", &attributes, &[("PFE", face)]);
        let members = [("SeTOP_1", "FEA", id.as_str()), ("SeTOP_2", "FEA", "Objet_2")];
        vectors.link(&format!("Rel_{id}"), "ASS", "PARCELLE_SUBDSECT", &members);
    }
    vectors.label("Objet_10", (20.0, 30.0), ("+0.000000", "+1.000000"));
    vectors.writer.end()
}

fn one_surface(suffix: &str, subset: &'static str, id: &str, class: &str, idu: &str) -> Vec<u8> {
    let mut vectors = Vectors::new(suffix, subset);
    vectors.face("Face_0");
    vectors.node("N", (0.0, 0.0));
    vectors.face("F");
    let contour = [(0.0, 0.0), (99.5, 0.0), (99.5, 60.25), (0.0, 60.0), (0.0, 0.0)];
    vectors.topological_arc("a", &contour, ["N", "N"], ["F", "Face_0"]);
    vectors.feature(id, class, &[("IDU_id", 'T', idu)], &[("PFE", "F")]);
    vectors.writer.end()
}

fn spaghetti() -> Vec<u8> {
    let mut vectors = Vectors::new("S1", "SeSPA_1");
    vectors.arc("c", &[(0.0, 0.0), (99.5, 0.0), (99.5, 60.25), (0.0, 60.0), (0.0, 0.0)]);
    vectors.face("FC");
    vectors.left_face("c", "FC");
    vectors.feature(
        "Objet_4",
        "COMMUNE_id",
        &[("TEX2_id", 'T', "TESTVILLE"), ("IDU_id", 'T', "004")],
        &[("PFE", "FC")],
    );
    // A bâtiment with a courtyard, and an annexe apart: two faces.
    vectors.arc("b1", &[(5.0, 5.0), (25.0, 5.0), (25.0, 25.0), (5.0, 25.0), (5.0, 5.0)]);
    vectors.arc("b2", &[(10.0, 10.0), (10.0, 20.0), (20.0, 20.0), (20.0, 10.0), (10.0, 10.0)]);
    vectors.arc("b3", &[(30.0, 5.0), (35.0, 5.0), (35.0, 10.0), (30.0, 5.0)]);
    vectors.face("FB");
    vectors.face("FA");
    vectors.left_face("b1", "FB");
    vectors.left_face("b2", "FB");
    vectors.left_face("b3", "FA");
    vectors.feature("Objet_5", "BATIMENT_id", &[("DUR_id", 'A', "01")], &[("PFE", "FB"), ("PFE", "FA")]);
    vectors.link("Rel_5", "ASS", "BATIMENT_PARCELLE", &[("SeSPA_1", "FEA", "Objet_5"), ("SeTOP_1", "FEA", "Objet_10")]);
    vectors.arc("l1", &[(50.0, 5.0), (55.0, 5.0)]);
    vectors.arc("l2", &[(55.0, 5.0), (55.0, 10.0)]);
    vectors.arc("l3", &[(55.0, 10.0), (50.0, 10.0)]);
    vectors.feature("Objet_6", "TLINE_id", &[("SYM_id", 'A', "21")], &[("PAR", "l1"), ("PAR", "l2"), ("PAR", "l3")]);
    vectors.node("N7", (2.0, 30.0));
    vectors.feature("Objet_7", "NUMVOIE_id", &[("TEX_id", 'T', "12B")], &[("PNO", "N7")]);
    vectors.label("Objet_7", (3.0, 31.0), ("+1.000000", "-0.000000"));
    vectors.writer.end()
}
