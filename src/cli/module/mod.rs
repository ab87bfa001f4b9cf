//! `finage module`: modules made, checked, packed, installed, upgraded, disabled.

mod install;
mod list;
mod new_from_table;
mod pack;
mod schema;

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;
use sqlx::PgConnection;

use super::output::Output;
use super::{CliError, block_on};
use crate::config::Config;
use crate::db::{Database, Use, migrate};
use crate::modules::installation::{self, InstallationError};
use crate::modules::registry::{Installe, installes};
use crate::modules::sources;

/// What to do with modules.
#[derive(Debug, Subcommand)]
pub(super) enum ModuleCommand {
    /// Liste les modules installés et ceux qui peuvent l'être.
    List,
    /// Installe un module, ou le met à niveau.
    Install {
        /// Identifiant (livré avec Finage, ou dossier de FINAGE_MODULES_DIR), ou fichier fait par « finage module pack ».
        module: PathBuf,
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
    /// Fait un module des tables d'un schéma de la base, avec ses écrans.
    NewFromTable(new_from_table::NewFromTable),
    /// Met un module en un fichier, pour le donner.
    Pack(pack::Pack),
    /// Écrit les schémas JSON des manifestes, pour les éditeurs.
    Schema(schema::Schema),
}

pub(super) fn run(command: ModuleCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    // What needs no database runs where there is none.
    let command = match command {
        ModuleCommand::Pack(asked) => return pack::run(&asked, config, output),
        ModuleCommand::Schema(asked) => return schema::run(&asked, output),
        command => command,
    };
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        migrate(&database, config.srid).await?;
        if let ModuleCommand::NewFromTable(asked) = command {
            // Tables restored from elsewhere are not the owner's yet.
            let mut admin = database.admin().await?;
            let done = new_from_table::run(&mut admin, asked, config, output).await;
            database.release(admin).await;
            return done;
        }
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
        ModuleCommand::List => list::run(owner, config, output).await,
        ModuleCommand::Install { module } => install::run(owner, config, &module, output).await,
        ModuleCommand::Upgrade { module: Some(module) } => {
            if !installes(owner).await?.iter().any(|connu| connu.id == module) {
                return Err(InstallationError::Absent(module).into());
            }
            install::run(owner, config, std::path::Path::new(&module), output).await
        }
        ModuleCommand::Upgrade { module: None } => {
            let avant = installes(owner).await?;
            let echecs = installation::met_a_niveau(owner, dossier).await?;
            told(&avant, &installes(owner).await?, &echecs, output)
        }
        ModuleCommand::Disable { module } => {
            installation::active(owner, dossier, &module, false).await?;
            output.result(
                &json!({ "module": module, "actif": false }),
                format!("Le module « {module} » n'est plus chargé ; ses données restent."),
            );
            Ok(())
        }
        ModuleCommand::Enable { module } => {
            installation::active(owner, dossier, &module, true).await?;
            output.result(
                &json!({ "module": module, "actif": true }),
                format!("Le module « {module} » est chargé de nouveau."),
            );
            Ok(())
        }
        ModuleCommand::Check { module } => check(owner, config, &module, output).await,
        ModuleCommand::Import(args) => super::module_import::run(args, database, owner, config, output).await,
        // Done without the owner.
        ModuleCommand::NewFromTable(_) | ModuleCommand::Pack(_) | ModuleCommand::Schema(_) => Ok(()),
    }
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

fn told(
    avant: &[Installe],
    apres: &[Installe],
    echecs: &[(String, InstallationError)],
    output: &Output,
) -> Result<(), CliError> {
    if echecs.is_empty() {
        let dit = |connu: &Installe| {
            let avant = avant.iter().find(|un| un.id == connu.id);
            install::change(&connu.libelle, &connu.id, avant, &connu.version, &connu.empreinte)
        };
        let actifs: Vec<&Installe> = apres.iter().filter(|connu| connu.actif).collect();
        let lignes: Vec<String> = actifs.iter().map(|connu| dit(connu)).collect();
        let texte = if lignes.is_empty() { "Aucun module installé.".to_owned() } else { lignes.join("\n") };
        output.result(&json!({ "echecs": [], "modules": actifs }), texte);
        return Ok(());
    }
    let dits = echecs.iter().map(|(module, cause)| format!("{module} : {cause}")).collect::<Vec<_>>().join("\n");
    Err(CliError::Refused(dits))
}
