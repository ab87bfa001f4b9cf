//! One collectivité whole, in open formats, to leave with or to hand over: CSV, GeoPackage, files, and what each column means.
//!
//! Objects are read in a transaction of that collectivité, which sees no row of another but those its missions open; those
//! are left out by name. Accounts and the journal are read by the roles that may, for that collectivité alone.

mod catalogue;
mod ecrit;
mod feuille;
mod lisezmoi;
mod paquet;

use std::path::PathBuf;
use std::time::Instant;

use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use self::catalogue::champs;
use self::ecrit::Ecrits;
use self::feuille::Feuille;
use self::paquet::Paquet;
use super::releve::a_niveau;
use super::{Arret, BackupError};
use crate::access::journal::{Auteur, Fait, acte};
use crate::config::Config;
use crate::db::{Acteur, Canal, CollectiviteId, Collectivites, Database};

/// What is asked.
#[derive(Debug)]
pub struct Exporte {
    /// Code of the collectivité.
    pub collectivite: String,
    /// Folder to make, or ZIP file when its name says so.
    pub sortie: PathBuf,
}

/// What was exported.
#[derive(Debug, Serialize)]
pub struct Exportee {
    /// Code of the collectivité.
    pub collectivite: String,
    /// Folder or file.
    pub sortie: PathBuf,
    /// How long it took.
    pub duree_ms: u128,
    /// Tables, by their file.
    pub tables: Vec<TableExportee>,
    /// Attachments.
    pub fichiers: u64,
    /// Attachments named by a row and not on the disk.
    pub fichiers_absents: Vec<String>,
}

/// A table, as exported.
#[derive(Debug, Clone, Serialize)]
pub struct TableExportee {
    /// Its file, without its extension.
    pub fichier: String,
    /// What it holds.
    pub titre: String,
    /// Its rows.
    pub lignes: usize,
    /// Whether there is a GeoPackage beside the CSV.
    pub geometrie: bool,
}

/// The collectivité asked for.
#[derive(Debug, sqlx::FromRow)]
struct Collectivite {
    id: i32,
    code: String,
    nom: String,
}

/// Exports a collectivité; made aside, the folder or file gets its name when it is whole.
///
/// # Errors
/// Every [`BackupError`]; nothing is left then.
pub async fn exporte(
    config: &Config,
    database: &Database,
    demande: &Exporte,
    arret: &Arret,
) -> Result<Exportee, BackupError> {
    let debut = Instant::now();
    let paquet = Paquet::prepare(&demande.sortie)?;
    a_niveau(database).await?;
    let acces = database.acces_pool().await?;
    let trouvee: Option<Collectivite> = sqlx::query_as(include_str!("../sql/collectivite.sql"))
        .bind(&demande.collectivite)
        .fetch_optional(&acces)
        .await?;
    let qui = trouvee.ok_or_else(|| BackupError::Collectivite(demande.collectivite.chars().take(60).collect()))?;
    let collectivites = database.collectivites(config).await?;
    let journal = database.journal_pool().await?;
    let source = Source { config, acces: &acces, journal: &journal, collectivites: &collectivites, arret };
    let ecrits = source.lit(&qui, &paquet).await.map_err(|error| arret.ou(error));
    for pool in [&acces, &journal] {
        pool.close().await;
    }
    collectivites.close().await;
    let Ecrits { tables, champs, fichiers, absents } = ecrits?;
    let faite_le = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
    let texte = lisezmoi::texte(&qui.nom, &qui.code, &faite_le, &tables, fichiers);
    let suivi = arret.clone();
    tokio::task::spawn_blocking(move || {
        paquet.ecrit("LISEZMOI.md", texte.as_bytes())?;
        ecrit::colonnes(&paquet, &champs)?;
        paquet.acheve(&suivi)
    })
    .await??;
    Ok(Exportee {
        collectivite: qui.code,
        sortie: demande.sortie.clone(),
        duree_ms: debut.elapsed().as_millis(),
        tables,
        fichiers,
        fichiers_absents: absents,
    })
}

/// The ways to the database, each of which sees what the others do not.
struct Source<'a> {
    config: &'a Config,
    acces: &'a PgPool,
    journal: &'a PgPool,
    collectivites: &'a Collectivites,
    arret: &'a Arret,
}

impl Source<'_> {
    async fn lit(&self, qui: &Collectivite, paquet: &Paquet) -> Result<Ecrits, BackupError> {
        let acteur = Acteur { utilisateur: None, collectivite: CollectiviteId(qui.id), canal: Canal::Commande };
        let mut tx = self.collectivites.begin(&acteur).await?;
        let details = serde_json::json!({ "entiere": true });
        let fait = Fait { action: "exporter", objet: "collectivite", cle: Some(&qui.code), details: &details };
        acte(&mut tx, &Auteur::from(&acteur), &fait).await?;
        tx.commit().await?;

        let mut ecrits = Ecrits::default();
        let mut tx = self.collectivites.begin_snapshot(&acteur).await?;
        utc(&mut tx).await?;
        let objets: Vec<(String, String, Option<String>)> =
            sqlx::query_as(include_str!("../sql/objets.sql")).fetch_all(&mut *tx).await?;
        for (objet, relation, titre) in objets {
            let champs = champs(&mut tx, &relation).await?;
            let fichier = format!("objets/{}", objet.replace('.', "_"));
            let feuille =
                Feuille::table(&fichier, titre.as_deref().unwrap_or(&objet), &relation, champs, "collectivite = $1");
            self.ajoute(&mut tx, qui, paquet, feuille, &mut ecrits).await?;
        }
        for (fichier, titre, relation) in SUITES {
            let champs = champs(&mut tx, relation).await?;
            let feuille = Feuille::table(fichier, titre, relation, champs, "collectivite = $1");
            self.ajoute(&mut tx, qui, paquet, feuille, &mut ecrits).await?;
        }
        drop(tx);

        let mut acces = self.acces.begin_with(INSTANTANE).await?;
        utc(&mut acces).await?;
        for (fichier, titre, relation, filtre) in ACCES {
            let mut champs = champs(&mut acces, relation).await?;
            if relation == "acces.utilisateur" {
                champs.retain(|champ| COMPTE.contains(&champ.nom.as_str()));
            }
            let feuille = Feuille::table(fichier, titre, relation, champs, filtre);
            self.ajoute(&mut acces, qui, paquet, feuille, &mut ecrits).await?;
        }
        acces.rollback().await?;

        let mut journal = self.journal.begin_with(INSTANTANE).await?;
        utc(&mut journal).await?;
        let champs = champs(&mut journal, "journal.acte").await?;
        let feuille = Feuille::table("journal_actes", "Actes du journal", "journal.acte", champs, "collectivite = $1");
        self.ajoute(&mut journal, qui, paquet, feuille, &mut ecrits).await?;
        journal.rollback().await?;
        Ok(ecrits)
    }

    /// Writes a table, and the attachments that its rows name.
    async fn ajoute(
        &self,
        connection: &mut PgConnection,
        qui: &Collectivite,
        paquet: &Paquet,
        feuille: Feuille,
        ecrits: &mut Ecrits,
    ) -> Result<(), BackupError> {
        let lignes = feuille.ecrit(connection, qui.id, paquet, self.arret).await?;
        if let Some(sql) = feuille.fichiers() {
            let empreintes: Vec<String> =
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(qui.id).fetch_all(&mut *connection).await?;
            ecrit::fichiers(&self.config.data_dir, paquet, empreintes, self.arret, ecrits)?;
        }
        ecrits.ajoute(&feuille, lignes);
        Ok(())
    }
}

/// One state from start to end, however long reading takes.
const INSTANTANE: &str = "begin isolation level repeatable read read only; set local statement_timeout = 0";

/// What is kept of every object: file, title, table.
const SUITES: [(&str, &str, &str); 2] = [
    ("historique", "Chaque version de chaque ligne", "core.historique"),
    ("registre", "Numéros pris dans les registres, ceux qui sont annulés compris", "core.registre_numero"),
];

/// What a collectivité is, does, and who works for it: file, title, table, rows.
const ACCES: [(&str, &str, &str, &str); 8] = [
    ("collectivite", "La collectivité", "acces.collectivite", "id = $1"),
    ("territoire", "Communes de son territoire, avec leurs dates", "acces.territoire", "collectivite = $1"),
    ("missions", "Missions qu'elle exerce, commune par commune", "acces.mission", "collectivite = $1"),
    (
        "comptes",
        "Comptes qui tiennent un rôle pour elle, sans mot de passe ni secret",
        "acces.utilisateur",
        "id in (select utilisateur from acces.attribution where collectivite = $1)",
    ),
    ("attributions", "Rôles tenus par ces comptes pour elle", "acces.attribution", "collectivite = $1"),
    ("roles", "Rôles livrés avec Finage, et les siens", "acces.role", "collectivite is null or collectivite = $1"),
    (
        "droits",
        "Ce que ces rôles permettent",
        "acces.droit",
        "role in (select id from acces.role where collectivite is null or collectivite = $1)",
    ),
    ("connexions_sql", "Connexions SQL ouvertes pour elle", "core.sql_role", "collectivite = $1"),
];

/// What is told of an account.
const COMPTE: [&str; 4] = ["id", "email", "nom", "actif"];

/// Instants are written in universal time.
async fn utc(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query("select set_config('timezone', 'UTC', true)").execute(connection).await.map(drop)
}
