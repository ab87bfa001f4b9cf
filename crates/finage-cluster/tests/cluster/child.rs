//! Another process that opens the cluster: this test binary again, running the ignored test below.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use finage_cluster::{Cluster, Mode};

const DIRECTORY: &str = "FINAGE_CLUSTER_TEST_DIRECTORY";
const MODE: &str = "FINAGE_CLUSTER_TEST_MODE";

/// A process holding the cluster until told to let go.
pub struct Holder {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<std::process::ChildStdout>,
}

/// What it said first.
#[derive(Debug)]
pub enum Opened {
    Yes { owner: bool, postmaster: Option<i32> },
    No(String),
}

impl Holder {
    pub fn spawn(data_dir: &Path, mode: Mode) -> Self {
        Self::spawn_by(Command::new(std::env::current_exe().unwrap()), data_dir, mode)
    }

    /// `command` ends with the path of this test binary.
    pub fn spawn_by(mut command: Command, data_dir: &Path, mode: Mode) -> Self {
        let mut child = command
            .args(["child::holds_the_cluster", "--exact", "--ignored", "--nocapture"])
            .env(DIRECTORY, data_dir)
            .env(MODE, if mode == Mode::Server { "server" } else { "attach" })
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdin, stdout }
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).unwrap()
    }

    /// Waits for its first word.
    pub fn opened(&mut self) -> Opened {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.stdout.read_line(&mut line).unwrap() > 0, "the child said nothing");
            if let Some((_, error)) = line.split_once("ERROR ") {
                return Opened::No(error.trim().to_owned());
            }
            if let Some((_, words)) = line.split_once("READY ") {
                let (owner, postmaster) = words.trim().split_once(' ').unwrap();
                return Opened::Yes { owner: owner == "true", postmaster: postmaster.parse().ok() };
            }
        }
    }

    /// The postmaster that it started.
    pub fn postmaster(&mut self) -> i32 {
        match self.opened() {
            Opened::Yes { postmaster: Some(pid), .. } => pid,
            other => panic!("{other:?}"),
        }
    }

    /// Tells it to close, without waiting.
    pub fn release(&mut self) {
        self.stdin = None;
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    pub fn finish(mut self) {
        self.release();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "the other process of other tests, which run it"]
fn holds_the_cluster() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let server = std::env::var(MODE).is_ok_and(|mode| mode == "server");
    let mode = if server { Mode::Server } else { Mode::Attach };
    let mut stdout = std::io::stdout();
    match Cluster::open(Path::new(&directory), mode) {
        Err(error) => writeln!(stdout, "ERROR {error}").unwrap(),
        Ok(cluster) => {
            let pid = cluster.postmaster_pid().map_or("none".to_owned(), |pid| pid.to_string());
            writeln!(stdout, "READY {} {pid}", cluster.is_owner()).unwrap();
            stdout.flush().unwrap();
            std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
            cluster.close().unwrap();
        }
    }
}
