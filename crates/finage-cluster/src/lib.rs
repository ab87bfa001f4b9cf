//! A private PostgreSQL cluster of the system's packages, owned by one directory.
//!
//! Everything lives under `<data_dir>/cluster`: `data` (PGDATA), `socket`, `log`, the generated
//! `finage.conf`, `pg_hba.conf` and `pg_ident.conf`, the town's own `local.conf` if it wants one,
//! and the lock files below. Nothing listens on TCP, nobody has a password, and PostgreSQL never
//! runs as root: the kernel says who is at the other end of the socket (`peer`).
//!
//! # Who runs the cluster, and who may stop it
//!
//! Four lock files (`flock`, so the kernel lets go of them whatever ends the process):
//!
//! | file | held | by |
//! |---|---|---|
//! | `transition.lock` | exclusive, briefly | whoever looks at the state in order to start, attach or stop |
//! | `owner.lock` | exclusive, for life | the one process whose child is `postgres` |
//! | `server.lock` | exclusive, for life | the one server, from before it starts `postgres` |
//! | `use.lock` | shared, for life | each command attached to a cluster that another process owns |
//!
//! - A second server is refused at once, with the first one's pid.
//! - A command attaches to the running cluster, whoever owns it; where none runs it becomes the
//!   owner of a *short-lived* cluster.
//! - The owner of a short-lived cluster stops it only while nobody holds `use.lock`: it **waits**
//!   for the commands attached to it, however long they take.
//! - A server that finds a short-lived cluster waits for it ([`Options::wait_timeout`]), then says
//!   which process holds it. Meanwhile new commands queue behind the server.
//! - A server stops when it is told, attached commands or not: their transactions roll back.
//! - When an owner is killed, the kernel sends `postgres` a fast shutdown; the next opener waits
//!   for its end before starting. A `postgres` without owner is an orphan, and is stopped first.
//!
//! # No unsafe code
//!
//! `postgres` must not outlive its parent. The signal for that (`PR_SET_PDEATHSIG`) has to be set in
//! the child, after the change of user: `pre_exec` could do it and is unsafe, so `setpriv
//! --pdeathsig` of util-linux (always there on Debian) does it and becomes `postgres` by `exec`, same pid.
//! The signal is bound to the *thread* that forked: hence one thread per cluster that does nothing else.

mod account;
mod cluster;
mod doctor;
mod endpoint;
mod error;
mod home;
mod initdb;
mod lock;
mod options;
mod packages;
mod postmaster;
mod settings;
mod start;
mod status;
mod wire;

pub use cluster::Cluster;
pub use doctor::Check;
pub use error::ClusterError;
pub use options::{Listen, Mode, Options};
pub use packages::{Installed, Packages};
pub use status::{Owner, OwnerKind, Status};

/// The superuser made by initdb; migrations run as it.
pub const SUPERUSER: &str = "finage";
/// The database made at the first start.
pub const DATABASE: &str = "finage";
/// The database users that the cluster's OS users may claim over the socket.
pub const DATABASE_USERS: [&str; 7] =
    ["finage", "finage_owner", "finage_app", "finage_acces", "finage_journal", "finage_snapshot", "finage_backup"];
/// The role whose members may come in over the network, with a password.
pub const NETWORK_ROLE: &str = "finage_sql";
/// The port of a cluster that does not listen: on a Unix socket, only a part of the file's name.
pub const PORT: u16 = 5432;
