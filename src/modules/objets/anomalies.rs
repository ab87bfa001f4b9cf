//! Anomalies that a change ends: what a row taken over breached, and no longer does.

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::erreur::FauteChamp;
use super::saisie::VIDE;
use super::{ObjetError, Plume};
use crate::access::droits::Champ;
use crate::db::TenantTx;

/// An anomaly that lasts: its key, its field, what is wrong.
type Ouverte = (Uuid, String, String);

impl Plume {
    /// Ends the anomalies of a row in which today's rules find nothing wrong any more.
    pub(super) async fn leve_corrigees(&self, tx: &mut TenantTx, id: Uuid) -> sqlx::Result<()> {
        if self.modele().du_module().is_none() {
            return Ok(());
        }
        let ouvertes: Vec<Ouverte> = sqlx::query_as(include_str!("sql/anomalies_ouvertes.sql"))
            .bind(self.modele().objet.nom)
            .bind(id)
            .fetch_all(&mut **tx)
            .await?;
        if ouvertes.is_empty() {
            return Ok(());
        }
        let modele = self.modele();
        let champs: Vec<&'static Champ> =
            modele.objet.champs.iter().filter(|champ| ouvertes.iter().any(|(_, nom, _)| nom == champ.nom)).collect();
        let mut fautes: Vec<FauteChamp> =
            self.controle(tx, &[id], &champs).await?.into_iter().flat_map(|(_, fautes)| fautes).collect();
        fautes.extend(self.vides(tx, &[id]).await?.into_iter().map(|(_, faute)| faute));
        let levees: Vec<Uuid> = ouvertes
            .iter()
            // No rule is asked of a whole row, nor of a number that another register gave: a note alone ends those.
            .filter(|(_, champ, _)| !champ.is_empty() && modele.registre.as_ref().is_none_or(|r| r.champ != champ))
            .filter(|(_, champ, motif)| fautes.iter().all(|faute| faute.champ != *champ || faute.message != *motif))
            .map(|(anomalie, ..)| *anomalie)
            .collect();
        sqlx::query("update core.anomalie set levee_le = now(), levee_par = $2 where id = any ($1)")
            .bind(levees)
            .bind(tx.acteur().utilisateur)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Keeps a row that this pen may change until the transaction ends, locked in its state or not.
    ///
    /// # Errors
    /// It is not there, or not open.
    pub(in crate::modules) async fn tient(&self, tx: &mut TenantTx, id: Uuid) -> Result<(), ObjetError> {
        self.retient(tx, id, None, &[]).await
    }

    /// Obligatory fields of these rows that are empty: the database lets them be.
    pub(in crate::modules) async fn vides(
        &self,
        tx: &mut TenantTx,
        ids: &[Uuid],
    ) -> sqlx::Result<Vec<(Uuid, FauteChamp)>> {
        let mut requete = QueryBuilder::new("select o.id, u.champ from ");
        requete.push(self.modele().relation()).push(" o cross join lateral (values ('', false)");
        for regle in self.modele().regles.iter().filter(|regle| regle.obligatoire) {
            requete.push(", ('").push(regle.champ).push("', o.\"").push(regle.champ).push("\" is null)");
        }
        requete.push(") u (champ, vide) where u.vide and o.id = any (").push_bind(ids.to_vec()).push(")");
        let vides: Vec<(Uuid, String)> = requete.build_query_as().fetch_all(&mut **tx).await?;
        Ok(vides.into_iter().map(|(id, champ)| (id, FauteChamp::new(&champ, VIDE))).collect())
    }
}
