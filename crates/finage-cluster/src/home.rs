//! The cluster's directory `<data_dir>/cluster`, and file operations in it that no symbolic link can divert.
//!
//! The directory belongs to the unprivileged user, and root writes in it: so it is opened once, without
//! following links, and every file is reached from that descriptor.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use crate::account::{Account, is_root};
use crate::error::ClusterError;
use crate::options::Options;

/// No file that this crate reads is longer than this, in bytes; a log is read from its end.
const READ_LIMIT: u64 = 64 * 1024;

/// The opened directory and the user who owns it.
#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) path: PathBuf,
    pub(crate) account: Account,
    fd: OwnedFd,
}

impl Home {
    /// Opens the directory, made first where it is missing.
    pub(crate) fn open(data_dir: &Path, options: &Options) -> Result<Self, ClusterError> {
        create_data_dir(data_dir)?;
        let data_dir = fs::canonicalize(data_dir).map_err(ClusterError::io("lire", data_dir))?;
        if let Some(home) = Self::find(&data_dir, options)? {
            return Ok(home);
        }
        let account = account_for_new(&data_dir, options)?;
        let path = data_dir.join("cluster");
        refuse_root(&account, &path)?;
        check_reachable(&account, &data_dir)?;
        make_home(&account, &path)?;
        Self::find(&data_dir, options)?
            .ok_or_else(|| ClusterError::io("ouvrir", &path)(std::io::Error::from(Errno::NOENT)))
    }

    /// Opens the directory if it exists; `data_dir` is absolute and without links.
    pub(crate) fn find(data_dir: &Path, options: &Options) -> Result<Option<Self>, ClusterError> {
        let path = data_dir.join("cluster");
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ClusterError::io("lire", &path)(error)),
        };
        if metadata.uid() == 0 {
            return Err(ClusterError::RootRefused { home: path });
        }
        let account = Account::by_uid(metadata.uid())?;
        let expected = match &options.os_user {
            Some(name) if is_root() => Account::find(name)?,
            _ if is_root() => account.clone(),
            _ => Account::current()?,
        };
        if account != expected {
            let (owner, user) = (account.name, expected.name);
            return Err(ClusterError::ForeignOwner { home: path, owner, user });
        }
        check_reachable(&account, data_dir)?;
        let fd = open_directory(&path).map_err(ClusterError::io("ouvrir", &path))?;
        Ok(Some(Self { path, account, fd }))
    }

    /// PGDATA.
    pub(crate) fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// A file kept over time (a lock), made where it is missing.
    pub(crate) fn keep(&self, name: &str) -> Result<File, ClusterError> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let path = self.path.join(name);
        let opened = rustix::fs::openat(&self.fd, name, flags, Mode::RUSR | Mode::WUSR);
        let file = File::from(opened.map_err(ClusterError::io("ouvrir", &path))?);
        let metadata = file.metadata().map_err(ClusterError::io("lire", &path))?;
        if metadata.uid() != self.account.uid {
            self.account.adopt(&file).map_err(ClusterError::io("donner à PostgreSQL", &path))?;
        }
        Ok(file)
    }

    /// A new empty file in place of what had this name.
    pub(crate) fn renew(&self, name: &str) -> Result<File, ClusterError> {
        let path = self.path.join(name);
        match rustix::fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(ClusterError::io("remplacer", &path)(error)),
        }
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(&self.fd, name, flags, Mode::RUSR | Mode::WUSR);
        let file = File::from(opened.map_err(ClusterError::io("créer", &path))?);
        self.account.adopt(&file).map_err(ClusterError::io("donner à PostgreSQL", &path))?;
        Ok(file)
    }

    /// Replaces a file whole: a reader sees the old text or the new.
    pub(crate) fn write(&self, name: &str, text: &[u8]) -> Result<(), ClusterError> {
        let draft = format!("{name}.new");
        let path = self.path.join(name);
        let mut file = self.renew(&draft)?;
        file.write_all(text).map_err(ClusterError::io("écrire", &path))?;
        self.rename(&draft, name)
    }

    /// Renames inside the directory, for good (the directory is synced).
    pub(crate) fn rename(&self, from: &str, to: &str) -> Result<(), ClusterError> {
        rustix::fs::renameat(&self.fd, from, &self.fd, to)
            .and_then(|()| rustix::fs::fsync(&self.fd))
            .map_err(ClusterError::io("renommer", &self.path.join(from)))
    }

    /// A small file's text, none where it is missing, unreadable or a link.
    pub(crate) fn read(&self, name: &str) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        self.look(name)?.take(READ_LIMIT).read_to_end(&mut text).ok()?;
        Some(text)
    }

    /// A regular file to read, none where it is missing, unreadable or a link.
    pub(crate) fn look(&self, name: &str) -> Option<File> {
        // Without NONBLOCK, a pipe put in its place would keep us here.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::openat(&self.fd, name, flags, Mode::empty()).ok()?);
        file.metadata().ok()?.is_file().then_some(file)
    }

    /// Makes a directory of mode 0700 for the cluster's user, if it is missing.
    pub(crate) fn make_directory(&self, name: &str) -> Result<PathBuf, ClusterError> {
        let path = self.path.join(name);
        match rustix::fs::mkdirat(&self.fd, name, Mode::RWXU) {
            Ok(()) => {
                let fd = open_directory(&path).map_err(ClusterError::io("ouvrir", &path))?;
                self.account.adopt(&fd).map_err(ClusterError::io("donner à PostgreSQL", &path))?;
            }
            Err(Errno::EXIST) => {}
            Err(error) => return Err(ClusterError::io("créer", &path)(error)),
        }
        Ok(path)
    }

    /// The names in the directory.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    /// Free bytes of the file system for ordinary users.
    pub(crate) fn free_bytes(&self) -> Option<u64> {
        let statistics = rustix::fs::fstatvfs(&self.fd).ok()?;
        Some(statistics.f_bavail.saturating_mul(statistics.f_frsize))
    }
}

pub(crate) fn open_directory(path: &Path) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty())
}

/// Makes the directory aside and renames it, so that nobody sees it before it is the account's.
fn make_home(account: &Account, path: &Path) -> Result<(), ClusterError> {
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    match rustix::fs::mkdir(&draft, Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(ClusterError::io("créer", &draft)(error)),
    }
    let fd = open_directory(&draft).map_err(ClusterError::io("ouvrir", &draft))?;
    account.adopt(&fd).map_err(ClusterError::io("donner à PostgreSQL", &draft))?;
    match rustix::fs::renameat_with(CWD, &draft, CWD, path, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        // Another command was faster.
        Err(Errno::EXIST) => fs::remove_dir(&draft).map_err(ClusterError::io("supprimer", &draft)),
        Err(error) => Err(ClusterError::io("renommer", &draft)(error)),
    }
}

/// Makes the missing directories, traversable by the cluster's user when root makes them.
fn create_data_dir(path: &Path) -> Result<(), ClusterError> {
    let missing: Vec<&Path> =
        path.ancestors().take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists()).collect();
    let mode = if is_root() { 0o711 } else { 0o700 };
    for directory in missing.into_iter().rev() {
        match DirBuilder::new().mode(mode).create(directory) {
            Ok(()) => fs::set_permissions(directory, Permissions::from_mode(mode)),
            // Another command made it meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
        .map_err(ClusterError::io("créer", directory))?;
    }
    Ok(())
}

/// Who shall own a new cluster: the caller; for root the configured user, else the owner of the data
/// directory (a service's own user), else `postgres`.
pub(crate) fn account_for_new(data_dir: &Path, options: &Options) -> Result<Account, ClusterError> {
    if !is_root() {
        return Account::current();
    }
    if let Some(name) = &options.os_user {
        return Account::find(name);
    }
    match fs::metadata(data_dir) {
        Ok(metadata) if metadata.uid() != 0 => Account::by_uid(metadata.uid()),
        _ => Account::find("postgres"),
    }
}

/// Whether root owns a directory, and we are root: we may open it to PostgreSQL's user.
pub(crate) fn is_of_root(directory: &Path) -> bool {
    is_root() && fs::metadata(directory).is_ok_and(|metadata| metadata.uid() == 0)
}

fn refuse_root(account: &Account, home: &Path) -> Result<(), ClusterError> {
    if account.is_root() {
        return Err(ClusterError::RootRefused { home: home.to_owned() });
    }
    Ok(())
}

fn check_reachable(account: &Account, data_dir: &Path) -> Result<(), ClusterError> {
    match account.stopped_at(data_dir) {
        Some(directory) if directory == data_dir && is_of_root(data_dir) => {
            // Made by root for its own files, before there was a cluster: others may cross it, and still read nothing.
            let mode = fs::metadata(data_dir).map_err(ClusterError::io("lire", data_dir))?.mode() | 0o001;
            fs::set_permissions(data_dir, Permissions::from_mode(mode)).map_err(ClusterError::io("ouvrir", data_dir))
        }
        Some(directory) => {
            let user = account.name.clone();
            Err(ClusterError::NotTraversable { directory, user })
        }
        None => Ok(()),
    }
}
