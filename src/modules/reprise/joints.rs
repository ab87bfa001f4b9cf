//! Files of another application, attached to the rows that were taken over.

use std::collections::HashMap;

use uuid::Uuid;

use super::Reprise;
use crate::db::TenantTx;
use crate::modules::objets::{Modele, Nouveau, ObjetError, attache};

/// A file to attach, that lies in the store already (or would, of a trial).
#[derive(Debug, Clone)]
pub struct JointRepris {
    /// Where it comes from: « dossier:7 ».
    pub provenance: String,
    /// Provenance of the row on which it hangs.
    pub fiche: String,
    /// What it is.
    pub fichier: Nouveau,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortJoint {
    /// Attached.
    Joint,
    /// Its content is attached already.
    Deja,
}

impl Reprise {
    /// The contents attached before to rows of an object, by provenance.
    ///
    /// # Errors
    /// The database refused.
    pub async fn joints(&self, tx: &mut TenantTx, modele: &Modele) -> sqlx::Result<HashMap<String, String>> {
        let lus: Vec<(String, String)> = sqlx::query_as(
            "select provenance, empreinte from core.reprise where source = $1 and objet = $2 and etat = ''",
        )
        .bind(self.source)
        .bind(modele.objet.nom)
        .fetch_all(&mut **tx)
        .await?;
        Ok(lus.into_iter().collect())
    }

    /// Attaches a file to the row that comes from there; a content that changed is attached beside the one of before.
    ///
    /// # Errors
    /// The row was not taken over, or has as many files as it may; the database refused.
    pub async fn joint(
        &self,
        tx: &mut TenantTx,
        modele: &Modele,
        deja: &HashMap<String, String>,
        joint: &JointRepris,
    ) -> Result<SortJoint, ObjetError> {
        let empreinte = joint.fichier.empreinte.texte();
        if deja.get(&joint.provenance) == Some(&empreinte) {
            return Ok(SortJoint::Deja);
        }
        let fiche: Uuid = self.cle(modele.objet.nom, &joint.fiche).ok_or(ObjetError::Absente)?;
        let cle = attache(tx, modele, fiche, &joint.fichier).await?;
        sqlx::query(
            "insert into core.reprise as r (collectivite, source, objet, provenance, cle, empreinte)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (collectivite, source, objet, provenance) do update
                set cle = excluded.cle, empreinte = excluded.empreinte, reprise_le = now()",
        )
        .bind(self.collectivite.id)
        .bind(self.source)
        .bind(modele.objet.nom)
        .bind(&joint.provenance)
        .bind(cle)
        .bind(&empreinte)
        .execute(&mut **tx)
        .await?;
        Ok(SortJoint::Joint)
    }
}
