//! `finage module install`.

use std::path::Path;

use finage_manifest::{MAX_FOLDER, Module};
use serde_json::json;
use sqlx::PgConnection;

use crate::cli::CliError;
use crate::cli::output::Output;
use crate::config::Config;
use crate::modules::installation::{self, InstallationError};
use crate::modules::paquet::{self, EXTENSION, PaquetError};
use crate::modules::registry::{Installe, installes};
use crate::modules::sources::{self, Origine};

pub(super) async fn run(
    owner: &mut PgConnection,
    config: &Config,
    asked: &Path,
    output: &Output,
) -> Result<(), CliError> {
    if asked.extension().is_some_and(|end| end == EXTENSION) {
        return packed(owner, config, asked, output).await;
    }
    let id = asked.to_string_lossy().into_owned();
    let mut trouves = sources::trouves(config.modules_dir.as_deref());
    let trouve = trouves.remove(&id).ok_or_else(|| InstallationError::Inconnu(id.clone()))?;
    let module = trouve.lu.map_err(|causes| InstallationError::Fautes { module: id, causes })?;
    installation::sans_cercle(&trouves, &module)?;
    let avant = before(owner, &module).await?;
    installation::installe(owner, &module, trouve.origine).await?;
    told(&module, avant.as_ref(), output);
    Ok(())
}

/// A module in one file: put among the town's own, then installed; what was there before comes back when it is refused.
async fn packed(owner: &mut PgConnection, config: &Config, file: &Path, output: &Output) -> Result<(), CliError> {
    let dossier = config.modules_dir.as_deref().ok_or(PaquetError::SansDossier)?;
    let large = std::fs::metadata(file)?.len() > MAX_FOLDER as u64;
    if large {
        return Err(PaquetError::Illisible("il dépasse 64 Mio".to_owned()).into());
    }
    let module = paquet::deballe(&std::fs::read(file)?)?;
    installation::sans_cercle(&sources::trouves(Some(dossier)), &module)?;
    let avant = before(owner, &module).await?;
    installation::verifie(owner, &module).await?;
    let pose = paquet::pose(dossier, &module)?;
    installation::installe(owner, &module, Origine::Dossier).await?;
    pose.garde()?;
    told(&module, avant.as_ref(), output);
    Ok(())
}

/// The module as it was installed, when it was.
async fn before(owner: &mut PgConnection, module: &Module) -> Result<Option<Installe>, CliError> {
    Ok(installes(owner).await?.into_iter().find(|connu| connu.id == module.id()))
}

/// What an installation did of a module: from which version to which.
pub(super) fn change(label: &str, id: &str, before: Option<&Installe>, version: &str, digest: &str) -> String {
    match before {
        None => format!("Le module « {label} » ({id} {version}) est installé."),
        Some(avant) if avant.empreinte == digest => {
            format!("Le module « {label} » ({id} {version}) est déjà à jour.")
        }
        Some(avant) if avant.version == version => {
            format!("Le module « {label} » ({id} {version}) est remis à niveau, sans changer de version.")
        }
        Some(avant) => {
            format!("Le module « {label} » ({id}) passe de la version {} à la version {version}.", avant.version)
        }
    }
}

fn told(module: &Module, before: Option<&Installe>, output: &Output) {
    let (id, version) = (module.id(), &module.file.version);
    let roles: Vec<String> = module.file.roles.keys().map(|role| installation::code_de_role(id, role)).collect();
    let next = if roles.is_empty() || before.is_some() {
        String::new()
    } else {
        format!(" Donnez-en les rôles : {}.", roles.join(", "))
    };
    output.result(
        &json!({ "module": id, "version": version, "avant": before.map(|avant| &avant.version), "roles": roles }),
        format!("{}{next}", change(&module.file.label, id, before, version, &module.folder.digest())),
    );
}
