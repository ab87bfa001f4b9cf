//! `finage import`: EDIGEO, Etalab, BAL, downloaded cadastre, COG.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use finage_reference::Insee;
use sqlx::Connection as _;
use time::Date;

use super::output::{Output, Progress};
use super::{CliError, block_on};
use crate::cadastre::import::{self, Options, Source, Target};
use crate::config::Config;
use crate::db::{Database, Use, migrate};
use crate::territory::bal;
use crate::territory::cog::Cog;

/// Formats that can be imported.
#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Feuilles du plan cadastral (PCI) au format EDIGEO : archives .tar.bz2 ou dossiers.
    Edigeo(EdigeoArgs),
    /// Fichiers GeoJSON du cadastre (Etalab) : cadastre-13004-parcelles.json.gz…
    Etalab(EtalabArgs),
    /// Base Adresse Locale (CSV).
    Bal(BalArgs),
    /// Télécharge et importe le cadastre d'une commune ou d'un groupement.
    Cadastre(CadastreArgs),
    /// Code officiel géographique : dossier « data » du paquet @etalab/decoupage-administratif ; sans dossier, la copie embarquée.
    Cog(CogArgs),
}

#[derive(Debug, Args)]
pub(super) struct EdigeoArgs {
    /// Archives ou dossiers.
    #[arg(required = true)]
    chemins: Vec<PathBuf>,
    /// Code du département, quand les noms ne le donnent pas.
    #[arg(long)]
    departement: Option<String>,
    /// La livraison couvre toute la commune : les feuilles connues et non livrées sont retirées.
    #[arg(long)]
    commune_entiere: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(super) struct EtalabArgs {
    /// Fichiers .json ou .json.gz.
    #[arg(required = true)]
    chemins: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(super) struct BalArgs {
    /// Fichier CSV.
    chemin: PathBuf,
    /// Donne le rapport sans rien écrire.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct CadastreArgs {
    /// Code INSEE de la commune.
    #[arg(long)]
    commune: Option<Insee>,
    /// SIREN du groupement : toutes ses communes, en une tâche qui reprend où elle s'est arrêtée.
    #[arg(long)]
    epci: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CogArgs {
    /// Dossier des fichiers communes.json, epci.json et departements.json.
    dossier: Option<PathBuf>,
    /// Version notée avec les communes.
    #[arg(long, default_value = "fournie")]
    version: String,
}

#[derive(Debug, Args)]
struct Common {
    /// Donne le rapport sans rien écrire.
    #[arg(long)]
    dry_run: bool,
    /// Accepte une livraison qui retire plus de la moitié des parcelles d'une commune.
    #[arg(long)]
    forcer: bool,
    /// Millésime des fichiers (AAAA-MM-JJ) ; sinon lu dans les fichiers.
    #[arg(long, value_parser = parse_date)]
    millesime: Option<Date>,
}

fn parse_date(text: &str) -> Result<Date, String> {
    Date::parse(text, time::macros::format_description!("[year]-[month]-[day]"))
        .map_err(|_| "une date s'écrit AAAA-MM-JJ, par exemple 2026-10-01".to_owned())
}

pub(super) fn run(command: ImportCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        migrate(&database, config.srid).await?;
        let mut connection = database.owner().await?;
        let interrupted = async {
            let _ = tokio::signal::ctrl_c().await;
            Err(CliError::Refused(
                "interrompu : ce qui n'était pas fini n'a rien changé ; relancez la même commande".into(),
            ))
        };
        let done = tokio::select! {
            done = dispatch(&mut connection, command, config, output) => done,
            interrupted = interrupted => interrupted,
        };
        database.release(connection).await;
        done
    })
}

async fn dispatch(
    connection: &mut sqlx::PgConnection,
    command: ImportCommand,
    config: &Config,
    output: &Output,
) -> Result<(), CliError> {
    match command {
        ImportCommand::Edigeo(args) => {
            let options = Options {
                dry_run: args.common.dry_run,
                whole: args.commune_entiere,
                force: args.common.forcer,
                departement: args.departement,
                millesime: args.common.millesime,
            };
            let total = u64::try_from(args.chemins.len()).unwrap_or(u64::MAX);
            let progress = output.progress("Feuilles", total, false);
            cadastre(connection, Source::Edigeo(args.chemins), &options, &progress, output).await
        }
        ImportCommand::Etalab(args) => {
            let options = Options {
                dry_run: args.common.dry_run,
                force: args.common.forcer,
                millesime: args.common.millesime,
                ..Options::default()
            };
            let total =
                args.chemins.iter().filter_map(|path| std::fs::metadata(path).ok()).map(|file| file.len()).sum();
            let progress = output.progress("Lecture", total, true);
            cadastre(connection, Source::Etalab(args.chemins), &options, &progress, output).await
        }
        ImportCommand::Bal(args) => {
            let total = std::fs::metadata(&args.chemin).map_or(0, |file| file.len());
            let progress = output.progress("Adresses", total, true);
            let report = bal::run(connection, &args.chemin, args.dry_run, &|bytes| progress.advance(bytes)).await;
            progress.finish();
            report.map_err(CliError::from).map(|report| output.result(&report, &report))
        }
        ImportCommand::Cadastre(args) => download(connection, args, config, output).await,
        ImportCommand::Cog(args) => cog(connection, args, output).await,
    }
}

async fn cadastre(
    connection: &mut sqlx::PgConnection,
    source: Source,
    options: &Options,
    progress: &Progress,
    output: &Output,
) -> Result<(), CliError> {
    let report = import::run(connection, source, options, &|done| progress.advance(done)).await;
    progress.finish();
    let report = report?;
    output.result(&report, &report);
    Ok(())
}

async fn download(
    connection: &mut sqlx::PgConnection,
    args: CadastreArgs,
    config: &Config,
    output: &Output,
) -> Result<(), CliError> {
    let target = match (args.commune, args.epci) {
        (Some(insee), _) => Target::Commune(insee),
        (None, Some(siren)) => Target::Epci(siren),
        (None, None) => return Err(CliError::Refused("donnez --commune ou --epci".into())),
    };
    let folder = config.data_dir.join("telechargements");
    let progress = |insee: &str, rank: u64, total: u64| {
        if !insee.is_empty() {
            output.say(format!("[{}/{total}] {insee}", rank + 1));
        }
    };
    let report =
        import::download(connection, &target, &config.cadastre_url, &folder, &Options::default(), &progress).await?;
    let mut text: Vec<String> = report.rapports.iter().map(ToString::to_string).collect();
    text.extend(report.echecs.iter().map(|failure| format!("{} : {}", failure.insee, failure.message)));
    text.push(format!(
        "{} : {} commune(s) importée(s), {} déjà faite(s), {} en échec.",
        report.cible,
        report.rapports.len(),
        report.deja_faites.len(),
        report.echecs.len()
    ));
    output.result(&report, text.join("\n"));
    if report.echecs.is_empty() {
        return Ok(());
    }
    if let [only] = report.echecs.as_slice() {
        return Err(CliError::Refused(format!("{} : {}", only.insee, only.message)));
    }
    Err(CliError::Refused(format!(
        "{} commune(s) en échec ; relancez la même commande pour reprendre",
        report.echecs.len()
    )))
}

async fn cog(connection: &mut sqlx::PgConnection, args: CogArgs, output: &Output) -> Result<(), CliError> {
    let cog = match args.dossier {
        Some(folder) => Cog::from_folder(&folder, &args.version)?,
        None => Cog::embedded()?,
    };
    let mut transaction = connection.begin().await?;
    let report = cog.store(&mut transaction).await?;
    transaction.commit().await?;
    let text = format!(
        "COG {} : {} communes, {} communes déléguées ou associées, {} groupements.",
        report.version, report.communes, report.anciennes, report.groupements
    );
    output.result(&report, text);
    Ok(())
}
