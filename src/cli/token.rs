//! `finage token`: tokens of programs.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use uuid::Uuid;

use super::output::Output;
use super::{CliError, block_on};
use crate::access::jeton::{self, Demande, JOURS, Jeton};
use crate::access::journal::Auteur;
use crate::access::utilisateur;
use crate::config::Config;
use crate::db::{Database, Use};
use crate::portal::nombres::jour;

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Crée un jeton et l'imprime, une seule fois.
    Create(CreateArgs),
    /// Liste les jetons.
    List {
        /// Seulement ceux de ce compte.
        email: Option<String>,
    },
    /// Révoque un jeton.
    Revoke {
        /// Identifiant, donné par « finage token list ».
        id: Uuid,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// Adresse électronique du compte dont il a les droits.
    email: String,
    /// Code de la collectivité pour laquelle il agit.
    #[arg(long, value_name = "CODE")]
    collectivite: String,
    /// Portée.
    #[arg(long, value_name = "PORTÉE", value_delimiter = ',', default_value = "read")]
    scope: Vec<Scope>,
    /// Jours pendant lesquels il sert.
    #[arg(long, value_name = "JOURS", default_value_t = JOURS)]
    jours: i32,
    /// À quoi il sert.
    #[arg(long, value_name = "TEXTE", default_value = "ligne de commande")]
    libelle: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scope {
    /// Lire.
    Read,
    /// Écrire ; lire en fait partie.
    Write,
}

pub(super) fn run(command: TokenCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        let mut owner = database.owner().await?;
        match command {
            TokenCommand::Create(args) => {
                let compte = utilisateur::cherche(&mut owner, &args.email).await?;
                let demande = Demande {
                    utilisateur: compte.id,
                    email: &compte.email,
                    collectivite: &args.collectivite,
                    ecriture: args.scope.contains(&Scope::Write),
                    jours: args.jours,
                    libelle: &args.libelle,
                };
                let token = jeton::cree(&mut owner, &Auteur::COMMANDE, &demande).await?;
                output.result(&json!({ "email": compte.email, "jeton": token }), &token);
            }
            TokenCommand::List { email } => {
                let compte = match email {
                    Some(email) => Some(utilisateur::cherche(&mut owner, &email).await?.id),
                    None => None,
                };
                let found = jeton::liste(&mut owner, compte).await?;
                let text: Vec<String> = found.iter().map(describe).collect();
                output.result(&found, if text.is_empty() { "Aucun jeton.".to_owned() } else { text.join("\n") });
            }
            TokenCommand::Revoke { id } => {
                jeton::revoque(&mut owner, &Auteur::COMMANDE, id, None).await?;
                output.result(&json!({ "id": id }), format!("Le jeton {id} est révoqué."));
            }
        }
        database.release(owner).await;
        Ok(())
    })
}

fn describe(token: &Jeton) -> String {
    let state = match token.revoque_le {
        Some(when) => format!("révoqué le {}", jour(when)),
        None => format!("jusqu'au {}", jour(token.expire_le)),
    };
    let used = token.vu_le.map_or_else(|| "jamais utilisé".to_owned(), |when| format!("utilisé le {}", jour(when)));
    format!(
        "{} : {} pour {}, {}, {} ; {state} ; {used}",
        token.id,
        token.email,
        token.collectivite,
        token.portee.join(","),
        token.libelle
    )
}
