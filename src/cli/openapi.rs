//! `finage openapi`.

use super::CliError;
use super::output::Output;

pub(super) fn run(output: &Output) -> Result<(), CliError> {
    let document = crate::http::document();
    let text = document.to_pretty_json().map_err(|error| CliError::Refused(error.to_string()))?;
    output.result(&document, text);
    Ok(())
}
