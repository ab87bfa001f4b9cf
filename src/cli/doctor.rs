//! `finage doctor`: what is installed, what is missing, and how to mend it.

use finage_cluster::{Cluster, Mode, Options};
use serde::Serialize;
use sqlx::ConnectOptions as _;
use std::str::FromStr as _;

use super::output::Output;
use super::{CliError, block_on};
use crate::access::courrier::boite;
use crate::config::Config;
use crate::db::requirements;
use crate::jobs::{Tally, tally};

#[derive(Debug, Serialize)]
struct Line {
    nom: String,
    ok: bool,
    message: String,
    remede: Option<String>,
}

pub(super) fn run(config: &Config, output: &Output) -> Result<(), CliError> {
    let mut lines = match &config.database_url {
        Some(url) => external(url)?,
        None => embedded(config),
    };
    lines.push(projections());
    lines.push(mail(config));
    let text: Vec<String> = lines.iter().map(describe).collect();
    output.result(&lines, text.join("\n"));
    let wrong = lines.iter().filter(|line| !line.ok).count();
    if wrong > 0 { Err(CliError::Refused(format!("{wrong} point(s) à corriger"))) } else { Ok(()) }
}

fn describe(line: &Line) -> String {
    let mark = if line.ok { "bon   " } else { "MANQUE" };
    let fix = line.remede.as_ref().filter(|_| !line.ok).map(|fix| format!("\n        → {fix}")).unwrap_or_default();
    format!("{mark}  {} : {}{fix}", line.nom, line.message)
}

fn embedded(config: &Config) -> Vec<Line> {
    Cluster::doctor(&config.data_dir, &Options::new(Mode::Attach))
        .into_iter()
        .map(|check| Line { nom: check.name.to_owned(), ok: check.ok, message: check.message_fr, remede: check.fix })
        .collect()
}

fn external(url: &str) -> Result<Vec<Line>, CliError> {
    let options = sqlx::postgres::PgConnectOptions::from_str(url).map_err(crate::db::DbError::Url)?;
    block_on(async {
        let mut connection = options.connect().await.map_err(crate::db::DbError::Connect)?;
        let found = requirements(&mut connection).await?;
        let mut lines: Vec<Line> = found
            .into_iter()
            .map(|r| Line { nom: r.nom, ok: r.ok, message: r.trouve, remede: Some(r.remede) })
            .collect();
        lines.extend(queue(&mut connection).await);
        Ok(lines)
    })
}

/// The queue of jobs; nothing before the first migration, or when this user may not read it.
async fn queue(connection: &mut sqlx::PgConnection) -> Option<Line> {
    let Tally { attente, en_cours, echec } = tally(connection).await.ok()?;
    let message = format!("{attente} en attente, {en_cours} en cours, {echec} en échec");
    Some(Line { nom: "file des travaux".to_owned(), ok: true, message, remede: None })
}

/// Where mail goes: without a server, to a folder that someone must read.
fn mail(config: &Config) -> Line {
    let message = match &config.courrier.serveur {
        Some(serveur) => format!("par le serveur {serveur}"),
        None => format!(
            "aucun serveur : les messages sont rangés dans {}, à lire par l'administration (réglage [courrier])",
            boite(&config.data_dir).display()
        ),
    };
    Line { nom: "courrier".to_owned(), ok: true, message, remede: None }
}

/// PROJ and its data know the systems Finage computes in.
fn projections() -> Line {
    let broken =
        [2154, 3942, 3944, 3950].into_iter().find_map(|to| crate::spatial::projection::Projection::new(4326, to).err());
    Line {
        nom: "projections".to_owned(),
        ok: broken.is_none(),
        message: broken
            .map_or_else(|| "Lambert-93 et zones CC42 à CC50 disponibles".to_owned(), |error| error.to_string()),
        remede: Some("apt-get install proj-data".to_owned()),
    }
}
