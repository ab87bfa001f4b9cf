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
    let Some(crochet) = modele.crochet else { return Ok(Vec::new()) };
    let mut manquements = crochet.programme.judge(&mut Lecture::new(tx), acte).await?;
    if !manquements.is_empty() {
        // Passed over once, a rule that says the same is not asked again.
        let passees: Vec<(Uuid, String, String)> =
            sqlx::query_as("select cle, regle, message from core.derogation where objet = $1 and cle = any ($2)")
                .bind(modele.objet.nom)
                .bind(acte.ids)
                .fetch_all(&mut **tx)
                .await?;
        manquements.retain(|(id, un)| {
            !passees.iter().any(|(cle, regle, message)| cle == id && *regle == un.regle && *message == un.message)
        });
    }
    Ok(manquements)
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
        let acteur = *tx.acteur();
        let (auteur, cle) = (Auteur::from(tx.acteur()), id.to_string());
        for un in &manquements {
            sqlx::query(
                "insert into core.derogation (collectivite, objet, cle, regle, article, message, motif, utilisateur)
                values ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(acteur.collectivite)
            .bind(modele.objet.nom)
            .bind(id)
            .bind(&un.regle)
            .bind(&un.article)
            .bind(&un.message)
            .bind(&self.motif)
            .bind(acteur.utilisateur)
            .execute(&mut **tx)
            .await?;
        }
        let regles: Vec<_> = manquements
            .iter()
            .map(|un| json!({ "regle": un.regle, "article": un.article, "message": un.message }))
            .collect();
        let details = json!({ "motif": self.motif, "regles": regles });
        let fait = Fait { action: "passer_outre", objet: modele.objet.nom, cle: Some(&cle), details: &details };
        Ok(journal::acte(tx, &auteur, &fait).await?)
    }
}
