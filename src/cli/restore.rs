//! `finage restore`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::backup::{liste, secondes, taille};
use super::output::{Output, suivi};
use super::{CliError, block_on_until_told};
use crate::backup::{Clef, Restauration, Restauree, restaure};
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// Fichier que « finage backup » a écrit.
    fichier: PathBuf,
    /// Fichier de la clé privée age (age-keygen) qui ouvre la sauvegarde.
    #[arg(long, value_name = "FICHIER", conflicts_with = "phrase_fichier")]
    identite: Option<PathBuf>,
    /// Fichier dont la première ligne est la phrase qui ouvre la sauvegarde.
    #[arg(long, value_name = "FICHIER")]
    phrase_fichier: Option<PathBuf>,
}

pub(super) fn run(args: RestoreArgs, config: &Config, output: &Output) -> Result<(), CliError> {
    let clef = match (&args.identite, &args.phrase_fichier) {
        (Some(fichier), _) => Some(Clef::identites(fichier)?),
        (None, Some(fichier)) => Some(Clef::phrase(fichier)?),
        (None, None) => None,
    };
    let demande = Restauration { archive: args.fichier, clef };
    let faite = block_on_until_told(async |arret| {
        let avance = Arc::new(suivi(output, "restauration"));
        Ok(restaure(config, demande, arret, avance).await?)
    })?;
    output.result(&faite, texte(&faite, config));
    Ok(())
}

fn texte(faite: &Restauree, config: &Config) -> String {
    let niveau = if faite.mise_a_niveau { ", mise au niveau de cette version" } else { "" };
    let mut lignes = vec![
        format!(
            "Restauré dans « {} », en {} s : la sauvegarde du {} (Finage {}).",
            config.data_dir.display(),
            secondes(faite.duree_ms),
            faite.faite_le,
            faite.finage
        ),
        format!("  base : {} tables, {} lignes{niveau}", faite.tables, faite.lignes),
        format!("  pièces jointes : {} ({})", faite.fichiers, taille(faite.fichiers_octets)),
        format!("  journal : {} lignes scellées vérifiées", faite.journal_lignes),
        format!("  connexions SQL : {}", liste(&faite.connexions)),
        format!("  sessions et liens fermés : {}", faite.sessions_fermees),
    ];
    if let Some(fichier) = &faite.configuration {
        lignes.push(format!("  configuration : « {} »", fichier.display()));
    }
    if !faite.connexions_a_refaire.is_empty() {
        lignes.push(format!(
            "ATTENTION  donnez un nouveau mot de passe (« alter role … password … ») à : {}",
            liste(&faite.connexions_a_refaire)
        ));
    }
    lignes.extend(faite.avertissements.iter().map(|texte| format!("ATTENTION  {texte}")));
    lignes.push("« finage serve » peut démarrer.".to_owned());
    lignes.join("\n")
}
