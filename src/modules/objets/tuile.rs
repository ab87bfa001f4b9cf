//! Rows in a tile: the layer of a model, under the right of who asks.

use sqlx::{Postgres, QueryBuilder};

use super::{ANNOTATION, Filtre, Modele, Nature, Regard};
use crate::access::droits::Champ;
use crate::db::TenantTx;

/// A layer of rows that belong to collectivités: known to those who may read them, unknown to others.
#[derive(Debug)]
pub struct Couche {
    /// Identifier, beside those of the open layers.
    pub id: &'static str,
    /// Name shown.
    pub libelle: &'static str,
    /// What it draws.
    pub modele: &'static Modele,
    /// Lowest zoom with features.
    pub zoom_min: u8,
    /// Fields published: of level 0 alone, whatever the account may see elsewhere.
    pub publies: &'static [&'static str],
    /// Fields published to the public, on the rows that it may read; nothing is drawn for it where there are none.
    pub publics: &'static [&'static str],
}

/// Properties of features.
#[derive(Debug, Clone)]
pub struct Proprietes {
    /// With the key of the row, as `id`.
    pub cle: bool,
    /// Fields.
    pub champs: Vec<&'static Champ>,
}

/// The layers of the core of that kind.
pub static COUCHES: [Couche; 1] = [Couche {
    id: "annotations",
    libelle: "Annotations",
    modele: &ANNOTATION,
    zoom_min: 10,
    publies: &["titre", "categorie"],
    publics: &[],
}];

impl Couche {
    /// The layer of the core of that id.
    #[must_use]
    pub fn de(id: &str) -> Option<&'static Self> {
        COUCHES.iter().find(|couche| couche.id == id)
    }

    /// Fields published that are open on some row at least.
    pub fn champs<'a>(&'a self, regard: &'a Regard) -> impl Iterator<Item = &'static Champ> + 'a {
        let publies = if regard.est_public() { self.publics } else { self.publies };
        regard.champs().filter(move |champ| champ.niveau == 0 && publies.contains(&champ.nom))
    }

    /// Whether a field is published, to some at least.
    #[must_use]
    pub fn publie(&self, champ: &str) -> bool {
        self.publies.contains(&champ) || self.publics.contains(&champ)
    }

    /// The field that plans write on its rows: the first text that is published to all.
    pub(super) fn nom_ecrit(&self) -> Option<&'static str> {
        let texte = |nom: &&'static str| self.modele.regle(nom).is_some_and(|regle| regle.nature == Nature::Texte);
        self.publics.iter().copied().find(texte)
    }

    /// The properties that `regard` opens, of those that `voulue` wants.
    #[must_use]
    pub fn proprietes(&self, regard: &Regard, voulue: impl Fn(&str) -> bool) -> Proprietes {
        Proprietes { cle: voulue("id"), champs: self.champs(regard).filter(|champ| voulue(champ.nom)).collect() }
    }

    /// The MVT of the rows that `regard` opens and that answer `filtre`, with these properties, in one tile; empty when nothing is
    /// there.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn tuile(
        &self,
        regard: &Regard,
        tx: &mut TenantTx,
        filtre: &Filtre,
        proprietes: &Proprietes,
        (z, x, y): (i32, i32, i32),
    ) -> sqlx::Result<Vec<u8>> {
        let Some(geometrie) = self.modele.geometrie else { return Ok(Vec::new()) };
        let mut requete = QueryBuilder::new("with tuile as (select st_tileenvelope(");
        requete.push_bind(z).push(", ").push_bind(x).push(", ").push_bind(y);
        requete.push(") as cadre, st_transform(st_segmentize(st_tileenvelope(");
        requete.push_bind(z).push(", ").push_bind(x).push(", ").push_bind(y);
        requete.push(", margin => 0.016), 20037508.0 / (2 ^ ").push_bind(z);
        requete.push(")), core.storage_srid()) as boite) select st_asmvt(t, '").push(self.id);
        requete.push("', 4096, 'trace') from (select ");
        if proprietes.cle {
            requete.push("o.id::text as id, ");
        }
        self.pousse_champs(regard, &proprietes.champs, &mut requete);
        requete.push("st_asmvtgeom(st_transform(o.").push(geometrie.colonne);
        requete.push(", 3857), cadre, 4096, 64, true) as trace from ");
        requete.push(self.modele.relation()).push(" o, tuile");
        regard.pousse_filtre(filtre, &mut requete);
        requete.push(" and o.").push(geometrie.colonne).push(" && boite) t where t.trace is not null");
        requete.build_query_scalar().fetch_one(&mut **tx).await
    }

    /// The query of every row that tiles draw under `regard`: its key, the fields that they publish, its shape as EWKB in
    /// the system of the database; `None` for a layer without geometry.
    #[must_use]
    pub fn entiere(&self, regard: &Regard) -> Option<QueryBuilder<Postgres>> {
        let geometrie = self.modele.geometrie?;
        let mut requete = QueryBuilder::new("select o.id::text as id, ");
        self.pousse_champs(regard, &self.champs(regard).collect::<Vec<_>>(), &mut requete);
        requete.push("st_asewkb(o.").push(geometrie.colonne).push(") as trace from ");
        requete.push(self.modele.relation()).push(" o");
        regard.pousse_filtre(&Filtre::default(), &mut requete);
        Some(requete)
    }

    /// Whether a field goes in tiles as a number: styles compare numbers; the rest is text.
    #[must_use]
    pub fn est_nombre(&self, champ: &str) -> bool {
        self.modele.regle(champ).is_some_and(|regle| regle.nature == Nature::Entier)
    }

    /// Adds fields, each followed by a comma.
    fn pousse_champs(&self, regard: &Regard, champs: &[&'static Champ], requete: &mut QueryBuilder<Postgres>) {
        for champ in champs {
            regard.pousse_champ(champ.nom, requete);
            let nombre = self.est_nombre(champ.nom);
            requete.push(if nombre { "::bigint as \"" } else { "::text as \"" }).push(champ.nom).push("\", ");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_layer_publishes_a_nominative_field() {
        for couche in &COUCHES {
            assert!(couche.modele.geometrie.is_some() && !couche.modele.nominatif, "{}", couche.id);
            for nom in couche.publies {
                assert_eq!(couche.modele.objet.champ(nom).map(|champ| champ.niveau), Some(0), "{nom}");
            }
        }
    }
}
