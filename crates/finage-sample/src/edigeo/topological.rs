//! The topological files: parcelles (T1), feuille (T2), section (T3).

use geo_types::Polygon;

use super::object::{Attribute, Layer};
use super::record::whole;
use super::topology::build;

/// Writes nodes, arcs and faces; `Face_0` is the outside. Face `i` is named by [`face_id`].
pub fn primitives(layer: &mut Layer<'_>, faces: &[&Polygon<f64>]) {
    let topology = build(faces);
    layer.face("Face_0");
    for (n, node) in topology.nodes.iter().enumerate() {
        layer.node(&format!("Noeud_{}", n + 1), *node, false);
    }
    for (n, arc) in topology.arcs.iter().enumerate() {
        layer.arc(&format!("Arc_{}", n + 1), &arc.line);
    }
    for n in 0..faces.len() {
        layer.face(&face_id(n));
    }
    for (n, arc) in topology.arcs.iter().enumerate() {
        let id = format!("Arc_{}", n + 1);
        let side = |face: Option<usize>| face.map_or_else(|| "Face_0".to_owned(), face_id);
        layer.primitive_link("IND", "NOD_INI", ("PAR", &id), ("PNO", &format!("Noeud_{}", arc.start + 1)));
        layer.primitive_link("FND", "NOD_FIN", ("PAR", &id), ("PNO", &format!("Noeud_{}", arc.end + 1)));
        layer.primitive_link("LPO", "FAC_GCHE", ("PAR", &id), ("PFE", &side(arc.left)));
        layer.primitive_link("RPO", "FAC_DRTE", ("PAR", &id), ("PFE", &side(arc.right)));
    }
}

/// Identifier of the face of polygon `n`.
pub fn face_id(n: usize) -> String {
    format!("Face_{}", n + 1)
}

/// Attributes of a parcel.
pub fn parcel_attributes(idu: &str, parcelle: &crate::town::Parcelle) -> Vec<Attribute> {
    let mut attributes = vec![
        Attribute::Code("INDP", "01".to_owned()),
        Attribute::Text("TEX", parcelle.numero.to_string()),
        Attribute::Real("SUPF", whole(parcelle.contenance)),
        Attribute::Text("IDU", idu.to_owned()),
    ];
    if parcelle.arpentee {
        attributes.push(Attribute::Text("COAR", "A".to_owned()));
    }
    attributes
}

/// Attributes of a feuille.
pub fn sheet_attributes(idu: &str, quality: &crate::town::Quality) -> Vec<Attribute> {
    vec![
        Attribute::Code("QUPL", quality.qupl.clone()),
        Attribute::Code("COPL", quality.copl.clone()),
        Attribute::Text("EOR", quality.echelle.to_string()),
        Attribute::Text("DEDI", quality.dedi.clone()),
        Attribute::Real("ICL", format!("{:+.3}", quality.icl)),
        Attribute::Text("DIS", quality.dis.clone()),
        Attribute::Code("INP", quality.inp.clone()),
        Attribute::Text("DRED", quality.dred.clone()),
        Attribute::Text("IDU", idu.to_owned()),
    ]
}
