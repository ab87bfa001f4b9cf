//! Makes PGDATA, whole or not at all: initdb works in a sibling directory, renamed when it is done.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::ClusterError;
use crate::home::Home;
use crate::lock::POLL;
use crate::packages::{Installed, Packages};

const DRAFT: &str = "data.new-";
const RM: &str = "/usr/bin/rm";
const LOG: &str = "initdb.log";
/// initdb takes a second, twelve on a loaded machine.
const TIMEOUT: Duration = Duration::from_mins(5);
/// How much of a log an error shows, in bytes.
const TAIL: u64 = 1_500;

/// The major that PGDATA is made for, making PGDATA first where there is none.
pub(crate) fn prepare(home: &Home, packages: &Packages) -> Result<Installed, ClusterError> {
    clear_drafts(home)?;
    if home.data().symlink_metadata().is_err() {
        let installed = packages.for_new_cluster()?;
        create(home, &installed)?;
    }
    let major = major(home)?;
    packages.for_existing(major, &home.data(), &home.account.name)
}

/// The major named by PG_VERSION.
pub(crate) fn major(home: &Home) -> Result<u32, ClusterError> {
    let damaged = |cause: &str| ClusterError::Damaged { data: home.data(), cause: cause.to_owned() };
    let text = home.read("data/PG_VERSION").ok_or_else(|| damaged("PG_VERSION manque"))?;
    let text = String::from_utf8_lossy(&text);
    text.trim().parse().map_err(|_| damaged("PG_VERSION est illisible"))
}

/// Removes what an interrupted initdb left.
fn clear_drafts(home: &Home) -> Result<(), ClusterError> {
    for draft in home.names().into_iter().filter(|name| name.starts_with(DRAFT)) {
        let path = home.path.join(draft);
        let removal = home.account.command(Path::new(RM)).args(["-rf", "--"]).arg(&path).status();
        removal.map_err(ClusterError::io("supprimer", &path))?;
    }
    Ok(())
}

fn create(home: &Home, installed: &Installed) -> Result<(), ClusterError> {
    let draft = format!("{DRAFT}{}", std::process::id());
    let mut log = home.renew(LOG)?;
    let output = || log.try_clone().map(Stdio::from);
    let program = installed.bin.join("initdb");
    let mut command = crate::postmaster::bound_command(home, "KILL", &program)?;
    command
        .arg("-D")
        .arg(home.path.join(&draft))
        .arg(format!("--username={}", crate::SUPERUSER))
        .args(["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"])
        .args(["--auth-local=peer", "--auth-host=reject", "--no-instructions"])
        .stdout(output().map_err(ClusterError::io("ouvrir", &home.path.join(LOG)))?)
        .stderr(output().map_err(ClusterError::io("ouvrir", &home.path.join(LOG)))?);
    let mut child = command.spawn().map_err(ClusterError::io("lancer", &program))?;
    let deadline = Instant::now() + TIMEOUT;
    let status = loop {
        match child.try_wait().map_err(ClusterError::io("attendre", &program))? {
            Some(status) => break Some(status),
            None if Instant::now() >= deadline => {
                // Nothing of it stays: the next start clears the draft.
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            None => thread::sleep(POLL),
        }
    };
    if !status.is_some_and(|status| status.success()) {
        clear_drafts(home)?;
        return Err(ClusterError::Initdb { home: home.path.clone(), tail: tail(&mut log) });
    }
    home.rename(&draft, "data")
}

/// The last lines of a log, on one line.
pub(crate) fn tail(log: &mut File) -> String {
    let length = log.metadata().map_or(0, |metadata| metadata.len());
    let mut text = Vec::new();
    let read =
        log.seek(SeekFrom::Start(length.saturating_sub(TAIL))).and_then(|_| log.take(TAIL).read_to_end(&mut text));
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match read {
        Ok(_) if !lines.is_empty() => lines.join(" / "),
        _ => "(aucun message)".to_owned(),
    }
}
