//! A handle on the cluster of a directory: owned (the server, or a short-lived one) or attached.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::endpoint::Endpoint;
use crate::error::ClusterError;
use crate::home::Home;
use crate::lock::{self, Lock, OWNER, POLL, SERVER, TRANSITION, USE};
use crate::options::{Mode, Options};
use crate::packages::Installed;
use crate::start::{self, PROBE_TIMEOUT, Started};
use crate::status::OwnerKind;
use crate::wire::{Session, WireError};

/// A cluster that answers. Dropping the handle stops the cluster if this process owns it; see the rules at the
/// top of the crate, and prefer [`Cluster::close`], which can say what went wrong.
#[derive(Debug)]
pub struct Cluster {
    home: Home,
    options: Options,
    socket_dir: PathBuf,
    /// None once closed.
    port: u16,
    role: Option<Role>,
}

#[derive(Debug)]
enum Role {
    /// `postgres` is our child.
    Owner { started: Started, kind: OwnerKind, _owner: Lock, _server: Option<Lock> },
    /// It is another process's.
    Attached { _use: Lock },
}

impl Cluster {
    /// Opens the cluster under `data_dir/cluster`, made where missing, with the usual [`Options`].
    ///
    /// # Errors
    /// Every [`ClusterError`]: each is one French sentence for the user.
    pub fn open(data_dir: &Path, mode: Mode) -> Result<Self, ClusterError> {
        Self::open_with(data_dir, Options::new(mode))
    }

    /// The same with other options.
    ///
    /// # Errors
    /// Every [`ClusterError`].
    pub fn open_with(data_dir: &Path, options: Options) -> Result<Self, ClusterError> {
        let home = Home::open(data_dir, &options)?;
        match options.mode {
            Mode::Server => Self::serve(home, options),
            Mode::Attach => Self::attach(home, options),
        }
    }

    fn serve(home: Home, options: Options) -> Result<Self, ClusterError> {
        let begun = Instant::now();
        let deadline = begun + options.wait_timeout;
        let mut server = None;
        loop {
            let Some(transition) = Lock::wait(&home, TRANSITION, deadline)? else {
                return Err(held(&home, begun.elapsed()));
            };
            if server.is_none() {
                let Some(mut lock) = Lock::exclusive(&home, SERVER)? else {
                    let pid = lock::holder(&home, SERVER);
                    return Err(ClusterError::ServerRunning { home: home.path, pid });
                };
                lock.sign(OwnerKind::Server);
                server = Some(lock);
            }
            if let Some(owner) = Lock::exclusive(&home, OWNER)? {
                return Self::own(home, options, OwnerKind::Server, owner, server);
            }
            drop(transition);
            if Instant::now() >= deadline {
                return Err(held(&home, begun.elapsed()));
            }
            thread::sleep(POLL);
        }
    }

    fn attach(home: Home, options: Options) -> Result<Self, ClusterError> {
        let begun = Instant::now();
        let deadline = begun + options.wait_timeout + options.start_timeout;
        loop {
            if let Some(_transition) = Lock::wait(&home, TRANSITION, deadline)? {
                let owner = Lock::exclusive(&home, OWNER)?;
                if server_waits(&home, owner.is_some())? {
                    // It owns nothing yet, and goes first.
                } else if let Some(owner) = owner {
                    return Self::own(home, options, OwnerKind::Command, owner, None);
                } else if let Some(endpoint) = answering(&home)?
                    && let Some(share) = Lock::shared(&home, USE)?
                {
                    let role = Some(Role::Attached { _use: share });
                    return Ok(Self { home, options, socket_dir: endpoint.directory, port: endpoint.port, role });
                }
            }
            if Instant::now() >= deadline {
                let pid = lock::holder(&home, OWNER);
                let waited = begun.elapsed();
                return Err(ClusterError::NotAnswering { home: home.path, pid, waited });
            }
            thread::sleep(POLL);
        }
    }

    /// Starts the cluster; the caller holds `transition.lock` until this returns.
    fn own(
        home: Home,
        options: Options,
        kind: OwnerKind,
        mut owner: Lock,
        server: Option<Lock>,
    ) -> Result<Self, ClusterError> {
        owner.sign(kind);
        let started = start::start(&home, &options)?;
        let (socket_dir, port) = (started.endpoint.directory.clone(), started.endpoint.port);
        let role = Some(Role::Owner { started, kind, _owner: owner, _server: server });
        Ok(Self { home, options, socket_dir, port, role })
    }

    /// The directory of the socket: the `host` of a connection.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The port of a connection: part of the socket's name, and the one it listens on when it does.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The superuser of a connection; the other names are [`crate::DATABASE_USERS`], all without password.
    #[must_use]
    pub fn database_user(&self) -> &'static str {
        crate::SUPERUSER
    }

    /// The database of a connection; it exists.
    #[must_use]
    pub fn database(&self) -> &'static str {
        crate::DATABASE
    }

    /// The OS user under which PostgreSQL runs: the one for whom `pg_dump` and its like need no password either.
    #[must_use]
    pub fn os_user(&self) -> &str {
        &self.home.account.name
    }

    /// The directory of `psql`, `pg_dump`... of the cluster's own major; none when attached and the packages have gone.
    #[must_use]
    pub fn bin_dir(&self) -> Option<PathBuf> {
        if let Some(Role::Owner { started, .. }) = &self.role {
            return Some(started.installed.bin.clone());
        }
        let major = crate::initdb::major(&self.home).ok()?;
        let packages = &self.options.packages;
        let installed: Result<Installed, _> = packages.for_existing(major, &self.home.data(), self.os_user());
        installed.ok().map(|installed| installed.bin)
    }

    /// The postmaster, when this process owns the cluster.
    #[must_use]
    pub fn postmaster_pid(&self) -> Option<i32> {
        match &self.role {
            Some(Role::Owner { started, .. }) => Some(started.postmaster.pid),
            _ => None,
        }
    }

    /// Whether this process runs the cluster (server or short-lived).
    #[must_use]
    pub fn is_owner(&self) -> bool {
        matches!(self.role, Some(Role::Owner { .. }))
    }

    /// Whether closing this handle would wait for other commands: a short-lived cluster that others use.
    #[must_use]
    pub fn is_used_by_others(&self) -> bool {
        let short_lived = matches!(self.role, Some(Role::Owner { kind: OwnerKind::Command, .. }));
        short_lived && matches!(Lock::exclusive(&self.home, USE), Ok(None))
    }

    /// Waits at most `timeout` for the owned `postgres` to end unexpectedly; true when it has ended, and
    /// [`Cluster::restart`] is due. Always false when attached.
    #[must_use]
    pub fn wait_exit(&self, timeout: Duration) -> bool {
        match &self.role {
            Some(Role::Owner { started, .. }) => started.postmaster.wait(timeout),
            _ => false,
        }
    }

    /// How the owned `postgres` ended (« signal: 9 (SIGKILL) »), or none while it runs.
    #[must_use]
    pub fn exit_status(&self) -> Option<String> {
        match &self.role {
            Some(Role::Owner { started, .. }) => started.postmaster.exit_status(),
            _ => None,
        }
    }

    /// Starts the owned `postgres` again after it ended; nothing happens while it runs, or when attached.
    /// The socket directory may change when it is a fallback.
    ///
    /// # Errors
    /// Those of a start.
    pub fn restart(&mut self) -> Result<(), ClusterError> {
        if !self.wait_exit(Duration::ZERO) {
            return Ok(());
        }
        let begun = Instant::now();
        let deadline = begun + self.options.wait_timeout;
        let Some(_transition) = Lock::wait(&self.home, TRANSITION, deadline)? else {
            let (home, pid) = (self.home.path.clone(), lock::holder(&self.home, OWNER));
            return Err(ClusterError::NotAnswering { home, pid, waited: begun.elapsed() });
        };
        let again = start::start(&self.home, &self.options)?;
        self.socket_dir.clone_from(&again.endpoint.directory);
        if let Some(Role::Owner { started, .. }) = &mut self.role {
            *started = again;
        }
        Ok(())
    }

    /// Lets go of the cluster: an attached handle leaves it alone, a server stops it, a command stops its short-lived
    /// cluster once nobody else is attached to it (waiting without limit).
    ///
    /// # Errors
    /// `StopTimeout` when `postgres` does not end.
    pub fn close(mut self) -> Result<(), ClusterError> {
        self.finish()
    }

    fn finish(&mut self) -> Result<(), ClusterError> {
        let Some(Role::Owner { started, kind, .. }) = &self.role else {
            self.role = None;
            return Ok(());
        };
        // Held until `postgres` has ended, so that nobody attaches to what is stopping.
        let _hold = match kind {
            OwnerKind::Command => last_user(&self.home),
            OwnerKind::Server => None,
        };
        let stopped = started.postmaster.stop(&self.home, self.options.stop_timeout);
        started.endpoint.remove(&self.home);
        self.role = None;
        stopped
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // `close` tells; a drop cannot, and the next start mends what is left.
        let _ = self.finish();
    }
}

/// Waits until nobody is attached; none when the lock files cannot be used any more.
fn last_user(home: &Home) -> Option<(Lock, Lock)> {
    loop {
        if let Some(transition) = Lock::exclusive(home, TRANSITION).ok()?
            && let Some(users) = Lock::exclusive(home, USE).ok()?
        {
            return Some((transition, users));
        }
        thread::sleep(POLL);
    }
}

/// Whether a server is there that has no cluster yet: new commands let it pass. Asked only under
/// `transition.lock`, where no server tries for `server.lock` at the same time.
fn server_waits(home: &Home, nobody_owns: bool) -> Result<bool, ClusterError> {
    let command_owns = || lock::signature(home, OWNER).is_some_and(|owner| owner.kind == OwnerKind::Command);
    Ok((nobody_owns || command_owns()) && Lock::shared(home, SERVER)?.is_none())
}

/// The recorded socket, if a cluster answers there.
fn answering(home: &Home) -> Result<Option<Endpoint>, ClusterError> {
    let Some(endpoint) = Endpoint::recorded(home) else {
        return Ok(None);
    };
    match Session::connect(&endpoint.socket(), crate::DATABASE, PROBE_TIMEOUT) {
        Ok(_) => Ok(Some(endpoint)),
        Err(refusal @ WireError::Server { .. }) => Err(start::wire_error(home, refusal)),
        Err(WireError::NotNow | WireError::Io(_)) => Ok(None),
    }
}

/// Who keeps a server from starting.
fn held(home: &Home, waited: Duration) -> ClusterError {
    let (path, pid) = (home.path.clone(), lock::holder(home, OWNER));
    match lock::signature(home, OWNER) {
        Some(owner) if owner.kind == OwnerKind::Server => ClusterError::ServerRunning { home: path, pid },
        _ => ClusterError::HeldByCommand { home: path, pid, waited },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server shares its handle between threads.
    #[test]
    fn a_handle_goes_between_threads() {
        fn shareable<T: Send + Sync>() {}
        shareable::<Cluster>();
    }
}
