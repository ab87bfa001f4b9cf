//! What became of each row of the source: taken over with this row of Finage, or rejected, and why. In = out + rejected.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::OpenCimetiereError;
use super::base::Base;
use crate::modules::reprise::Sort;

/// Tables of the framework of openCimetière: its accounts, letters, maps.
const TECHNIQUES: &str = "om_";

/// What became of the rows of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CompteTable {
    /// Its name in openCimetière.
    pub table: String,
    /// Rows of the source.
    pub lues: usize,
    /// Rows that are in Finage.
    pub reprises: usize,
    /// Rows that are not, each in the rejects.
    pub rejetees: usize,
}

/// A row of the source that is not in Finage.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RejetSource {
    /// Table.
    pub table: String,
    /// Its key there, or its line where it cannot be read.
    pub cle: String,
    /// Why, in a sentence without its full stop.
    pub motif: String,
}

/// What is to become of rows of the source.
#[derive(Debug, Default)]
pub(super) struct Comptes {
    /// By table and key: the row of Finage that holds it.
    portees: Vec<(&'static str, String, Porteur)>,
    rejets: Vec<RejetSource>,
    cles: HashSet<(&'static str, String)>,
}

/// What holds a row of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Porteur {
    /// A row: object and provenance.
    Fiche(&'static str, String),
    /// A file: its provenance.
    Joint(String),
    /// Rows that name it: it is a label.
    Libelle,
}

impl Comptes {
    /// Opens a row of a table by its key; nothing, and a reject, when it has none or one that was read before.
    pub(super) fn ouvre(&mut self, table: &'static str, cle: &str) -> bool {
        let motif = if cle.is_empty() {
            "elle n'a pas de clé"
        } else if !self.cles.insert((table, cle.to_owned())) {
            "sa clé est déjà celle d'une autre ligne"
        } else {
            return true;
        };
        self.rejette(table, cle, motif);
        false
    }

    pub(super) fn porte(&mut self, table: &'static str, cle: &str, porteur: Porteur) {
        self.portees.push((table, cle.to_owned(), porteur));
    }

    pub(super) fn rejette(&mut self, table: &str, cle: &str, motif: impl Into<String>) {
        self.rejets.push(RejetSource { table: table.to_owned(), cle: cle.to_owned(), motif: motif.into() });
    }

    /// The counts of each table that is known, then the tables left out with their rows.
    ///
    /// # Errors
    /// A row was lost on the way: nothing is to be kept.
    pub(super) fn conclut(
        mut self,
        base: &Base,
        sorts: &HashMap<&'static str, HashMap<String, Sort>>,
        joints: &HashMap<String, Option<String>>,
    ) -> Result<Conclusion, OpenCimetiereError> {
        let mut tables: BTreeMap<String, CompteTable> = BTreeMap::new();
        let connues: HashSet<&str> = super::TABLES.into_iter().collect();
        for nom in base.noms().filter(|nom| connues.contains(nom)) {
            let Some(table) = base.table(nom) else { continue };
            for (ligne, motif) in &table.illisibles {
                self.rejette(nom, &format!("ligne {ligne}"), motif.clone());
            }
            tables.insert(
                nom.to_owned(),
                CompteTable { table: nom.to_owned(), lues: table.lues(), ..CompteTable::default() },
            );
        }
        for (table, cle, porteur) in std::mem::take(&mut self.portees) {
            let motif = match &porteur {
                Porteur::Libelle => None,
                Porteur::Fiche(objet, provenance) => match sorts.get(objet).and_then(|sorts| sorts.get(provenance)) {
                    Some(Sort::Rejetee(motif)) => Some(motif.clone()),
                    Some(_) => None,
                    None => Some("ce qui devait la porter n'est pas repris".to_owned()),
                },
                Porteur::Joint(provenance) => match joints.get(provenance) {
                    Some(motif) => motif.clone(),
                    None => Some("ce fichier n'est pas repris".to_owned()),
                },
            };
            match motif {
                Some(motif) => self.rejette(table, &cle, motif),
                None => tables.entry(table.to_owned()).or_default().reprises += 1,
            }
        }
        for rejet in &self.rejets {
            tables.entry(rejet.table.clone()).or_default().rejetees += 1;
        }
        if let Some(fausse) = tables.values().find(|compte| compte.lues != compte.reprises + compte.rejetees) {
            return Err(OpenCimetiereError::Comptes(fausse.clone()));
        }
        let laissees = base.noms().filter(|nom| !connues.contains(nom) && !nom.starts_with(TECHNIQUES));
        let laissees =
            laissees.filter_map(|nom| Some((nom.to_owned(), base.table(nom)?.lues()))).filter(|(_, lues)| *lues > 0);
        self.rejets.sort();
        Ok(Conclusion { tables: tables.into_values().collect(), laissees: laissees.collect(), rejets: self.rejets })
    }
}

/// What became of everything.
#[derive(Debug)]
pub(super) struct Conclusion {
    pub(super) tables: Vec<CompteTable>,
    pub(super) laissees: BTreeMap<String, usize>,
    pub(super) rejets: Vec<RejetSource>,
}
