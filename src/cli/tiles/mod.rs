//! `finage tiles`: the snapshots that tiles come from, and the public map as one file.

mod export;
mod rebuild;
mod verify;

use clap::{Args, Subcommand};

use super::output::Output;
use super::{CliError, block_on};
use crate::config::Config;
use crate::db::{Database, Use};
use crate::modules::registry::Registry;
use crate::services::tiles::Kept;

#[derive(Debug, Subcommand)]
pub(super) enum TilesCommand {
    /// Écrit la carte publique en un fichier PMTiles, que MapLibre lit sans serveur.
    Export(export::ExportArgs),
    /// Compare les instantanés des couches à PostGIS et donne chaque écart ; sort avec 1 s'il y en a.
    Verify(LayersArgs),
    /// Fait reconstruire les instantanés par les serveurs qui tournent.
    Rebuild(LayersArgs),
}

/// Which layers.
#[derive(Debug, Args)]
pub(super) struct LayersArgs {
    /// Couches, séparées par des virgules ; toutes par défaut.
    #[arg(long, value_name = "COUCHES", value_delimiter = ',')]
    layer: Vec<String>,
}

impl LayersArgs {
    /// The layers of these names that have a snapshot.
    fn named(&self, modules: &Registry, config: &Config) -> Result<Vec<Kept>, CliError> {
        Kept::named(modules, &self.layer, config.tuiles_simplifiees)
            .map_err(|name| CliError::Refused(format!("la couche « {name} » est inconnue, ou n'a pas d'instantané")))
    }
}

pub(super) fn run(command: TilesCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        let mut owner = database.owner().await?;
        let modules = Registry::charge(&mut owner, config.modules_dir.as_deref()).await?;
        let done = match command {
            TilesCommand::Export(args) => export::run(args, config, &database, &modules, output).await,
            TilesCommand::Verify(args) => verify::run(&args.named(&modules, config)?, config, &database, output).await,
            TilesCommand::Rebuild(args) => rebuild::run(&args.named(&modules, config)?, &mut owner, output).await,
        };
        database.release(owner).await;
        done
    })
}
