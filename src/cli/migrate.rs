//! `finage migrate`.

use super::output::Output;
use super::{CliError, block_on};
use crate::config::Config;
use crate::db::{Database, Use};

pub(super) fn run(config: &Config, output: &Output) -> Result<(), CliError> {
    let database = Database::open(config, Use::Command)?;
    block_on(async {
        crate::db::migrate(&database, config.srid).await?;
        output.result(&serde_json::json!({ "srid": config.srid }), "La base est à niveau.");
        Ok(())
    })
}
