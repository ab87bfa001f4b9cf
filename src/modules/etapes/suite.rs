//! What a step makes besides the row.

use std::future::Future;

use uuid::Uuid;

use super::produits::charge_de;
use crate::db::TenantTx;
use crate::fichiers::Depot;
use crate::modules::documents::{Atelier, DocumentError, produire_et_joindre};
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

/// Makes the document that the manifest names, and lays it among the files of the row.
#[derive(Debug)]
pub struct DocumentDeLEtape<'a> {
    atelier: Atelier<'a>,
    depot: Depot,
}

impl<'a> DocumentDeLEtape<'a> {
    /// Documents of this workshop, whose files lie there.
    #[must_use]
    pub fn new(atelier: Atelier<'a>, depot: Depot) -> Self {
        Self { atelier, depot }
    }

    async fn produit(&self, tx: &mut TenantTx, modele: &Modele, id: Uuid, nom: &str) -> Result<(), DocumentError> {
        // A step may make rows of other objects, with their own documents.
        let objet = charge_de(&self.atelier.module.objets, modele).ok_or(DocumentError::Inconnu)?;
        let atelier = Atelier { objet, ..self.atelier };
        let document = objet.file.documents.iter().find(|un| un.id == nom).ok_or(DocumentError::Inconnu)?;
        let regard = atelier.regard(document)?;
        produire_et_joindre(&atelier, tx, &regard, id, document, &self.depot).await.map(|_| ())
    }
}

impl Suite for DocumentDeLEtape<'_> {
    async fn document(
        &self,
        tx: &mut TenantTx,
        modele: &'static Modele,
        id: Uuid,
        document: &str,
    ) -> Result<(), ObjetError> {
        match self.produit(tx, modele, id, document).await {
            Ok(()) => Ok(()),
            Err(DocumentError::Objet(cause)) => Err(cause),
            Err(cause) => Err(ObjetError::Document(cause.to_string())),
        }
    }
}
