//! `finage config`.

use super::CliError;
use super::output::Output;
use crate::config::Origin;

#[expect(clippy::unnecessary_wraps, reason = "every command has one shape")]
pub(super) fn run(origins: &[Origin], output: &Output) -> Result<(), CliError> {
    let width = origins.iter().map(|origin| origin.cle.len()).max().unwrap_or_default();
    let lines: Vec<String> = origins
        .iter()
        .map(|origin| format!("{:width$}  {}  ({})", origin.cle, origin.valeur, origin.origine))
        .collect();
    output.result(&origins, lines.join("\n"));
    Ok(())
}
