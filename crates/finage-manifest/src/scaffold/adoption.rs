//! What is asked of a scaffold.

use std::collections::{BTreeMap, BTreeSet};

/// The table of openMairie's framework that lists collectivités; tables that begin with `om_` are the framework's own.
pub const FRAMEWORK: &str = "om_collectivite";

/// Which tables, as which module, whose rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Adoption {
    /// Schema in which the tables are.
    pub schema: String,
    /// Tables taken; every one but the framework's when empty.
    pub tables: BTreeSet<String>,
    /// Identifier of the module, and the schema of its tables: they are moved there when it is another.
    pub id: String,
    /// Name of the module.
    pub label: String,
    /// System in which the database stores geometries.
    pub srid: i32,
    /// Code of the collectivité of rows that say no owner; none where the database has a single one.
    pub owner: Option<String>,
    /// Codes of collectivités, by the `om_collectivite` of their rows.
    pub owners: BTreeMap<i64, String>,
    /// Rows of `om_collectivite`: key and name.
    pub known: BTreeMap<i64, String>,
    /// Collectivités of the database.
    pub collectivites: usize,
}

impl Adoption {
    /// The code of the collectivité of rows that say no owner.
    #[must_use]
    pub fn default_owner(&self) -> Option<&str> {
        self.owner.as_deref().or_else(|| self.owners.values().next().map(String::as_str))
    }
}
