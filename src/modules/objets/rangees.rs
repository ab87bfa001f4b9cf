//! Rows as pages show them: what they are called, some columns in words, a point where they are.

use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{Filtre, MAX_RANG, Modele, Regard, Regle};
use crate::db::TenantTx;

/// A column: a field, or a field of the row that a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colonne {
    /// The field.
    pub champ: &'static str,
    /// Of a reference: the field of the row that it names.
    pub suite: Option<&'static str>,
}

impl Modele {
    /// The column that `champ` or `reference.champ` names.
    #[must_use]
    pub fn colonne(&self, chemin: &str) -> Option<Colonne> {
        let (nom, suite) = chemin.split_once('.').map_or((chemin, None), |(nom, suite)| (nom, Some(suite)));
        let champ = self.objet.champ(nom)?.nom;
        let suite = match suite {
            None => None,
            Some(suite) => Some(self.regle(champ)?.lien?.cible()?.objet.champ(suite)?.nom),
        };
        Some(Colonne { champ, suite })
    }

    /// The model and the rule of the field that a column shows.
    #[must_use]
    pub fn montre(&'static self, colonne: Colonne) -> Option<(&'static Self, &'static Regle)> {
        match colonne.suite {
            None => Some((self, self.regle(colonne.champ)?)),
            Some(suite) => {
                let cible = self.regle(colonne.champ)?.lien?.cible()?;
                Some((cible, cible.regle(suite)?))
            }
        }
    }
}

/// A row in words.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Rangee {
    /// Key.
    pub id: Uuid,
    /// What it is called.
    pub titre: String,
    /// What each column says, in the order asked; nothing where it is empty or closed.
    pub valeurs: Vec<Option<String>>,
    /// Longitude of a point on it; none for what has no place.
    pub lon: Option<f64>,
    /// Latitude of that point.
    pub lat: Option<f64>,
}

impl Regard {
    /// Rows in words. `place` is the reference whose row has their geometry; their own unless told.
    ///
    /// # Errors
    /// The database refused.
    pub async fn rangees(
        &self,
        tx: &mut TenantTx,
        filtre: &Filtre,
        colonnes: &[Colonne],
        place: Option<&str>,
    ) -> sqlx::Result<Vec<Rangee>> {
        let mut requete = QueryBuilder::new("select o.id, ");
        self.nommeur.pousse_intitule(&mut requete);
        requete.push(" as titre, array_remove(array[null::text], null)");
        for colonne in colonnes {
            requete.push(" || array[(");
            self.nommeur.pousse_lisible(colonne.champ, colonne.suite, &mut requete);
            requete.push(")::text]");
        }
        requete.push(" as valeurs, st_x(ici.point) as lon, st_y(ici.point) as lat from ");
        // The rows of the page are found first: titles and words are made of those alone.
        requete.push("(select o.* from ").push(self.modele.relation()).push(" o");
        self.pousse_filtre(filtre, &mut requete);
        self.pousse_tri(filtre, &mut requete);
        requete.push(" limit ").push_bind(filtre.limite.max(1));
        requete.push(" offset ").push_bind(filtre.rang.clamp(0, MAX_RANG)).push(") o");
        self.nommeur.pousse_source(&mut requete);
        requete.push(" cross join lateral (select ");
        match (place, self.modele.geometrie) {
            (Some(nom), _) => self.nommeur.pousse_point(nom, &mut requete),
            (None, Some(geometrie)) => {
                requete.push("st_transform(st_pointonsurface(o.").push(geometrie.colonne).push("), 4326)");
            }
            (None, None) => {
                requete.push("null::geometry");
            }
        }
        requete.push(" as point) ici");
        self.pousse_tri(filtre, &mut requete);
        requete.build_query_as().fetch_all(&mut **tx).await
    }
}
