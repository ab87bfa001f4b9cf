//! Fuzzes what reads foreign files: `cargo run --release -- edigeo --seconds 30`, from this folder.
//!
//! libFuzzer, guided by coverage, on the stable compiler: `.cargo/config.toml` gives the instrumentation flags of
//! cargo-fuzz, `libfuzzer-sys` brings the engine (a C++ compiler builds it), and nothing needs a nightly sanitizer:
//! the code under test has no `unsafe`. A panic, an overflow, a broken invariant, ten seconds on one input or a
//! gigabyte of memory is a crash; its input is kept under `artifacts/`.

mod edigeo;
mod engine;
mod expression;
mod lines;
mod runner;
mod table;
mod tuile;

use std::process::ExitCode;

/// What reads one input; it panics on a broken promise.
type Target = fn(&[u8]);

/// Targets by name.
const TARGETS: [(&str, Target); 4] =
    [("edigeo", edigeo::run), ("expression", expression::run), ("table", table::run), ("tuile", tuile::run)];

/// Set in the process that does the work, to the name of its target.
const WORKER: &str = "FINAGE_FUZZ_WORKER";

fn main() -> ExitCode {
    if let Ok(name) = std::env::var(WORKER) {
        return target(&name).map_or(ExitCode::FAILURE, engine::work);
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["edigeo", "--seed"] => edigeo::seed(),
        [name, "--replay"] if target(name).is_some() => runner::replay(name),
        [name, "--seconds", seconds] if target(name).is_some() => match seconds.parse() {
            Ok(seconds) => runner::fuzz(name, seconds),
            Err(_) => Err(format!("« {seconds} » n'est pas un nombre de secondes.")),
        },
        _ => Err(
            "Usage : finage-fuzz (edigeo | expression | table | tuile) (--seconds N | --replay), ou finage-fuzz edigeo --seed"
                .to_owned(),
        ),
    };
    match outcome {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(line) => {
            eprintln!("{line}");
            ExitCode::FAILURE
        }
    }
}

fn target(name: &str) -> Option<Target> {
    TARGETS.iter().find(|(own, _)| *own == name).map(|(_, target)| *target)
}
