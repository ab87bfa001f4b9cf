//! `finage tiles rebuild`.

use serde_json::json;
use sqlx::PgConnection;

use crate::cli::CliError;
use crate::cli::output::Output;
use crate::services::tiles::{Kept, rebuild};

pub(super) async fn run(layers: &[Kept], owner: &mut PgConnection, output: &Output) -> Result<(), CliError> {
    rebuild(owner, layers).await?;
    let names: Vec<&str> = layers.iter().map(Kept::id).collect();
    let text = format!(
        "Reconstruction demandée : {}.\nLes serveurs qui tournent s'y mettent dans quelques secondes ; PostGIS répond entre-temps.",
        names.join(", ")
    );
    output.result(&json!({ "couches": names }), text);
    Ok(())
}
