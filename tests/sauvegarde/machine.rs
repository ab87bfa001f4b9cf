//! A machine: a data directory, the command on it, a server, the database.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use finage::config::Config;
use finage::db::{Database, Use};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use tempfile::TempDir;

/// A folder of several machines, that PostgreSQL, which never runs as root, may pass through.
pub fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("finage-secours-").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    folder
}

/// A data directory; it may not be there yet.
pub struct Machine {
    pub data: PathBuf,
    pub url: Option<String>,
}

impl Machine {
    pub fn new(folder: &TempDir, name: &str) -> Self {
        Self { data: folder.path().join(name), url: None }
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_finage"));
        for (name, _) in std::env::vars() {
            if name.starts_with("FINAGE_") || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        command.env("FINAGE_DATA_DIR", &self.data);
        if let Some(url) = &self.url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().unwrap()
    }

    /// Runs a command that succeeds; gives what it prints as JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command().arg("--json").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Runs a command that is refused; gives its one sentence.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let sentence = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {sentence}");
        // Slow, it also tells how far it is.
        let said: Vec<&str> = sentence.lines().filter(|line| !line.ends_with(" %")).collect();
        assert_eq!(said.len(), 1, "{sentence}");
        said[0].to_owned()
    }

    pub fn config(&self) -> Config {
        Config { data_dir: self.data.clone(), database_url: self.url.clone(), ..Config::default() }
    }

    pub fn database(&self) -> Database {
        Database::open(&self.config(), Use::Command).unwrap()
    }

    /// Reads or writes as the owner of the tables.
    pub fn owner<T>(&self, ask: impl AsyncFnOnce(&mut PgConnection) -> T) -> T {
        let database = self.database();
        runtime().block_on(async {
            let mut owner = database.owner().await.unwrap();
            let answer = ask(&mut owner).await;
            database.release(owner).await;
            answer
        })
    }

    pub fn count(&self, sql: &'static str) -> i64 {
        self.owner(async |owner| sqlx::query_scalar(sql).fetch_one(owner).await.unwrap())
    }

    /// Starts a server, and waits until it says that it is ready.
    pub fn serve(&self) -> Server {
        let child = self.command().args(["serve", "--bind", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut server = Server(child);
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("Finage est prêt"), "{line}");
        server
    }

    /// Collectivités, an account, annotations, persons.
    pub fn populate(&self) {
        assert_eq!(self.run(&["migrate"]).status.code(), Some(0));
        self.owner(async |owner| {
            for sql in [include_str!("../server/monde.sql"), include_str!("../server/agent.sql")] {
                sqlx::raw_sql(sql).execute(&mut *owner).await.unwrap();
            }
        });
    }
}

/// A server that ends with the test, whatever its outcome.
pub struct Server(pub Child);

impl Drop for Server {
    fn drop(&mut self) {
        interrupt(&self.0);
        let _ = self.0.wait();
    }
}

/// Ctrl-C.
pub fn interrupt(child: &Child) {
    let pid = rustix::process::Pid::from_child(child);
    let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// SHA-256 in hexadecimal.
pub fn digest(content: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(content).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Asks until there is an answer; gives up after two minutes.
pub fn wait<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    (0..2400)
        .find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            ask()
        })
        .unwrap()
}
