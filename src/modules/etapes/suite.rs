//! What a step makes besides the row.

use std::future::Future;

use uuid::Uuid;

use crate::db::TenantTx;
use crate::modules::objets::{Modele, ObjetError};

/// Makes the document of a step, in the transaction that takes it: the document sees the row as the step left it, and a
/// document that fails leaves the row as it was.
pub trait Suite: Sync {
    /// The document of that identifier, for a row of that model.
    ///
    /// # Errors
    /// It could not be made.
    fn document(
        &self,
        tx: &mut TenantTx,
        modele: &'static Modele,
        id: Uuid,
        document: &str,
    ) -> impl Future<Output = Result<(), ObjetError>> + Send;
}

/// Makes no document: steps go without theirs.
#[derive(Debug, Clone, Copy, Default)]
pub struct SansDocument;

impl Suite for SansDocument {
    async fn document(
        &self,
        _: &mut TenantTx,
        modele: &'static Modele,
        id: Uuid,
        document: &str,
    ) -> Result<(), ObjetError> {
        tracing::debug!(objet = modele.objet.nom, %id, document, "étape sans son document");
        Ok(())
    }
}
