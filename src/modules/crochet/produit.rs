//! Rows that a step makes, as the program of a module says them.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Lecture, Pas};
use crate::db::TenantTx;
use crate::modules::objets::Modele;

/// A row to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Produit {
    /// Short name of its object, that the step's `creates` says.
    pub objet: &'static str,
    /// Its fields, as a request gives them.
    pub champs: Map<String, Value>,
    /// Rows of it, each with the field that names it.
    pub enfants: Vec<(&'static str, Self)>,
    /// The step that it takes at once, once its own rows are made.
    pub etape: Option<&'static str>,
}

impl Produit {
    /// How many rows it is, its own included.
    #[must_use]
    pub fn nombre(&self) -> usize {
        1 + self.enfants.iter().map(|(_, enfant)| enfant.nombre()).sum::<usize>()
    }
}

/// Rows that a step of a row makes; none where the module has no program.
///
/// # Errors
/// The database refused.
pub(in crate::modules) async fn produits(
    tx: &mut TenantTx,
    modele: &Modele,
    etape: &str,
    id: Uuid,
) -> sqlx::Result<Vec<Produit>> {
    let Some(crochet) = modele.crochet else { return Ok(Vec::new()) };
    crochet.programme.produce(&mut Lecture::new(tx), Pas { objet: modele.court(), etape, id }).await
}
