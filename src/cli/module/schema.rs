//! `finage module schema`.

use std::path::{Path, PathBuf};

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

/// Writes both schemas in a folder, which is made; gives their paths.
///
/// # Errors
/// The folder cannot be written.
pub(super) fn write(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let mut written = Vec::new();
    for (name, schema) in [("module.schema.json", module_schema()), ("object.schema.json", object_schema())] {
        let file = folder.join(name);
        std::fs::write(&file, format!("{schema:#}\n"))?;
        written.push(file);
    }
    Ok(written)
}

pub(super) fn run(asked: &Schema, output: &Output) -> Result<(), CliError> {
    let written = write(&asked.sortie)?;
    let text = written.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join("\n");
    output.result(&json!({ "fichiers": written }), text);
    Ok(())
}
