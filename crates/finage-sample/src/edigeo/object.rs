//! Objects, texts, primitives and links of the vector files; the dates go to the QAL file.

use geo_types::Polygon;

use super::record::{Records, coordinates, real};
use super::schema::reference;
use crate::geometry::{Pt, pt};
use crate::town::{Dates, Ecriture};

/// Value of an attribute.
#[derive(Debug, Clone)]
pub enum Attribute {
    /// A code.
    Code(&'static str, String),
    /// A text.
    Text(&'static str, String),
    /// A real, already formatted.
    Real(&'static str, String),
}

/// Width of a letter for a height of one, on average.
const LETTER_WIDTH: f64 = 0.56;

/// A vector file being written, with the QAL file of its lot beside it.
pub struct Layer<'a> {
    pub lot: &'a str,
    /// `SeTOP_1`, `SeSPA_1`...
    pub key: &'static str,
    /// Denominator of the sheet's scale.
    pub echelle: u32,
    pub out: Records,
    pub qal: &'a mut Records,
}

impl Layer<'_> {
    /// A primitive's reference: `EDAB01;SeTOP_1;PAR;Arc_1`.
    fn own(&self, kind: &str, id: &str) -> String {
        format!("{};{};{kind};{id}", self.lot, self.key)
    }

    /// An isolated or topological node.
    pub fn node(&mut self, id: &str, at: Pt, isolated: bool) {
        self.out
            .block("PNO", id)
            .field("SCPCP", &reference(self.lot, "PGE", "ID_S_PRI_NOD"))
            .field("TYPSN", if isolated { "2" } else { "1" })
            .field("CORCC", &coordinates(at))
            .end_bare();
    }

    /// An arc.
    pub fn arc(&mut self, id: &str, line: &[Pt]) {
        self.out
            .block("PAR", id)
            .field("SCPCP", &reference(self.lot, "PGE", "ID_S_PRI_ARC"))
            .field("CM1CC", "")
            .field("CM2CC", "")
            .field("TYPSN", "1")
            .field("PTCSN", &line.len().to_string());
        for p in line {
            self.out.field("CORCC", &coordinates(*p));
        }
        self.out.end_bare();
    }

    /// A face.
    pub fn face(&mut self, id: &str) {
        self.out
            .block("PFE", id)
            .field("SCPCP", &reference(self.lot, "PGE", "ID_S_PRI_FAC"))
            .field("CM1CC", "")
            .field("CM2CC", "")
            .end_bare();
    }

    /// A link between two primitives of this file: `FAC_GCHE`, `NOD_INI`...
    pub fn primitive_link(&mut self, prefix: &str, relation: &str, from: (&str, &str), to: (&str, &str)) {
        let ends = [self.own(from.0, from.1), self.own(to.0, to.1)];
        let id = format!("Compo_{prefix}_{}_{}", from.1, to.1);
        self.link(&id, "REL", &format!("ID_S_RCO_{relation}"), &ends, false);
    }

    /// An object with its attributes and dates.
    pub fn object(&mut self, class: &str, id: u64, attributes: &[Attribute], dates: Dates) {
        let (lot, class_ref) = (self.lot, reference(self.lot, "OBJ", &format!("{class}_id")));
        let quality = format!("Actualite_Objet_{id}");
        self.out
            .block("FEA", &format!("Objet_{id}"))
            .field("SCPCP", &class_ref)
            .field("CM1CC", "")
            .field("CM2CC", "")
            .field("REFCC", "")
            .field("ATCSN", &attributes.len().to_string());
        for attribute in attributes {
            let (Attribute::Code(name, value) | Attribute::Text(name, value) | Attribute::Real(name, value)) =
                attribute;
            self.out.field("ATPCP", &reference(lot, "ATT", &format!("{name}_id")));
            match attribute {
                Attribute::Code(..) => self.out.field("ATVSA", value),
                Attribute::Text(..) => self.out.text("ATVST", value),
                Attribute::Real(..) => self.out.field("ATVSR", value),
            };
        }
        self.out.field("QACSN", "1").field("QAPCP", &format!("{lot};SeQL;QUP;{quality}")).blank();
        self.qal
            .block("QUP", &quality)
            .field("ODASD", &dates.created.to_string())
            .field("UTYSN", "1")
            .field("ULOSN", "2")
            .field("UDASD", &dates.updated.to_string())
            .field("RATSR", "")
            .field("EDASD", "")
            .field("COCSN", "1")
            .field("COPCP", &class_ref)
            .blank();
    }

    /// The geometry of an object: its faces, arcs or node.
    pub fn shape_link(&mut self, class: &str, id: u64, primitive: &str, ids: &[String]) {
        let mut ends = vec![self.own("FEA", &format!("Objet_{id}"))];
        ends.extend(ids.iter().map(|p| self.own(primitive, p)));
        let (prefix, oriented) = if primitive == "PAR" { ("IDR", true) } else { ("IDB", false) };
        self.link(&format!("Compo_{prefix}_Objet_{id}"), "REL", &format!("ID_S_RCO_{class}_id"), &ends, oriented);
    }

    /// A semantic relation to an object of this lot, here or in another file.
    pub fn relation(&mut self, relation: &str, from: u64, to_key: &str, to: u64) {
        let ends = [self.own("FEA", &format!("Objet_{from}")), format!("{};{to_key};FEA;Objet_{to}", self.lot)];
        self.link(&format!("Rel_{relation}_Objet_{from}_Objet_{to}"), "ASS", relation, &ends, false);
    }

    /// The text that prints an attribute of an object; `at` is its middle, the plan gives its lower left corner.
    pub fn label(&mut self, id: u64, attribute: &str, printed: &str, ecriture: Ecriture, at: Pt) {
        let (lot, name) = (self.lot, format!("Attribut_{attribute}_id_Objet_{id}"));
        let node = format!("Noeud_{name}");
        let (sin, cos) = ecriture.angle.to_radians().sin_cos();
        let height = ecriture.hei / 1000.0 * f64::from(self.echelle);
        let width = LETTER_WIDTH * height * f64::from(u32::try_from(printed.chars().count()).unwrap_or(0));
        let (half_width, half_height) = (width / 2.0, height / 2.0);
        let corner = pt(at.x - cos * half_width + sin * half_height, at.y - sin * half_width - cos * half_height);
        self.node(&node, corner, true);
        self.out
            .block("FEA", &name)
            .field("SCPCP", &reference(lot, "OBJ", "ID_S_OBJ_Z_1_2_2"))
            .field("CM1CC", "")
            .field("CM2CC", "")
            .field("REFCC", "")
            .field("ATCSN", "13");
        self.out.field("ATPCP", &reference(lot, "ATT", "ID_S_ATT_FON")).text("ATVST", "Times New Roman");
        let reals = [("HEI", ecriture.hei)];
        let spacing =
            [("CEF", 1.0), ("CSP", ecriture.hei / 10.0), ("DI1", -sin), ("DI2", cos), ("DI3", cos), ("DI4", sin)];
        for (code, value) in reals {
            self.out.field("ATPCP", &reference(lot, "ATT", &format!("ID_S_ATT_{code}"))).field("ATVSR", &real(value));
        }
        self.out.field("ATPCP", &reference(lot, "ATT", "ID_S_ATT_TYU")).field("ATVSA", "1");
        for (code, value) in spacing {
            self.out.field("ATPCP", &reference(lot, "ATT", &format!("ID_S_ATT_{code}"))).field("ATVSR", &real(value));
        }
        for code in ["TPA", "HTA", "VTA"] {
            self.out.field("ATPCP", &reference(lot, "ATT", &format!("ID_S_ATT_{code}"))).field("ATVSA", "1");
        }
        self.out
            .field("ATPCP", &reference(lot, "ATT", "ID_S_ATT_ATR"))
            .field("ATVCP", &reference(lot, "ATT", &format!("{attribute}_id")))
            .field("QACSN", "0")
            .blank();
        let (own, printed) = (self.own("FEA", &name), self.own("FEA", &format!("Objet_{id}")));
        let anchor = self.own("PNO", &node);
        self.link(&format!("Compo_IDB_{name}"), "REL", "ID_S_RCO_Z_1_2_2", &[own.clone(), anchor], false);
        self.link(&format!("Rel_IWW_{name}"), "ASS", "IS_S_REL_IWW", &[own, printed], false);
    }

    /// A free surface: one closed arc a ring, the surface on its left. Returns the face.
    pub fn free_surface(&mut self, id: u64, polygon: &Polygon<f64>) -> String {
        let face = format!("Face_{id}");
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        let arcs: Vec<String> = rings
            .enumerate()
            .map(|(n, ring)| {
                let arc =
                    if polygon.interiors().is_empty() { format!("Arc_{id}") } else { format!("Arc_{id}_{}", n + 1) };
                self.arc(&arc, &ring.0);
                arc
            })
            .collect();
        self.face(&face);
        for arc in arcs {
            self.primitive_link("LPO", "FAC_GCHE", ("PAR", &arc), ("PFE", &face));
        }
        face
    }

    fn link(&mut self, id: &str, kind: &str, relation: &str, ends: &[String], oriented: bool) {
        self.out
            .block("LNK", id)
            .field("SCPCP", &reference(self.lot, kind, relation))
            .field("FTCSN", &ends.len().to_string());
        for (n, end) in ends.iter().enumerate() {
            self.out.field("FTPCP", end);
            if oriented && n > 0 {
                self.out.field("SNSSA", "P");
            }
        }
        self.out.end_bare();
    }
}
