//! What a database of openCimetière makes of rows of the module, in the order in which they are written.

use super::comptes::{Comptes, Porteur};
use crate::modules::reprise::Fiche;

/// Rows by object.
#[derive(Debug, Default)]
pub(super) struct Lot {
    pub(super) cimetieres: Vec<Fiche>,
    pub(super) secteurs: Vec<Fiche>,
    pub(super) allees: Vec<Fiche>,
    pub(super) emplacements: Vec<Fiche>,
    pub(super) personnes: Vec<Fiche>,
    pub(super) entreprises: Vec<Fiche>,
    /// Contracts by their rank: one names another of a rank before.
    pub(super) contrats: Vec<Vec<Fiche>>,
    pub(super) ayants_droit: Vec<Fiche>,
    pub(super) defunts: Vec<Fiche>,
    pub(super) operations: Vec<Fiche>,
    pub(super) sejours: Vec<Fiche>,
    pub(super) travaux: Vec<Fiche>,
    pub(super) fichiers: Vec<FichierDit>,
    pub(super) comptes: Comptes,
}

/// A file that a row names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FichierDit {
    /// « dossier:7 ».
    pub(super) provenance: String,
    /// Object and provenance of the row on which it hangs.
    pub(super) fiche: (&'static str, String),
    /// Its name, or the identifier of the store of openCimetière.
    pub(super) nom: String,
}

impl Lot {
    /// A contract, of that rank.
    pub(super) fn contrat(&mut self, rang: usize, fiche: Fiche) {
        if self.contrats.len() <= rang {
            self.contrats.resize_with(rang + 1, Vec::new);
        }
        if let Some(rangee) = self.contrats.get_mut(rang) {
            rangee.push(fiche);
        }
    }

    /// Says which row holds a row of the source.
    pub(super) fn porte(&mut self, table: &'static str, cle: &str, objet: &'static str, provenance: &str) {
        self.comptes.porte(table, cle, Porteur::Fiche(objet, provenance.to_owned()));
    }

    /// The rows of each object, in the order in which they are written: what a row names comes before it.
    pub(super) fn rangees(&mut self) -> Vec<(&'static str, Vec<Fiche>)> {
        let mut rangees = vec![
            ("cimetiere", std::mem::take(&mut self.cimetieres)),
            ("secteur", std::mem::take(&mut self.secteurs)),
            ("allee", std::mem::take(&mut self.allees)),
            ("emplacement", std::mem::take(&mut self.emplacements)),
            ("personne", std::mem::take(&mut self.personnes)),
            ("entreprise", std::mem::take(&mut self.entreprises)),
        ];
        rangees.extend(std::mem::take(&mut self.contrats).into_iter().map(|contrats| ("contrat", contrats)));
        rangees.extend([
            ("ayant_droit", std::mem::take(&mut self.ayants_droit)),
            ("defunt", std::mem::take(&mut self.defunts)),
            ("operation", std::mem::take(&mut self.operations)),
            ("sejour", std::mem::take(&mut self.sejours)),
            ("travaux", std::mem::take(&mut self.travaux)),
        ]);
        rangees
    }
}
