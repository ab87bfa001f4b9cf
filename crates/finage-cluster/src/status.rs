//! What can be said of a cluster without touching it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cluster::Cluster;
use crate::endpoint::Endpoint;
use crate::error::ClusterError;
use crate::home::Home;
use crate::lock::{self, OWNER};
use crate::options::{Mode, Options};
use crate::start::PROBE_TIMEOUT;
use crate::wire::Session;
use crate::{initdb, postmaster};

/// PGDATA is shallow; a deeper tree is not PostgreSQL's.
const DEPTH_LIMIT: u32 = 12;

/// What kind of process owns a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerKind {
    /// The server.
    Server,
    /// A command, for as long as it lasts.
    Command,
}

/// The process that started the cluster last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// Its pid.
    pub pid: i32,
    /// What it is.
    pub kind: OwnerKind,
}

/// The state of the cluster of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// `<data_dir>/cluster`.
    pub home: PathBuf,
    /// The major of PGDATA; none before the first start.
    pub major: Option<u32>,
    /// The OS user that owns it; none before the first start.
    pub os_user: Option<String>,
    /// The live postmaster.
    pub postmaster_pid: Option<i32>,
    /// Who started it, while it lives.
    pub owner: Option<Owner>,
    /// Where the socket is, while the postmaster lives.
    pub socket_dir: Option<PathBuf>,
    /// Whether a connection succeeds now.
    pub answers: bool,
    /// PGDATA on disk, in bytes.
    pub size_bytes: u64,
}

impl Status {
    fn absent(home: PathBuf) -> Self {
        Self {
            home,
            major: None,
            os_user: None,
            postmaster_pid: None,
            owner: None,
            socket_dir: None,
            answers: false,
            size_bytes: 0,
        }
    }

    pub(crate) fn of(home: &Home) -> Result<Self, ClusterError> {
        let mut status = Self::absent(home.path.clone());
        status.os_user = Some(home.account.name.clone());
        if home.data().symlink_metadata().is_err() {
            return Ok(status);
        }
        status.major = Some(initdb::major(home)?);
        status.size_bytes = size(&home.data(), DEPTH_LIMIT);
        let Some((pid, _)) = postmaster::find(home) else {
            return Ok(status);
        };
        status.postmaster_pid = Some(pid);
        status.owner = lock::signature(home, OWNER);
        if let Some(endpoint) = Endpoint::recorded(home) {
            let attempt = Session::connect(&endpoint.socket(), crate::DATABASE, PROBE_TIMEOUT);
            status.answers = attempt.is_ok();
            status.socket_dir = Some(endpoint.directory);
        }
        Ok(status)
    }
}

impl Cluster {
    /// The state of the cluster of `data_dir`; starts, makes and locks nothing.
    ///
    /// # Errors
    /// `ForeignOwner`, `NotTraversable`, `Damaged`, `Io`.
    pub fn status(data_dir: &Path) -> Result<Status, ClusterError> {
        let Ok(data_dir) = fs::canonicalize(data_dir) else {
            return Ok(Status::absent(data_dir.join("cluster")));
        };
        match Home::find(&data_dir, &Options::new(Mode::Attach))? {
            Some(home) => Status::of(&home),
            None => Ok(Status::absent(data_dir.join("cluster"))),
        }
    }
}

/// The bytes of the regular files below, links not followed; files that vanish meanwhile count for nothing.
fn size(directory: &Path, depth: u32) -> u64 {
    let Some(depth) = depth.checked_sub(1) else {
        return 0;
    };
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => size(&entry.path(), depth),
            Ok(metadata) if metadata.is_file() => metadata.len(),
            _ => 0,
        })
        .sum()
}
