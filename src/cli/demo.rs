//! `finage demo`: the sample town, then the server.

use std::fs;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use sqlx::PgConnection;

use super::output::Output;
use super::{CliError, block_on, exemple, module, serve, user};
use crate::access::journal::Auteur;
use crate::access::utilisateur;
use crate::cadastre::import::{self, Options, Source};
use crate::config::Config;
use crate::db::{Database, Use, migrate};
use crate::territory::bal;

/// E-mail of the account made at the first start.
const ADMINISTRATION: &str = "administration@localhost";

/// The sample town in the real exchange formats.
#[derive(RustEmbed)]
#[folder = "data-samples/"]
#[include = "edigeo/*"]
#[include = "bal/*"]
struct Samples;

pub(super) fn run(config: &Config, output: &Output) -> Result<(), CliError> {
    let mut database = Database::open(config, Use::Server)?;
    block_on(async {
        migrate(&database, config.srid).await?;
        let mut connection = database.owner().await?;
        let empty: bool =
            sqlx::query_scalar("select not exists (select from core.import_batch)").fetch_one(&mut connection).await?;
        if empty {
            load(&mut connection, output).await?;
        }
        let invitation = first_administrator(&mut connection, config).await?;
        if empty {
            exemple::charge(&database, &mut connection, config, output).await?;
        }
        let agent = exemple::invite(&mut connection, config).await?;
        database.release(connection).await;
        if !empty {
            module::met_a_niveau(&database, config, output).await?;
        }
        if let Some(url) = invitation {
            output.say(format!(
                "Premier compte d'administration, « {ADMINISTRATION} » : choisissez son mot de passe par ce lien, qui sert une fois, pendant 7 jours.\n{url}"
            ));
        }
        if let Some(url) = agent {
            output
                .say(format!("Compte d'agent, « {} », qui tient les cimetières dans /app :\n{url}", exemple::agent()));
        }
        serve::run_on(config, &mut database, output).await
    })
}

/// A link for the first administrator, as long as no account can sign in; there is never a default password.
async fn first_administrator(connection: &mut PgConnection, config: &Config) -> Result<Option<String>, CliError> {
    let accounts = utilisateur::liste(connection).await?;
    if accounts.iter().any(|one| one.actif && one.mot_de_passe) {
        return Ok(None);
    }
    let id = match accounts.iter().find(|one| one.email == ADMINISTRATION) {
        Some(known) if !known.actif => return Ok(None),
        Some(known) => known.id,
        None if accounts.is_empty() => {
            utilisateur::cree(connection, &Auteur::COMMANDE, ADMINISTRATION, "Administration", true).await?
        }
        None => return Ok(None),
    };
    user::invitation(connection, id, config).await.map(Some)
}

/// Imports the sample town, as anyone would from its files.
async fn load(connection: &mut PgConnection, output: &Output) -> Result<(), CliError> {
    let folder = tempfile::tempdir()?;
    let files = unpack(folder.path())?;
    let (plan, addresses): (Vec<PathBuf>, Vec<PathBuf>) =
        files.into_iter().partition(|path| path.to_string_lossy().ends_with(".tar.bz2"));
    output.say(format!(
        "Chargement de la ville d'exemple : {} feuilles, {} bases d'adresses…",
        plan.len(),
        addresses.len()
    ));
    let options = Options { whole: true, departement: Some("99".to_owned()), ..Options::default() };
    let report = import::run(connection, Source::Edigeo(plan), &options, &|_| {}).await?;
    for path in addresses {
        bal::run(connection, &path, false, &|_| {}).await?;
    }
    output.say(format!(
        "{} parcelles chargées en {} ms.",
        report.total("parcelle", |layer| layer.lus),
        report.duree_ms
    ));
    Ok(())
}

fn unpack(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for name in Samples::iter() {
        let Some(file) = Samples::get(&name) else {
            continue;
        };
        let path = folder.join(name.as_ref());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &file.data)?;
        files.push(path);
    }
    files.sort();
    Ok(files)
}
