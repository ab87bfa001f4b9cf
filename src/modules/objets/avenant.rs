//! The lock of a state, and amendments: the dated, reasoned change of what is locked.

use serde_json::json;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{ObjetError, Plume, Saisie};
use crate::access::journal::{self, Auteur, Fait};
use crate::db::TenantTx;

/// Longest reason, characters.
const MAX_MOTIF: usize = 2_000;

impl Plume {
    /// # Errors
    /// The row is locked in its state.
    pub(super) async fn libre(&self, tx: &mut TenantTx, id: Uuid) -> Result<(), ObjetError> {
        if self.verrouillee(tx, id).await? { Err(ObjetError::Verrouillee) } else { Ok(()) }
    }

    /// Whether the state of a row locks it.
    async fn verrouillee(&self, tx: &mut TenantTx, id: Uuid) -> sqlx::Result<bool> {
        let Some(etats) = self.modele().etats.filter(|etats| !etats.verrouilles.is_empty()) else { return Ok(false) };
        let verrouilles: Vec<String> = etats.verrouilles.iter().map(|etat| (*etat).to_owned()).collect();
        let mut requete = QueryBuilder::new("select exists (select from ");
        requete.push(self.modele().relation()).push(" o where o.id = ").push_bind(id).push(" and o.\"");
        requete.push(etats.champ).push("\"::text = any (").push_bind(verrouilles).push("))");
        requete.build_query_scalar().fetch_one(&mut **tx).await
    }

    /// Changes a locked row whose version is `version`, for a reason that its history keeps.
    ///
    /// # Errors
    /// There is none, it is not open, it is not locked, someone changed it before, a field or value is refused, nothing
    /// changes, or no reason is given.
    pub async fn amender(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        version: i32,
        saisie: &Saisie<'_>,
        motif: &str,
        storage: u32,
    ) -> Result<(), ObjetError> {
        let motif = motif_lu(motif).ok_or(ObjetError::AvenantVide)?;
        let ecrit = self.lue(saisie, storage)?;
        self.retient(tx, id, Some(version), &ecrit.0).await?;
        if !self.verrouillee(tx, id).await? {
            return Err(ObjetError::SansVerrou);
        }
        verrou(tx, true).await?;
        self.change(tx, id, ecrit, saisie.insee).await?;
        verrou(tx, false).await?;
        let objet = self.modele().objet.nom;
        let mut requete = QueryBuilder::new(
            "insert into core.avenant (collectivite, insee, objet, cle, motif, rang) select o.collectivite, o.insee, ",
        );
        requete.push_bind(objet).push(", o.id, ").push_bind(motif.clone()).push(", h.id from ");
        requete
            .push(self.modele().relation())
            .push(" o cross join lateral (select max(h.id) as id from core.historique h ");
        requete.push("where h.objet = ").push_bind(objet).push(" and h.cle = o.id::text ");
        requete.push("and h.transaction = pg_current_xact_id() and h.avant - 'version' is distinct from h.apres - 'version') h where o.id = ").push_bind(id);
        requete.push(" and h.id is not null");
        if requete.build().execute(&mut **tx).await?.rows_affected() == 0 {
            return Err(ObjetError::AvenantVide);
        }
        let (auteur, cle) = (Auteur::from(tx.acteur()), id.to_string());
        let details = json!({ "motif": motif });
        let fait = Fait { action: "amender", objet, cle: Some(&cle), details: &details };
        Ok(journal::acte(tx, &auteur, &fait).await?)
    }
}

/// A reason that may be kept; `None` for an empty or an endless one.
pub(in crate::modules) fn motif_lu(motif: &str) -> Option<String> {
    let motif = motif.trim();
    (!motif.is_empty() && motif.chars().count() <= MAX_MOTIF && !motif.contains('\0')).then(|| motif.to_owned())
}

/// Opens the lock of states to this transaction's next statement, or closes it again.
pub(super) async fn verrou(tx: &mut TenantTx, ouvert: bool) -> sqlx::Result<()> {
    sqlx::query("select set_config('finage.verrou', $1, true)")
        .bind(if ouvert { "ouvert" } else { "" })
        .execute(&mut **tx)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something_and_is_not_endless() {
        assert_eq!(motif_lu(" Erreur de plume ").as_deref(), Some("Erreur de plume"));
        for mauvais in ["", " \n", "a\0b", &"x".repeat(2_001)] {
            assert_eq!(motif_lu(mauvais), None);
        }
    }
}
