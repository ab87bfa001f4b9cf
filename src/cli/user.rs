//! `finage user`: accounts.

use std::io::Read as _;

use clap::{Args, Subcommand};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use super::output::Output;
use super::{CliError, block_on};
use crate::access::journal::Auteur;
use crate::access::lien::{self, Genre};
use crate::access::mot_de_passe::{Hacheur, juge};
use crate::access::utilisateur::{self, CompteError, Utilisateur};
use crate::config::Config;
use crate::db::{Database, Use};

/// Longest line read as a password, in bytes.
const MAX_LIGNE: u64 = 1024;

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Crée un compte ; imprime un lien qui sert une fois à choisir son mot de passe, sauf --password-stdin.
    Add(AddArgs),
    /// Liste les comptes.
    List,
    /// Ferme un compte : ses sessions et ses liens s'arrêtent.
    Close(EmailArgs),
    /// Rouvre un compte.
    Reopen(EmailArgs),
    /// Imprime un lien, valable 7 jours, qui sert une fois à choisir le mot de passe.
    Lien(EmailArgs),
    /// Retire le second facteur d'un compte dont le téléphone est perdu ; ses sessions s'arrêtent.
    SecondFacteurRetirer(EmailArgs),
}

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// Adresse électronique, avec laquelle on se connecte.
    email: String,
    /// Nom affiché.
    #[arg(long, value_name = "NOM")]
    name: String,
    /// Administre l'installation : comptes, collectivités, rôles. Ne donne aucun droit sur les données.
    #[arg(long)]
    admin: bool,
    /// Lit le mot de passe sur l'entrée standard, une ligne.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Args)]
pub(super) struct EmailArgs {
    /// Adresse électronique du compte.
    email: String,
}

pub(super) fn run(command: UserCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        let mut owner = database.owner().await?;
        match command {
            UserCommand::Add(args) => add(&mut owner, &args, config, output).await?,
            UserCommand::List => {
                let found = utilisateur::liste(&mut owner).await?;
                let text: Vec<String> = found.iter().map(describe).collect();
                output.result(&found, if text.is_empty() { "Aucun compte.".to_owned() } else { text.join("\n") });
            }
            UserCommand::Close(EmailArgs { email }) => {
                let compte = utilisateur::cherche(&mut owner, &email).await?;
                utilisateur::ouvre(&mut owner, &Auteur::COMMANDE, compte.id, false).await?;
                done(output, &compte, "est fermé ; ses sessions s'arrêtent");
            }
            UserCommand::Reopen(EmailArgs { email }) => {
                let compte = utilisateur::cherche(&mut owner, &email).await?;
                utilisateur::ouvre(&mut owner, &Auteur::COMMANDE, compte.id, true).await?;
                done(output, &compte, "est ouvert");
            }
            UserCommand::Lien(EmailArgs { email }) => {
                let compte = utilisateur::cherche(&mut owner, &email).await?;
                if !compte.actif {
                    return Err(CompteError::Ferme(compte.email).into());
                }
                let url = invitation(&mut owner, compte.id, config).await?;
                output.result(&json!({ "email": compte.email, "lien": url }), &url);
            }
            UserCommand::SecondFacteurRetirer(EmailArgs { email }) => {
                let compte = utilisateur::cherche(&mut owner, &email).await?;
                utilisateur::retire_second_facteur(&mut owner, &Auteur::COMMANDE, compte.id).await?;
                done(output, &compte, "n'a plus de second facteur ; ses sessions s'arrêtent");
            }
        }
        database.release(owner).await;
        Ok(())
    })
}

async fn add(owner: &mut PgConnection, args: &AddArgs, config: &Config, output: &Output) -> Result<(), CliError> {
    let empreinte = if args.password_stdin { Some(chosen(args).await?) } else { None };
    let id = utilisateur::cree(owner, &Auteur::COMMANDE, &args.email, &args.name, args.admin).await?;
    let email = utilisateur::email(&args.email)?;
    if let Some(empreinte) = empreinte {
        let mut transaction = owner.begin().await?;
        utilisateur::change_mot_de_passe(&mut transaction, &Auteur::COMMANDE, id, &empreinte).await?;
        transaction.commit().await?;
        output.result(&json!({ "id": id, "email": email }), format!("Le compte « {email} » est créé."));
    } else {
        let url = invitation(owner, id, config).await?;
        output.result(&json!({ "id": id, "email": email, "lien": url }), &url);
    }
    Ok(())
}

/// The digest of the password given on the standard input.
async fn chosen(args: &AddArgs) -> Result<String, CliError> {
    let mut line = String::new();
    std::io::stdin().take(MAX_LIGNE).read_to_string(&mut line)?;
    let password = line.lines().next().unwrap_or_default();
    juge(password, &[&args.email, &args.name]).map_err(CompteError::from)?;
    Ok(Hacheur::default().hache(password).await.map_err(CompteError::from)?)
}

/// A link to choose a password.
pub(super) async fn invitation(owner: &mut PgConnection, id: Uuid, config: &Config) -> Result<String, CliError> {
    let secret = lien::cree(owner, id, Genre::Invitation).await?;
    Ok(format!("{}/mot-de-passe/{secret}", config.public_url()))
}

fn describe(compte: &Utilisateur) -> String {
    let words = [
        (!compte.actif).then_some("fermé"),
        compte.administrateur.then_some("administration"),
        (!compte.mot_de_passe).then_some("sans mot de passe"),
        compte.second_facteur.then_some("second facteur"),
    ];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    let state = if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
    format!("{}{state} : {}", compte.email, compte.nom)
}

fn done(output: &Output, compte: &Utilisateur, what: &str) {
    output.result(&json!({ "email": compte.email }), format!("Le compte « {} » {what}.", compte.email));
}
