//! `finage sql-role`: logins for QGIS, GeoServer and other programs that speak to PostgreSQL.

use clap::{Args, Subcommand};

use super::output::Output;
use super::{CliError, block_on};
use crate::access::connexion::{self, Demande};
use crate::config::Config;
use crate::db::{Database, Use};

/// What to do with logins.
#[derive(Debug, Subcommand)]
pub(super) enum SqlRoleCommand {
    /// Crée une connexion et imprime son mot de passe, une seule fois.
    Create(CreateArgs),
    /// Liste les connexions.
    List,
    /// Ferme une connexion : ce qu'elle a d'ouvert s'arrête.
    Revoke {
        /// Nom de la connexion.
        login: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// Nom de la connexion, par exemple qgis_voirie.
    login: String,
    /// Adresse électronique du compte dont elle a les droits.
    #[arg(long, value_name = "ADRESSE")]
    user: String,
    /// Code de la collectivité pour laquelle elle agit.
    #[arg(long, value_name = "CODE")]
    collectivite: String,
    /// Couche qu'elle modifie ; répétable. Elle ne fait que lire les autres.
    #[arg(long, value_name = "COUCHE")]
    edit: Vec<String>,
}

pub(super) fn run(command: SqlRoleCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        match command {
            SqlRoleCommand::Create(args) => {
                let mut admin = database.admin().await?;
                let demande = Demande {
                    login: &args.login,
                    email: &args.user,
                    collectivite: &args.collectivite,
                    couches: &args.edit,
                };
                let password = connexion::create(&mut admin, &demande).await?;
                database.release(admin).await;
                let answer = serde_json::json!({ "login": args.login, "mot_de_passe": password });
                output.result(&answer, &password);
            }
            SqlRoleCommand::List => {
                let mut owner = database.owner().await?;
                let found = connexion::list(&mut owner).await?;
                database.release(owner).await;
                let text: Vec<String> = found
                    .iter()
                    .map(|one| {
                        let state = if one.revoque_le.is_some() { " (fermée)" } else { "" };
                        let couches =
                            if one.couches.is_empty() { "lecture".to_owned() } else { one.couches.join(", ") };
                        format!("{}{state} : {}, pour {} ; {couches}", one.login, one.email, one.collectivite)
                    })
                    .collect();
                let text = if text.is_empty() { "Aucune connexion SQL.".to_owned() } else { text.join("\n") };
                output.result(&found, text);
            }
            SqlRoleCommand::Revoke { login } => {
                let mut admin = database.admin().await?;
                connexion::revoke(&mut admin, &login).await?;
                database.release(admin).await;
                output.result(&serde_json::json!({ "login": login }), format!("La connexion « {login} » est fermée."));
            }
        }
        Ok(())
    })
}
