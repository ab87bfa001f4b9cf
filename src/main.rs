//! The `finage` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    finage::cli::main()
}
