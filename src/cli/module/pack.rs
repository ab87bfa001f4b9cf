//! `finage module pack`.

use std::path::PathBuf;

use serde_json::json;

use crate::cli::CliError;
use crate::cli::output::Output;
use crate::config::Config;
use crate::modules::installation::InstallationError;
use crate::modules::paquet::{self, EXTENSION, PaquetError};
use crate::modules::sources;

/// Met un module en un fichier.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Pack {
    /// Dossier du module, ou identifiant.
    module: PathBuf,
    /// Fichier à écrire ; sinon IDENTIFIANT-VERSION.finage-module, ici.
    #[arg(long, value_name = "FICHIER")]
    sortie: Option<PathBuf>,
}

pub(super) fn run(asked: &Pack, config: &Config, output: &Output) -> Result<(), CliError> {
    let nom = asked.module.to_string_lossy().into_owned();
    let lu = if asked.module.join("module.toml").is_file() {
        sources::lu(&asked.module)
    } else {
        let mut trouves = sources::trouves(config.modules_dir.as_deref());
        trouves.remove(&nom).ok_or_else(|| InstallationError::Inconnu(nom.clone()))?.lu
    };
    let module = lu.map_err(|causes| InstallationError::Fautes { module: nom, causes })?;
    let named = || PathBuf::from(format!("{}-{}.{EXTENSION}", module.id(), module.file.version));
    let file = asked.sortie.clone().unwrap_or_else(named);
    // In the folder it would be a file of the module, and change what is installed.
    let place = std::path::absolute(&file)?;
    if asked.module.is_dir() && place.starts_with(std::path::absolute(&asked.module)?) {
        let message =
            format!("{} serait dans le dossier du module ; écrivez-le ailleurs, par --sortie", file.display());
        return Err(CliError::Refused(message));
    }
    let octets = paquet::emballe(&module)?;
    let refuse = |cause| PaquetError::Disque(file.display().to_string(), cause);
    std::fs::write(&file, &octets).map_err(refuse)?;
    output.result(
        &json!({ "module": module.id(), "version": module.file.version, "fichier": file, "octets": octets.len(), "sha256": module.folder.digest() }),
        format!(
            "{} : le module « {} » {}, {} octets. « finage module install {} » l'installe ailleurs.",
            file.display(),
            module.file.label,
            module.file.version,
            octets.len(),
            file.display()
        ),
    );
    Ok(())
}
