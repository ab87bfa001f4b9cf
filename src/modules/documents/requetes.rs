//! Named queries of a document, run over the rows and fields that who asks may read, and over nothing else.
//!
//! A query was read word by word when its module was checked ([`finage_manifest::Query`]): it is one `select` whose rows are
//! placeholders. Here each takes the place of a sub-query made by a [`Regard`]; the statement can't write, and ends in time.

use finage_documents::{Champs, Donnee};
use finage_manifest::{Document, OPEN, Query, QueryPart, QueryType};
use serde_json::json;
use sqlx::{Executor as _, Postgres, QueryBuilder};
use time::Date;
use uuid::Uuid;

use super::{Atelier, DocumentError, valeurs};
use crate::access::droits::Action;
use crate::db::TenantTx;
use crate::modules::objets::{Fiche, Regard};

/// Opens what is undone afterwards, settings included.
const OUVRE: &str = "savepoint requete; set local transaction_read_only = on; set local statement_timeout = '5s'";
/// Undoes it, whether the query failed or not.
const FERME: &str = "rollback to savepoint requete; release savepoint requete";

/// A query, ready for any row: its text, and a look at each object that it names.
#[derive(Debug)]
pub(super) struct Requete {
    nom: String,
    lue: Query,
    vues: Vec<(String, Vue)>,
}

/// What a placeholder stands for.
#[derive(Debug)]
enum Vue {
    /// Rows that the account may read.
    Objet(Box<Regard>),
    /// A table open to all.
    Ouverte(&'static str),
}

/// The row for which queries run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sujet<'a> {
    pub(super) id: Uuid,
    pub(super) aujourd_hui: Date,
    pub(super) fiche: &'a Fiche,
}

/// The queries of a document, for one account.
///
/// # Errors
/// It may not read an object that one of them names.
pub(super) fn preparees(atelier: &Atelier<'_>, document: &Document) -> Result<Vec<Requete>, DocumentError> {
    let inconnue = |nom: &str| DocumentError::Requete(nom.to_owned());
    document
        .queries
        .iter()
        .map(|(nom, fichier)| {
            let chemin = format!("documents/{fichier}");
            let texte = atelier.module.folder.text(&chemin).map_err(|_| inconnue(nom))?;
            let lue = Query::read(&chemin, texte).map_err(|_| inconnue(nom))?;
            let mut vues: Vec<(String, Vue)> = Vec::new();
            for objet in lue.objects() {
                if !vues.iter().any(|(connu, _)| connu == objet) {
                    vues.push((
                        objet.to_owned(),
                        vue(atelier, document, objet).transpose()?.ok_or_else(|| inconnue(nom))?,
                    ));
                }
            }
            Ok(Requete { nom: nom.clone(), lue, vues })
        })
        .collect()
}

fn vue(atelier: &Atelier<'_>, document: &Document, nom: &str) -> Option<Result<Vue, DocumentError>> {
    if let Some(ouverte) = OPEN.into_iter().find(|ouverte| *ouverte == nom) {
        return Some(Ok(Vue::Ouverte(ouverte)));
    }
    let (module, objet) = nom.split_once('.').unwrap_or((&atelier.module.file.id, nom));
    let (_, objet) = atelier.registry.objet(module, objet)?;
    let finalite = atelier.finalite_de(document.purpose.as_deref(), objet.modele);
    let regard = Regard::new(atelier.qui, objet.modele, Action::Lire, finalite);
    Some(regard.map(|regard| Vue::Objet(Box::new(regard))).map_err(DocumentError::from))
}

impl Requete {
    /// Its name.
    pub(super) fn nom(&self) -> &str {
        &self.nom
    }

    /// Its rows, for this row of the object; looks at personal data are written to the journal.
    ///
    /// # Errors
    /// It failed, took more than five seconds, or gives more rows than it says.
    pub(super) async fn lignes(&self, tx: &mut TenantTx, sujet: &Sujet<'_>) -> Result<Vec<Champs>, DocumentError> {
        let mut requete = self.ecrite(sujet);
        tx.execute(OUVRE).await?;
        let lues: Result<Vec<Vec<Option<String>>>, sqlx::Error> =
            requete.build_query_scalar().fetch_all(&mut **tx).await;
        let lues = match lues {
            Ok(lues) => lues,
            // The connection is gone: the query is not at fault.
            Err(cause) if cause.as_database_error().is_none() => return Err(cause.into()),
            Err(cause) => {
                tx.execute(FERME).await?;
                tracing::warn!(requete = self.nom, %cause, "requête d'un document");
                let lente = cause
                    .as_database_error()
                    .and_then(sqlx::error::DatabaseError::code)
                    .is_some_and(|code| code == "57014");
                let nom = self.nom.clone();
                return Err(if lente { DocumentError::RequeteLente(nom) } else { DocumentError::Requete(nom) });
            }
        };
        tx.execute(FERME).await?;
        if lues.len() > self.lue.rows {
            return Err(DocumentError::TropDeLignes(self.nom.clone()));
        }
        for (_, vue) in &self.vues {
            if let Vue::Objet(regard) = vue {
                let details = json!({ "requete": self.nom, "fiche": sujet.id, "nombre": lues.len() });
                regard.journalise(tx, "lister", None, &details).await?;
            }
        }
        let insee = sujet.fiche.insee.as_deref().unwrap_or_default();
        Ok(lues.into_iter().map(|ligne| self.champs(ligne, insee)).collect())
    }

    fn ecrite(&self, sujet: &Sujet<'_>) -> QueryBuilder<Postgres> {
        let mut requete = QueryBuilder::new("select array[");
        for (rang, (nom, genre)) in self.lue.results.iter().enumerate() {
            requete.push(if rang == 0 { "" } else { ", " });
            // As JSON writes it: dates and instants in ISO 8601, numbers exact.
            match genre {
                QueryType::Instant => requete.push("to_jsonb((q.\"").push(nom).push("\")::timestamptz) #>> '{}'"),
                autre => requete.push("(q.\"").push(nom).push("\")::").push(autre.sql()).push("::text"),
            };
        }
        requete.push("]::text[] from (");
        for part in &self.lue.parts {
            requete.push(" ");
            match part {
                QueryPart::Sql(texte) => {
                    requete.push(texte);
                }
                QueryPart::Param(nom) => {
                    let genre =
                        self.lue.params.iter().find(|(connu, _)| connu == nom).map_or("text", |(_, genre)| genre.sql());
                    requete.push_bind(valeur(nom, sujet)).push("::text::").push(genre);
                }
                QueryPart::Object(nom) => match self.vues.iter().find(|(connu, _)| connu == nom) {
                    Some((_, Vue::Objet(regard))) => regard.pousse_vue(&mut requete),
                    Some((_, Vue::Ouverte(table))) => {
                        requete.push(*table);
                    }
                    // Never: every placeholder was prepared.
                    None => {
                        requete.push("(select null where false)");
                    }
                },
            }
        }
        requete.push("\n) q limit ").push_bind(i64::try_from(self.lue.rows).unwrap_or(i64::MAX) + 1);
        requete
    }

    fn champs(&self, ligne: Vec<Option<String>>, insee: &str) -> Champs {
        let lue = |((nom, genre), texte): (&(String, QueryType), Option<String>)| {
            let donnee = texte.map_or(Donnee::Vide, |texte| match genre {
                QueryType::Integer => texte.parse::<i64>().map_or_else(|_| texte.as_str().into(), Donnee::Entier),
                QueryType::Decimal => valeurs::decimal(&texte),
                QueryType::Boolean => (texte == "true").into(),
                QueryType::Date => valeurs::date(&texte),
                QueryType::Instant => valeurs::instant(&texte, insee),
                QueryType::Text | QueryType::Uuid => texte.into(),
            });
            (nom.clone(), donnee)
        };
        self.lue.results.iter().zip(ligne).map(lue).collect()
    }
}

/// The value of a parameter, as a text that its type reads.
fn valeur(nom: &str, sujet: &Sujet<'_>) -> Option<String> {
    match nom {
        "id" => Some(sujet.id.to_string()),
        "aujourd_hui" => Some(sujet.aujourd_hui.to_string()),
        _ => match sujet.fiche.champs.get(nom)? {
            serde_json::Value::Null => None,
            serde_json::Value::String(texte) => Some(texte.clone()),
            autre => Some(autre.to_string()),
        },
    }
}
