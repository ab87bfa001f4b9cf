//! The same right asked of many rows at once.

use sqlx::{Postgres, QueryBuilder};

use super::Plume;
use crate::access::droits::Champ;

impl Plume {
    /// Adds the condition, on a row `o`, that each of these fields may be written on it.
    pub(in crate::modules) fn pousse_permission_de(
        &self,
        champs: &[&'static Champ],
        requete: &mut QueryBuilder<Postgres>,
    ) {
        requete.push("(");
        self.pousse_lignes(requete);
        for champ in champs {
            requete.push(" and ");
            self.droit.pousse_ecriture(champ, requete);
            if let Some(nominatif) = self.nominatif.as_ref().filter(|_| champ.niveau > 0) {
                requete.push(" and ");
                nominatif.pousse_ouverture(champ, requete);
            }
        }
        requete.push(") is true");
    }
}
