//! The OS user under which PostgreSQL runs, and commands run as that user.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::ClusterError;

const GETENT: &str = "/usr/bin/getent";
const TEST: &str = "/usr/bin/test";

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    gid: u32,
}

/// Whether this process may act as another user.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Account {
    /// The user of this process.
    pub(crate) fn current() -> Result<Self, ClusterError> {
        Self::by_uid(rustix::process::geteuid().as_raw())
    }

    pub(crate) fn by_uid(uid: u32) -> Result<Self, ClusterError> {
        Self::find(&uid.to_string())
    }

    /// Asks getent, which knows every directory service of the machine, not /etc/passwd alone.
    pub(crate) fn find(key: &str) -> Result<Self, ClusterError> {
        let unknown = || ClusterError::UnknownUser { user: key.to_owned() };
        if key.is_empty() || key.starts_with('-') {
            return Err(unknown());
        }
        let getent = Path::new(GETENT);
        if !getent.exists() {
            return Err(ClusterError::ProgramMissing { program: getent.to_owned(), package: "libc-bin" });
        }
        let output = Command::new(getent)
            .args(["passwd", key])
            .stdin(Stdio::null())
            .output()
            .map_err(ClusterError::io("lancer", getent))?;
        let line = String::from_utf8_lossy(&output.stdout);
        Self::parse(line.trim_end()).ok_or_else(unknown)
    }

    /// `name:password:uid:gid:...` of passwd(5).
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        // The name goes between double quotes into pg_ident.conf.
        let plain = !name.is_empty() && !name.contains(['"', '\n', '/']);
        plain.then_some(Self { name, uid, gid })
    }

    pub(crate) fn is_root(&self) -> bool {
        self.uid == 0
    }

    /// A command under this user, away from the caller's environment, terminal and directory.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .current_dir("/")
            .stdin(Stdio::null())
            // Ctrl-C reaches this process alone, which then stops the cluster in order.
            .process_group(0);
        if is_root() {
            // std drops the supplementary groups with the change of user.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Gives a file or directory that root made to this user.
    pub(crate) fn adopt(&self, file: &impl std::os::fd::AsFd) -> std::io::Result<()> {
        if is_root() {
            std::os::unix::fs::fchown(file.as_fd(), Some(self.uid), Some(self.gid))?;
        }
        Ok(())
    }

    /// The first directory on the way to `path`, itself included, that this user cannot traverse.
    /// `path` is absolute. Always none without root, where there is no change of user.
    pub(crate) fn stopped_at(&self, path: &Path) -> Option<PathBuf> {
        if !is_root() {
            return None;
        }
        let mut ancestors: Vec<&Path> = path.ancestors().collect();
        ancestors.reverse();
        ancestors.into_iter().find(|directory| !self.traverses(directory)).map(Path::to_owned)
    }

    fn traverses(&self, directory: &Path) -> bool {
        let Ok(metadata) = fs::metadata(directory) else {
            return false;
        };
        let mode = metadata.permissions().mode();
        if metadata.uid() == self.uid {
            return mode & 0o100 != 0;
        }
        if mode & 0o011 == 0o011 {
            return true;
        }
        // Groups and ACLs: let the kernel answer.
        let status = self.command(Path::new(TEST)).arg("-x").arg(directory).status();
        status.is_ok_and(|status| status.success())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passwd_line_gives_name_and_numbers() {
        let account = Account::parse("postgres:x:101:104:PostgreSQL,,,:/var/lib/postgresql:/bin/bash");
        let expected = Account { name: "postgres".to_owned(), uid: 101, gid: 104 };
        assert_eq!(account, Some(expected));
    }

    #[test]
    fn a_name_that_would_break_the_map_is_refused() {
        assert_eq!(Account::parse("a\"b:x:101:104::/:/bin/sh"), None);
        assert_eq!(Account::parse(""), None);
    }

    #[test]
    fn an_unknown_user_is_named() {
        let error = Account::find("personne-de-ce-nom").unwrap_err().to_string();
        assert!(error.contains("personne-de-ce-nom"), "{error}");
    }
}
