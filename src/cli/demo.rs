//! `finage demo`: the sample town, then the server.

use std::fs;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use super::output::Output;
use super::{CliError, block_on, serve};
use crate::cadastre::import::{self, Options, Source};
use crate::config::Config;
use crate::db::{Database, Use, migrate};
use crate::territory::bal;

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
        database.release(connection).await;
        serve::run_on(config, &mut database, output).await
    })
}

/// Imports the sample town, as anyone would from its files.
async fn load(connection: &mut sqlx::PgConnection, output: &Output) -> Result<(), CliError> {
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
