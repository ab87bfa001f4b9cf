//! `finage-sample --out data-samples`: writes the sample town.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use finage_sample::{SEED, SampleError, Town, output};

/// Écrit la ville fictive de démonstration dans les formats réels du cadastre et de l'adresse.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Dossier à remplir.
    #[arg(long, default_value = "data-samples")]
    out: PathBuf,
    /// Graine du générateur ; celle par défaut redonne les fichiers livrés.
    #[arg(long, default_value_t = SEED)]
    seed: u64,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(summary) => {
            let _ = writeln!(std::io::stdout(), "{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<String, SampleError> {
    let town = Town::generate(arguments.seed)?;
    let files = output::files(&town)?;
    output::write(&arguments.out, &files)?;
    let parts = town.communes.iter().map(|c| {
        format!(
            "{} {} : {} parcelles, {} bâtiments, {} adresses, {} feuilles",
            c.insee,
            c.nom,
            c.parcelles.len(),
            c.batiments.len(),
            c.adresses.len(),
            c.feuilles.len()
        )
    });
    let bytes: usize = files.iter().map(|f| f.bytes.len()).sum();
    Ok(format!("{}\n{} fichiers, {} ko.", parts.collect::<Vec<_>>().join("\n"), files.len(), bytes / 1024))
}
