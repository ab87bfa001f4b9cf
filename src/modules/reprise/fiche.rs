//! A row as another application had it, in the words of the module that takes it over.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::fichiers::Empreinte;

/// A row to take over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fiche {
    /// Where it comes from: table and key, « emplacement:12 ».
    pub provenance: String,
    /// What it fills; a field that is not there is left as the database or an agent has it.
    pub champs: BTreeMap<&'static str, Valeur>,
    /// Where it is: EWKB.
    pub geometrie: Option<Vec<u8>>,
    /// What is wrong in it: field (empty when it is the whole row), and a sentence without its full stop.
    pub anomalies: Vec<(&'static str, String)>,
}

/// What fills a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Valeur {
    /// A text, a number, a date, a code, as a file would write it; empty, nothing.
    Texte(String),
    /// Another row, by its provenance.
    Fiche(String),
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// Made.
    Creee,
    /// Changed, because its source changed.
    Changee,
    /// Left alone: its source says the same.
    Inchangee,
    /// Its source changed, and so did the row here: it stays as it is here. Why.
    Gardee(String),
    /// Refused, and why.
    Rejetee(String),
}

impl Fiche {
    /// A row that comes from there.
    #[must_use]
    pub fn de(table: &str, cle: &str) -> Self {
        Self { provenance: format!("{table}:{cle}"), ..Self::default() }
    }

    /// Fills a field.
    pub fn pose(&mut self, champ: &'static str, texte: impl Into<String>) {
        self.champs.insert(champ, Valeur::Texte(texte.into()));
    }

    /// Fills a field with another row, or with nothing.
    pub fn lie(&mut self, champ: &'static str, provenance: Option<String>) {
        self.champs.insert(champ, provenance.map_or_else(|| Valeur::Texte(String::new()), Valeur::Fiche));
    }

    /// Says what is wrong.
    pub fn note(&mut self, champ: &'static str, motif: impl Into<String>) {
        let motif: String = motif.into();
        self.anomalies.push((champ, motif.replace('\0', " ").chars().take(500).collect()));
    }

    /// SHA-256 of all that it says, what it names being told by keys.
    pub(super) fn empreinte(&self, liees: &BTreeMap<&'static str, String>) -> String {
        let geometrie = self.geometrie.as_deref().map(|octets| Empreinte::de(octets).texte()).unwrap_or_default();
        let dites = liees.iter().flat_map(|(champ, texte)| [*champ, texte.as_str()]);
        let fautes = self.anomalies.iter().flat_map(|(champ, motif)| [*champ, motif.as_str()]);
        somme(dites.chain(std::iter::once(geometrie.as_str())).chain(fautes))
    }
}

/// SHA-256 of texts, each told from the next by its length.
pub(super) fn somme<'a>(textes: impl Iterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    for texte in textes {
        digest.update(texte.len().to_le_bytes());
        digest.update(texte.as_bytes());
    }
    Empreinte::lue(&digest.finalize()).map(|empreinte| empreinte.texte()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_says_the_same_has_the_same_digest() {
        let mut une = Fiche::de("defunt", "1");
        une.pose("nom", "Exemple");
        let liees = |fiche: &Fiche| -> BTreeMap<&'static str, String> {
            fiche.champs.keys().map(|champ| (*champ, "Exemple".to_owned())).collect()
        };
        let mut autre = une.clone();
        assert_eq!(une.empreinte(&liees(&une)), autre.empreinte(&liees(&autre)));
        autre.note("nom", "douteux");
        assert_ne!(une.empreinte(&liees(&une)), autre.empreinte(&liees(&autre)));
        // Neither a boundary nor an order is lost.
        assert_ne!(somme(["ab", "c"].into_iter()), somme(["a", "bc"].into_iter()));
    }
}
