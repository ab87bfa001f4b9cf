//! What a row's geometry meets: rows of every other object that are open to who asks.

use serde::Serialize;
use sqlx::{FromRow, Postgres, QueryBuilder};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Regard;
use crate::db::TenantTx;

/// Rows named of each object at most; the rest is counted.
const MAX_NOMMEES: i64 = 20;
/// Rows counted at most.
const MAX_COMPTEES: i64 = 1_000;

/// A row that is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Rencontree {
    /// Key.
    pub id: Uuid,
    /// What it is called.
    pub titre: String,
}

/// Rows of an object that are met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Croisement {
    /// Its module; none for an object of the core.
    pub module: Option<&'static str>,
    /// Object.
    pub objet: &'static str,
    /// Name shown, plural.
    pub libelle: &'static str,
    /// The first of them.
    pub fiches: Vec<Rencontree>,
    /// How many; a thousand is at least a thousand.
    pub total: i64,
}

/// A parcel that is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct ParcelleRencontree {
    /// Identifier.
    pub idu: String,
    /// Section and number.
    pub reference: String,
}

impl Regard {
    /// Rows of this look that meet the row `id` of `source`, which was found open.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn croise(&self, tx: &mut TenantTx, source: &Self, id: Uuid) -> sqlx::Result<Option<Croisement>> {
        let Some(mienne) = self.modele().geometrie else { return Ok(None) };
        let pousse = |requete: &mut QueryBuilder<Postgres>| {
            requete.push(" from ").push(self.modele().relation()).push(" o");
            self.nommeur.pousse_source(requete);
            requete.push(" cross join ");
            source.pousse_forme(id, requete);
            requete
                .push(" s where st_intersects(o.")
                .push(mienne.colonne)
                .push(", s.forme) and not (s.liee and st_touches(o.");
            requete.push(mienne.colonne).push(", s.forme)) and o.archivee_le is null and o.id <> ");
            requete.push_bind(id).push(" and ");
            self.pousse_condition(requete);
        };
        let mut requete = QueryBuilder::new("select o.id, ");
        self.nommeur.pousse_intitule(&mut requete);
        requete.push(" as titre");
        pousse(&mut requete);
        requete.push(" order by titre, o.id limit ").push_bind(MAX_NOMMEES);
        let fiches: Vec<Rencontree> = requete.build_query_as().fetch_all(&mut **tx).await?;
        if fiches.is_empty() {
            return Ok(None);
        }
        let mut requete = QueryBuilder::new("select count(*) from (select 1");
        pousse(&mut requete);
        requete.push(" limit ").push_bind(MAX_COMPTEES).push(") c");
        let total = requete.build_query_scalar().fetch_one(&mut **tx).await?;
        let modele = self.modele();
        let (module, objet) =
            modele.du_module().map_or((None, modele.objet.nom), |(module, objet)| (Some(module), objet));
        Ok(Some(Croisement { module, objet, libelle: modele.pluriel, fiches, total }))
    }

    /// Adds, in parentheses, the shape of the row `id` and whether it is that of what it is linked to: its own, else its
    /// links'. What only touches a linked shape is beside it.
    fn pousse_forme(&self, id: Uuid, requete: &mut QueryBuilder<Postgres>) {
        requete.push("(select coalesce(f.propre, f.liens) as forme, f.propre is null as liee from (select ");
        match self.modele().geometrie {
            Some(geometrie) => requete.push("x.").push(geometrie.colonne),
            None => requete.push("null::geometry"),
        };
        requete.push(
            " as propre, (select st_union(coalesce(core.entite(r.couche, r.cle_entite), r.geom_au_lien))
            from core.rattachement r where r.valide_au is null and r.archivee_le is null and r.cle = x.id and r.objet = ",
        );
        requete.push_bind(self.modele().objet.nom).push(") as liens from ").push(self.modele().relation());
        requete.push(" x where x.id = ").push_bind(id).push(") f)");
    }

    /// Parcels that the row `id` meets.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn parcelles(&self, tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Vec<ParcelleRencontree>> {
        let mut requete = QueryBuilder::new(
            "select p.idu, ltrim(p.section, '0') || ' ' || p.numero as reference from (select o.id from ",
        );
        requete.push(self.modele().relation()).push(" o where o.id = ").push_bind(id).push(" and ");
        self.pousse_condition(&mut requete);
        requete.push(") f cross join ");
        self.pousse_forme(id, &mut requete);
        requete.push(" s join cadastre.parcelle p on st_intersects(p.geom, s.forme) and not (s.liee and st_touches(p.geom, s.forme))");
        requete.push(" order by p.idu limit ").push_bind(MAX_NOMMEES);
        requete.build_query_as().fetch_all(&mut **tx).await
    }
}
