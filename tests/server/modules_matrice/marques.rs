//! Marks of the world, and those that a text holds.

use std::collections::BTreeSet;

use super::rangees::Rangee;

/// Longest word that is a mark.
const MOT: usize = 24;
/// Length of a date, `AAAA-MM-JJ`, and of its year.
const DATE: usize = 10;
const ANNEE: usize = 4;

/// Every mark, by its kind.
pub struct Marques {
    toutes: BTreeSet<String>,
    nombres: Vec<String>,
}

impl Marques {
    pub fn new(rangees: &[Rangee]) -> Self {
        let toutes: BTreeSet<String> = rangees.iter().flat_map(|rangee| rangee.marques.values().cloned()).collect();
        let nombres = toutes.iter().filter(|marque| marque.contains('.')).cloned().collect();
        Self { toutes, nombres }
    }

    pub fn toutes(&self) -> impl Iterator<Item = &String> {
        self.toutes.iter()
    }

    /// Marks that are in a text.
    pub fn dans(&self, texte: &str) -> BTreeSet<&str> {
        let mots = texte.match_indices("zq").filter_map(|(debut, _)| {
            let suite: String = texte[debut..].chars().take(MOT).collect();
            let fin = suite.find("qz")? + 2;
            self.toutes.get(&suite[..fin])
        });
        let dates = texte.match_indices('-').filter_map(|(rang, _)| {
            let debut = rang.checked_sub(ANNEE)?;
            self.toutes.get(texte.get(debut..debut + DATE)?)
        });
        let nombres = [".25", ".7"].iter().any(|fin| texte.contains(fin));
        let nombres = self.nombres.iter().filter(|nombre| nombres && texte.contains(*nombre));
        mots.chain(dates).chain(nombres).map(String::as_str).collect()
    }
}
