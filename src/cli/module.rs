//! `finage module`: modules installed, checked, upgraded, disabled.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;
use sqlx::PgConnection;

use super::output::Output;
use super::{CliError, block_on};
use crate::config::Config;
use crate::db::{Database, Use, migrate};
use crate::modules::installation::{self, InstallationError};
use crate::modules::registry::{Registry, installes};
use crate::modules::sources;

/// What to do with modules.
#[derive(Debug, Subcommand)]
pub(super) enum ModuleCommand {
    /// Liste les modules installés et ceux qui peuvent l'être.
    List,
    /// Installe un module, ou le met à niveau.
    Install {
        /// Identifiant : livré avec Finage, ou dossier de FINAGE_MODULES_DIR.
        module: String,
    },
    /// Met à niveau un module installé, ou tous.
    Upgrade {
        /// Identifiant ; tous sans lui.
        module: Option<String>,
    },
    /// Cesse de charger un module ; ses données restent.
    Disable {
        /// Identifiant.
        module: String,
    },
    /// Charge de nouveau un module désactivé.
    Enable {
        /// Identifiant.
        module: String,
    },
    /// Contrôle le dossier d'un module contre la base, sans rien y changer.
    Check {
        /// Dossier du module, ou identifiant.
        module: PathBuf,
    },
    /// Importe les lignes d'un fichier dans un objet d'un module.
    Import(super::module_import::ImportArgs),
}

pub(super) fn run(command: ModuleCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        migrate(&database, config.srid).await?;
        let mut owner = database.owner().await?;
        let done = ordered(command, &database, &mut owner, config, output).await;
        database.release(owner).await;
        done
    })
}

async fn ordered(
    command: ModuleCommand,
    database: &Database,
    owner: &mut PgConnection,
    config: &Config,
    output: &Output,
) -> Result<(), CliError> {
    let dossier = config.modules_dir.as_deref();
    match command {
        ModuleCommand::List => list(owner, config, output).await,
        ModuleCommand::Install { module } => install(owner, config, &module, output).await,
        ModuleCommand::Upgrade { module: Some(module) } => {
            if !installes(owner).await?.iter().any(|connu| connu.id == module) {
                return Err(InstallationError::Absent(module).into());
            }
            install(owner, config, &module, output).await
        }
        ModuleCommand::Upgrade { module: None } => {
            let echecs = installation::met_a_niveau(owner, dossier).await?;
            told(&echecs, output)
        }
        ModuleCommand::Disable { module } => {
            installation::active(owner, &module, false).await?;
            output.result(
                &json!({ "module": module, "actif": false }),
                format!("Le module « {module} » n'est plus chargé ; ses données restent."),
            );
            Ok(())
        }
        ModuleCommand::Enable { module } => {
            installation::active(owner, &module, true).await?;
            output.result(
                &json!({ "module": module, "actif": true }),
                format!("Le module « {module} » est chargé de nouveau."),
            );
            Ok(())
        }
        ModuleCommand::Check { module } => check(owner, config, &module, output).await,
        ModuleCommand::Import(args) => super::module_import::run(args, database, owner, config, output).await,
    }
}

async fn install(owner: &mut PgConnection, config: &Config, id: &str, output: &Output) -> Result<(), CliError> {
    let mut trouves = sources::trouves(config.modules_dir.as_deref());
    let trouve = trouves.remove(id).ok_or_else(|| InstallationError::Inconnu(id.to_owned()))?;
    let module = trouve.lu.map_err(|causes| InstallationError::Fautes { module: id.to_owned(), causes })?;
    installation::installe(owner, &module, trouve.origine).await?;
    let version = &module.file.version;
    output.result(
        &json!({ "module": id, "version": version }),
        format!(
            "Le module « {} » ({id} {version}) est installé. Donnez-en les rôles : {}.",
            module.file.label,
            module.file.roles.keys().map(|role| installation::code_de_role(id, role)).collect::<Vec<_>>().join(", ")
        ),
    );
    Ok(())
}

async fn check(
    owner: &mut PgConnection,
    config: &Config,
    module: &std::path::Path,
    output: &Output,
) -> Result<(), CliError> {
    let nom = module.to_string_lossy().into_owned();
    let lu = if module.join("module.toml").is_file() {
        sources::lu(module)
    } else {
        let mut trouves = sources::trouves(config.modules_dir.as_deref());
        trouves.remove(&nom).ok_or_else(|| InstallationError::Inconnu(nom.clone()))?.lu
    };
    let lu = lu.map_err(|causes| InstallationError::Fautes { module: nom.clone(), causes })?;
    installation::verifie(owner, &lu).await?;
    output.result(
        &json!({ "module": lu.id(), "fautes": [] }),
        format!(
            "Le module « {} » est bon : {} objets, {} nomenclatures.",
            lu.file.label,
            lu.objects.len(),
            lu.codes.len()
        ),
    );
    Ok(())
}

async fn list(owner: &mut PgConnection, config: &Config, output: &Output) -> Result<(), CliError> {
    let dossier = config.modules_dir.as_deref();
    let connus = installes(owner).await?;
    let registry = Registry::charge(owner, dossier).await?;
    let mut lignes = Vec::new();
    for connu in &connus {
        let panne = registry.pannes().iter().find(|panne| panne.module == connu.id);
        let etat = match (connu.actif, panne) {
            (false, _) => "désactivé".to_owned(),
            (true, None) => "chargé".to_owned(),
            (true, Some(panne)) => {
                let causes = panne.causes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ; ");
                format!("EN PANNE : {causes}")
            }
        };
        lignes.push(format!("{:<24} {:<10} {etat}", connu.id, connu.version));
    }
    let trouves = sources::trouves(dossier);
    for trouve in trouves.values().filter(|trouve| !connus.iter().any(|connu| connu.id == trouve.id)) {
        let etat = match &trouve.lu {
            Ok(module) => format!("{:<10} peut être installé", module.file.version),
            Err(causes) => {
                format!("illisible : {}", causes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ; "))
            }
        };
        lignes.push(format!("{:<24} {etat}", trouve.id));
    }
    let libres: Vec<_> = trouves
        .values()
        .filter(|trouve| !connus.iter().any(|connu| connu.id == trouve.id))
        .map(|trouve| json!({ "id": trouve.id, "origine": trouve.origine, "lisible": trouve.lu.is_ok() }))
        .collect();
    let texte = if lignes.is_empty() { "Aucun module.".to_owned() } else { lignes.join("\n") };
    output.result(&json!({ "installes": connus, "pannes": registry.pannes(), "disponibles": libres }), texte);
    Ok(())
}

/// Brings installed modules to this program's versions, at start; one that fails is said, and the others run.
pub(super) async fn met_a_niveau(database: &Database, config: &Config, output: &Output) -> Result<(), CliError> {
    let mut owner = database.owner().await?;
    let echecs = installation::met_a_niveau(&mut owner, config.modules_dir.as_deref()).await;
    database.release(owner).await;
    for (module, cause) in echecs? {
        output.say(format!("Le module « {module} » n'a pas été mis à niveau, il n'est pas chargé : {cause}"));
    }
    Ok(())
}

fn told(echecs: &[(String, InstallationError)], output: &Output) -> Result<(), CliError> {
    if echecs.is_empty() {
        output.result(&json!({ "echecs": [] }), "Les modules installés sont à niveau.".to_owned());
        return Ok(());
    }
    let dits = echecs.iter().map(|(module, cause)| format!("{module} : {cause}")).collect::<Vec<_>>().join("\n");
    Err(CliError::Refused(dits))
}
