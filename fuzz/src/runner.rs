//! Starts the worker on the committed corpus and says in one line how it went.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::WORKER;

/// Slowest input admitted, seconds.
const TIMEOUT_S: u32 = 10;
/// Most memory admitted, mebibytes: half of it is the engine's own.
const MEMORY_MIB: u32 = 1024;
/// Longest input, bytes.
const MAX_LENGTH: u32 = 1 << 16;

/// Reads each input of the corpus once.
pub fn replay(name: &str) -> Result<String, String> {
    let corpus = folder("corpus").join(name);
    let inputs = count(&corpus)?;
    run(name, &["-runs=0".to_owned()], &[corpus])?;
    Ok(format!("{name} : {inputs} cas du corpus rejoués, aucun défaut."))
}

/// Replays the corpus, then mutates it for that many seconds. New inputs go to a scratch folder, not to the corpus.
pub fn fuzz(name: &str, seconds: u32) -> Result<String, String> {
    let replayed = replay(name)?;
    let scratch = std::env::temp_dir().join(format!("finage-fuzz-{name}-{}", std::process::id()));
    create(&scratch)?;
    let time = format!("-max_total_time={}", seconds.max(1));
    let log = run(name, &[time], &[scratch.clone(), folder("corpus").join(name)]);
    let found = count(&scratch).unwrap_or(0);
    // Scratch only: a folder that stays behind costs nothing but room.
    let _ = std::fs::remove_dir_all(&scratch);
    let done = log?.lines().rev().find(|line| line.starts_with("Done ")).map(str::to_owned);
    let Some(done) = done else {
        return Err(format!("{name} : le moteur n'a pas rendu compte."));
    };
    Ok(format!("{replayed}\n{name} : {done}, {found} chemins nouveaux, aucun défaut."))
}

/// Runs the worker; its log, or the end of it when it crashed.
fn run(name: &str, arguments: &[String], corpora: &[PathBuf]) -> Result<String, String> {
    let artifacts = folder("artifacts").join(name);
    create(&artifacts)?;
    let program = std::env::current_exe().map_err(|error| format!("{name} : {error}"))?;
    let mut command = Command::new(program);
    command.env(WORKER, name).args(arguments).args([
        format!("-timeout={TIMEOUT_S}"),
        format!("-rss_limit_mb={MEMORY_MIB}"),
        format!("-max_len={MAX_LENGTH}"),
        // Few changes at a time: a lot with many wounds is refused at the first and shows nothing behind it.
        "-mutate_depth=2".to_owned(),
        "-len_control=0".to_owned(),
        format!("-artifact_prefix={}/", artifacts.display()),
    ]);
    let dictionary = folder("dict").join(format!("{name}.dict"));
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    let output = command.args(corpora).output().map_err(|error| format!("{name} : {error}"))?;
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        return Ok(log);
    }
    let lines: Vec<&str> = log.lines().collect();
    let tail = lines.get(lines.len().saturating_sub(60)..).unwrap_or_default().join("\n");
    Err(format!("{tail}\n{name} : défaut trouvé, entrée gardée dans {}.", artifacts.display()))
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn create(path: &Path) -> Result<(), String> {
    std::fs::create_dir_all(path).map_err(|error| format!("« {} » : {error}.", path.display()))
}

fn count(path: &Path) -> Result<usize, String> {
    let entries = std::fs::read_dir(path).map_err(|error| format!("« {} » : {error}.", path.display()))?;
    Ok(entries.count())
}
