//! The lock files; who takes which, and when, is told at the top of the crate.

use std::fs::{File, TryLockError};
use std::io::{Seek, Write};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::ClusterError;
use crate::home::Home;
use crate::status::{Owner, OwnerKind};

pub(crate) const TRANSITION: &str = "transition.lock";
pub(crate) const OWNER: &str = "owner.lock";
pub(crate) const SERVER: &str = "server.lock";
pub(crate) const USE: &str = "use.lock";

/// How long to sleep between two looks at a state that another process changes.
pub(crate) const POLL: Duration = Duration::from_millis(40);

/// A held lock; dropping it, or dying, lets go.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// The lock, or none where another handle has it.
    pub(crate) fn exclusive(home: &Home, name: &str) -> Result<Option<Self>, ClusterError> {
        Self::take(home, name, File::try_lock)
    }

    /// A share of the lock, or none where another handle has it alone.
    pub(crate) fn shared(home: &Home, name: &str) -> Result<Option<Self>, ClusterError> {
        Self::take(home, name, File::try_lock_shared)
    }

    fn take(
        home: &Home,
        name: &str,
        lock: fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Option<Self>, ClusterError> {
        let file = home.keep(name)?;
        match lock(&file) {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(ClusterError::io("verrouiller", &home.path.join(name))(error)),
        }
    }

    /// The lock, waited for until `deadline`.
    pub(crate) fn wait(home: &Home, name: &str, deadline: Instant) -> Result<Option<Self>, ClusterError> {
        loop {
            if let Some(lock) = Self::exclusive(home, name)? {
                return Ok(Some(lock));
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
            thread::sleep(POLL);
        }
    }

    /// Writes into the file that this process holds it. Only read for messages and for the kind of owner.
    pub(crate) fn sign(&mut self, kind: OwnerKind) {
        let kind = match kind {
            OwnerKind::Server => "server",
            OwnerKind::Command => "command",
        };
        let text = format!("{} {kind}\n", std::process::id());
        // A signature that cannot be written (full disk) only makes messages poorer.
        let _ = self.file.set_len(0);
        let _ = self.file.rewind();
        let _ = self.file.write_all(text.as_bytes());
    }
}

/// The last signature in a lock file, whoever holds it now.
pub(crate) fn signature(home: &Home, name: &str) -> Option<Owner> {
    let text = home.read(name)?;
    let text = std::str::from_utf8(&text).ok()?;
    let (pid, kind) = text.trim_end().split_once(' ')?;
    let kind = match kind {
        "server" => OwnerKind::Server,
        "command" => OwnerKind::Command,
        _ => return None,
    };
    Some(Owner { pid: pid.parse().ok()?, kind })
}

/// The pid of a signature, for people.
pub(crate) fn holder(home: &Home, name: &str) -> String {
    signature(home, name).map_or_else(|| "inconnu".to_owned(), |owner| owner.pid.to_string())
}
