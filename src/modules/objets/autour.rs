//! What lies around a row, as a small plan draws it: paths in metres, the row in the middle, north up.

use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{Couche, Regard};
use crate::db::TenantTx;

/// Shapes of a layer drawn at most: what a plan of a few tens of metres holds.
const MAX_TRAITS: i64 = 600;

/// A shape of the plan.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Trait {
    /// Path of SVG: metres from the middle, y down.
    pub d: String,
    /// Whether it is the row in the middle.
    pub sujet: bool,
    /// What is written on it.
    pub nom: Option<String>,
    /// Where, metres from the middle, to the east.
    pub x: f64,
    /// Where, metres from the middle, down.
    pub y: f64,
}

impl Regard {
    /// The shapes of this layer within `rayon` metres of the row `sujet` of `milieu`, open to this look.
    ///
    /// # Errors
    /// The database refused.
    pub async fn autour(
        &self,
        tx: &mut TenantTx,
        couche: &Couche,
        (milieu, sujet): (&Self, Uuid),
        rayon: f64,
    ) -> sqlx::Result<Vec<Trait>> {
        let (Some(ici), Some(la)) = (self.modele.geometrie, milieu.modele.geometrie) else { return Ok(Vec::new()) };
        let mut requete = QueryBuilder::new("with m as (select st_pointonsurface(o.");
        requete.push(la.colonne).push(") as le_milieu from ").push(milieu.modele.relation()).push(" o where o.id = ");
        requete.push_bind(sujet).push(" and ");
        milieu.pousse_condition(&mut requete);
        requete
            .push("), b as (select le_milieu, st_expand(le_milieu, ")
            .push_bind(rayon)
            .push(") as le_cadre from m) ");
        requete.push("select st_assvg(f.g, 0, 2) as d, f.sujet, f.nom, st_x(f.q) as x, -st_y(f.q) as y from (");
        requete.push("select st_translate(c.g, -st_x(b.le_milieu), -st_y(b.le_milieu)) as g, c.sujet, c.nom,");
        requete.push(
            " st_translate(case when st_dimension(c.g) = 1 then st_centroid(c.g) else st_pointonsurface(c.g) end,
            -st_x(b.le_milieu), -st_y(b.le_milieu)) as q from b, lateral (",
        );
        requete.push("select st_clipbybox2d(case when st_dimension(o.").push(ici.colonne);
        requete.push(") = 0 then st_buffer(o.").push(ici.colonne).push(", 0.6, 2) else o.").push(ici.colonne);
        requete.push(" end, b.le_cadre) as g, o.id = ").push_bind(sujet).push(" as sujet, ");
        // What stands around is named where it is a line or a point: the name of an extent would cover what it holds.
        let nomme = std::ptr::eq(self.modele, milieu.modele) || !ici.genre.contains("Polygon");
        match couche.nom_ecrit().filter(|_| nomme) {
            Some(nom) => self.nommeur.pousse_lisible(nom, None, &mut requete),
            None => {
                requete.push("null");
            }
        }
        requete.push("::text as nom from ").push(self.modele.relation()).push(" o");
        self.nommeur.pousse_source(&mut requete);
        requete.push(" where o.").push(ici.colonne).push(" && b.le_cadre and o.archivee_le is null and ");
        self.pousse_condition(&mut requete);
        requete.push(" order by o.id limit ").push_bind(MAX_TRAITS);
        requete.push(") c where not st_isempty(c.g)) f");
        requete.build_query_as().fetch_all(&mut **tx).await
    }
}
