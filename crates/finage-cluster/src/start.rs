//! From a directory to a cluster that answers. Runs under `transition.lock` and `owner.lock`.

use std::thread;
use std::time::{Duration, Instant};

use crate::endpoint::Endpoint;
use crate::error::ClusterError;
use crate::home::Home;
use crate::initdb;
use crate::lock::POLL;
use crate::options::Options;
use crate::packages::Installed;
use crate::postmaster::{self, Postmaster, START_LOG};
use crate::settings;
use crate::wire::{Session, WireError};

/// What `postgres` says, before its log opens, when processes of a killed predecessor have not ended yet.
const PREDECESSOR: [&str; 2] = ["pre-existing shared memory block", "lock file \"postmaster.pid\""];
/// How long one connection attempt may take.
pub(crate) const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// A started cluster.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) postmaster: Postmaster,
    pub(crate) endpoint: Endpoint,
    pub(crate) installed: Installed,
}

/// Makes PGDATA where needed, ends an orphan, starts `postgres`, waits for it, makes the database.
pub(crate) fn start(home: &Home, options: &Options) -> Result<Started, ClusterError> {
    let installed = initdb::prepare(home, &options.packages)?;
    postmaster::end_orphan(home, options.stop_timeout)?;
    let endpoint = Endpoint::choose(home, options)?;
    settings::write(home, options.listen.as_ref())?;
    let postmaster = run(home, options, &endpoint, &installed)?;
    if let Err(error) = ensure_database(home, &endpoint) {
        postmaster.stop(home, options.stop_timeout)?;
        return Err(error);
    }
    Ok(Started { postmaster, endpoint, installed })
}

fn run(home: &Home, options: &Options, endpoint: &Endpoint, installed: &Installed) -> Result<Postmaster, ClusterError> {
    let begun = Instant::now();
    loop {
        let postmaster = Postmaster::spawn(home, endpoint, options.listen.as_ref(), installed)?;
        match wait_ready(&postmaster, options, endpoint) {
            Ok(()) => return Ok(postmaster),
            Err(Failure::Ended) if predecessor_remains(home) && begun.elapsed() < options.start_timeout => {
                thread::sleep(POLL);
            }
            Err(Failure::Ended) => {
                return Err(ClusterError::StartFailed { home: home.path.clone(), tail: log_tail(home) });
            }
            Err(Failure::Silent) => {
                let (tail, waited) = (log_tail(home), begun.elapsed());
                postmaster.stop(home, options.stop_timeout)?;
                return Err(ClusterError::StartTimeout { home: home.path.clone(), waited, tail });
            }
            Err(Failure::Refused(error)) => {
                postmaster.stop(home, options.stop_timeout)?;
                return Err(wire_error(home, error));
            }
        }
    }
}

enum Failure {
    Ended,
    Silent,
    Refused(WireError),
}

/// Tries real connections; a server that says "recovering" gets the longer time.
fn wait_ready(postmaster: &Postmaster, options: &Options, endpoint: &Endpoint) -> Result<(), Failure> {
    let begun = Instant::now();
    loop {
        let patience = match Session::connect(&endpoint.socket(), "postgres", PROBE_TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(WireError::NotNow) => options.recovery_timeout.max(options.start_timeout),
            Err(WireError::Io(_)) => options.start_timeout,
            Err(refusal) => return Err(Failure::Refused(refusal)),
        };
        if postmaster.wait(POLL) {
            return Err(Failure::Ended);
        }
        if begun.elapsed() >= patience {
            return Err(Failure::Silent);
        }
    }
}

fn predecessor_remains(home: &Home) -> bool {
    let text = home.read(START_LOG).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    PREDECESSOR.iter().any(|sign| text.contains(sign))
}

fn log_tail(home: &Home) -> String {
    let early = home.look(START_LOG).map_or_else(String::new, |mut log| initdb::tail(&mut log));
    match postmaster::newest_log(home) {
        Some(mut log) => format!("{early} / {}", initdb::tail(&mut log)),
        None => early,
    }
}

/// Makes the database `finage`; a start killed before this point is mended here by the next.
fn ensure_database(home: &Home, endpoint: &Endpoint) -> Result<(), ClusterError> {
    let timeout = Duration::from_mins(2);
    let ask = || -> Result<(), WireError> {
        let mut session = Session::connect(&endpoint.socket(), "postgres", timeout)?;
        let known = session.query("select 1 from pg_database where datname = 'finage'")?;
        if known.is_empty() {
            session.query("create database finage")?;
        }
        Ok(())
    };
    ask().map_err(|error| wire_error(home, error))
}

pub(crate) fn wire_error(home: &Home, error: WireError) -> ClusterError {
    let home_path = home.path.clone();
    match error {
        WireError::Io(error) => ClusterError::io("interroger la base de", &home_path)(error),
        WireError::NotNow => {
            let message = "elle démarre ou s'arrête".to_owned();
            ClusterError::Refused { home: home_path, code: "57P03".to_owned(), message }
        }
        WireError::Server { code, message } => ClusterError::Refused { home: home_path, code, message },
    }
}
