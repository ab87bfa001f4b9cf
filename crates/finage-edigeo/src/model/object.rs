//! An object of the PCI, with its attributes as delivered and readers for the usual ones.

use std::borrow::Cow;

use geo_types::Geometry;
use jiff::civil::Date;

use super::Class;
use crate::format::value::real;

/// A sound object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Identifier inside the lot (`Objet_819`): it means nothing in another delivery.
    pub rid: String,
    /// Its class.
    pub class: Class,
    /// Attributes in file order: name without `_id` (`IDU`, `SUPF`, `TEX2`...), value as delivered.
    pub attributes: Vec<(Cow<'static, str>, String)>,
    /// Point, line or surface in the delivered coordinates (metres), not rounded. Shells turn counter-clockwise.
    pub geometry: Geometry<f64>,
    /// Date d'observation (ODA).
    pub observed: Option<Date>,
    /// Date de mise à jour (UDA).
    pub updated: Option<Date>,
}

impl Object {
    /// Value of an attribute, by its name without `_id`.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Value of a real attribute (SUPF, ORI, ICL...); `None` when absent or unreadable.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        self.attribute(name).and_then(|text| real(text.trim().as_bytes()))
    }

    /// IDU without département: commune 3, section 8, feuille 10, parcelle 12 characters.
    #[must_use]
    pub fn idu(&self) -> Option<&str> {
        self.attribute("IDU").map(str::trim)
    }

    /// Contenance fiscale of a parcelle (SUPF), square metres. Not the area of its geometry.
    #[must_use]
    pub fn contenance_m2(&self) -> Option<f64> {
        self.number("SUPF").filter(|value| *value >= 0.0)
    }

    /// TEX, TEX2 to TEX10 joined with spaces: the full name of a lieu-dit, a road, a river.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        const PARTS: [&str; 10] = ["TEX", "TEX2", "TEX3", "TEX4", "TEX5", "TEX6", "TEX7", "TEX8", "TEX9", "TEX10"];
        let parts: Vec<&str> =
            PARTS.iter().filter_map(|name| self.attribute(name)).flat_map(str::split_whitespace).collect();
        if parts.is_empty() { None } else { Some(parts.join(" ")) }
    }

    /// ORI: direction of a symbol, degrees, trigonometric (a map's clockwise rotation is 360 − ORI).
    #[must_use]
    pub fn orientation_deg(&self) -> Option<f64> {
        self.number("ORI")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_in_order() {
        let attribute = |name: &'static str, value: &str| (Cow::Borrowed(name), value.to_owned());
        let object = Object {
            rid: "Objet_1".to_owned(),
            class: Class::Lieudit,
            attributes: vec![
                attribute("TEX2", "du  Roi "),
                attribute("TEX10", "Neuf"),
                attribute("TEX", "LE BOIS"),
                attribute("SUPF", "+21947."),
            ],
            geometry: Geometry::Point((0.0, 0.0).into()),
            observed: None,
            updated: None,
        };
        assert_eq!(object.text().as_deref(), Some("LE BOIS du Roi Neuf"));
        assert_eq!(object.contenance_m2(), Some(21_947.0));
        assert_eq!(object.idu(), None);
    }
}
