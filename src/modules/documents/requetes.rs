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
use crate::access::identite::Identite;
use crate::access::journal::Finalite;
use crate::db::TenantTx;
use crate::modules::objets::{Fiche, Modele, Regard};
use crate::modules::registry::{ModuleCharge, Registry};

/// Opens what is undone afterwards, settings included.
const OUVRE: &str = "savepoint requete; set local transaction_read_only = on; set local statement_timeout = '5s'";
/// Undoes it, whether the query failed or not.
const FERME: &str = "rollback to savepoint requete; release savepoint requete";

/// A query, ready for any row: its text, and a look at each object that it names.
#[derive(Debug)]
pub(in crate::modules) struct Requete {
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
    let finalite = |modele: &'static Modele| atelier.finalite_de(document.purpose.as_deref(), modele);
    let requete = |(nom, fichier): (&String, &String)| {
        let lieu = Lieu { registry: atelier.registry, module: atelier.module, qui: atelier.qui };
        Requete::preparee(&lieu, nom, &format!("documents/{fichier}"), &finalite)
    };
    document.queries.iter().map(requete).collect()
}

/// Where a query is, and for whom it is run.
#[derive(Debug, Clone, Copy)]
pub(in crate::modules) struct Lieu<'a> {
    /// Installed modules: queries may name objects of others.
    pub(in crate::modules) registry: &'a Registry,
    /// Its module.
    pub(in crate::modules) module: &'a ModuleCharge,
    /// Who asks.
    pub(in crate::modules) qui: &'a Identite,
}

impl Lieu<'_> {
    fn vue<'f>(
        &self,
        nom: &str,
        finalite: &dyn Fn(&'static Modele) -> Option<&'f Finalite>,
    ) -> Option<Result<Vue, DocumentError>> {
        if let Some(ouverte) = OPEN.into_iter().find(|ouverte| *ouverte == nom) {
            return Some(Ok(Vue::Ouverte(ouverte)));
        }
        let (module, objet) = nom.split_once('.').unwrap_or((&self.module.file.id, nom));
        let (_, objet) = self.registry.objet(module, objet)?;
        let regard = Regard::new(self.qui, objet.modele, Action::Lire, finalite(objet.modele));
        Some(regard.map(|regard| Vue::Objet(Box::new(regard))).map_err(DocumentError::from))
    }
}

/// Rows as the database wrote them: each value as a text, of the type that the query says.
pub(in crate::modules) type Brutes = Vec<Vec<Option<String>>>;

impl Requete {
    /// The query of this file, for one account.
    ///
    /// # Errors
    /// It cannot be read, or the account may not read an object that it names.
    pub(in crate::modules) fn preparee<'f>(
        lieu: &Lieu<'_>,
        nom: &str,
        chemin: &str,
        finalite: &dyn Fn(&'static Modele) -> Option<&'f Finalite>,
    ) -> Result<Self, DocumentError> {
        let inconnue = || DocumentError::Requete(nom.to_owned());
        let texte = lieu.module.folder.text(chemin).map_err(|_| inconnue())?;
        let lue = Query::read(chemin, texte).map_err(|_| inconnue())?;
        let mut vues: Vec<(String, Vue)> = Vec::new();
        for objet in lue.objects() {
            if !vues.iter().any(|(connu, _)| connu == objet) {
                vues.push((objet.to_owned(), lieu.vue(objet, finalite).transpose()?.ok_or_else(inconnue)?));
            }
        }
        Ok(Self { nom: nom.to_owned(), lue, vues })
    }

    /// Its columns, in order.
    pub(in crate::modules) fn colonnes(&self) -> &[(String, QueryType)] {
        &self.lue.results
    }

    /// Its name.
    pub(super) fn nom(&self) -> &str {
        &self.nom
    }

    /// Its rows, for this row of the object; looks at personal data are written to the journal.
    ///
    /// # Errors
    /// It failed, took more than five seconds, or gives more rows than it says.
    pub(super) async fn lignes(&self, tx: &mut TenantTx, sujet: &Sujet<'_>) -> Result<Vec<Champs>, DocumentError> {
        let details = json!({ "requete": self.nom, "fiche": sujet.id });
        let lues = self.brutes(tx, &|nom| valeur(nom, sujet), details).await?;
        let insee = sujet.fiche.insee.as_deref().unwrap_or_default();
        Ok(lues.into_iter().map(|ligne| self.champs(ligne, insee)).collect())
    }

    /// Its rows for these parameters; looks at personal data are written to the journal, with these details.
    ///
    /// # Errors
    /// It failed, took more than five seconds, or gives more than [`MAX_LIGNES`] rows.
    pub(in crate::modules) async fn brutes(
        &self,
        tx: &mut TenantTx,
        parametre: &(dyn Fn(&str) -> Option<String> + Sync),
        details: serde_json::Value,
    ) -> Result<Brutes, DocumentError> {
        let mut requete = self.ecrite(parametre);
        tx.execute(OUVRE).await?;
        let lues: Result<Brutes, sqlx::Error> = requete.build_query_scalar().fetch_all(&mut **tx).await;
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
        let mut details = details;
        if let Some(dits) = details.as_object_mut() {
            dits.insert("nombre".to_owned(), lues.len().into());
        }
        for (_, vue) in &self.vues {
            if let Vue::Objet(regard) = vue {
                regard.journalise(tx, "lister", None, &details).await?;
            }
        }
        Ok(lues)
    }

    fn ecrite(&self, parametre: &dyn Fn(&str) -> Option<String>) -> QueryBuilder<Postgres> {
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
                    requete.push_bind(parametre(nom)).push("::text::").push(genre);
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
