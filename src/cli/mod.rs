//! The command line: one file a command, French help, exit codes 0 done, 1 refused or failed, 2 usage.

mod audit;
mod backup;
mod check_config;
mod cimetiere;
mod collectivite;
mod demo;
mod doctor;
mod exemple;
mod export;
mod import;
mod migrate;
mod module;
mod module_import;
mod openapi;
mod output;
mod restore;
mod role;
mod serve;
mod sql_role;
mod tiles;
mod token;
mod user;

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use thiserror::Error;
use tracing_subscriber::EnvFilter;

use self::output::Output;
pub use self::serve::serve_until;
use crate::backup::Arret;
use crate::config::{self, ConfigError, Flags};
use crate::db::DbError;
use crate::http::ServeError;

/// Système d'information territorial des communes et de leurs groupements.
#[derive(Debug, Parser)]
#[command(name = "finage", version, max_term_width = 100, disable_help_subcommand = true)]
struct Cli {
    /// Fichier de configuration (TOML) ; sinon FINAGE_CONFIG, puis finage.toml du dossier de données.
    #[arg(long, global = true, value_name = "FICHIER")]
    config: Option<PathBuf>,
    /// Dossier de données ; sinon FINAGE_DATA_DIR.
    #[arg(long, global = true, value_name = "DOSSIER")]
    data_dir: Option<PathBuf>,
    /// Imprime un résultat JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Charge la ville d'exemple si la base est vide, puis sert la carte.
    Demo(BindArgs),
    /// Sert la carte et l'API.
    Serve(BindArgs),
    /// Met la base au niveau de cette version.
    Migrate,
    /// Affiche la configuration et l'origine de chaque valeur.
    Config,
    /// Importe des données : cadastre, adresses, code officiel géographique.
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Collectivités, leur territoire et leurs missions.
    #[command(subcommand)]
    Collectivite(collectivite::CollectiviteCommand),
    /// Modules métier : les faire, les contrôler, les installer, les mettre à niveau.
    #[command(subcommand)]
    Module(module::ModuleCommand),
    /// Cimetières : reprendre une base openCimetière.
    #[command(subcommand)]
    Cimetiere(cimetiere::CimetiereCommand),
    /// Rôles : ce qu'ils permettent, qui les tient, leur revue.
    #[command(subcommand)]
    Role(role::RoleCommand),
    /// Connexions SQL directes, pour QGIS et GeoServer.
    #[command(subcommand)]
    SqlRole(sql_role::SqlRoleCommand),
    /// Comptes.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Jetons des programmes.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Contrôle, exporte et purge le journal.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Sauvegarde toute l'installation en un fichier, pendant que le serveur tourne.
    Backup(backup::BackupArgs),
    /// Restaure une sauvegarde sur une machine vide.
    Restore(restore::RestoreArgs),
    /// Exporte une collectivité entière en formats ouverts.
    Export(export::ExportArgs),
    /// Tuiles de la carte : les exporter, les contrôler, les faire reconstruire.
    #[command(subcommand)]
    Tiles(tiles::TilesCommand),
    /// Vérifie l'installation et dit ce qui manque.
    Doctor,
    /// Écrit le contrat OpenAPI de l'API.
    Openapi,
}

/// Where to listen.
#[derive(Debug, clap::Args)]
struct BindArgs {
    /// Adresse d'écoute ; sinon FINAGE_BIND, sinon 127.0.0.1:8080.
    #[arg(long, value_name = "ADRESSE:PORT")]
    bind: Option<SocketAddr>,
}

/// Why a command failed: one French sentence each.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CliError {
    /// Configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Server.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// Cadastre import.
    #[error(transparent)]
    Import(#[from] crate::cadastre::import::ImportError),
    /// Download.
    #[error(transparent)]
    Download(#[from] crate::cadastre::import::DownloadError),
    /// Address import.
    #[error(transparent)]
    Bal(#[from] crate::territory::bal::BalImportError),
    /// COG import.
    #[error(transparent)]
    Cog(#[from] crate::territory::cog::CogError),
    /// Direct SQL connections.
    #[error(transparent)]
    Connexion(#[from] crate::access::connexion::ConnexionError),
    /// Modules.
    #[error(transparent)]
    Module(#[from] crate::modules::installation::InstallationError),
    /// Modules made of tables.
    #[error(transparent)]
    Adoption(#[from] crate::modules::adoption::AdoptionError),
    /// Modules in one file.
    #[error(transparent)]
    Paquet(#[from] crate::modules::paquet::PaquetError),
    /// Collectivités.
    #[error(transparent)]
    Collectivite(#[from] crate::access::collectivites::CollectiviteError),
    /// Take-over of a cemetery.
    #[error(transparent)]
    OpenCimetiere(#[from] crate::cimetiere::opencimetiere::OpenCimetiereError),
    /// Roles.
    #[error(transparent)]
    Role(#[from] crate::access::roles::RoleError),
    /// Roles held.
    #[error(transparent)]
    Attribution(#[from] crate::access::attributions::AttributionError),
    /// Accounts, links, tokens.
    #[error(transparent)]
    Compte(#[from] crate::access::utilisateur::CompteError),
    /// Journal.
    #[error(transparent)]
    Journal(#[from] crate::access::journal::JournalError),
    /// Backup, restoration, export.
    #[error(transparent)]
    Backup(#[from] crate::backup::BackupError),
    /// The public map as one file.
    #[error(transparent)]
    Tiles(#[from] crate::services::tiles::ExportError),
    /// The database refused a statement.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Database(#[from] sqlx::Error),
    /// The system refused.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A command whose report already said what is wrong.
    #[error("{0}")]
    Refused(String),
}

/// Runs the command of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.json);
    match run(cli, &output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            Output::error(&error.to_string());
            ExitCode::from(1)
        }
    }
}

fn run(cli: Cli, output: &Output) -> Result<(), CliError> {
    let bind = match &cli.command {
        Command::Demo(args) | Command::Serve(args) => args.bind,
        _ => None,
    };
    let flags = Flags { data_dir: cli.data_dir, bind };
    if matches!(cli.command, Command::Openapi) {
        return openapi::run(output);
    }
    let file = config::file_in_use(cli.config.as_deref(), &flags)?;
    let (config, origins) = config::load(file.as_deref(), &flags)?;
    let serving = matches!(cli.command, Command::Demo(_) | Command::Serve(_));
    log(serving);
    match cli.command {
        Command::Demo(_) => demo::run(&config, output),
        Command::Serve(_) => serve::run(&config, output),
        Command::Migrate => migrate::run(&config, output),
        Command::Config => check_config::run(&origins, output),
        Command::Import(command) => import::run(command, &config, output),
        Command::Collectivite(command) => collectivite::run(command, &config, output),
        Command::Module(command) => module::run(command, &config, output),
        Command::Cimetiere(command) => cimetiere::run(command, &config, output),
        Command::Role(command) => role::run(command, &config, output),
        Command::SqlRole(command) => sql_role::run(command, &config, output),
        Command::User(command) => user::run(command, &config, output),
        Command::Token(command) => token::run(command, &config, output),
        Command::Audit(command) => audit::run(command, &config, output),
        Command::Backup(args) => backup::run(args, file, &config, output),
        Command::Restore(args) => restore::run(args, &config, output),
        Command::Export(args) => export::run(args, &config, output),
        Command::Tiles(command) => tiles::run(command, &config, output),
        Command::Doctor => doctor::run(&config, output),
        Command::Openapi => Ok(()),
    }
}

/// Logs go to stderr; `FINAGE_LOG` chooses what (`info`, `finage=debug`…).
fn log(serving: bool) {
    let default = if serving { "finage=info,warn" } else { "finage=warn,error" };
    let filter = EnvFilter::try_from_env("FINAGE_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let _ = tracing_subscriber::fmt()
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .try_init();
}

/// Runs work that Ctrl-C or SIGTERM stops in order: what it was making is removed, then the command ends.
fn block_on_until_told<T>(work: impl AsyncFnOnce(&Arret) -> Result<T, CliError>) -> Result<T, CliError> {
    block_on(async {
        let arret = Arret::default();
        let told = arret.clone();
        let listening = tokio::spawn(async move {
            serve::stopped().await;
            told.demande();
        });
        let done = work(&arret).await;
        listening.abort();
        done
    })
}

/// Runs a future to its end on a runtime made for it.
fn block_on<T>(future: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
