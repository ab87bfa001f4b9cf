//! `finage audit`: what the journal holds, and that nobody touched it.

mod export;
mod purge;
mod verify;

use clap::Subcommand;
use finage_journal::Chaine;

use super::output::Output;
use super::{CliError, block_on};
use crate::config::Config;
use crate::db::{Database, Use};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Contrôle les sceaux du journal, du premier au dernier ; nomme la première ligne en cause.
    Verify,
    /// Écrit les lignes du journal en CSV, les plus récentes d'abord.
    Export(export::ExportArgs),
    /// Efface les accès plus anciens que « journal_mois » ; les actes restent.
    Purge,
}

/// Chain named on the command line.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Journal {
    /// Regards sur des données nominatives.
    Acces,
    /// Écritures, décisions, droits donnés, connexions.
    Acte,
}

impl From<Journal> for Chaine {
    fn from(journal: Journal) -> Self {
        match journal {
            Journal::Acces => Self::Acces,
            Journal::Acte => Self::Acte,
        }
    }
}

pub(super) fn run(command: AuditCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        let pool = database.journal_pool().await?;
        let done = match command {
            AuditCommand::Verify => verify::run(config, &pool, output).await,
            AuditCommand::Export(args) => export::run(args, &database, &pool, output).await,
            AuditCommand::Purge => purge::run(config, &pool, output).await,
        };
        pool.close().await;
        done
    })
}
