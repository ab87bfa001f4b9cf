//! Where the socket is: under the cluster's directory, or in a private directory elsewhere when that path will not do.

use std::ffi::OsStr;
use std::hash::{BuildHasher, RandomState};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Mode};

use crate::error::ClusterError;
use crate::home::{Home, open_directory};
use crate::options::Options;

/// `sun_path` has 108 bytes, the last of them zero.
const SOCKET_PATH_LIMIT: usize = 107;
const RECORD: &str = "endpoint";
const FALLBACK_PREFIX: &str = "finage-";

/// The directory of a cluster's socket.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) directory: PathBuf,
    pub(crate) port: u16,
}

impl Endpoint {
    /// Makes the directory and records it, so that other commands find the socket.
    pub(crate) fn choose(home: &Home, options: &Options) -> Result<Self, ClusterError> {
        if let Some(old) = Self::recorded(home) {
            old.remove(home);
        }
        let own = home.path.join("socket");
        let port = options.listen.as_ref().map_or(crate::PORT, |listen| listen.address.port());
        let directory =
            if fits(&own) { home.make_directory("socket")? } else { fallback(home, &options.socket_fallbacks)? };
        let mut record = directory.as_os_str().as_bytes().to_vec();
        record.extend_from_slice(format!("\n{port}\n").as_bytes());
        home.write(RECORD, &record)?;
        Ok(Self { directory, port })
    }

    /// What the last starter recorded, if the directory is still the cluster user's own.
    pub(crate) fn recorded(home: &Home) -> Option<Self> {
        let record = home.read(RECORD)?;
        // A path may hold a line break; the port is the last line, and was not written by older versions.
        let record = record.strip_suffix(b"\n")?;
        let last = record.iter().rposition(|byte| *byte == b'\n');
        let written =
            last.and_then(|at| std::str::from_utf8(&record[at + 1..]).ok()?.parse().ok().map(|port| (at, port)));
        let (path, port) = written.map_or((record, crate::PORT), |(at, port)| (&record[..at], port));
        let directory = PathBuf::from(OsStr::from_bytes(path));
        let metadata = std::fs::symlink_metadata(&directory).ok()?;
        (metadata.is_dir() && metadata.uid() == home.account.uid).then_some(Self { directory, port })
    }

    /// The socket itself.
    pub(crate) fn socket(&self) -> PathBuf {
        socket_in(&self.directory, self.port)
    }

    /// Removes a directory made elsewhere; the one under the cluster's directory stays.
    pub(crate) fn remove(&self, home: &Home) {
        let name = self.directory.file_name().unwrap_or_default();
        if self.directory.starts_with(&home.path) || !name.as_bytes().starts_with(FALLBACK_PREFIX.as_bytes()) {
            return;
        }
        // What is left behind here is an empty private directory: no reason to fail.
        let Ok(fd) = open_directory(&self.directory) else {
            return;
        };
        let socket = socket_name(self.port);
        let _ = rustix::fs::unlinkat(&fd, socket.as_str(), AtFlags::empty());
        let _ = rustix::fs::unlinkat(&fd, format!("{socket}.lock").as_str(), AtFlags::empty());
        let _ = std::fs::remove_dir(&self.directory);
    }
}

/// Whether the system accepts the path of a socket in this directory, and libpq too, for which a comma
/// separates two hosts.
pub(crate) fn fits(directory: &Path) -> bool {
    // The longest port there is: the directory is chosen before and kept after.
    let socket = socket_in(directory, u16::MAX);
    let path = socket.as_os_str().as_bytes();
    path.len() <= SOCKET_PATH_LIMIT && !path.contains(&b',')
}

fn socket_in(directory: &Path, port: u16) -> PathBuf {
    directory.join(socket_name(port))
}

fn socket_name(port: u16) -> String {
    format!(".s.PGSQL.{port}")
}

/// A new directory of mode 0700 in the first root that is short enough and open to the cluster's user.
fn fallback(home: &Home, roots: &[PathBuf]) -> Result<PathBuf, ClusterError> {
    for root in roots {
        // Unguessable enough: a name already taken only costs this attempt, never trust.
        let name = format!("{FALLBACK_PREFIX}{:016x}", RandomState::new().hash_one(&home.path));
        let directory = root.join(name);
        let usable = fits(&directory) && root.is_absolute() && home.account.stopped_at(root).is_none();
        if usable
            && rustix::fs::mkdir(&directory, Mode::RWXU).is_ok()
            && let Ok(fd) = open_directory(&directory)
            && home.account.adopt(&fd).is_ok()
        {
            return Ok(directory);
        }
    }
    let tried: Vec<String> = roots.iter().map(|root| root.display().to_string()).collect();
    Err(ClusterError::SocketPathTooLong { home: home.path.clone(), tried: tried.join(", ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_would_be_two_hosts() {
        assert!(!fits(Path::new("/srv/Arles, Sète")));
    }

    #[test]
    fn the_limit_counts_the_socket_name() {
        let longest = PathBuf::from(format!("/{}", "a".repeat(SOCKET_PATH_LIMIT - 16)));
        assert_eq!(socket_in(&longest, u16::MAX).as_os_str().len(), SOCKET_PATH_LIMIT);
        assert!(fits(&longest));
        assert!(!fits(&longest.with_file_name("a".repeat(SOCKET_PATH_LIMIT - 15))));
    }
}
