//! What a take-over did, or would do.

use std::collections::BTreeMap;

use serde::Serialize;

use super::comptes::{CompteTable, RejetSource};
use crate::modules::import::enregistre;
use crate::modules::reprise::{Faite, Sort};

/// What a take-over did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BilanReprise {
    /// Whether it was kept.
    pub ecrit: bool,
    /// By table of the source: lues = reprises + rejetees.
    pub tables: Vec<CompteTable>,
    /// By object of the module.
    pub objets: Vec<CompteObjet>,
    /// Files attached, and those that were already.
    pub fichiers: [usize; 2],
    /// Tables that are not taken over, with their rows.
    pub laissees: BTreeMap<String, usize>,
    /// Rows that Finage keeps as an agent left them, files that are not found, rows that left the source.
    pub ecarts: Vec<Ecart>,
    /// Rows of the source that are not in Finage.
    pub rejets: Vec<RejetSource>,
}

/// What became of the rows of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CompteObjet {
    /// Its name.
    pub objet: String,
    /// Rows made.
    pub creees: usize,
    /// Rows changed.
    pub changees: usize,
    /// Rows that say the same.
    pub inchangees: usize,
    /// Rows that an agent changed since.
    pub gardees: usize,
    /// Rows refused.
    pub rejetees: usize,
    /// Anomalies found.
    pub anomalies: usize,
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ecart {
    /// « defunt:12 ».
    pub provenance: String,
    /// What it is, in a sentence without its full stop.
    pub motif: String,
}

impl CompteObjet {
    pub(super) fn ajoute(&mut self, faite: &Faite) {
        self.anomalies += faite.bilan.anomalies;
        for sort in faite.sorts.values() {
            match sort {
                Sort::Creee => self.creees += 1,
                Sort::Changee => self.changees += 1,
                Sort::Inchangee => self.inchangees += 1,
                Sort::Gardee(_) => self.gardees += 1,
                Sort::Rejetee(_) => self.rejetees += 1,
            }
        }
    }
}

impl BilanReprise {
    /// Whether something was made or changed.
    #[must_use]
    pub fn a_change(&self) -> bool {
        self.fichiers[0] > 0 || self.objets.iter().any(|objet| objet.creees + objet.changees > 0)
    }

    /// The rejects and what is to be looked at, as a CSV in UTF-8, `;` between columns.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        let mut sortie = "\u{feff}".to_owned();
        enregistre(&mut sortie, ["genre", "table", "clé", "motif"].into_iter());
        for rejet in &self.rejets {
            enregistre(&mut sortie, ["rejet", &rejet.table, &rejet.cle, &rejet.motif].into_iter());
        }
        for ecart in &self.ecarts {
            let (table, cle) = ecart.provenance.split_once(':').unwrap_or(("", &ecart.provenance));
            enregistre(&mut sortie, ["écart", table, cle, &ecart.motif].into_iter());
        }
        sortie.into_bytes()
    }

    /// The whole, for people.
    #[must_use]
    pub fn texte(&self) -> String {
        let titre = match (self.ecrit, self.a_change()) {
            (true, true) => "Reprise faite.",
            (true, false) => "Reprise faite : rien n'a changé.",
            (false, _) => "Essai à blanc : rien n'est écrit.",
        };
        let mut lignes =
            vec![titre.to_owned(), format!("{:<22}{:>9}{:>10}{:>10}", "table", "lues", "reprises", "rejetées")];
        let compte = |un: &CompteTable| format!("{:<22}{:>9}{:>10}{:>10}", un.table, un.lues, un.reprises, un.rejetees);
        lignes.extend(self.tables.iter().map(compte));
        lignes.push(String::new());
        lignes.push(format!(
            "{:<22}{:>9}{:>10}{:>12}{:>10}{:>10}{:>11}",
            "fiches", "créées", "changées", "inchangées", "gardées", "rejetées", "anomalies"
        ));
        lignes.extend(self.objets.iter().map(|un| {
            format!(
                "{:<22}{:>9}{:>10}{:>12}{:>10}{:>10}{:>11}",
                un.objet, un.creees, un.changees, un.inchangees, un.gardees, un.rejetees, un.anomalies
            )
        }));
        lignes.push(String::new());
        lignes.push(format!("Fichiers joints : {}, déjà joints : {}.", self.fichiers[0], self.fichiers[1]));
        if !self.laissees.is_empty() {
            let dites: Vec<String> = self.laissees.iter().map(|(nom, lues)| format!("{nom} ({lues})")).collect();
            lignes.push(format!("Tables laissées de côté : {}.", dites.join(", ")));
        }
        let (rejets, ecarts) = (self.rejets.len(), self.ecarts.len());
        if rejets + ecarts > 0 {
            lignes.push(format!("{rejets} lignes rejetées, {ecarts} écarts à regarder :"));
            let rejets = self.rejets.iter().map(|un| format!("  {} {} : {}", un.table, un.cle, un.motif));
            let ecarts = self.ecarts.iter().map(|un| format!("  {} : {}", un.provenance, un.motif));
            lignes.extend(rejets.chain(ecarts).take(MAX_DITS));
            if self.rejets.len() + self.ecarts.len() > MAX_DITS {
                lignes.push("  … la suite par --rejets FICHIER".to_owned());
            }
        }
        lignes.join("\n")
    }
}

/// Rejects and gaps told in a text.
const MAX_DITS: usize = 50;
