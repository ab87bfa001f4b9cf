//! `finage role`: what roles permit, who holds them, and their review.

use clap::{Args, Subcommand};
use serde_json::json;
use time::Date;

use super::collectivite::day;
use super::output::Output;
use super::{CliError, block_on};
use crate::access::attributions::{self, Attribution, AttributionError, Pouvoir};
use crate::access::collectivites;
use crate::access::jour;
use crate::access::journal::Auteur;
use crate::access::roles;
use crate::config::Config;
use crate::db::{CollectiviteId, Database, Use};
use crate::http::catalogue;
use crate::modules::registry::Registry;

/// What to do with roles.
#[derive(Debug, Subcommand)]
pub(super) enum RoleCommand {
    /// Liste les rôles et ce qu'ils permettent.
    List {
        /// Seulement ceux que cette collectivité peut donner.
        #[arg(long, value_name = "CODE")]
        collectivite: Option<String>,
    },
    /// Crée un rôle propre à une collectivité ; il ne permet encore rien.
    Create {
        /// Code du rôle.
        code: String,
        /// Code de la collectivité.
        #[arg(long, value_name = "CODE")]
        collectivite: String,
        /// Libellé.
        #[arg(long, value_name = "TEXTE")]
        libelle: String,
    },
    /// Donne un droit à un rôle propre à une collectivité.
    Permettre(PermettreArgs),
    /// Retire un droit à un rôle propre à une collectivité.
    Interdire {
        /// Code du rôle.
        code: String,
        /// Objet.
        objet: String,
        /// Action.
        action: String,
        /// Code de la collectivité.
        #[arg(long, value_name = "CODE")]
        collectivite: String,
    },
    /// Donne un rôle à un compte.
    Donner(DonnerArgs),
    /// Retire un rôle à un compte, aujourd'hui.
    Retirer {
        /// Adresse électronique du compte.
        email: String,
        /// Code du rôle.
        role: String,
        /// Code de la collectivité.
        #[arg(long, value_name = "CODE")]
        collectivite: String,
    },
    /// Passe en revue : qui tient quoi, ce qui expire, ce qui ne sert pas, les comptes absents.
    Revue {
        /// Seulement cette collectivité.
        #[arg(long, value_name = "CODE")]
        collectivite: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(super) struct PermettreArgs {
    /// Code du rôle.
    code: String,
    /// Objet, par exemple annotation.
    objet: String,
    /// Action : lire, creer, changer, archiver, transiter, exporter, imprimer, nominatif ou passer_outre.
    action: String,
    /// Code de la collectivité.
    #[arg(long, value_name = "CODE")]
    collectivite: String,
    /// Expression que les lignes vérifient.
    #[arg(long, value_name = "EXPRESSION")]
    lignes: Option<String>,
    /// Champs vus ou changés, séparés par des virgules.
    #[arg(long, value_name = "CHAMPS", value_delimiter = ',')]
    champs: Vec<String>,
    /// Niveau des données nominatives, de 1 à 3, avec l'action nominatif.
    #[arg(long, value_name = "NIVEAU", default_value_t = 0)]
    niveau: u8,
}

#[derive(Debug, Args)]
pub(super) struct DonnerArgs {
    /// Adresse électronique du compte.
    email: String,
    /// Code du rôle.
    role: String,
    /// Code de la collectivité.
    #[arg(long, value_name = "CODE")]
    collectivite: String,
    /// Communes où le rôle vaut, séparées par des virgules ; tout le territoire par défaut.
    #[arg(long, value_name = "INSEE", value_delimiter = ',')]
    communes: Vec<String>,
    /// Finalités déclarées, séparées par des virgules : sans elles, aucune donnée nominative.
    #[arg(long, value_name = "FINALITES", value_delimiter = ',')]
    finalites: Vec<String>,
    /// Premier jour ; aujourd'hui par défaut.
    #[arg(long, value_name = "AAAA-MM-JJ", value_parser = day)]
    du: Option<Date>,
    /// Premier jour où le rôle n'est plus tenu.
    #[arg(long, value_name = "AAAA-MM-JJ", value_parser = day)]
    au: Option<Date>,
}

pub(super) fn run(command: RoleCommand, config: &Config, output: &Output) -> Result<(), CliError> {
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        let mut owner = database.owner().await?;
        ordered(command, &mut owner, config.modules_dir.as_deref(), output).await?;
        database.release(owner).await;
        Ok(())
    })
}

async fn ordered(
    command: RoleCommand,
    owner: &mut sqlx::PgConnection,
    modules_dir: Option<&std::path::Path>,
    output: &Output,
) -> Result<(), CliError> {
    let auteur = Auteur::COMMANDE;
    match command {
        RoleCommand::List { collectivite } => list(owner, output, collectivite.as_deref()).await?,
        RoleCommand::Create { code, collectivite, libelle } => {
            roles::cree(owner, &auteur, &collectivite, &code, &libelle).await?;
            output.result(&json!({ "role": code }), format!("Le rôle « {code} » est créé ; il ne permet encore rien."));
        }
        RoleCommand::Permettre(args) => {
            let demande = roles::Demande {
                objet: &args.objet,
                action: &args.action,
                lignes: args.lignes.as_deref(),
                champs: some(&args.champs),
                niveau: args.niveau,
            };
            let modules = Registry::charge(owner, modules_dir).await?;
            let objets = catalogue::tous(&modules);
            roles::permet(owner, &auteur, (&args.collectivite, &args.code), &demande, &objets).await?;
            output.result(&json!({ "role": args.code }), format!("Le rôle « {} » a ce droit.", args.code));
        }
        RoleCommand::Interdire { code, objet, action, collectivite } => {
            roles::interdit(owner, &auteur, (&collectivite, &code), (&objet, &action)).await?;
            output.result(&json!({ "role": code }), format!("Le rôle « {code} » n'a plus ce droit."));
        }
        RoleCommand::Donner(args) => {
            let demande = attributions::Demande {
                email: &args.email,
                role: &args.role,
                collectivite: &args.collectivite,
                communes: some(&args.communes),
                finalites: &args.finalites,
                du: args.du,
                au: args.au,
            };
            let id = attributions::donne(owner, &Pouvoir::Administration(auteur), &demande).await?;
            output.result(&json!({ "attribution": id }), format!("{} tient le rôle « {} ».", args.email, args.role));
        }
        RoleCommand::Retirer { email, role, collectivite } => {
            let chez = key(owner, Some(&collectivite)).await?;
            let email = email.trim().to_lowercase();
            let tenues = attributions::liste(owner, chez, None).await?;
            let tenues: Vec<&Attribution> =
                tenues.iter().filter(|tenue| tenue.email == email && tenue.role == role).collect();
            if tenues.is_empty() {
                return Err(AttributionError::Inconnue.into());
            }
            for tenue in tenues {
                attributions::retire(owner, &Pouvoir::Administration(auteur), tenue.id).await?;
            }
            output.result(&json!({ "email": email }), format!("{email} ne tient plus le rôle « {role} »."));
        }
        RoleCommand::Revue { collectivite } => {
            let chez = key(owner, collectivite.as_deref()).await?;
            let found = attributions::liste(owner, chez, None).await?;
            let lines: Vec<String> = found.iter().map(reviewed).collect();
            let text = if lines.is_empty() { "Aucun rôle n'est tenu.".to_owned() } else { lines.join("\n") };
            output.result(&found, text);
        }
    }
    Ok(())
}

async fn list(owner: &mut sqlx::PgConnection, output: &Output, collectivite: Option<&str>) -> Result<(), CliError> {
    let chez = key(owner, collectivite).await?;
    let mut found = Vec::new();
    let mut lines = Vec::new();
    for role in roles::liste(owner, chez).await? {
        let droits = roles::droits(owner, role.id).await?;
        let of = role.collectivite.as_deref().map_or_else(String::new, |code| format!(", propre à {code}"));
        lines.push(format!("{} : {}{of}", role.code, role.libelle));
        lines.extend(droits.iter().map(|droit| {
            let rows = droit.lignes.as_deref().map_or_else(String::new, |lignes| format!(", lignes : {lignes}"));
            let fields =
                droit.champs.as_ref().map_or_else(String::new, |champs| format!(", champs : {}", champs.join(", ")));
            let level = if droit.niveau > 0 { format!(", niveau {}", droit.niveau) } else { String::new() };
            format!("  {} {}{level}{fields}{rows}", droit.action, droit.objet)
        }));
        found.push(json!({ "role": role, "droits": droits }));
    }
    output.result(&found, lines.join("\n"));
    Ok(())
}

/// Key of a collectivité, when one is named.
async fn key(owner: &mut sqlx::PgConnection, code: Option<&str>) -> Result<Option<CollectiviteId>, CliError> {
    let Some(code) = code else { return Ok(None) };
    let fiche = collectivites::une(owner, code).await?;
    let fiche = fiche.ok_or_else(|| collectivites::CollectiviteError::Inconnue(code.chars().take(60).collect()))?;
    Ok(Some(fiche.id))
}

fn some(list: &[String]) -> Option<&[String]> {
    (!list.is_empty()).then_some(list)
}

fn reviewed(tenue: &Attribution) -> String {
    let mut said = Vec::new();
    if !tenue.actif {
        said.push("compte fermé".to_owned());
    }
    if !tenue.en_cours {
        said.push(format!("à partir du {}", jour::ecrit(tenue.du)));
    }
    if let Some(au) = tenue.au {
        let soon = if tenue.expire_bientot { ", bientôt" } else { "" };
        said.push(format!("jusqu'au {} exclu{soon}", jour::ecrit(au)));
    }
    if tenue.jamais_servie {
        said.push("n'a jamais servi".to_owned());
    }
    if tenue.compte_absent {
        said.push("compte absent depuis six mois".to_owned());
    }
    if let Some(communes) = &tenue.communes {
        said.push(format!("communes : {}", communes.join(", ")));
    }
    if !tenue.finalites.is_empty() {
        said.push(format!("finalités : {}", tenue.finalites.join(", ")));
    }
    let said = if said.is_empty() { String::new() } else { format!(" ; {}", said.join(" ; ")) };
    format!("{} : {}, {}{said}", tenue.collectivite, tenue.email, tenue.role)
}
