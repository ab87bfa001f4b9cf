//! A module proposed from tables that are in the database already.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use finage_manifest::{Adoption, FRAMEWORK, Scaffold, ScaffoldError, module_schema, object_schema, scaffold};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use thiserror::Error;

use super::catalogue;
use super::registry::{cite, installes};
use crate::db::OWNER;

/// Why no module can be proposed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AdoptionError {
    /// The tables do not make a module.
    #[error(transparent)]
    Tables(#[from] ScaffoldError),
    /// No such schema.
    #[error("la base n'a pas de schéma « {0} »")]
    Schema(String),
    /// The schema of a module that is installed.
    #[error("le schéma « {0} » est celui d'un module installé : son dossier est déjà fait")]
    Module(String),
    /// No such collectivité.
    #[error("aucune collectivité n'a le code « {0} » ; « finage collectivite list » donne les leurs")]
    Collectivite(String),
    /// The folder is not empty.
    #[error("{0} existe déjà ; choisissez un autre dossier par --sortie, ou retirez celui-ci")]
    Dossier(String),
    /// The disk refused.
    #[error("{0} ne s'écrit pas : {1}")]
    Disque(String, std::io::Error),
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Base(#[from] sqlx::Error),
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Demande {
    /// Schema.
    pub schema: String,
    /// Tables, all of them when empty.
    pub tables: BTreeSet<String>,
    /// Identifier of the module; the schema's name unless told.
    pub id: Option<String>,
    /// Name of the module; made of its identifier unless told.
    pub libelle: Option<String>,
    /// Code of the collectivité of rows that say no owner.
    pub collectivite: Option<String>,
    /// Codes of collectivités by `om_collectivite`.
    pub collectivites: BTreeMap<i64, String>,
}

/// A module proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Propose {
    /// Its folder, not written yet.
    pub dossier: Scaffold,
    /// What an administrator of the database orders before it is installed: its tables are to be the owner's.
    pub ordres: Vec<String>,
}

/// The module that these tables make. `connection` reads them: it is the administrator's where they are not the owner's.
///
/// # Errors
/// No such schema, a code that is no collectivité's, or tables that make no module.
pub async fn propose(connection: &mut PgConnection, demande: Demande) -> Result<Propose, AdoptionError> {
    let schema = demande.schema;
    let la: bool = sqlx::query_scalar("select exists (select from pg_namespace where nspname = $1)")
        .bind(&schema)
        .fetch_one(&mut *connection)
        .await?;
    if !la {
        return Err(AdoptionError::Schema(schema));
    }
    if installes(connection).await?.iter().any(|module| module.id == schema) {
        return Err(AdoptionError::Module(schema));
    }
    let codes: Vec<String> =
        sqlx::query_scalar("select code from acces.collectivite").fetch_all(&mut *connection).await?;
    let inconnu = demande.collectivite.iter().chain(demande.collectivites.values()).find(|code| !codes.contains(code));
    if let Some(code) = inconnu {
        return Err(AdoptionError::Collectivite(code.clone()));
    }
    let catalogue = catalogue::lu(&mut *connection, std::slice::from_ref(&schema)).await?;
    let id = demande.id.unwrap_or_else(|| schema.clone());
    let adoption = Adoption {
        srid: sqlx::query_scalar("select core.storage_srid()").fetch_one(&mut *connection).await?,
        known: om_collectivites(connection, &schema, &catalogue).await?,
        collectivites: codes.len(),
        label: demande.libelle.unwrap_or_else(|| libelle(&id)),
        owner: demande.collectivite,
        owners: demande.collectivites,
        tables: demande.tables,
        id,
        schema,
    };
    let dossier = scaffold(&catalogue, &adoption)?;
    Ok(Propose { dossier, ordres: possession(connection, &adoption.schema).await? })
}

/// `objets_trouves` → « Objets trouves ».
fn libelle(id: &str) -> String {
    let mots = id.replace('_', " ");
    let mut lettres = mots.chars();
    lettres.next().map_or_else(String::new, |premiere| premiere.to_uppercase().collect::<String>() + lettres.as_str())
}

/// Rows of openMairie's own table of collectivités, where there is one.
async fn om_collectivites(
    connection: &mut PgConnection,
    schema: &str,
    catalogue: &finage_manifest::Catalogue,
) -> sqlx::Result<BTreeMap<i64, String>> {
    let nom = format!("{schema}.{FRAMEWORK}");
    let Some(table) = catalogue.tables.get(&nom) else { return Ok(BTreeMap::new()) };
    if table.column(FRAMEWORK).is_none() || table.column("libelle").is_none() {
        return Ok(BTreeMap::new());
    }
    let sql = format!("select {FRAMEWORK}::bigint, coalesce(libelle::text, '') from {}", cite(&nom));
    let lignes: Vec<(i64, String)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(connection).await?;
    Ok(lignes.into_iter().collect())
}

/// What an administrator of the database orders first, where the tables are not the owner's; a sequence follows its table.
async fn possession(connection: &mut PgConnection, schema: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "select format('alter schema %I owner to %I', n.nspname, $2::text) from pg_namespace n
        where n.nspname = $1 and n.nspowner <> $2::text::regrole
        union all
        select format('alter table %I.%I owner to %I', n.nspname, k.relname, $2::text)
        from pg_class k join pg_namespace n on n.oid = k.relnamespace
        where n.nspname = $1 and k.relkind in ('r', 'p') and k.relowner <> $2::text::regrole",
    )
    .bind(schema)
    .bind(OWNER)
    .fetch_all(connection)
    .await
}

/// Gives a schema and its tables to the owner of Finage's own.
///
/// # Errors
/// The connection is not an administrator's.
pub async fn donne(connection: &mut PgConnection, ordres: &[String]) -> Result<(), AdoptionError> {
    let mut tx = connection.begin().await?;
    for ordre in ordres {
        tx.execute(AssertSqlSafe(ordre.clone())).await?;
    }
    Ok(tx.commit().await?)
}

/// Writes a proposed module in a folder that is not there yet, with the schemas that editors complete by.
///
/// # Errors
/// The folder is there, or the disk refused.
pub fn ecrit(propose: &Scaffold, dossier: &Path) -> Result<(), AdoptionError> {
    if dossier.exists() {
        return Err(AdoptionError::Dossier(dossier.display().to_string()));
    }
    let schemas = [("module.schema.json", module_schema()), ("object.schema.json", object_schema())]
        .map(|(nom, schema)| (format!(".schemas/{nom}"), format!("{schema:#}\n")));
    let fichiers = propose.files.iter().map(|(nom, texte)| (nom.as_str(), texte.as_str()));
    for (nom, texte) in fichiers.chain(schemas.iter().map(|(nom, texte)| (nom.as_str(), texte.as_str()))) {
        let place = dossier.join(nom);
        let refuse = |cause| AdoptionError::Disque(place.display().to_string(), cause);
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent).map_err(refuse)?;
        }
        std::fs::write(&place, texte).map_err(refuse)?;
    }
    Ok(())
}
