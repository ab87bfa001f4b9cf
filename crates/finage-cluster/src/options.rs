//! How to open a cluster: the mode, and what a test or an unusual machine changes.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::packages::Packages;

/// What the caller wants of the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Run it as the one server of the directory; refused if there is one already.
    Server,
    /// Use the running cluster, or a short-lived one that ends with this handle.
    Attach,
}

/// Where logins of other programs may come in over the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// Address and port; beyond the loopback a certificate is wanted, and only TLS is let in.
    pub address: SocketAddr,
    /// Certificate and private key, PEM.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

/// Everything `Cluster::open_with` takes; [`Options::new`] has the values of a Debian machine.
#[derive(Debug, Clone)]
pub struct Options {
    pub(crate) mode: Mode,
    pub(crate) os_user: Option<String>,
    pub(crate) socket_fallbacks: Vec<PathBuf>,
    pub(crate) packages: Packages,
    pub(crate) start_timeout: Duration,
    pub(crate) recovery_timeout: Duration,
    pub(crate) wait_timeout: Duration,
    pub(crate) stop_timeout: Duration,
    pub(crate) listen: Option<Listen>,
}

impl Options {
    /// Debian's paths, user `postgres` when the caller is root, `/tmp` for a socket whose own path is too long.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self {
            mode,
            os_user: None,
            socket_fallbacks: vec![PathBuf::from("/tmp")],
            packages: Packages::default(),
            start_timeout: Duration::from_mins(1),
            recovery_timeout: Duration::from_mins(10),
            wait_timeout: Duration::from_secs(30),
            stop_timeout: Duration::from_mins(1),
            listen: None,
        }
    }

    /// The unprivileged OS user that runs PostgreSQL when the caller is root. Default: the owner of the
    /// data directory, or `postgres` where that is root.
    #[must_use]
    pub fn os_user(mut self, name: impl Into<String>) -> Self {
        self.os_user = Some(name.into());
        self
    }

    /// Directories tried in order, when the socket's path under the data directory passes 107 bytes
    /// (typically `$XDG_RUNTIME_DIR`, then `/tmp`).
    #[must_use]
    pub fn socket_fallbacks(mut self, directories: Vec<PathBuf>) -> Self {
        self.socket_fallbacks = directories;
        self
    }

    /// Where a server lets in, with a password, members of [`crate::NETWORK_ROLE`] and nobody else. Default: nowhere.
    #[must_use]
    pub fn listen(mut self, listen: Option<Listen>) -> Self {
        self.listen = listen;
        self
    }

    /// Where the PostgreSQL packages are.
    #[must_use]
    pub fn packages(mut self, packages: Packages) -> Self {
        self.packages = packages;
        self
    }

    /// How long `postgres` may take to answer for the first time, recovery apart (60 s).
    #[must_use]
    pub fn start_timeout(mut self, timeout: Duration) -> Self {
        self.start_timeout = timeout;
        self
    }

    /// How long it may take when it says that it is recovering after a crash (10 min).
    #[must_use]
    pub fn recovery_timeout(mut self, timeout: Duration) -> Self {
        self.recovery_timeout = timeout;
        self
    }

    /// How long a server waits for a short-lived cluster to end (30 s). A command waits
    /// this long *plus* [`Options::start_timeout`] for another process's start or stop.
    #[must_use]
    pub fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.wait_timeout = timeout;
        self
    }

    /// How long a fast shutdown may take before an immediate one is asked for (60 s).
    #[must_use]
    pub fn stop_timeout(mut self, timeout: Duration) -> Self {
        self.stop_timeout = timeout;
        self
    }
}
