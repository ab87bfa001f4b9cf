//! Programs of rich domains: rules of law that a manifest cannot say, and fields computed from several rows.
//!
//! A program sees rows by its own statements, in the transaction of who acts, and gives values back, or rows to make with a
//! step: it writes nothing. The
//! engine asks it after each write, whatever made it (a form, a step, an import), before the transaction ends.

mod connus;
mod jugement;
mod produit;
mod recalcul;

use std::fmt;
use std::sync::OnceLock;

use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Postgres};
use time::Date;
use utoipa::ToSchema;
use uuid::Uuid;

pub use connus::connus;
pub use jugement::Outre;
pub(in crate::modules) use jugement::juge;
pub use produit::Produit;
pub(in crate::modules) use produit::produits;
pub use recalcul::{recalcule, recalcule_tout};

use super::objets::Modele;
use crate::db::TenantTx;

/// Values that a program gives: by row, by the name that follows `hook:`.
pub type Calculees = Vec<(Uuid, Map<String, Value>)>;

/// The program of a module; every method has a default.
pub trait ModuleHook: fmt::Debug + Send + Sync {
    /// Identifier of its module.
    fn module(&self) -> &'static str;

    /// Fields that it computes: object, and the names that follow `hook:` in its manifest.
    fn computes(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[]
    }

    /// Rules that rows break, now that they are written.
    ///
    /// # Errors
    /// The database refused.
    fn judge<'a>(
        &'a self,
        lecture: &'a mut Lecture<'_>,
        acte: &'a Acte<'_>,
    ) -> BoxFuture<'a, sqlx::Result<Vec<(Uuid, Manquement)>>> {
        let _ = (lecture, acte);
        Box::pin(async { Ok(Vec::new()) })
    }

    /// The values of the fields of these rows that it computes: by row, by the name that follows `hook:`.
    ///
    /// # Errors
    /// The database refused.
    fn compute<'a>(
        &'a self,
        lecture: &'a mut Lecture<'_>,
        objet: &'a str,
        ids: &'a [Uuid],
    ) -> BoxFuture<'a, sqlx::Result<Calculees>> {
        let _ = (lecture, objet, ids);
        Box::pin(async { Ok(Vec::new()) })
    }

    /// The rows that a step makes with this one, now that it is taken: the engine writes them, under the rights of who takes it.
    ///
    /// # Errors
    /// The database refused.
    fn produce<'a>(&'a self, lecture: &'a mut Lecture<'_>, pas: Pas<'a>) -> BoxFuture<'a, sqlx::Result<Vec<Produit>>> {
        let _ = (lecture, pas);
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// A step that a row takes.
#[derive(Debug, Clone, Copy)]
pub struct Pas<'a> {
    /// Short name of its object.
    pub objet: &'a str,
    /// The step.
    pub etape: &'a str,
    /// The row.
    pub id: Uuid,
}

/// What was done to rows.
#[derive(Debug, Clone, Copy)]
pub struct Acte<'a> {
    /// Short name of their object.
    pub objet: &'a str,
    /// What was done.
    pub geste: Geste<'a>,
    /// The rows.
    pub ids: &'a [Uuid],
    /// Fields that were written.
    pub champs: &'a [&'static str],
}

/// What may be done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Geste<'a> {
    /// Made.
    Creer,
    /// Made by a step of another row.
    Produire,
    /// Changed.
    Changer,
    /// Taken through this step.
    Franchir(&'a str),
    /// Archived, or put back.
    Ranger,
    /// Brought by a file.
    Importer,
}

/// A rule that a row breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Manquement {
    /// Code of the rule.
    pub regle: String,
    /// Article that says it.
    pub article: String,
    /// What it asks, and what the row has, in a sentence.
    pub message: String,
    /// First day on which the row would not break it, where a day would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub le: Option<Date>,
    /// Whether who holds that right may pass over it, for a reason that the journal keeps.
    pub passable: bool,
}

/// What a program reads: its own statements, on rows that the transaction of who acts may see.
#[derive(Debug)]
pub struct Lecture<'a> {
    tx: &'a mut TenantTx,
}

impl<'a> Lecture<'a> {
    pub(super) fn new(tx: &'a mut TenantTx) -> Self {
        Self { tx }
    }

    /// Rows of a statement whose `$1` is an array of keys.
    ///
    /// # Errors
    /// The database refused, or a row is not of that shape.
    pub async fn lignes<T>(&mut self, sql: &'static str, ids: &[Uuid]) -> sqlx::Result<Vec<T>>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        sqlx::query_as::<Postgres, T>(sql).bind(ids.to_vec()).fetch_all(&mut **self.tx).await
    }

    /// The day where these rows are: that of the first of the country's time zones when they say nothing.
    ///
    /// # Errors
    /// The database refused.
    pub async fn jour(&mut self, insee: Option<&str>) -> sqlx::Result<Date> {
        sqlx::query_scalar("select core.jour($1)").bind(insee.unwrap_or_default()).fetch_one(&mut **self.tx).await
    }
}

/// The program of a module, as its objects hold it.
#[derive(Debug)]
pub struct Crochet {
    programme: &'static dyn ModuleHook,
    modeles: OnceLock<Vec<&'static Modele>>,
}

impl Crochet {
    /// The program of a module, where it has one; its models are told once they are made.
    #[must_use]
    pub fn de(module: &str) -> Option<Self> {
        let programme = connus().iter().find(|programme| programme.module() == module)?;
        Some(Self { programme: *programme, modeles: OnceLock::new() })
    }

    /// Tells it the models of its module; once.
    pub fn noue(&self, modeles: Vec<&'static Modele>) {
        let _ = self.modeles.set(modeles);
    }

    fn modele(&self, nom: &str) -> Option<&'static Modele> {
        self.modeles.get()?.iter().copied().find(|modele| modele.objet.nom == nom)
    }
}
