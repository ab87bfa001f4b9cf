//! What the point of an address marks.

use std::fmt;

use finage_reference::normalise;

/// The kinds of position of the standard, the most useful to find a door first: this is the order of
/// preference when an address has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypePosition {
    /// The entrance.
    Entree,
    /// The letter box.
    DelivrancePostale,
    /// The building.
    Batiment,
    /// The staircase.
    CageEscalier,
    /// The dwelling.
    Logement,
    /// The parcel.
    Parcelle,
    /// The street's segment: a point on the street, not on the address.
    Segment,
    /// A service point (water, gas...).
    ServiceTechnique,
}

impl TypePosition {
    /// All kinds, preferred first.
    pub const ALL: [Self; 8] = [
        Self::Entree,
        Self::DelivrancePostale,
        Self::Batiment,
        Self::CageEscalier,
        Self::Logement,
        Self::Parcelle,
        Self::Segment,
        Self::ServiceTechnique,
    ];

    /// The standard's spelling.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Entree => "entrée",
            Self::DelivrancePostale => "délivrance postale",
            Self::Batiment => "bâtiment",
            Self::CageEscalier => "cage d’escalier",
            Self::Logement => "logement",
            Self::Parcelle => "parcelle",
            Self::Segment => "segment",
            Self::ServiceTechnique => "service technique",
        }
    }

    /// The kind a text names, accents, case and kind of apostrophe aside.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let wanted = normalise(text);
        Self::ALL.into_iter().find(|kind| normalise(kind.label()) == wanted)
    }
}

impl fmt::Display for TypePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_forgiven() {
        for kind in TypePosition::ALL {
            assert_eq!(TypePosition::parse(kind.label()), Some(kind));
            assert_eq!(TypePosition::parse(&normalise(kind.label()).to_uppercase()), Some(kind));
        }
        assert_eq!(TypePosition::parse("cage d'escalier"), Some(TypePosition::CageEscalier));
        assert_eq!(TypePosition::parse("porte"), None);
        assert!(TypePosition::Entree < TypePosition::Segment);
    }
}
