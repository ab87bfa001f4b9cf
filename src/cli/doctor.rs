//! `finage doctor`: what is installed, what is missing, and how to mend it.

use finage_cluster::{Cluster, Mode, Options};
use serde::Serialize;
use sqlx::ConnectOptions as _;
use std::str::FromStr as _;

use super::output::Output;
use super::{CliError, block_on};
use crate::access::courrier::boite;
use crate::config::Config;
use crate::db::{Database, Use, not_leakproof, requirements};
use crate::http::is_local;
use crate::jobs::{Tally, tally};
use crate::modules::registry::{Registry, installes};

#[derive(Debug, Serialize)]
struct Line {
    nom: String,
    ok: bool,
    /// Works, and would be better or safer otherwise.
    avis: bool,
    message: String,
    remede: Option<String>,
}

pub(super) fn run(config: &Config, output: &Output) -> Result<(), CliError> {
    let mut lines = match &config.database_url {
        Some(url) => external(url, config)?,
        None => embedded(config),
    };
    if config.database_url.is_none() {
        lines.extend(embedded_modules(config));
    }
    lines.push(projections());
    lines.push(adresses(config));
    lines.push(mail(config));
    let text: Vec<String> = lines.iter().map(describe).collect();
    output.result(&lines, text.join("\n"));
    let wrong = lines.iter().filter(|line| !line.ok).count();
    if wrong > 0 { Err(CliError::Refused(format!("{wrong} point(s) à corriger"))) } else { Ok(()) }
}

fn describe(line: &Line) -> String {
    let mark = match (line.ok, line.avis) {
        (true, false) => "bon   ",
        (true, true) => "avis  ",
        (false, _) => "MANQUE",
    };
    let fix = line
        .remede
        .as_ref()
        .filter(|_| !line.ok || line.avis)
        .map(|fix| format!("\n        → {fix}"))
        .unwrap_or_default();
    format!("{mark}  {} : {}{fix}", line.nom, line.message)
}

fn embedded(config: &Config) -> Vec<Line> {
    Cluster::doctor(&config.data_dir, &Options::new(Mode::Attach))
        .into_iter()
        .map(|check| Line {
            nom: check.name.to_owned(),
            ok: check.ok,
            avis: false,
            message: check.message_fr,
            remede: check.fix,
        })
        .collect()
}

/// Modules of the embedded cluster, when it runs: a look starts nothing.
fn embedded_modules(config: &Config) -> Vec<Line> {
    if !config.data_dir.join("cluster/data/postmaster.pid").exists() {
        return Vec::new();
    }
    let Ok(database) = Database::open(config, Use::Command) else { return Vec::new() };
    let looked = block_on(async {
        let mut owner = database.owner().await?;
        let lines = modules(&mut owner, config).await;
        database.release(owner).await;
        Ok(lines)
    });
    looked.unwrap_or_default()
}

fn external(url: &str, config: &Config) -> Result<Vec<Line>, CliError> {
    let options = sqlx::postgres::PgConnectOptions::from_str(url).map_err(crate::db::DbError::Url)?;
    block_on(async {
        let mut connection = options.connect().await.map_err(crate::db::DbError::Connect)?;
        let found = requirements(&mut connection).await?;
        let mut lines: Vec<Line> = found
            .into_iter()
            .map(|r| Line { nom: r.nom, ok: r.ok, avis: false, message: r.trouve, remede: Some(r.remede) })
            .collect();
        lines.extend(indexes(&mut connection).await);
        lines.extend(queue(&mut connection).await);
        lines.extend(modules(&mut connection, config).await);
        Ok(lines)
    })
}

/// The queue of jobs; nothing before the first migration, or when this user may not read it.
async fn queue(connection: &mut sqlx::PgConnection) -> Option<Line> {
    let Tally { attente, en_cours, echec } = tally(connection).await.ok()?;
    let message = format!("{attente} en attente, {en_cours} en cours, {echec} en échec");
    Some(Line { nom: "file des travaux".to_owned(), ok: true, avis: false, message, remede: None })
}

/// Modules installed: those that are loaded, those that are not and why; nothing before the first migration.
async fn modules(connection: &mut sqlx::PgConnection, config: &Config) -> Vec<Line> {
    let dossier = config.modules_dir.as_deref();
    let mut lines = Vec::new();
    if let Some(dossier) = dossier.filter(|dossier| !dossier.is_dir()) {
        lines.push(Line {
            nom: "dossier des modules".to_owned(),
            ok: false,
            avis: false,
            message: format!("{} n'est pas un dossier", dossier.display()),
            remede: Some("corrigez modules_dir (FINAGE_MODULES_DIR)".to_owned()),
        });
    }
    let (Ok(installed), Ok(registry)) = (installes(connection).await, Registry::charge(connection, dossier).await)
    else {
        return lines;
    };
    let loaded: Vec<&str> = registry.modules().iter().map(|module| module.file.id.as_str()).collect();
    let off = installed.iter().filter(|module| !module.actif).count();
    lines.push(Line {
        nom: "modules".to_owned(),
        ok: true,
        avis: false,
        message: match (loaded.is_empty(), off) {
            (true, 0) => "aucun n'est chargé".to_owned(),
            (true, off) => format!("aucun n'est chargé ; désactivés : {off}"),
            (false, 0) => format!("chargés : {}", loaded.join(", ")),
            (false, off) => format!("chargés : {} ; désactivés : {off}", loaded.join(", ")),
        },
        remede: None,
    });
    for panne in registry.pannes() {
        let causes: Vec<String> = panne.causes.iter().take(5).map(ToString::to_string).collect();
        lines.push(Line {
            nom: format!("module « {} »", panne.module),
            ok: false,
            avis: false,
            message: format!("il n'est pas chargé : {}", causes.join(" ; ")),
            remede: Some(format!(
                "« finage module upgrade {} » le met à niveau, ou dit tout ce qui ne va pas",
                panne.module
            )),
        });
    }
    lines
}

/// Whether indexes serve behind the policies of collectivités; nothing before PostGIS is there.
async fn indexes(connection: &mut sqlx::PgConnection) -> Option<Line> {
    let missing = not_leakproof(connection).await.ok()?;
    let marks = missing.iter().map(|f| format!("alter function {f} leakproof;")).collect::<Vec<_>>().join(" ");
    Some(Line {
        nom: "index derrière la sécurité par ligne".to_owned(),
        ok: true,
        avis: !missing.is_empty(),
        message: if missing.is_empty() {
            "utilisables par les recherches et les cadres".to_owned()
        } else {
            format!("inutilisables par {} ; les grandes tables seront lues en entier", missing.join(", "))
        },
        remede: Some(format!("faites exécuter « {marks} » par un administrateur de la base")),
    })
}

/// What the server listens on and what users type agree, and passwords travel enciphered.
fn adresses(config: &Config) -> Line {
    let (bind, public_url) = (config.bind, config.public_url());
    let tls = public_url.starts_with("https://");
    let host = public_url.split('/').nth(2).unwrap_or_default();
    let exposed = !tls && (!bind.ip().is_loopback() || !is_local(host));
    Line {
        nom: "adresses".to_owned(),
        ok: true,
        avis: exposed,
        message: if exposed {
            format!(
                "écoute sur {bind}, adresse publique {public_url} sans TLS : les connexions d'autres machines y sont refusées"
            )
        } else if tls {
            format!("écoute sur {bind} ; un serveur mandataire doit y mener {public_url}")
        } else {
            format!("écoute sur {bind}, pour cette machine seulement")
        },
        remede: Some(
            "placez un serveur mandataire qui porte le TLS devant Finage et donnez son adresse « https:// » à public_url (docs/securite.md)"
                .to_owned(),
        ),
    }
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
    Line { nom: "courrier".to_owned(), ok: true, avis: false, message, remede: None }
}

/// PROJ and its data know the systems Finage computes in.
fn projections() -> Line {
    let broken =
        [2154, 3942, 3944, 3950].into_iter().find_map(|to| crate::spatial::projection::Projection::new(4326, to).err());
    Line {
        nom: "projections".to_owned(),
        ok: broken.is_none(),
        avis: false,
        message: broken
            .map_or_else(|| "Lambert-93 et zones CC42 à CC50 disponibles".to_owned(), |error| error.to_string()),
        remede: Some("apt-get install proj-data".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bind: &str, public_url: Option<&str>) -> Line {
        let bind = bind.parse().unwrap();
        adresses(&Config { bind, public_url: public_url.map(str::to_owned), ..Config::default() })
    }

    #[test]
    fn an_address_without_tls_beyond_the_machine_is_a_warning() {
        for (bind, public_url) in [
            ("0.0.0.0:8080", None),
            ("192.0.2.1:80", Some("http://carte.exemple.fr")),
            ("127.0.0.1:8080", Some("http://carte.exemple.fr")),
        ] {
            let line = line(bind, public_url);
            assert!(line.avis && line.ok, "{bind} {public_url:?}");
            assert!(describe(&line).starts_with("avis") && describe(&line).contains("public_url"));
        }
        for (bind, public_url) in [
            ("127.0.0.1:8080", None),
            ("[::1]:8080", None),
            ("127.0.0.1:8080", Some("http://localhost:9000/")),
            ("0.0.0.0:8080", Some("https://carte.exemple.fr")),
        ] {
            let line = line(bind, public_url);
            assert!(!line.avis, "{bind} {public_url:?}: {}", line.message);
            assert!(describe(&line).starts_with("bon"));
        }
    }
}
