//! `finage cimetiere`: the cemetery on the command line; its take-over from openCimetière.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, Subcommand};

use super::output::{Output, suivi};
use super::{CliError, block_on, serve};
use crate::access::collectivites::{self, CollectiviteError};
use crate::access::identite::Collectivite;
use crate::access::journal::Finalite;
use crate::cimetiere::opencimetiere::{BilanReprise, Demande, Lecture, reprend};
use crate::config::Config;
use crate::db::{Acteur, Canal, Database, Use, migrate};
use crate::fichiers::Depot;
use crate::modules::registry::Registry;

/// What to do with cemeteries.
#[derive(Debug, Subcommand)]
pub(super) enum CimetiereCommand {
    /// Reprend une base openCimetière : plan, contrats, personnes, défunts, opérations, travaux, fichiers.
    Reprendre(ReprendreArgs),
}

#[derive(Debug, Args)]
pub(super) struct ReprendreArgs {
    /// Export de PostgreSQL (SQL ou « custom »), ou dossier de fichiers CSV nommés comme les tables.
    source: PathBuf,
    /// Code de la collectivité dont sont les cimetières.
    #[arg(long, value_name = "CODE")]
    collectivite: String,
    /// Code INSEE de la commune des cimetières ; sinon la seule du territoire.
    #[arg(long, value_name = "INSEE")]
    commune: Option<String>,
    /// Dossier des fichiers d'openCimetière (photos, actes numérisés).
    #[arg(long, value_name = "DOSSIER")]
    fichiers: Option<PathBuf>,
    /// Système (EPSG) des géométries qui n'en disent pas.
    #[arg(long, value_name = "EPSG")]
    srid: Option<u32>,
    /// Schéma des tables, quand l'export en a plusieurs.
    #[arg(long, value_name = "NOM")]
    schema: Option<String>,
    /// Finalité pour laquelle les données personnelles sont reprises ; inscrite au journal.
    #[arg(long, value_name = "FINALITÉ", default_value = "cimetiere")]
    finalite: String,
    /// N'écrit rien : dit ce qui serait fait.
    #[arg(long)]
    a_blanc: bool,
    /// Écrit les lignes rejetées et les écarts, avec leur motif, dans ce fichier CSV.
    #[arg(long, value_name = "FICHIER")]
    rejets: Option<PathBuf>,
}

pub(super) fn run(command: CimetiereCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    let CimetiereCommand::Reprendre(args) = command;
    let database = Database::open(config, Use::Command)?;
    let rejets = args.rejets.clone();
    let bilan = block_on(async {
        migrate(&database, config.srid).await?;
        let arret = Arc::new(AtomicBool::new(false));
        let dit = Arc::clone(&arret);
        let ecoute = tokio::spawn(async move {
            serve::stopped().await;
            dit.store(true, Ordering::Relaxed);
        });
        let fait = reprendre(args, &database, config, output, arret).await;
        ecoute.abort();
        fait
    })?;
    if let Some(chemin) = rejets {
        std::fs::write(chemin, bilan.csv())?;
    }
    output.result(&bilan, bilan.texte());
    Ok(())
}

async fn reprendre(
    args: ReprendreArgs,
    database: &Database,
    config: &Config,
    output: &Output,
    arret: Arc<AtomicBool>,
) -> Result<BilanReprise, CliError> {
    let mut owner = database.owner().await?;
    let lus = async {
        let registry = Registry::charge(&mut owner, config.modules_dir.as_deref()).await?;
        let fiche = collectivites::une(&mut owner, &args.collectivite).await?;
        Ok::<_, CliError>((registry, fiche.ok_or_else(|| CollectiviteError::Inconnue(args.collectivite.clone()))?))
    };
    let lus = lus.await;
    database.release(owner).await;
    let (registry, fiche) = lus?;
    let collectivite = Collectivite { id: fiche.id, code: fiche.code, nom: fiche.nom };
    let finalite = Finalite::parse(&args.finalite).map_err(|error| CliError::Refused(error.to_string()))?;
    let acteur = Acteur { utilisateur: None, collectivite: collectivite.id, canal: Canal::Commande };
    let demande = Demande {
        source: args.source,
        lecture: Lecture { schema: args.schema, srid: args.srid },
        fichiers: args.fichiers,
        collectivite,
        commune: args.commune,
        finalite,
        a_blanc: args.a_blanc,
    };
    let pool = database.collectivites(config).await?;
    let dit = suivi(output, "Reprise");
    let avance = move |fait: usize, total: usize| {
        dit(u64::try_from(fait).unwrap_or(u64::MAX), u64::try_from(total).unwrap_or(u64::MAX));
    };
    let depot = Depot::new(&config.data_dir);
    let fait =
        reprend((&pool, &registry, &depot), &acteur, demande, &avance, Arc::new(move || arret.load(Ordering::Relaxed)))
            .await;
    pool.close().await;
    Ok(fait?)
}
