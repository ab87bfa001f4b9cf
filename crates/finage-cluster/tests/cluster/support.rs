//! A directory for a cluster, and questions to it through the real `psql`.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use finage_cluster::{Cluster, Packages};
use tempfile::TempDir;

/// Whether PostgreSQL and PostGIS are there; says so on the terminal itself when not, since libtest hides `eprintln`.
pub fn postgres_is_there() -> bool {
    skip_unless(Packages::default().for_new_cluster().is_ok(), "PostgreSQL with PostGIS")
}

/// Whether this runs as root too.
pub fn root_and_postgres_are_there() -> bool {
    skip_unless(is_root(), "root") && postgres_is_there()
}

fn skip_unless(present: bool, what: &str) -> bool {
    if !present {
        let line = format!("SKIPPED (needs {what}): {:?}\n", thread::current().name());
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
    present
}

pub fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// A directory that PostgreSQL's user may traverse, with a short path.
pub fn directory() -> TempDir {
    let directory = tempfile::Builder::new().prefix("fc-").tempdir_in("/tmp").unwrap();
    fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
    directory
}

/// A path below it that does not exist yet.
pub fn data_dir(directory: &TempDir) -> PathBuf {
    directory.path().join("données")
}

/// What `psql` answers as the superuser.
pub fn sql(cluster: &Cluster, query: &str) -> String {
    let output = psql(cluster, cluster.database_user(), query).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{query}: {error}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub fn psql(cluster: &Cluster, user: &str, query: &str) -> Command {
    let mut command = Command::new(cluster.bin_dir().unwrap().join("psql"));
    command
        .args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", query])
        .args(["-U", user, "-d", cluster.database(), "-p", &cluster.port().to_string()])
        .arg("-h")
        .arg(cluster.socket_dir());
    command
}

/// Commits one row.
pub fn write_row(cluster: &Cluster) {
    sql(cluster, "create table if not exists commune (nom text); insert into commune values ('Luxiol')");
}

pub fn rows(cluster: &Cluster) -> String {
    sql(cluster, "select string_agg(nom, ',') from commune")
}

pub fn alive(pid: i32) -> bool {
    // A zombie that nobody reaps has an empty command line.
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

pub fn kill(pid: i32) {
    assert!(Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap().success());
}

/// Waits for something that another process does.
pub fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !condition() {
        assert!(Instant::now() < deadline, "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Names of the files in `<data_dir>/cluster`.
pub fn home_names(data_dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(data_dir.join("cluster")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
