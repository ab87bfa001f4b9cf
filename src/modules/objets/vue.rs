//! Rows open to a look, as a table that queries of documents read; and their keys alone.

use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::{Filtre, ObjetError, Regard};
use crate::access::droits::Genre;
use crate::db::TenantTx;

impl Regard {
    /// Adds, in parentheses, a table of the rows open to this look that are not archived: `id`, `insee`, `creee_le`, `titre`,
    /// `libelles`, and each field, null where it is not open.
    pub(in crate::modules) fn pousse_vue(&self, requete: &mut QueryBuilder<Postgres>) {
        let objet = self.modele.objet;
        requete.push("(select o.id, o.insee, o.creee_le");
        // A field of that name is the module's own word.
        if objet.champ("titre").is_none() {
            requete.push(", ");
            self.nommeur.pousse_intitule(requete);
            requete.push(" as titre");
        }
        if objet.champ("libelles").is_none() {
            requete.push(", ");
            self.nommeur.pousse_libelles(requete);
            requete.push(" as libelles");
        }
        for champ in objet.champs {
            requete.push(", ");
            self.pousse_champ(champ.nom, requete);
            // A closed field keeps its type: comparing with it is no error, and finds nothing.
            requete.push("::").push(type_sql(champ.genre)).push(" as \"").push(champ.nom).push("\"");
        }
        requete.push(" from ").push(self.modele.relation()).push(" o");
        self.nommeur.pousse_source(requete);
        requete.push(" where ");
        self.pousse_condition(requete);
        requete.push(" and o.archivee_le is null)");
    }

    /// Keys of the rows that answer, in their order; one more than `max` at most.
    ///
    /// # Errors
    /// The database refused.
    pub async fn cles(&self, tx: &mut TenantTx, filtre: &Filtre, max: usize) -> Result<Vec<Uuid>, ObjetError> {
        let mut requete = QueryBuilder::new("select o.id from ");
        requete.push(self.modele.relation()).push(" o");
        self.pousse_filtre(filtre, &mut requete);
        self.pousse_tri(filtre, &mut requete);
        requete.push(" limit ").push_bind(i64::try_from(max).unwrap_or(i64::MAX).saturating_add(1));
        Ok(requete.build_query_scalar().fetch_all(&mut **tx).await?)
    }
}

fn type_sql(genre: Genre) -> &'static str {
    match genre {
        Genre::Texte => "text",
        Genre::Entier => "bigint",
        Genre::Decimal => "numeric",
        Genre::Booleen => "boolean",
        Genre::Date => "date",
        Genre::Instant => "timestamptz",
        Genre::Identifiant => "uuid",
        Genre::Identifiants => "uuid[]",
    }
}
