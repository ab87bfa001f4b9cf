//! The `finage` command.

use std::process::ExitCode;

/// Answers are made by the thousand, and building a layer takes memory that is to be given back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    finage::cli::main()
}
