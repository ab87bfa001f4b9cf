//! One object: its properties in their order, numbers as they are written, and its geometry.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::geometrie;
use crate::Cellule;
use crate::error::{Cause, ImportError};

#[derive(Deserialize)]
pub(super) struct Objet<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow, default)]
    properties: Option<Proprietes<'a>>,
}

impl<'a> Objet<'a> {
    pub(super) fn lire(octets: &'a [u8]) -> Result<Self, ImportError> {
        serde_json::from_slice(octets).map_err(|_| Cause::abime("l'objet").into())
    }

    /// Properties, behind the identifier of the object when none has its name.
    pub(super) fn valeurs(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        let proprietes = self.properties.as_ref().map_or(&[][..], |proprietes| &proprietes.0);
        let id = self.id.filter(|_| !proprietes.iter().any(|(nom, _)| nom == "id"));
        id.map(|id| ("id", id)).into_iter().chain(proprietes.iter().map(|(nom, valeur)| (nom.as_str(), *valeur)))
    }

    /// The kind of the geometry, as databases write it.
    pub(super) fn genre(&self) -> Option<String> {
        self.geometry.and_then(geometrie::genre)
    }

    pub(super) fn ewkb(&self, srid: Option<u32>) -> Result<Option<Vec<u8>>, Cause> {
        self.geometry.map(|geometrie| geometrie::ewkb(geometrie, srid)).transpose()
    }
}

/// A value that is no text, number or word stays JSON.
pub(super) fn cellule(brute: &RawValue) -> Cellule {
    let json = brute.get();
    match json.bytes().next() {
        Some(b'n') => Cellule::Vide,
        Some(b't') => Cellule::Booleen(true),
        Some(b'f') => Cellule::Booleen(false),
        Some(b'"') => serde_json::from_str::<String>(json).map_or(Cellule::Vide, Cellule::texte),
        Some(b'-' | b'0'..=b'9') => Cellule::Nombre(json.to_owned()),
        _ => Cellule::texte(json),
    }
}

struct Proprietes<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Proprietes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Lecteur;

        impl<'de> Visitor<'de> for Lecteur {
            type Value = Proprietes<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("des propriétés")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut proprietes = Vec::new();
                while let Some(propriete) = map.next_entry()? {
                    proprietes.push(propriete);
                }
                Ok(Proprietes(proprietes))
            }
        }

        deserializer.deserialize_map(Lecteur)
    }
}
