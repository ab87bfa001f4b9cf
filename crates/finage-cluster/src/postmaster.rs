//! The `postgres` process: started by a thread that lives as long as it, stopped through a descriptor that cannot
//! designate another process, and found again when its parent died.

use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::endpoint::Endpoint;
use crate::error::ClusterError;
use crate::home::Home;
use crate::lock::POLL;
use crate::options::Listen;
use crate::packages::Installed;
use crate::settings;

const SETPRIV: &str = "/usr/bin/setpriv";
/// After SIGQUIT the postmaster itself kills what has not ended in 5 s.
const IMMEDIATE_TIMEOUT: Duration = Duration::from_secs(15);
pub(crate) const START_LOG: &str = "start.log";

/// A running (or just ended) child.
#[derive(Debug)]
pub(crate) struct Postmaster {
    pub(crate) pid: i32,
    pidfd: OwnedFd,
    exit: Arc<Exit>,
}

/// How it ended, once it has.
#[derive(Debug, Default)]
struct Exit {
    status: Mutex<Option<String>>,
    changed: Condvar,
}

/// A command under the cluster's user that gets `signal` when the calling thread ends.
pub(crate) fn bound_command(home: &Home, signal: &str, program: &Path) -> Result<Command, ClusterError> {
    let setpriv = Path::new(SETPRIV);
    if !setpriv.exists() {
        let (program, package) = (setpriv.to_owned(), "util-linux");
        return Err(ClusterError::ProgramMissing { program, package });
    }
    let mut command = home.account.command(setpriv);
    command.args(["--pdeathsig", signal, "--"]).arg(program);
    Ok(command)
}

impl Postmaster {
    /// Starts `postgres`; what it says before its own log opens goes to start.log.
    pub(crate) fn spawn(
        home: &Home,
        endpoint: &Endpoint,
        listen: Option<&Listen>,
        installed: &Installed,
    ) -> Result<Self, ClusterError> {
        let program = installed.bin.join("postgres");
        let log = home.renew(START_LOG)?;
        let log_copy = log.try_clone().map_err(ClusterError::io("ouvrir", &home.path.join(START_LOG)))?;
        let mut command = bound_command(home, "INT", &program)?;
        command
            .args(settings::arguments(home, endpoint, listen))
            .stdout(Stdio::from(log))
            .stderr(Stdio::from(log_copy));
        let exit = Arc::new(Exit::default());
        let (sender, receiver) = mpsc::sync_channel(1);
        let thread_exit = Arc::clone(&exit);
        let failed = || ClusterError::io("lancer", &program);
        thread::Builder::new()
            .name("finage-postgres".to_owned())
            .spawn(move || match start(&mut command) {
                Ok((mut child, pid, pidfd)) => {
                    let _ = sender.send(Ok((pid, pidfd)));
                    let status = child.wait().map(|status| status.to_string());
                    thread_exit.record(status.unwrap_or_else(|error| error.to_string()));
                }
                Err(error) => {
                    let _ = sender.send(Err(error));
                }
            })
            .map_err(failed())?;
        let started = receiver.recv().map_err(std::io::Error::other).map_err(failed())?;
        let (pid, pidfd) = started.map_err(failed())?;
        Ok(Self { pid, pidfd, exit })
    }

    /// How it ended, or none while it runs.
    pub(crate) fn exit_status(&self) -> Option<String> {
        self.exit.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for its end; false when `timeout` passed first.
    pub(crate) fn wait(&self, timeout: Duration) -> bool {
        let status = self.exit.status.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.exit.changed.wait_timeout_while(status, timeout, |status| status.is_none());
        let (status, _) = waited.unwrap_or_else(PoisonError::into_inner);
        status.is_some()
    }

    /// Fast shutdown (sessions end, everything is written), then an immediate one if that hangs.
    pub(crate) fn stop(&self, home: &Home, timeout: Duration) -> Result<(), ClusterError> {
        for (signal, patience) in [(Signal::INT, timeout), (Signal::QUIT, IMMEDIATE_TIMEOUT)] {
            // Fails only where the process has ended already.
            let _ = pidfd_send_signal(&self.pidfd, signal);
            if self.wait(patience) {
                return Ok(());
            }
        }
        Err(ClusterError::StopTimeout { home: home.path.clone(), pid: self.pid })
    }
}

impl Exit {
    fn record(&self, status: String) {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Some(status);
        self.changed.notify_all();
    }
}

fn start(command: &mut Command) -> std::io::Result<(Child, i32, OwnedFd)> {
    let mut child = command.spawn()?;
    let pid = Pid::from_child(&child);
    match pidfd_open(pid, PidfdFlags::empty()) {
        Ok(pidfd) => Ok((child, pid.as_raw_nonzero().get(), pidfd)),
        Err(error) => {
            let _ = child.kill();
            let _ = child.wait();
            Err(error.into())
        }
    }
}

/// The live postmaster of this PGDATA, whoever started it, from postmaster.pid.
pub(crate) fn find(home: &Home) -> Option<(i32, OwnedFd)> {
    let text = home.read("data/postmaster.pid")?;
    let pid: i32 = String::from_utf8_lossy(&text).lines().next()?.trim().parse().ok()?;
    let pidfd = pidfd_open(Pid::from_raw(pid)?, PidfdFlags::empty()).ok()?;
    // The number may have gone to a stranger since; the descriptor is opened first, so what
    // is true of the process now is true of the one it designates.
    let proc = Path::new("/proc").join(pid.to_string());
    let owner = fs::metadata(&proc).ok()?.uid();
    let line = fs::read(proc.join("cmdline")).ok()?;
    let data = home.data();
    let ours = line.split(|byte| *byte == 0).any(|word| word == data.as_os_str().as_bytes());
    (owner == home.account.uid && ours).then_some((pid, pidfd))
}

/// Ends a postmaster whose parent died: it is mostly stopping by itself already.
pub(crate) fn end_orphan(home: &Home, timeout: Duration) -> Result<(), ClusterError> {
    for (signal, patience) in [(Signal::INT, timeout), (Signal::QUIT, IMMEDIATE_TIMEOUT)] {
        let Some((_, pidfd)) = find(home) else {
            return Ok(());
        };
        let _ = pidfd_send_signal(&pidfd, signal);
        let deadline = Instant::now() + patience;
        while find(home).is_some() && Instant::now() < deadline {
            thread::sleep(POLL);
        }
    }
    match find(home) {
        Some((pid, _)) => Err(ClusterError::StopTimeout { home: home.path.clone(), pid }),
        None => Ok(()),
    }
}

/// The newest of the server's own logs.
pub(crate) fn newest_log(home: &Home) -> Option<File> {
    let entries = fs::read_dir(home.path.join("log")).ok()?.flatten();
    let newest = entries.max_by_key(|entry| entry.metadata().and_then(|m| m.modified()).ok())?;
    home.look(&format!("log/{}", newest.file_name().to_str()?))
}
