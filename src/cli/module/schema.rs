//! `finage module schema`.

use std::path::PathBuf;

use finage_manifest::{module_schema, object_schema};
use serde_json::json;

use crate::cli::CliError;
use crate::cli::output::Output;

/// Écrit les schémas JSON des manifestes.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Schema {
    /// Dossier où écrire module.schema.json et object.schema.json ; sinon le dossier courant.
    #[arg(long, value_name = "DOSSIER", default_value = ".")]
    sortie: PathBuf,
}

pub(super) fn run(asked: &Schema, output: &Output) -> Result<(), CliError> {
    std::fs::create_dir_all(&asked.sortie)?;
    let mut written = Vec::new();
    for (name, schema) in [("module.schema.json", module_schema()), ("object.schema.json", object_schema())] {
        let file = asked.sortie.join(name);
        std::fs::write(&file, format!("{schema:#}\n"))?;
        written.push(file);
    }
    let text = written.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join("\n");
    output.result(&json!({ "fichiers": written }), text);
    Ok(())
}
