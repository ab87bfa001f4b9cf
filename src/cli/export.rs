//! `finage export`.

use std::path::PathBuf;

use clap::Args;

use super::backup::secondes;
use super::output::Output;
use super::{CliError, block_on_until_told};
use crate::backup::{Exporte, Exportee, exporte};
use crate::config::Config;
use crate::db::{Database, Use};

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Code de la collectivité.
    #[arg(long, value_name = "CODE")]
    collectivite: String,
    /// Dossier à créer, ou fichier si le nom finit par .zip ; il ne doit pas exister.
    #[arg(long, value_name = "DOSSIER_OU_ZIP")]
    sortie: PathBuf,
}

pub(super) fn run(args: ExportArgs, config: &Config, output: &Output) -> Result<(), CliError> {
    let demande = Exporte { collectivite: args.collectivite, sortie: args.sortie };
    let database = Database::open(config, Use::Command)?;
    let faite = block_on_until_told(async |arret| Ok(exporte(config, &database, &demande, arret).await?))?;
    output.result(&faite, texte(&faite));
    Ok(())
}

fn texte(faite: &Exportee) -> String {
    let mut lignes = vec![format!(
        "« {} » exportée dans « {} », en {} s.",
        faite.collectivite,
        faite.sortie.display(),
        secondes(faite.duree_ms)
    )];
    lignes.extend(faite.tables.iter().map(|table| format!("  {} : {} lignes", table.fichier, table.lignes)));
    lignes.push(format!("  fichiers : {}", faite.fichiers));
    lignes.extend(
        faite
            .fichiers_absents
            .iter()
            .map(|nom| format!("ATTENTION  le fichier {nom} manque dans le dossier de données")),
    );
    lignes.join("\n")
}
