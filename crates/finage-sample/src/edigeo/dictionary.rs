//! The nomenclature (DIC file): the codes of the schema and the values of coded attributes.

use super::record::Records;
use super::schema::{ATTRIBUTES, CLASSES, TEXT_ATTRIBUTE_FORMATS};

/// Values of coded attributes that the samples use, as the standard numbers them.
const VALUES: &[(&str, &[(&str, &str)])] = &[
    (
        "COPL",
        &[
            ("01", "Ancien plan"),
            ("02", "Mise à jour"),
            ("03", "Renouvellement"),
            ("04", "Réfection"),
            ("05", "Plan remanié"),
            ("06", "Remembrement"),
            ("07", "Plans d'arpentage"),
        ],
    ),
    ("DUR", &[("01", "Bâtiment en dur"), ("02", "Construction légère")]),
    ("INDP", &[("01", "Parcelle figurée"), ("02", "Parcelle non figurée")]),
    ("INP", &[("00", "Inconnu"), ("01", "Numérisation manuelle"), ("02", "Scanner"), ("03", "Incorporation directe")]),
    ("MAP", &[("00", "Inconnu"), ("07", "Borne")]),
    (
        "QUPL",
        &[
            ("01", "Régulier avant le 20/03/1980"),
            ("02", "Non régulier"),
            ("03", "P3 ou CP [10 cm]"),
            ("04", "P4 ou CP [20 cm]"),
            ("05", "P5 ou CP [40 cm]"),
        ],
    ),
    (
        "SYM",
        &[
            ("12", "Calvaire"),
            ("14", "Église"),
            ("19", "Amorce de limite de commune"),
            ("21", "Chemin"),
            ("29", "Rail"),
            ("30", "Flèche de cours d'eau"),
            ("31", "Flèche de rattachement"),
            ("33", "Parapet de pont"),
            ("34", "Étang, bassin"),
            ("39", "Mur mitoyen"),
            ("40", "Mur non mitoyen"),
            ("45", "Haie mitoyenne"),
            ("48", "Arrêt"),
            ("49", "Station"),
            ("50", "Pylône"),
            ("51", "Cimetière chrétien"),
            ("62", "Sport, ruisseau"),
            ("63", "Puits"),
            ("64", "Parking, terrasse"),
            ("65", "Piscine"),
            ("71", "Point de canevas"),
            ("81", "Borne limite de commune"),
            ("98", "Divers"),
        ],
    ),
];

/// The DIC file of a lot.
pub fn file(lot: &str) -> Vec<u8> {
    let mut out = Records::new(&format!("{lot}SE.DIC"));
    let mut codes: Vec<&str> = CLASSES.iter().map(|c| c.1).chain(["Z_1_2_2"]).collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        out.block("DID", &format!("ID_N_OBJ_{code}"))
            .field("LABSA", code)
            .field("DEFST", "")
            .field("ORIST", "CNIG")
            .blank();
    }
    let text = TEXT_ATTRIBUTE_FORMATS.iter().map(|a| (a.0, a.3));
    for (name, format) in text.chain(ATTRIBUTES.iter().map(|a| (a.0, a.3))) {
        attribute(&mut out, name, format);
    }
    for (name, definition) in [("IWW", ""), ("APP", "APPARTIENT A")] {
        out.block("DIR", &format!("ID_N_REL_{name}")).field("LABSA", name);
        if !definition.is_empty() {
            out.field("TEXT ", "8859-1");
        }
        out.field("DEFST", definition).field("ORIST", "CNIG").field("CATSA", "G").blank();
    }
    out.finish()
}

fn attribute(out: &mut Records, name: &str, format: char) {
    let values = VALUES.iter().find(|v| v.0 == name).map_or(&[][..], |v| v.1);
    let category = if matches!(name, "IDU" | "SUPF" | "DIS" | "INP")
        || name.len() == 3 && TEXT_ATTRIBUTE_FORMATS.iter().any(|a| a.0 == name)
    {
        "G"
    } else {
        "P"
    };
    out.block("DIA", &format!("ID_N_ATT_{name}"))
        .field("LABSA", name)
        .field("DEFST", "")
        .field("ORIST", "CNIG")
        .field("CATSA", category)
        .field("TYPSA", &format.to_string())
        .field("UNIST", if name == "SUPF" { "m2" } else { "" })
        .field("AVCSN", &values.len().to_string());
    for (value, label) in values {
        out.field("AVLSA", value).text("AVDST", label);
    }
    out.blank();
}
