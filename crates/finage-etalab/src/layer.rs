//! The eight layers of the Etalab distribution.

use std::fmt;

use crate::properties::Properties;

/// A layer of the distribution, named as its files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Communes.
    Communes,
    /// Section prefixes (absorbed communes, quarters).
    PrefixesSections,
    /// Sections.
    Sections,
    /// Plan sheets.
    Feuilles,
    /// Parcels.
    Parcelles,
    /// Buildings.
    Batiments,
    /// Named places.
    LieuxDits,
    /// Fiscal subdivisions of parcels.
    SubdivisionsFiscales,
}

impl Layer {
    /// All layers; a name that ends like another one's comes first.
    pub const ALL: [Self; 8] = [
        Self::PrefixesSections,
        Self::SubdivisionsFiscales,
        Self::Communes,
        Self::Sections,
        Self::Feuilles,
        Self::Parcelles,
        Self::Batiments,
        Self::LieuxDits,
    ];

    /// The layer's name in file names.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Communes => "communes",
            Self::PrefixesSections => "prefixes_sections",
            Self::Sections => "sections",
            Self::Feuilles => "feuilles",
            Self::Parcelles => "parcelles",
            Self::Batiments => "batiments",
            Self::LieuxDits => "lieux_dits",
            Self::SubdivisionsFiscales => "subdivisions_fiscales",
        }
    }

    /// The layer a file name tells: `cadastre-13004-parcelles.json.gz`, `lieux-dits.geojson`.
    #[must_use]
    pub fn from_file_name(name: &str) -> Option<Self> {
        let stem = name.split('.').next().unwrap_or_default().to_lowercase().replace('-', "_");
        Self::ALL.into_iter().find(|layer| {
            stem.strip_suffix(layer.name()).is_some_and(|before| before.is_empty() || before.ends_with('_'))
        })
    }

    /// The layer whose properties these are, told by those that it alone has.
    pub(crate) fn of(properties: &Properties<'_>) -> Option<Self> {
        let has = |value: &crate::properties::Value<'_>| !value.is_absent();
        if has(&properties.lettre) {
            return Some(Self::SubdivisionsFiscales);
        }
        if has(&properties.contenance) || has(&properties.arpente) {
            return Some(Self::Parcelles);
        }
        if has(&properties.mode_confection) || has(&properties.qualite) || has(&properties.echelle) {
            return Some(Self::Feuilles);
        }
        match properties.id.text().map(str::len) {
            Some(14) => Some(Self::Parcelles),
            Some(12) => Some(Self::Feuilles),
            Some(10) => Some(Self::Sections),
            Some(8) => Some(Self::PrefixesSections),
            Some(5) => Some(Self::Communes),
            None if has(&properties.kind) => Some(Self::Batiments),
            None if has(&properties.nom) && has(&properties.commune) => Some(Self::LieuxDits),
            _ => None,
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_tell_the_layer() {
        for layer in Layer::ALL {
            assert_eq!(Layer::from_file_name(&format!("cadastre-13004-{layer}.json.gz")), Some(layer));
            assert_eq!(Layer::from_file_name(&format!("{layer}.geojson")), Some(layer));
        }
        assert_eq!(Layer::from_file_name("cadastre-13004-lieux-dits.json"), Some(Layer::LieuxDits));
        assert_eq!(Layer::from_file_name("intersections.json"), None);
        assert_eq!(Layer::from_file_name(""), None);
    }
}
