//! A first module made from tables that are already there: what their catalogue says, written as a folder.
//!
//! The conventions of openMairie are known: a primary key named as its table, `libelle` or the second column as the title,
//! `om_collectivite` for the owner, `om_validite_debut` and `om_validite_fin` for the validity, `_om_html` at the end of what
//! is formatted. Nothing is dropped: the migration only adds what the engine needs, beside what is there.

mod adoption;
mod migration;
mod object;
mod plan;
mod toml;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use thiserror::Error;

use crate::module::{RESERVED, identifier_rule, is_identifier};
use crate::{Catalogue, ENGINE, MAX_OBJECTS};

pub use adoption::{Adoption, FRAMEWORK};
use plan::{Plan, plan};
use toml::quoted;

/// A module's folder, not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scaffold {
    /// Files, by their path from the folder.
    pub files: BTreeMap<String, String>,
    /// What was left aside, or deserves a look: French sentences.
    pub notes: Vec<String>,
}

/// Why no module can be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScaffoldError {
    /// Its identifier is none.
    #[error("« {0} » ne peut pas être l'identifiant d'un module ; donnez-en un par --id : {rule}", rule = identifier_rule(31))]
    Id(String),
    /// No table is left.
    #[error("aucune table de « {0} » ne peut devenir un objet")]
    Nothing(String),
    /// Too many tables.
    #[error("{0} tables : un module a {MAX_OBJECTS} objets au plus, nommez celles qui en seront")]
    Many(usize),
    /// A table that is not there.
    #[error("la table « {0} » n'existe pas")]
    Absent(String),
    /// Rows of several collectivités, and no word of which.
    #[error("des lignes appartiennent à om_collectivite {0} : dites à qui, par --collectivites {1}")]
    Owners(String, String),
}

/// Makes a module of tables.
///
/// # Errors
/// An identifier that is none, tables that are not there, too many of them, or rows whose owner nobody said.
pub fn scaffold(catalogue: &Catalogue, adoption: &Adoption) -> Result<Scaffold, ScaffoldError> {
    if !is_identifier(&adoption.id, 31) || RESERVED.contains(&adoption.id.as_str()) {
        return Err(ScaffoldError::Id(adoption.id.clone()));
    }
    let mut plan = plan(catalogue, adoption)?;
    if adoption.collectivites > 1 && adoption.default_owner().is_none() {
        plan.notes.push(
            "la base a plusieurs collectivités : sans --collectivite, seules des tables vides s'installent".to_owned(),
        );
    }
    let mut files = BTreeMap::new();
    files.insert("module.toml".to_owned(), module_file(adoption, &plan));
    files.insert("migrations/0001_reprise.sql".to_owned(), migration::migration(adoption, &plan));
    for table in &plan.tables {
        files.insert(format!("objects/{}.toml", table.name), object::object_file(adoption, &plan, table));
    }
    Ok(Scaffold { files, notes: plan.notes })
}

/// Objects of the menu: those that people work on, then those that they choose from.
fn module_file(adoption: &Adoption, plan: &Plan<'_>) -> String {
    let label = quoted(&adoption.label);
    let mut text = format!(
        "#:schema ./.schemas/module.schema.json\nengine = {ENGINE}\nid = {}\nversion = \"1.0.0\"\nlabel = {label}\n",
        quoted(&adoption.id)
    );
    let _ = write!(text, "\n[roles.agent]\nlabel = {}\n", quoted(&format!("{} : agent", adoption.label)));
    let _ = write!(text, "\n[roles.lecteur]\nlabel = {}\n", quoted(&format!("{} : consultation", adoption.label)));
    let mut seen = BTreeSet::new();
    for lookup in [false, true] {
        for table in plan.tables.iter().filter(|table| table.lookup == lookup && seen.insert(&table.name)) {
            let _ = write!(text, "\n[[menu]]\nobject = {}\n", quoted(&table.name));
        }
    }
    for table in plan.tables.iter().filter(|table| !table.lookup).take(6) {
        let (_, plural) = table.labels();
        let _ = write!(
            text,
            "\n[[dashboard]]\nkind = \"count\"\nobject = {}\nlabel = {}\n",
            quoted(&table.name),
            quoted(&plural)
        );
    }
    text
}
