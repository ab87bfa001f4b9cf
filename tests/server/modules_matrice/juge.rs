//! What an account is shown, held against what it may see.

use std::collections::{BTreeMap, BTreeSet};

use finage_manifest::RightAction;

use super::attendu::{Attendu, Quoi};
use super::comptes::Compte;
use super::marques::Marques;

/// What an account may see by each kind of way, and what it saw.
pub struct Juge<'a> {
    pub attendu: &'a Attendu,
    pub compte: &'a Compte,
    marques: &'a Marques,
    permises: BTreeMap<Quoi, BTreeSet<&'a str>>,
    vues: BTreeMap<RightAction, BTreeSet<&'a str>>,
}

impl<'a> Juge<'a> {
    pub fn new(attendu: &'a Attendu, compte: &'a Compte, marques: &'a Marques) -> Self {
        Self { attendu, compte, marques, permises: BTreeMap::new(), vues: BTreeMap::new() }
    }

    /// Fails if a text gives away what is closed to the account by this kind of way.
    pub fn juge(&mut self, voie: &str, quoi: &Quoi, texte: &str) {
        let (attendu, compte) = (self.attendu, self.compte);
        let permises = self.permises.entry(quoi.clone()).or_insert_with(|| attendu.permises(&compte.qui, quoi));
        let dites = self.marques.dans(texte);
        let fuites: Vec<&&str> = dites.difference(permises).collect();
        let autour = || fuites.iter().map(|marque| autour(texte, marque)).collect::<Vec<_>>();
        assert!(fuites.is_empty(), "{compte} {voie} gives away {fuites:?}, by {quoi:?}: {:#?}", autour());
        self.vues.entry(quoi.action).or_default().extend(dites);
    }

    /// Fails unless what is open by an action was shown by it, or all this would prove nothing.
    pub fn conclut(&self, action: RightAction) {
        let vide = BTreeSet::new();
        let vues = self.vues.get(&action).unwrap_or(&vide);
        for quoi in self.permises.keys().filter(|quoi| quoi.action == action) {
            let ouvertes = self.attendu.marques(&self.compte.qui, quoi);
            let cachees: Vec<&&str> = ouvertes.difference(vues).collect();
            assert!(cachees.is_empty(), "{} {quoi:?} does not see {cachees:?}", self.compte);
        }
    }

    /// Everything that was shown.
    pub fn vues(&self) -> impl Iterator<Item = String> {
        self.vues.values().flatten().map(|marque| (*marque).to_owned())
    }
}

/// Where a mark is, in a text.
fn autour(texte: &str, marque: &str) -> String {
    let (avant, apres) = texte.split_once(marque).unwrap_or((texte, ""));
    let fin: String = avant.chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
    format!("{fin}{marque}{}", apres.chars().take(80).collect::<String>())
}
