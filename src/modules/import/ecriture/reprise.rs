//! Rows that another application gave: known by their line, never refused for what a geometry is not.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Bilan, Ecriture, ErreurImport, Issue, Lues, Phase, Rejet, rang};
use crate::modules::import::Reprises;

impl Ecriture<'_> {
    /// Writes these rows; gives the key of each line that is written.
    pub(in crate::modules::import) async fn reprend(
        mut self,
        lues: Lues,
        reprises: Reprises,
    ) -> Result<(Bilan, Vec<Rejet>, HashMap<u64, Uuid>), ErreurImport> {
        self.reprises = true;
        self.bilan.lues = lues.total;
        self.rejets = lues.rejets;
        self.fautes = reprises.anomalies.into_iter().map(|(ligne, siennes)| (rang(ligne), siennes)).collect();
        let ordre = self.pose(lues.lignes).await?;
        let avant = self.rejets.len();
        self.par_lots(ordre.clone(), Phase::Geometries).await?;
        let mal_situees = self.rejets.split_off(avant);
        self.delaisse(mal_situees).await?;
        self.retrouve(reprises.connues).await?;
        let ecrites = self.par_lots(ordre, Phase::Fiches).await?;
        // Other objects follow in the same transaction.
        sqlx::query("drop table import_etape").execute(&mut **self.tx).await?;
        self.bilan.rejette(&self.rejets);
        self.bilan.ecrit = true;
        let cle = |ligne: i64| Some((u64::try_from(ligne).ok()?, self.lignes.get(&ligne)?.id));
        let cles = ecrites.into_iter().filter_map(cle).collect();
        Ok((self.bilan, self.rejets, cles))
    }

    /// Leaves out geometries that do not fit, and says so of their rows.
    async fn delaisse(&mut self, mal_situees: Vec<Rejet>) -> Result<(), ErreurImport> {
        let lignes: Vec<i64> = mal_situees.iter().map(|rejet| rang(rejet.ligne)).collect();
        for rejet in mal_situees {
            let motif = format!("géométrie laissée de côté : {}", rejet.motif);
            self.fautes.entry(rang(rejet.ligne)).or_default().push((String::new(), motif));
        }
        sqlx::query("update import_etape set geom = null where ligne = any ($1)")
            .bind(lignes)
            .execute(&mut **self.tx)
            .await?;
        Ok(())
    }

    /// Gives lines the row that they made before.
    async fn retrouve(&mut self, connues: HashMap<u64, Uuid>) -> Result<(), ErreurImport> {
        let (mut lignes, mut ids) = (Vec::new(), Vec::new());
        for (ligne, id) in connues {
            if let Some(connue) = self.lignes.get_mut(&rang(ligne)) {
                (connue.id, connue.nouvelle) = (id, false);
                lignes.push(rang(ligne));
                ids.push(id);
            }
        }
        sqlx::query(
            "update import_etape e set id = u.id, nouvelle = false from unnest($1::bigint[], $2::uuid[]) u (ligne, id)
            where e.ligne = u.ligne",
        )
        .bind(lignes)
        .bind(ids)
        .execute(&mut **self.tx)
        .await?;
        Ok(())
    }

    /// Adds what was found wrong in lines before they were written.
    pub(super) fn joint_fautes(&self, nouvelles: &[i64], changees: &[i64], issue: &mut Issue) {
        for ligne in nouvelles.iter().chain(changees) {
            let (Some(siennes), Some(dite)) = (self.fautes.get(ligne), self.lignes.get(ligne)) else { continue };
            issue.anomalies.extend(siennes.iter().map(|(champ, motif)| (dite.id, champ.clone(), motif.clone())));
        }
    }
}
