//! Rows made together along a line: their shapes laid out in metres, shown before anything is written, undone whole.
//!
//! Shapes are computed in the conformal zone of the commune where the line begins ([`finage_plan`]), then kept in the system of
//! the database. Nothing is written half: a series is one transaction, and so is its undoing.

mod apercu;
mod demande;
mod erreur;
mod registre;

pub use apercu::{ApercuFiche, ApercuSerie, Genee};
pub use demande::{Cote, Ordre, SerieDemandee};
pub use erreur::SerieError;
pub use registre::{Serie, annuler, creer, recentes};

use crate::modules::objets::{Plume, Regard};

/// What making a series takes: the right to make rows, and the looks at what it rests on.
#[derive(Debug)]
pub struct Outils<'a> {
    /// What the manifest says of series.
    pub dite: &'a finage_manifest::Series,
    /// Fields by which an import knows a row again.
    pub cle: &'a [String],
    /// The right to make rows.
    pub plume: &'a Plume,
    /// A look at rows that are there already.
    pub regard: &'a Regard,
    /// A look at the rows that give lines.
    pub lignes: Option<&'a Regard>,
    /// A look at the rows that hold shapes.
    pub dedans: Option<&'a Regard>,
    /// System of the database.
    pub storage: u32,
}
