//! What a text also searches: the titles of the rows that a row names.
//!
//! A title is searched under the right of who asks on the row that has it, its parents included: what one may not read, one
//! does not find by.

use sqlx::{Postgres, QueryBuilder};

use super::{Lien, Modele, Morceau, Nature, Regard, Regle};
use crate::access::droits::{Action, Droit};
use crate::access::identite::Identite;

/// A reference whose row is searched by its title.
#[derive(Debug, Clone)]
pub(super) struct Designee {
    /// The field that names it.
    pub(super) champ: &'static str,
    cible: Ouverte,
    cherches: Vec<&'static str>,
}

/// Rows of a model that are open, those that a parent closes aside.
#[derive(Debug, Clone)]
struct Ouverte {
    modele: &'static Modele,
    droit: Droit,
    parent: Option<Box<(&'static Regle, Self)>>,
}

/// The references of a model whose rows `qui` may read, and whose titles hold a field that a text searches.
pub(super) fn designees(qui: &Identite, modele: &'static Modele) -> Vec<Designee> {
    let designee = |regle: &'static Regle| {
        let cible = regle.lien.filter(|_| regle.nature == Nature::Reference).and_then(Lien::cible)?;
        let cherches = du_titre(cible);
        let cible = if cherches.is_empty() { None } else { Ouverte::new(qui, cible) };
        Some(Designee { champ: regle.champ, cible: cible?, cherches })
    };
    modele.regles.iter().filter_map(designee).collect()
}

/// Fields of a title that a text searches.
fn du_titre(modele: &'static Modele) -> Vec<&'static str> {
    let cherche = |morceau: &Morceau| match morceau {
        Morceau::Champ(nom) if modele.cherches.contains(nom) => Some(*nom),
        _ => None,
    };
    modele.intitule.iter().filter_map(cherche).collect()
}

impl Designee {
    /// Adds the rows whose title holds what `motif` says, as a list of keys in parentheses.
    pub(super) fn pousse(&self, motif: &str, requete: &mut QueryBuilder<Postgres>) {
        let Ouverte { modele, droit, .. } = &self.cible;
        requete.push("(select o.id from ").push(modele.relation()).push(" o where ");
        self.cible.pousse_condition(requete);
        requete.push(" and (false");
        for champ in self.cherches.iter().filter_map(|nom| modele.objet.champ(nom)) {
            requete.push(" or core.cherchable(");
            droit.pousse_champ(champ, requete);
            requete.push(") like core.cherchable(").push_bind(motif.to_owned()).push(")");
        }
        requete.push("))");
    }
}

impl Ouverte {
    fn new(qui: &Identite, modele: &'static Modele) -> Option<Self> {
        let droit = qui.droit(modele.objet, Action::Lire).ok()?;
        let parent = match Regard::parent(modele) {
            Some((regle, cible)) => Some(Box::new((regle, Self::new(qui, cible)?))),
            None => None,
        };
        Some(Self { modele, droit, parent })
    }

    fn pousse_condition(&self, requete: &mut QueryBuilder<Postgres>) {
        self.droit.pousse_condition(requete);
        if let Some(parent) = &self.parent {
            let (regle, cible) = &**parent;
            let cle = regle.lien.map_or("id", |lien| lien.cle);
            requete.push(" and o.\"").push(regle.champ).push("\" in (select o.\"").push(cle).push("\" from ");
            requete.push(cible.modele.relation()).push(" o where ");
            cible.pousse_condition(requete);
            requete.push(")");
        }
    }
}
