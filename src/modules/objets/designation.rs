//! Rows that texts name: by their key, their business key or their title, as files of other software do.

use sqlx::QueryBuilder;

use super::Regard;
use crate::db::TenantTx;

impl Regard {
    /// For each of these texts that names rows of this look, the keys `cle` of these rows: several when it is ambiguous.
    /// What names a row most surely comes first: its key, then its business key, then its title.
    ///
    /// # Errors
    /// The database refused.
    pub(in crate::modules) async fn designees(
        &self,
        tx: &mut TenantTx,
        cle: &str,
        textes: &[String],
    ) -> sqlx::Result<Vec<(String, Vec<String>)>> {
        let mut requete = QueryBuilder::new("with c as materialized (select o.id::text as id, o.\"");
        requete.push(cle).push("\"::text as cle, ");
        for (rang, nom) in self.modele().cle.iter().enumerate() {
            requete.push(if rang == 0 { "concat_ws(' ', " } else { ", " });
            self.pousse_champ(nom, &mut requete);
            requete.push("::text");
        }
        requete.push(if self.modele().cle.is_empty() { "null as metier, " } else { ") as metier, " });
        self.nommeur.pousse_intitule(&mut requete);
        requete.push(" as titre from ").push(self.modele().relation()).push(" o");
        self.nommeur.pousse_source(&mut requete);
        requete.push(" where o.archivee_le is null and ");
        self.pousse_condition(&mut requete);
        requete.push("), v as (select v from unnest(").push_bind(textes.to_vec());
        requete.push(
            "::text[]) v), m as (
                select v.v, 1 as rang, c.cle from v join c on c.id = lower(v.v)
                union all select v.v, 2, c.cle from v join c on c.cle = v.v
                union all select v.v, 3, c.cle from v join c on c.metier = v.v
                union all select v.v, 4, c.cle from v join c on lower(c.titre) = lower(v.v)
            )
            select v, array_agg(distinct cle)
            from (select m.*, min(rang) over (partition by v) as premier from m) m
            where rang = premier and cle is not null
            group by v",
        );
        requete.build_query_as().fetch_all(&mut **tx).await
    }
}

impl Regard {
    /// Adds the title of a row `o`; its source is to be among the tables.
    pub(in crate::modules) fn pousse_designation(&self, requete: &mut QueryBuilder<sqlx::Postgres>) {
        self.nommeur.pousse_intitule(requete);
    }

    /// Adds what the title of a row `o` starts from.
    pub(in crate::modules) fn pousse_source_du_titre(&self, requete: &mut QueryBuilder<sqlx::Postgres>) {
        self.nommeur.pousse_source(requete);
    }
}
