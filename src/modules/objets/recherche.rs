//! Rows found by a text, with where they are: what the search box shows of them.

use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::lecture::echappe;
use super::{Filtre, Regard};
use crate::db::TenantTx;

/// Shorter texts would find everything.
const MIN_LETTRES: usize = 2;

/// A row found.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Trouvee {
    /// Key.
    pub id: Uuid,
    /// What it is called.
    pub titre: String,
    /// Commune.
    pub insee: Option<String>,
    /// Name of the commune.
    pub commune: Option<String>,
    /// Longitude of a point on it.
    pub lon: f64,
    /// Latitude of a point on it.
    pub lat: f64,
}

/// A row of a module found, wherever it is.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Nommee {
    /// Key.
    pub id: Uuid,
    /// What it is called.
    pub titre: String,
    /// Commune.
    pub insee: Option<String>,
    /// Name of the commune.
    pub commune: Option<String>,
    /// Longitude of a point on it; none for what has no place.
    pub lon: Option<f64>,
    /// Latitude of that point.
    pub lat: Option<f64>,
}

impl Regard {
    /// Rows whose searched fields hold each word of this text, newest first, whether they have a place or not. What is
    /// personal is not searched: this look has no purpose.
    ///
    /// # Errors
    /// The database refused.
    pub async fn nommees(&self, tx: &mut TenantTx, texte: &str, limite: i64) -> sqlx::Result<Vec<Nommee>> {
        let (modele, texte) = (self.modele(), texte.trim());
        if texte.chars().count() < MIN_LETTRES || modele.cherches.is_empty() {
            return Ok(Vec::new());
        }
        let mut requete = QueryBuilder::new("select o.id, ");
        self.nommeur.pousse_intitule(&mut requete);
        requete.push(" as titre, o.insee, (select c.nom from core.commune c where c.insee = o.insee) as commune, ");
        match modele.geometrie {
            Some(geometrie) => {
                let point = format!("st_transform(st_pointonsurface(o.{}), 4326)", geometrie.colonne);
                requete.push("st_x(").push(&point).push(") as lon, st_y(").push(&point).push(") as lat");
            }
            None => {
                requete.push("null::float8 as lon, null::float8 as lat");
            }
        }
        requete.push(" from ").push(modele.relation()).push(" o");
        self.nommeur.pousse_source(&mut requete);
        self.pousse_filtre(&Filtre { q: Some(texte.to_owned()), ..Filtre::default() }, &mut requete);
        requete.push(" order by o.creee_le desc, o.id limit ").push_bind(limite);
        requete.build_query_as().fetch_all(&mut **tx).await
    }

    /// Rows whose title contains this text, those that begin with it first; none for a model without geometry.
    ///
    /// # Errors
    /// The database refused.
    pub async fn trouve(&self, tx: &mut TenantTx, texte: &str, limite: i64) -> sqlx::Result<Vec<Trouvee>> {
        let (modele, texte) = (self.modele(), texte.trim());
        let Some(geometrie) = modele.geometrie.filter(|_| texte.chars().count() >= MIN_LETTRES) else {
            return Ok(Vec::new());
        };
        let motif = echappe(texte);
        let mut requete = QueryBuilder::new("select o.id, ");
        self.pousse_champ(modele.titre, &mut requete);
        requete.push(
            " as titre, o.insee, (select c.nom from core.commune c where c.insee = o.insee) as commune,
            st_x(g) as lon, st_y(g) as lat from ",
        );
        requete.push(modele.relation()).push(" o, lateral st_transform(st_pointonsurface(o.");
        requete.push(geometrie.colonne).push("), 4326) g where ");
        self.pousse_condition(&mut requete);
        requete.push(" and o.archivee_le is null and core.cherchable");
        self.pousse_champ(modele.titre, &mut requete);
        requete.push(" like core.cherchable(").push_bind(format!("%{motif}%")).push(") order by core.cherchable");
        self.pousse_champ(modele.titre, &mut requete);
        requete.push(" like core.cherchable(").push_bind(format!("{motif}%"));
        requete.push(") desc, o.creee_le desc, o.id limit ");
        requete.push_bind(limite);
        requete.build_query_as().fetch_all(&mut **tx).await
    }
}
