//! What a program says against a write, and what may be passed over.

use serde_json::json;
use uuid::Uuid;

use super::{Acte, Lecture, Manquement};
use crate::access::droits::{Action, Droit};
use crate::access::identite::Identite;
use crate::access::journal::{self, Auteur, Fait};
use crate::db::TenantTx;
use crate::modules::objets::{Modele, ObjetError, motif_lu};

/// Rules that rows break; none where the module has no program.
///
/// # Errors
/// The database refused.
pub(in crate::modules) async fn juge(
    tx: &mut TenantTx,
    modele: &Modele,
    acte: &Acte<'_>,
) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    match modele.crochet {
        Some(crochet) => crochet.programme.judge(&mut Lecture::new(tx), acte).await,
        None => Ok(Vec::new()),
    }
}

/// A reason to pass over rules, of an account that may.
#[derive(Debug, Clone)]
pub struct Outre {
    motif: String,
    droit: Droit,
}

impl Outre {
    /// The right of `qui` to pass over rules of this model, for this reason: 1 to 2,000 characters.
    ///
    /// # Errors
    /// The right was not given; the reason is empty or endless.
    pub fn new(qui: &Identite, modele: &Modele, motif: &str) -> Result<Self, ObjetError> {
        let droit = qui.droit(modele.objet, Action::PasserOutre)?;
        let motif = motif_lu(motif).ok_or_else(|| ObjetError::Valeur {
            champ: "passer_outre",
            attendu: "dites pourquoi, en 1 à 2 000 caractères".to_owned(),
        })?;
        Ok(Self { motif, droit })
    }

    /// Passes over what a row breaks, and says it in the journal.
    ///
    /// # Errors
    /// One of them cannot be passed over, or not on this row; the journal refused.
    pub(in crate::modules) async fn passe(
        &self,
        tx: &mut TenantTx,
        modele: &Modele,
        id: Uuid,
        manquements: Vec<Manquement>,
    ) -> Result<(), ObjetError> {
        if manquements.iter().any(|manquement| !manquement.passable) {
            return Err(ObjetError::Manquements(manquements));
        }
        if !self.droit.ouvre_ligne(tx, modele.relation, id).await? {
            return Err(ObjetError::Fermee);
        }
        let (auteur, cle) = (Auteur::from(tx.acteur()), id.to_string());
        let regles: Vec<_> = manquements
            .iter()
            .map(|un| json!({ "regle": un.regle, "article": un.article, "message": un.message }))
            .collect();
        let details = json!({ "motif": self.motif, "regles": regles });
        let fait = Fait { action: "passer_outre", objet: modele.objet.nom, cle: Some(&cle), details: &details };
        Ok(journal::acte(tx, &auteur, &fait).await?)
    }
}
